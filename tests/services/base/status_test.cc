#include "services/base/status.h"

#include <memory>

#include "gmock/gmock.h"
#include "google/rpc/error_details.pb.h"
#include "gtest/gtest.h"

#include "services/base/retry_delay.h"
#include "tests/testing/status_matchers.h"

namespace leye {
namespace {

using absl::StatusCode;
using testing::FailsWith;

std::string Payload(const absl::Status& status, absl::string_view url) {
  const auto payload = status.GetPayload(url);
  return payload ? std::string(*payload) : "(none)";
}

ErrorDetails EveryDetail() {
  return {"SOME_REASON",
          {{"key", "value"}, {"empty", ""}},
          {{"candidate.age_years", "200 is above 120"}, {"name", "empty"}},
          "年龄超出范围"};
}

TEST(ErrorDetails, AreReadBackAsWritten) {
  const absl::Status status = WithDetails(absl::InvalidArgumentError("bad"), EveryDetail());
  EXPECT_EQ(GetErrorDetails(status), EveryDetail());
  EXPECT_EQ(GetErrorDetails(absl::InternalError("plain")), ErrorDetails());
}

TEST(RetryDelay, IsGoogleRpcsAndStaysBesideTheDetails) {
  const absl::Status status =
      WithMessageZh(WithRetryDelay(Error(StatusCode::kResourceExhausted, "BUSY", "busy"),
                                   absl::Milliseconds(2500) + absl::Nanoseconds(1)),
                    "忙");
  google::rpc::RetryInfo retry;
  ASSERT_TRUE(retry.ParseFromString(Payload(status, kRetryInfoUrl)));
  EXPECT_EQ(retry.retry_delay().seconds(), 2);
  EXPECT_EQ(retry.retry_delay().nanos(), 501'000'000);
  EXPECT_EQ(GetErrorDetails(status).reason, "BUSY");
}

TEST(ErrorDetails, PayloadsAreTheGoogleRpcMessages) {
  const absl::Status status = WithDetails(absl::InvalidArgumentError("bad"), EveryDetail());
  // Debian's copy of error_details.proto is older than ErrorInfo. FieldViolation has the same first
  // two fields: reason and domain.
  google::rpc::BadRequest::FieldViolation info;
  ASSERT_TRUE(info.ParseFromString(Payload(status, kErrorInfoUrl)));
  EXPECT_EQ(info.field(), "SOME_REASON");
  EXPECT_EQ(info.description(), "leye");
  google::rpc::BadRequest bad_request;
  ASSERT_TRUE(bad_request.ParseFromString(Payload(status, kBadRequestUrl)));
  ASSERT_EQ(bad_request.field_violations_size(), 2);
  EXPECT_EQ(bad_request.field_violations(0).field(), "candidate.age_years");
  EXPECT_EQ(bad_request.field_violations(1).description(), "empty");
  google::rpc::LocalizedMessage localized;
  ASSERT_TRUE(localized.ParseFromString(Payload(status, kLocalizedMessageUrl)));
  EXPECT_EQ(localized.locale(), "zh-CN");
  EXPECT_EQ(localized.message(), "年龄超出范围");
}

TEST(ErrorDetails, OfAnyLengthAreReadFromWhatProtobufWrites) {
  google::rpc::BadRequest bad_request;
  for (const size_t size : {0u, 127u, 128u, 100'000u}) {
    bad_request.add_field_violations()->set_description(std::string(size, 'x'));
  }
  absl::Status status(StatusCode::kAborted, "from elsewhere");
  status.SetPayload(kBadRequestUrl, absl::Cord(bad_request.SerializeAsString()));
  const ErrorDetails details = GetErrorDetails(status);
  ASSERT_EQ(details.violations.size(), 4u);
  EXPECT_EQ(details.violations[3].description.size(), 100'000u);
}

TEST(ErrorDetails, UnreadablePayloadsAreTakenAsAbsentOrCutShort) {
  for (const char* bytes : {"\xff", "\x0a", "\x0a\x7f", "\x0b", "\x08\xff\xff", "\x0d\x01"}) {
    absl::Status status(StatusCode::kAborted, "damaged");
    status.SetPayload(kErrorInfoUrl, absl::Cord(bytes));
    EXPECT_EQ(GetErrorDetails(status).reason, "");
  }
}

TEST(Error, CarriesItsReason) {
  EXPECT_THAT(Error(StatusCode::kAborted, "ETAG_MISMATCH", "changed"),
              FailsWith(StatusCode::kAborted, "ETAG_MISMATCH"));
}

TEST(InvalidFields, NamesEveryViolationAndIsOkWithoutAny) {
  EXPECT_TRUE(InvalidFields({}).ok());
  const absl::Status status = InvalidFields({{"a", "missing"}, {"b", "too long"}});
  EXPECT_EQ(status.message(), "a: missing; b: too long");
  EXPECT_EQ(GetErrorDetails(status).violations.size(), 2u);
}

TEST(WithContext, KeepsCodeAndDetails) {
  const absl::Status status =
      WithContext(WithDetails(absl::NotFoundError("gone"), EveryDetail()), "posting p");
  EXPECT_EQ(status.message(), "posting p: gone");
  EXPECT_EQ(GetErrorDetails(status), EveryDetail());
  EXPECT_TRUE(WithContext(absl::OkStatus(), "anything").ok());
}

TEST(WithMessageZh, AddsToTheOtherDetails) {
  const absl::Status status = WithMessageZh(Error(StatusCode::kAborted, "R", "changed"), "已更改");
  EXPECT_EQ(GetErrorDetails(status).reason, "R");
  EXPECT_EQ(GetErrorDetails(status).message_zh, "已更改");
}

absl::StatusOr<std::unique_ptr<int>> Make(int value) {
  if (value < 0) return Error(StatusCode::kOutOfRange, "NEGATIVE", "negative");
  return std::make_unique<int>(value);
}

absl::StatusOr<int> Sum(int a, int b) {
  LEYE_ASSIGN_OR_RETURN(const std::unique_ptr<int> first, Make(a));
  LEYE_ASSIGN_OR_RETURN(const std::unique_ptr<int> second, Make(b));
  LEYE_RETURN_IF_ERROR(Make(*first + *second));
  return *first + *second;
}

TEST(Macros, PassErrorsOnAndMoveValues) {
  EXPECT_THAT(Sum(1, 2), testing::IsOkAndHolds(3));
  EXPECT_THAT(Sum(1, -2), FailsWith(StatusCode::kOutOfRange, "NEGATIVE"));
}

}  // namespace
}  // namespace leye
