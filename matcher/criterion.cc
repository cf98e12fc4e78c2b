#include "matcher/criterion.h"

namespace leye::matcher {
namespace {

// By Criterion.
constexpr std::array<absl::string_view, kCriterionCount> kNames = {
    "SKILLS", "PROXIMITY", "PRIORITY", "WAGE", "WISH", "WAITING", "CHANNEL"};

}  // namespace

absl::string_view CriterionName(Criterion criterion) {
  return kNames[static_cast<size_t>(criterion)];
}

std::optional<Criterion> CriterionFromName(absl::string_view name) {
  for (size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == name) return static_cast<Criterion>(i);
  }
  return std::nullopt;
}

}  // namespace leye::matcher
