// Who was shown for what: counted, written down, ranked by, forgotten; over a store and a follower.
#include "services/app/showings.h"

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "services/access/sealer.h"
#include "services/base/random.h"
#include "tests/services/app/matching_world_fixture.h"
#include "tests/testing/status_matchers.h"

namespace leye::app {
namespace {

using ::leye::testing::FailsWith;
using ::leye::testing::IsOk;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr char kDiscounted[] = "congestion: CONGESTION_MODE_DISCOUNTED ";

// A server of the town that counts, unless it has forgotten to.
class Counting {
 public:
  // Household hc: somebody works, so that its members have no priority.
  explicit Counting(bool forgets = false)
      : showings_(*town.world.store, town.world.holder, town.world.clock),
        matching({.worlds = town.world.holder,
                  .rulesets = town.rulesets,
                  .catalogue = TestCatalogue(),
                  .clock = town.world.clock,
                  .showings = forgets ? nullptr : &showings_}) {
    town.world.Put<v1::Household>("households/hc",
                                  "settlement_area: 'regions/13/settlementAreas/a'");
    Put("earner", "employment { state: EMPLOYMENT_STATE_EMPLOYED } preferences { willing: false }");
  }

  void Put(const std::string& id, const std::string& more = "") {
    town.world.Put<v1::Candidate>(
        "candidates/" + id,
        absl::StrCat("household: 'regions/13/households/hc' birth_date: '1990-03-01' "
                     "labour_class: LABOUR_CLASS_COMMON preferences { willing: true } "
                     "skills { skill: 'skills/welding-robot' level: 4 } "
                     "consent { given_date: '2023-01-01' } ",
                     more));
  }
  // A posting that only welders may take.
  void Offer(const std::string& id, const std::string& channel = "enterprise {}") {
    town.world.Put<v1::Posting>(
        "postings/" + id,
        absl::StrCat("employer: 'regions/13/employers/e' state: POSTING_STATE_OPEN openings: 2 "
                     "title: '焊工' place { division_code: '130723' location { latitude: 41.85 "
                     "longitude: 114.61 } } required_skills { skills { skill: "
                     "'skills/welding-robot' min_level: 3 } } ",
                     channel));
  }

  v1::RankCandidatesResponse Ask(const std::string& posting, const std::string& more = "") const {
    return Ask(posting, more, town.Caller());
  }
  v1::RankCandidatesResponse Ask(const std::string& posting, const std::string& more,
                                 const CallContext& caller) const {
    const auto answer = matching.RankCandidates(Town::RankRequest(posting, more), caller);
    EXPECT_THAT(answer, IsOk());
    return answer.ok() ? *answer : v1::RankCandidatesResponse();
  }
  std::vector<std::string> Ranked(const std::string& posting, const std::string& more = "") const {
    std::vector<std::string> ids;
    const v1::RankCandidatesResponse answer = Ask(posting, more);
    for (const v1::CandidateMatch& match : answer.matches()) {
      ids.push_back(Town::LastPart(match.candidate().name()));
    }
    return ids;
  }

  void WriteDown() {
    EXPECT_THAT(showings_.WriteDown(), IsOk());
    town.CatchUp();
  }

  size_t CountOf(const std::string& person) const {
    return CountOf(person, *town.world.holder.Get());
  }
  static size_t CountOf(const std::string& person, const live::LiveSnapshot& now) {
    const auto id = now.directory.FindCandidate("regions/13/candidates/" + person);
    return id.has_value() ? now.directory.ShowingsOf(*id).size() : 0;
  }

  bool HasRecord(const std::string& person) {
    const auto found =
        town.world.store->BatchGet(store::Region::FromNumber(13),
                                   {{store::Kind::kShowings, "regions/13/candidates/" + person}});
    return found.ok() && (*found)[0].has_value();
  }

  absl::Status Delete(const std::string& person) {
    const access::PlainSealer sealer;
    SeededRandom random(3);
    const Candidates candidates(
        {*town.world.store, sealer, TestCatalogue(), town.world.clock, random});
    v1::DeleteCandidateRequest request;
    request.set_name("regions/13/candidates/" + person);
    return candidates.DeleteCandidate(request, {.principal = access::LocalOperator()}).status();
  }

  Town town;

 private:
  Showings showings_;

 public:
  const Matching matching;
};

// Two who are equal but for the order of their registration. The first is shown for 40 postings.
void ShowTheFirstFortyTimes(Counting& server, const std::string& both = "") {
  server.Put("first", both);
  server.Put("second", both);
  for (int i = 0; i < 41; ++i) server.Offer(absl::StrCat("job", i));
  server.town.CatchUp();
  for (int i = 0; i < 40; ++i) {
    EXPECT_THAT(server.Ranked(absl::StrCat("job", i), "page_size: 1"), ElementsAre("first"));
  }
  server.WriteDown();
}

TEST(Showings, WhoWasShownToFortyComesAfterAnEqualAtTheFortyFirst) {
  Counting server;
  ShowTheFirstFortyTimes(server);
  EXPECT_THAT(server.Ranked("job40"), ElementsAre("first", "second"));
  const auto answer = server.Ask("job40", kDiscounted);
  ASSERT_THAT(answer.matches(), SizeIs(2));
  EXPECT_THAT(answer.matches(0).candidate().name(), HasSubstr("second"));
  EXPECT_EQ(answer.matches(0).congestion().discount_micros(), 0);
  const v1::Congestion& first = answer.matches(1).congestion();
  EXPECT_EQ(first.shown_for_others(), 40);
  EXPECT_EQ(first.discount_micros(), 80'000);
  EXPECT_EQ(first.ordering_micros(), answer.matches(1).scores().forward_micros() - 80'000);
  EXPECT_EQ(first.evidence(), "30 天内已向其他 40 个岗位展示");
}

// The same with a server that forgets to count: the claim above would not hold.
TEST(Showings, ForgettingToCountWouldBeSeen) {
  Counting server(/*forgets=*/true);
  ShowTheFirstFortyTimes(server);
  EXPECT_THAT(server.Ranked("job40", kDiscounted), ElementsAre("first", "second"));
}

TEST(Showings, WhoIsInNeedIsNotSetBack) {
  Counting server;
  ShowTheFirstFortyTimes(server, "household: 'regions/13/households/ha'");  // Nobody works there.
  const auto answer =
      server.Ask("job40", absl::StrCat(kDiscounted, "options { language_code: 'en' }"));
  EXPECT_THAT(answer.matches(0).candidate().name(), HasSubstr("first"));
  EXPECT_EQ(answer.matches(0).congestion().discount_micros(), 0);
  EXPECT_EQ(answer.matches(0).congestion().evidence(),
            "shown for 40 other postings within 30 days, not set back: in need of priority");
}

TEST(Showings, ExplainTellsWhatTheRankingDid) {
  Counting server;
  ShowTheFirstFortyTimes(server);
  const auto ranked = server.Ask("job40", kDiscounted);
  const auto explained =
      server.matching.ExplainMatch(Parse<v1::ExplainMatchRequest>(absl::StrCat(
                                       "pair { candidate: 'regions/13/candidates/first' posting: "
                                       "'regions/13/postings/job40' } ",
                                       kDiscounted)),
                                   server.town.Caller());
  ASSERT_THAT(explained, IsOk());
  EXPECT_EQ(explained->match().congestion().SerializeAsString(),
            ranked.matches(1).congestion().SerializeAsString());
  EXPECT_FALSE(server.Ask("job40").matches(1).has_congestion());
}

TEST(Showings, PagesJoinToTheWholeRanking) {
  Counting server;
  ShowTheFirstFortyTimes(server);
  const auto one = server.Ask("job40", absl::StrCat(kDiscounted, "page_size: 1"));
  const auto two = server.Ask(
      "job40", absl::StrCat(kDiscounted, "page_size: 1 page_token: '", one.next_page_token(), "'"));
  EXPECT_THAT(one.matches(0).candidate().name(), HasSubstr("second"));
  EXPECT_THAT(two.matches(0).candidate().name(), HasSubstr("first"));
  // A page goes on in the order it began in.
  EXPECT_THAT(
      server.matching
          .RankCandidates(Town::RankRequest("job40", absl::StrCat("page_size: 1 page_token: '",
                                                                  one.next_page_token(), "'")),
                          server.town.Caller())
          .status(),
      FailsWith(absl::StatusCode::kInvalidArgument, "INVALID_FIELDS"));
}

TEST(Showings, APostingCountsOnceHoweverOftenAnEmployerAsks) {
  Counting server;
  CallContext firm = server.town.Caller();
  firm.principal = access::Enterprise("regions/13/employers/e");
  for (int i = 0; i < 3; ++i) {
    server.Ask("sewing", "", firm);
    server.WriteDown();
  }
  const auto before = server.town.world.store->Head(store::Region::FromNumber(13));
  server.Ask("sewing");
  server.WriteDown();
  EXPECT_EQ(server.CountOf("wang"), 1u);
  EXPECT_EQ(*server.town.world.store->Head(store::Region::FromNumber(13)), *before)
      << "what is written already is written again";
}

TEST(Showings, OnlyEnterprisePostingsCount) {
  Counting server;
  EXPECT_THAT(server.Ranked("cleaning"), Not(IsEmpty()));
  server.WriteDown();
  for (const std::string& person : server.Ranked("cleaning")) {
    EXPECT_EQ(server.CountOf(person), 0u) << person;
  }
}

TEST(Showings, AServerThatStartsOnTheStoreKnowsThem) {
  Counting server;
  ShowTheFirstFortyTimes(server);
  live::SnapshotHolder other;
  live::FollowerRounds rounds({}, {*server.town.world.store, server.town.codes,
                                   server.town.world.clock, server.town.world.logger, other});
  ASSERT_THAT(rounds.Run(absl::ZeroDuration()), IsOk());
  EXPECT_EQ(Counting::CountOf("first", *other.Get()), 40u);
  EXPECT_EQ(Counting::CountOf("second", *other.Get()), 0u);
}

TEST(Showings, TwoServersAddUp) {
  Counting server;
  Showings other(*server.town.world.store, server.town.world.holder, server.town.world.clock);
  server.Ask("sewing");
  const auto now = server.town.world.holder.Get();
  const auto far = *now->postings->Find(*now->directory.FindPosting("regions/13/postings/far"));
  other.Note(far, {*now->directory.FindCandidate("regions/13/candidates/wang")});
  ASSERT_THAT(other.WriteDown(), IsOk());
  server.WriteDown();
  EXPECT_EQ(server.CountOf("wang"), 2u);
}

TEST(Showings, GoWithThePerson) {
  Counting server;
  server.Ask("sewing");
  server.WriteDown();
  ASSERT_TRUE(server.HasRecord("wang"));
  server.Ask("far");
  server.Ask("sewing");
  ASSERT_THAT(server.Delete("wang"), IsOk());
  EXPECT_FALSE(server.HasRecord("wang"));
  // Nor do they come back with what was counted before, or to who has the name next.
  server.WriteDown();
  EXPECT_FALSE(server.HasRecord("wang"));
  server.Put("wang");
  server.town.CatchUp();
  EXPECT_EQ(server.CountOf("wang"), 0u);
}

// The server has not heard of the deletion when it writes.
TEST(Showings, OfWhoIsBeingDeletedAreNotWritten) {
  Counting server;
  server.Ask("sewing");
  ASSERT_THAT(server.Delete("wang"), IsOk());
  server.WriteDown();
  EXPECT_FALSE(server.HasRecord("wang"));
  EXPECT_TRUE(server.HasRecord("li"));
}

TEST(Showings, AreForgottenInTimeAndInNumber) {
  const auto day = matcher::Day::FromCivil(2026, 11, 27);
  storage::v1::Showings showings;
  for (int i = 0; i < 300; ++i) {
    AddShowing(matcher::PostingId(static_cast<uint64_t>(i)), day.PlusDays(i / 100), showings);
  }
  ASSERT_EQ(showings.showings_size(), Showings::kMostKept);
  EXPECT_EQ(showings.showings(0).posting(), 100) << "the oldest go first";
  AddShowing(matcher::PostingId(7), day.PlusDays(1 + 90), showings);
  EXPECT_EQ(showings.showings_size(), 101) << "of the last day but 90 nothing is left";
}

TEST(Showings, BeyondTheBoundNobodyIsCountedAndThatIsTold) {
  Counting server;
  Showings showings(*server.town.world.store, server.town.world.holder, server.town.world.clock);
  std::vector<matcher::CandidateId> many;
  for (uint64_t i = 0; i < Showings::kMostWaiting + 7; ++i) {
    many.emplace_back((uint64_t{13} << matcher::kRegistrationBits) + 1'000'000 + i);
  }
  const auto now = server.town.world.holder.Get();
  showings.Note(*now->postings->Find(*now->directory.FindPosting("regions/13/postings/sewing")),
                many);
  LEYE_ASSERT_OK_AND_ASSIGN(const int64_t uncounted, showings.WriteDown());
  EXPECT_EQ(uncounted, 7);
}

}  // namespace
}  // namespace leye::app
