#include "services/leyectl/status_text.h"

#include "google/rpc/status.pb.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/leyectl/session.h"

namespace leye::ctl {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// As services/rpc sends it: the payloads become details.
grpc::Status Refusal() {
  const absl::Status status =
      WithMessageZh(InvalidFields({{"posting.openings", "must be at least 1"}}), "有字段不合要求");
  google::rpc::Status details;
  status.ForEachPayload([&details](absl::string_view url, const absl::Cord& value) {
    google::protobuf::Any* any = details.add_details();
    any->set_type_url(std::string(url));
    any->set_value(std::string(value));
  });
  return {grpc::StatusCode::INVALID_ARGUMENT, "bad fields", details.SerializeAsString()};
}

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

TEST(StatusJson, IsOneObject) {
  EXPECT_EQ(StatusJson(Refusal()),
            R"({"code":3,"status":"INVALID_ARGUMENT","message":"bad fields",)"
            R"("messageZh":"有字段不合要求","reason":"INVALID_FIELDS",)"
            R"("fieldViolations":[{"field":"posting.openings",)"
            R"("description":"must be at least 1"}]})");
}

}  // namespace
}  // namespace leye::ctl
