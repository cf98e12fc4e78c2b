// The names of the hard rules. Names are stable: they stand in rulesets, answers and reports.
#ifndef LEYE_MATCHER_RULE_ID_H_
#define LEYE_MATCHER_RULE_ID_H_

#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"

#include "matcher/enum_set.h"

namespace leye::matcher {

// In the order in which failures are reported. What each asks is in rules.h and README.md.
enum class RuleId : uint8_t {
  kOpen,               // OPEN
  kSeeking,            // SEEKING
  kAgeMin,             // AGE-MIN
  kAgeMinor,           // AGE-MINOR
  kAgeRange,           // AGE-RANGE
  kAgeRetire,          // AGE-RETIRE
  kHazardCertificate,  // HAZ-CERT
  kSkillRequired,      // SKILL-REQ
  kEducationMin,       // EDU-MIN
  kLicence,            // LICENCE
  kReach,              // REACH
  kTime,               // TIME
  kHealth,             // HEALTH
  kGroups,             // GROUPS
  kHouseholdCap,       // HH-CAP
  kPublicWelfareWho,   // PUB-WHO
  kPublicWelfareTerm,  // PUB-TERM
  kPublicWelfareOne,   // PUB-ONE
  kExperience,         // EXPERIENCE
  kResidence,          // RESIDENCE
  kRegistration,       // REGISTRATION
  kProtection,         // PROTECTION
  kBanned,             // BANNED
  kOptOut,             // OPT-OUT
  kCount,
};
using RuleSet = EnumSet<RuleId>;

// "AGE-MIN". Lives forever.
absl::string_view RuleName(RuleId rule);

// Not found: nullopt. Names are upper-case.
std::optional<RuleId> RuleFromName(absl::string_view name);

}  // namespace leye::matcher

#endif  // LEYE_MATCHER_RULE_ID_H_
