// What is found out about postings: a labelled sample of notices, each rule beside what it must not
// take for itself, and which parameters of a ruleset change what.
#include "services/app/posting_lint.h"

#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "google/protobuf/util/json_util.h"
#include "gtest/gtest.h"

#include "services/app/ruleset_codec.h"
#include "tests/services/app/app_fixture.h"
#include "tests/testing/status_matchers.h"

namespace leye::app {
namespace {

using testing::IsOk;

// Nothing is wrong with it.
v1::Posting Sound(const std::string& more) {
  auto posting = Parse<v1::Posting>(R"(
      employer: 'regions/13/employers/e' title: '缝纫工' openings: 5 enterprise {}
      place { division_code: '130723' address: '怡安社区' location { latitude: 41.8 longitude: 114.6 } }
      conditions { ages { min_years: 18 max_years: 55 } } apply_from: '2026-10-01'
      pay { unit: PAY_UNIT_MONTH min_yuan: 3000 max_yuan: 4000 })");
  EXPECT_TRUE(google::protobuf::TextFormat::MergeFromString(more, &posting)) << more;
  return posting;
}

matcher::Ruleset Default() { return matcher::DefaultRuleset(); }

std::vector<v1::LintFinding> FindingsOf(const v1::Posting& posting,
                                        const matcher::Ruleset& rules = Default(),
                                        const std::string& twin = "") {
  const auto lint = PostingLint::Make(std::make_shared<const matcher::Ruleset>(rules),
                                      absl::CivilDay(2026, 11, 27));
  EXPECT_THAT(lint.status(), IsOk());
  return lint->Find(posting, twin);
}

// "BAIT title, SEX_LIMIT pay.text".
std::string Told(const std::vector<v1::LintFinding>& findings) {
  return absl::StrJoin(findings, ", ", [](std::string* out, const v1::LintFinding& finding) {
    absl::StrAppend(out, v1::LintCode_Name(finding.code()).substr(10), " ", finding.field());
  });
}

struct Notice {
  const char* more;  // Over Sound.
  const char* found;
};

// Invented notices, each with what must be found in it; what must not be found stands beside it.
constexpr Notice kNotices[] = {
    {"", ""},
    // What must be said.
    {"conditions { ages { min_years: 16 } }", ""},
    {"pay { text: '面议' }", ""},
    {"openings_text: '若干'", ""},
    // Sex.
    {"conditions { sex_limit: SEX_FEMALE }", "SEX_LIMIT conditions.sex_limit"},
    {"original_text: '缝纫工5名，限女性，45岁以下'", "SEX_LIMIT original_text"},
    {"original_text: '缝纫工5名，只 招 女 工'", "SEX_LIMIT original_text"},
    {"original_text: '缝纫工5名，不限男女'", ""},
    {"original_text: '男女不限，夫妻优先'", ""},
    {"title: '女装缝纫工'", ""},
    {"conditions { sex_limit: SEX_MALE } hazards: HAZARD_MINE", ""},
    {"conditions { sex_limit: SEX_MALE } intensity: LABOUR_INTENSITY_VERY_HEAVY", ""},
    {"conditions { sex_limit: SEX_MALE } intensity: LABOUR_INTENSITY_HEAVY",
     "SEX_LIMIT conditions.sex_limit"},
    {"conditions { sex_limit: SEX_FEMALE } hazards: HAZARD_MINE", "SEX_LIMIT conditions.sex_limit"},
    // Ethnic groups.
    {"original_text: '保安2名，限汉族'", "ETHNIC_LIMIT original_text"},
    {"original_text: '不招少数民族'", "ETHNIC_LIMIT original_text"},
    {"original_text: '各民族群众均可报名'", ""},
    {"place { address: '围场满族蒙古族自治县阳光家园' }", ""},
    // Residence.
    {"conditions { residence_division_codes: '130723' }",
     "RESIDENCE_LIMIT conditions.residence_division_codes"},
    {"original_text: '外地人勿扰'", "RESIDENCE_LIMIT original_text"},
    {"public_welfare { kind: PUBLIC_WELFARE_KIND_CLEANING } "
     "conditions { residence_division_codes: '130723' } original_text: '限本县户籍'",
     ""},
    {"original_text: '户籍不限'", ""},
    // Bait.
    {"title: '高薪诚聘缝纫工'", "BAIT title"},
    {"title: '高 薪 急 招'", "BAIT title"},
    {"original_text: '考試保錄，內部名額'", "BAIT original_text"},
    {"pay { text: '轻松月入过万' }", "BAIT pay.text"},
    {"original_text: '本岗位非高薪，按劳取酬'", ""},
    {"original_text: '本单位不承诺保录'", ""},
    {"original_text: '薪资高于同行'", ""},
    // Loans and money.
    {"original_text: '入职先办培训贷，学费从工资扣'", "TRAINING_LOAN original_text"},
    {"benefits { text: '需交押金300元' }", "TRAINING_LOAN benefits.text"},
    {"original_text: '免费培训，严禁培训贷'", ""},
    {"original_text: '不收取押金，无需交服装费'", ""},
    {"original_text: '可协助申请创业担保贷款'", ""},
    // Pay.
    {"pay { min_yuan: 1799 }", "BELOW_MINIMUM_WAGE pay"},
    {"pay { min_yuan: 1800 }", ""},
    {"pay { min_yuan: 17.5 max_yuan: 20 unit: PAY_UNIT_HOUR }", "BELOW_MINIMUM_WAGE pay"},
    {"pay { min_yuan: 18 max_yuan: 20 unit: PAY_UNIT_HOUR }", ""},
    {"pay { min_yuan: 17 max_yuan: 20 unit: PAY_UNIT_HOUR } schedule { form: WORK_FORM_FULL_TIME }",
     ""},
    {"pay { min_yuan: 80 max_yuan: 90 unit: PAY_UNIT_DAY }", "BELOW_MINIMUM_WAGE pay"},
    {"pay { min_yuan: 80 max_yuan: 90 unit: PAY_UNIT_DAY } schedule { max_hours_per_day: 4 }", ""},
    {"pay { min_yuan: 60 max_yuan: 90 unit: PAY_UNIT_DAY } schedule { max_hours_per_day: 4 }",
     "BELOW_MINIMUM_WAGE pay"},
    {"pay { min_yuan: 800 max_yuan: 900 } schedule { form: WORK_FORM_PART_TIME }", ""},
    {"pay { min_yuan: 800 max_yuan: 900 } schedule { form: WORK_FORM_PART_TIME "
     "min_hours_per_month: 60 }",
     "BELOW_MINIMUM_WAGE pay"},
    {"pay { min_yuan: 2000 max_yuan: 2000 } schedule { min_hours_per_month: 160 }", ""},
    {"pay { min_yuan: 20000 max_yuan: 30000 unit: PAY_UNIT_YEAR }", "BELOW_MINIMUM_WAGE pay"},
    {"pay { min_yuan: 22000 max_yuan: 30000 unit: PAY_UNIT_YEAR }", ""},
    {"pay { trial_monthly_yuan: 1500 }", "BELOW_MINIMUM_WAGE pay"},
    {"public_welfare { kind: PUBLIC_WELFARE_KIND_CLEANING } pay { min_yuan: 600 max_yuan: 600 }",
     ""},
    {"public_welfare { kind: PUBLIC_WELFARE_KIND_CLEANING urban: true } "
     "pay { min_yuan: 600 max_yuan: 600 }",
     "BELOW_MINIMUM_WAGE pay"},
    {"place { division_code: '440106' } pay { min_yuan: 100 }", ""},  // Not in the ruleset.
    // Work for relief.
    {"work_for_relief { project: '示例' central_funds_yuan: 1000 labour_pay_yuan: 290 }",
     "LABOUR_PAY_SHARE work_for_relief"},
    {"work_for_relief { project: '示例' central_funds_yuan: 1000 labour_pay_yuan: 300 }", ""},
    {"work_for_relief { project: '示例' labour_pay_percent: 16 } apply_from: '2022-10-01'", ""},
    {"work_for_relief { project: '示例' labour_pay_percent: 14 } apply_from: '2022-10-01'",
     "LABOUR_PAY_SHARE work_for_relief"},
    {"work_for_relief { project: '示例' } required_skills { skills { skill: 'skills/welding-arc' } "
     "}",
     "SKILL_GATE required_skills"},
    {"work_for_relief { project: '示例' } required_skills { skills { skill: 'skills/welding-arc' } "
     "} "
     "hazards: HAZARD_DANGEROUS",
     ""},
    {"work_for_relief { project: '示例' } conditions { min_education: EDUCATION_COLLEGE }",
     "SKILL_GATE conditions.min_education"},
    {"required_skills { skills { skill: 'skills/welding-arc' } }", ""},  // On the market.
    // Several at once.
    {"title: '高薪缝纫工' conditions { sex_limit: SEX_FEMALE } pay { min_yuan: 1000 }",
     "SEX_LIMIT conditions.sex_limit, BAIT title, BELOW_MINIMUM_WAGE pay"},
};

TEST(PostingLint, FindsWhatTheSampleIsLabelledWith) {
  for (const Notice& notice : kNotices) {
    EXPECT_EQ(Told(FindingsOf(Sound(notice.more))), notice.found) << notice.more;
  }
}

// The sample that people meet first shows flags, and nothing that keeps a posting back.
TEST(PostingLint, TheShippedSampleIsPublished) {
  std::ifstream in(
      absl::StrCat(getenv("LEYE_SOURCE_DIR"), "/deploy/sample/hebei-small/postings.jsonl"));
  int read = 0;
  int flags = 0;
  for (std::string line; std::getline(in, line); ++read) {
    v1::Posting posting;
    ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(line, &posting).ok()) << line;
    for (const v1::LintFinding& finding : FindingsOf(posting)) {
      EXPECT_EQ(finding.severity(), v1::LINT_SEVERITY_FLAG)
          << posting.name() << " " << finding.ShortDebugString();
      ++flags;
    }
  }
  EXPECT_EQ(read, 300);
  EXPECT_GT(flags, 0);
}

TEST(PostingLint, MissesWhatMustBeSaid) {
  v1::Posting posting = Sound("");
  posting.clear_conditions();
  posting.clear_pay();
  posting.clear_apply_from();
  EXPECT_EQ(Told(FindingsOf(posting)),
            "MISSING_CONDITIONS conditions, MISSING_PAY pay, MISSING_VALIDITY apply_until");
  posting.set_original_text("见公告");
  posting.mutable_public_welfare()->set_monthly_subsidy_yuan(500);
  posting.mutable_schedule()->set_term_months(12);
  EXPECT_EQ(Told(FindingsOf(posting)), "");
}

TEST(PostingLint, ATwinIsADuplicate) {
  const auto findings = FindingsOf(Sound(""), Default(), "regions/13/postings/first");
  ASSERT_EQ(Told(findings), "DUPLICATE title");
  EXPECT_EQ(findings[0].evidence(), "regions/13/postings/first");
}

TEST(PostingLint, SaysWhatItRestsOnAndWhatShowsIt) {
  const auto findings = FindingsOf(Sound("title: '高薪缝纫工' pay { min_yuan: 1500 }"));
  ASSERT_EQ(findings.size(), 2u);
  EXPECT_EQ(findings[0].evidence(), "高薪");
  EXPECT_EQ(findings[0].severity(), v1::LINT_SEVERITY_HOLDING);
  EXPECT_EQ(findings[0].ruleset(), "rulesets/hebei-2026");
  EXPECT_FALSE(findings[0].source().empty());
  EXPECT_EQ(findings[1].evidence(), "1500 < 1800 元/月");
}

TEST(PostingLint, EveryCodeRestsOnSomething) {
  for (int i = 0; i < matcher::kEnumCount<matcher::LintCode>; ++i) {
    EXPECT_FALSE(Default().lint.SourceOf(static_cast<matcher::LintCode>(i)).empty()) << i;
  }
}

// The same notice under another ruleset.
TEST(PostingLint, TheParametersAreTheRulesets) {
  const v1::Posting low = Sound("pay { min_yuan: 2100 } title: '高薪缝纫工'");
  matcher::Ruleset rules = Default();
  rules.lint.off = {matcher::LintCode::kBait};
  EXPECT_EQ(Told(FindingsOf(low, rules)), "");
  // The county is of the first class: narrower places go before wider ones, in any order.
  rules.lint.minimum_wages.insert(rules.lint.minimum_wages.begin(),
                                  {.division = matcher::DivisionCode::FromNumber(130723),
                                   .monthly_yuan = 2200,
                                   .hourly_fen = 2200});
  EXPECT_EQ(Told(FindingsOf(low, rules)), "BELOW_MINIMUM_WAGE pay");
  rules.lint.holding = {};
  EXPECT_EQ(FindingsOf(low, rules)[0].severity(), v1::LINT_SEVERITY_FLAG);
  rules.lint.bait_words = {"缝纫"};
  rules.lint.off = {};
  EXPECT_EQ(FindingsOf(low, rules)[0].evidence(), "缝纫");
}

TEST(PostingLint, ARulesetThatMakesNoSenseIsRefusedWhereItIs) {
  matcher::Ruleset rules = Default();
  Violations violations;
  ApplyRuleset(Parse<v1::Ruleset>(R"(lint {
      blocking { codes: LINT_CODE_BAIT } bait_words { words: '' }
      minimum_wages { wages { division_code: '130000' monthly_yuan: 0 hourly_fen: 1800 } }
      labour_pay_shares { shares { from_year: 2023 percent: 30 } shares { from_year: 2020 percent: 101 } }
      })"),
               "ruleset", rules, violations);
  std::vector<std::string> fields;
  for (const Violation& violation : violations.all()) fields.push_back(violation.field);
  EXPECT_THAT(fields,
              ::testing::UnorderedElementsAre("ruleset.lint.holding", "ruleset.lint.bait_words",
                                              "ruleset.lint.minimum_wages.wages[0].monthly_yuan",
                                              "ruleset.lint.labour_pay_shares.shares[1].from_year",
                                              "ruleset.lint.labour_pay_shares.shares[1].percent"));
}

}  // namespace
}  // namespace leye::app
