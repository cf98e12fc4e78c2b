#include "matcher/rule_id.h"

#include <array>
#include <cstddef>

namespace leye::matcher {
namespace {

// By RuleId.
constexpr std::array<absl::string_view, kEnumCount<RuleId>> kNames = {
    "OPEN",       "SEEKING",   "AGE-MIN",      "AGE-MINOR",  "AGE-RANGE", "AGE-RETIRE",
    "HAZ-CERT",   "SKILL-REQ", "EDU-MIN",      "LICENCE",    "REACH",     "TIME",
    "HEALTH",     "GROUPS",    "HH-CAP",       "PUB-WHO",    "PUB-TERM",  "PUB-ONE",
    "EXPERIENCE", "RESIDENCE", "REGISTRATION", "PROTECTION", "BANNED",    "OPT-OUT"};

}  // namespace

absl::string_view RuleName(RuleId rule) { return kNames[static_cast<size_t>(rule)]; }

std::optional<RuleId> RuleFromName(absl::string_view name) {
  for (size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == name) return static_cast<RuleId>(i);
  }
  return std::nullopt;
}

}  // namespace leye::matcher
