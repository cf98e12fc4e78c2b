// What relocated labourers can do, how often, and with which papers.

#ifndef LEYE_SERVICES_LEYECTL_SAMPLE_PEOPLE_SKILLS_H_
#define LEYE_SERVICES_LEYECTL_SAMPLE_PEOPLE_SKILLS_H_

#include <vector>

#include "absl/time/civil_time.h"

#include "leye/v1/candidate.pb.h"
#include "services/leyectl/sample/dice.h"

namespace leye::ctl::sample {

struct CommonSkill {
  const char* id;
  const char* trade;  // Empty: none.
  int men;            // How often, among men and among women.
  int women;
  int max_level;            // 0: no levels.
  const char* certificate;  // That goes with it; empty: none.
};

const std::vector<CommonSkill>& CommonSkills();

// Gives `person` skills, certificates and wished trades. REQUIRES: sex, education and labour class
// are set.
void AddSkills(Dice& dice, absl::CivilDay date, v1::Candidate& person);

}  // namespace leye::ctl::sample

#endif  // LEYE_SERVICES_LEYECTL_SAMPLE_PEOPLE_SKILLS_H_
