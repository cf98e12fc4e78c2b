// States, references, deletion and derived fields: what is particular to single resources.
#include <thread>

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/base/status.h"
#include "tests/services/app/app_fixture.h"
#include "tests/testing/status_matchers.h"

namespace leye::app {
namespace {

using ::leye::testing::FailsWith;
using ::leye::testing::StatusIs;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kEmployer[] = "name: 'regions/13/employers/e' ";
constexpr char kArea[] = "name: 'regions/13/settlementAreas/a' ";

std::string AreaOf(const std::string& id) { return CaseOf("SettlementArea").Create(id); }

class States : public ::testing::Test {
 protected:
  States() { app_.AddBasics(); }
  App app_;
};

TEST_F(States, AnEmployerIsSuspendedAndReinstated) {
  const Answer suspended =
      app_.Call("SuspendEmployer", absl::StrCat(kEmployer, "reason: '欠薪' request_id: 'r'"));
  ASSERT_TRUE(suspended.ok()) << suspended.status;
  EXPECT_EQ(suspended.Text("employer.state"), "EMPLOYER_STATE_SUSPENDED");
  EXPECT_EQ(suspended.Text("employer.suspension_reason"), "欠薪");
  EXPECT_THAT(app_.Call("SuspendEmployer", absl::StrCat(kEmployer, "reason: 'x'")).status,
              FailsWith(absl::StatusCode::kFailedPrecondition, "WRONG_STATE"));
  const Answer reinstated = app_.Call("ReinstateEmployer", kEmployer);
  EXPECT_EQ(reinstated.Text("employer.state"), "EMPLOYER_STATE_ACTIVE");
  EXPECT_EQ(reinstated.Text("employer.suspension_reason"), "");
  EXPECT_THAT(app_.Call("ReinstateEmployer", kEmployer).status,
              StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_EQ(app_.Call("SuspendEmployer", absl::StrCat(kEmployer, "reason: '欠薪' request_id: 'r'"))
                .Text("employer.etag"),
            suspended.Text("employer.etag"));
}

TEST_F(States, ASuspensionNeedsAReasonAndTheCurrentEtag) {
  EXPECT_EQ(app_.Call("SuspendEmployer", kEmployer).Fault(), "INVALID_FIELDS: reason");
  EXPECT_THAT(
      app_.Call("SuspendEmployer", absl::StrCat(kEmployer, "reason: 'x' etag: 'old'")).status,
      FailsWith(absl::StatusCode::kAborted, "ETAG_MISMATCH"));
  ASSERT_TRUE(
      app_.Call("SuspendEmployer", absl::StrCat(kEmployer, "reason: 'x' validate_only: true"))
          .ok());
  EXPECT_EQ(app_.Call("GetEmployer", kEmployer).Text("employer.state"), "EMPLOYER_STATE_ACTIVE");
}

TEST_F(States, UpdatesAndImportsLeaveTheStateAlone) {
  ASSERT_TRUE(app_.Call("CreatePosting", CaseOf("Posting").Create("p")).ok());
  const std::string name = "name: 'regions/13/postings/p' ";
  ASSERT_TRUE(app_.Call("ClosePosting", name + "reason: '招满'").ok());
  const Answer changed = app_.Call(
      "UpdatePosting", absl::StrCat("posting { ", name, CaseOf("Posting").body,
                                    " state: POSTING_STATE_OPEN } update_mask { paths: '*' }"));
  ASSERT_TRUE(changed.ok()) << changed.status;
  EXPECT_EQ(changed.Text("posting.state"), "POSTING_STATE_CLOSED");
  EXPECT_EQ(changed.Text("posting.close_reason"), "招满");
  EXPECT_EQ(app_.Call("ReopenPosting", name).Text("posting.state"), "POSTING_STATE_OPEN");
  EXPECT_THAT(app_.Call("ReopenPosting", name).status,
              FailsWith(absl::StatusCode::kFailedPrecondition, "WRONG_STATE"));
}

TEST_F(States, AnAreaWithHouseholdsCannotBeDeleted) {
  const Answer refused = app_.Call("DeleteSettlementArea", kArea);
  EXPECT_THAT(refused.status, FailsWith(absl::StatusCode::kFailedPrecondition, "HAS_DEPENDENTS"));
  EXPECT_EQ(GetErrorDetails(refused.status).metadata.at("count"), "2");
  EXPECT_TRUE(app_.Call("CreateHousehold", CaseOf("Household").Create("h3")).ok());
}

TEST_F(States, AnAreaCanBeDeletedOnceItsHouseholdsHaveMoved) {
  ASSERT_TRUE(app_.Call("CreateSettlementArea", AreaOf("b")).ok());
  for (const char* id : {"h", "h2"}) {
    ASSERT_TRUE(app_.Call("UpdateHousehold",
                          absl::StrCat("household { name: 'regions/13/households/", id,
                                       "' settlement_area: 'regions/13/settlementAreas/b' }"))
                    .ok());
  }
  EXPECT_TRUE(app_.Call("DeleteSettlementArea", kArea).ok());
  EXPECT_EQ(app_.Call("CreateHousehold", CaseOf("Household").Create("h3")).Fault(),
            "INVALID_FIELDS: household.settlement_area");
}

// Households are created in an area while it is being deleted: never is one left without an area.
TEST_F(States, DeletionAndArrivalExcludeEachOther) {
  for (int round = 0; round < 8; ++round) {
    const std::string area = absl::StrCat("r", round);
    const std::string area_name = absl::StrCat("regions/13/settlementAreas/", area);
    ASSERT_TRUE(app_.Call("CreateSettlementArea", AreaOf(area)).ok());
    Answer arrival;
    std::thread arriving([&] {
      arrival = app_.Call(
          "CreateHousehold",
          absl::StrCat("parent: 'regions/13' household { settlement_area: '", area_name, "' }"));
    });
    const Answer deletion =
        app_.Call("DeleteSettlementArea", absl::StrCat("name: '", area_name, "'"));
    arriving.join();
    EXPECT_NE(deletion.ok(), arrival.ok()) << deletion.status << " / " << arrival.status;
  }
}

TEST_F(States, ACandidateLivesWhereTheHouseholdDoes) {
  ASSERT_TRUE(app_.Call("CreateCandidate", CaseOf("Candidate").Create("c")).ok());
  EXPECT_EQ(app_.Call("GetCandidate", "name: 'regions/13/candidates/c'")
                .Text("candidate.settlement_area"),
            "regions/13/settlementAreas/a");
  EXPECT_EQ(app_.Call("ListCandidates",
                      "parent: 'regions/13' "
                      "filter: 'settlement_area = \"regions/13/settlementAreas/a\"'")
                .Size("candidates"),
            1);
}

TEST_F(States, HouseholdsAreAnsweredWithTheirFigures) {
  EXPECT_EQ(app_.Call("GetHousehold", "name: 'regions/13/households/h'")
                .Text("household.figures.members"),
            "3");
}

// Nothing personal is left anywhere in the store's files' records once a candidate is deleted.
TEST_F(States, DeletionErasesPersonalDataAlsoFromReplays) {
  const std::string create = CaseOf("Candidate").Create("c", "", "request_id: 'r'");
  ASSERT_TRUE(app_.Call("CreateCandidate", create).ok());
  ASSERT_TRUE(app_.Call("DeleteCandidate", "name: 'regions/13/candidates/c'").ok());
  const Answer replay = app_.Call("CreateCandidate", create);
  ASSERT_TRUE(replay.ok()) << replay.status;
  EXPECT_EQ(replay.Text("candidate.name"), "regions/13/candidates/c");
  for (const char* secret : {"李梅", "139", "No 1"}) {
    EXPECT_THAT(replay.response->DebugString(), Not(HasSubstr(secret)));
  }
}

TEST_F(States, ARetryWithOtherPersonalDataGetsTheFirstAnswer) {
  const std::string create = CaseOf("Candidate").Create("c", "", "request_id: 'r'");
  ASSERT_TRUE(app_.Call("CreateCandidate", create).ok());
  v1::CreateCandidateRequest again = Parse<v1::CreateCandidateRequest>(create);
  again.mutable_candidate()->set_full_name("other");
  EXPECT_EQ(app_.Call("CreateCandidate", again).Text("candidate.full_name"), "李梅");
}

}  // namespace
}  // namespace leye::app
