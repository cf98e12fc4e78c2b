#include "services/store/record.h"

#include <limits>

#include "absl/strings/str_cat.h"

namespace leye::store {
namespace {

// Empty for a number that is no kind.
absl::string_view NameOf(Kind kind) {
  switch (kind) {
    case Kind::kSettlementArea:
      return "settlement_area";
    case Kind::kHousehold:
      return "household";
    case Kind::kCandidate:
      return "candidate";
    case Kind::kEmployer:
      return "employer";
    case Kind::kPosting:
      return "posting";
    case Kind::kAlias:
      return "alias";
    case Kind::kReferral:
      return "referral";
    case Kind::kPlan:
      return "plan";
    case Kind::kRuleset:
      return "ruleset";
    case Kind::kTravelTimes:
      return "travel_times";
    case Kind::kClaim:
      return "claim";
    case Kind::kPlacement:
      return "placement";
    case Kind::kHolds:
      return "holds";
    case Kind::kDue:
      return "due";
    case Kind::kRulesetSchedule:
      return "ruleset_schedule";
    case Kind::kPlanRun:
      return "plan_run";
    case Kind::kPlanPart:
      return "plan_part";
    case Kind::kPostingTwins:
      return "posting_twins";
    case Kind::kShowings:
      return "showings";
  }
  return "";
}

}  // namespace

std::string KindName(Kind kind) {
  const absl::string_view name = NameOf(kind);
  return name.empty() ? absl::StrCat("kind ", static_cast<int>(kind)) : std::string(name);
}

bool IsKind(uint32_t number) {
  return number <= std::numeric_limits<uint8_t>::max() &&
         !NameOf(static_cast<Kind>(number)).empty();
}

}  // namespace leye::store
