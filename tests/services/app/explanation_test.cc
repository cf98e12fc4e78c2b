// Words for everything the matcher can say, in both languages.
#include "services/app/explanation.h"

#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "leye/v1/match.pb.h"
#include "services/app/explanation_findings.h"
#include "tests/services/app/app_fixture.h"

namespace leye::app {
namespace {

using matcher::Cause;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr Language kLanguages[] = {Language::kChinese, Language::kEnglish};

std::string Say(const matcher::Finding& finding, Language language = Language::kChinese) {
  return FindingText(finding, TestCatalogue(), language);
}

matcher::SkillId Skill(absl::string_view name) { return *TestCatalogue().FindSkill(name); }

template <typename E>
void ExpectAllNamed() {
  std::set<std::string> seen[2];
  for (int i = 0; i < matcher::kEnumCount<E>; ++i) {
    for (const Language language : kLanguages) {
      const std::string word(WordOf(static_cast<E>(i), language));
      EXPECT_FALSE(word.empty()) << i;
      EXPECT_TRUE(seen[static_cast<int>(language)].insert(word).second) << word;
    }
  }
}

TEST(Words, EveryEnumeratorHasItsOwnInBothLanguages) {
  ExpectAllNamed<matcher::Education>();
  ExpectAllNamed<matcher::LabourClass>();
  ExpectAllNamed<matcher::DisabilityKind>();
  ExpectAllNamed<matcher::Group>();
  ExpectAllNamed<matcher::HouseholdExclusion>();
  ExpectAllNamed<matcher::Channel>();
  ExpectAllNamed<matcher::PublicWelfareKind>();
  ExpectAllNamed<matcher::Shift>();
  ExpectAllNamed<matcher::WorkForm>();
  ExpectAllNamed<matcher::Hazard>();
  ExpectAllNamed<matcher::RuleId>();
  ExpectAllNamed<matcher::Criterion>();
}

// A placeholder that the table does not fill would read as a hole in the sentence.
TEST(Findings, EveryTemplateNamesExactlyTheNumbersItsTableFills) {
  const auto names = [](absl::string_view text, absl::string_view placeholder) {
    return text.find(placeholder) != absl::string_view::npos;
  };
  for (int i = 0; i < matcher::kEnumCount<Cause>; ++i) {
    const FindingTemplate& sentence = TemplateOf(static_cast<Cause>(i));
    SCOPED_TRACE(std::string(matcher::CauseName(static_cast<Cause>(i))));
    for (const Language language : kLanguages) {
      const absl::string_view text = sentence.words.In(language);
      EXPECT_FALSE(text.empty());
      EXPECT_EQ(names(text, "{asked}"), sentence.asked != NumberForm::kNone);
      EXPECT_EQ(names(text, "{had}"), sentence.had != NumberForm::kNone);
      EXPECT_EQ(names(text, "{subject}"), sentence.subject != NumberForm::kNone);
    }
  }
}

TEST(Findings, EveryCauseIsASentenceWithAndWithoutNumbers) {
  for (int i = 0; i < matcher::kEnumCount<Cause>; ++i) {
    const auto cause = static_cast<Cause>(i);
    SCOPED_TRACE(std::string(matcher::CauseName(cause)));
    for (const Language language : kLanguages) {
      for (const int64_t number : {int64_t{0}, int64_t{1}, int64_t{3}}) {
        const std::string text =
            Say({.rule = {}, .cause = cause, .asked = number, .had = number, .subject = number},
                language);
        EXPECT_FALSE(text.empty());
        EXPECT_THAT(text, Not(HasSubstr("{")));
      }
      EXPECT_FALSE(
          Say({.rule = {}, .cause = cause, .asked = {}, .had = {}, .subject = {}}, language)
              .empty());
    }
  }
}

TEST(Findings, SpeakWithTheNumbers) {
  EXPECT_EQ(
      Say({.rule = {}, .cause = Cause::kAboveAgeRange, .asked = 60, .had = 61, .subject = {}}),
      "已满 61 岁，超过岗位上限 60 岁");
  EXPECT_EQ(Say({.rule = {},
                 .cause = Cause::kBeyondPostingRadius,
                 .asked = 30'000,
                 .had = 41'260,
                 .subject = {}},
                Language::kEnglish),
            "41.3 km away; the posting takes people within 30.0 km");
  EXPECT_EQ(
      Say({.rule = {}, .cause = Cause::kProtectedIntensity, .asked = 3, .had = 4, .subject = {}},
          Language::kEnglish),
      "protective law allows work up to grade III, this is grade IV");
  const auto day = matcher::Day::FromCivil(2026, 6, 1).number();
  EXPECT_EQ(Say({.rule = {}, .cause = Cause::kNoConsent, .asked = {}, .had = day, .subject = {}}),
            "在 2026-06-01 没有有效的匹配授权");
}

TEST(Findings, NameSkillsAndLevels) {
  const int64_t welding = Skill("skills/welding-arc").value();
  EXPECT_EQ(Say({.rule = {},
                 .cause = Cause::kSkillLevelTooLow,
                 .asked = 3,
                 .had = 1,
                 .subject = welding}),
            "手工电弧焊 要求 3 级，本人 1 级");
  EXPECT_EQ(
      Say({.rule = {}, .cause = Cause::kSkillMissing, .asked = 3, .had = {}, .subject = welding}),
      "缺少技能：手工电弧焊（要求 3 级）");
  EXPECT_EQ(
      Say({.rule = {}, .cause = Cause::kSkillMissing, .asked = {}, .had = {}, .subject = welding}),
      "缺少技能：手工电弧焊");
  EXPECT_EQ(
      Say({.rule = {}, .cause = Cause::kPaperMissing, .asked = {}, .had = {}, .subject = 0xffff}),
      "缺少证照：目录外技能");
}

TEST(Findings, ListSets) {
  const matcher::ShiftSet asked = {matcher::Shift::kDay, matcher::Shift::kNight};
  EXPECT_EQ(Say({.rule = {},
                 .cause = Cause::kShiftsNotFree,
                 .asked = asked.bits(),
                 .had = 0,
                 .subject = {}}),
            "岗位班次为白班、夜班，本人只能上无");
}

// --- criteria ------------------------------------------------------------------------------------

struct CriteriaText : ::testing::Test {
  CriteriaText() {
    posting.channel = matcher::Channel::kEnterprise;
    fit.travel.distance = matcher::Kilometres::Of(3.24);
  }

  std::string Say(matcher::Criterion criterion, Language language = Language::kChinese) const {
    const Explainer explainer({.catalogue = TestCatalogue(),
                               .ruleset = ruleset,
                               .day = matcher::Day::FromCivil(2026, 6, 1)},
                              language);
    return explainer.Evidence(criterion, {.candidate = candidate,
                                          .household = household,
                                          .posting = posting,
                                          .fit = fit,
                                          .area_name = "怡安社区"});
  }

  matcher::Ruleset ruleset = matcher::DefaultRuleset();
  matcher::CandidateProfile candidate;
  matcher::HouseholdProfile household;
  matcher::PostingProfile posting;
  matcher::FitResult fit;
};

TEST_F(CriteriaText, EveryCriterionSpeaksOfABarePair) {
  for (int i = 0; i < matcher::kCriterionCount; ++i) {
    for (const Language language : kLanguages) {
      EXPECT_FALSE(Say(static_cast<matcher::Criterion>(i), language).empty()) << i;
    }
  }
}

TEST_F(CriteriaText, Distance) {
  EXPECT_EQ(Say(matcher::Criterion::kProximity), "距怡安社区 3.2 公里");
  EXPECT_EQ(Say(matcher::Criterion::kProximity, Language::kEnglish), "3.2 km from 怡安社区");
  fit.travel.distance = matcher::Kilometres::Of(812.7);
  EXPECT_EQ(Say(matcher::Criterion::kProximity), "距怡安社区 813 公里");
  fit.travel.minutes = 25;
  fit.travel.mode = matcher::TravelMode::kBus;
  EXPECT_EQ(Say(matcher::Criterion::kProximity), "距怡安社区 813 公里，乘公交单程 25 分钟");
  fit.travel.cost_fen = 450;
  EXPECT_EQ(Say(matcher::Criterion::kProximity, Language::kEnglish),
            "813 km from 怡安社区, 25 minutes one way by bus, 4.50 yuan");
  posting.home_based = true;
  EXPECT_EQ(Say(matcher::Criterion::kProximity), "在家工作，无需通勤");
}

TEST_F(CriteriaText, Skills) {
  matcher::SkillMatch match;
  match.asked = {.skill = Skill("skills/welding-arc"), .min_level = matcher::SkillLevel::Of(3)};
  match.held = {.skill = match.asked.skill, .level = matcher::SkillLevel::Of(4)};
  fit.skills = {match};
  EXPECT_EQ(Say(matcher::Criterion::kSkills), "手工电弧焊 要求 3 级，本人 4 级");
  EXPECT_EQ(Say(matcher::Criterion::kSkills, Language::kEnglish),
            "Shielded metal arc welding: level 3 asked, level 4 held");
  fit.skills[0].held->skill = Skill("skills/welding-tig");
  EXPECT_EQ(Say(matcher::Criterion::kSkills), "手工电弧焊 要求 3 级，本人会相近的 氩弧焊 4 级");
  fit.skills[0].held.reset();
  EXPECT_EQ(Say(matcher::Criterion::kSkills), "手工电弧焊 要求 3 级，本人不具备");
  fit.skills.assign(5, match);
  EXPECT_THAT(Say(matcher::Criterion::kSkills), HasSubstr("另有 2 项"));
}

TEST_F(CriteriaText, WageAndWaitingAndPriority) {
  posting.min_yuan_per_month = 3500;
  posting.max_yuan_per_month = 4500;
  candidate.wished_yuan_per_month = 4000;
  EXPECT_EQ(Say(matcher::Criterion::kWage), "月薪约 3500–4500 元，期望 4000 元");
  candidate.unemployed_since = matcher::Day::FromCivil(2025, 11, 1);
  EXPECT_EQ(Say(matcher::Criterion::kWaiting), "已待业 7 个月");
  household.able_members = 1;
  EXPECT_EQ(Say(matcher::Criterion::kPriority), "优先对象：零就业家庭");
}

// The API numbers rules and criteria as the matcher does, after UNSPECIFIED.
TEST(ApiNumbers, FollowTheMatchers) {
  const auto api_name = [](absl::string_view prefix, absl::string_view name) {
    std::string made = absl::StrCat(prefix, name);
    for (char& c : made) c = c == '-' ? '_' : c;
    return made;
  };
  EXPECT_EQ(v1::RuleId_ARRAYSIZE, matcher::kEnumCount<matcher::RuleId> + 1);
  for (int i = 0; i < matcher::kEnumCount<matcher::RuleId>; ++i) {
    EXPECT_EQ(v1::RuleId_Name(static_cast<v1::RuleId>(i + 1)),
              api_name("RULE_ID_", matcher::RuleName(static_cast<matcher::RuleId>(i))));
  }
  EXPECT_EQ(v1::CriterionKind_ARRAYSIZE, matcher::kCriterionCount + 1);
  for (int i = 0; i < matcher::kCriterionCount; ++i) {
    EXPECT_EQ(
        v1::CriterionKind_Name(static_cast<v1::CriterionKind>(i + 1)),
        api_name("CRITERION_KIND_", matcher::CriterionName(static_cast<matcher::Criterion>(i))));
  }
}

}  // namespace
}  // namespace leye::app
