// From a plan to its referrals, and whose plans are whose.
#include <algorithm>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "leye/storage/v1/claim.pb.h"
#include "tests/services/app/plan_fixture.h"
#include "tests/testing/status_matchers.h"

namespace leye::app {
namespace {

using ::leye::testing::FailsWith;
using ::leye::testing::IsOk;
using ::leye::testing::StatusIs;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST_F(PlansTest, ACommitMakesTheReferralsOnce) {
  Make("p", "");
  LEYE_ASSERT_OK_AND_ASSIGN(const auto first, fair_.Commit("p", "request_id: 'r' clerk: 'c07'"));
  EXPECT_THAT(first.refusals(), IsEmpty());
  EXPECT_EQ(first.plan().committed_lines(), 3);
  std::vector<std::string> lines = fair_.Lines("p");
  std::ranges::sort(lines);
  EXPECT_EQ(fair_.ReferralsNow(), lines);
  for (const v1::PlanAssignment& line : fair_.Assignments("p")) {
    EXPECT_TRUE(absl::StartsWith(line.referral(), "regions/13/referrals/"));
  }
  LEYE_ASSERT_OK_AND_ASSIGN(const auto again, fair_.Commit("p", "request_id: 'r' clerk: 'c07'"));
  EXPECT_EQ(again.SerializeAsString(), first.SerializeAsString());
  EXPECT_THAT(fair_.Commit("p"), FailsWith(kFailed, "NOTHING_TO_COMMIT"));
  EXPECT_THAT(fair_.ReferralsNow(), SizeIs(3));
}

TEST_F(PlansTest, ACommitSaysWhichLinesNoLongerHoldAndDoesNothing) {
  Make("p", "");
  const std::vector<v1::PlanAssignment> lines = fair_.Assignments("p");
  ASSERT_THAT(lines, SizeIs(3));
  // Line 1 is "one", whose only opening goes to somebody else; line 3's person works elsewhere.
  v1::CreateReferralRequest other;
  other.set_parent("regions/13");
  other.mutable_referral()->set_candidate(Fair::Name("candidates", "li"));
  other.mutable_referral()->set_posting(lines[0].posting());
  ASSERT_THAT(fair_.referrals.CreateReferral(other, fair_.Caller()), IsOk());
  other.mutable_referral()->set_candidate(lines[2].candidate());
  other.mutable_referral()->set_posting(Fair::Name("postings", "sewing"));
  ASSERT_THAT(fair_.referrals.CreateReferral(other, fair_.Caller()), IsOk());
  const std::vector<std::string> before = fair_.ReferralsNow();

  for (const char* how : {"validate_only: true", "", "request_id: 'r'"}) {
    LEYE_ASSERT_OK_AND_ASSIGN(const auto refused, fair_.Commit("p", how));
    ASSERT_THAT(refused.refusals(), SizeIs(2)) << refused.ShortDebugString();
    EXPECT_EQ(refused.refusals(0).line(), 1);
    EXPECT_EQ(refused.refusals(0).reason(), "NO_OPENING");
    EXPECT_EQ(refused.refusals(0).posting(), lines[0].posting());
    EXPECT_EQ(refused.refusals(1).line(), 3);
    EXPECT_EQ(refused.refusals(1).reason(), "PERSON_HELD");
    EXPECT_EQ(refused.plan().committed_lines(), 0);
    EXPECT_EQ(refused.revision(), "");
    EXPECT_EQ(fair_.ReferralsNow(), before);
  }
  // What still holds may be committed by itself.
  LEYE_ASSERT_OK_AND_ASSIGN(const auto rest, fair_.Commit("p", "lines: 2"));
  EXPECT_THAT(rest.refusals(), IsEmpty());
  EXPECT_EQ(fair_.ReferralsNow().size(), before.size() + 1);
  LEYE_ASSERT_OK_AND_ASSIGN(const auto twice, fair_.Commit("p", "lines: 2"));
  ASSERT_THAT(twice.refusals(), SizeIs(1));
}

TEST_F(PlansTest, ACommitAsksTheHardRulesAnew) {
  Make("p", Only("one"));
  const std::string person = fair_.Lines("p")[0].substr(0, 2);
  fair_.AddPerson(person, person, "preferences { willing: false }");
  LEYE_ASSERT_OK_AND_ASSIGN(const auto refused, fair_.Commit("p"));
  ASSERT_THAT(refused.refusals(), SizeIs(1));
  EXPECT_EQ(refused.refusals(0).reason(), "NOT_ELIGIBLE");
  EXPECT_THAT(fair_.ReferralsNow(), IsEmpty());
}

TEST_F(PlansTest, LinesThatAreNoneAreNamed) {
  Make("p", "");
  EXPECT_THAT(FieldsOf(fair_.Commit("p", "lines: [1, 9, 1, 0]").status()),
              ElementsAre("lines[1]", "lines[2]", "lines[3]"));
}

TEST_F(PlansTest, OfTwoPlansForTheSameOpeningsNeverTooManyAreGiven) {
  for (int round = 0; round < 5; ++round) {
    const std::string posting = absl::StrCat("hall", round);
    fair_.AddPosting(posting, "openings: 4");
    for (int i = 0; i < 6; ++i) {
      const std::string id = absl::StrCat("r", round, "-", i);
      fair_.AddHousehold(id);
      fair_.AddPerson(id, id);
    }
    const std::string left = absl::StrCat("left", round);
    const std::string right = absl::StrCat("right", round);
    Make(left, Only(posting));
    Make(right, Only(posting));
    std::thread other([&] { EXPECT_THAT(fair_.Commit(left), IsOk()); });
    EXPECT_THAT(fair_.Commit(right), IsOk());
    other.join();
    const auto record = fair_.town.world.store->Get(
        fair_.region, {store::Kind::kHolds, Fair::Name("postings", posting)});
    ASSERT_THAT(record, IsOk());
    storage::v1::Holds holds;
    ASSERT_TRUE(holds.ParseFromString(record->envelope.open()));
    EXPECT_EQ(holds.holds_size(), 4) << "one of the two whole, the other not at all";
    const int committed = fair_.Get(left).committed_lines() + fair_.Get(right).committed_lines();
    EXPECT_EQ(committed, 4);
  }
}

// --- Whose plans ---------------------------------------------------------------------------------

TEST_F(PlansTest, ABureauPlansItsOwnPeopleAndSeesItsOwnPlans) {
  fair_.AddHousehold("far", "b");
  fair_.AddPerson("far", "far", "preferences { willing_to_leave_home: true }");
  fair_.AddPosting("both", "openings: 9");
  fair_.caller = access::Bureau("130724");
  ASSERT_THAT(fair_.Create("county", Only("both")), IsOk());
  EXPECT_EQ(fair_.Get("county").division_code(), "130724");
  fair_.Run();
  EXPECT_THAT(fair_.Lines("county"), ::testing::Each(::testing::AnyOf("far both", "zhao both")));
  EXPECT_THAT(fair_.Lines("county"), Contains("far both"));
  EXPECT_THAT(fair_.Create("theirs", absl::StrCat("division_code: '130723' ", Only("both"))),
              FailsWith(absl::StatusCode::kPermissionDenied, "OUT_OF_SCOPE"));
  EXPECT_THAT(FieldsOf(fair_
                           .Create("theirs",
                                   absl::StrCat("settlement_areas: 'regions/13/settlementAreas/a'",
                                                Only("both")))
                           .status()),
              ElementsAre("plan.settlement_areas[0]"));
  fair_.caller = access::Bureau("130723");
  EXPECT_THAT(fair_.Commit("county"), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(fair_.Cancel("county"), StatusIs(absl::StatusCode::kNotFound));
  fair_.caller = access::Bureau("13");
  EXPECT_THAT(fair_.Commit("county"), IsOk());
}

}  // namespace
}  // namespace leye::app
