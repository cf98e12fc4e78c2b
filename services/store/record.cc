#include "services/store/record.h"

#include "absl/strings/str_cat.h"

namespace leye::store {

std::string KindName(Kind kind) {
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
  }
  return absl::StrCat("kind ", static_cast<int>(kind));
}

}  // namespace leye::store
