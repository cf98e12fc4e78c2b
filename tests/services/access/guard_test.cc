#include "services/access/guard.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "leye/v1/candidate.pb.h"
#include "leye/v1/employer.pb.h"
#include "leye/v1/household.pb.h"
#include "leye/v1/match.pb.h"
#include "leye/v1/posting.pb.h"
#include "leye/v1/settlement_area.pb.h"
#include "leye/v1/skill.pb.h"
#include "tests/testing/status_matchers.h"

namespace leye::access {
namespace {

using ::leye::testing::FailsWith;
using ::leye::testing::IsOk;
using ::testing::HasSubstr;

constexpr char kGet[] = "/leye.v1.PostingService/GetPosting";

std::vector<std::string> AllMethods() {
  return *MethodsOf({v1::SettlementArea::descriptor()->file()->service(0)->full_name(),
                     v1::Household::descriptor()->file()->service(0)->full_name(),
                     v1::Candidate::descriptor()->file()->service(0)->full_name(),
                     v1::Employer::descriptor()->file()->service(0)->full_name(),
                     v1::Posting::descriptor()->file()->service(0)->full_name(),
                     v1::Skill::descriptor()->file()->service(0)->full_name(),
                     v1::RankCandidatesRequest::descriptor()->file()->service(0)->full_name()});
}

TEST(Guard, TheShippedPolicySpeaksOfEveryMethod) {
  EXPECT_THAT(Guard::Create(DefaultPolicy(), AllMethods()), IsOk());
}

TEST(Guard, RefusesToStartWhenAMethodHasNoLine) {
  Policy policy = DefaultPolicy();
  std::erase_if(policy, [](const PolicyLine& line) { return line.method == kGet; });
  const auto guard = Guard::Create(policy, AllMethods());
  EXPECT_THAT(guard, FailsWith(absl::StatusCode::kFailedPrecondition, "POLICY_INCOMPLETE"));
  EXPECT_THAT(guard.status().message(), HasSubstr(kGet));
}

TEST(Guard, RefusesToStartWhenALineSpeaksOfNoMethodOrTwice) {
  Policy policy = DefaultPolicy();
  policy.push_back({"/leye.v1.PostingService/Nothing", Role::kOperator, Scope::kEverywhere});
  policy.push_back(policy.front());
  const auto guard = Guard::Create(policy, AllMethods());
  EXPECT_THAT(guard.status().message(), HasSubstr("Nothing"));
  EXPECT_THAT(guard.status().message(), HasSubstr("two lines"));
}

TEST(Guard, AllowsTheOperatorEverywhere) {
  const auto guard = Guard::Create(DefaultPolicy(), AllMethods());
  EXPECT_THAT(guard->Check(LocalOperator(), kGet, "regions/13/postings/x"), IsOk());
}

TEST(Guard, RefusesWhatTheTableRefusesAndWhatItDoesNotKnow) {
  const auto guard = Guard::Create({{kGet, Role::kOperator, Scope::kNowhere}}, {kGet});
  EXPECT_THAT(guard->Check(LocalOperator(), kGet, ""),
              FailsWith(absl::StatusCode::kPermissionDenied, "METHOD_NOT_ALLOWED"));
  EXPECT_THAT(guard->Check(LocalOperator(), "/leye.v1.PostingService/Other", ""),
              FailsWith(absl::StatusCode::kPermissionDenied, "METHOD_NOT_ALLOWED"));
}

TEST(Guard, MethodsOfAnUnknownServiceAreNotFound) {
  EXPECT_THAT(MethodsOf({"leye.v1.NoService"}),
              FailsWith(absl::StatusCode::kNotFound, "SERVICE_UNKNOWN"));
}

}  // namespace
}  // namespace leye::access
