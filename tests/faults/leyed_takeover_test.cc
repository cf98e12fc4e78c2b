// Two leyed behind which a replica takes over that lacks the last commits: both leave the history
// that is no more, answer from the one that went on, and refuse revisions of the other.

#include <csignal>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "leye/v1/candidate.pb.h"
#include "leye/v1/match.pb.h"
#include "services/store/redis_keys.h"
#include "services/store/region.h"
#include "tests/e2e/client.h"
#include "tests/e2e/server_in_process.h"
#include "tests/e2e/server_process.h"
#include "tests/e2e/small_world.h"
#include "tests/testing/redis_groups.h"
#include "tests/testing/redis_server.h"
#include "tests/testing/status_matchers.h"

namespace leye::faults {
namespace {

using e2e::NameOf;
using testing::Eventually;
using testing::FailsWith;
using ::testing::HasSubstr;
using testing::IsOk;
using ::testing::Not;
using testing::RedisCluster;
using testing::RedisSentinel;
using testing::RedisServer;

enum class Group { kSentinel, kCluster };

// What a leyed ranks for the posting "sewing".
struct Ranked {
  std::string people;    // Names, each with a blank after it.
  std::string revision;  // Of region 13.
};

uint64_t EpochOf(const std::string& token) { return store::ParseToken(token)->revision.epoch; }
uint64_t SequenceOf(const std::string& token) {
  return store::ParseToken(token)->revision.sequence;
}

// The value of `field` in what the server says of its replication.
std::string ReplicationOf(const RedisServer& server, absl::string_view field) {
  for (const absl::string_view line :
       absl::StrSplit(server.Ask({"INFO", "replication"}), absl::ByAnyChar("\r\n"))) {
    const std::vector<std::string> parts = absl::StrSplit(line, ':');
    if (parts.size() == 2 && parts[0] == field) return parts[1];
  }
  return "";
}

class LeyedTakeover : public ::testing::TestWithParam<Group> {
 protected:
  LeyedTakeover() {
    if (GetParam() == Group::kSentinel) {
      sentinel_.emplace(testing::kQuickTakeover);
    } else {
      cluster_.emplace(RedisCluster::Replica::kOfTheFirst, testing::kQuickTakeover);
    }
    one_ = Start();
    two_ = Start();
  }

  RedisServer& primary() { return sentinel_ ? sentinel_->primary() : cluster_->server(0); }
  RedisServer& replica() { return sentinel_ ? sentinel_->replica() : cluster_->replica(); }

  // With the standard time-outs. Nobody waits for the replica, or nothing could be lost.
  std::unique_ptr<e2e::ServerProcess> Start() const {
    auto server = std::make_unique<e2e::ServerProcess>(std::vector<std::string>{
        "--listen=127.0.0.1:0", "--store=redis", "--redis-unsafe-server=warn",
        absl::StrCat("--redis-mode=", sentinel_ ? "sentinel" : "cluster"),
        absl::StrCat("--redis-address=", sentinel_ ? sentinel_->address()
                                                   : absl::StrJoin(cluster_->addresses(), ","))});
    EXPECT_TRUE(server->WaitUntilServing()) << server->errors();
    return server;
  }

  static e2e::Client ClientOf(const e2e::ServerProcess& server) {
    return e2e::Client(e2e::Connect(server.address()));
  }

  // Another like `sewer-near`. The revision.
  static absl::StatusOr<std::string> Create(const e2e::ServerProcess& server,
                                            const std::string& id) {
    v1::CreateCandidateRequest request;
    request.set_parent("regions/13");
    request.set_candidate_id(id);
    request.set_request_id(absl::StrCat("create-", id));
    *request.mutable_candidate() = e2e::SomeCandidate();
    const auto answer = ClientOf(server).Call<v1::CreateCandidateResponse>(request);
    if (!answer.ok()) return answer.status();
    return answer->revision();
  }

  static absl::Status Delete(const e2e::ServerProcess& server, const std::string& id) {
    v1::DeleteCandidateRequest request;
    request.set_name(NameOf("candidates", id));
    return ClientOf(server).CallMethodOf(request).status;
  }

  static absl::Status Get(const e2e::ServerProcess& server, const std::string& id) {
    v1::GetCandidateRequest request;
    request.set_name(NameOf("candidates", id));
    return ClientOf(server).CallMethodOf(request).status;
  }

  static absl::StatusOr<Ranked> Rank(const e2e::ServerProcess& server,
                                     const std::string& revision = "") {
    v1::RankCandidatesRequest request;
    request.set_posting(NameOf("postings", "sewing"));
    if (!revision.empty()) request.mutable_options()->add_min_revisions(revision);
    const auto answer = ClientOf(server).Call<v1::RankCandidatesResponse>(request);
    if (!answer.ok()) return answer.status();
    Ranked ranked;
    for (const v1::CandidateMatch& match : answer->matches()) {
      absl::StrAppend(&ranked.people, match.candidate().name(), " ");
    }
    for (const std::string& token : answer->basis().revisions()) {
      if (absl::StartsWith(token, "13:")) ranked.revision = token;
    }
    return ranked;
  }

  // Until it is acknowledged, as a client that asks again with the same request id; others rank
  // meanwhile.
  std::string CreateInTheEnd(const e2e::ServerProcess& server, const std::string& id) {
    std::string revision;
    EXPECT_TRUE(Eventually([&] {
      ExpectHonestAnswers();
      const absl::StatusOr<std::string> created = Create(server, id);
      if (created.ok()) revision = *created;
      EXPECT_TRUE(created.ok() || absl::IsUnavailable(created.status())) << created.status();
      return created.ok();
    }));
    return revision;
  }

  // Whoever still shows what is lost says that it is of the old history.
  void ExpectHonestAnswers() const {
    for (const auto* server : {one_.get(), two_.get()}) {
      const absl::StatusOr<Ranked> ranked = Rank(*server);
      ASSERT_THAT(ranked, IsOk());
      EXPECT_EQ(absl::StrContains(ranked->people, "/lost "),
                EpochOf(ranked->revision) == EpochOf(lost_))
          << ranked->people << "at " << ranked->revision;
    }
  }

  // Both leyed have seen a person come, and another go, of which the replica knows nothing.
  void WriteATailThatTheReplicaLacks() {
    ASSERT_THAT(e2e::MakeSmallWorld(ClientOf(*one_)), IsOk());
    ASSERT_THAT(Create(*one_, "kept"), IsOk());
    ASSERT_TRUE(Eventually([this] {
      return ReplicationOf(primary(), "master_repl_offset") ==
             ReplicationOf(replica(), "master_repl_offset");
    }));
    // Either must write without the other.
    primary().Ask({"CONFIG", "SET", "min-replicas-to-write", "0"});
    replica().Ask({"CONFIG", "SET", "min-replicas-to-write", "0"});
    replica().Pause();
    primary().Ask({"CLIENT", "KILL", "TYPE", "replica"});
    ASSERT_THAT(Delete(*one_, "sewer-far"), IsOk());
    LEYE_ASSERT_OK_AND_ASSIGN(lost_, Create(*one_, "lost"));
    for (const auto* server : {one_.get(), two_.get()}) {
      LEYE_ASSERT_OK_AND_ASSIGN(const Ranked ranked, Rank(*server, lost_));
      ASSERT_THAT(ranked.people, HasSubstr("/lost "));
      ASSERT_THAT(ranked.people, Not(HasSubstr("/sewer-far ")));
    }
  }

  void TakeOver() {
    primary().Kill();
    replica().Resume();
  }

  // Through `server`: the tail is undone, what came before and after is there.
  void ExpectTheNewHistory(const e2e::ServerProcess& server, const std::string& revision) {
    LEYE_ASSERT_OK_AND_ASSIGN(const Ranked ranked, Rank(server, revision));
    for (const char* person : {"/kept ", "/after ", "/later ", "/sewer-far "}) {
      EXPECT_THAT(ranked.people, HasSubstr(person));
    }
    EXPECT_THAT(ranked.people, Not(HasSubstr("/lost ")));
    EXPECT_THAT(Get(server, "lost"), testing::StatusIs(absl::StatusCode::kNotFound));
    EXPECT_THAT(Get(server, "sewer-far"), IsOk());
    EXPECT_THAT(Rank(server, lost_), FailsWith(absl::StatusCode::kOutOfRange, "EPOCH_CHANGED"));
  }

  std::optional<RedisSentinel> sentinel_;
  std::optional<RedisCluster> cluster_;
  std::unique_ptr<e2e::ServerProcess> one_;
  std::unique_ptr<e2e::ServerProcess> two_;
  std::string lost_;  // The last revision of the tail.
};

TEST_P(LeyedTakeover, WithALostTailIsNoticedByAllAndWhatIsLostIsGone) {
  WriteATailThatTheReplicaLacks();
  ASSERT_FALSE(HasFailure());
  TakeOver();
  CreateInTheEnd(*two_, "after");
  std::string revision = CreateInTheEnd(*one_, "later");
  ASSERT_FALSE(HasFailure());
  EXPECT_GT(EpochOf(revision), EpochOf(lost_));
  EXPECT_GE(SequenceOf(revision), SequenceOf(lost_)) << "or a head that went back would tell, too";
  ExpectTheNewHistory(*one_, revision);
  ExpectTheNewHistory(*two_, revision);
  // With the lost tail in its file; it becomes a replica.
  primary().Start();
  EXPECT_TRUE(Eventually([this] { return ReplicationOf(primary(), "role") == "slave"; }));
  revision = CreateInTheEnd(*two_, "last");
  ExpectTheNewHistory(*one_, revision);
  ExpectTheNewHistory(*two_, revision);
}

INSTANTIATE_TEST_SUITE_P(Groups, LeyedTakeover,
                         ::testing::Values(Group::kSentinel, Group::kCluster),
                         [](const auto& group) {
                           return group.param == Group::kSentinel ? "Sentinel" : "Cluster";
                         });

// The server that took over passes for the one that was: its replication id is what the region's
// state says.
class LeyedTakeoverUnnoticed : public LeyedTakeover {
 protected:
  void TakeOverUnnoticed() {
    one_->Signal(SIGSTOP);
    two_->Signal(SIGSTOP);
    TakeOver();
    ASSERT_TRUE(Eventually([this] { return ReplicationOf(replica(), "role") == "master"; }));
    replica().Ask({"HSET", store::redis::MetaKey(store::Region::FromNumber(13)), "server",
                   ReplicationOf(replica(), "master_replid")});
    two_->Signal(SIGCONT);
  }
};

TEST_P(LeyedTakeoverUnnoticed, IsCaughtAnsweringFromTheLostTail) {
  WriteATailThatTheReplicaLacks();
  ASSERT_FALSE(HasFailure());
  TakeOverUnnoticed();
  std::string revision;
  for (const char* person : {"after", "later", "last"}) {
    EXPECT_TRUE(Eventually([&] {
      const absl::StatusOr<std::string> created = Create(*two_, person);
      if (created.ok()) revision = *created;
      return created.ok();
    }));
  }
  one_->Signal(SIGCONT);
  LEYE_ASSERT_OK_AND_ASSIGN(const Ranked ranked, Rank(*one_, revision));
  EXPECT_THAT(ranked.people, HasSubstr("/lost ")) << "the test cannot see a fork";
  EXPECT_THAT(ranked.people, Not(HasSubstr("/after ")));
}

INSTANTIATE_TEST_SUITE_P(Groups, LeyedTakeoverUnnoticed, ::testing::Values(Group::kSentinel),
                         [](const auto&) { return "Sentinel"; });

}  // namespace
}  // namespace leye::faults
