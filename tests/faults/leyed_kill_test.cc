// SIGKILL of leyed again and again in the middle of writes: everything acknowledged is there, and a
// call whose answer never came has one effect when it is asked again. On Redis a second leyed goes
// on meanwhile and is asked; on the embedded store it is the same one, started again.

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "leye/v1/candidate.pb.h"
#include "services/base/clock.h"
#include "tests/e2e/client.h"
#include "tests/e2e/server_in_process.h"
#include "tests/e2e/server_process.h"
#include "tests/e2e/small_world.h"
#include "tests/faults/back_times.h"
#include "tests/faults/budget.h"
#include "tests/testing/redis_server.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"

namespace leye::faults {
namespace {

using e2e::Client;
using e2e::ServerProcess;

using Names = std::multiset<std::string>;

enum class Engine { kSqlite, kRedis };

class LeyedKill : public ::testing::TestWithParam<Engine> {
 protected:
  LeyedKill() {
    if (GetParam() == Engine::kSqlite) return;
    redis_.emplace();
    other_ = Start();
  }

  std::unique_ptr<ServerProcess> Start() const {
    std::vector<std::string> arguments{"--listen=127.0.0.1:0", "--data-dir=" + folder_.path()};
    if (redis_) {
      // Patient, however busy the machine is.
      arguments = {"--listen=127.0.0.1:0", "--store=redis", "--redis-connect-timeout=20s",
                   "--redis-call-timeout=60s", absl::StrCat("--redis-address=", redis_->address())};
    }
    auto server = std::make_unique<ServerProcess>(arguments);
    EXPECT_TRUE(server->WaitUntilServing()) << server->errors();
    return server;
  }

  static Client ClientOf(const ServerProcess& server) {
    return Client(e2e::Connect(server.address()));
  }

  // The name that the server gave to candidate number `number`.
  static absl::StatusOr<std::string> Create(const Client& client, uint64_t number) {
    v1::CreateCandidateRequest request;
    request.set_parent("regions/13");
    request.set_request_id(absl::StrCat("kill-", number));
    *request.mutable_candidate() = e2e::SomeCandidate();
    const auto answer = client.Call<v1::CreateCandidateResponse>(request);
    if (!answer.ok()) return answer.status();
    return answer->candidate().name();
  }

  // Through `server` until it is killed: the last call has no answer.
  void CreateUntilKilled(const ServerProcess& server, uint64_t kill_after) {
    std::atomic<uint64_t> answers = 0;
    std::thread killer([&] {
      EXPECT_TRUE(testing::Eventually([&] { return answers >= kill_after; }));
      server.Signal(SIGKILL);
    });
    const Client client = ClientOf(server);
    while (true) {
      const absl::StatusOr<std::string> name = Create(client, next_);
      if (!name.ok()) {
        EXPECT_THAT(name, testing::StatusIs(absl::StatusCode::kUnavailable));
        break;
      }
      created_.insert(*name);
      new_.add_names(*name);
      ++next_;
      ++answers;
    }
    killer.join();
  }

  void AskAgain(const ServerProcess& server) {
    const absl::StatusOr<std::string> again = Create(ClientOf(server), next_++);
    EXPECT_THAT(again, testing::IsOk());
    if (again.ok()) created_.insert(*again);
  }

  // What this round made can be read through `server`.
  void ExpectNewOnesThrough(const ServerProcess& server) {
    new_.set_parent("regions/13");
    if (new_.names_size() > 0) {
      EXPECT_THAT(ClientOf(server).Call<v1::BatchGetCandidatesResponse>(new_), testing::IsOk());
    }
    new_.Clear();
  }

  static Names ListThrough(const ServerProcess& server) {
    Names names;
    v1::ListCandidatesRequest request;
    request.set_parent("regions/13");
    request.set_page_size(1'000);
    const Client client = ClientOf(server);
    do {
      const auto page = client.Call<v1::ListCandidatesResponse>(request);
      EXPECT_THAT(page, testing::IsOk());
      if (!page.ok()) break;
      for (const v1::Candidate& candidate : page->candidates()) names.insert(candidate.name());
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return names;
  }

  const uint64_t seed_ = FaultSeed();
  std::mt19937_64 random_{seed_};
  const testing::TempDir folder_;
  std::optional<testing::RedisServer> redis_;
  std::unique_ptr<ServerProcess> other_;  // On Redis.
  Names created_;
  v1::BatchGetCandidatesRequest new_;
  uint64_t next_ = 0;
};

TEST_P(LeyedKill, NothingAcknowledgedIsLostNorDoneTwice) {
  SCOPED_TRACE(absl::StrCat("LEYE_FAULT_SEED=", seed_));
  std::unique_ptr<ServerProcess> victim = Start();
  ASSERT_THAT(e2e::MakeSmallWorld(ClientOf(*victim)), testing::IsOk());
  created_ = ListThrough(*victim);
  const SystemClock clock;
  BackTimes back;
  absl::Duration longest_end;  // A process that waits for the disk ends when it has it.
  for (Budget budget(3); budget.Next() && !HasFailure();) {
    CreateUntilKilled(*victim, random_() % 40);
    if (other_) AskAgain(*other_);
    const absl::Time killed = clock.Now();
    victim->WaitForExit();
    longest_end = std::max(longest_end, clock.Now() - killed);
    victim = Start();
    back.Add(clock.Now() - killed);
    if (!other_) AskAgain(*victim);
    ExpectNewOnesThrough(*victim);
  }
  EXPECT_EQ(ListThrough(*victim), created_);
  std::printf("leyed killed %zu times: created %zu, lost 0, ended in %.1f s (longest), %s\n",
              back.size(), created_.size(), absl::ToDoubleSeconds(longest_end),
              back.Text().c_str());
}

TEST_P(LeyedKill, AskingAgainUnderAnotherRequestIdIsCaughtDoingItTwice) {
  SCOPED_TRACE(absl::StrCat("LEYE_FAULT_SEED=", seed_));
  constexpr int kMostKills = 60;
  std::unique_ptr<ServerProcess> victim = Start();
  ASSERT_THAT(e2e::MakeSmallWorld(ClientOf(*victim)), testing::IsOk());
  created_ = ListThrough(*victim);
  bool twice = false;
  for (int kills = 0; kills < kMostKills && !twice && !HasFailure(); ++kills) {
    CreateUntilKilled(*victim, random_() % 20);
    victim->WaitForExit();
    victim = Start();
    ++next_;  // The request id of the call that had no answer, which perhaps was done.
    AskAgain(*victim);
    twice = ListThrough(*victim) != created_;
  }
  EXPECT_TRUE(twice) << "the test cannot see what is done twice";
}

INSTANTIATE_TEST_SUITE_P(Stores, LeyedKill, ::testing::Values(Engine::kSqlite, Engine::kRedis),
                         [](const auto& store) {
                           return store.param == Engine::kSqlite ? "Sqlite" : "Redis";
                         });

}  // namespace
}  // namespace leye::faults
