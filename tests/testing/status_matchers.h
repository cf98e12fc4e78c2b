// Matchers for absl::Status and absl::StatusOr.
//
//   EXPECT_THAT(store.Commit(request), IsOk());
//   EXPECT_THAT(store.Get(region, key), StatusIs(absl::StatusCode::kNotFound));
//   EXPECT_THAT(store.Commit(stale), FailsWith(absl::StatusCode::kAborted, "ETAG_MISMATCH"));
//   EXPECT_THAT(store.Head(region), IsOkAndHolds(Field(&Revision::sequence, 3)));
//   LEYE_ASSERT_OK_AND_ASSIGN(Record record, store.Get(region, key));

#ifndef LEYE_TESTS_TESTING_STATUS_MATCHERS_H_
#define LEYE_TESTS_TESTING_STATUS_MATCHERS_H_

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "services/base/status.h"

namespace leye::testing {

MATCHER(IsOk, negation ? "is not OK" : "is OK") {
  const absl::Status& status = status_internal::AsStatus(arg);
  *result_listener << status;
  return status.ok();
}

MATCHER_P(StatusIs, code, std::string("has code ") + absl::StatusCodeToString(code)) {
  const absl::Status& status = status_internal::AsStatus(arg);
  *result_listener << status;
  return status.code() == code;
}

// The code, and the reason that programs act on.
MATCHER_P2(FailsWith, code, reason,
           std::string("has code ") + absl::StatusCodeToString(code) + " and reason " + reason) {
  const absl::Status& status = status_internal::AsStatus(arg);
  *result_listener << status << " with reason '" << ErrorReason(status) << "'";
  return status.code() == code && ErrorReason(status) == reason;
}

// For a StatusOr: OK, and the value matches.
MATCHER_P(IsOkAndHolds, matcher, "is OK and holds a value that matches") {
  if (!arg.ok()) {
    *result_listener << arg.status();
    return false;
  }
  return ::testing::ExplainMatchResult(matcher, *arg, result_listener);
}

}  // namespace leye::testing

#define LEYE_ASSERT_OK_AND_ASSIGN(target, ...)                                            \
  LEYE_ASSERT_OK_AND_ASSIGN_IMPL(LEYE_STATUS_CONCAT(leye_test_result_, __LINE__), target, \
                                 (__VA_ARGS__))
// NOLINTBEGIN(bugprone-macro-parentheses): a declaration cannot stand in parentheses.
#define LEYE_ASSERT_OK_AND_ASSIGN_IMPL(result, target, expression) \
  auto result = expression;                                        \
  ASSERT_TRUE(result.ok()) << result.status();                     \
  target = *std::move(result)
// NOLINTEND(bugprone-macro-parentheses)

#endif  // LEYE_TESTS_TESTING_STATUS_MATCHERS_H_
