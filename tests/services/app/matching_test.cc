// Matching from the request to the answer, over a store and a follower, without gRPC.
#include "services/app/matching.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/services/app/matching_world_fixture.h"
#include "tests/testing/status_matchers.h"

namespace leye::app {
namespace {

using ::leye::testing::FailsWith;
using ::leye::testing::IsOk;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

// The fields at fault, "a, b".
std::string Fields(const absl::Status& status) {
  std::string fields;
  for (const FieldViolation& violation : GetErrorDetails(status).violations) {
    absl::StrAppend(&fields, fields.empty() ? "" : ", ", violation.field);
  }
  return fields;
}

v1::ExplainMatchRequest Explain(const std::string& candidate, const std::string& posting,
                                const std::string& options = "") {
  return Parse<v1::ExplainMatchRequest>(absl::StrCat("pair { candidate: 'regions/13/candidates/",
                                                     candidate, "' posting: 'regions/13/postings/",
                                                     posting, "' } options { ", options, " }"));
}

// --- what is answered ----------------------------------------------------------------------------

TEST(RankCandidates, IsWhatFitSaysOfEveryPair) {
  const Town town;
  for (const char* posting : {"sewing", "cleaning", "far", "closed"}) {
    EXPECT_EQ(town.Rank(posting), town.RankByFit(posting)) << posting;
  }
  EXPECT_THAT(town.Rank("sewing"), ElementsAre("wang", "zhao", "li"));
  EXPECT_THAT(town.Rank("far"), ElementsAre("zhao"));
  EXPECT_THAT(town.Rank("closed"), IsEmpty());
}

TEST(RankCandidates, SaysWhoAndWhy) {
  const Town town;
  LEYE_ASSERT_OK_AND_ASSIGN(
      const v1::RankCandidatesResponse answer,
      town.matching.RankCandidates(Town::RankRequest("sewing"), town.Caller()));
  const v1::CandidateMatch& best = answer.matches(0);
  EXPECT_EQ(best.candidate().name(), "regions/13/candidates/wang");
  EXPECT_EQ(best.candidate().age(), 34);
  EXPECT_EQ(best.candidate().education(), v1::EDUCATION_JUNIOR_SECONDARY);
  EXPECT_EQ(best.candidate().settlement_area(), "regions/13/settlementAreas/a");
  EXPECT_EQ(best.candidate().settlement_area_display_name(), "怡安社区");
  EXPECT_NEAR(best.travel().distance_km(), 2.8, 0.2);
  ASSERT_THAT(best.criteria(), SizeIs(matcher::kCriterionCount));
  EXPECT_EQ(best.criteria(0).criterion(), v1::CRITERION_KIND_SKILLS);
  EXPECT_EQ(best.criteria(0).evidence(), "平缝机操作 要求 3 级，本人 4 级");
  int32_t sum = 0;
  for (const v1::Criterion& criterion : best.criteria()) sum += criterion.contribution_micros();
  EXPECT_EQ(sum, best.scores().forward_micros());
  EXPECT_EQ(best.scores().mutual_micros(),
            (best.scores().forward_micros() + best.scores().reverse_micros()) / 2);
}

TEST(RankCandidates, SaysHowOldMemoryIsWhileTheStoreIsAway) {
  Town town;
  const absl::Time good = town.world.clock.Now();
  town.world.clock.Advance(absl::Seconds(10));
  town.world.Put<v1::Employer>("employers/new", "display_name: '新厂'");
  town.world.store->failing = true;
  EXPECT_FALSE(town.rounds.Run(absl::ZeroDuration()).ok());
  const auto complete = [&] {
    const auto answer = town.matching.RankCandidates(Town::RankRequest("sewing"), town.Caller());
    return absl::FromUnixSeconds(answer->basis().complete_time().seconds());
  };
  EXPECT_EQ(complete(), good);
  town.world.store->failing = false;
  town.world.clock.Advance(absl::Seconds(1));  // The pause after an error.
  town.CatchUp();
  EXPECT_EQ(complete(), town.world.clock.Now());
}

TEST(RankCandidates, CountsTheFunnel) {
  const Town town;
  const auto request = Town::RankRequest("sewing", "options { funnel: FUNNEL_MODE_EXACT }");
  LEYE_ASSERT_OK_AND_ASSIGN(const auto answer,
                            town.matching.RankCandidates(request, town.Caller()));
  EXPECT_EQ(answer.funnel().considered(), 5);
  EXPECT_EQ(answer.funnel().eligible(), 3);
  EXPECT_TRUE(answer.funnel().eligible_exact());
  ASSERT_THAT(answer.funnel().turned_away(), SizeIs(2));
  EXPECT_EQ(answer.funnel().turned_away(0).rule(), v1::RULE_ID_SEEKING);
  EXPECT_EQ(answer.funnel().turned_away(1).rule(), v1::RULE_ID_AGE_RANGE);
  EXPECT_TRUE(answer.funnel().turned_away(1).exact());
}

TEST(RankCandidates, AnEmptyAnswerCountsWhyUnasked) {
  Town town;
  town.world.Put<v1::Posting>("postings/elders", R"(title: "看门" openings: 1 enterprise {}
      state: POSTING_STATE_OPEN employer: "regions/13/employers/e"
      place { division_code: "130723" location { latitude: 41.87 longitude: 114.63 } }
      conditions { ages { min_years: 90 } })");
  town.CatchUp();
  LEYE_ASSERT_OK_AND_ASSIGN(
      const auto answer, town.matching.RankCandidates(Town::RankRequest("elders"), town.Caller()));
  EXPECT_THAT(answer.matches(), IsEmpty());
  EXPECT_TRUE(answer.funnel().eligible_exact());
  bool counted = false;
  for (const v1::RuleCount& rule : answer.funnel().turned_away()) {
    EXPECT_TRUE(rule.exact());
    if (rule.rule() != v1::RULE_ID_AGE_RANGE) continue;
    counted = true;
    EXPECT_EQ(rule.count(), 5);
  }
  EXPECT_TRUE(counted);
}

TEST(RankCandidates, SaysOnWhatItRests) {
  const Town town;
  LEYE_ASSERT_OK_AND_ASSIGN(const auto answer, town.matching.RankCandidates(
                                                   Town::RankRequest("cleaning"), town.Caller()));
  const v1::MatchBasis& basis = answer.basis();
  EXPECT_EQ(basis.ruleset(), "rulesets/hebei-2026");
  EXPECT_EQ(basis.date(), "2024-05-01");
  EXPECT_EQ(basis.side(), v1::SCORE_SIDE_FORWARD);
  ASSERT_THAT(basis.revisions(), SizeIs(1));
  EXPECT_THAT(store::ParseToken(basis.revisions(0)), IsOk());
  ASSERT_THAT(basis.forward_weights(), SizeIs(matcher::kCriterionCount));
  EXPECT_EQ(basis.forward_weights(2).criterion(), v1::CRITERION_KIND_PRIORITY);
  EXPECT_EQ(basis.forward_weights(2).weight_micros(), 500'000);
}

TEST(RankCandidates, BasicViewHasNamesScoresAndDistanceOnly) {
  const Town town;
  const auto request = Town::RankRequest("sewing", "options { view: MATCH_VIEW_BASIC }");
  LEYE_ASSERT_OK_AND_ASSIGN(const auto answer,
                            town.matching.RankCandidates(request, town.Caller()));
  const v1::CandidateMatch& best = answer.matches(0);
  EXPECT_EQ(best.candidate().name(), "regions/13/candidates/wang");
  EXPECT_EQ(best.candidate().age(), 0);
  EXPECT_THAT(best.criteria(), IsEmpty());
  EXPECT_TRUE(best.travel().has_distance_km());
  EXPECT_GT(best.scores().forward_micros(), 0);
}

TEST(RankCandidates, SpeaksTheLanguageAskedFor) {
  const Town town;
  const auto request = Town::RankRequest("sewing", "options { language_code: 'en' }");
  LEYE_ASSERT_OK_AND_ASSIGN(auto answer, town.matching.RankCandidates(request, town.Caller()));
  EXPECT_EQ(answer.matches(0).criteria(0).evidence(),
            "Lockstitch sewing: level 3 asked, level 4 held");
  CallContext english = town.Caller();
  english.language = "en";
  LEYE_ASSERT_OK_AND_ASSIGN(answer,
                            town.matching.RankCandidates(Town::RankRequest("sewing"), english));
  EXPECT_THAT(answer.matches(0).criteria(0).evidence(), HasSubstr("asked"));
}

TEST(RankCandidates, WeightsOfTheRequestReplaceTheRulesets) {
  const Town town;
  const auto request = Town::RankRequest(
      "sewing",
      "options { forward_weights { criterion: CRITERION_KIND_WAITING weight_micros: 1000000 } }");
  LEYE_ASSERT_OK_AND_ASSIGN(const auto answer,
                            town.matching.RankCandidates(request, town.Caller()));
  // Only wang's waiting is on record: since 2023-09-01, eight of twelve months.
  EXPECT_EQ(answer.matches(0).scores().forward_micros(), 666'667);
  EXPECT_EQ(answer.matches(1).scores().forward_micros(), 0);
  EXPECT_EQ(answer.basis().forward_weights(5).weight_micros(), 1'000'000);
}

TEST(RankCandidates, OrdersByTheSideAskedFor) {
  const Town town;
  const auto request = Town::RankRequest("sewing", "options { side: SCORE_SIDE_REVERSE }");
  LEYE_ASSERT_OK_AND_ASSIGN(const auto answer,
                            town.matching.RankCandidates(request, town.Caller()));
  for (int i = 1; i < answer.matches_size(); ++i) {
    EXPECT_GE(answer.matches(i - 1).scores().reverse_micros(),
              answer.matches(i).scores().reverse_micros());
  }
  EXPECT_EQ(answer.basis().side(), v1::SCORE_SIDE_REVERSE);
}

TEST(RankCandidates, PagesGoOnAfterTheLastAndRepeatNobody) {
  const Town town;
  std::vector<std::string> seen;
  v1::RankCandidatesRequest request = Town::RankRequest("sewing", "page_size: 1");
  do {
    LEYE_ASSERT_OK_AND_ASSIGN(const auto page,
                              town.matching.RankCandidates(request, town.Caller()));
    ASSERT_THAT(page.matches(), SizeIs(1));
    EXPECT_EQ(page.has_funnel(), seen.empty());
    seen.push_back(Town::LastPart(page.matches(0).candidate().name()));
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(seen, town.Rank("sewing"));
}

TEST(RecommendPostings, TheSamePairHasTheSameScoresFromBothSides) {
  const Town town;
  EXPECT_THAT(town.Recommend("wang"), ElementsAre("sewing", "cleaning"));
  LEYE_ASSERT_OK_AND_ASSIGN(
      const auto postings,
      town.matching.RecommendPostings(Town::RecommendRequest("wang"), town.Caller()));
  LEYE_ASSERT_OK_AND_ASSIGN(
      const auto people, town.matching.RankCandidates(Town::RankRequest("sewing"), town.Caller()));
  EXPECT_EQ(postings.matches(0).scores().SerializeAsString(),
            people.matches(0).scores().SerializeAsString());
  const v1::PostingSummary& posting = postings.matches(0).posting();
  EXPECT_EQ(posting.title(), "缝纫工");
  EXPECT_EQ(posting.employer_display_name(), "怡安服装厂");
  EXPECT_EQ(posting.channel(), v1::CHANNEL_ENTERPRISE);
  EXPECT_EQ(posting.division_code(), "130723");
  EXPECT_EQ(posting.monthly_pay_min_yuan(), 3500);
  EXPECT_EQ(posting.openings_left(), 2);
  EXPECT_EQ(postings.basis().side(), v1::SCORE_SIDE_REVERSE);
}

TEST(RecommendPostings, AnEmptyAnswerCountsWhyUnasked) {
  const Town town;
  LEYE_ASSERT_OK_AND_ASSIGN(const auto answer, town.matching.RecommendPostings(
                                                   Town::RecommendRequest("quiet"), town.Caller()));
  EXPECT_THAT(answer.matches(), IsEmpty());
  ASSERT_GT(answer.funnel().turned_away_size(), 1);
  EXPECT_EQ(answer.funnel().turned_away(1).rule(), v1::RULE_ID_SEEKING);
  EXPECT_EQ(answer.funnel().turned_away(1).count(), answer.funnel().considered());
  EXPECT_TRUE(answer.funnel().turned_away(1).exact());
}

TEST(RecommendPostings, Pages) {
  const Town town;
  LEYE_ASSERT_OK_AND_ASSIGN(const auto first,
                            town.matching.RecommendPostings(
                                Town::RecommendRequest("wang", "page_size: 1"), town.Caller()));
  LEYE_ASSERT_OK_AND_ASSIGN(
      const auto second,
      town.matching.RecommendPostings(
          Town::RecommendRequest("wang",
                                 absl::StrCat("page_token: '", first.next_page_token(), "'")),
          town.Caller()));
  EXPECT_EQ(second.matches(0).posting().name(), "regions/13/postings/cleaning");
  EXPECT_EQ(second.next_page_token(), "");
}

TEST(ExplainMatch, NamesEveryRuleThatFails) {
  const Town town;
  LEYE_ASSERT_OK_AND_ASSIGN(const auto answer,
                            town.matching.ExplainMatch(Explain("old", "sewing"), town.Caller()));
  EXPECT_FALSE(answer.match().eligible());
  EXPECT_FALSE(answer.match().has_scores());
  ASSERT_THAT(answer.match().failures(), SizeIs(1));
  EXPECT_EQ(answer.match().failures(0).rule(), v1::RULE_ID_AGE_RANGE);
  EXPECT_EQ(answer.match().failures(0).reason(), "ABOVE_AGE_RANGE");
  EXPECT_EQ(answer.match().failures(0).evidence(), "已满 64 岁，超过岗位上限 55 岁");
  EXPECT_THAT(answer.match().criteria(), SizeIs(matcher::kCriterionCount));
  EXPECT_EQ(answer.candidate().age(), 64);
  EXPECT_EQ(answer.posting().title(), "缝纫工");
}

TEST(ExplainMatch, AgreesWithRankCandidates) {
  const Town town;
  LEYE_ASSERT_OK_AND_ASSIGN(
      const auto ranked, town.matching.RankCandidates(Town::RankRequest("sewing"), town.Caller()));
  for (const v1::CandidateMatch& match : ranked.matches()) {
    LEYE_ASSERT_OK_AND_ASSIGN(
        const auto explained,
        town.matching.ExplainMatch(Explain(Town::LastPart(match.candidate().name()), "sewing"),
                                   town.Caller()));
    EXPECT_TRUE(explained.match().eligible());
    EXPECT_EQ(explained.match().scores().SerializeAsString(), match.scores().SerializeAsString());
    EXPECT_EQ(explained.match().travel().SerializeAsString(), match.travel().SerializeAsString());
    ASSERT_EQ(explained.match().criteria_size(), match.criteria_size());
    EXPECT_EQ(explained.match().criteria(0).SerializeAsString(),
              match.criteria(0).SerializeAsString());
  }
}

TEST(ScorePairs, AnswersInTheOrderAsked) {
  const Town town;
  v1::ScorePairsRequest request;
  *request.add_pairs() = Explain("old", "sewing").pair();
  *request.add_pairs() = Explain("wang", "sewing").pair();
  LEYE_ASSERT_OK_AND_ASSIGN(const auto answer, town.matching.ScorePairs(request, town.Caller()));
  ASSERT_THAT(answer.matches(), SizeIs(2));
  EXPECT_FALSE(answer.matches(0).eligible());
  EXPECT_TRUE(answer.matches(1).eligible());
  EXPECT_EQ(answer.matches(1).pair().candidate(), "regions/13/candidates/wang");
}

// --- what is refused -----------------------------------------------------------------------------

TEST(MatchRequests, NameEverythingThatIsWrongAtOnce) {
  const Town town;
  const auto request = Parse<v1::RankCandidatesRequest>(R"(posting: "postings/sewing"
      page_size: -1 page_token: "x" options { language_code: "fr" min_revisions: "yesterday"
      forward_weights { criterion: CRITERION_KIND_WAGE weight_micros: 400000 }
      forward_weights { criterion: CRITERION_KIND_WAGE weight_micros: 400000 }
      reverse_weights { weight_micros: 1000000 } })");
  const auto answer = town.matching.RankCandidates(request, town.Caller());
  EXPECT_THAT(answer, FailsWith(absl::StatusCode::kInvalidArgument, "INVALID_FIELDS"));
  EXPECT_THAT(Fields(answer.status()),
              AllOf(HasSubstr("posting"), HasSubstr("page_size"), HasSubstr("page_token"),
                    HasSubstr("options.language_code"), HasSubstr("options.min_revisions[0]"),
                    HasSubstr("options.forward_weights[1].criterion"),
                    HasSubstr("options.forward_weights,"),
                    HasSubstr("options.reverse_weights[0].criterion")));
}

TEST(MatchRequests, APageTokenGoesOnlyWithItsOwnRequest) {
  const Town town;
  LEYE_ASSERT_OK_AND_ASSIGN(
      const auto page,
      town.matching.RankCandidates(Town::RankRequest("sewing", "page_size: 1"), town.Caller()));
  const std::string token = absl::StrCat("page_token: '", page.next_page_token(), "'");
  for (const auto& other :
       {Town::RankRequest("cleaning", token),
        Town::RankRequest("sewing", token + " options { side: SCORE_SIDE_MUTUAL }")}) {
    const auto answer = town.matching.RankCandidates(other, town.Caller());
    EXPECT_EQ(Fields(answer.status()), "page_token");
  }
  EXPECT_THAT(town.matching.RankCandidates(Town::RankRequest("sewing", token + " page_size: 2"),
                                           town.Caller()),
              IsOk());
}

TEST(MatchRequests, UnknownNamesAreNotFoundByName) {
  const Town town;
  const auto ranked = town.matching.RankCandidates(Town::RankRequest("nobody"), town.Caller());
  EXPECT_THAT(ranked, FailsWith(absl::StatusCode::kNotFound, "NOT_FOUND"));
  EXPECT_THAT(std::string(ranked.status().message()), HasSubstr("regions/13/postings/nobody"));
  v1::ScorePairsRequest request;
  *request.add_pairs() = Explain("ghost", "sewing").pair();
  *request.add_pairs() = Explain("wang", "nothing").pair();
  const auto scored = town.matching.ScorePairs(request, town.Caller());
  EXPECT_THAT(
      std::string(scored.status().message()),
      AllOf(HasSubstr("candidates/ghost"), HasSubstr("postings/nothing"), Not(HasSubstr("wang"))));
}

TEST(MatchRequests, ScorePairsTakesOneToAThousand) {
  const Town town;
  v1::ScorePairsRequest request;
  EXPECT_EQ(Fields(town.matching.ScorePairs(request, town.Caller()).status()), "pairs");
  for (int i = 0; i < 1001; ++i) *request.add_pairs() = Explain("wang", "sewing").pair();
  EXPECT_EQ(Fields(town.matching.ScorePairs(request, town.Caller()).status()), "pairs");
  request.mutable_pairs()->RemoveLast();
  EXPECT_THAT(town.matching.ScorePairs(request, town.Caller()), IsOk());
}

TEST(MatchRequests, APersonWithoutAKnownAreaCannotBeJudged) {
  Town town;
  town.world.Put<v1::Candidate>(
      "candidates/lost", live::LiveWorld::PersonText("household: 'regions/13/households/zz'"));
  town.CatchUp();
  EXPECT_THAT(town.matching.RecommendPostings(Town::RecommendRequest("lost"), town.Caller()),
              FailsWith(absl::StatusCode::kFailedPrecondition, "AREA_UNKNOWN"));
}

TEST(MatchRequests, WaitForTheRevisionsAskedFor) {
  Town town;
  const store::RegionRevision put = town.world.Put<v1::Candidate>(
      "candidates/new", live::LiveWorld::PersonText("household: 'regions/13/households/ha'"));
  const auto request = Town::RankRequest(
      "sewing", absl::StrCat("options { min_revisions: '", store::FormatToken(put), "' }"));
  EXPECT_THAT(town.matching.RankCandidates(request, town.Caller()),
              FailsWith(absl::StatusCode::kDeadlineExceeded, "REVISION_NOT_REACHED"));
  town.CatchUp();
  LEYE_ASSERT_OK_AND_ASSIGN(const auto answer,
                            town.matching.RankCandidates(request, town.Caller()));
  EXPECT_EQ(answer.matches_size(), 4);
}

TEST(MatchRequests, BeforeTheFirstSnapshotTheServiceIsUnavailable) {
  const live::SnapshotHolder empty;
  const OneRuleset rulesets(matcher::DefaultRuleset());
  const testing::FakeClock clock;
  const Matching matching({empty, rulesets, TestCatalogue(), clock});
  EXPECT_THAT(matching.RankCandidates(Town::RankRequest("sewing"), {}),
              FailsWith(absl::StatusCode::kUnavailable, "NOT_READY"));
}

// --- what must never be said ---------------------------------------------------------------------

TEST(MatchAnswers, HoldNoPersonalData) {
  Town town;
  // As if personal fields had slipped into the open part of the record.
  town.world.Put<v1::Candidate>(
      "candidates/wang", live::LiveWorld::PersonText("household: 'regions/13/households/ha' "
                                                     "full_name: 'SECRET' id_number: 'SECRET' "
                                                     "phone: 'SECRET' health_note: 'SECRET'"));
  town.CatchUp();
  LEYE_ASSERT_OK_AND_ASSIGN(
      const auto ranked, town.matching.RankCandidates(Town::RankRequest("sewing"), town.Caller()));
  EXPECT_THAT(ranked.SerializeAsString(), Not(HasSubstr("SECRET")));
  LEYE_ASSERT_OK_AND_ASSIGN(const auto explained,
                            town.matching.ExplainMatch(Explain("wang", "sewing"), town.Caller()));
  EXPECT_THAT(explained.SerializeAsString(), Not(HasSubstr("SECRET")));
}

}  // namespace
}  // namespace leye::app
