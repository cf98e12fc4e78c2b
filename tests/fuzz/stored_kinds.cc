#include "tests/fuzz/stored_kinds.h"

#include "leye/storage/v1/claim.pb.h"
#include "leye/storage/v1/plan.pb.h"
#include "leye/storage/v1/showings.pb.h"
#include "leye/v1/candidate.pb.h"
#include "leye/v1/employer.pb.h"
#include "leye/v1/household.pb.h"
#include "leye/v1/plan.pb.h"
#include "leye/v1/posting.pb.h"
#include "leye/v1/referral.pb.h"
#include "leye/v1/ruleset.pb.h"
#include "leye/v1/settlement_area.pb.h"
#include "leye/v1/travel.pb.h"

namespace leye::fuzz {

using store::Kind;

const google::protobuf::Message* StoredMessage(Kind kind) {
  switch (kind) {
    case Kind::kSettlementArea:
      return &v1::SettlementArea::default_instance();
    case Kind::kHousehold:
      return &v1::Household::default_instance();
    case Kind::kCandidate:
      return &v1::Candidate::default_instance();
    case Kind::kEmployer:
      return &v1::Employer::default_instance();
    case Kind::kPosting:
      return &v1::Posting::default_instance();
    case Kind::kReferral:
      return &v1::Referral::default_instance();
    case Kind::kPlan:
      return &v1::Plan::default_instance();
    case Kind::kRuleset:
      return &v1::Ruleset::default_instance();
    case Kind::kRulesetSchedule:
      return &v1::RulesetSchedule::default_instance();
    case Kind::kTravelTimes:
      return &v1::TravelPlace::default_instance();
    case Kind::kClaim:
    case Kind::kPlacement:
      return &storage::v1::Claim::default_instance();
    case Kind::kHolds:
      return &storage::v1::Holds::default_instance();
    case Kind::kPlanRun:
      return &storage::v1::PlanRun::default_instance();
    case Kind::kPlanPart:
      return &storage::v1::PlanPart::default_instance();
    case Kind::kShowings:
      return &storage::v1::Showings::default_instance();
    default:
      return nullptr;
  }
}

bool IsResource(Kind kind) {
  const google::protobuf::Message* message = StoredMessage(kind);
  return message != nullptr && message->GetDescriptor()->FindFieldByName("etag") != nullptr &&
         message->GetDescriptor()->FindFieldByName("create_time") != nullptr;
}

}  // namespace leye::fuzz
