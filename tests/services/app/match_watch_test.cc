// What a watch of matches tells, whom that counts as shown, how it ends, and whom it wakes.
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/app/match_watches.h"
#include "services/app/showings.h"
#include "tests/services/app/match_watch_fixture.h"
#include "tests/testing/status_matchers.h"

namespace leye::app {
namespace {

using ::leye::testing::StatusIs;
using Responses = std::vector<MatchWatch::Response>;

class MatchWatchTest : public ::testing::Test {
 protected:
  MatchWatchTest() { watched_.CatchUp(); }

  // What the watch tells now, as "+wang -li"; "=" when it says that nothing is to do.
  std::string Told(MatchWatch& watch) {
    watched_.CatchUp();
    const auto events = watch.Next(absl::InfinitePast());
    if (!events.ok()) return std::string(events.status().message());
    std::vector<std::string> words;
    for (const MatchWatch::Response& event : *events) {
      const char* sign = event.change() == v1::MATCH_CHANGE_ADDED     ? "+"
                         : event.change() == v1::MATCH_CHANGE_REMOVED ? "-"
                                                                      : "=";
      words.push_back(absl::StrCat(sign, Town::LastPart(absl::StrCat("/", event.name()))));
    }
    return absl::StrJoin(words, " ");
  }
  void PutPerson(const std::string& id, const std::string& more) {
    watched_.town.world.Put<v1::Candidate>(
        absl::StrCat("candidates/", id),
        absl::StrCat("household: 'regions/13/households/ha' birth_date: '1990-03-01' labour_class: "
                     "LABOUR_CLASS_COMMON preferences { willing: true } ",
                     more));
  }

  Watched watched_;
};

constexpr char kAgrees[] = "consent { given_date: '2023-01-01' }";

TEST_F(MatchWatchTest, BeginsWithEverybodyBestFirst) {
  const auto watch = watched_.Open(QuestionOf(true, "sewing"));
  watched_.CatchUp();
  const auto events = watch->Next(absl::InfinitePast());
  ASSERT_TRUE(events.ok());
  std::vector<std::string> names;
  for (const auto& event : *events) {
    names.push_back(Town::LastPart(event.name()));
    EXPECT_EQ(event.last(), &event == &events->back());
    EXPECT_EQ(event.has_basis(), event.last());
    EXPECT_EQ(event.candidate_match().criteria_size(), matcher::kCriterionCount);
  }
  EXPECT_EQ(names, watched_.town.Rank("sewing"));
  EXPECT_EQ(Told(*watch), "");
}

TEST_F(MatchWatchTest, SaysThatAListIsRightFromTheStart) {
  EXPECT_EQ(Told(*watched_.Open(QuestionOf(true, "closed"))), "=");
  std::vector<std::string> known;
  for (const std::string& id : watched_.town.Rank("sewing")) {
    known.push_back("regions/13/candidates/" + id);
  }
  EXPECT_EQ(Told(*watched_.Open(QuestionOf(true, "sewing"), known)), "=");
  known.emplace_back("regions/13/candidates/long-gone");
  EXPECT_EQ(Told(*watched_.Open(QuestionOf(true, "sewing"), known)), "-long-gone");
}

TEST_F(MatchWatchTest, TellsWhoComesAndGoes) {
  const auto watch = watched_.Open(QuestionOf(true, "sewing"));
  Told(*watch);
  PutPerson("new", kAgrees);
  EXPECT_EQ(Told(*watch), "+new");
  PutPerson("new", "");  // The consent is withdrawn.
  EXPECT_EQ(Told(*watch), "-new");
  PutPerson("new", kAgrees);
  EXPECT_EQ(Told(*watch), "+new");
  watched_.town.world.Delete(store::Kind::kCandidate, "candidates/new");
  EXPECT_EQ(Told(*watch), "-new");
}

TEST_F(MatchWatchTest, AfterAForkWhoIsLostGoesAndWhoHasTheNumberComes) {
  watched_.town.world.KeepStore();
  const auto watch = watched_.Open(QuestionOf(true, "sewing"));
  const auto another = watched_.Open(QuestionOf(true, "sewing"));
  Told(*watch);
  Told(*another);
  PutPerson("lost", kAgrees);
  EXPECT_EQ(Told(*watch), "+lost");
  EXPECT_EQ(Told(*another), "+lost");
  watched_.town.world.ForkFromKept();
  PutPerson("after", kAgrees);
  EXPECT_THAT(Told(*watch), ::testing::AnyOf("-lost +after", "+after -lost"));
  EXPECT_THAT(Told(*another), ::testing::AnyOf("-lost +after", "+after -lost"));
}

TEST_F(MatchWatchTest, WhatCameAndWentUnreadIsNotTold) {
  const auto watch = watched_.Open(QuestionOf(true, "sewing"));
  Told(*watch);
  PutPerson("new", kAgrees);
  watched_.CatchUp();
  PutPerson("new", "");
  EXPECT_EQ(Told(*watch), "");
}

TEST_F(MatchWatchTest, TellsAPersonOfNewPostings) {
  const auto watch = watched_.Open(QuestionOf(false, "wang", 1));
  Told(*watch);
  watched_.town.world.Put<v1::Employer>("employers/e", "state: EMPLOYER_STATE_SUSPENDED");
  EXPECT_THAT(Told(*watch), ::testing::HasSubstr("-sewing"));
  watched_.town.world.Put<v1::Employer>("employers/e", "state: EMPLOYER_STATE_ACTIVE");
  EXPECT_THAT(Told(*watch), ::testing::HasSubstr("+sewing"));
}

TEST_F(MatchWatchTest, WaitsForTheRevisionsThatTheReaderHasSeen) {
  MatchQuestion question = QuestionOf(true, "sewing");
  const auto head = *watched_.town.world.store->Head(store::Region::FromNumber(13));
  question.query.min_revisions = {
      {store::Region::FromNumber(13), {.epoch = head.epoch, .sequence = head.sequence + 1}}};
  const auto watch = watched_.Open(question);
  EXPECT_EQ(Told(*watch), "");
  PutPerson("new", kAgrees);
  EXPECT_THAT(Told(*watch), ::testing::HasSubstr("+new"));
}

TEST_F(MatchWatchTest, EndsWithItsSubject) {
  const auto watch = watched_.Open(QuestionOf(true, "cleaning"));
  Told(*watch);
  watched_.town.world.Delete(store::Kind::kPosting, "postings/cleaning");
  watched_.CatchUp();
  EXPECT_THAT(watch->Next({}), StatusIs(absl::StatusCode::kNotFound));
  const auto none = watched_.Open(QuestionOf(true, "none"));
  watched_.CatchUp();
  EXPECT_THAT(none->Next({}), StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(MatchWatchTest, OfAnotherBureauIsOfNothing) {
  MatchQuestion question = QuestionOf(true, "sewing");
  question.caller.principal = access::Bureau("130802");
  question.caller.scope = access::Scope::kOwn;
  const auto watch = watched_.Open(question);
  watched_.CatchUp();
  EXPECT_THAT(watch->Next({}), StatusIs(absl::StatusCode::kNotFound));
}

// In parts, so that nobody who reads slowly holds much of it.
TEST_F(MatchWatchTest, TellsALongListInParts) {
  for (int i = 0; i < 100; ++i) PutPerson(absl::StrCat("many", i), kAgrees);
  watched_.CatchUp();
  Reader reader(watched_, QuestionOf(true, "sewing"));
  watched_.CatchUp();
  std::vector<std::string> complaints;
  reader.Read(complaints);
  EXPECT_THAT(complaints, ::testing::IsEmpty());
  EXPECT_EQ(reader.list, watched_.Twin(reader.question));
  EXPECT_GE(reader.list.size(), 100u);
}

TEST_F(MatchWatchTest, RefusesAListThatIsTooLong) {
  for (int i = 0; i < 1'001; ++i) PutPerson(absl::StrCat("many", i), kAgrees);
  watched_.CatchUp();
  const auto watch = watched_.Open(QuestionOf(true, "sewing"));
  watched_.CatchUp();
  const auto events = watch->Next({});
  EXPECT_THAT(events, StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_EQ(ErrorReason(events.status()), "TOO_MANY_MATCHES");
}

// Two worlds in turn, in one of which somebody agrees to be matched: 4,096 changes that nobody
// reads. The list is the one that he began with, and no world is kept for him.
TEST_F(MatchWatchTest, ASlowReaderIsToldSoAndKeepsNothing) {
  const auto watch = watched_.Open(QuestionOf(true, "sewing"));
  Told(*watch);
  const auto without = watched_.World();
  PutPerson("new", kAgrees);
  watched_.town.CatchUp();
  const auto with = watched_.World();
  matcher::ChangedIds changed;
  changed.Add(*with->FindCandidate("regions/13/candidates/new"));
  for (size_t i = 0; i < MatchNews::kMostUnread; ++i) {
    watched_.rounds->Run({.world = i % 2 == 0 ? with : without, .changed = changed});
  }
  EXPECT_EQ(watch->Next({})->size(), 0u);
  for (size_t i = 0; i <= MatchNews::kMostUnread; ++i) {
    watched_.rounds->Run({.world = i % 2 == 0 ? with : without, .changed = changed});
  }
  EXPECT_LE(without.use_count() + with.use_count(), 3);
  const auto events = watch->Next({});
  EXPECT_THAT(events, StatusIs(absl::StatusCode::kOutOfRange));
  EXPECT_EQ(ErrorReason(events.status()), "READER_TOO_SLOW");
  watched_.rounds->Run({.world = with, .changed = {}});
  EXPECT_EQ(watched_.rounds->size(), 0u);
}

class CountingWatcher final : public Watcher {
 public:
  void Wake() override { ++wakes; }
  void Pump() override {}
  void Stop() override { ++stops; }
  int wakes = 0;
  int stops = 0;
};

TEST_F(MatchWatchTest, WakesAReaderOnlyForSomethingAndOnlyOnce) {
  const auto watcher = std::make_shared<CountingWatcher>();
  const auto watch = watched_.Open(QuestionOf(true, "sewing"));
  watch->WakeBy(watcher);
  EXPECT_EQ(watcher->wakes, 1);
  EXPECT_EQ(watch->Next({})->size(), 0u);
  watched_.CatchUp();
  EXPECT_EQ(watcher->wakes, 2);
  PutPerson("new", kAgrees);
  watched_.CatchUp();
  EXPECT_EQ(watcher->wakes, 2) << "it has not come yet";
  EXPECT_THAT(Told(*watch), ::testing::HasSubstr("+new"));
  EXPECT_EQ(watch->Next({})->size(), 0u);
  watched_.town.world.Put<v1::Employer>("employers/other", "state: EMPLOYER_STATE_ACTIVE");
  watched_.CatchUp();
  EXPECT_EQ(watcher->wakes, 2) << "there is nothing";
  PutPerson("new", "");
  watched_.CatchUp();
  EXPECT_EQ(watcher->wakes, 3);
}

// The use case with its thread.
class MatchWatchesTest : public ::testing::Test {
 protected:
  absl::StatusOr<std::unique_ptr<MatchWatch>> Open(const std::string& request,
                                                   access::Role role = access::Role::kOperator) {
    CallContext caller{.principal = access::LocalOperator()};
    caller.principal.role = role;
    return watches_.WatchMatches(Parse<v1::WatchMatchesRequest>(request), caller);
  }

  MatchWatches::Parts PartsWith(Showings* showings) {
    return {.changes = watched_.town.world.holder,
            .rulesets = watched_.rules,
            .catalogue = TestCatalogue(),
            .clock = watched_.town.world.clock,
            .showings = showings};
  }

  // What is told until the list is right.
  static Responses Await(MatchWatch& watch) {
    Responses all;
    while (all.empty() || !all.back().last()) {
      const auto some = watch.Next({});
      if (!some.ok()) break;
      if (some->empty()) absl::SleepFor(absl::Milliseconds(1));
      all.insert(all.end(), some->begin(), some->end());
    }
    return all;
  }

  // For how many postings each was shown, of those that were.
  std::map<std::string, size_t> Counted() {
    EXPECT_TRUE(showings_.WriteDown().ok());
    watched_.town.CatchUp();
    std::map<std::string, size_t> counted;
    const auto now = watched_.town.world.holder.Get();
    now->people->ForEach([&](const matcher::CandidateRecord& person) {
      const size_t count = now->directory.ShowingsOf(person.candidate.id).size();
      if (count > 0) counted[Town::LastPart(now->directory.NameOf(person.candidate.id))] = count;
    });
    return counted;
  }

  Watched watched_;
  Showings showings_{*watched_.town.world.store, watched_.town.world.holder,
                     watched_.town.world.clock};
  MatchWatches watches_{PartsWith(&showings_)};
};

constexpr char kSewing[] = "posting: 'regions/13/postings/sewing'";
constexpr char kWang[] = "regions/13/candidates/wang";

TEST_F(MatchWatchesTest, WhoIsToldOfWasShown) {
  const auto watch = *Open(kSewing);
  std::map<std::string, size_t> told;
  for (const auto& event : Await(*watch)) told[Town::LastPart(event.name())] = 1;
  EXPECT_GE(told.size(), 2u);
  EXPECT_EQ(Counted(), told);
  // Told of once more, for the same posting.
  Await(**Open(kSewing));
  EXPECT_EQ(Counted(), told);
}

TEST_F(MatchWatchesTest, OnlyWhoIsAddedForAnEnterpriseWasShown) {
  // wang is in the list already, quiet is told of as removed.
  const auto told = Await(
      **Open(absl::StrCat(kSewing, " known: '", kWang, "' known: 'regions/13/candidates/quiet'")));
  ASSERT_FALSE(told.empty());
  EXPECT_EQ(told.front().change(), v1::MATCH_CHANGE_REMOVED);
  EXPECT_EQ(Counted().size(), told.size() - 1);
  EXPECT_EQ(Counted().count("wang"), 0u);
  const auto before = Counted();
  Await(**Open("posting: 'regions/13/postings/cleaning'"));  // Of public welfare.
  Await(**Open(absl::StrCat("candidate: '", kWang, "'")));   // Postings are not shown people.
  EXPECT_EQ(Counted(), before);
}

// The same with a server that forgets to count: the claims above would not hold.
TEST_F(MatchWatchesTest, ForgettingToCountWouldBeSeen) {
  watches_.Stop();
  const MatchWatches forgetful(PartsWith(nullptr));
  const auto watch = *forgetful.WatchMatches(Parse<v1::WatchMatchesRequest>(kSewing),
                                             {.principal = access::LocalOperator()});
  EXPECT_GE(Await(*watch).size(), 2u);
  EXPECT_TRUE(Counted().empty());
}

TEST_F(MatchWatchesTest, AreCountedAndRefusedBeyondTheMost) {
  const std::string subject = "posting: 'regions/13/postings/closed'";
  std::vector<std::unique_ptr<MatchWatch>> open;
  while (open.size() < MatchWatches::kMostWatches) {
    auto watch = Open(subject);
    ASSERT_TRUE(watch.ok()) << watch.status() << " after " << open.size();
    open.push_back(*std::move(watch));
  }
  const auto refused = Open(subject).status();
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_EQ(ErrorReason(refused), "TOO_MANY_WATCHES");
  // One that ends makes room for one, as soon as that is noticed.
  open.pop_back();
  auto again = Open(subject);
  for (int turn = 0; !again.ok() && turn < 10'000; ++turn) {
    absl::SleepFor(absl::Milliseconds(1));
    again = Open(subject);
  }
  ASSERT_TRUE(again.ok()) << again.status();
  open.push_back(*std::move(again));
  EXPECT_THAT(Open(subject), StatusIs(absl::StatusCode::kResourceExhausted));
}

TEST_F(MatchWatchesTest, TheThreadTellsTheReader) {
  const auto watch = Open("posting: 'regions/13/postings/sewing'");
  ASSERT_TRUE(watch.ok()) << watch.status();
  Responses events;
  while (events.empty()) {
    absl::SleepFor(absl::Milliseconds(1));
    events = *(*watch)->Next({});
  }
  EXPECT_EQ(events.size(), watched_.town.Rank("sewing").size());
}

TEST_F(MatchWatchesTest, SaysEverythingThatIsWrong) {
  const auto watch = Open(R"(candidate: 'x' min_score_micros: 1000001 known: 'y'
                             options { forward_weights { weight_micros: 1 } })");
  const std::string said = watch.status().ToString();
  for (const char* field : {"candidate", "min_score_micros", "known[0]", "options"}) {
    EXPECT_THAT(said, ::testing::HasSubstr(field));
  }
  EXPECT_THAT(Open(""), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(MatchWatchesTest, AnEmployerSeesNoPostingsAndAnAppNoPeople) {
  EXPECT_THAT(Open("candidate: 'regions/13/candidates/wang'", access::Role::kEnterprise),
              StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_THAT(Open("posting: 'regions/13/postings/sewing'", access::Role::kApp),
              StatusIs(absl::StatusCode::kPermissionDenied));
}

TEST_F(MatchWatchesTest, StopStopsEveryReader) {
  const auto before = std::make_shared<CountingWatcher>();
  const auto after = std::make_shared<CountingWatcher>();
  const auto first = Open("posting: 'regions/13/postings/sewing'");
  (*first)->WakeBy(before);
  watches_.Stop();
  const auto second = Open("posting: 'regions/13/postings/sewing'");
  (*second)->WakeBy(after);
  EXPECT_EQ(before->stops, 1);
  EXPECT_EQ(after->stops, 1);
}

}  // namespace
}  // namespace leye::app
