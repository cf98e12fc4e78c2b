// The judge of referrals says what Fit says of the records as they are, less what ledgers tell.
#include "services/app/pair_judge.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "leye/storage/v1/claim.pb.h"
#include "tests/services/app/matching_world_fixture.h"
#include "tests/testing/status_matchers.h"

namespace leye::app {
namespace {

using ::leye::testing::IsOk;
using ::leye::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class JudgeTest : public ::testing::Test {
 protected:
  absl::StatusOr<PairVerdict> Judge(const std::string& person, const std::string& posting,
                                    int household_holds = 0, int of_them_stored = 0) const {
    return judge_.Judge({.candidate = absl::StrCat("regions/13/candidates/", person),
                         .posting = absl::StrCat("regions/13/postings/", posting),
                         .household_holds = household_holds,
                         .household_holds_stored = of_them_stored});
  }
  // The causes, or the error.
  std::vector<std::string> Causes(const std::string& person, const std::string& posting,
                                  int household_holds = 0, int of_them_stored = 0) const {
    const auto verdict = Judge(person, posting, household_holds, of_them_stored);
    if (!verdict.ok()) return {verdict.status().ToString()};
    std::vector<std::string> causes;
    for (const matcher::Finding& failure : verdict->failures) {
      causes.emplace_back(matcher::CauseName(failure.cause));
    }
    return causes;
  }

  Town town_;
  WorldJudge judge_{{.worlds = town_.world.holder,
                     .rulesets = town_.rulesets,
                     .catalogue = TestCatalogue(),
                     .clock = town_.world.clock,
                     .store = *town_.world.store,
                     .patience = absl::ZeroDuration()}};
};

TEST_F(JudgeTest, NamesEveryRuleThatTurnsThePairAway) {
  EXPECT_THAT(Causes("wang", "sewing"), IsEmpty());
  EXPECT_THAT(Causes("old", "sewing"), ElementsAre("ABOVE_AGE_RANGE"));
  EXPECT_THAT(Causes("quiet", "sewing"), ElementsAre("NO_CONSENT"));
  EXPECT_THAT(Judge("nobody", "sewing"), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(Judge("wang", "nothing"), StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(JudgeTest, LeavesToLedgersWhatTheyTell) {
  town_.world.PutBytes(store::Kind::kPlacement, "candidates/wang", "");
  town_.world.PutBytes(store::Kind::kHolds, "postings/sewing",
                       Parse<storage::v1::Holds>("holds { claim_id: '1' } holds { claim_id: '2' }")
                           .SerializeAsString());
  town_.CatchUp();
  EXPECT_THAT(town_.Rank("sewing"), IsEmpty());
  EXPECT_THAT(Causes("wang", "sewing"), IsEmpty());
}

TEST_F(JudgeTest, CountsPostsThatAreHeldForTheHousehold) {
  town_.world.Put<v1::Posting>("postings/guard", R"(employer: "regions/13/employers/e"
      state: POSTING_STATE_OPEN openings: 2 title: "护林员"
      place { division_code: "130723" location { latitude: 41.851 longitude: 114.612 } }
      public_welfare { kind: PUBLIC_WELFARE_KIND_FOREST_GUARD }
      conditions { household_cap: 1 })");
  town_.CatchUp();
  EXPECT_THAT(Causes("li", "guard"), IsEmpty());
  EXPECT_THAT(Causes("li", "guard", 1), ElementsAre("HOUSEHOLD_CAP_REACHED"));
}

TEST_F(JudgeTest, CountsOnceWhatMatchingHasCounted) {
  town_.world.Put<v1::Posting>("postings/guard", R"(employer: "regions/13/employers/e"
      state: POSTING_STATE_OPEN openings: 3 title: "护林员"
      place { division_code: "130723" location { latitude: 41.851 longitude: 114.612 } }
      public_welfare { kind: PUBLIC_WELFARE_KIND_FOREST_GUARD }
      conditions { household_cap: 2 })");
  town_.world.PutHolds("households/ha",
                       "holds { claim_id: '1' "
                       "public_welfare_kind: PUBLIC_WELFARE_KIND_FOREST_GUARD }");
  town_.CatchUp();
  EXPECT_THAT(Causes("li", "guard", 1, 1), IsEmpty());
  EXPECT_THAT(Causes("li", "guard", 2, 1), ElementsAre("HOUSEHOLD_CAP_REACHED"));
}

TEST_F(JudgeTest, KnowsForWhomOpeningsAreReserved) {
  LEYE_ASSERT_OK_AND_ASSIGN(const PairVerdict verdict, Judge("wang", "sewing"));
  EXPECT_TRUE(verdict.of_reserved_group) << "relocated, as nearly all are";
  town_.world.Put<v1::Posting>("postings/chosen", R"(employer: "regions/13/employers/e"
      state: POSTING_STATE_OPEN openings: 2 title: "护林员"
      place { division_code: "130723" location { latitude: 41.851 longitude: 114.612 } }
      public_welfare { kind: PUBLIC_WELFARE_KIND_FOREST_GUARD }
      reserved { count: 1 group: GROUP_DISABLED })");
  town_.CatchUp();
  LEYE_ASSERT_OK_AND_ASSIGN(const PairVerdict other, Judge("li", "chosen"));
  EXPECT_THAT(other.failures, IsEmpty());
  EXPECT_FALSE(other.of_reserved_group);
}

TEST_F(JudgeTest, WaitsForMatchingToHaveSeenWhatIsStored) {
  town_.world.Put<v1::Candidate>("candidates/new", "household: 'regions/13/households/ha'");
  EXPECT_THAT(Judge("new", "sewing"), StatusIs(absl::StatusCode::kDeadlineExceeded));
  town_.CatchUp();
  EXPECT_THAT(Judge("new", "sewing"), IsOk());
}

}  // namespace
}  // namespace leye::app
