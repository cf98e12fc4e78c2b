// What an operator sees of a running server: metrics, health over HTTP, and a log line a call.

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include <google/protobuf/descriptor.h>
#include <grpcpp/client_context.h>

#include "leye/v1/match.pb.h"
#include "leye/v1/posting.grpc.pb.h"
#include "services/leyed/metrics.h"
#include "tests/e2e/client.h"
#include "tests/e2e/rpcs.h"
#include "tests/e2e/server_in_process.h"
#include "tests/e2e/small_world.h"
#include "tests/testing/raw_http.h"
#include "tests/testing/status_matchers.h"

namespace leye::e2e {
namespace {

using ::leye::testing::IsOk;
using ::leye::testing::RawAnswer;
using ::leye::testing::RawConnection;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr char kPostings[] = R"(service="leye.v1.PostingService")";

RawAnswer Get(const std::string& address, const std::string& path) {
  RawConnection connection(address);
  connection.Send(absl::StrCat("GET ", path, " HTTP/1.1\r\nhost: a\r\n\r\n"));
  return connection.Receive();
}

// The figures of a scrape by what stands before the value, labels included.
using Scrape = std::map<std::string, double>;

Scrape ScrapeOf(const std::string& address) {
  Scrape figures;
  for (absl::string_view line : absl::StrSplit(Get(address, "/metrics").body, '\n')) {
    const size_t space = line.rfind(' ');
    double value = 0;
    if (absl::StartsWith(line, "#") || space == absl::string_view::npos) continue;
    EXPECT_TRUE(absl::SimpleAtod(line.substr(space + 1), &value)) << line;
    EXPECT_TRUE(figures.emplace(line.substr(0, space), value).second) << "twice: " << line;
  }
  return figures;
}

v1::GetPostingRequest GetOf(const std::string& id) {
  v1::GetPostingRequest request;
  request.set_name(NameOf("postings", id));
  return request;
}

std::string CallsOf(absl::string_view method, absl::string_view code) {
  return absl::StrCat("leye_rpc_calls_total{", kPostings, ",method=\"", method, "\",code=\"", code,
                      "\"}");
}

LeyedOptions WithMetrics() {
  LeyedOptions options;
  options.metrics_listen = "127.0.0.1:0";
  return options;
}

template <typename Condition>
bool Eventually(const Condition& condition) {
  const absl::Time end = absl::Now() + kPatience;
  while (!condition()) {
    if (absl::Now() > end) return false;
    absl::SleepFor(absl::Milliseconds(10));
  }
  return true;
}

// One server serves them all, in any order: each looks at what it adds.
class Metrics : public ::testing::Test {
 protected:
  struct Served {
    ServerInProcess server{WithMetrics()};
    const Client client{server.channel()};
  };

  static void SetUpTestSuite() {
    served_ = new Served;
    ASSERT_THAT(MakeSmallWorld(served_->client), IsOk());
  }
  static void TearDownTestSuite() { delete std::exchange(served_, nullptr); }

  static std::string Address() { return served_->server.metrics_address(); }
  static Scrape Now() { return ScrapeOf(Address()); }
  // How much `name` has grown since `before`.
  static double Added(const Scrape& before, const std::string& name) {
    const Scrape now = Now();
    EXPECT_EQ(now.count(name), 1U) << name;
    return now.at(name) - (before.count(name) == 0 ? 0 : before.at(name));
  }

  static Served* served_;

  const Client& client_ = served_->client;
  const Scrape before_ = Now();
};

Metrics::Served* Metrics::served_ = nullptr;

TEST_F(Metrics, CallsAreCountedByMethodAndCode) {
  EXPECT_THAT(client_.Call<v1::GetPostingResponse>(GetOf("sewing")), IsOk());
  EXPECT_THAT(client_.Call<v1::GetPostingResponse>(GetOf("sewing")), IsOk());
  EXPECT_FALSE(client_.Call<v1::GetPostingResponse>(GetOf("nowhere")).ok());
  EXPECT_FALSE(client_.CallRaw("leye.v1.PostingService.GetPosting", {"\xff"}).status.ok());
  EXPECT_EQ(Added(before_, CallsOf("GetPosting", "OK")), 2);
  EXPECT_EQ(Added(before_, CallsOf("GetPosting", "NOT_FOUND")), 1);
  EXPECT_EQ(Added(before_, CallsOf("GetPosting", "INVALID_ARGUMENT")), 1) << "as it was told";
  const std::string took =
      absl::StrCat("leye_rpc_call_seconds_count{", kPostings, ",method=\"GetPosting\"}");
  EXPECT_EQ(Added(before_, took), 4);
  EXPECT_EQ(Now().count(CallsOf("GetPosting", "ABORTED")), 0U);
}

TEST_F(Metrics, EveryRpcHasItsFiguresFromTheStartAndStrangersShareOne) {
  EXPECT_FALSE(client_.CallRaw("leye.v1.PostingService.BuyPosting", {""}).status.ok());
  LEYE_ASSERT_OK_AND_ASSIGN(const bool serves, IsServing(client_, ""));
  EXPECT_TRUE(serves);
  const Scrape now = Now();
  size_t counted = 0;
  for (const auto& [name, value] : now) {
    if (absl::StartsWith(name, "leye_rpc_calls_running{")) ++counted;
    EXPECT_THAT(name, Not(HasSubstr("BuyPosting")));
  }
  EXPECT_EQ(counted, AllRpcs().size() + 1);
  for (const Rpc* rpc : AllRpcs()) {
    EXPECT_EQ(now.count(absl::StrCat("leye_rpc_calls_total{service=\"", rpc->service()->full_name(),
                                     "\",method=\"", rpc->name(), "\",code=\"OK\"}")),
              1U)
        << rpc->full_name();
  }
  EXPECT_GE(now.at(R"(leye_rpc_calls_total{service="other",method="other",code="OK"})"), 1);
}

TEST_F(Metrics, AnOpenWatchIsUnderWayUntilItsEnd) {
  const std::string running =
      absl::StrCat("leye_rpc_calls_running{", kPostings, ",method=\"WatchPostings\"}");
  {
    const auto stub = v1::PostingService::NewStub(client_.channel());
    grpc::ClientContext context;
    SetDeadline(context);
    v1::WatchPostingsRequest request;
    request.set_parent("regions/13");
    const auto watch = stub->WatchPostings(&context, request);
    watch->WaitForInitialMetadata();
    EXPECT_EQ(Now()[running], 1);
    context.TryCancel();
    static_cast<void>(watch->Finish());
  }
  EXPECT_TRUE(Eventually([&] { return Now()[running] == 0; }));
  EXPECT_EQ(Now()[CallsOf("WatchPostings", "CANCELLED")], 1);
}

TEST_F(Metrics, CommitsAreCountedAndTimed) {
  v1::CreatePostingRequest request;
  request.set_parent("regions/13");
  request.set_posting_id("another");
  *request.mutable_posting() = SomePosting();
  EXPECT_THAT(client_.Call<v1::CreatePostingResponse>(request), IsOk());
  EXPECT_EQ(Added(before_, R"(leye_store_operations_total{operation="commit",code="OK"})"), 1);
  EXPECT_GT(Added(before_, R"(leye_store_operation_seconds_sum{operation="commit"})"), 0);
  EXPECT_GE(Added(before_, R"(leye_store_fsync_seconds_count{file="log"})"), 1);
}

TEST_F(Metrics, SearchesTellWhatTheyLookedAt) {
  LEYE_ASSERT_OK_AND_ASSIGN(const std::string revision, RevisionNow(client_));
  v1::RankCandidatesRequest request;
  request.set_posting(NameOf("postings", "sewing"));
  request.mutable_options()->add_min_revisions(revision);
  LEYE_ASSERT_OK_AND_ASSIGN(const auto ranked, client_.Call<v1::RankCandidatesResponse>(request));
  Scrape now = Now();
  EXPECT_EQ(Added(before_, R"(leye_match_searches_total{of="candidates"})"), 1);
  EXPECT_EQ(Added(before_, R"(leye_match_searches_total{of="postings"})"), 0);
  EXPECT_EQ(Added(before_, R"(leye_match_considered_total{of="candidates"})"),
            ranked.funnel().considered());
  EXPECT_EQ(Added(before_, R"(leye_match_answered_total{of="candidates"})"), ranked.matches_size());
  EXPECT_GT(Added(before_, R"(leye_match_places_total{of="candidates"})"), 0);
  EXPECT_EQ(now[R"(leye_memory_records{of="candidates"})"], ranked.funnel().considered());
  EXPECT_EQ(now["leye_memory_regions"], 1);
}

TEST_F(Metrics, TellNothingOfAnybody) {
  const std::string text = Get(Address(), "/metrics").body;
  for (const char* word : {"regions/", "candidates/", "sewing", "garment", "130723"}) {
    EXPECT_THAT(text, Not(HasSubstr(word)));
  }
}

TEST_F(Metrics, TheProcessIsMeasured) {
  const Scrape now = Now();
  EXPECT_GT(now.at("process_resident_memory_bytes"), 1e6);
  EXPECT_GT(now.at("process_open_fds"), 3);
  EXPECT_GT(now.at("process_max_fds"), now.at("process_open_fds"));
  EXPECT_GT(now.at("process_cpu_seconds_total"), 0);
  EXPECT_NEAR(now.at("process_start_time_seconds"),
              absl::ToDoubleSeconds(absl::Now() - absl::UnixEpoch()),
              absl::ToDoubleSeconds(kPatience));
}

TEST_F(Metrics, HealthAnswersAndWhatIsNotThereIsSaid) {
  const std::string address = Address();
  EXPECT_EQ(Get(address, "/healthz").status, 200);
  EXPECT_EQ(Get(address, "/readyz").body, "ready\n");
  EXPECT_EQ(Get(address, "/").status, 404);
  RawConnection post(address);
  post.Send(leye::testing::RawPost("/metrics", "", ""));
  EXPECT_EQ(post.Receive().status, 405);
}

// A call that waits for a revision that never comes keeps the drain waiting.
TEST(Readiness, EndsWhenTheDrainBegins) {
  ServerInProcess server(WithMetrics());
  const Client client(server.channel());
  const std::string address = server.metrics_address();
  LEYE_ASSERT_OK_AND_ASSIGN(const std::string revision, MakeSmallWorld(client));
  v1::RankCandidatesRequest request;
  request.set_posting(NameOf("postings", "sewing"));
  request.mutable_options()->add_min_revisions(
      absl::StrCat(revision.substr(0, revision.rfind('-')), "-999999"));
  std::thread waits([&] {
    static_cast<void>(client.Call<v1::RankCandidatesResponse>(
        request, {.patience = absl::Seconds(2), .most_messages = -1}));
  });
  const std::string running =
      R"(leye_rpc_calls_running{service="leye.v1.MatchService",method="RankCandidates"})";
  EXPECT_TRUE(Eventually([&] { return ScrapeOf(address).at(running) == 1; }));
  std::thread drain([&] { server.Drain(); });
  EXPECT_TRUE(Eventually([&] { return Get(address, "/readyz").status == 503; }));
  EXPECT_EQ(Get(address, "/healthz").status, 200);
  waits.join();
  drain.join();
}

TEST(MetricsServer, IsNotReadyWhileItLoadsAndHasFiguresAlready) {
  rpc::CallFigures calls({"/leye.v1.PostingService/GetPosting"});
  const StoreFigures store;
  const app::MatchFigures matches;
  const gateway::RefusalFigures refusals;
  const live::SnapshotHolder holder;
  const SystemClock clock;
  const access::SealFailures failures;
  LEYE_ASSERT_OK_AND_ASSIGN(const auto server,
                            MetricsServer::Start("127.0.0.1:0", {calls, store, matches, refusals,
                                                                 holder, clock, failures}));
  const RawAnswer ready = Get(server->address(), "/readyz");
  EXPECT_EQ(ready.status, 503);
  EXPECT_EQ(ready.body, "loading\n");
  EXPECT_EQ(Get(server->address(), "/healthz").status, 200);
  EXPECT_EQ(ScrapeOf(server->address()).at("leye_ready"), 0);
  server->SetReadiness(Readiness::kReady);
  EXPECT_EQ(Get(server->address(), "/readyz").status, 200);
  EXPECT_EQ(ScrapeOf(server->address()).at("leye_ready"), 1);
}

// The log lines of a server. Thread-safe.
class Lines {
 public:
  Logger logger() {
    return Logger::ToFunction(LogLevel::kInfo, [this](const std::string& line) {
      MutexLock lock(mutex_);
      lines_.push_back(line);
    });
  }
  // Those about calls.
  std::vector<std::string> OfCalls() const {
    MutexLock lock(mutex_);
    std::vector<std::string> calls;
    for (const std::string& line : lines_) {
      if (absl::StrContains(line, R"("message":"call")")) calls.push_back(line);
    }
    return calls;
  }

 private:
  mutable Mutex mutex_;
  std::vector<std::string> lines_ ABSL_GUARDED_BY(mutex_);
};

class AccessLog : public ::testing::Test {
 protected:
  // A server and what it logs.
  struct Served {
    explicit Served(const std::string& which) : server(log, WithLines(which)) {}

    static LeyedOptions WithLines(const std::string& which) {
      LeyedOptions options;
      options.access_log = which;
      return options;
    }

    // Asks for a posting that is not there; the request id that the answer names.
    std::string Ask(const Headers& headers) const {
      grpc::ClientContext context;
      SetDeadline(context);
      for (const auto& [name, value] : headers) context.AddMetadata(name, value);
      v1::GetPostingResponse response;
      const auto stub = v1::PostingService::NewStub(server.channel());
      EXPECT_EQ(stub->GetPosting(&context, GetOf("li-ming-13800138000"), &response).error_code(),
                grpc::StatusCode::NOT_FOUND);
      const auto& answered = context.GetServerInitialMetadata();
      const auto id = answered.find("x-request-id");
      return id == answered.end() ? "" : std::string(id->second.data(), id->second.size());
    }

    Lines lines;
    const Logger log = lines.logger();
    ServerInProcess server;
  };

  static void SetUpTestSuite() { all_ = new Served("all"); }
  static void TearDownTestSuite() { delete std::exchange(all_, nullptr); }

  static std::string Ask(const Headers& headers) { return all_->Ask(headers); }

  // The one line that has come of the last call.
  std::string Line() {
    EXPECT_TRUE(Eventually([&] { return all_->lines.OfCalls().size() > seen_; }));
    const std::vector<std::string> calls = all_->lines.OfCalls();
    EXPECT_THAT(calls, SizeIs(++seen_));
    return calls.back();
  }

  static Served* all_;

  size_t seen_ = all_->lines.OfCalls().size();
};

AccessLog::Served* AccessLog::all_ = nullptr;

TEST_F(AccessLog, HasTheCallersNamesOfTheCallAndNothingOfItsContent) {
  const std::string id = "7f3c9d52-0d3b-4c55-9b43-0c1f5a1e7d11";
  EXPECT_EQ(Ask({{"x-request-id", id},
                 {"traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"},
                 {"x-purpose", "li-ming"}}),
            id);
  const std::string line = Line();
  for (const char* part : {R"("level":"info")", R"("method":"leye.v1.PostingService/GetPosting")",
                           R"("code":"NOT_FOUND")", R"("seconds":)",
                           R"("request_id":"7f3c9d52-0d3b-4c55-9b43-0c1f5a1e7d11")",
                           R"("trace_id":"4bf92f3577b34da6a3ce929d0e0e4736")",
                           R"("parent_span_id":"00f067aa0ba902b7")"}) {
    EXPECT_THAT(line, HasSubstr(part));
  }
  EXPECT_THAT(line, Not(HasSubstr("li-ming")));
}

TEST_F(AccessLog, GivesACallWithoutOneAnIdThatTheCallerIsTold) {
  const std::string id = Ask({});
  EXPECT_THAT(id, SizeIs(27));
  EXPECT_THAT(Line(), HasSubstr(absl::StrCat("\"request_id\":\"", id, "\"}")));
  EXPECT_NE(Ask({}), id);
}

TEST_F(AccessLog, TakesNoIdThatCouldBeAPersonsNumberNorAnythingUnreadable) {
  for (const std::string& id :
       {std::string("13800138000"), std::string("130723199001011234"), std::string("a b"),
        std::string("\"},{\"level\":\"error\"aaaaaaaa"), std::string(65, 'a')}) {
    EXPECT_THAT(Ask({{"x-request-id", id}}), SizeIs(27));
    EXPECT_THAT(Line(), Not(HasSubstr(id)));
  }
}

TEST_F(AccessLog, LeavesOutATraceThatIsNone) {
  for (const char* trace : {"", "00", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
                            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-x",
                            "00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-01"}) {
    Ask({{"traceparent", trace}});
    EXPECT_THAT(Line(), Not(HasSubstr("trace_id"))) << trace;
  }
  Ask({{"traceparent", "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-later"}});
  EXPECT_THAT(Line(), HasSubstr("trace_id"));
}

TEST_F(AccessLog, OfErrorsHasNoLineForWhatWentWellAndNoneHasNone) {
  v1::ListPostingsRequest well;
  well.set_parent("regions/13");
  const Served errors("errors");
  EXPECT_THAT(Client(errors.server.channel()).Call<v1::ListPostingsResponse>(well), IsOk());
  errors.Ask({});
  EXPECT_TRUE(Eventually([&] { return !errors.lines.OfCalls().empty(); }));
  EXPECT_THAT(errors.lines.OfCalls(), ElementsAre(HasSubstr("NOT_FOUND")));
  Served none("none");
  none.Ask({});
  none.server.Drain();
  EXPECT_THAT(none.lines.OfCalls(), IsEmpty());
}

}  // namespace
}  // namespace leye::e2e
