#include "services/leyectl/exit_code.h"

#include <gtest/gtest.h>

namespace leye::ctl {
namespace {

TEST(ExitCode, SaysWhatKindOfErrorItWas) {
  using grpc::StatusCode;
  EXPECT_EQ(ExitCodeOf(StatusCode::OK), ExitCode::kOk);
  EXPECT_EQ(ExitCodeOf(StatusCode::NOT_FOUND), ExitCode::kNotFound);
  EXPECT_EQ(ExitCodeOf(StatusCode::INVALID_ARGUMENT), ExitCode::kInvalid);
  EXPECT_EQ(ExitCodeOf(StatusCode::UNAVAILABLE), ExitCode::kUnavailable);
  EXPECT_EQ(ExitCodeOf(StatusCode::DEADLINE_EXCEEDED), ExitCode::kUnavailable);
  EXPECT_EQ(ExitCodeOf(StatusCode::ABORTED), ExitCode::kConflict);
  EXPECT_EQ(ExitCodeOf(StatusCode::ALREADY_EXISTS), ExitCode::kConflict);
  EXPECT_EQ(ExitCodeOf(StatusCode::FAILED_PRECONDITION), ExitCode::kConflict);
  EXPECT_EQ(ExitCodeOf(StatusCode::PERMISSION_DENIED), ExitCode::kDenied);
  EXPECT_EQ(ExitCodeOf(StatusCode::INTERNAL), ExitCode::kInternal);
}

// Scripts test the numbers.
TEST(ExitCode, KeepsItsNumbers) {
  EXPECT_EQ(static_cast<int>(ExitCode::kUsage), 2);
  EXPECT_EQ(static_cast<int>(ExitCode::kNotFound), 3);
  EXPECT_EQ(static_cast<int>(ExitCode::kInvalid), 4);
  EXPECT_EQ(static_cast<int>(ExitCode::kUnavailable), 5);
  EXPECT_EQ(static_cast<int>(ExitCode::kConflict), 6);
  EXPECT_EQ(static_cast<int>(ExitCode::kSomeRejected), 7);
}

}  // namespace
}  // namespace leye::ctl
