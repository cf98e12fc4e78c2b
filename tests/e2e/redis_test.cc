// Several leyed on one Redis: what is written through one is read through the other, and either may
// end and come back, and so may Redis.

#include <unistd.h>

#include <csignal>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include <netinet/in.h>
#include <sys/socket.h>

#include "leye/v1/candidate.pb.h"
#include "leye/v1/match.pb.h"
#include "leye/v1/personal_data.pb.h"
#include "tests/e2e/client.h"
#include "tests/e2e/server_in_process.h"
#include "tests/e2e/server_process.h"
#include "tests/e2e/small_world.h"
#include "tests/testing/redis_server.h"
#include "tests/testing/status_matchers.h"

namespace leye::e2e {
namespace {

using ::leye::testing::Eventually;
using ::leye::testing::IsOk;
using ::leye::testing::RedisServer;
using ::testing::HasSubstr;

class RedisE2e : public ::testing::Test {
 protected:
  // Redis answers within `call_timeout`, by default however busy the machine is.
  std::unique_ptr<ServerProcess> StartLeyed(const std::vector<std::string>& more = {},
                                            const std::string& call_timeout = "60s") {
    std::vector<std::string> arguments = {"--listen=127.0.0.1:0", "--store=redis",
                                          "--redis-connect-timeout=20s",
                                          absl::StrCat("--redis-call-timeout=", call_timeout),
                                          absl::StrCat("--redis-address=", redis_.address())};
    arguments.insert(arguments.end(), more.begin(), more.end());
    auto server = std::make_unique<ServerProcess>(arguments);
    EXPECT_TRUE(server->WaitUntilServing()) << server->errors();
    return server;
  }

  static Client ClientOf(const ServerProcess& server) { return Client(Connect(server.address())); }

  // The ranking of the posting "sewing" as it is at `revision` or later.
  static absl::StatusOr<std::string> Rank(const ServerProcess& server,
                                          const std::string& revision) {
    v1::RankCandidatesRequest request;
    request.set_posting(NameOf("postings", "sewing"));
    request.mutable_options()->add_min_revisions(revision);
    const auto answer = ClientOf(server).Call<v1::RankCandidatesResponse>(request);
    if (!answer.ok()) return answer.status();
    std::string names;
    for (const v1::CandidateMatch& match : answer->matches()) {
      absl::StrAppend(&names, match.candidate().name(), " ");
    }
    return names;
  }

  // By when everything that a ranking is made from was in.
  static absl::StatusOr<std::string> CompleteTime(const ServerProcess& server) {
    v1::RankCandidatesRequest request;
    request.set_posting(NameOf("postings", "sewing"));
    const auto answer = ClientOf(server).Call<v1::RankCandidatesResponse>(request);
    if (!answer.ok()) return answer.status();
    EXPECT_TRUE(answer->basis().has_complete_time());
    return answer->basis().complete_time().ShortDebugString();
  }

  // The revision after deleting the candidate.
  static absl::StatusOr<std::string> DeleteCandidate(const ServerProcess& server,
                                                     const std::string& id) {
    v1::DeleteCandidateRequest request;
    request.set_name(NameOf("candidates", id));
    const Answer answer = ClientOf(server).CallMethodOf(request);
    if (!answer.status.ok()) return answer.status;
    return RevisionNow(ClientOf(server));
  }

  RedisServer redis_;
};

TEST_F(RedisE2e, WhatOneWritesTheOtherRanks) {
  const auto one = StartLeyed();
  const auto two = StartLeyed();
  LEYE_ASSERT_OK_AND_ASSIGN(const std::string made, MakeSmallWorld(ClientOf(*one)));
  LEYE_ASSERT_OK_AND_ASSIGN(const std::string ranked, Rank(*two, made));
  EXPECT_THAT(ranked, HasSubstr("sewer-near"));
  EXPECT_EQ(*Rank(*one, made), ranked);
  LEYE_ASSERT_OK_AND_ASSIGN(const std::string deleted, DeleteCandidate(*two, "sewer-near"));
  LEYE_ASSERT_OK_AND_ASSIGN(const std::string fewer, Rank(*one, deleted));
  EXPECT_THAT(fewer, ::testing::Not(HasSubstr("sewer-near")));
}

TEST_F(RedisE2e, AWithdrawalThroughOneEndsWhatTheOtherHasBegun) {
  const auto one = StartLeyed();
  const auto two = StartLeyed();
  ASSERT_THAT(MakeSmallWorld(ClientOf(*one)), IsOk());
  ASSERT_THAT(MakeReferral(ClientOf(*one)), IsOk());
  v1::WithdrawConsentRequest withdraw;
  withdraw.set_name(NameOf("candidates", "sewer-near"));
  LEYE_ASSERT_OK_AND_ASSIGN(const auto withdrawn,
                            ClientOf(*two).Call<v1::WithdrawConsentResponse>(withdraw));
  LEYE_ASSERT_OK_AND_ASSIGN(const std::string ranked, Rank(*one, withdrawn.revision()));
  EXPECT_THAT(ranked, ::testing::Not(HasSubstr("sewer-near")));
  v1::ExportPersonRequest request;
  request.set_name(withdraw.name());
  LEYE_ASSERT_OK_AND_ASSIGN(const auto told,
                            ClientOf(*one).Call<v1::ExportPersonResponse>(request));
  ASSERT_EQ(told.referrals_size(), 1);
  EXPECT_EQ(told.referrals(0).state(), v1::REFERRAL_STATE_CANCELLED);
  EXPECT_FALSE(told.has_held_opening());
  EXPECT_EQ(told.candidate().consent().withdrawn_date(),
            withdrawn.candidate().consent().withdrawn_date());
}

TEST_F(RedisE2e, EitherMayEndAndComeBack) {
  auto one = StartLeyed();
  LEYE_ASSERT_OK_AND_ASSIGN(const std::string made, MakeSmallWorld(ClientOf(*one)));
  const auto two = StartLeyed();
  LEYE_ASSERT_OK_AND_ASSIGN(const std::string ranked, Rank(*two, made));
  for (const int signal : {SIGTERM, SIGKILL}) {
    one->Signal(signal);
    one->WaitForExit();
    EXPECT_EQ(*Rank(*two, made), ranked);
    one = StartLeyed();
    EXPECT_EQ(*Rank(*one, made), ranked);
  }
}

TEST_F(RedisE2e, AStartFromAnImageKnowsWhatHasHappenedSince) {
  const std::vector<std::string> images = {"--redis-image-records=1"};
  auto one = StartLeyed(images);
  LEYE_ASSERT_OK_AND_ASSIGN(const std::string made, MakeSmallWorld(ClientOf(*one)));
  LEYE_ASSERT_OK_AND_ASSIGN(const std::string ranked, Rank(*one, made));
  const auto start_again = [&] {
    one->Signal(SIGTERM);
    one->WaitForExit();
    one = StartLeyed(images);
  };
  start_again();
  EXPECT_TRUE(Eventually([&] {
    return absl::StrContains(redis_.Ask({"HGET", "{r13}:meta", "image"}), " ");
  }));
  LEYE_ASSERT_OK_AND_ASSIGN(const std::string deleted, DeleteCandidate(*one, "sewer-near"));
  start_again();
  LEYE_ASSERT_OK_AND_ASSIGN(const std::string fewer, Rank(*one, deleted));
  EXPECT_EQ(fewer, absl::StrReplaceAll(ranked, {{NameOf("candidates", "sewer-near") + " ", ""}}));
  EXPECT_THAT(one->errors(), HasSubstr("a scan reads an image"));
}

TEST_F(RedisE2e, ReadsGoOnWhileRedisIsAwayAndWritesComeBack) {
  const auto one = StartLeyed();
  LEYE_ASSERT_OK_AND_ASSIGN(const std::string made, MakeSmallWorld(ClientOf(*one)));
  LEYE_ASSERT_OK_AND_ASSIGN(const std::string ranked, Rank(*one, made));
  redis_.Kill();
  EXPECT_EQ(*Rank(*one, made), ranked);
  EXPECT_EQ(DeleteCandidate(*one, "sewer-near").status().code(), absl::StatusCode::kUnavailable);
  redis_.Start();
  std::string deleted;
  EXPECT_TRUE(Eventually([&] {
    const absl::StatusOr<std::string> done = DeleteCandidate(*one, "sewer-near");
    if (done.ok()) deleted = *done;
    return done.ok();
  }));
  LEYE_ASSERT_OK_AND_ASSIGN(const std::string fewer, Rank(*one, deleted));
  EXPECT_THAT(fewer, ::testing::Not(HasSubstr("sewer-near")));
}

TEST_F(RedisE2e, ReadsGoOnAndSayHowOldTheyAreWhileRedisStandsStill) {
  const auto one = StartLeyed({}, "2s");
  LEYE_ASSERT_OK_AND_ASSIGN(const std::string made, MakeSmallWorld(ClientOf(*one)));
  LEYE_ASSERT_OK_AND_ASSIGN(const std::string ranked, Rank(*one, made));
  redis_.Pause();
  EXPECT_EQ(DeleteCandidate(*one, "sewer-near").status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(*Rank(*one, made), ranked);
  // By when everything is in stands still then, however much later it is.
  std::string complete;
  EXPECT_TRUE(Eventually([&] {
    const std::string before = *CompleteTime(*one);
    const absl::Status deleted = DeleteCandidate(*one, "sewer-near").status();
    EXPECT_EQ(deleted.code(), absl::StatusCode::kUnavailable);
    complete = *CompleteTime(*one);
    return complete == before;
  }));
  redis_.Resume();
  // Whether the calls without an answer deleted the candidate is not known.
  EXPECT_TRUE(Eventually([&] {
    const absl::Status deleted = DeleteCandidate(*one, "sewer-near").status();
    return deleted.ok() || absl::IsNotFound(deleted);
  }));
  EXPECT_TRUE(Eventually([&] {
    const absl::StatusOr<std::string> later = CompleteTime(*one);
    return later.ok() && *later != complete;
  }));
}

// The whole answer of an HTTP server on loopback.
std::string HttpGet(int port, const std::string& path) {
  const int connection = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<uint16_t>(port));
  std::string answer;
  if (connect(connection, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
    const std::string request = absl::StrCat("GET ", path, " HTTP/1.0\r\n\r\n");
    EXPECT_EQ(send(connection, request.data(), request.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(request.size()));
    char bytes[4'096];
    for (ssize_t got = 0; (got = recv(connection, bytes, sizeof bytes, 0)) > 0;) {
      answer.append(bytes, static_cast<size_t>(got));
    }
  }
  close(connection);
  return answer;
}

double LagOf(int metrics_port) {
  const std::string answer = HttpGet(metrics_port, "/metrics");
  const std::string name = "\nleye_follower_lag_seconds ";
  const size_t at = answer.find(name);
  double seconds = -1;
  EXPECT_TRUE(
      at != std::string::npos &&
      absl::SimpleAtod(
          answer.substr(at + name.size(), answer.find('\n', at + 1) - at - name.size()), &seconds))
      << answer;
  return seconds;
}

TEST_F(RedisE2e, MemoryThatBecomesOldIsToldAndStillAnswers) {
  const int metrics_port = leye::testing::FreePort();
  const auto one =
      StartLeyed({"--max-lag=2s", absl::StrCat("--metrics-listen=127.0.0.1:", metrics_port)});
  LEYE_ASSERT_OK_AND_ASSIGN(const std::string made, MakeSmallWorld(ClientOf(*one)));
  LEYE_ASSERT_OK_AND_ASSIGN(const std::string ranked, Rank(*one, made));
  const auto is_fresh = [&] { return IsServing(ClientOf(*one), "leye.fresh").value(); };
  EXPECT_TRUE(Eventually(is_fresh));
  EXPECT_TRUE(Eventually([&] { return LagOf(metrics_port) < 2; }));
  redis_.Kill();
  EXPECT_TRUE(Eventually([&] { return !is_fresh(); }));
  EXPECT_GE(LagOf(metrics_port), 2);
  EXPECT_TRUE(IsServing(ClientOf(*one), "").value());
  EXPECT_EQ(*Rank(*one, made), ranked);
  redis_.Start();
  EXPECT_TRUE(Eventually(is_fresh));
}

TEST_F(RedisE2e, LogsInWithTheUserAndThePasswordOfTheFile) {
  redis_.Ask({"ACL", "SETUSER", "leye", "on", ">secret", "~{r*", "&leye:*", "+@all"});
  const testing::TempDir folder;
  std::ofstream(folder.File("password")) << "secret\n";
  redis_.Ask({"ACL", "SETUSER", "default", "off"});
  const auto server = StartLeyed(
      {"--redis-user=leye", absl::StrCat("--redis-password-file=", folder.File("password"))});
  EXPECT_THAT(MakeSmallWorld(ClientOf(*server)), IsOk());
}

}  // namespace
}  // namespace leye::e2e
