#include "services/access/rate_limits.h"

#include "absl/strings/str_cat.h"
#include "google/rpc/error_details.pb.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/testing/fake_clock.h"
#include "tests/testing/status_matchers.h"

namespace leye::access {
namespace {

using ::leye::testing::FailsWith;
using ::leye::testing::IsOk;

const auto kLimited = FailsWith(absl::StatusCode::kResourceExhausted, "RATE_LIMITED");

TEST(RateLimits, LetABurstPassAndThenAsManyASecond) {
  testing::FakeClock clock;
  RateLimits limits({.calls_per_second = 2, .burst = 5}, clock);
  const Principal firm = Enterprise("regions/13/employers/yian");
  for (int i = 0; i < 5; ++i) EXPECT_THAT(limits.Take(firm, "Get"), IsOk());
  EXPECT_THAT(limits.Take(firm, "Get"), kLimited);
  clock.Advance(absl::Seconds(1));
  EXPECT_THAT(limits.Take(firm, "Get"), IsOk());
  EXPECT_THAT(limits.Take(firm, "Get"), IsOk());
  EXPECT_THAT(limits.Take(firm, "Get"), kLimited);
  clock.Advance(absl::Hours(1));
  for (int i = 0; i < 5; ++i) EXPECT_THAT(limits.Take(firm, "Get"), IsOk());
  EXPECT_THAT(limits.Take(firm, "Get"), kLimited);
}

TEST(RateLimits, SayWhenToComeAgain) {
  testing::FakeClock clock;
  RateLimits limits({.calls_per_second = 4, .burst = 1}, clock);
  const Principal firm = Enterprise("regions/13/employers/yian");
  ASSERT_THAT(limits.Take(firm, "Get"), IsOk());
  const absl::Status refused = limits.Take(firm, "Get");
  google::rpc::RetryInfo retry;
  ASSERT_TRUE(retry.ParseFromString(
      std::string(*refused.GetPayload("type.googleapis.com/google.rpc.RetryInfo"))));
  EXPECT_EQ(retry.retry_delay().seconds(), 0);
  EXPECT_EQ(retry.retry_delay().nanos(), 250'000'000);
  clock.Advance(absl::Milliseconds(250));
  EXPECT_THAT(limits.Take(firm, "Get"), IsOk());
}

TEST(RateLimits, OfOneCallerAndMethodTouchNoOther) {
  testing::FakeClock clock;
  RateLimits limits({.calls_per_second = 1, .burst = 1}, clock);
  const Principal firm = Enterprise("regions/13/employers/yian");
  ASSERT_THAT(limits.Take(firm, "Get"), IsOk());
  EXPECT_THAT(limits.Take(firm, "Get"), kLimited);
  EXPECT_THAT(limits.Take(firm, "List"), IsOk());
  EXPECT_THAT(limits.Take(Bureau("13"), "Get"), IsOk());
  for (int i = 0; i < 100; ++i) EXPECT_THAT(limits.Take(LocalOperator(), "Get"), IsOk());
  RateLimits none({}, clock);
  for (int i = 0; i < 100; ++i) EXPECT_THAT(none.Take(firm, "Get"), IsOk());
}

TEST(RateLimits, ForgetWhoIsQuiet) {
  testing::FakeClock clock;
  RateLimits limits({.calls_per_second = 1, .burst = 1}, clock);
  for (int i = 0; i < 50'000; ++i) {
    limits.Take(App(absl::StrCat("regions/13/candidates/p", i)), "Get").IgnoreError();
    if (i % 1'000 == 0) clock.Advance(absl::Seconds(1));
  }
  EXPECT_LE(limits.size(), 20'000u);
}

TEST(RateLimits, AClockThatStepsBackGivesNothingAway) {
  testing::FakeClock clock;
  RateLimits limits({.calls_per_second = 1, .burst = 1}, clock);
  ASSERT_THAT(limits.Take(Bureau("13"), "Get"), IsOk());
  clock.Advance(-absl::Hours(1));
  EXPECT_THAT(limits.Take(Bureau("13"), "Get"), kLimited);
}

}  // namespace
}  // namespace leye::access
