// What a hard rule found, as a sentence: a table of one template a cause.
//
//   FindingText(finding, catalogue, Language::kChinese) == "已满 61 岁，超过岗位上限 60 岁";
//
// A template names the finding's numbers in braces; the table says what each number is (years, a
// day, metres, a skill, ...). A number that is absent reads as nothing. Sentences speak of what is
// asked and what was found, and hold nothing that identifies a person.
#ifndef LEYE_SERVICES_APP_EXPLANATION_FINDINGS_H_
#define LEYE_SERVICES_APP_EXPLANATION_FINDINGS_H_

#include <cstdint>
#include <string>

#include "matcher/finding.h"
#include "services/app/catalogue.h"
#include "services/app/explanation_words.h"

namespace leye::app {

// How a finding's number is written.
enum class NumberForm : uint8_t {
  kNone,
  kCount,       // as it is: years, months, minutes, openings
  kDay,         // 2026-06-01
  kKilometres,  // from metres: 3.2
  kLevelAsked,  // "（要求 3 级）"; empty when no level is asked
  kLevel,       // "3 级"
  kGrade,       // of labour intensity: "III"
  kSkill,
  kEducation,
  kLabourClass,
  kDisability,
  kDisabilitySet,
  kGroup,
  kGroupSet,
  kExclusionSet,
  kPublicWelfareKind,
  kShiftSet,
  kWorkForm,
  kWorkFormSet,
  kHazardSet,
};

// The template of a cause: "{asked}", "{had}" and "{subject}" stand for its numbers.
struct FindingTemplate {
  matcher::Cause cause;
  NumberForm asked;
  NumberForm had;
  NumberForm subject;
  Words words;
};

const FindingTemplate& TemplateOf(matcher::Cause cause);

std::string FindingText(const matcher::Finding& finding, const Catalogue& catalogue,
                        Language language);

// The pieces that other sentences need too.
void AppendSkill(std::string& text, matcher::SkillId skill, const Catalogue& catalogue,
                 Language language);
// "3.2", one decimal below 100 km, none above.
void AppendKilometres(std::string& text, double kilometres);
// "3 级", "level 3".
void AppendLevel(std::string& text, int level, Language language);

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_EXPLANATION_FINDINGS_H_
