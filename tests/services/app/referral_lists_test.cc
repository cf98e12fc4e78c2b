// Lists, tasks and the watch of referrals.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "services/app/formats.h"
#include "services/app/referral_ledger.h"
#include "services/base/status.h"
#include "tests/services/app/referral_fixture.h"
#include "tests/testing/status_matchers.h"

namespace leye::app {
namespace {

using ::leye::testing::FailsWith;
using ::leye::testing::IsOk;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr auto kDecline = v1::REFERRAL_EVENT_DECLINE;
constexpr auto kFollowUp = v1::REFERRAL_EVENT_FOLLOW_UP;

class ReferralLists : public ::testing::Test {
 protected:
  ReferralLists() {
    for (const char* person : {"wang", "li", "zhao"}) bureau_.AddPerson(person);
    bureau_.AddPosting("one", "openings: 1");
    bureau_.AddPosting("two", "openings: 2");
  }
  void TearDown() override { EXPECT_THAT(bureau_.Problems(), IsEmpty()); }

  Bureau bureau_;
};

TEST_F(ReferralLists, AreListedByPostingPersonStateAndClerk) {
  ASSERT_THAT(bureau_.Create("r1", "wang", "one"), IsOk());
  ASSERT_THAT(bureau_.Create("r2", "li", "two", v1::REFERRAL_STATE_PUSHED), IsOk());
  const auto names = [&](const std::string& filter) {
    v1::ListReferralsRequest request;
    request.set_parent("regions/13");
    request.set_filter(filter);
    std::vector<std::string> found;
    const auto response = bureau_.referrals->ListReferrals(request, bureau_.app.Caller());
    if (!response.ok()) return std::vector<std::string>{response.status().ToString()};
    for (const v1::Referral& referral : response->referrals()) {
      found.push_back(referral.name().substr(referral.name().rfind('/') + 1));
    }
    return found;
  };
  EXPECT_THAT(names("posting = \"regions/13/postings/one\""), ElementsAre("r1"));
  EXPECT_THAT(names("candidate = \"regions/13/candidates/li\""), ElementsAre("r2"));
  EXPECT_THAT(names("state = REFERRAL_STATE_PUSHED AND clerk = \"c07\""), ElementsAre("r2"));
  EXPECT_THAT(names("settlement_area = \"regions/13/settlementAreas/a\""), ElementsAre("r1", "r2"));
}

TEST_F(ReferralLists, TasksTellWhatIsAwaitedAndWhatIsOverdue) {
  ASSERT_THAT(bureau_.Create("r1", "wang", "one"), IsOk());
  ASSERT_THAT(bureau_.Create("r2", "li", "two", v1::REFERRAL_STATE_PUSHED), IsOk());
  std::vector<v1::ReferralTask> tasks = bureau_.Tasks("clerk: 'c07'");
  ASSERT_THAT(tasks, SizeIs(2));
  EXPECT_EQ(tasks[0].kind(), v1::REFERRAL_TASK_KIND_ANSWER);
  EXPECT_EQ(tasks[0].referral(), "regions/13/referrals/r2");
  EXPECT_EQ(tasks[1].kind(), v1::REFERRAL_TASK_KIND_DECIDE);
  EXPECT_FALSE(tasks[0].overdue());
  EXPECT_THAT(bureau_.Tasks("clerk: 'c08'"), IsEmpty());
  EXPECT_THAT(bureau_.Tasks("settlement_area: 'regions/13/settlementAreas/b'"), IsEmpty());
  bureau_.Steps("r2", {kAccept});
  bureau_.app.clock.Advance(7 * kDay);
  tasks = bureau_.Tasks();
  EXPECT_EQ(tasks[0].kind(), v1::REFERRAL_TASK_KIND_DECIDE);
  EXPECT_TRUE(tasks[1].overdue());
  EXPECT_EQ(tasks[1].kind(), v1::REFERRAL_TASK_KIND_REFER);
  EXPECT_EQ(bureau_.ExpireDue(), 1);
}

TEST_F(ReferralLists, TasksOfWhatCannotBeAreRefused) {
  v1::ListReferralTasksRequest request;
  request.set_parent("regions/13");
  request.set_settlement_area("regions/11/settlementAreas/a");
  request.set_clerk(std::string(61, 'x'));
  const absl::Status refused =
      bureau_.referrals->ListReferralTasks(request, bureau_.app.Caller()).status();
  std::vector<std::string> fields;
  for (const FieldViolation& each : GetErrorDetails(refused).violations) {
    fields.push_back(each.field);
  }
  EXPECT_THAT(fields, ElementsAre("settlement_area", "clerk"));
}

TEST_F(ReferralLists, TasksComeInPages) {
  for (const char* person : {"wang", "li", "zhao"}) {
    ASSERT_THAT(bureau_.Create(person, person, "two", v1::REFERRAL_STATE_PUSHED), IsOk());
  }
  v1::ListReferralTasksRequest request;
  request.set_parent("regions/13");
  request.set_page_size(2);
  std::vector<std::string> seen;
  do {
    const auto page = bureau_.referrals->ListReferralTasks(request, bureau_.app.Caller());
    ASSERT_THAT(page, IsOk());
    for (const v1::ReferralTask& task : page->tasks()) seen.push_back(task.referral());
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  EXPECT_THAT(seen, ElementsAre("regions/13/referrals/li", "regions/13/referrals/wang",
                                "regions/13/referrals/zhao"));
  request.set_page_token("x");
  EXPECT_THAT(bureau_.referrals->ListReferralTasks(request, bureau_.app.Caller()),
              FailsWith(absl::StatusCode::kInvalidArgument, "INVALID_FIELDS"));
}

TEST_F(ReferralLists, FollowUpsAreDueAfterSevenThirtyAndNinetyDays) {
  ASSERT_THAT(bureau_.Create("r", "wang", "one"), IsOk());
  bureau_.Steps("r", {kInterview, kHire, kOnboard});
  const absl::Time began = bureau_.app.clock.Now();
  const auto due_day = [&]() -> int64_t {
    const std::vector<v1::ReferralTask> tasks = bureau_.Tasks();
    if (tasks.empty()) return -1;
    EXPECT_EQ(tasks[0].kind(), v1::REFERRAL_TASK_KIND_FOLLOW_UP);
    return (ToTime(tasks[0].due_time()) - began) / kDay;
  };
  EXPECT_EQ(due_day(), 7);
  bureau_.app.clock.Set(began + 8 * kDay);
  EXPECT_TRUE(bureau_.Tasks()[0].overdue());
  bureau_.Steps("r", {kFollowUp});
  EXPECT_EQ(due_day(), 30);
  bureau_.app.clock.Set(began + 31 * kDay);
  bureau_.Steps("r", {kFollowUp});
  EXPECT_EQ(due_day(), 90);
  bureau_.app.clock.Set(began + 90 * kDay);
  bureau_.Steps("r", {kFollowUp});
  EXPECT_EQ(due_day(), -1);
}

TEST_F(ReferralLists, TheRulesSayWhenPeopleAreVisited) {
  bureau_.judge.rules.referral.follow_up_days = {3};
  ASSERT_THAT(bureau_.Create("r", "wang", "one"), IsOk());
  bureau_.Steps("r", {kInterview, kHire, kOnboard});
  const absl::Time began = bureau_.app.clock.Now();
  ASSERT_EQ(bureau_.Tasks().size(), 1U);
  EXPECT_EQ(ToTime(bureau_.Tasks()[0].due_time()), began + 3 * kDay);
  bureau_.app.clock.Set(began + 3 * kDay);
  bureau_.Steps("r", {kFollowUp});
  EXPECT_THAT(bureau_.Tasks(), IsEmpty());
}

// From the loss of the only job to the next one, by kind and days since the loss.
TEST_F(ReferralLists, WhereNobodyWorksAnyMoreFirstHelpIsDueAndThenWork) {
  bureau_.AddHousehold("other");
  bureau_.AddPerson("zhou", "other");
  for (const char* person : {"wang", "zhou"}) {
    ASSERT_THAT(bureau_.Create(person, person, "two"), IsOk());
    bureau_.Steps(person, {kInterview, kHire, kOnboard});
  }
  bureau_.app.clock.Advance(5 * kDay);
  ASSERT_THAT(bureau_.Step("wang", kLeave, kBecause), IsOk());
  ASSERT_THAT(bureau_.Step("zhou", kLeave, kBecause), IsOk());
  const absl::Time left = bureau_.app.clock.Now();
  const auto task = [&]() -> std::string {
    const std::vector<v1::ReferralTask> tasks = bureau_.Tasks("clerk: 'c07'");
    if (tasks.empty()) return "none";
    EXPECT_EQ(tasks.back().referral(), "regions/13/referrals/wang");
    return absl::StrCat(v1::ReferralTaskKind_Name(tasks.back().kind()).substr(19), " ",
                        (ToTime(tasks.back().due_time()) - left) / kDay,
                        tasks.back().overdue() ? " overdue" : "");
  };
  EXPECT_EQ(task(), "none") << "others of the households work";
  bureau_.app.figures.zero_employment = true;
  EXPECT_EQ(task(), "FIRST_HELP 3");
  EXPECT_THAT(bureau_.Tasks("clerk: 'c08'"), IsEmpty());
  bureau_.app.clock.Set(left + 3 * kDay);
  EXPECT_EQ(task(), "FIRST_HELP 3 overdue");
  EXPECT_THAT(bureau_.Tasks("due_by { seconds: 1 }"), IsEmpty());

  // Help may be for another member, by another clerk, and come to nothing.
  ASSERT_THAT(bureau_.Create("again", "li", "one", v1::REFERRAL_STATE_PUSHED), IsOk());
  bureau_.Steps("again", {kDecline});
  EXPECT_EQ(task(), "WORK_AGAIN 5");
  bureau_.judge.rules.referral.work_again_days = 2;
  EXPECT_EQ(task(), "WORK_AGAIN 2 overdue");
  bureau_.app.figures.zero_employment = false;
  EXPECT_EQ(task(), "none");
}

TEST_F(ReferralLists, OnlyTheLastLossOfAHouseholdCounts) {
  for (const char* id : {"b", "a"}) {  // The later one comes first in the order of names.
    ASSERT_THAT(bureau_.Create(id, "wang", "two"), IsOk());
    bureau_.Steps(id, {kInterview, kHire, kOnboard});
    bureau_.app.clock.Advance(5 * kDay);
    ASSERT_THAT(bureau_.Step(id, kLeave, kBecause), IsOk());
    bureau_.app.clock.Advance(kDay);
  }
  bureau_.app.figures.zero_employment = true;
  const std::vector<v1::ReferralTask> tasks = bureau_.Tasks();
  ASSERT_THAT(tasks, SizeIs(1));
  EXPECT_EQ(tasks[0].referral(), "regions/13/referrals/a");
  EXPECT_EQ(tasks[0].kind(), v1::REFERRAL_TASK_KIND_FIRST_HELP);
}

TEST_F(ReferralLists, AMonitoredHouseholdIsVisitedEveryMonth) {
  bureau_.AddHousehold("m", "monitoring: MONITORING_KIND_MARGINAL");
  bureau_.AddPerson("sun", "m");
  ASSERT_THAT(bureau_.Create("r", "sun", "one"), IsOk());
  bureau_.Steps("r", {kInterview, kHire, kOnboard});
  const absl::Time began = bureau_.app.clock.Now();
  std::vector<int64_t> days;
  for (int visit = 0; visit < 6; ++visit) {
    const absl::Time due = ToTime(bureau_.Tasks()[0].due_time());
    days.push_back((due - began) / kDay);
    bureau_.app.clock.Set(due);
    bureau_.Steps("r", {kFollowUp});
  }
  EXPECT_THAT(days, ElementsAre(7, 30, 60, 90, 120, 150));
}

TEST_F(ReferralLists, AWatchTellsEveryChangeOnceAndResumes) {
  const auto watch_from = [&](const std::string& revision) {
    v1::WatchReferralsRequest request;
    request.set_parent("regions/13");
    request.set_revision(revision);
    return *bureau_.referrals->WatchReferrals(request, bureau_.app.Caller());
  };
  const auto states = [](ReferralWatch& watch, std::string& revision) {
    std::vector<v1::ReferralState> seen;
    for (auto events = watch.Next(absl::InfinitePast()); events.ok() && !events->empty();
         events = watch.Next(absl::InfinitePast())) {
      for (const v1::WatchReferralsResponse& event : *events) {
        EXPECT_EQ(event.name(), event.referral().name());
        EXPECT_TRUE(event.last());
        seen.push_back(event.referral().state());
        revision = event.revision();
      }
    }
    return seen;
  };
  std::string revision;
  const auto watch = watch_from("");
  ASSERT_THAT(bureau_.Create("r", "wang", "one"), IsOk());
  bureau_.Steps("r", {kInterview});
  EXPECT_THAT(states(*watch, revision),
              ElementsAre(v1::REFERRAL_STATE_REFERRED, v1::REFERRAL_STATE_INTERVIEWED));
  bureau_.Steps("r", {kHire});
  const auto resumed = watch_from(revision);
  EXPECT_THAT(states(*resumed, revision), ElementsAre(v1::REFERRAL_STATE_HIRED));
  v1::WatchReferralsRequest bad;
  bad.set_revision("x");
  EXPECT_THAT(bureau_.referrals->WatchReferrals(bad, bureau_.app.Caller()),
              FailsWith(absl::StatusCode::kInvalidArgument, "INVALID_FIELDS"));
}

TEST_F(ReferralLists, ARefusalIsRememberedInThePostingsLedger) {
  ASSERT_THAT(bureau_.Create("r", "wang", "one", v1::REFERRAL_STATE_PUSHED), IsOk());
  ASSERT_THAT(bureau_.Step("r", kDecline), IsOk());
  const Records state = ReadRecords(*bureau_.app.store);
  ASSERT_THAT(state.holds, SizeIs(1));
  ASSERT_THAT(state.holds[0].second.bars(), SizeIs(1));
  EXPECT_EQ(ToTime(state.holds[0].second.bars(0).refuse_time()), bureau_.app.clock.Now());
}

}  // namespace
}  // namespace leye::app
