// What only the Redis engine does: servers that are unsafe, full, slow, foreign or not allowed.

#include "services/store/redis_store.h"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "services/base/logging.h"
#include "services/base/random.h"
#include "services/store/redis_keys.h"
#include "tests/testing/fake_clock.h"
#include "tests/testing/redis_server.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"

namespace leye::store {
namespace {

using absl::StatusCode;
using leye::testing::Eventually;
using leye::testing::FailsWith;
using leye::testing::IsOk;
using leye::testing::RedisServer;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr Region kHebei = Region::FromNumber(13);
constexpr absl::Duration kPatience = absl::Seconds(60);

class RedisStoreTest : public ::testing::Test {
 protected:
  absl::StatusOr<std::unique_ptr<Store>> Open(const RedisServer& server,
                                              RedisOptions options = {}) {
    options.addresses = {server.address()};
    // However busy the machine is, unless the test is about a time-out.
    if (options.call_timeout == RedisOptions().call_timeout) options.call_timeout = kPatience;
    options.connect_timeout = absl::Seconds(20);
    return OpenRedisStore(options, {clock_, random_, log_});
  }

  // Until it is done: with a short time-out once need not be enough.
  static bool PutInTheEnd(Store& store, const std::string& name, const std::string& open,
                          const std::string& request_id) {
    return Eventually([&] { return Put(store, name, open, request_id).ok(); });
  }
  static Revision HeadInTheEnd(Store& store) {
    Revision head;
    EXPECT_TRUE(Eventually([&] {
      const absl::StatusOr<Revision> read = store.Head(kHebei);
      if (read.ok()) head = *read;
      return read.ok();
    }));
    return head;
  }

  static absl::StatusOr<CommitResult> Put(Store& store, const std::string& name,
                                          const std::string& open,
                                          const std::string& request_id = "") {
    Envelope envelope;
    envelope.set_open(open);
    CommitRequest request{.region = kHebei, .request_id = request_id};
    request.mutations.push_back(
        Mutation::Put(Kind::kCandidate, name, envelope, Precondition::Any()));
    return store.Commit(request);
  }

  leye::testing::FakeClock clock_;
  SystemRandom random_;
  std::string lines_;
  Logger log_ =
      Logger::ToFunction(LogLevel::kWarning, [this](const std::string& line) { lines_ += line; });
};

TEST_F(RedisStoreTest, UnsafeServerIsRefusedNamingEverySetting) {
  const RedisServer server(
      {.settings = {{"appendfsync", "everysec"}, {"maxmemory-policy", "allkeys-lru"}}});
  const absl::Status status = Open(server, {.replicas = 1}).status();
  EXPECT_THAT(status, FailsWith(StatusCode::kFailedPrecondition, "UNSAFE_SERVER"));
  EXPECT_THAT(std::string(status.message()),
              AllOf(HasSubstr("appendfsync is everysec"), HasSubstr("maxmemory-policy"),
                    HasSubstr("min-replicas-to-write is 0"), Not(HasSubstr("appendonly"))));
}

TEST_F(RedisStoreTest, UnsafeServerIsOnlyWarnedOfWhenAsked) {
  const RedisServer server({.settings = {{"appendonly", "no"}}});
  LEYE_ASSERT_OK_AND_ASSIGN(const auto store, Open(server, {.unsafe_server = UnsafeServer::kWarn}));
  EXPECT_THAT(lines_, HasSubstr("appendonly is no"));
  EXPECT_THAT(Put(*store, "a", "1"), IsOk());
}

TEST_F(RedisStoreTest, ReplicaIsNoPrimary) {
  const RedisServer primary({.port = leye::testing::kAnyPort});
  const RedisServer replica(
      {.settings = {{"replicaof", absl::StrCat("127.0.0.1 ", primary.port())}}});
  const absl::Status status = Open(replica).status();
  EXPECT_THAT(status, FailsWith(StatusCode::kUnavailable, "STORE_IO_ERROR"));
  EXPECT_THAT(std::string(status.message()), HasSubstr("no primary"));
}

TEST_F(RedisStoreTest, MissingPermissionShowsAtTheStart) {
  const RedisServer server;
  std::ofstream(server.File("password")) << "secret\n";
  const RedisOptions options{.user = "leye", .password_file = server.File("password")};
  EXPECT_THAT(Open(server, options), FailsWith(StatusCode::kUnavailable, "STORE_IO_ERROR"));
  server.Ask({"ACL", "SETUSER", "leye", "on", ">secret", "~{r*", "&leye:*", "+@all", "-zadd"});
  const absl::Status status = Open(server, options).status();
  EXPECT_THAT(status, FailsWith(StatusCode::kFailedPrecondition, "STORE_ACCESS_DENIED"));
  server.Ask({"ACL", "SETUSER", "leye", "+zadd"});
  EXPECT_THAT(Open(server, options), IsOk());
}

TEST_F(RedisStoreTest, PasswordFileThatIsMissingIsNamed) {
  const RedisServer server;
  const absl::Status status = Open(server, {.password_file = server.File("none")}).status();
  EXPECT_THAT(status, FailsWith(StatusCode::kFailedPrecondition, "PASSWORD_FILE"));
  EXPECT_THAT(std::string(status.message()), HasSubstr("none"));
}

TEST_F(RedisStoreTest, FullMemoryIsAnErrorThatLeavesEverythingReadable) {
  const RedisServer server;
  LEYE_ASSERT_OK_AND_ASSIGN(const auto store, Open(server));
  ASSERT_THAT(Put(*store, "a", "1", "first"), IsOk());
  server.Ask({"CONFIG", "SET", "maxmemory", "1mb"});
  EXPECT_THAT(Put(*store, "a", "2"), FailsWith(StatusCode::kResourceExhausted, "STORE_FULL"));
  EXPECT_EQ(store->Get(kHebei, {Kind::kCandidate, "a"})->envelope.open(), "1");
  EXPECT_THAT(store->TrimLog(kHebei, 2), IsOk());
  EXPECT_EQ(server.Ask({"XLEN", "{r13}:log"}), "1\n") << "a remembered request needs it";
  clock_.Advance(kRequestMemory + absl::Seconds(1));
  EXPECT_THAT(store->TrimLog(kHebei, 2), IsOk());
  EXPECT_EQ(server.Ask({"EXISTS", "{r13}:requests", "{r13}:request:first"}), "0\n");
  server.Ask({"CONFIG", "SET", "maxmemory", "0"});
  LEYE_ASSERT_OK_AND_ASSIGN(const CommitResult result, Put(*store, "a", "2"));
  EXPECT_EQ(result.revision.sequence, 2u);
}

TEST_F(RedisStoreTest, ForeignKeyIsCorruptionAndNothingIsWritten) {
  const RedisServer server;
  LEYE_ASSERT_OK_AND_ASSIGN(const auto store, Open(server));
  ASSERT_THAT(Put(*store, "a", "1"), IsOk());
  server.Ask({"LPUSH", "{r13}:record:03:b", "foreign"});
  EXPECT_THAT(Put(*store, "b", "2"), FailsWith(StatusCode::kDataLoss, "STORE_CORRUPT"));
  EXPECT_EQ(store->Head(kHebei)->sequence, 1u);
}

TEST_F(RedisStoreTest, PausedServerIsUnavailableInTimeAndComesBackByItself) {
  RedisServer server;
  LEYE_ASSERT_OK_AND_ASSIGN(const auto store, Open(server, {.call_timeout = absl::Seconds(1)}));
  ASSERT_TRUE(PutInTheEnd(*store, "a", "1", "first"));
  server.Pause();
  EXPECT_THAT(Put(*store, "a", "2", "second"), leye::testing::StatusIs(StatusCode::kUnavailable));
  EXPECT_THAT(store->Get(kHebei, {Kind::kCandidate, "a"}),
              FailsWith(StatusCode::kUnavailable, "STORE_IO_ERROR"));
  LEYE_ASSERT_OK_AND_ASSIGN(const Heads known, store->WaitForChange({}, absl::ZeroDuration()));
  EXPECT_TRUE(Eventually([&] { return !store->WaitForChange(known, absl::ZeroDuration()).ok(); }));
  server.Resume();
  // Whether the commit happened or not, asking again has one effect.
  EXPECT_TRUE(PutInTheEnd(*store, "a", "2", "second"));
  EXPECT_EQ(HeadInTheEnd(*store).sequence, 2u);
}

TEST_F(RedisStoreTest, CallsThatWaitForAConnectionAreRefusedInTime) {
  RedisServer server;
  LEYE_ASSERT_OK_AND_ASSIGN(const auto store,
                            Open(server, {.max_connections = 1, .call_timeout = absl::Seconds(1)}));
  server.Pause();
  std::vector<absl::Status> outcomes(3);
  std::vector<std::thread> threads;
  for (absl::Status& outcome : outcomes) {
    threads.emplace_back([&] { outcome = store->Get(kHebei, {Kind::kCandidate, "a"}).status(); });
  }
  for (std::thread& thread : threads) thread.join();
  for (const absl::Status& outcome : outcomes) {
    EXPECT_FALSE(outcome.ok() || outcome.message().empty());
  }
  server.Resume();
}

TEST_F(RedisStoreTest, RestartOfTheServerBeginsANewEpochWhileTheStoreIsOpen) {
  RedisServer server;
  LEYE_ASSERT_OK_AND_ASSIGN(const auto store, Open(server));
  ASSERT_THAT(Put(*store, "a", "1"), IsOk());
  LEYE_ASSERT_OK_AND_ASSIGN(const Revision before, store->Head(kHebei));
  server.Kill();
  server.Start();
  EXPECT_TRUE(PutInTheEnd(*store, "a", "2", "second"));
  LEYE_ASSERT_OK_AND_ASSIGN(const Revision after, store->Head(kHebei));
  EXPECT_GT(after.epoch, before.epoch);
  EXPECT_EQ(after.sequence, 2u);
  EXPECT_THAT(store->ReadLog(kHebei, before, 10),
              FailsWith(StatusCode::kOutOfRange, "EPOCH_CHANGED"));
}

TEST_F(RedisStoreTest, OneProcessSeesWhatAnotherCommits) {
  const RedisServer server;
  LEYE_ASSERT_OK_AND_ASSIGN(const auto one, Open(server));
  LEYE_ASSERT_OK_AND_ASSIGN(const auto two, Open(server));
  std::thread writer([&] { EXPECT_THAT(Put(*one, "a", "1"), IsOk()); });
  LEYE_ASSERT_OK_AND_ASSIGN(const Heads heads, two->WaitForChange({}, absl::Hours(1)));
  writer.join();
  EXPECT_EQ(heads.at(kHebei).sequence, 1u);
  EXPECT_EQ(two->Get(kHebei, {Kind::kCandidate, "a"})->envelope.open(), "1");
}

TEST_F(RedisStoreTest, AcknowledgesOnlyWhatAReplicaHas) {
  const RedisServer primary({.port = leye::testing::kAnyPort});
  const RedisOptions options{
      .replicas = 1, .unsafe_server = UnsafeServer::kWarn, .call_timeout = absl::Milliseconds(600)};
  LEYE_ASSERT_OK_AND_ASSIGN(const auto store, Open(primary, options));
  EXPECT_THAT(Put(*store, "a", "1", "request"),
              FailsWith(StatusCode::kUnavailable, "OUTCOME_UNKNOWN"));
  // It is there, but no answer may say so: a failover could still lose it.
  EXPECT_THAT(store->FindRequest(kHebei, "request", ""),
              FailsWith(StatusCode::kUnavailable, "OUTCOME_UNKNOWN"));
  const RedisServer replica(
      {.settings = {{"replicaof", absl::StrCat("127.0.0.1 ", primary.port())}}});
  EXPECT_TRUE(PutInTheEnd(*store, "a", "1", "request"));
  EXPECT_EQ(HeadInTheEnd(*store).sequence, 1u);
  EXPECT_TRUE(Eventually([&] {
    const auto found = store->FindRequest(kHebei, "request", "");
    return found.ok() && found->has_value();
  }));
}

// The replica is there, and behind: what it lacks may still be lost, so nobody may hear of it.
TEST_F(RedisStoreTest, RetryIsNotAnsweredWithWhatAReplicaThatLagsHasNot) {
  const RedisServer primary({.port = leye::testing::kAnyPort});
  RedisServer replica({.settings = {{"replicaof", absl::StrCat("127.0.0.1 ", primary.port())}}});
  const RedisOptions options{
      .replicas = 1, .unsafe_server = UnsafeServer::kWarn, .call_timeout = absl::Seconds(2)};
  LEYE_ASSERT_OK_AND_ASSIGN(const auto store, Open(primary, options));
  ASSERT_TRUE(PutInTheEnd(*store, "a", "1", "first"));
  replica.Pause();
  for (int i = 0; i < 2; ++i) {
    EXPECT_THAT(Put(*store, "b", "2", "second"),
                FailsWith(StatusCode::kUnavailable, "OUTCOME_UNKNOWN"));
    EXPECT_THAT(store->FindRequest(kHebei, "second", ""),
                FailsWith(StatusCode::kUnavailable, "OUTCOME_UNKNOWN"));
  }
  replica.Resume();
  EXPECT_TRUE(PutInTheEnd(*store, "b", "2", "second"));
  EXPECT_EQ(HeadInTheEnd(*store).sequence, 2u);
}

// A region of one record and one request, remembered since `time`.
RestoreStep WholeRegion(Region region, absl::Time time) {
  RestoreStep step{.region = region,
                   .restore_id = "move",
                   .revision = {.epoch = 7, .sequence = 3},
                   .next_number = 2,
                   .last = true};
  step.records.push_back({Kind::kCandidate, "a", 1, 3, Envelope()});
  step.requests.push_back({.request_id = "request",
                           .time = time,
                           .sequence = 3,
                           .changes = {{{Kind::kCandidate, "a"}, 1, Envelope()}}});
  return step;
}

TEST_F(RedisStoreTest, RestoreIsAcknowledgedOnlyWhenAReplicaHasIt) {
  const RedisServer primary({.port = leye::testing::kAnyPort});
  const RedisOptions options{
      .replicas = 1, .unsafe_server = UnsafeServer::kWarn, .call_timeout = absl::Milliseconds(600)};
  LEYE_ASSERT_OK_AND_ASSIGN(const auto store, Open(primary, options));
  RestoreStep step = WholeRegion(kHebei, clock_.Now());
  step.last = false;
  for (int i = 0; i < 2; ++i) {
    EXPECT_THAT(store->Restore(step), FailsWith(StatusCode::kUnavailable, "OUTCOME_UNKNOWN"));
    EXPECT_THAT(store->ScanRequests(kHebei, "", 1),
                FailsWith(StatusCode::kUnavailable, "OUTCOME_UNKNOWN"));
  }
  const RedisServer replica(
      {.settings = {{"replicaof", absl::StrCat("127.0.0.1 ", primary.port())}}});
  EXPECT_TRUE(Eventually([&] { return store->Restore(step).ok(); }));
  EXPECT_TRUE(Eventually([&] { return store->ScanRequests(kHebei, "", 1).ok(); }));
}

TEST_F(RedisStoreTest, RestoreIsRefusedWhereARegionHasLeftKeysBehind) {
  const RedisServer server;
  LEYE_ASSERT_OK_AND_ASSIGN(const auto store, Open(server));
  ASSERT_THAT(Put(*store, "other", "1", "other request"), IsOk());
  server.Ask({"DEL", redis::MetaKey(kHebei)});
  for (const std::string& left :
       {redis::NamesKey(kHebei), redis::RequestsKey(kHebei), redis::LogKey(kHebei)}) {
    EXPECT_THAT(store->Restore(WholeRegion(kHebei, clock_.Now())),
                FailsWith(StatusCode::kDataLoss, "STORE_CORRUPT"));
    EXPECT_EQ(server.Ask({"EXISTS", left}), "1\n");
    server.Ask({"DEL", left});
  }
  EXPECT_THAT(store->Restore(WholeRegion(kHebei, clock_.Now())), IsOk());
}

// After a failover or a restart the epoch is another, and it is above the one that was brought.
TEST_F(RedisStoreTest, EpochThatWasBroughtIsGoneOnFromUpwards) {
  RedisServer server;
  RestoreStep step = WholeRegion(kHebei, clock_.Now());
  step.revision.epoch = kMaxEpoch / 2;
  {
    LEYE_ASSERT_OK_AND_ASSIGN(const auto store, Open(server));
    ASSERT_THAT(store->Restore(step), IsOk());
    EXPECT_EQ(*store->Head(kHebei), step.revision);
  }
  server.Kill();
  server.Start();
  LEYE_ASSERT_OK_AND_ASSIGN(const auto store, Open(server));
  LEYE_ASSERT_OK_AND_ASSIGN(const CommitResult next, Put(*store, "b", "2"));
  EXPECT_GT(next.revision.epoch, step.revision.epoch);
  EXPECT_LT(next.revision.epoch, kMaxEpoch);
  EXPECT_EQ(next.revision.sequence, step.revision.sequence + 1);
  EXPECT_TRUE(Put(*store, "a", "", "request")->replayed);
}

// The files of deploy/redis, with a password of the test's.
class ShippedRedis : public RedisStoreTest {
 protected:
  ShippedRedis() {
    constexpr char kSha256OfSecret[] =
        "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b";
    std::ofstream(dir_.File("password")) << "secret\n";
    std::ifstream shipped(absl::StrCat(Folder(), "users.acl"));
    const std::string users{std::istreambuf_iterator<char>(shipped), {}};
    std::ofstream(dir_.File("users.acl"))
        << absl::StrReplaceAll(users, {{std::string(64, '0'), kSha256OfSecret}});
  }

  static std::string Folder() {
    return absl::StrCat(std::getenv("LEYE_SOURCE_DIR"), "/deploy/redis/");
  }

  leye::testing::RedisServerOptions With(const std::string& file) const {
    // The folder that "include" is relative to is the one that the test runs in.
    std::ofstream(dir_.File(file)) << "include " << Folder() << "redis.conf\n"
                                   << Rest(absl::StrCat(Folder(), file));
    return {.settings = {{"aclfile", dir_.File("users.acl")}}, .config_file = dir_.File(file)};
  }

  // What the file says beside what it includes.
  static std::string Rest(const std::string& path) {
    std::ifstream file(path);
    std::string rest;
    for (std::string line; std::getline(file, line);) {
      if (!absl::StartsWith(line, "include ")) absl::StrAppend(&rest, line, "\n");
    }
    return rest;
  }

  RedisOptions AsLeye() const { return {.user = "leye", .password_file = dir_.File("password")}; }

  leye::testing::TempDir dir_;
};

TEST_F(ShippedRedis, IsSafeAndGivesTheUserAllThatTheStoreNeeds) {
  const RedisServer server(With("redis.conf"));
  LEYE_ASSERT_OK_AND_ASSIGN(const auto store, Open(server, AsLeye()));
  ASSERT_THAT(Put(*store, "a", "1", "request"), IsOk());
  EXPECT_TRUE(Put(*store, "a", "1", "request")->replayed);
  EXPECT_THAT(store->ScanRegion({.region = kHebei}), IsOk());
  EXPECT_EQ(store->ReadLog(kHebei, {}, 10)->size(), 1u);
  EXPECT_THAT(store->HoldLog({kHebei, "test", 2, absl::Minutes(1)}), IsOk());
  EXPECT_THAT(store->TrimLog(kHebei, 2), IsOk());
  EXPECT_EQ(store->ScanRequests(kHebei, "", 10)->requests.size(), 1u);
  EXPECT_THAT(store->Restore(WholeRegion(Region::FromNumber(44), clock_.Now())), IsOk());
  CommitRequest request{.region = kHebei};
  request.mutations.push_back(Mutation::Delete(Kind::kCandidate, "a", Precondition::Any()));
  EXPECT_THAT(store->Commit(request), IsOk());
}

TEST_F(ShippedRedis, HasEveryCommitAfterARestart) {
  RedisServer server(With("redis.conf"));
  LEYE_ASSERT_OK_AND_ASSIGN(auto store, Open(server, AsLeye()));
  ASSERT_THAT(Put(*store, "a", "1", "request"), IsOk());
  store.reset();
  server.Kill();
  server.Start();
  LEYE_ASSERT_OK_AND_ASSIGN(store, Open(server, AsLeye()));
  EXPECT_TRUE(Put(*store, "a", "1", "request")->replayed);
}

TEST_F(ShippedRedis, LetsNobodyInWithoutAPassword) {
  const RedisServer server(With("redis.conf"));
  EXPECT_THAT(Open(server), FailsWith(StatusCode::kUnavailable, "STORE_IO_ERROR"));
  EXPECT_THAT(server.Ask({"GET", "{r13}:meta"}), HasSubstr("NOAUTH"));
}

TEST_F(ShippedRedis, WithAReplicaIsSafeAndTakesNoCommitWithoutOne) {
  const RedisServer server(With("replicated.conf"));
  RedisOptions options = AsLeye();
  options.replicas = 1;
  LEYE_ASSERT_OK_AND_ASSIGN(const auto store, Open(server, options));
  const absl::Status status = Put(*store, "a", "1").status();
  EXPECT_THAT(status, FailsWith(StatusCode::kUnavailable, "STORE_IO_ERROR"));
  EXPECT_THAT(std::string(status.message()), HasSubstr("NOREPLICAS"));
  EXPECT_EQ(*store->Head(kHebei), Revision());
}

TEST(RedisKeys, SlotsAreThoseOfTheClusterSpecification) {
  EXPECT_EQ(redis::SlotOfKey("123456789"), 0x31c3);
  EXPECT_EQ(redis::SlotOfKey("{user1000}.following"), redis::SlotOfKey("{user1000}.followers"));
  EXPECT_EQ(redis::SlotOfKey("foo{}{bar}"), redis::SlotOfKey("foo{}{bar}"));
  EXPECT_NE(redis::SlotOfKey("foo{}{bar}"), redis::SlotOfKey("bar"));
  EXPECT_EQ(redis::SlotOfKey("foo{{bar}}zap"), redis::SlotOfKey("{bar"));
}

}  // namespace
}  // namespace leye::store
