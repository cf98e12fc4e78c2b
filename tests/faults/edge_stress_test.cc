// The edge under attack: idle connections, watchers that never read, no file descriptors, streams
// that are reset at once, bytes that blow up. Others are served meanwhile, and everybody is again
// afterwards. Says what it cost: a few hundred of each under ctest, `tests/faults/run --edge` with
// as many as services/access/README.md states.

#include <zlib.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include <sys/resource.h>

#include "leye/v1/posting.grpc.pb.h"
#include "tests/e2e/client.h"
#include "tests/e2e/server_in_process.h"
#include "tests/e2e/server_process.h"
#include "tests/e2e/small_world.h"
#include "tests/faults/edge_nginx.h"
#include "tests/faults/edge_victim.h"
#include "tests/testing/http2_client.h"
#include "tests/testing/redis_server.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"

namespace leye::faults {
namespace {

using ::leye::testing::Eventually;
using ::leye::testing::Http2Answer;
using ::leye::testing::Http2Connection;
using ::leye::testing::Http2Options;
using ::leye::testing::IsOk;
using Connections = std::vector<std::unique_ptr<Http2Connection>>;

constexpr int kUnimplemented = 12;

struct Sizes {
  int idle = 200;
  int stalled = 100;
  int resets = 2'000;
  std::chrono::milliseconds look{300};  // How long the victim is watched before and after.
  // A new client is answered that soon after an attack.
  std::chrono::seconds heals = kMostUntilHealthy;
};

Sizes SizesOfRun() {
  if (std::getenv("LEYE_EDGE_FULL") == nullptr) return {};
  return {.idle = 2'000,
          .stalled = 1'000,
          .resets = 100'000,
          .look = std::chrono::seconds(5),
          .heals = std::chrono::seconds(2)};
}

// As many descriptors as this process and its children may have.
void RaiseDescriptors() {
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
}

struct Attackers {
  std::function<void()> come = [] {};
  std::function<void()> stay;
  std::function<void()> leave = [] {};
};

class EdgeStress : public ::testing::Test {
 protected:
  void SetUp() override {
    RaiseDescriptors();
    // A queue shorter than the watchers are many.
    server_ = std::make_unique<e2e::ServerProcess>(
        std::vector<std::string>{"--listen=127.0.0.1:0", "--data-dir=" + folder_.File("data"),
                                 "--log-level=warning", "--queue-capacity=64"});
    ASSERT_TRUE(server_->WaitUntilServing()) << server_->errors();
    client_ = std::make_unique<e2e::Client>(e2e::Connect(server_->address()));
    ASSERT_THAT(e2e::MakeSmallWorld(*client_), IsOk());
  }

  Http2Options Direct() const { return {.address = server_->address()}; }
  int64_t Megabytes() const { return ResidentMegabytes(server_->pid()); }

  // Watches the victim before, while the attackers come, while they stay and after they have left;
  // says what it saw and what the server took.
  void Attack(const std::string& name, Victim& victim, const Http2Options& way,
              const Attackers& attackers) {
    victim.Watch(sizes_.look);  // Warms up.
    const Phase before = victim.Watch(sizes_.look);
    const int64_t before_megabytes = Megabytes();
    ForgetPeakMemory(server_->pid());
    attackers.come();
    const Phase coming = victim.TakePhase();
    attackers.stay();
    const Phase during = victim.TakePhase();
    attackers.leave();
    const std::chrono::duration<double> healthy = UntilHealthy(way);
    const int64_t peak_megabytes = PeakMegabytes(server_->pid());
    const Phase after = victim.Watch(sizes_.look);
    std::printf(
        "%s\n  before %s\n  coming %s\n  during %s\n  after  %s\n  leyed %ld MB, %ld MB at most, "
        "%ld MB after; a new client is answered %.2f s after the end\n",
        name.c_str(), before.Text().c_str(), coming.Text().c_str(), during.Text().c_str(),
        after.Text().c_str(), static_cast<long>(before_megabytes),
        static_cast<long>(peak_megabytes), static_cast<long>(Megabytes()), healthy.count());
    EXPECT_LT(healthy, sizes_.heals);
    EXPECT_GT(during.calls, 0u);
    EXPECT_EQ(before.failures + coming.failures + during.failures + after.failures, 0u);
    EXPECT_TRUE(AnswersNewConnection(way));
  }

  // Whoever came before is taken before: as soon as a new client is answered, all are.
  void ExpectAllTaken() const { EXPECT_LT(UntilHealthy(Direct()), kMostUntilHealthy); }

  void SetOpenings(int openings) const {
    v1::UpdatePostingRequest request;
    request.mutable_posting()->set_name(e2e::NameOf("postings", "road"));
    request.mutable_posting()->set_openings(openings);
    request.mutable_update_mask()->add_paths("openings");
    EXPECT_THAT(client_->Call<v1::UpdatePostingResponse>(request), IsOk());
  }

  // A watch as well-behaved clients have it: how many of so many changes it told when the last
  // came.
  int CountChangesTold(int changes) const {
    constexpr int kMoreThanEver = 100;
    const int last = kMoreThanEver + changes;
    v1::WatchPostingsRequest request;
    request.set_parent("regions/13");
    grpc::ClientContext context;
    e2e::SetDeadline(context);
    const auto stub = v1::PostingService::NewStub(client_->channel());
    const auto reader = stub->WatchPostings(&context, request);
    reader->WaitForInitialMetadata();
    std::thread writer([&] {
      for (int openings = kMoreThanEver + 1; openings <= last; ++openings) SetOpenings(openings);
    });
    int told = 0;
    v1::WatchPostingsResponse event;
    while (reader->Read(&event)) {
      ++told;
      if (event.posting().openings() == last) break;
    }
    writer.join();
    context.TryCancel();
    return told;
  }

  const Sizes sizes_ = SizesOfRun();
  const testing::TempDir folder_;
  std::unique_ptr<e2e::ServerProcess> server_;
  std::unique_ptr<e2e::Client> client_;
};

size_t CountAlive(const Connections& connections) {
  return static_cast<size_t>(
      std::count_if(connections.begin(), connections.end(), [](const auto& connection) {
        connection->Exchange(std::chrono::nanoseconds::zero());
        return connection->alive();
      }));
}

TEST_F(EdgeStress, IdleConnectionsHoldNobodyUp) {
  Victim victim({Direct()});
  Connections idle;
  Attack(absl::StrCat(sizes_.idle, " idle connections"), victim, Direct(),
         {.come =
              [&] {
                for (int i = 0; i < sizes_.idle; ++i) {
                  idle.push_back(std::make_unique<Http2Connection>(Direct()));
                }
                ExpectAllTaken();
              },
          .stay =
              [&] {
                std::this_thread::sleep_for(sizes_.look);
                EXPECT_EQ(CountAlive(idle), idle.size());
              },
          .leave = [&] { idle.clear(); }});
}

TEST_F(EdgeStress, WatchersThatNeverReadHoldNobodyUpAndAreNotEnded) {
  constexpr int kChanges = 20;
  v1::WatchPostingsRequest request;
  request.set_parent("regions/13");
  const testing::Http2Call watch{.path = "/leye.v1.PostingService/WatchPostings",
                                 .body = testing::GrpcFrame(request.SerializeAsString())};
  Http2Options stalled = Direct();
  stalled.window_bytes = 0;
  stalled.reads = false;
  Victim victim({Direct()});
  Connections watchers;
  Attack(absl::StrCat(sizes_.stalled, " stalled watchers"), victim, Direct(),
         {.come =
              [&] {
                for (int i = 0; i < sizes_.stalled; ++i) {
                  watchers.push_back(std::make_unique<Http2Connection>(stalled));
                  watchers.back()->Call(watch);
                  watchers.back()->Send();
                }
                ExpectAllTaken();
              },
          .stay =
              [&] {
                EXPECT_EQ(CountChangesTold(kChanges), kChanges);
                std::this_thread::sleep_for(sizes_.look);
                EXPECT_EQ(CountAlive(watchers), watchers.size());
                for (const auto& watcher : watchers) EXPECT_EQ(watcher->calls_under_way(), 1u);
              },
          .leave = [&] { watchers.clear(); }});
}

TEST_F(EdgeStress, WhoListensOutlivesALackOfDescriptors) {
  constexpr rlim_t kFew = 150;
  const rlimit few{.rlim_cur = kFew, .rlim_max = kFew};
  ASSERT_EQ(prlimit(server_->pid(), RLIMIT_NOFILE, &few, nullptr), 0);
  Victim victim({Direct()});
  Connections all;
  Attack("no file descriptors", victim, Direct(),
         {.come =
              [&] {
                for (rlim_t i = 0; i < 2 * kFew; ++i) {
                  all.push_back(std::make_unique<Http2Connection>(Direct()));
                }
              },
          .stay =
              [&] {
                EXPECT_TRUE(Eventually([&all] { return CountAlive(all) < all.size(); }));
                EXPECT_FALSE(AnswersNewConnection(Direct()));
                std::this_thread::sleep_for(sizes_.look);
                SetOpenings(1);  // The store has its files.
              },
          .leave = [&] { all.clear(); }});
}

// Streams that are reset as soon as they are asked for, on a connection from each of the addresses
// and so many a second in all. A connection that the server ends is made again.
class Resetter {
 public:
  Resetter(const Http2Options& way, int addresses) {
    for (int i = 0; i < addresses; ++i) {
      ways_.push_back(way);
      ways_.back().from = absl::StrCat("127.0.1.", i + 1);
    }
    connections_.resize(ways_.size());
  }

  void Reset(int streams) {
    constexpr int kAtOnce = 20;
    constexpr int kPerSecond = 5'000;
    SteadyTime next = std::chrono::steady_clock::now();
    for (size_t i = 0; streams > 0; i = (i + 1) % ways_.size()) {
      std::this_thread::sleep_until(next);
      next += std::chrono::microseconds(1'000'000 * kAtOnce / kPerSecond);
      std::unique_ptr<Http2Connection>& connection = connections_[i];
      if (connection == nullptr || !connection->alive()) {
        connection = std::make_unique<Http2Connection>(ways_[i]);
        ++made_;
      }
      for (int stream = 0; stream < kAtOnce && connection->alive(); ++stream, --streams) {
        const int32_t number = connection->Call(RankCall());
        connection->Frame();
        connection->Reset(number);
      }
      connection->Exchange(std::chrono::nanoseconds::zero());
    }
  }

  int made() const { return made_; }

 private:
  std::vector<Http2Options> ways_;
  Connections connections_;
  int made_ = 0;
};

TEST_F(EdgeStress, ResetsThroughNginxHoldNobodyUp) {
  constexpr int kAddresses = 10;
  const EdgeNginx nginx(server_->address());
  const Http2Options through{.address = nginx.address(), .tls_ca = nginx.authority_file()};
  // From other addresses than the attacker, each within what nginx allows an address.
  std::vector<Http2Options> ways;
  for (int i = 1; i <= 8; ++i) {
    ways.push_back(through);
    ways.back().from = absl::StrCat("127.0.2.", i);
  }
  constexpr std::chrono::milliseconds kWithinRate(3);
  Victim victim(ways, kWithinRate);
  const int64_t before = nginx.ResidentMegabytes();
  Resetter resetter(through, kAddresses);
  Attack(absl::StrCat(sizes_.resets, " resets through nginx"), victim, ways.front(),
         {.stay = [&] { resetter.Reset(sizes_.resets); }});
  std::printf("  by %d connections from %d addresses; nginx %ld MB, then %ld MB\n", resetter.made(),
              kAddresses, static_cast<long>(before), static_cast<long>(nginx.ResidentMegabytes()));
}

// What the advice to let strangers come through nginx only is founded on.
TEST_F(EdgeStress, ResetsWithoutNginxEndNoServer) {
  Victim victim({Direct()});
  Resetter resetter(Direct(), 1);
  Attack(absl::StrCat(sizes_.resets, " resets without nginx"), victim, Direct(),
         {.stay = [&] { resetter.Reset(sizes_.resets); }});
}

void WaitForAnswers(Http2Connection& connection) {
  while (connection.calls_under_way() > 0 && connection.alive()) {
    connection.Exchange(std::chrono::seconds(1));
  }
}

TEST_F(EdgeStress, AMalformedBinaryHeaderCostsOneCallBehindNginx) {
  const EdgeNginx nginx(server_->address());
  Http2Connection connection({.address = nginx.address(), .tls_ca = nginx.authority_file()});
  std::vector<int> statuses(3, -1);
  connection.on_answer = [&](const Http2Answer& answer) {
    statuses[answer.tag] = answer.grpc_status;
  };
  for (uint64_t tag = 0; tag < statuses.size(); ++tag) {
    testing::Http2Call call = RankCall();
    call.tag = tag;
    if (tag == 1) call.headers.emplace_back("x-trace-bin", "!!! not Base64 !!!");
    connection.Call(call);
  }
  WaitForAnswers(connection);
  EXPECT_EQ(statuses[0], 0);
  EXPECT_NE(statuses[1], 0);
  EXPECT_EQ(statuses[2], 0);
  EXPECT_TRUE(AnswersNewConnection(Direct()));
}

// `size` zeros as gzip has them.
std::string ZerosInGzip(size_t size) {
  constexpr int kGzip = 15 + 16;
  constexpr int kMostMemory = 9;
  z_stream stream{};
  deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, kGzip, kMostMemory, Z_DEFAULT_STRATEGY);
  std::string zeros(1 << 20, '\0');
  std::string bytes(size / 900 + 1'000, '\0');
  stream.next_out = reinterpret_cast<Bytef*>(bytes.data());
  stream.avail_out = static_cast<uInt>(bytes.size());
  for (size_t done = 0; done < size; done += zeros.size()) {
    stream.next_in = reinterpret_cast<Bytef*>(zeros.data());
    stream.avail_in = static_cast<uInt>(zeros.size());
    deflate(&stream, done + zeros.size() >= size ? Z_FINISH : Z_NO_FLUSH);
  }
  bytes.resize(stream.total_out);
  deflateEnd(&stream);
  return bytes;
}

TEST_F(EdgeStress, ACompressionBombIsNotUnpacked) {
  constexpr size_t kUnpacked = 256 << 20;
  testing::Http2Call bomb = RankCall();
  bomb.body = testing::GrpcFrame(ZerosInGzip(kUnpacked), true);
  bomb.headers.emplace_back("grpc-encoding", "gzip");
  ForgetPeakMemory(server_->pid());
  const int64_t before = Megabytes();
  Http2Connection connection(Direct());
  int status = -1;
  std::string message;
  connection.on_answer = [&](const Http2Answer& answer) {
    status = answer.grpc_status;
    message = answer.grpc_message;
  };
  connection.Call(bomb);
  WaitForAnswers(connection);
  EXPECT_EQ(status, kUnimplemented) << message;
  const int64_t more = PeakMegabytes(server_->pid()) - before;
  std::printf("a bomb of %zu bytes that holds 256 MiB: %ld MB more at most\n", bomb.body.size(),
              static_cast<long>(more));
  EXPECT_LT(more, 100);
  EXPECT_TRUE(AnswersNewConnection(Direct()));
}

TEST_F(EdgeStress, NestingWithoutEndIsRefused) {
  // Groups within groups in an unknown field: every level is a byte.
  constexpr char kBeginGroup = '\x7b';  // Field 15.
  testing::Http2Call deep = RankCall();
  deep.body = testing::GrpcFrame(std::string(3 << 20, kBeginGroup));
  Http2Connection connection(Direct());
  int status = -1;
  connection.on_answer = [&](const Http2Answer& answer) { status = answer.grpc_status; };
  connection.Call(deep);
  WaitForAnswers(connection);
  constexpr int kInvalidArgument = 3;
  EXPECT_EQ(status, kInvalidArgument);
  EXPECT_TRUE(AnswersNewConnection(Direct()));
}

}  // namespace
}  // namespace leye::faults
