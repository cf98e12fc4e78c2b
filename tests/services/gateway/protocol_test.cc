#include "services/gateway/protocol.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "leye/v1/match.pb.h"
#include "services/base/retry_delay.h"
#include "services/base/status.h"
#include "services/gateway/error_forms.h"
#include "services/rpc/status.h"
#include "tests/testing/status_matchers.h"

namespace leye::gateway {
namespace {

using ::leye::testing::FailsWith;
using ::leye::testing::IsOkAndHolds;
using ::leye::testing::StatusIs;
using ::testing::HasSubstr;

HttpRequest Post(const std::string& type, const std::string& body, HttpFields more = {}) {
  more.emplace_back("Content-Type", type);
  return {.method = "POST", .path = "/a", .headers = std::move(more), .body = body};
}

absl::StatusOr<std::string> MessageIn(const HttpRequest& request) {
  return MessageOf(DialectOf(request).value(), request);
}

constexpr char kFrame[] = "\0\0\0\0\3abc";
const std::string& FrameOfAbc() {
  static const std::string& frame = *new std::string(kFrame, 8);
  return frame;
}

TEST(DialectOf, KnowsContentTypesInAnyCaseAndWithUtf8) {
  for (const char* type : {"application/json", "Application/JSON; charset=UTF-8"}) {
    const std::optional<Dialect> dialect = DialectOf(Post(type, ""));
    ASSERT_TRUE(dialect.has_value()) << type;
    EXPECT_EQ(dialect->protocol, Protocol::kConnectUnary);
    EXPECT_EQ(dialect->codec, Codec::kJson);
  }
  for (const char* type : {"text/plain", "", "application/json; charset=gbk", "application/jsonx",
                           "application/grpc", "multipart/form-data"}) {
    EXPECT_FALSE(DialectOf(Post(type, "")).has_value()) << type;
  }
}

TEST(MessageOf, TakesOneFrame) {
  EXPECT_THAT(MessageIn(Post("application/connect+json", FrameOfAbc())), IsOkAndHolds("abc"));
  EXPECT_THAT(MessageIn(Post("application/grpc-web", FrameOfAbc())), IsOkAndHolds("abc"));
  EXPECT_THAT(MessageIn(Post("application/grpc-web-text", "AAAAAANhYmM=")), IsOkAndHolds("abc"));
}

TEST(MessageOf, RefusesBrokenFrames) {
  for (const std::string& body :
       {std::string(), std::string("\0\0\0", 3), FrameOfAbc() + "x", FrameOfAbc().substr(0, 7),
        FrameOfAbc() + FrameOfAbc(), std::string("\2\0\0\0\0", 5),
        std::string("\0\xff\xff\xff\xff", 5)}) {
    EXPECT_THAT(MessageIn(Post("application/connect+json", body)),
                FailsWith(absl::StatusCode::kInvalidArgument, "MALFORMED_REQUEST"))
        << ::testing::PrintToString(body);
  }
  EXPECT_THAT(MessageIn(Post("application/grpc-web-text", "%%%")),
              FailsWith(absl::StatusCode::kInvalidArgument, "MALFORMED_REQUEST"));
}

TEST(MessageOf, RefusesCompression) {
  EXPECT_THAT(MessageIn(Post("application/json", "x", {{"content-encoding", "gzip"}})),
              FailsWith(absl::StatusCode::kUnimplemented, "NO_COMPRESSION"));
  EXPECT_THAT(MessageIn(Post("application/connect+json", std::string("\1\0\0\0\1x", 6))),
              FailsWith(absl::StatusCode::kUnimplemented, "NO_COMPRESSION"));
  EXPECT_THAT(MessageIn(Post("application/json", "{}", {{"content-encoding", "identity"}})),
              IsOkAndHolds("{}"));
}

TEST(MessageOf, RefusesOtherVersionsOfConnect) {
  EXPECT_THAT(MessageIn(Post("application/json", "{}", {{"connect-protocol-version", "2"}})),
              FailsWith(absl::StatusCode::kInvalidArgument, "UNKNOWN_VERSION"));
}

TEST(MessageOf, ReadsQueries) {
  HttpRequest get{
      .method = "GET", .path = "/a", .query = {{"encoding", "json"}, {"message", "{}"}}};
  EXPECT_THAT(MessageIn(get), IsOkAndHolds("{}"));
  for (const char* text : {"e30", "e30="}) {
    get.query = {{"encoding", "json"}, {"message", text}, {"base64", "1"}, {"connect", "v1"}};
    EXPECT_THAT(MessageIn(get), IsOkAndHolds("{}")) << text;
  }
  get.query = {{"encoding", "json"}};
  EXPECT_THAT(MessageIn(get), StatusIs(absl::StatusCode::kInvalidArgument));
  get.query = {{"encoding", "xml"}, {"message", "{}"}};
  EXPECT_FALSE(DialectOf(get).has_value());
}

TEST(PatienceOf, ReadsBothHeaders) {
  const auto patience = [](const std::string& type, const std::string& name,
                           const std::string& value) {
    const HttpRequest request = Post(type, "", {{name, value}});
    return PatienceOf(DialectOf(request).value(), request);
  };
  EXPECT_THAT(patience("application/json", "connect-timeout-ms", "1500"),
              IsOkAndHolds(absl::Milliseconds(1500)));
  EXPECT_THAT(patience("application/json", "connect-timeout-ms", "0"),
              IsOkAndHolds(absl::ZeroDuration()));
  EXPECT_THAT(patience("application/json", "x", "1"), IsOkAndHolds(absl::InfiniteDuration()));
  EXPECT_THAT(patience("application/grpc-web", "grpc-timeout", "2S"),
              IsOkAndHolds(absl::Seconds(2)));
  EXPECT_THAT(patience("application/grpc-web", "grpc-timeout", "99999999H"),
              IsOkAndHolds(absl::Hours(99999999)));
  for (const char* wrong : {"", "-1", "1.5", "99999999999", "x", "1s"}) {
    EXPECT_THAT(patience("application/json", "connect-timeout-ms", wrong),
                FailsWith(absl::StatusCode::kInvalidArgument, "MALFORMED_REQUEST"))
        << wrong;
  }
  for (const char* wrong : {"", "S", "-1S", "1s", "123456789S", "1"}) {
    EXPECT_THAT(patience("application/grpc-web", "grpc-timeout", wrong),
                FailsWith(absl::StatusCode::kInvalidArgument, "MALFORMED_REQUEST"))
        << wrong;
  }
}

grpc::Status SomeError() {
  return rpc::ToGrpcStatus(
      Error(absl::StatusCode::kAborted, "ETAG_MISMATCH", "it \"moved\"\n100%", {{"name", "a"}}));
}

TEST(UnaryAnswer, GivesErrorsTheFormOfTheDialect) {
  const HttpAnswer connect = UnaryAnswer({Protocol::kConnectUnary, Codec::kProto}, SomeError(), "");
  EXPECT_EQ(connect.status, 409);
  EXPECT_THAT(connect.headers,
              ::testing::Contains(::testing::Pair("content-type", "application/json")));
  const HttpAnswer stream = UnaryAnswer({Protocol::kConnectStream, Codec::kJson}, SomeError(), "");
  EXPECT_EQ(stream.status, 200);
  EXPECT_EQ(stream.body[0], '\2');
  EXPECT_THAT(stream.body, HasSubstr(R"({"error":{"code":"aborted")"));
  const HttpAnswer web = UnaryAnswer({Protocol::kGrpcWeb, Codec::kProto}, SomeError(), "");
  EXPECT_EQ(web.status, 200);
  EXPECT_EQ(web.body[0], '\x80');
  EXPECT_THAT(web.body, HasSubstr("grpc-status: 10\r\ngrpc-message: it \"moved\"%0a100%25\r\n"));
}

TEST(UnaryAnswer, SaysInAHeaderWhenToTryAgain) {
  const grpc::Status busy = rpc::ToGrpcStatus(WithRetryDelay(
      Error(absl::StatusCode::kResourceExhausted, "BUSY", "busy"), absl::Milliseconds(1500)));
  const HttpAnswer answer = UnaryAnswer({Protocol::kConnectUnary, Codec::kJson}, busy, "");
  EXPECT_EQ(answer.status, 429);
  EXPECT_THAT(answer.headers, ::testing::Contains(::testing::Pair("retry-after", "2")));
}

TEST(ErrorJson, ShowsWhatDetailsHold) {
  const std::string json = ErrorJson(SomeError());
  EXPECT_THAT(json, HasSubstr(R"("message":"it \"moved\"\u000a100%")"));
  EXPECT_THAT(json, HasSubstr(R"({"type":"google.rpc.ErrorInfo","value":")"));
  EXPECT_THAT(json, HasSubstr(R"("reason":"ETAG_MISMATCH")"));
}

TEST(ErrorJson, DoesWithoutDetailsThatItCannotRead) {
  EXPECT_EQ(ErrorJson(grpc::Status(grpc::StatusCode::UNKNOWN, "x", "\xff\xff")),
            R"({"code":"unknown","message":"x"})");
}

}  // namespace
}  // namespace leye::gateway
