// Scans of the Redis engine, whose replies are several on their way at a time: records that cannot
// be read, connections that break or stop in the middle of a page.

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "gtest/gtest.h"

#include "services/base/logging.h"
#include "services/base/random.h"
#include "services/base/status.h"
#include "services/store/redis_connection.h"
#include "services/store/redis_store.h"
#include "tests/testing/fake_clock.h"
#include "tests/testing/faulty_network.h"
#include "tests/testing/redis_server.h"
#include "tests/testing/status_matchers.h"

namespace leye::store {
namespace {

using absl::StatusCode;
using leye::testing::Eventually;
using leye::testing::FailsWith;
using leye::testing::FaultyNetwork;
using leye::testing::IsOk;
using leye::testing::RedisServer;

constexpr Region kScanned = Region::FromNumber(13);
constexpr absl::Duration kLongWait = absl::Seconds(60);

class RedisScan : public ::testing::Test {
 protected:
  absl::StatusOr<std::unique_ptr<Store>> Open(const std::string& address,
                                              RedisOptions options = {}) {
    options.addresses = {address};
    options.connect_timeout = absl::Seconds(20);
    return OpenRedisStore(options, {clock_, random_, log_});
  }

  static absl::Status Put(Store& store, const std::set<std::string>& names) {
    CommitRequest request{.region = kScanned};
    for (const std::string& name : names) {
      Envelope envelope;
      envelope.set_open(std::string(300, 'x'));
      request.mutations.push_back(
          Mutation::Put(Kind::kCandidate, name, std::move(envelope), Precondition::Any()));
    }
    return store.Commit(request).status();
  }

  // Fills Hebei with more than is on its way at a time; the names.
  static std::set<std::string> Fill(Store& store) {
    std::set<std::string> names;
    for (int i = 0; i < 3'000; ++i) names.insert(absl::StrCat("person ", i));
    EXPECT_THAT(Put(store, names), IsOk());
    return names;
  }

  static absl::StatusOr<std::set<std::string>> NamesIn(Store& store) {
    std::set<std::string> names;
    RegionScanRequest request{.region = kScanned, .limit = 2'000};
    do {
      LEYE_ASSIGN_OR_RETURN(OpenScanPage page, store.ScanOpen(request));
      for (size_t i = 0; i < page.records.size(); ++i) names.emplace(page.records[i].name);
      request.cursor = std::move(page.next_cursor);
    } while (!request.cursor.empty());
    return names;
  }

  // In the end: on a machine that stands still a connection may time out.
  static bool HoldsAll(Store& store, const std::set<std::string>& names) {
    return Eventually([&] {
      const absl::StatusOr<std::set<std::string>> scanned = NamesIn(store);
      if (!scanned.ok()) return false;
      EXPECT_EQ(*scanned, names);
      return true;
    });
  }

  leye::testing::FakeClock clock_;
  SystemRandom random_;
  Logger log_ = Logger::Discard();
};

TEST_F(RedisScan, RecordThatCannotBeReadIsToldAlikeByEveryScan) {
  const RedisServer server;
  LEYE_ASSERT_OK_AND_ASSIGN(const auto store, Open(server.address()));
  const auto corrupt = FailsWith(StatusCode::kDataLoss, "STORE_CORRUPT");
  const std::string key = "{r13}:record:03:b";
  const std::vector<std::vector<std::string>> damages = {
      {"DEL", key}, {"SET", key, "short"}, {"LPUSH", key, "foreign"}};
  for (const std::vector<std::string>& damage : damages) {
    server.Ask({"DEL", key});
    ASSERT_THAT(Put(*store, {"a", "b", "c"}), IsOk());
    ASSERT_EQ(store->ScanOpen({.region = kScanned})->records.size(), 3u);
    if (damage.front() == "LPUSH") server.Ask({"DEL", key});
    server.Ask(damage);
    EXPECT_THAT(store->Scan({.region = kScanned, .kind = Kind::kCandidate}), corrupt);
    EXPECT_THAT(store->ScanRegion({.region = kScanned}), corrupt) << damage.front();
    EXPECT_THAT(store->ScanOpen({.region = kScanned}), corrupt) << damage.front();
  }
}

TEST_F(RedisScan, ScansGoOverTheConnectionsThatThereAre) {
  const RedisServer server;
  LEYE_ASSERT_OK_AND_ASSIGN(const auto store, Open(server.address(), {.max_connections = 1}));
  const std::set<std::string> names = Fill(*store);
  const auto count_connections = [&server] {
    const std::vector<std::string> lines = absl::StrSplit(server.Ask({"INFO", "stats"}), "\r\n");
    return *std::find_if(lines.begin(), lines.end(), [](const std::string& line) {
      return absl::StartsWith(line, "total_connections_received:");
    });
  };
  const std::string before = count_connections();
  for (int i = 0; i < 10; ++i) EXPECT_EQ(*NamesIn(*store), names);
  int asked = 0;
  ASSERT_TRUE(absl::SimpleAtoi(before.substr(before.find(':') + 1), &asked));
  // One more, which asks for the number.
  EXPECT_EQ(count_connections(), absl::StrCat("total_connections_received:", asked + 1));
}

TEST_F(RedisScan, ScanWhoseConnectionBreaksIsWholeOrUnavailable) {
  const RedisServer server({.port = leye::testing::kAnyPort});
  FaultyNetwork network(server.address());
  LEYE_ASSERT_OK_AND_ASSIGN(const auto store, Open(network.address()));
  const std::set<std::string> names = Fill(*store);
  std::atomic<bool> done = false;
  std::thread breaker([&] {
    for (int i = 0; !done; ++i) {
      absl::SleepFor(absl::Milliseconds(i % 100));
      network.HangUp();
    }
  });
  int whole = 0;
  for (int i = 0; i < 60; ++i) {
    const absl::StatusOr<std::set<std::string>> scanned = NamesIn(*store);
    if (scanned.ok()) {
      EXPECT_EQ(*scanned, names);
      ++whole;
    } else {
      EXPECT_THAT(scanned.status(), FailsWith(StatusCode::kUnavailable, "STORE_IO_ERROR"));
      absl::SleepFor(absl::Milliseconds(10));
    }
  }
  done = true;
  breaker.join();
  std::printf("%d of 60 scans went through\n", whole);
  EXPECT_TRUE(HoldsAll(*store, names));
}

TEST_F(RedisScan, ScanThatStopsInTheMiddleIsUnavailableAndThenGoesOn) {
  const RedisServer server({.port = leye::testing::kAnyPort});
  FaultyNetwork network(server.address());
  LEYE_ASSERT_OK_AND_ASSIGN(const auto store,
                            Open(network.address(), {.call_timeout = absl::Seconds(1)}));
  const std::set<std::string> names = Fill(*store);
  EXPECT_TRUE(HoldsAll(*store, names));
  network.Become(FaultyNetwork::State::kTrickle);  // Names come, records do not.
  EXPECT_THAT(NamesIn(*store), FailsWith(StatusCode::kUnavailable, "STORE_IO_ERROR"));
  network.Become(FaultyNetwork::State::kGood);
  EXPECT_TRUE(HoldsAll(*store, names));
}

// Answers of a page that was given up would be taken for those of the next.
TEST_F(RedisScan, ConnectionThatOwesRepliesIsNotUsedAgain) {
  const RedisServer server;
  LEYE_ASSERT_OK_AND_ASSIGN(const redis::Address address, redis::Address::Parse(server.address()));
  const SteadyTime deadline = SteadyDeadline(kLongWait);
  LEYE_ASSERT_OK_AND_ASSIGN(const auto connection, redis::Connection::Open(address, {}, deadline));
  EXPECT_TRUE(connection->usable());
  ASSERT_THAT(connection->Send({"PING"}, deadline), IsOk());
  EXPECT_FALSE(connection->usable());
  ASSERT_THAT(connection->Receive(deadline), IsOk());
  EXPECT_TRUE(connection->usable());
}

}  // namespace
}  // namespace leye::store
