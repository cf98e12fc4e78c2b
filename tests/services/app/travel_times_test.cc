// Travel times from their import to the answers that go by them.
#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/base/status.h"
#include "tests/services/app/matching_world_fixture.h"
#include "tests/testing/status_matchers.h"

namespace leye::app {
namespace {

using ::leye::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kTown[] = R"(parent: "regions/13"
    places { name: "regions/13/travelPlaces/town" display_name: "康保县城"
             location { latitude: 41.87 longitude: 114.63 } } )";

constexpr char kRegion[] = "parent: 'regions/13' ";

// `place` has its collection: postings/sewing.
std::string TimeTo(const std::string& place, const std::string& area, const std::string& mode,
                   int minutes, const std::string& more = "") {
  return absl::StrCat("times { settlement_area: 'regions/13/settlementAreas/", area,
                      "' place: 'regions/13/", place, "' mode: TRAVEL_MODE_", mode,
                      " minutes: ", minutes, " ", more, " } ");
}
std::string Time(const std::string& area, const std::string& mode, int minutes,
                 const std::string& more = "") {
  return TimeTo("travelPlaces/town", area, mode, minutes, more);
}

// "times[1].minutes TOO_FAST", one a problem.
std::vector<std::string> WrongIn(const v1::ImportTravelTimesResponse& response) {
  std::vector<std::string> problems;
  for (const v1::ImportProblem& problem : response.problems()) {
    EXPECT_NE(problem.description(), "");
    EXPECT_NE(problem.description_zh(), "");
    problems.push_back(absl::StrCat(problem.field(), " ", problem.reason()));
  }
  return problems;
}

class TravelTimes : public ::testing::Test {
 protected:
  absl::StatusOr<v1::ImportTravelTimesResponse> TryImport(const std::string& text) const {
    return areas_.ImportTravelTimes(Parse<v1::ImportTravelTimesRequest>(text), town_.Caller());
  }
  v1::ImportTravelTimesResponse Import(const std::string& text) {
    auto done = TryImport(text);
    EXPECT_TRUE(done.ok()) << done.status();
    town_.CatchUp();
    return done.ok() ? *done : v1::ImportTravelTimesResponse();
  }

  v1::PairMatch Explain(const std::string& candidate, const std::string& posting) const {
    const OneRuleset rulesets{ruleset_};
    const Matching matching({town_.world.holder, rulesets, TestCatalogue(), town_.world.clock});
    const auto answer = matching.ExplainMatch(
        Parse<v1::ExplainMatchRequest>(absl::StrCat(
            "pair { candidate: 'regions/13/candidates/", candidate,
            "' posting: 'regions/13/postings/", posting, "' } options { language_code: 'en' }")),
        town_.Caller());
    EXPECT_TRUE(answer.ok()) << answer.status();
    return answer.ok() ? answer->match() : v1::PairMatch();
  }

  // Of the way from wang to the posting; 0: not known.
  int MinutesTo(const std::string& posting) const {
    return Explain("wang", posting).travel().travel_minutes();
  }

  // Puts a posting of an employer of the town there.
  void PutPosting(const std::string& id, const std::string& location) {
    town_.world.Put<v1::Posting>(
        "postings/" + id,
        absl::StrCat("employer: 'regions/13/employers/e' state: POSTING_STATE_OPEN openings: 1 "
                     "title: '装卸工' enterprise {} place { division_code: '130723' ",
                     location, " }"));
    town_.CatchUp();
  }

  v1::ListTravelPlacesResponse Places() const {
    return *areas_.ListTravelPlaces(Parse<v1::ListTravelPlacesRequest>(kRegion), town_.Caller());
  }

  Town town_;
  matcher::Ruleset ruleset_ = town_.ruleset;  // of Explain
  access::PlainSealer sealer_;
  SeededRandom random_{7};
  const Dependencies dependencies_{*town_.world.store, sealer_, TestCatalogue(), town_.world.clock,
                                   random_};
  const SettlementAreas areas_{dependencies_};
};

TEST_F(TravelTimes, AreWhatEveryAnswerGoesBy) {
  EXPECT_FALSE(Explain("wang", "sewing").travel().has_travel_minutes());
  EXPECT_NEAR(Explain("wang", "sewing").travel().road_km(), 2.8, 0.2);
  Import(kTown + Time("a", "BUS", 25, "cost_fen: 200") + Time("a", "FOOT", 40));
  const v1::Travel travel = Explain("wang", "sewing").travel();
  EXPECT_EQ(travel.travel_minutes(), 25);
  EXPECT_EQ(travel.mode(), v1::TRAVEL_MODE_BUS);
  EXPECT_EQ(travel.cost_fen(), 200);
  EXPECT_FALSE(travel.has_road_km());
  EXPECT_NEAR(travel.distance_km(), 2.8, 0.2);

  const auto ranked = *town_.matching.RankCandidates(Town::RankRequest("sewing"), town_.Caller());
  for (const v1::CandidateMatch& match : ranked.matches()) {
    const bool of_a = match.candidate().settlement_area() == "regions/13/settlementAreas/a";
    EXPECT_EQ(match.travel().has_travel_minutes(), of_a);
    EXPECT_EQ(match.travel().has_road_km(), !of_a);
  }
  const auto recommended =
      *town_.matching.RecommendPostings(Town::RecommendRequest("wang"), town_.Caller());
  int known = 0;
  for (const v1::PostingMatch& match : recommended.matches()) {
    known += match.travel().travel_minutes() == 25 ? 1 : 0;
  }
  EXPECT_EQ(known, 1);  // The others lie farther than 1 km from the town.
  EXPECT_EQ(town_.Rank("sewing"), town_.RankByFit("sewing"));
}

TEST_F(TravelTimes, AreNamedInTheExplanation) {
  Import(kTown + Time("a", "BUS", 25, "cost_fen: 200"));
  const auto evidence = [this](const std::string& candidate, const std::string& posting) {
    const v1::PairMatch match = Explain(candidate, posting);
    for (const v1::Criterion& criterion : match.criteria()) {
      if (criterion.criterion() == v1::CRITERION_KIND_PROXIMITY) return criterion.evidence();
    }
    return std::string();
  };
  EXPECT_THAT(evidence("wang", "sewing"), HasSubstr("25 minutes one way by bus, 2.00 yuan"));
  ruleset_.travel.detour_factor = 1.3;
  EXPECT_THAT(evidence("zhao", "sewing"), HasSubstr("km by road (great circle x 1.3)"));
}

TEST_F(TravelTimes, OpenAndCloseWaysForWhoLimitsMinutes) {
  town_.world.Put<v1::Candidate>(
      "candidates/busy",
      "household: 'regions/13/households/ha' birth_date: '1990-01-01' "
      "labour_class: LABOUR_CLASS_COMMON consent { given_date: '2023-01-01' } "
      "preferences { willing: true max_distance_km: 1 max_travel_minutes: 30 }");
  town_.CatchUp();
  EXPECT_FALSE(Explain("busy", "sewing").eligible());
  Import(kTown + Time("a", "BUS", 30));
  EXPECT_TRUE(Explain("busy", "sewing").eligible());
  EXPECT_THAT(town_.Rank("sewing"), ::testing::Contains("busy"));
  Import(kTown + Time("a", "BUS", 31));
  const v1::PairMatch match = Explain("busy", "sewing");
  EXPECT_FALSE(match.eligible());
  ASSERT_EQ(match.failures_size(), 1);
  EXPECT_EQ(match.failures(0).reason(), "BEYOND_CANDIDATE_MINUTES");
}

TEST_F(TravelTimes, AreByTheModesThatTheRulesetAllows) {
  Import(kTown + Time("a", "CAR", 8) + Time("a", "FOOT", 40));
  EXPECT_EQ(Explain("wang", "sewing").travel().mode(), v1::TRAVEL_MODE_CAR);
  ruleset_.travel.modes = {matcher::TravelMode::kFoot, matcher::TravelMode::kBus};
  EXPECT_EQ(Explain("wang", "sewing").travel().mode(), v1::TRAVEL_MODE_FOOT);
}

TEST_F(TravelTimes, ImportedTwiceChangeNothing) {
  const std::string text = kTown + Time("a", "BUS", 25) + Time("b", "CAR", 90, "cost_fen: 0");
  EXPECT_NE(Import(text).revision(), "");
  const auto second = Import(text);
  EXPECT_EQ(second.taken_times(), 2);
  EXPECT_EQ(second.revision(), "");
  // What is not named stays.
  Import("parent: 'regions/13' " + Time("b", "CAR", 85));
  const auto place = *areas_.GetTravelPlace(
      Parse<v1::GetTravelPlaceRequest>("name: 'regions/13/travelPlaces/town'"), town_.Caller());
  EXPECT_EQ(place.travel_place().display_name(), "康保县城");
  EXPECT_THAT(place.travel_place().settlement_areas(), ElementsAre("a", "b"));
  ASSERT_EQ(place.travel_place().rows_size(), 2);
  EXPECT_THAT(place.travel_place().rows(0).minutes(), ElementsAre(25, 0));
  EXPECT_THAT(place.travel_place().rows(0).costs_fen(), IsEmpty());
  EXPECT_THAT(place.travel_place().rows(1).minutes(), ElementsAre(0, 85));
}

TEST_F(TravelTimes, ThatAreWrongAreNamedItemByItemAndTheRestGoesIn) {
  const auto done = Import(kTown + Time("a", "BUS", 25) + Time("nowhere", "BUS", 25) +
                           Time("b", "CAR", 20) + Time("a", "FOOT", 900) + Time("a", "CAR", 10) +
                           Time("a", "CAR", 11) + Time("b", "BUS", 0) + Time("b", "FOOT", 1441) +
                           Time("b", "COACH", 70, "cost_fen: -1") + Time("b", "UNSPECIFIED", 70) +
                           "times { settlement_area: 'regions/13/settlementAreas/a' place: "
                           "'regions/13/travelPlaces/none' mode: TRAVEL_MODE_BUS minutes: 9 } "
                           "times { settlement_area: 'a' place: 'town' minutes: 9 }");
  EXPECT_THAT(WrongIn(done),
              ElementsAre("times[1].settlement_area UNKNOWN_AREA", "times[2].minutes TOO_FAST",
                          "times[3].minutes TOO_SLOW", "times[4].minutes CONTRADICTORY",
                          "times[5].minutes CONTRADICTORY", "times[6].minutes OUT_OF_RANGE",
                          "times[7].minutes OUT_OF_RANGE", "times[8].cost_fen OUT_OF_RANGE",
                          "times[9].mode REQUIRED", "times[10].place UNKNOWN_PLACE",
                          "times[11].settlement_area INVALID_NAME"));
  EXPECT_EQ(done.taken_times(), 1);
  EXPECT_EQ(Explain("wang", "sewing").travel().travel_minutes(), 25);
}

TEST_F(TravelTimes, ToAPostingAreOfThePointWhereItLies) {
  PutPosting("beside", "location { latitude: 41.87001 longitude: 114.63 }");  // 1.1 m off
  PutPosting("there", "location { latitude: 41.87 longitude: 114.63 }");
  const std::string text = kRegion + TimeTo("postings/sewing", "a", "BUS", 25, "cost_fen: 200");
  EXPECT_NE(Import(text).revision(), "");
  EXPECT_EQ(Import(text).revision(), "");  // Twice changes nothing.
  EXPECT_EQ(MinutesTo("sewing"), 25);
  EXPECT_EQ(Explain("wang", "sewing").travel().cost_fen(), 200);
  EXPECT_EQ(MinutesTo("there"), 25);
  EXPECT_EQ(MinutesTo("beside"), 0);
  const auto listed = Places();
  ASSERT_EQ(listed.travel_places_size(), 1);
  EXPECT_EQ(listed.travel_places(0).name(), "regions/13/travelPlaces/at--n41870000-e114630000");
  EXPECT_EQ(listed.travel_places(0).radius_m(), 1);
  // It goes before the town, in which the posting lies too.
  Import(kTown + Time("a", "BUS", 30));
  EXPECT_EQ(MinutesTo("sewing"), 25);
  EXPECT_EQ(MinutesTo("beside"), 30);
  EXPECT_EQ(town_.Rank("sewing"), town_.RankByFit("sewing"));
}

// Minutes to where the posting was are of nobody who is elsewhere, and are not mixed with those to
// where it is.
TEST_F(TravelTimes, StayBehindWhenThePostingMoves) {
  PutPosting("moving", "location { latitude: 41.90 longitude: 114.63 }");
  Import(kRegion + TimeTo("postings/moving", "a", "BUS", 25) +
         TimeTo("postings/moving", "b", "CAR", 90));
  EXPECT_EQ(MinutesTo("moving"), 25);
  PutPosting("moving", "location { latitude: 41.95 longitude: 114.63 }");
  EXPECT_EQ(MinutesTo("moving"), 0);
  EXPECT_GT(Explain("wang", "moving").travel().road_km(), 10);
  Import(kRegion + TimeTo("postings/moving", "b", "CAR", 80));
  EXPECT_EQ(MinutesTo("moving"), 0);
  PutPosting("moving", "location { latitude: 41.90 longitude: 114.63 }");
  EXPECT_EQ(MinutesTo("moving"), 25);
}

TEST_F(TravelTimes, ToPostingsThatAreWrongAreNamedItemByItem) {
  PutPosting("home", "");
  PutPosting("there", "location { latitude: 41.87 longitude: 114.63 }");
  const auto done = Import(
      kRegion + TimeTo("postings/none", "a", "BUS", 25) + TimeTo("postings/home", "a", "BUS", 25) +
      TimeTo("postings/sewing", "a", "BUS", 25) + TimeTo("postings/there", "a", "BUS", 26) +
      TimeTo("postings/sewing", "b", "CAR", 10) +
      "times { settlement_area: 'regions/13/settlementAreas/a' place: 'regions/11/postings/sewing' "
      "mode: TRAVEL_MODE_BUS minutes: 25 } " +
      TimeTo("postings/", "a", "BUS", 25) + TimeTo("postings/sewing", "a", "CAR", 9));
  EXPECT_THAT(WrongIn(done),
              ElementsAre("times[0].place UNKNOWN_POSTING", "times[1].place NO_LOCATION",
                          "times[2].minutes CONTRADICTORY", "times[3].minutes CONTRADICTORY",
                          "times[4].minutes TOO_FAST", "times[5].place INVALID_NAME",
                          "times[6].place INVALID_NAME"));
  EXPECT_EQ(MinutesTo("sewing"), 9);
  // Where nothing is taken, no place comes of it.
  Import(kRegion + TimeTo("postings/far", "a", "BUS", 1));
  EXPECT_EQ(Places().travel_places_size(), 1);
}

TEST_F(TravelTimes, OfAPlaceThatIsWrongAreRefused) {
  const auto refused = TryImport(
      "parent: 'regions/13' places { name: 'regions/11/travelPlaces/x' } "
      "places { name: 'regions/13/travelPlaces/x' location { latitude: 91 } } "
      "places { name: 'regions/13/travelPlaces/at--x' location { latitude: 41 longitude: 114 } } "
      "times { minutes: 1 mode: 99 }");
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kInvalidArgument));
  std::vector<std::string> fields;
  for (const FieldViolation& wrong : GetErrorDetails(refused.status()).violations) {
    fields.push_back(wrong.field);
  }
  EXPECT_THAT(fields, ::testing::UnorderedElementsAre("places[0].name", "places[0].location",
                                                      "places[1].location.latitude",
                                                      "places[2].name", "times[0].mode"));
}

TEST_F(TravelTimes, AreOnlyCheckedWhereNothingElseIsAsked) {
  const auto done = Import(kTown + Time("a", "BUS", 25) + "validate_only: true");
  EXPECT_EQ(done.taken_times(), 1);
  EXPECT_EQ(done.revision(), "");
  EXPECT_FALSE(Explain("wang", "sewing").travel().has_travel_minutes());
}

TEST_F(TravelTimes, GoWithTheirPlace) {
  Import(kTown + Time("a", "BUS", 25));
  const auto listed = Places();
  ASSERT_EQ(listed.travel_places_size(), 1);
  EXPECT_THAT(listed.travel_places(0).rows(), IsEmpty());
  EXPECT_TRUE(areas_
                  .DeleteTravelPlace(
                      Parse<v1::DeleteTravelPlaceRequest>("name: 'regions/13/travelPlaces/town'"),
                      town_.Caller())
                  .ok());
  town_.CatchUp();
  EXPECT_FALSE(Explain("wang", "sewing").travel().has_travel_minutes());
}

TEST_F(TravelTimes, AreOfAWholeRegion) {
  CallContext county = town_.Caller();
  const auto request = Parse<v1::ImportTravelTimesRequest>(
      kTown + Time("a", "BUS", 25) + TimeTo("postings/sewing", "a", "BUS", 25));
  // Also where the posting that is named lies in the county, or is the enterprise's own.
  for (const access::Principal& caller : {access::Bureau("130723"), access::Bureau("130802"),
                                          access::Enterprise("regions/13/employers/e")}) {
    county.principal = caller;
    EXPECT_THAT(areas_.ImportTravelTimes(request, county),
                StatusIs(absl::StatusCode::kPermissionDenied));
  }
  county.principal = access::Bureau("13");
  EXPECT_TRUE(areas_.ImportTravelTimes(request, county).ok());
}

}  // namespace
}  // namespace leye::app
