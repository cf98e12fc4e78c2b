// The main job over the wire: who fits a posting, what fits a person, why, and why not. The numbers
// are reckoned by hand from the ruleset hebei-2026 and the places of small_world.h.

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "leye/v1/employer.pb.h"
#include "leye/v1/match.pb.h"
#include "leye/v1/travel.pb.h"
#include "tests/e2e/client.h"
#include "tests/e2e/server_in_process.h"
#include "tests/e2e/small_world.h"
#include "tests/testing/status_matchers.h"

namespace leye::e2e {
namespace {

using ::leye::testing::FailsWith;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::Pair;

class MainJob : public ::testing::Test {
 protected:
  void SetUp() override { LEYE_ASSERT_OK_AND_ASSIGN(revision_, MakeSmallWorld(client_)); }

  // Options that wait for the small world to be in the snapshot.
  v1::MatchOptions Options(absl::string_view text = "") const {
    auto options = Parse<v1::MatchOptions>(text);
    options.add_min_revisions(revision_);
    return options;
  }

  absl::StatusOr<v1::RankCandidatesResponse> Rank(absl::string_view posting,
                                                  absl::string_view options = "") const {
    v1::RankCandidatesRequest request;
    request.set_posting(NameOf("postings", posting));
    *request.mutable_options() = Options(options);
    return client_.Call<v1::RankCandidatesResponse>(request);
  }

  absl::StatusOr<v1::RecommendPostingsResponse> Recommend(absl::string_view candidate,
                                                          absl::string_view options = "") const {
    v1::RecommendPostingsRequest request;
    request.set_candidate(NameOf("candidates", candidate));
    *request.mutable_options() = Options(options);
    return client_.Call<v1::RecommendPostingsResponse>(request);
  }

  absl::StatusOr<v1::ExplainMatchResponse> Explain(absl::string_view candidate,
                                                   absl::string_view posting,
                                                   absl::string_view options = "") const {
    v1::ExplainMatchRequest request;
    request.mutable_pair()->set_candidate(NameOf("candidates", candidate));
    request.mutable_pair()->set_posting(NameOf("postings", posting));
    *request.mutable_options() = Options(options);
    return client_.Call<v1::ExplainMatchResponse>(request);
  }

  ServerInProcess server_;
  Client client_{server_.channel()};
  std::string revision_;
};

std::vector<std::pair<std::string, int>> Forward(const v1::RankCandidatesResponse& answer) {
  std::vector<std::pair<std::string, int>> scores;
  for (const v1::CandidateMatch& match : answer.matches()) {
    scores.emplace_back(match.candidate().name(), match.scores().forward_micros());
  }
  return scores;
}

std::vector<std::pair<std::string, int>> Reverse(const v1::RecommendPostingsResponse& answer) {
  std::vector<std::pair<std::string, int>> scores;
  for (const v1::PostingMatch& match : answer.matches()) {
    scores.emplace_back(match.posting().name(), match.scores().reverse_micros());
  }
  return scores;
}

std::vector<v1::RuleId> RulesOf(const v1::PairMatch& match) {
  std::vector<v1::RuleId> rules;
  for (const v1::RuleFailure& failure : match.failures()) rules.push_back(failure.rule());
  return rules;
}

std::map<v1::CriterionKind, int> Values(const v1::PairMatch& match) {
  std::map<v1::CriterionKind, int> values;
  for (const v1::Criterion& each : match.criteria()) {
    values[each.criterion()] = each.value_micros();
  }
  return values;
}

TEST_F(MainJob, RanksForAJobByTheWeightsOfItsChannel) {
  LEYE_ASSERT_OK_AND_ASSIGN(const auto answer, Rank("sewing"));
  // Near: .45 skills + .25 proximity + .10 x .4 lifted + .10 wage + .05 x .5 wish + .05 waiting.
  // Far: .45 + .25 x .5 + .10 x 1 nobody earns + .10 + .025 + 0.
  EXPECT_THAT(Forward(answer), ElementsAre(Pair(NameOf("candidates", "sewer-near"), 915'000),
                                           Pair(NameOf("candidates", "sewer-far"), 800'000)));
}

TEST_F(MainJob, RanksForAPublicWelfarePostByNeedFirst) {
  LEYE_ASSERT_OK_AND_ASSIGN(const auto answer, Rank("cleaning"));
  // Far: .10 + .25 x .5 + .50 x 1 + .05 + .025 + 0. Near: .10 + .25 + .50 x .4 + .05 + .025 + .05.
  EXPECT_THAT(Forward(answer), ElementsAre(Pair(NameOf("candidates", "sewer-far"), 800'000),
                                           Pair(NameOf("candidates", "sewer-near"), 675'000)));
}

TEST_F(MainJob, RanksForWorkForRelief) {
  LEYE_ASSERT_OK_AND_ASSIGN(const auto answer, Rank("road"));
  // Welder: .20 + .25 + .40 x 1 nobody earns + .05 + .025 + 0. Far: .20 + .125 + .40 + .075.
  // Near: .20 + .25 + .40 x .4 + .05 + .025 + .05.
  EXPECT_THAT(Forward(answer), ElementsAre(Pair(NameOf("candidates", "welder"), 925'000),
                                           Pair(NameOf("candidates", "sewer-far"), 800'000),
                                           Pair(NameOf("candidates", "sewer-near"), 735'000)));
}

TEST_F(MainJob, RecommendsInThePolicysOrderOfMeans) {
  LEYE_ASSERT_OK_AND_ASSIGN(const auto answer, Recommend("sewer-near"));
  // .15 skills + .30 proximity + .30 wage + .20 x .5 wish + .05 x (1, 1/3, 0) channel.
  EXPECT_THAT(Reverse(answer), ElementsAre(Pair(NameOf("postings", "sewing"), 900'000),
                                           Pair(NameOf("postings", "road"), 866'667),
                                           Pair(NameOf("postings", "cleaning"), 850'000)));
}

TEST_F(MainJob, ReportsDistanceAndMutualScore) {
  LEYE_ASSERT_OK_AND_ASSIGN(const auto answer, Rank("sewing"));
  ASSERT_EQ(answer.matches_size(), 2);
  EXPECT_NEAR(answer.matches(0).travel().distance_km(), 0, 1e-6);
  EXPECT_NEAR(answer.matches(1).travel().distance_km(), 10, 1e-3);
  EXPECT_EQ(answer.matches(0).scores().mutual_micros(), (915'000 + 900'000) / 2);
  EXPECT_EQ(answer.matches(1).scores().mutual_micros(), (800'000 + 750'000) / 2);
}

// A way of 10 km that takes 30 minutes is worth one half, as 10 km are; one of 15 minutes more.
TEST_F(MainJob, GoesByTravelTimesThatWereImportedAlsoAfterARestart) {
  const auto request = Parse<v1::ImportTravelTimesRequest>(
      R"pb(
        parent: "regions/13"
        places {
          name: "regions/13/travelPlaces/yian-zone"
          location { latitude: 41.8 longitude: 114.6 }
        }
        times {
          settlement_area: "regions/13/settlementAreas/ten-north"
          place: "regions/13/travelPlaces/yian-zone"
          mode: TRAVEL_MODE_COACH
          minutes: 15
          cost_fen: 0
        })pb");
  LEYE_ASSERT_OK_AND_ASSIGN(const auto import,
                            client_.Call<v1::ImportTravelTimesResponse>(request));
  EXPECT_EQ(import.taken_times(), 1);
  revision_ = import.revision();
  for (const bool restarted : {false, true}) {
    if (restarted) {
      server_.Restart();
      client_ = Client(server_.channel());
    }
    LEYE_ASSERT_OK_AND_ASSIGN(const auto ranked, Rank("sewing"));
    ASSERT_GE(ranked.matches_size(), 2);
    EXPECT_TRUE(ranked.matches(0).travel().has_road_km());
    const v1::Travel& travel = ranked.matches(1).travel();
    EXPECT_EQ(travel.travel_minutes(), 15);
    EXPECT_EQ(travel.mode(), v1::TRAVEL_MODE_COACH);
    EXPECT_TRUE(travel.has_cost_fen());
    for (const v1::Criterion& criterion : ranked.matches(1).criteria()) {
      if (criterion.criterion() != v1::CRITERION_KIND_PROXIMITY) continue;
      EXPECT_EQ(criterion.value_micros(), 707107);  // 0.5 ^ (15 / 30)
      EXPECT_THAT(criterion.evidence(), HasSubstr("乘专车单程 15 分钟"));
    }
  }
}

TEST_F(MainJob, GoesByTheTimeToAPostingItself) {
  const auto request = Parse<v1::ImportTravelTimesRequest>(
      R"pb(
        parent: "regions/13"
        times {
          settlement_area: "regions/13/settlementAreas/ten-north"
          place: "regions/13/postings/sewing"
          mode: TRAVEL_MODE_BUS
          minutes: 20
        }
        times {
          settlement_area: "regions/13/settlementAreas/ten-north"
          place: "regions/13/postings/none"
          mode: TRAVEL_MODE_BUS
          minutes: 20
        })pb");
  LEYE_ASSERT_OK_AND_ASSIGN(const auto import,
                            client_.Call<v1::ImportTravelTimesResponse>(request));
  EXPECT_EQ(import.taken_times(), 1);
  ASSERT_EQ(import.problems_size(), 1);
  EXPECT_EQ(import.problems(0).field(), "times[1].place");
  EXPECT_EQ(import.problems(0).reason(), "UNKNOWN_POSTING");
  revision_ = import.revision();
  LEYE_ASSERT_OK_AND_ASSIGN(const auto ranked, Rank("sewing"));
  ASSERT_GE(ranked.matches_size(), 2);
  EXPECT_TRUE(ranked.matches(0).travel().has_road_km());
  EXPECT_EQ(ranked.matches(1).travel().travel_minutes(), 20);
}

TEST_F(MainJob, ExplainAgreesWithRankAndRecommend) {
  LEYE_ASSERT_OK_AND_ASSIGN(const auto ranked, Rank("sewing"));
  LEYE_ASSERT_OK_AND_ASSIGN(const auto explained, Explain("sewer-near", "sewing"));
  LEYE_ASSERT_OK_AND_ASSIGN(const auto recommended, Recommend("sewer-near"));
  EXPECT_TRUE(explained.match().eligible());
  ASSERT_GT(ranked.matches_size(), 0);
  ASSERT_GT(recommended.matches_size(), 0);
  const std::string scores = explained.match().scores().SerializeAsString();
  EXPECT_EQ(ranked.matches(0).scores().SerializeAsString(), scores);
  EXPECT_EQ(recommended.matches(0).scores().SerializeAsString(), scores);
}

TEST_F(MainJob, ScorePairsAgreesWithExplainForEveryPair) {
  v1::ScorePairsRequest request;
  *request.mutable_options() = Options();
  for (const char* candidate : {"sewer-near", "earner", "welder", "no-consent", "sewer-far"}) {
    for (const char* posting : {"sewing", "cleaning", "road"}) {
      v1::Pair& pair = *request.add_pairs();
      pair.set_candidate(NameOf("candidates", candidate));
      pair.set_posting(NameOf("postings", posting));
    }
  }
  LEYE_ASSERT_OK_AND_ASSIGN(const auto scored, client_.Call<v1::ScorePairsResponse>(request));
  ASSERT_EQ(scored.matches_size(), request.pairs_size());
  for (int i = 0; i < scored.matches_size(); ++i) {
    v1::ExplainMatchRequest one;
    *one.mutable_pair() = request.pairs(i);
    *one.mutable_options() = request.options();
    LEYE_ASSERT_OK_AND_ASSIGN(const auto explained, client_.Call<v1::ExplainMatchResponse>(one));
    EXPECT_EQ(scored.matches(i).DebugString(), explained.match().DebugString());
  }
}

TEST_F(MainJob, EveryCriterionHasItsValueAndTheContributionsMakeTheScore) {
  LEYE_ASSERT_OK_AND_ASSIGN(const auto answer,
                            Explain("sewer-far", "sewing", "side: SCORE_SIDE_FORWARD"));
  const std::map<v1::CriterionKind, int> values = Values(answer.match());
  EXPECT_EQ(values.at(v1::CRITERION_KIND_SKILLS), 1'000'000);
  EXPECT_EQ(values.at(v1::CRITERION_KIND_PROXIMITY), 500'000);
  EXPECT_EQ(values.at(v1::CRITERION_KIND_PRIORITY), 1'000'000);
  EXPECT_EQ(values.at(v1::CRITERION_KIND_WAGE), 1'000'000);
  EXPECT_EQ(values.at(v1::CRITERION_KIND_WISH), 500'000);
  EXPECT_EQ(values.at(v1::CRITERION_KIND_WAITING), 0);
  int sum = 0;
  for (const v1::Criterion& each : answer.match().criteria()) sum += each.contribution_micros();
  EXPECT_EQ(sum, answer.match().scores().forward_micros());
}

TEST_F(MainJob, SaysEveryRuleThatTurnsAPairAway) {
  LEYE_ASSERT_OK_AND_ASSIGN(const auto welder, Explain("welder", "sewing"));
  EXPECT_FALSE(welder.match().eligible());
  EXPECT_FALSE(welder.match().has_scores());
  EXPECT_THAT(RulesOf(welder.match()), ElementsAre(v1::RULE_ID_SKILL_REQ));
  LEYE_ASSERT_OK_AND_ASSIGN(const auto earner, Explain("earner", "sewing"));
  EXPECT_THAT(RulesOf(earner.match()), ElementsAre(v1::RULE_ID_SEEKING, v1::RULE_ID_SKILL_REQ));
  LEYE_ASSERT_OK_AND_ASSIGN(const auto other, Explain("welder", "cleaning"));
  EXPECT_THAT(RulesOf(other.match()), ElementsAre(v1::RULE_ID_PUB_WHO));
}

TEST_F(MainJob, NobodyWithoutConsentIsMatched) {
  LEYE_ASSERT_OK_AND_ASSIGN(const auto answer, Explain("no-consent", "sewing"));
  ASSERT_EQ(answer.match().failures_size(), 1);
  EXPECT_EQ(answer.match().failures(0).rule(), v1::RULE_ID_SEEKING);
  EXPECT_EQ(answer.match().failures(0).reason(), "NO_CONSENT");
  LEYE_ASSERT_OK_AND_ASSIGN(const auto recommended, Recommend("no-consent"));
  EXPECT_EQ(recommended.matches_size(), 0);
}

TEST_F(MainJob, GivesReasonsInChineseUnlessEnglishIsAsked) {
  LEYE_ASSERT_OK_AND_ASSIGN(const auto zh, Explain("sewer-near", "sewing"));
  LEYE_ASSERT_OK_AND_ASSIGN(const auto en,
                            Explain("sewer-near", "sewing", R"pb(language_code: "en")pb"));
  ASSERT_EQ(zh.match().criteria_size(), en.match().criteria_size());
  const auto ascii = [](const std::string& text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return (c & 0x80) == 0; });
  };
  for (int i = 0; i < zh.match().criteria_size(); ++i) {
    const std::string& evidence = zh.match().criteria(i).evidence();
    EXPECT_FALSE(evidence.empty());
    EXPECT_FALSE(ascii(evidence)) << evidence;
    EXPECT_THAT(en.match().criteria(i).evidence(), Not(IsEmpty()));
    EXPECT_NE(en.match().criteria(i).evidence(), evidence);
  }
}

TEST_F(MainJob, FailuresAreToldInBothLanguages) {
  LEYE_ASSERT_OK_AND_ASSIGN(const auto zh, Explain("welder", "sewing"));
  LEYE_ASSERT_OK_AND_ASSIGN(const auto en,
                            Explain("welder", "sewing", R"pb(language_code: "en")pb"));
  ASSERT_EQ(zh.match().failures_size(), 1);
  ASSERT_EQ(en.match().failures_size(), 1);
  EXPECT_THAT(zh.match().failures(0).evidence(), HasSubstr("平缝机操作"));
  EXPECT_THAT(en.match().failures(0).evidence(), HasSubstr("Lockstitch sewing"));
}

TEST_F(MainJob, ACallSeesTheWriteWhoseRevisionItNames) {
  for (int openings = 1; openings <= 20; ++openings) {
    v1::UpdatePostingRequest update;
    update.mutable_posting()->set_name(NameOf("postings", "sewing"));
    update.mutable_posting()->set_openings(openings);
    update.mutable_update_mask()->add_paths("openings");
    LEYE_ASSERT_OK_AND_ASSIGN(const auto updated, client_.Call<v1::UpdatePostingResponse>(update));
    revision_ = updated.revision();
    LEYE_ASSERT_OK_AND_ASSIGN(const auto answer, Recommend("sewer-near"));
    ASSERT_GT(answer.matches_size(), 0);
    EXPECT_EQ(answer.matches(0).posting().openings_left(), openings);
  }
}

TEST_F(MainJob, ARevisionThatDoesNotComeIsADeadlineExceeded) {
  v1::RankCandidatesRequest request;
  request.set_posting(NameOf("postings", "sewing"));
  // One more than there has been: the revision ends with its sequence number.
  std::string future = revision_;
  const size_t digits = future.find_last_not_of("0123456789") + 1;
  future = future.substr(0, digits) + std::to_string(std::stoll(future.substr(digits)) + 1);
  request.mutable_options()->add_min_revisions(future);
  EXPECT_EQ(client_.Call<v1::RankCandidatesResponse>(request, {.patience = absl::Milliseconds(300)})
                .status()
                .code(),
            absl::StatusCode::kDeadlineExceeded);
}

TEST_F(MainJob, TheFunnelExplainsAnEmptyAnswer) {
  v1::UpdatePostingRequest update;
  update.mutable_posting()->set_name(NameOf("postings", "sewing"));
  update.mutable_posting()->mutable_conditions()->set_min_education(v1::EDUCATION_BACHELOR);
  update.mutable_update_mask()->add_paths("conditions.min_education");
  LEYE_ASSERT_OK_AND_ASSIGN(const auto updated, client_.Call<v1::UpdatePostingResponse>(update));
  revision_ = updated.revision();
  LEYE_ASSERT_OK_AND_ASSIGN(const auto answer, Rank("sewing", "funnel: FUNNEL_MODE_EXACT"));
  EXPECT_EQ(answer.matches_size(), 0);
  EXPECT_EQ(answer.funnel().considered(), 5);
  EXPECT_EQ(answer.funnel().eligible(), 0);
  EXPECT_TRUE(answer.funnel().eligible_exact());
  std::map<v1::RuleId, int64_t> turned_away;
  for (const v1::RuleCount& rule : answer.funnel().turned_away()) {
    EXPECT_TRUE(rule.exact());
    turned_away[rule.rule()] = rule.count();
  }
  EXPECT_EQ(turned_away[v1::RULE_ID_EDU_MIN], 5);
  EXPECT_EQ(turned_away[v1::RULE_ID_SEEKING], 2);    // earner, no-consent
  EXPECT_EQ(turned_away[v1::RULE_ID_SKILL_REQ], 2);  // earner, welder
}

TEST_F(MainJob, TheBoundedFunnelNeverSaysMoreThanTheExactOne) {
  LEYE_ASSERT_OK_AND_ASSIGN(const auto exact, Rank("sewing", "funnel: FUNNEL_MODE_EXACT"));
  LEYE_ASSERT_OK_AND_ASSIGN(const auto bounded, Rank("sewing"));
  EXPECT_EQ(bounded.funnel().considered(), exact.funnel().considered());
  EXPECT_LE(bounded.funnel().eligible(), exact.funnel().eligible());
  std::map<v1::RuleId, int64_t> counts;
  for (const v1::RuleCount& rule : exact.funnel().turned_away()) counts[rule.rule()] = rule.count();
  for (const v1::RuleCount& rule : bounded.funnel().turned_away()) {
    EXPECT_LE(rule.count(), counts[rule.rule()]);
    if (rule.exact()) {
      EXPECT_EQ(rule.count(), counts[rule.rule()]);
    }
  }
}

TEST_F(MainJob, AnswersNameTheirBasis) {
  LEYE_ASSERT_OK_AND_ASSIGN(const auto answer, Rank("sewing"));
  EXPECT_EQ(answer.basis().ruleset(), "rulesets/hebei-2026");
  EXPECT_THAT(answer.basis().revisions(), ElementsAre(revision_));
  EXPECT_EQ(answer.basis().side(), v1::SCORE_SIDE_FORWARD);
  EXPECT_EQ(answer.basis().date().size(), 10U);
  int sum = 0;
  for (const v1::CriterionWeight& each : answer.basis().forward_weights()) {
    sum += each.weight_micros();
  }
  EXPECT_EQ(sum, 1'000'000);
}

TEST_F(MainJob, WeightsOfTheRequestReplaceTheRulesets) {
  LEYE_ASSERT_OK_AND_ASSIGN(
      const auto answer,
      Rank("sewing",
           R"pb(forward_weights { criterion: CRITERION_KIND_PRIORITY weight_micros: 1000000 })pb"));
  EXPECT_THAT(Forward(answer), ElementsAre(Pair(NameOf("candidates", "sewer-far"), 1'000'000),
                                           Pair(NameOf("candidates", "sewer-near"), 400'000)));
}

TEST_F(MainJob, PagesJoinToTheWholeAnswer) {
  LEYE_ASSERT_OK_AND_ASSIGN(const auto whole, Rank("road"));
  v1::RankCandidatesRequest request;
  request.set_posting(NameOf("postings", "road"));
  request.set_page_size(1);
  std::vector<std::pair<std::string, int>> joined;
  do {
    LEYE_ASSERT_OK_AND_ASSIGN(const auto page, client_.Call<v1::RankCandidatesResponse>(request));
    for (const auto& each : Forward(page)) joined.push_back(each);
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty() && joined.size() < 10);
  EXPECT_EQ(joined, Forward(whole));
}

TEST_F(MainJob, ASuspendedEmployersPostingsMatchNobody) {
  LEYE_ASSERT_OK_AND_ASSIGN(
      const auto suspended,
      client_.Call<v1::SuspendEmployerResponse>(Parse<v1::SuspendEmployerRequest>(
          R"pb(name: "regions/13/employers/garment" reason: "欠薪")pb")));
  revision_ = suspended.revision();
  LEYE_ASSERT_OK_AND_ASSIGN(const auto answer, Rank("sewing"));
  EXPECT_EQ(answer.matches_size(), 0);
  LEYE_ASSERT_OK_AND_ASSIGN(const auto explained, Explain("sewer-near", "sewing"));
  EXPECT_THAT(RulesOf(explained.match()), ElementsAre(v1::RULE_ID_OPEN));
}

TEST_F(MainJob, AnErasedPersonIsInNoAnswer) {
  LEYE_ASSERT_OK_AND_ASSIGN(
      const auto erased,
      client_.Call<v1::DeleteCandidateResponse>(
          Parse<v1::DeleteCandidateRequest>(R"pb(name: "regions/13/candidates/sewer-near")pb")));
  revision_ = erased.revision();
  LEYE_ASSERT_OK_AND_ASSIGN(const auto answer, Rank("sewing"));
  EXPECT_THAT(Forward(answer), ElementsAre(Pair(NameOf("candidates", "sewer-far"), 800'000)));
  EXPECT_THAT(Recommend("sewer-near"), FailsWith(absl::StatusCode::kNotFound, "NOT_FOUND"));
}

TEST_F(MainJob, WhenAnEarnerIsGoneTheHouseholdComesFirst) {
  LEYE_ASSERT_OK_AND_ASSIGN(
      const auto updated,
      client_.Call<v1::UpdateCandidateResponse>(Parse<v1::UpdateCandidateRequest>(
          R"pb(candidate {
                 name: "regions/13/candidates/earner"
                 employment { state: EMPLOYMENT_STATE_UNEMPLOYED }
               }
               update_mask { paths: "employment" })pb")));
  revision_ = updated.revision();
  LEYE_ASSERT_OK_AND_ASSIGN(const auto answer, Explain("sewer-near", "sewing"));
  EXPECT_EQ(Values(answer.match()).at(v1::CRITERION_KIND_PRIORITY), 1'000'000);
}

TEST_F(MainJob, AnswersAreTheSameAfterARestart) {
  LEYE_ASSERT_OK_AND_ASSIGN(const auto before, Rank("road"));
  server_.Restart();
  client_ = Client(server_.channel());
  LEYE_ASSERT_OK_AND_ASSIGN(const auto after, Rank("road"));
  EXPECT_EQ(Forward(after), Forward(before));
}

}  // namespace
}  // namespace leye::e2e
