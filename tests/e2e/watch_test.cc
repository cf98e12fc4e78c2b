// WatchPostings: every change once, in order, from any revision on. WatchMatches: a list that is
// kept right, from any state of it on.

#include <memory>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include <grpcpp/client_context.h>

#include "leye/v1/match.grpc.pb.h"
#include "leye/v1/posting.grpc.pb.h"
#include "tests/e2e/client.h"
#include "tests/e2e/refusal.h"
#include "tests/e2e/server_in_process.h"
#include "tests/e2e/small_world.h"
#include "tests/testing/status_matchers.h"

namespace leye::e2e {
namespace {

using ::leye::testing::IsOk;

// An open watch. Cancelled at the end of its scope.
class Watch {
 public:
  Watch(const Client& client, const std::string& revision)
      : stub_(v1::PostingService::NewStub(client.channel())) {
    v1::WatchPostingsRequest request;
    request.set_parent("regions/13");
    request.set_revision(revision);
    SetDeadline(context_);
    reader_ = stub_->WatchPostings(&context_, request);
  }
  ~Watch() {
    if (finished_) return;
    context_.TryCancel();
    static_cast<void>(Finish());
  }
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  // Returns when the server has taken up the watch: changes from then on are seen.
  void WaitUntilOpen() { reader_->WaitForInitialMetadata(); }

  // The next event; an empty one when the watch is over.
  v1::WatchPostingsResponse Next() {
    v1::WatchPostingsResponse event;
    reader_->Read(&event);
    return event;
  }

  void Cancel() { context_.TryCancel(); }

  absl::Status Finish() {
    v1::WatchPostingsResponse event;
    while (reader_->Read(&event)) continue;
    finished_ = true;
    return FromGrpcStatus(reader_->Finish());
  }

 private:
  grpc::ClientContext context_;
  std::unique_ptr<v1::PostingService::Stub> stub_;
  std::unique_ptr<grpc::ClientReader<v1::WatchPostingsResponse>> reader_;
  bool finished_ = false;
};

class WatchPostings : public ::testing::Test {
 protected:
  void SetUp() override { LEYE_ASSERT_OK_AND_ASSIGN(revision_, MakeSmallWorld(client_)); }

  void SetOpenings(int openings) const {
    v1::UpdatePostingRequest request;
    request.mutable_posting()->set_name(NameOf("postings", "road"));
    request.mutable_posting()->set_openings(openings);
    request.mutable_update_mask()->add_paths("openings");
    EXPECT_THAT(client_.Call<v1::UpdatePostingResponse>(request), IsOk());
  }

  // Imports postings <first>..<first + count - 1> in one message: few commits of many changes.
  void ImportPostings(int first, int count) const {
    v1::ImportPostingsRequest request;
    request.set_parent("regions/13");
    for (int i = first; i < first + count; ++i) {
      v1::Posting& posting = *request.add_postings();
      posting = SomePosting();
      posting.mutable_external_id()->set_source("fair");
      posting.mutable_external_id()->set_id(absl::StrCat("j", i));
    }
    EXPECT_THAT(client_.CallMethodOf(request).status, IsOk());
  }

  ServerInProcess server_;
  Client client_{server_.channel()};
  std::string revision_;
};

TEST_F(WatchPostings, TellsEveryChangeInOrder) {
  Watch watch(client_, "");
  watch.WaitUntilOpen();
  v1::CreatePostingRequest create;
  create.set_parent("regions/13");
  create.set_posting_id("new");
  *create.mutable_posting() = SomePosting();
  create.mutable_posting()->mutable_contact()->set_full_name("垄建国");
  ASSERT_THAT(client_.Call<v1::CreatePostingResponse>(create), IsOk());
  const std::string name = NameOf("postings", "new");
  v1::ClosePostingRequest close;
  close.set_name(name);
  ASSERT_THAT(client_.Call<v1::ClosePostingResponse>(close), IsOk());
  v1::DeletePostingRequest erase;
  erase.set_name(name);
  ASSERT_THAT(client_.Call<v1::DeletePostingResponse>(erase), IsOk());

  const auto created = watch.Next();
  EXPECT_EQ(created.name(), name);
  EXPECT_EQ(created.posting().state(), v1::POSTING_STATE_OPEN);
  EXPECT_FALSE(created.posting().has_contact());
  EXPECT_TRUE(created.last());
  EXPECT_EQ(watch.Next().posting().state(), v1::POSTING_STATE_CLOSED);
  const auto deleted = watch.Next();
  EXPECT_EQ(deleted.name(), name);
  EXPECT_FALSE(deleted.has_posting());
}

TEST_F(WatchPostings, OtherResourcesAreNotTold) {
  Watch watch(client_, revision_);
  ASSERT_THAT(client_.Call<v1::DeleteCandidateResponse>(
                  Parse<v1::DeleteCandidateRequest>(R"pb(name: "regions/13/candidates/earner")pb")),
              IsOk());
  SetOpenings(7);
  EXPECT_EQ(watch.Next().name(), NameOf("postings", "road"));
}

TEST_F(WatchPostings, ResumedFromAnyRevisionTellsExactlyTheRest) {
  ImportPostings(0, 30);
  for (int i = 1; i <= 10; ++i) SetOpenings(i + 10);
  constexpr int kEvents = 40;
  std::vector<std::string> events;
  std::vector<std::pair<std::string, size_t>> places;  // Where one may resume.
  {
    Watch watch(client_, revision_);
    for (int i = 0; i < kEvents; ++i) {
      const auto event = watch.Next();
      events.push_back(event.SerializeAsString());
      if (event.last()) places.emplace_back(event.revision(), events.size());
    }
  }
  ASSERT_GE(places.size(), 11U);
  for (const auto& [revision, next] : places) {
    Watch watch(client_, revision);
    for (size_t i = next; i < events.size(); ++i) {
      ASSERT_EQ(watch.Next().SerializeAsString(), events[i]) << "resumed from " << revision;
    }
  }
}

TEST_F(WatchPostings, CutAndResumedWhileOthersWriteMissesNothing) {
  constexpr int kChanges = 200;
  std::thread writer([this] {
    for (int i = 1; i <= kChanges; ++i) SetOpenings(i);
  });
  std::vector<int> seen;
  std::string revision = revision_;
  while (seen.size() < kChanges) {
    Watch watch(client_, revision);
    for (int i = 0; i < 7 && seen.size() < kChanges; ++i) {
      const auto event = watch.Next();
      ASSERT_TRUE(event.last());
      seen.push_back(event.posting().openings());
      revision = event.revision();
    }
  }
  writer.join();
  for (int i = 0; i < kChanges; ++i) ASSERT_EQ(seen[static_cast<size_t>(i)], i + 1);
}

TEST_F(WatchPostings, GoesOnAfterARestartOfTheServer) {
  SetOpenings(11);
  std::string revision;
  {
    Watch watch(client_, revision_);
    revision = watch.Next().revision();
  }
  server_.Restart();
  client_ = Client(server_.channel());
  SetOpenings(12);
  Watch watch(client_, revision);
  EXPECT_EQ(watch.Next().posting().openings(), 12);
}

TEST_F(WatchPostings, ManyWatchersSeeTheSame) {
  std::vector<std::unique_ptr<Watch>> watches;
  for (int i = 0; i < 50; ++i) watches.push_back(std::make_unique<Watch>(client_, revision_));
  SetOpenings(8);
  for (const auto& watch : watches) EXPECT_EQ(watch->Next().posting().openings(), 8);
}

TEST_F(WatchPostings, CancelEndsIt) {
  Watch watch(client_, "");
  watch.WaitUntilOpen();
  watch.Cancel();
  EXPECT_EQ(watch.Finish().code(), absl::StatusCode::kCancelled);
  SetOpenings(8);
}

TEST_F(WatchPostings, ARevisionThatIsNoneIsRefused) {
  v1::WatchPostingsRequest request;
  request.set_parent("regions/13");
  request.set_revision("yesterday");
  EXPECT_THAT(client_.CallMethodOf(request), RefusesField("revision"));
}

TEST_F(WatchPostings, ARevisionAheadOfTheStoreIsOutOfRange) {
  const size_t digits = revision_.find_last_not_of("0123456789") + 1;
  v1::WatchPostingsRequest request;
  request.set_parent("regions/13");
  request.set_revision(absl::StrCat(revision_.substr(0, digits), 1'000'000));
  EXPECT_EQ(client_.CallMethodOf(request).status.code(), absl::StatusCode::kOutOfRange);
}

TEST_F(WatchPostings, ADrainingServerEndsItUnavailable) {
  Watch watch(client_, "");
  watch.WaitUntilOpen();
  std::thread drain([this] { server_.Drain(); });
  EXPECT_THAT((Answer{watch.Finish(), {}}),
              Refuses(absl::StatusCode::kUnavailable, "SHUTTING_DOWN"));
  drain.join();
}

// A list of matches that is kept right by what a server tells.
class MatchList {
 public:
  // Watches `subject`, "posting: ..." or "candidate: ...", on from what the list has.
  void Open(const Client& client, const std::string& subject) {
    Close();
    stub_ = v1::MatchService::NewStub(client.channel());
    context_ = std::make_unique<grpc::ClientContext>();
    SetDeadline(*context_);
    auto request = Parse<v1::WatchMatchesRequest>(subject);
    for (const std::string& name : names) request.add_known(name);
    for (const std::string& revision : revisions)
      request.mutable_options()->add_min_revisions(revision);
    reader_ = stub_->WatchMatches(context_.get(), request);
  }
  ~MatchList() { Close(); }

  // Takes what comes until the list is right.
  void Next() {
    for (v1::WatchMatchesResponse event; reader_->Read(&event);) {
      if (event.change() == v1::MATCH_CHANGE_ADDED) {
        EXPECT_TRUE(names.insert(event.name()).second) << event.name() << " came twice";
      } else if (event.change() == v1::MATCH_CHANGE_REMOVED) {
        EXPECT_EQ(names.erase(event.name()), 1U) << event.name() << " was not there";
      }
      if (!event.last()) continue;
      revisions = {event.basis().revisions().begin(), event.basis().revisions().end()};
      return;
    }
    ADD_FAILURE() << "the stream has ended: " << FromGrpcStatus(reader_->Finish());
  }

  absl::Status Finish() {
    for (v1::WatchMatchesResponse event; reader_->Read(&event);) continue;
    const absl::Status status = FromGrpcStatus(reader_->Finish());
    reader_.reset();
    return status;
  }

  std::set<std::string> names;
  std::vector<std::string> revisions;

 private:
  void Close() {
    if (reader_ == nullptr) return;
    context_->TryCancel();
    static_cast<void>(Finish());
  }

  std::unique_ptr<v1::MatchService::Stub> stub_;
  std::unique_ptr<grpc::ClientContext> context_;
  std::unique_ptr<grpc::ClientReader<v1::WatchMatchesResponse>> reader_;
};

constexpr char kSewing[] = "posting: 'regions/13/postings/sewing'";

class WatchMatches : public WatchPostings {
 protected:
  void SetWilling(const std::string& person, bool willing) const {
    v1::UpdateCandidateRequest request;
    request.mutable_candidate()->set_name(NameOf("candidates", person));
    request.mutable_candidate()->mutable_preferences()->set_willing(willing);
    request.mutable_update_mask()->add_paths("preferences.willing");
    EXPECT_THAT(client_.Call<v1::UpdateCandidateResponse>(request), IsOk());
  }
  // Whom RankCandidates names now.
  std::set<std::string> Ranked() const {
    auto request = Parse<v1::RankCandidatesRequest>(kSewing);
    request.mutable_options()->add_min_revisions(*RevisionNow(client_));
    std::set<std::string> names;
    const auto ranked = client_.Call<v1::RankCandidatesResponse>(request);
    EXPECT_THAT(ranked, IsOk());
    for (const v1::CandidateMatch& match : ranked->matches())
      names.insert(match.candidate().name());
    return names;
  }

  MatchList list_;
};

TEST_F(WatchMatches, KeepsAListAsRankCandidatesHasIt) {
  list_.revisions = {revision_};
  list_.Open(client_, kSewing);
  list_.Next();
  EXPECT_EQ(list_.names, Ranked());
  EXPECT_TRUE(list_.names.contains(NameOf("candidates", "sewer-near")));
  SetWilling("sewer-near", false);
  list_.Next();
  EXPECT_FALSE(list_.names.contains(NameOf("candidates", "sewer-near")));
  EXPECT_EQ(list_.names, Ranked());
  SetWilling("sewer-near", true);
  list_.Next();
  EXPECT_EQ(list_.names, Ranked());
}

TEST_F(WatchMatches, ResumesAfterARestartWithoutRepeatingOrMissing) {
  list_.revisions = {revision_};
  list_.Open(client_, kSewing);
  list_.Next();
  server_.Restart();
  client_ = Client(server_.channel());
  SetWilling("sewer-near", false);
  list_.Open(client_, kSewing);
  while (list_.names != Ranked()) list_.Next();
  EXPECT_FALSE(list_.names.contains(NameOf("candidates", "sewer-near")));
}

TEST_F(WatchMatches, EndsWithThePosting) {
  list_.revisions = {revision_};
  list_.Open(client_, kSewing);
  list_.Next();
  v1::DeletePostingRequest erase;
  erase.set_name(NameOf("postings", "sewing"));
  ASSERT_THAT(client_.Call<v1::DeletePostingResponse>(erase), IsOk());
  EXPECT_THAT((Answer{list_.Finish(), {}}), Refuses(absl::StatusCode::kNotFound, "NOT_FOUND"));
}

TEST_F(WatchMatches, ADrainingServerEndsItUnavailable) {
  list_.revisions = {revision_};
  list_.Open(client_, "candidate: 'regions/13/candidates/sewer-near'");
  list_.Next();
  std::thread drain([this] { server_.Drain(); });
  EXPECT_THAT((Answer{list_.Finish(), {}}),
              Refuses(absl::StatusCode::kUnavailable, "SHUTTING_DOWN"));
  drain.join();
}

}  // namespace
}  // namespace leye::e2e
