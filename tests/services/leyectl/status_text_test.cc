#include "services/leyectl/status_text.h"

#include "google/rpc/status.pb.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/base/retry_delay.h"
#include "services/base/status.h"
#include "services/leyectl/session.h"

namespace leye::ctl {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// As services/rpc sends it: the payloads become details.
grpc::Status AsSent(const absl::Status& status) {
  google::rpc::Status details;
  status.ForEachPayload([&details](absl::string_view url, const absl::Cord& value) {
    google::protobuf::Any* any = details.add_details();
    any->set_type_url(std::string(url));
    any->set_value(std::string(value));
  });
  return {static_cast<grpc::StatusCode>(status.code()), std::string(status.message()),
          details.SerializeAsString()};
}

grpc::Status Refusal() {
  const absl::Status status =
      WithMessageZh(InvalidFields({{"posting.openings", "must be at least 1"}}), "有字段不合要求");
  return AsSent(WithDetails(absl::InvalidArgumentError("bad fields"), GetErrorDetails(status)));
}

std::string AdviceOn(const absl::Status& status) { return StatusText(AsSent(status), Settings()); }

TEST(StatusText, NamesReasonAndEveryField) {
  const std::string text = StatusText(Refusal(), Settings());
  EXPECT_THAT(text, HasSubstr("INVALID_ARGUMENT: bad fields"));
  EXPECT_THAT(text, HasSubstr("INVALID_FIELDS"));
  EXPECT_THAT(text, HasSubstr("posting.openings: must be at least 1"));
}

TEST(StatusText, SpeaksChineseWhereTheServerDoes) {
  const std::string text = StatusText(Refusal(), {.language = Language::kChinese});
  EXPECT_THAT(text, HasSubstr("有字段不合要求"));
  EXPECT_THAT(text, Not(HasSubstr("bad fields")));
}

TEST(StatusText, SurvivesDetailsThatAreNoStatus) {
  const grpc::Status status(grpc::StatusCode::INTERNAL, "broken", "\xff\xff\xff");
  EXPECT_EQ(StatusText(status, Settings()), "leyectl: INTERNAL: broken\n");
}

TEST(StatusText, AdvisesWhenNobodyListens) {
  const grpc::Status status(grpc::StatusCode::UNAVAILABLE, "connection refused");
  EXPECT_THAT(StatusText(status, Settings()), HasSubstr("--server"));
}

TEST(StatusText, AdvisesOtherwiseWhereLeyedItselfAnswered) {
  const std::string text =
      AdviceOn(Error(absl::StatusCode::kUnavailable, "STORE_IO_ERROR", "the store is away"));
  EXPECT_THAT(text, HasSubstr("leyectl status"));
  EXPECT_THAT(text, Not(HasSubstr("--server")));
  EXPECT_THAT(AdviceOn(Error(absl::StatusCode::kUnavailable, "OUTCOME_UNKNOWN", "no answer")),
              HasSubstr("--request-id"));
}

TEST(StatusText, SaysHowToSayWhoCalls) {
  EXPECT_THAT(AdviceOn(Error(absl::StatusCode::kUnauthenticated, "BAD_API_KEY", "no such key")),
              HasSubstr("--api-key-file"));
  EXPECT_THAT(AdviceOn(Error(absl::StatusCode::kUnauthenticated, "TOKEN_EXPIRED", "too old")),
              HasSubstr("new token"));
  EXPECT_THAT(AdviceOn(Error(absl::StatusCode::kPermissionDenied, "METHOD_NOT_ALLOWED", "no")),
              HasSubstr("this caller may not"));
}

TEST(StatusText, SaysWhenToTryAgainWhereTheServerDoes) {
  const absl::Status limited =
      Error(absl::StatusCode::kResourceExhausted, "RATE_LIMITED", "too many calls");
  EXPECT_THAT(AdviceOn(WithRetryDelay(limited, absl::Milliseconds(1'500))),
              HasSubstr("try again in 1.5s"));
  EXPECT_THAT(AdviceOn(limited), Not(HasSubstr("try again")));
}

TEST(StatusText, SaysHowToGoOnAfterAGap) {
  EXPECT_THAT(AdviceOn(Error(absl::StatusCode::kOutOfRange, "LOG_TRIMMED", "no longer kept")),
              HasSubstr("list again"));
}

TEST(StatusJson, IsOneObject) {
  EXPECT_EQ(StatusJson(Refusal()),
            R"({"code":3,"status":"INVALID_ARGUMENT","message":"bad fields",)"
            R"("messageZh":"有字段不合要求","reason":"INVALID_FIELDS",)"
            R"("fieldViolations":[{"field":"posting.openings",)"
            R"("description":"must be at least 1"}]})");
}

}  // namespace
}  // namespace leye::ctl
