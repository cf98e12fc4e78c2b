#include "services/app/catalogue.h"

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/services/app/app_fixture.h"
#include "tests/testing/status_matchers.h"

namespace leye::app {
namespace {

using ::leye::testing::StatusIs;
using ::testing::HasSubstr;

TEST(Catalogue, TheBuiltInTablesAreThoseOfTheRepository) {
  const auto loaded =
      Catalogue::LoadDirectory(absl::StrCat(getenv("LEYE_SOURCE_DIR"), "/deploy/catalogue"));
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_EQ(loaded->skills_by_name().size(), TestCatalogue().skills_by_name().size());
  EXPECT_EQ(loaded->trades().size(), TestCatalogue().trades().size());
  EXPECT_GE(loaded->skills_by_name().size(), 120u);
  EXPECT_GE(loaded->matcher_catalogue().trade_count(), 1'600u);
}

TEST(Catalogue, NumbersNamesBothWays) {
  const auto id = TestCatalogue().FindSkill("skills/welding-arc");
  ASSERT_TRUE(id.has_value());
  EXPECT_EQ(TestCatalogue().skill(*id).display_name_zh(), "手工电弧焊");
  const auto trade = TestCatalogue().FindTrade("6-18-02-04");
  ASSERT_TRUE(trade.has_value());
  EXPECT_EQ(TestCatalogue().trade(*trade).code(), "6-18-02-04");
  EXPECT_FALSE(TestCatalogue().FindTrade("1-00-00-00").has_value());
  EXPECT_NE(TestCatalogue().FindTradeEntry("1-00-00-00"), nullptr);
  EXPECT_FALSE(TestCatalogue().FindSkill("skills/none").has_value());
}

TEST(Catalogue, TellsTheMatcherOfRelationsAndPapers) {
  const auto arc = *TestCatalogue().FindSkill("skills/welding-arc");
  const auto tig = *TestCatalogue().FindSkill("skills/welding-tig");
  const auto paper = *TestCatalogue().FindSkill("skills/cert-welding-thermal-cutting");
  const matcher::SkillCatalogue& matcher = TestCatalogue().matcher_catalogue();
  EXPECT_EQ(matcher.Relation(arc, tig).relation, matcher::SkillRelation::kSameTrade);
  EXPECT_EQ(matcher.skill(arc).operation_certificate, paper);
  EXPECT_TRUE(matcher.Covers(*TestCatalogue().FindSkill("skills/licence-driving-c1"),
                             *TestCatalogue().FindSkill("skills/licence-driving-b2")));
}

TEST(Catalogue, NamesEveryMistakeWithFileAndLine) {
  const auto loaded = Catalogue::Parse(
      {.trades = "level\tcode\tname_zh\tname_en\taliases\n"
                 "4\t6-18-02-04\t焊工\t\t\n4\t6-18-02-04\t焊工\t\t\n9\tx\t\t\t\n",
       .skills = "id\tkind\tname_zh\tname_en\ttrade_code\tmax_level\tspecial_operation\taliases\t"
                 "requires\tcovers\n"
                 "a\tskill\t焊\tweld\t6-99-99-99\t8\t0\t\tnone\t\nB\tx\t\t\t\t1\t0\t\t\t\nshort\n",
       .relations = "skill_a\tskill_b\n",
       .titles = "",
       .words = ""});
  ASSERT_THAT(loaded, StatusIs(absl::StatusCode::kInvalidArgument));
  for (const char* mistake :
       {"trades.tsv:3: the code 6-18-02-04 occurs twice", "trades.tsv:4: the level",
        "skills.tsv:2: trade 6-99-99-99 is not in trades.tsv", "skills.tsv:2: max_level",
        "skills.tsv:2: requires none", "skills.tsv:3: the kind", "skills.tsv:4: expected 10 cells",
        "relations.tsv:1: expected the header"}) {
    EXPECT_THAT(loaded.status().message(), HasSubstr(mistake));
  }
}

TEST(Catalogue, AMissingDirectoryIsNotFound) {
  EXPECT_THAT(Catalogue::LoadDirectory("/nowhere"), StatusIs(absl::StatusCode::kNotFound));
}

TEST(Skills, AreFoundByNamesAndAliasesBestFirst) {
  App app;
  const Answer found = app.Call("SearchSkills", "query: '电焊'");
  ASSERT_TRUE(found.ok()) << found.status;
  EXPECT_EQ(found.Text("matches.skill.name"), "skills/welding-arc");
  EXPECT_EQ(found.Text("matches.matched"), "电焊");
  EXPECT_EQ(app.Call("SearchSkills", "query: 'ARC welding'").Text("matches.skill.name"),
            "skills/welding-arc");
  EXPECT_EQ(app.Call("SearchSkills", "query: '工' page_size: 3").Size("matches"), 3);
  EXPECT_EQ(app.Call("SearchSkills", "query: '' page_size: 101").Fault(),
            "INVALID_FIELDS: page_size, query");
}

TEST(Skills, AreReadOutOfPhrases) {
  App app;
  const Answer read =
      app.Call("NormalizeSkills",
               "phrases: '急招高级电焊工3名（月薪6000-8000元），持C1驾照' phrases: '普 工'");
  ASSERT_TRUE(read.ok()) << read.status;
  EXPECT_EQ(read.Size("phrases"), 2);
  const auto& response = dynamic_cast<const v1::NormalizeSkillsResponse&>(*read.response);
  const v1::NormalizedPhrase& welder = response.phrases(0);
  ASSERT_EQ(welder.trades_size(), 1);
  EXPECT_EQ(welder.trades(0).code(), "6-18-02-04");
  EXPECT_EQ(welder.trades(0).display_name_zh(), "焊工");
  EXPECT_EQ(welder.trades(0).level(), 3);
  EXPECT_EQ(welder.trades(0).span().text(), "电焊工");
  EXPECT_EQ(welder.trades(0).span().begin_byte(), 12);
  EXPECT_EQ(welder.trades(0).span().end_byte(), 21);
  ASSERT_EQ(welder.skills_size(), 1);
  EXPECT_EQ(welder.skills(0).skill(), "skills/licence-driving-c1");
  ASSERT_EQ(welder.findings_size(), 3);
  EXPECT_EQ(welder.findings(0).kind(), v1::TEXT_FINDING_KIND_URGENCY);
  EXPECT_EQ(welder.findings(1).most(), 3);
  EXPECT_EQ(welder.findings(2).pay_unit(), v1::TEXT_PAY_UNIT_MONTH);
  EXPECT_EQ(welder.findings(2).least(), 6000);
  EXPECT_TRUE(response.phrases(1).no_trade_asked());
  EXPECT_TRUE(response.phrases(1).trades().empty());
}

TEST(Skills, OfLessSureTradesAreTheCallersChoice) {
  App app;
  EXPECT_EQ(app.Call("NormalizeSkills", "phrases: '空调工'").Text("phrases.trades.code"), "");
  EXPECT_EQ(app.Call("NormalizeSkills", "phrases: '空调工' min_confidence_percent: 50")
                .Text("phrases.trades.code"),
            "6-24-05-02");
}

TEST(Skills, PhrasesAreReadOnlyWhileSomebodyWaits) {
  App app;
  v1::NormalizeSkillsRequest request;
  for (int i = 0; i < 5; ++i) request.add_phrases("电焊工");
  CallContext context = app.Caller();
  int asked = 0;
  context.cancelled = [&asked] { return ++asked == 3; };
  EXPECT_THAT(app.skills->NormalizeSkills(request, context),
              StatusIs(absl::StatusCode::kCancelled));
  EXPECT_EQ(asked, 3);

  context = app.Caller();
  context.deadline = app.clock.Now() - absl::Milliseconds(1);
  EXPECT_THAT(app.skills->NormalizeSkills(request, context),
              StatusIs(absl::StatusCode::kDeadlineExceeded));
}

TEST(Skills, PhrasesAreCheckedAllAtOnce) {
  App app;
  EXPECT_EQ(app.Call("NormalizeSkills", "").Fault(), "INVALID_FIELDS: phrases");
  const std::string longest(1000, 'a');
  EXPECT_TRUE(app.Call("NormalizeSkills", absl::StrCat("phrases: '", longest, "'")).ok());
  EXPECT_EQ(app.Call("NormalizeSkills", absl::StrCat("phrases: '", longest,
                                                     "a' phrases: '' min_confidence_percent: 100"))
                .Fault(),
            "INVALID_FIELDS: min_confidence_percent, phrases[0]");
}

TEST(Skills, AreGotAndListed) {
  App app;
  EXPECT_EQ(app.Call("GetSkill", "name: 'skills/welding-arc'").Text("skill.trade_code"),
            "6-18-02-04");
  EXPECT_THAT(app.Call("GetSkill", "name: 'skills/none'").status,
              StatusIs(absl::StatusCode::kNotFound));
  EXPECT_EQ(app.Call("GetSkill", "name: 'x'").Fault(), "INVALID_FIELDS: name");
  EXPECT_EQ(app.Call("GetTrade", "name: 'trades/6-18-02-04'").Text("trade.level"), "4");
  EXPECT_THAT(app.Call("GetTrade", "name: 'trades/9-99-99-99'").status,
              StatusIs(absl::StatusCode::kNotFound));
  const Answer page = app.Call("ListSkills", "page_size: 2 filter: 'kind = SKILL_KIND_LICENCE'");
  EXPECT_EQ(page.Size("skills"), 2);
  const Answer next = app.Call(
      "ListSkills", absl::StrCat("page_size: 2 filter: 'kind = SKILL_KIND_LICENCE' page_token: '",
                                 page.Text("next_page_token"), "'"));
  EXPECT_LT(page.Text("skills.name"), next.Text("skills.name"));
  const Answer trades = app.Call("ListTrades", "filter: 'code : \"6-18-02\" AND level = 4'");
  EXPECT_GT(trades.Size("trades"), 1);
  EXPECT_EQ(trades.Text("trades.code").substr(0, 7), "6-18-02");
}

}  // namespace
}  // namespace leye::app
