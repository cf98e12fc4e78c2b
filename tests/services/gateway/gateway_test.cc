// The gateway before a gRPC server of the test's own, which shows what arrives there: metadata,
// deadlines, cancellation, and nothing at all of what is refused.

#include "services/gateway/gateway.h"

#include <atomic>
#include <chrono>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include <grpcpp/grpcpp.h>

#include "leye/v1/candidate.grpc.pb.h"
#include "leye/v1/posting.grpc.pb.h"
#include "tests/testing/raw_http.h"
#include "tests/testing/status_matchers.h"

namespace leye::gateway {
namespace {

using ::leye::testing::RawAnswer;
using ::leye::testing::RawConnection;
using ::leye::testing::RawPost;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

// Answers GetCandidate as the test wants; a watch says one thing and then waits to be cancelled.
class Candidates final : public v1::CandidateService::CallbackService {
 public:
  using Handler =
      std::function<grpc::Status(const grpc::CallbackServerContext&, const v1::GetCandidateRequest&,
                                 v1::GetCandidateResponse&)>;
  void Answer(Handler handler) { handler_ = std::move(handler); }

  grpc::ServerUnaryReactor* GetCandidate(grpc::CallbackServerContext* context,
                                         const v1::GetCandidateRequest* request,
                                         v1::GetCandidateResponse* response) override {
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    reactor->Finish(handler_(*context, *request, *response));
    return reactor;
  }

  // Never answers: ends when it is cancelled.
  grpc::ServerUnaryReactor* ListCandidates(grpc::CallbackServerContext* /*context*/,
                                           const v1::ListCandidatesRequest* /*request*/,
                                           v1::ListCandidatesResponse* /*response*/) override {
    class Waiting final : public grpc::ServerUnaryReactor {
     public:
      explicit Waiting(std::promise<void>& started, std::promise<void>& cancelled)
          : cancelled_(cancelled) {
        started.set_value();
      }
      void OnCancel() override {
        cancelled_.set_value();
        Finish(grpc::Status::CANCELLED);
      }
      void OnDone() override { delete this; }

     private:
      std::promise<void>& cancelled_;
    };
    return new Waiting(started, cancelled);
  }

  std::promise<void> started;
  std::promise<void> cancelled;

 private:
  Handler handler_ = [](const auto&, const v1::GetCandidateRequest& request,
                        v1::GetCandidateResponse& response) {
    response.mutable_candidate()->set_name(request.name());
    return grpc::Status::OK;
  };
};

class Postings final : public v1::PostingService::CallbackService {
 public:
  // As many answers as are taken, each of a megabyte.
  grpc::ServerWriteReactor<v1::WatchPostingsResponse>* WatchPostings(
      grpc::CallbackServerContext* /*context*/,
      const v1::WatchPostingsRequest* /*request*/) override {
    class Endless final : public grpc::ServerWriteReactor<v1::WatchPostingsResponse> {
     public:
      explicit Endless(Postings& owner) : owner_(owner) {
        event_.set_name(std::string(1 << 20, 'x'));
        StartWrite(&event_);
      }
      void OnWriteDone(bool ok) override {
        ++owner_.written;
        if (ok) {
          StartWrite(&event_);
        } else {
          Finish(grpc::Status::CANCELLED);
        }
      }
      void OnDone() override {
        owner_.ended.set_value();
        delete this;
      }

     private:
      Postings& owner_;
      v1::WatchPostingsResponse event_;
    };
    return new Endless(*this);
  }

  std::atomic<int> written{0};
  std::promise<void> ended;
};

constexpr char kGetCandidate[] = "/leye.v1.CandidateService/GetCandidate";
constexpr char kJson[] = "content-type: application/json\r\n";

int64_t CountOf(const RefusalFigures& refusals, absl::string_view reason) {
  for (size_t i = 0; i < kRefusalReasons.size(); ++i) {
    if (reason == kRefusalReasons[i]) return refusals.count(i);
  }
  return -1;
}

class GatewayTest : public ::testing::Test {
 protected:
  GatewayTest() {
    grpc::ServerBuilder builder;
    builder.RegisterService(&candidates_);
    builder.RegisterService(&postings_);
    server_ = builder.BuildAndStart();
    Start({});
  }
  ~GatewayTest() override {
    gateway_->Quiesce();
    server_->Shutdown(std::chrono::system_clock::now());
    gateway_.reset();
  }

  void Start(std::vector<std::string> allowed_origins) {
    gateway_ = *Gateway::Start({.http = {.listen = "127.0.0.1:0", .max_body_bytes = 1000},
                                .services = {"leye.v1.CandidateService", "leye.v1.PostingService"},
                                .allowed_origins = std::move(allowed_origins)},
                               server_->InProcessChannel({}));
  }

  RawAnswer Send(const std::string& request) const {
    RawConnection client(gateway_->address());
    client.Send(request);
    return client.Receive();
  }

  Candidates candidates_;
  Postings postings_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<Gateway> gateway_;
};

TEST_F(GatewayTest, CarriesACallThereAndBack) {
  const RawAnswer answer = Send(RawPost(kGetCandidate, kJson, R"({"name":"李"})"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_THAT(answer.head, HasSubstr("application/json"));
  EXPECT_EQ(answer.body, R"({"candidate":{"name":"李"}})");
}

TEST_F(GatewayTest, CarriesProtobufUnchanged) {
  v1::GetCandidateRequest request;
  request.set_name("a");
  const RawAnswer answer = Send(
      RawPost(kGetCandidate, "content-type: application/proto\r\n", request.SerializeAsString()));
  v1::GetCandidateResponse response;
  EXPECT_TRUE(response.ParseFromString(answer.body));
  EXPECT_EQ(response.candidate().name(), "a");
}

TEST_F(GatewayTest, AnswersGetsOfWhatOnlyReads) {
  const RawAnswer answer = Send(
      absl::StrCat("GET ", kGetCandidate, "?encoding=json&base64=1&connect=v1&message=",
                   absl::WebSafeBase64Escape(R"({"name":"a"})"), " HTTP/1.1\r\nhost: a\r\n\r\n"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_THAT(answer.head, HasSubstr("no-store"));
  EXPECT_EQ(answer.body, R"({"candidate":{"name":"a"}})");
  EXPECT_EQ(Send("GET /leye.v1.CandidateService/DeleteCandidate?encoding=json&message={} "
                 "HTTP/1.1\r\nhost: a\r\n\r\n")
                .status,
            405);
}

TEST_F(GatewayTest, TellsTheServerWhoCallsAndInWhatLanguage) {
  std::multimap<std::string, std::string> seen;
  candidates_.Answer([&seen](const grpc::CallbackServerContext& context, const auto&, auto&) {
    for (const auto& [name, value] : context.client_metadata()) {
      seen.emplace(std::string(name.data(), name.size()), std::string(value.data(), value.size()));
    }
    return grpc::Status::OK;
  });
  Send(RawPost(
      kGetCandidate,
      absl::StrCat(kJson, "Authorization: Bearer x\r\nAccept-Language: en\r\n",
                   "X-Api-Key: k\r\nTraceparent: t\r\nCookie: secret\r\ngrpc-timeout: 1S\r\n"),
      "{}"));
  EXPECT_THAT(seen, ::testing::Contains(::testing::Pair("authorization", "Bearer x")));
  EXPECT_THAT(seen, ::testing::Contains(::testing::Pair("accept-language", "en")));
  EXPECT_THAT(seen, ::testing::Contains(::testing::Pair("traceparent", "t")));
  EXPECT_THAT(seen, ::testing::Contains(::testing::Pair("x-api-key", "k")));
  EXPECT_EQ(seen.count("cookie"), 0U);
}

TEST_F(GatewayTest, RefusesHeadersThatGrpcCannotCarry) {
  const RawAnswer answer =
      Send(RawPost(kGetCandidate, absl::StrCat(kJson, "authorization: \xe4\xb9\x90\r\n"), "{}"));
  EXPECT_EQ(answer.status, 400);
  EXPECT_THAT(answer.body, HasSubstr("the header authorization must be printable ASCII"));
}

TEST_F(GatewayTest, GivesTheServerItsDeadline) {
  bool endless = true;
  candidates_.Answer([&endless](const grpc::CallbackServerContext& context, const auto&, auto&) {
    endless = context.deadline() > std::chrono::system_clock::now() + std::chrono::hours(1);
    return grpc::Status::OK;
  });
  Send(RawPost(kGetCandidate, absl::StrCat(kJson, "connect-timeout-ms: 60000\r\n"), "{}"));
  EXPECT_FALSE(endless);
  Send(RawPost(kGetCandidate, kJson, "{}"));
  EXPECT_TRUE(endless);
}

TEST_F(GatewayTest, CancelsACallThatIsLate) {
  const RawAnswer answer = Send(RawPost("/leye.v1.CandidateService/ListCandidates",
                                        absl::StrCat(kJson, "connect-timeout-ms: 30\r\n"), "{}"));
  EXPECT_EQ(answer.status, 504);
  EXPECT_THAT(answer.body, HasSubstr(R"("code":"deadline_exceeded")"));
  candidates_.cancelled.get_future().wait();
}

TEST_F(GatewayTest, CancelsTheCallOfAClientThatHasGone) {
  {
    RawConnection client(gateway_->address());
    client.Send(RawPost("/leye.v1.CandidateService/ListCandidates", kJson, "{}"));
    candidates_.started.get_future().wait();
  }
  candidates_.cancelled.get_future().wait();
}

std::string WatchRequest() {
  return RawPost("/leye.v1.PostingService/WatchPostings",
                 "content-type: application/connect+json\r\n", std::string("\0\0\0\0\2{}", 7));
}

TEST_F(GatewayTest, EndsTheStreamOfAClientThatHasGone) {
  {
    RawConnection client(gateway_->address());
    client.Send(WatchRequest());
    EXPECT_THAT(client.ReceiveUntil("\"name\""), HasSubstr("application/connect+json"));
  }
  postings_.ended.get_future().wait();
}

// A client that reads nothing stops the server's stream after what buffers hold.
TEST_F(GatewayTest, HoldsAStreamBackForASlowClient) {
  RawConnection client(gateway_->address());
  client.Send(WatchRequest());
  client.ReceiveUntil("\"name\"");
  // Calls beside it go on, and while they do the stream comes to rest.
  int before = -1;
  while (std::exchange(before, postings_.written.load()) != postings_.written.load()) {
    for (int i = 0; i < 50; ++i) Send(RawPost(kGetCandidate, kJson, "{}"));
  }
  EXPECT_LT(postings_.written.load(), 40);
}

TEST_F(GatewayTest, SaysWhatIsNoCall) {
  EXPECT_EQ(Send(RawPost("/leye.v1.CandidateService/Nope", kJson, "{}")).status, 404);
  EXPECT_EQ(Send(RawPost("/", kJson, "{}")).status, 404);
  const RawAnswer put = Send(absl::StrCat("PUT ", kGetCandidate, " HTTP/1.1\r\nhost: a\r\n\r\n"));
  EXPECT_EQ(put.status, 405);
  EXPECT_THAT(put.head, HasSubstr("allow: POST, GET"));
  const RawAnswer text = Send(RawPost(kGetCandidate, "content-type: text/plain\r\n", "{}"));
  EXPECT_EQ(text.status, 415);
  EXPECT_THAT(text.head, HasSubstr("application/grpc-web+proto"));
  EXPECT_EQ(Send(RawPost(kGetCandidate, "content-type: application/connect+json\r\n", "")).status,
            415);
  EXPECT_EQ(Send(RawPost("/leye.v1.PostingService/WatchPostings", kJson, "{}")).status, 415);
}

TEST_F(GatewayTest, ServesOnlyLoopbackNamesWhereEverybodyIsTrusted) {
  gateway_ = *Gateway::Start({.http = {.listen = "127.0.0.1:0"},
                              .services = {"leye.v1.CandidateService"},
                              .loopback_hosts_only = true},
                             server_->InProcessChannel({}));
  const auto status_for = [&](const std::string& host) {
    return Send(absl::StrCat("POST ", kGetCandidate, " HTTP/1.1\r\nhost: ", host, "\r\n", kJson,
                             "content-length: 2\r\n\r\n{}"))
        .status;
  };
  for (const char* host :
       {"127.0.0.1", "127.0.0.1:7480", "localhost:7480", "[::1]:7480", "[::1]"}) {
    EXPECT_EQ(status_for(host), 200) << host;
  }
  for (const char* host :
       {"evil.example", "127.0.0.1.evil.example:7480", "10.0.0.1", "localhost.x"}) {
    EXPECT_EQ(status_for(host), 403) << host;
  }
}

TEST_F(GatewayTest, SaysThatAStreamOfRequestsNeedsGrpc) {
  const RawAnswer answer =
      Send(RawPost("/leye.v1.PostingService/ImportPostings",
                   "content-type: application/connect+json\r\n", std::string("\0\0\0\0\2{}", 7)));
  EXPECT_EQ(answer.status, 200);
  EXPECT_THAT(answer.body, AllOf(HasSubstr(R"("code":"unimplemented")"), HasSubstr("by gRPC")));
}

TEST_F(GatewayTest, RefusesARequestThatIsTooLarge) {
  const RawAnswer answer = Send(
      RawPost(kGetCandidate, kJson, absl::StrCat(R"({"name":")", std::string(2000, 'x'), "\"}")));
  EXPECT_EQ(answer.status, 429);
  EXPECT_THAT(answer.body, HasSubstr("REQUEST_TOO_LARGE"));
}

TEST_F(GatewayTest, CountsWhatItRefusesByReason) {
  RefusalFigures refusals;
  gateway_ = *Gateway::Start({.http = {.listen = "127.0.0.1:0", .max_body_bytes = 100},
                              .services = {"leye.v1.CandidateService", "leye.v1.PostingService"},
                              .loopback_hosts_only = true,
                              .refusals = &refusals},
                             server_->InProcessChannel({}));
  const auto post = [this](absl::string_view path, absl::string_view head, absl::string_view body) {
    Send(absl::StrReplaceAll(RawPost(path, head, body), {{"host: a\r", "host: localhost\r"}}));
  };
  // Neither a call nor an error of the server's is a refusal.
  post(kGetCandidate, kJson, "{}");
  candidates_.Answer([](const auto&, const auto&, auto&) {
    return grpc::Status(grpc::StatusCode::NOT_FOUND, "no");
  });
  post(kGetCandidate, kJson, "{}");
  for (const char* const reason : kRefusalReasons) EXPECT_EQ(CountOf(refusals, reason), 0);

  Send(RawPost(kGetCandidate, kJson, "{}"));
  post("/nothing", kJson, "{}");
  Send(absl::StrCat("PUT ", kGetCandidate, " HTTP/1.1\r\nhost: localhost\r\n\r\n"));
  post(kGetCandidate, "content-type: text/plain\r\n", "{}");
  post(kGetCandidate, kJson, R"({"nam":1})");
  post(kGetCandidate, kJson, "{");
  post(kGetCandidate, absl::StrCat(kJson, "connect-timeout-ms: soon\r\n"), "{}");
  post(kGetCandidate, absl::StrCat(kJson, "content-encoding: gzip\r\n"), "{}");
  post(kGetCandidate, kJson, std::string(200, ' '));
  post("/leye.v1.PostingService/ImportPostings", "content-type: application/connect+json\r\n",
       absl::string_view("\0\0\0\0\2{}", 7));
  post(kGetCandidate, absl::StrCat(kJson, "connect-protocol-version: 2\r\n"), "{}");
  for (const absl::string_view reason : kRefusalReasons) {
    EXPECT_EQ(CountOf(refusals, reason), reason == "OTHER" ? 0 : 1) << reason;
  }
}

TEST_F(GatewayTest, ServesPagesOfOtherOriginsOnlyWhenAllowed) {
  const std::string preflight =
      absl::StrCat("OPTIONS ", kGetCandidate,
                   " HTTP/1.1\r\nhost: a\r\norigin: https://jobs.example.org\r\n"
                   "access-control-request-method: POST\r\n\r\n");
  const std::string call =
      RawPost(kGetCandidate, absl::StrCat(kJson, "origin: https://jobs.example.org\r\n"), "{}");
  EXPECT_THAT(Send(preflight).head, Not(HasSubstr("access-control-allow")));
  EXPECT_THAT(Send(call).head, Not(HasSubstr("access-control-allow")));
  Start({"https://other.example.org"});
  EXPECT_THAT(Send(preflight).head, Not(HasSubstr("access-control-allow")));
  EXPECT_THAT(Send(call).head, Not(HasSubstr("access-control-allow")));
  Start({"https://other.example.org", "https://jobs.example.org"});
  EXPECT_THAT(Send(preflight).head,
              HasSubstr("access-control-allow-origin: https://jobs.example.org"));
  EXPECT_THAT(Send(call).head, HasSubstr("access-control-allow-origin: https://jobs.example.org"));
}

TEST_F(GatewayTest, DrainsAfterTheServer) {
  RawConnection client(gateway_->address());
  client.Send(RawPost("/leye.v1.CandidateService/ListCandidates", kJson, "{}"));
  candidates_.started.get_future().wait();
  gateway_->Quiesce();
  server_->Shutdown(std::chrono::system_clock::now() + std::chrono::milliseconds(20));
  const RawAnswer answer = client.Receive();
  EXPECT_GE(answer.status, 499);
  gateway_->Stop(absl::Minutes(1));
}

TEST(Gateway, RefusesServicesThatItDoesNotKnow) {
  EXPECT_THAT(Gateway::Start({.services = {"leye.v1.NoService"}}, nullptr).status(),
              testing::StatusIs(absl::StatusCode::kNotFound));
}

}  // namespace
}  // namespace leye::gateway
