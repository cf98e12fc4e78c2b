// What a plan promises, one promise a test.
#include "matcher/plan/plan.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/oracle/indexed_world.h"
#include "tests/testing/scenario.h"
#include "tests/testing/status_matchers.h"

namespace leye::matcher::plan {
namespace {

using leye::testing::IsOk;
using leye::testing::StatusIs;
using matcher::testing::Candidate;
using matcher::testing::Household;
using matcher::testing::Posting;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

// A handful of people and postings, in one place unless they say otherwise.
class Fair {
 public:
  explicit Fair(const std::vector<absl::string_view>& households,
                const std::vector<absl::string_view>& candidates,
                const std::vector<absl::string_view>& postings) {
    people_.UpsertArea({.index = AreaIndex(0), .division = {}, .location = Posting().location});
    for (const absl::string_view text : households) people_.UpsertHousehold(Household(text));
    for (const absl::string_view text : candidates) people_.Upsert(Candidate(text));
    for (const absl::string_view text : postings) postings_.Upsert(Posting(text));
  }

  Fair& Pin(uint64_t candidate, uint64_t posting) {
    pins_.push_back({CandidateId(candidate), PostingId(posting)});
    return *this;
  }
  Fair& Ban(uint64_t candidate, uint64_t posting) {
    bans_.push_back({CandidateId(candidate), PostingId(posting)});
    return *this;
  }

  absl::StatusOr<Plan> Make(const PlanOptions& options = {}) {
    const auto people = people_.Publish();
    const auto postings = postings_.Publish();
    return MakePlan({.people = *people,
                     .postings = *postings,
                     .basis = {.ruleset = rules_,
                               .catalogue = matcher::testing::ScenarioCatalogue(),
                               .day = matcher::testing::ScenarioDay()},
                     .areas = {},
                     .pins = pins_,
                     .bans = bans_},
                    options);
  }

  // (candidate, posting), ascending.
  std::vector<std::pair<uint64_t, uint64_t>> Pairs() {
    const absl::StatusOr<Plan> plan = Make();
    EXPECT_THAT(plan, IsOk());
    std::vector<std::pair<uint64_t, uint64_t>> pairs;
    for (const PlannedMatch& match : plan->matches) {
      pairs.emplace_back(match.candidate.value(), match.posting.value());
    }
    return pairs;
  }

 private:
  Ruleset rules_ = DefaultRuleset();
  CandidateIndex people_;
  PostingIndex postings_;
  std::vector<PlanPair> pins_;
  std::vector<PlanPair> bans_;
};

TEST(Plan, SeatsEveryoneWhereThereIsRoom) {
  Fair fair({}, {"id 1", "id 2"}, {"id 7; openings 2"});
  const absl::StatusOr<Plan> plan = fair.Make();
  ASSERT_THAT(plan, IsOk());
  EXPECT_EQ(plan->figures.filled, 2);
  EXPECT_TRUE(plan->figures.exact);
  EXPECT_EQ(plan->figures.Gap(), 0);
  ASSERT_EQ(plan->postings.size(), 1U);
  EXPECT_EQ(plan->postings[0].filled, 2);
}

TEST(Plan, OfEqualPeopleTheLongerWaitingIsSeated) {
  Fair fair({}, {"id 1; since 2025-03-01", "id 2; since 2025-02-01"}, {"id 7"});
  EXPECT_THAT(fair.Pairs(), ElementsAre(Pair(2, 7)));
}

// The cook could sew as well, the other can only cook for want of needles.
TEST(Plan, OneMovesOnSoThatBothAreSeated) {
  Fair fair({}, {"id 1; skill cook:3; skill sewer:3", "id 2; skill cook:1"},
            {"id 7; needs cook:1", "id 8; needs sewer:3"});
  EXPECT_THAT(fair.Pairs(), ElementsAre(Pair(1, 8), Pair(2, 7)));
}

TEST(Plan, AHouseholdsFirstEarnerComesBeforeAGreaterScore) {
  Fair fair({"id 5; members 2; able 1"}, {"id 1; skill cook:5", "id 2; household 5; skill cook:1"},
            {"id 7; needs cook:1; likes sewer:1*9"});
  EXPECT_THAT(fair.Pairs(), ElementsAre(Pair(2, 7)));
}

TEST(Plan, ASecondEarnerDoesNotComeBeforeAnothersFirst) {
  Fair fair({"id 5; able 2", "id 6; able 1"},
            {"id 1; household 5; since 2024-01-01", "id 2; household 5; since 2024-01-01",
             "id 3; household 6"},
            {"id 7; openings 2"});
  const absl::StatusOr<Plan> plan = fair.Make();
  ASSERT_THAT(plan, IsOk());
  EXPECT_EQ(plan->figures.households_first_earner, 2);
  EXPECT_EQ(plan->figures.households_bound, 2);
}

TEST(Plan, AReservedOpeningStaysEmptyRatherThanGoToOthers) {
  Fair fair({}, {"id 1", "id 2"}, {"id 7; openings 2 1; reserved-for relocated"});
  EXPECT_EQ(fair.Pairs().size(), 1U);
}

TEST(Plan, AReservedOpeningLeavesTheOpenOneToOthers) {
  Fair fair({}, {"id 1; groups relocated", "id 2"}, {"id 7; openings 2 1; reserved-for relocated"});
  EXPECT_THAT(fair.Pairs(), ElementsAre(Pair(1, 7), Pair(2, 7)));
}

TEST(Plan, AHouseholdCapHoldsWithinThePlan) {
  constexpr absl::string_view kGuard =
      "channel public-welfare; kind forest-guard; cap 1; openings 2";
  const std::string guard = "id 7; " + std::string(kGuard);
  Fair one({"id 5; able 2; earners 1"},
           {"id 1; household 5; groups lifted-from-poverty",
            "id 2; household 5; groups lifted-from-poverty"},
           {guard});
  EXPECT_EQ(one.Pairs().size(), 1U);
  Fair two({"id 5; able 1; earners 1", "id 6; able 1; earners 1"},
           {"id 1; household 5; groups lifted-from-poverty",
            "id 2; household 6; groups lifted-from-poverty"},
           {guard});
  EXPECT_EQ(two.Pairs().size(), 2U);
}

TEST(Plan, PinsAreKeptAndBansAreNot) {
  Fair fair({}, {"id 1", "id 2"}, {"id 7", "id 8"});
  fair.Pin(1, 8).Ban(2, 7);
  EXPECT_THAT(fair.Pairs(), ElementsAre(Pair(1, 8)));
}

TEST(Plan, EveryPinThatCannotBeKeptIsNamed) {
  Fair fair({}, {"id 1", "id 2; not-seeking", "id 3"}, {"id 7"});
  fair.Pin(1, 7).Pin(2, 7).Pin(3, 9);
  EXPECT_THAT(fair.Make().status().message(),
              AllOf(HasSubstr("candidate 2 to posting 7: rule SEEKING"),
                    HasSubstr("candidate 2 to posting 7: all openings"),
                    HasSubstr("candidate 3 to posting 9: there is no such posting")));
  EXPECT_THAT(fair.Make(), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(Plan, OnlyPeopleOfTheAreasTakePart) {
  Ruleset rules = DefaultRuleset();
  CandidateIndex people;
  PostingIndex postings;
  for (uint32_t area = 0; area < 2; ++area) {
    people.UpsertArea({.index = AreaIndex(area), .division = {}, .location = Posting().location});
  }
  people.Upsert(Candidate("id 1; area 0"));
  people.Upsert(Candidate("id 2; area 1"));
  postings.Upsert(Posting("id 7; openings 2"));
  const auto plan = MakePlan({.people = *people.Publish(),
                              .postings = *postings.Publish(),
                              .basis = {.ruleset = rules,
                                        .catalogue = matcher::testing::ScenarioCatalogue(),
                                        .day = matcher::testing::ScenarioDay()},
                              .areas = {AreaIndex(1)},
                              .pins = {},
                              .bans = {}},
                             {});
  ASSERT_THAT(plan, IsOk());
  ASSERT_EQ(plan->matches.size(), 1U);
  EXPECT_EQ(plan->matches[0].candidate, CandidateId(2));
}

void ExpectCancelledAtEveryReport(PlanOptions options) {
  Fair fair({}, {"id 1", "id 2"}, {"id 7"});
  int reports = 0;
  options.is_cancelled = [&] { return ++reports < 0; };
  EXPECT_THAT(fair.Make(options), IsOk());
  const int all = std::exchange(reports, 0);
  for (int stop = 1; stop <= all; ++stop) {
    reports = 0;
    options.is_cancelled = [&] { return ++reports == stop; };
    EXPECT_THAT(fair.Make(options), StatusIs(absl::StatusCode::kCancelled));
  }
}

// With short lists at prices, as for a nation.
PlanOptions AsForANation() {
  PlanOptions options;
  options.most_exact = options.most_judged = 0;
  options.first_choices = 1;
  return options;
}

TEST(Plan, CanBeCancelledAtEveryReport) {
  ExpectCancelledAtEveryReport(PlanOptions());
  ExpectCancelledAtEveryReport(AsForANation());
}

void ExpectProgressOnlyGoesForward(PlanOptions options) {
  Fair fair({}, {"id 1", "id 2", "id 3"}, {"id 7"});
  std::vector<std::pair<PlanStage, int64_t>> seen;
  options.on_progress = [&](const PlanProgress& progress) {
    EXPECT_LE(progress.done, progress.total);
    seen.emplace_back(progress.stage, progress.done);
  };
  ASSERT_THAT(fair.Make(options), IsOk());
  EXPECT_TRUE(std::ranges::is_sorted(seen));
  EXPECT_GE(seen.size(), 4U);
}

TEST(Plan, ProgressOnlyGoesForward) {
  ExpectProgressOnlyGoesForward(PlanOptions());
  ExpectProgressOnlyGoesForward(AsForANation());
}

TEST(Plan, OptionsOutOfRangeAreRefused) {
  Fair fair({}, {}, {});
  PlanOptions options;
  options.first_choices = 0;
  EXPECT_THAT(fair.Make(options), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(Plan, OfNobodyAndNothingIsEmptyAndExact) {
  Fair fair({}, {}, {});
  const absl::StatusOr<Plan> plan = fair.Make();
  ASSERT_THAT(plan, IsOk());
  EXPECT_THAT(plan->matches, IsEmpty());
  EXPECT_TRUE(plan->figures.exact);
}

TEST(Plan, IsTheSameOnAnyNumberOfThreads) {
  for (uint64_t seed = 1; seed <= 10; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const oracle::World world = oracle::IndexableWorld(
        seed, {.areas = 4, .households = 200, .candidates = 1500, .postings = 40, .skills = 12});
    const auto people = oracle::IndexPeople(world);
    const auto postings = oracle::IndexPostings(world);
    const PlanRequest request{.people = *people,
                              .postings = *postings,
                              .basis = world.Context(),
                              .areas = {},
                              .pins = {},
                              .bans = {}};
    PlanOptions options;
    if (seed % 2 == 1) options = AsForANation();
    const auto one = MakePlan(request, options);
    options.threads = 3;
    const auto three = MakePlan(request, options);
    ASSERT_THAT(one, IsOk());
    ASSERT_THAT(three, IsOk());
    EXPECT_TRUE(one->matches == three->matches);
  }
}

}  // namespace
}  // namespace leye::matcher::plan
