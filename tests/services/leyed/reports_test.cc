// Reports over a store and the follower that reads it, as leyed puts them together.

#include <functional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "services/app/outcome_report.h"
#include "services/app/showings.h"
#include "tests/services/app/referral_fixture.h"
#include "tests/services/leyed/town_reports.h"

namespace leye {
namespace {

using app::Bureau;
using app::Parse;
using app::Town;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::IsOk;
using ::testing::Not;

std::string Row(const v1::CoverageRow& row) {
  const v1::CoverageFigures& of = row.figures();
  return absl::StrCat(row.division_code(), " ", Town::LastPart(row.settlement_area()), ": ",
                      of.households(), " households, ", of.willing_households(), " willing, ",
                      of.zero_employment_households(), " without work; ", of.people(), " people, ",
                      of.able(), " able, ", of.able_and_willing(), " willing, ", of.earners(),
                      " earn, ", of.seekers(), " seek");
}

TEST(CoverageReport, CountsByAreaCountyAndRegion) {
  Town town;
  town.world.Put<v1::Candidate>("candidates/earner", R"(household: "regions/13/households/hb"
      birth_date: "1990-01-01" employment { state: EMPLOYMENT_STATE_EMPLOYED }
      labour_class: LABOUR_CLASS_COMMON preferences { willing: true })");
  town.world.Put<v1::Household>("households/lost",
                                R"(settlement_area: "regions/13/settlementAreas/nowhere")");
  town.CatchUp();
  const v1::GetCoverageReportResponse report = TownReports(town).Coverage();
  std::vector<std::string> rows = {Row(report.total())};
  for (const v1::CoverageRow& row : report.counties()) rows.push_back(Row(row));
  for (const v1::CoverageRow& row : report.areas()) rows.push_back(Row(row));
  // The old one is past working age.
  EXPECT_THAT(
      rows,
      ElementsAre(
          "13 : 3 households, 2 willing, 1 without work; 6 people, 5 able, 5 willing, 1 earn, 4 "
          "seek",
          " : 1 households, 0 willing, 0 without work; 0 people, 0 able, 0 willing, 0 earn, 0 seek",
          "130723 : 1 households, 1 willing, 1 without work; 4 people, 3 able, 3 willing, 0 earn, "
          "3 seek",
          "130724 : 1 households, 1 willing, 0 without work; 2 people, 2 able, 2 willing, 1 earn, "
          "1 seek",
          " : 1 households, 0 willing, 0 without work; 0 people, 0 able, 0 willing, 0 earn, 0 seek",
          "130723 a: 1 households, 1 willing, 1 without work; 4 people, 3 able, 3 willing, 0 earn, "
          "3 seek",
          "130724 b: 1 households, 1 willing, 0 without work; 2 people, 2 able, 2 willing, 1 earn, "
          "1 seek"));
  EXPECT_THAT(report.areas(1).display_name(), "怡安社区");
  EXPECT_THAT(report.revision(), Not(IsEmpty()));
}

TEST(CoverageReport, TellsACountyOfItsOwn) {
  Town town;
  TownReports reports(town);
  reports.caller = {.principal = access::Bureau("130724")};
  const v1::GetCoverageReportResponse report = reports.Coverage();
  ASSERT_EQ(report.areas_size(), 1);
  EXPECT_EQ(report.areas(0).settlement_area(), "regions/13/settlementAreas/b");
  EXPECT_EQ(report.total().figures().people(), report.areas(0).figures().people());
}

v1::ShowingsOutcome ShowingsOf(const TownReports& reports, const std::string& more = "") {
  const auto answer = reports.reports.GetOutcomeReport(
      Parse<v1::GetOutcomeReportRequest>("parent: 'regions/13' " + more), reports.caller);
  EXPECT_THAT(answer, IsOk());
  return answer.ok() ? answer->showings() : v1::ShowingsOutcome();
}

TEST(Showings, AreReportedByGroupDayAndCounty) {
  Town town;
  app::Showings showings(*town.world.store, town.world.holder, town.world.clock);
  const auto now = town.world.holder.Get();
  const auto show = [&](const char* posting, const std::vector<const char*>& people) {
    std::vector<matcher::CandidateId> ids;
    for (const char* person : people) {
      ids.push_back(*now->directory.FindCandidate(absl::StrCat("regions/13/candidates/", person)));
    }
    showings.Note(*now->postings->Find(
                      *now->directory.FindPosting(absl::StrCat("regions/13/postings/", posting))),
                  ids);
  };
  show("sewing", {"wang", "zhao", "li"});
  show("far", {"zhao"});
  ASSERT_THAT(showings.WriteDown(), IsOk());
  town.CatchUp();
  TownReports reports(town);
  const v1::ShowingsOutcome all = ShowingsOf(reports);
  EXPECT_EQ(all.people(), 3);
  EXPECT_EQ(all.showings(), 4);
  EXPECT_EQ(all.most_shown(), 2);
  EXPECT_EQ(all.top_tenth_showings(), 2);
  int64_t lifted = 0;
  for (const v1::GroupShowings& group : all.groups()) {
    if (group.group() != v1::GROUP_LIFTED_FROM_POVERTY) continue;
    lifted = group.showings();
    EXPECT_EQ(group.people(), 2);
  }
  EXPECT_EQ(lifted, 2) << "wang and li";
  EXPECT_EQ(ShowingsOf(reports, "until_date: '2024-04-30'").people(), 0);
  reports.caller = {.principal = access::Bureau("130724")};
  EXPECT_EQ(ShowingsOf(reports).showings(), 2) << "zhao's";
}

std::string FaultOf(const absl::Status& status) {
  return app::Answer{.status = status, .response = nullptr}.Fault();
}

TEST(Reports, NameWhatIsWrongWithARequest) {
  Town town;
  const TownReports reports(town);
  const auto outcome = reports.reports.GetOutcomeReport(
      Parse<v1::GetOutcomeReportRequest>(
          "parent: 'regions/x' from_date: '2026-02-30' until_date: 'soon' max_employers: 1001"),
      reports.caller);
  EXPECT_EQ(FaultOf(outcome.status()),
            "INVALID_FIELDS: from_date, max_employers, parent, until_date");
  const auto reversed = reports.reports.GetOutcomeReport(
      Parse<v1::GetOutcomeReportRequest>(
          "parent: 'regions/13' from_date: '2026-02-02' until_date: '2026-02-01'"),
      reports.caller);
  EXPECT_EQ(FaultOf(reversed.status()), "INVALID_FIELDS: until_date");
  const auto gaps = reports.reports.FindTrainingGaps(
      Parse<v1::FindTrainingGapsRequest>(
          "parent: 'regions/13' settlement_area: 'regions/44/settlementAreas/a' max_gaps: -1"),
      reports.caller);
  EXPECT_EQ(FaultOf(gaps.status()), "INVALID_FIELDS: max_gaps, settlement_area");
  const auto list = reports.reports.ListPostingCompliance(
      Parse<v1::ListPostingComplianceRequest>("parent: '' page_size: -1 page_token: 'x'"),
      reports.caller);
  EXPECT_EQ(FaultOf(list.status()), "INVALID_FIELDS: page_size, page_token, parent");
}

// --- Outcomes ------------------------------------------------------------------------------------

class OutcomeTest : public ::testing::Test {
 protected:
  OutcomeTest() {
    for (const char* person : {"wang", "li", "zhao", "sun"}) {
      bureau_.AddPerson(person);
      bureau_.Update("candidate", absl::StrCat("candidates/", person), "groups: GROUP_RELOCATED");
    }
    bureau_.AddPosting("one", "openings: 2");
    bureau_.AddPosting("two", "openings: 2");
    bureau_.AddPosting("relief", R"(openings: 4 reserved { count: 2 }
        work_for_relief { project: "村道" central_funds_yuan: 100 labour_pay_yuan: 29 })");
  }

  v1::GetOutcomeReportResponse Outcome(const std::string& more = "") {
    while (true) {
      if (!rounds_.Run(absl::ZeroDuration()).ok()) std::abort();
      if (!rounds_.behind()) break;
    }
    const auto answer = reports_.GetOutcomeReport(
        Parse<v1::GetOutcomeReportRequest>("parent: 'regions/13' " + more), Caller());
    EXPECT_THAT(answer, IsOk());
    return answer.ok() ? *answer : v1::GetOutcomeReportResponse();
  }

  app::CallContext Caller() const {
    return {.principal = access::LocalOperator(),
            .deadline = bureau_.app.clock.Now() + absl::Seconds(5)};
  }

  static std::string Show(const v1::ChannelOutcome& channel) {
    std::string text = absl::StrCat("created ", channel.created(), ", at work ", channel.at_work());
    for (const v1::StateCount& reached : channel.reached()) {
      absl::StrAppend(&text, ", ", app::WordOf(reached.state()), " ", reached.referrals());
    }
    return text;
  }

  static std::vector<int64_t> Seekers(const v1::GetOutcomeReportResponse& report) {
    std::vector<int64_t> counts;
    for (const v1::SeekersByReferrals& row : report.seekers()) counts.push_back(row.seekers());
    return counts;
  }

  Bureau bureau_;
  app::CatalogueCodeBook codes_;
  live::SnapshotHolder holder_;
  live::FollowerRounds rounds_{
      {}, {*bureau_.app.store, codes_, bureau_.app.clock, bureau_.app.logger, holder_}};
  matcher::Ruleset ruleset_ = matcher::DefaultRuleset();
  app::OneRuleset rulesets_{ruleset_};
  LiveRegionPeople people_{holder_};
  app::Reports reports_{*bureau_.app.dependencies, people_, holder_, rulesets_};
};

TEST_F(OutcomeTest, TellsWhatBecameOfReferrals) {
  bureau_.app.clock.Advance(4 * app::kDay);
  ASSERT_THAT(bureau_.Create("r1", "wang", "one"), IsOk());
  bureau_.Steps("r1", {app::kInterview, app::kHire, app::kOnboard});
  ASSERT_THAT(bureau_.Create("r2", "li", "one"), IsOk());
  bureau_.Steps("r2", {app::kInterview});
  const v1::GetOutcomeReportResponse report = Outcome();
  ASSERT_EQ(report.channels_size(), 1);
  EXPECT_EQ(Show(report.channels(0)),
            "created 2, at work 1, REFERRED 2, INTERVIEWED 2, HIRED 1, ONBOARD 1");
  EXPECT_EQ(report.channels(0).hires_timed(), 1);
  EXPECT_NEAR(report.channels(0).days_to_hire_p50(), 4, 0.01);
  ASSERT_EQ(report.employers_size(), 1);
  EXPECT_EQ(report.employers(0).employer(), "regions/13/employers/e");
  EXPECT_EQ(report.employers(0).relocated_hired(), 1);
  EXPECT_EQ(report.employers(0).relocated_kept(), 0);
  EXPECT_EQ(report.overdue_follow_ups(), 0);
  bool relocated = false;
  for (const v1::GroupOutcome& group : report.groups()) {
    if (group.group() != v1::GROUP_RELOCATED) continue;
    relocated = true;
    EXPECT_EQ(group.created(), 2);
    EXPECT_EQ(group.hired(), 1);
  }
  EXPECT_TRUE(relocated);
  // Wang works. Li has had one referral, zhao and sun none.
  EXPECT_THAT(Seekers(report), ElementsAre(2, 1, 0, 0));

  bureau_.app.clock.Advance(8 * app::kDay);
  EXPECT_EQ(Outcome().overdue_follow_ups(), 1);
  bureau_.app.clock.Advance(90 * app::kDay);
  bureau_.Steps("r1", {v1::REFERRAL_EVENT_STABILISE});
  EXPECT_EQ(Outcome().employers(0).relocated_kept(), 1);
}

TEST_F(OutcomeTest, CountsWhatFallsInTheDaysAskedFor) {
  ASSERT_THAT(bureau_.Create("r1", "wang", "one"), IsOk());
  const std::string first = absl::FormatCivilTime(Today(bureau_.app.clock));
  bureau_.app.clock.Advance(2 * app::kDay);
  const std::string third = absl::FormatCivilTime(Today(bureau_.app.clock));
  bureau_.Steps("r1", {app::kInterview, app::kHire});
  EXPECT_EQ(Show(Outcome(absl::StrCat("until_date: '", first, "'")).channels(0)),
            "created 1, at work 0, REFERRED 1");
  EXPECT_EQ(Show(Outcome(absl::StrCat("from_date: '", third, "'")).channels(0)),
            "created 0, at work 0, INTERVIEWED 1, HIRED 1");
}

// Pages of one record, and a change after each.
TEST_F(OutcomeTest, IsOfOneRevisionWhateverHappensMeanwhile) {
  ASSERT_THAT(bureau_.Create("r1", "wang", "one"), IsOk());
  ASSERT_THAT(bureau_.Create("r3", "li", "two"), IsOk());
  ASSERT_THAT(bureau_.Create("r5", "zhao", "two"), IsOk());
  const std::vector<std::function<void()>> changes = {
      [] {}, [&] { ASSERT_THAT(bureau_.Step("r1", app::kInterview), IsOk()); },
      [&] { ASSERT_THAT(bureau_.Create("r0", "sun", "one"), IsOk()); },
      [&] { ASSERT_THAT(bureau_.Step("r3", app::kInterview), IsOk()); }};
  size_t next = 0;
  app::CallContext caller = Caller();
  caller.cancelled = [&] {
    if (next < changes.size()) changes[next++]();
    return false;
  };
  const app::OutcomeQuestion question{.region = bureau_.region,
                                      .from = absl::CivilDay(1970, 1, 1),
                                      .until = Today(bureau_.app.clock),
                                      .max_employers = 10,
                                      .rulesets = rulesets_,
                                      .today = Today(bureau_.app.clock),
                                      .page = 1};
  auto moving = app::OutcomeReport::Read(question, *bureau_.app.dependencies, caller);
  ASSERT_THAT(moving, IsOk());
  auto resting = app::OutcomeReport::Read(question, *bureau_.app.dependencies, Caller());
  ASSERT_THAT(resting, IsOk());
  static_cast<void>(Outcome());  // Follows.
  const auto world = app::MatchWorldSource(holder_).Current();
  const app::AgesOn ages{.age = ruleset_.age, .today = Today(bureau_.app.clock)};
  // The first two changes were made between pages, behind the cursor; the third after the last one.
  EXPECT_EQ(next, changes.size());
  EXPECT_EQ(Show(moving->Tell(*world, {}, ages, Caller()).channels(0)),
            "created 4, at work 0, REFERRED 4, INTERVIEWED 1");
  EXPECT_EQ(Show(resting->Tell(*world, {}, ages, Caller()).channels(0)),
            "created 4, at work 0, REFERRED 4, INTERVIEWED 2");
}

TEST_F(OutcomeTest, ComplianceTellsLostSeatsAndLowPay) {
  const auto list = [&](const std::string& more) {
    const auto answer = reports_.ListPostingCompliance(
        Parse<v1::ListPostingComplianceRequest>("parent: 'regions/13' " + more), Caller());
    EXPECT_THAT(answer, IsOk());
    return answer.ok() ? *answer : v1::ListPostingComplianceResponse();
  };
  bureau_.AddPosting("kept", "openings: 3 reserved { count: 1 }");
  bureau_.judge.of_reserved_group.insert("regions/13/candidates/wang");
  ASSERT_THAT(bureau_.Create("r1", "wang", "kept"), IsOk());
  const v1::ListPostingComplianceResponse all = list("");
  ASSERT_EQ(all.postings_size(), 2);
  EXPECT_EQ(all.postings(0).posting(), "regions/13/postings/kept");
  EXPECT_TRUE(all.postings(0).compliant());
  EXPECT_EQ(all.postings(0).held_by_group(), 1);
  EXPECT_EQ(all.postings(0).reserved_group(), v1::GROUP_RELOCATED);
  const v1::PostingCompliance& relief = all.postings(1);
  EXPECT_FALSE(relief.compliant());
  EXPECT_EQ(relief.labour_pay_percent(), 29);
  EXPECT_EQ(relief.labour_pay_percent_asked(), 30);
  EXPECT_EQ(relief.reserved_lost(), 0);

  bureau_.Update("posting", "postings/relief", "filled_openings: 3");
  EXPECT_EQ(list("only_failing: true").postings(0).reserved_lost(), 1);
  const v1::ListPostingComplianceResponse first = list("page_size: 1");
  ASSERT_EQ(first.postings_size(), 1);
  const v1::ListPostingComplianceResponse second =
      list(absl::StrCat("page_size: 1 page_token: '", first.next_page_token(), "'"));
  ASSERT_EQ(second.postings_size(), 1);
  EXPECT_EQ(second.postings(0).posting(), "regions/13/postings/relief");
  EXPECT_THAT(second.next_page_token(), IsEmpty());
}

}  // namespace
}  // namespace leye
