// The kinds of work that the sample offers, as data.

#ifndef LEYE_SERVICES_LEYECTL_SAMPLE_POSTING_KINDS_H_
#define LEYE_SERVICES_LEYECTL_SAMPLE_POSTING_KINDS_H_

#include <vector>

#include "leye/v1/posting.pb.h"

namespace leye::ctl::sample {

// Where the work of a kind is done.
enum class Setting {
  kWorkshop,  // A support workshop (帮扶车间) in the settlement area.
  kHome,      // At the worker's own home, for a support workshop.
  kNear,      // An industrial park or a county's seat near the areas.
  kFar,       // A city to which labour goes.
};

// A kind of market job.
struct JobKind {
  int weight;
  const char* title;
  const char* trade;  // Empty: none asked.
  const char* skill;  // Asked or welcome; empty: none.
  int min_level;      // -1: any.
  bool skill_required;
  const char* certificate;  // Empty: none.
  const char* industry;     // Of the employer: id and name.
  const char* industry_name;
  Setting setting;
  v1::LabourIntensity intensity;
  int least_yuan;
  int most_yuan;
  v1::PayUnit unit;
  const char* measure;  // For MEASURE; then the amounts are for a month's estimate.
  v1::Hazard hazard;
  const char* duty;
};

// A kind of public-welfare post.
struct WelfareKind {
  int weight;
  v1::PublicWelfareKind kind;
  const char* title;
  const char* skill;  // Welcome; empty: none.
  const char* trade;
  bool urban;
  v1::LabourIntensity intensity;
  int least_yuan;  // A month.
  int most_yuan;
  int household_cap;      // 0: none.
  const char* authority;  // After the county's name.
  const char* duty;
};

// A crew on a work-for-relief project.
struct ReliefKind {
  int weight;
  const char* project;  // After the place's name.
  const char* title;
  const char* skill;  // Welcome; empty: none.
  const char* trade;
  const char* certificate;  // Only for hazardous work.
  v1::LabourIntensity intensity;
  int least_yuan;  // A day.
  int most_yuan;
  v1::Hazard hazard;
  const char* duty;
};

const std::vector<JobKind>& JobKinds();
const std::vector<WelfareKind>& WelfareKinds();
const std::vector<ReliefKind>& ReliefKinds();

}  // namespace leye::ctl::sample

#endif  // LEYE_SERVICES_LEYECTL_SAMPLE_POSTING_KINDS_H_
