#include "services/access/guard.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/e2e/rpcs.h"
#include "tests/testing/status_matchers.h"

namespace leye::access {
namespace {

using ::leye::testing::FailsWith;
using ::leye::testing::IsOk;
using ::leye::testing::IsOkAndHolds;
using ::testing::HasSubstr;

constexpr char kGet[] = "/leye.v1.PostingService/GetPosting";

std::vector<std::string> AllMethods() { return *MethodsOf(e2e::AllServices()); }

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
  EXPECT_THAT(guard->Check(LocalOperator(), kGet, "regions/13/postings/x"),
              IsOkAndHolds(Scope::kEverywhere));
}

TEST(Guard, LetsNoBureauBeyondItsRegionWhateverTheNameSays) {
  const auto guard = Guard::Create(DefaultPolicy(), AllMethods());
  const Principal county = Bureau("130723");
  EXPECT_THAT(guard->Check(county, kGet, "regions/13/postings/x"), IsOkAndHolds(Scope::kOwn));
  EXPECT_THAT(guard->Check(county, kGet, "postings/x"), IsOkAndHolds(Scope::kOwn));
  EXPECT_THAT(guard->Check(county, kGet, "regions/44/postings/x"),
              FailsWith(absl::StatusCode::kPermissionDenied, "OUT_OF_SCOPE"));
  EXPECT_THAT(guard->Check(Enterprise("regions/13/employers/e"), kGet, "regions/44/postings/x"),
              IsOkAndHolds(Scope::kOwn))
      << "its referrals are where the people live";
}

TEST(Guard, NobodyMayCallAnythingAndTheAuditorOnlyReadTheAudit) {
  const auto guard = Guard::Create(DefaultPolicy(), AllMethods());
  const std::string audit = "/leye.v1.AuditService/ListAuditEntries";
  EXPECT_THAT(guard->Check(Auditor(), audit, ""), IsOkAndHolds(Scope::kEverywhere));
  for (const std::string& method : AllMethods()) {
    EXPECT_THAT(guard->Check(Principal(), method, ""),
                FailsWith(absl::StatusCode::kPermissionDenied, "METHOD_NOT_ALLOWED"));
    if (method == audit) continue;
    EXPECT_THAT(guard->Check(Auditor(), method, ""),
                FailsWith(absl::StatusCode::kPermissionDenied, "METHOD_NOT_ALLOWED"));
  }
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
