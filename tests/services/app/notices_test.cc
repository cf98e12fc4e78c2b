// SuggestFromNotice: what becomes of what the reader of notices finds.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "leye/v1/notice.pb.h"
#include "tests/services/app/app_fixture.h"
#include "tests/testing/status_matchers.h"

namespace leye::app {
namespace {

using ::leye::testing::StatusIs;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

// `posting` and `more` of the request are protobuf text.
v1::NoticeSuggestions Suggest(const App& app, const std::string& posting,
                              const std::string& more = "") {
  const Answer answer = app.Call(
      "SuggestFromNotice", absl::StrCat("parent: 'regions/13' postings { ", posting, " } ", more));
  EXPECT_TRUE(answer.ok()) << answer.status;
  if (!answer.ok()) return {};
  return dynamic_cast<const v1::SuggestFromNoticeResponse&>(*answer.response).postings(0);
}

std::vector<std::string> SuggestedFields(const v1::NoticeSuggestions& read) {
  std::vector<std::string> fields;
  for (const v1::NoticeSuggestion& said : read.suggestions()) fields.push_back(said.field());
  return fields;
}

v1::Posting MergedOf(const v1::NoticeSuggestions& read) {
  v1::Posting posting;
  for (const v1::NoticeSuggestion& said : read.suggestions()) posting.MergeFrom(said.value());
  return posting;
}

std::vector<v1::LintCode> CodesOf(const v1::NoticeSuggestions& read) {
  std::vector<v1::LintCode> codes;
  for (const v1::LintFinding& finding : read.findings()) codes.push_back(finding.code());
  return codes;
}

TEST(Notices, AreSuggestedAsFieldsOfAPosting) {
  const App app;
  const v1::NoticeSuggestions read =
      Suggest(app,
              "original_text: '招聘焊工2-3人，18-50周岁，初中以上，持焊工证，月薪6000元起，"
              "合同期一年，包吃住，每户限1人，其中1个名额定向招聘搬迁群众，脱贫户优先'");
  const v1::Posting expected = Parse<v1::Posting>(R"pb(
    trade_code: "6-18-02-04"
    openings: 2
    max_openings: 3
    reserved { count: 1 group: GROUP_RELOCATED }
    required_certificates: "skills/cert-welding-thermal-cutting"
    conditions {
      ages { min_years: 18 max_years: 50 }
      min_education: EDUCATION_JUNIOR_SECONDARY
      household_cap: 1
      priority_order: GROUP_LIFTED_FROM_POVERTY
    }
    schedule { term_months: 12 }
    pay { min_yuan: 6000 unit: PAY_UNIT_MONTH text: "月薪6000元起" }
    benefits { meals: true lodging: true }
  )pb");
  EXPECT_EQ(MergedOf(read).DebugString(), expected.DebugString());
  EXPECT_EQ(read.suggestions(0).field(), "trade_code");
  EXPECT_EQ(read.suggestions(0).span().text(), "焊工");
}

TEST(Notices, WhatThePostingSaysIsNotSuggested) {
  const App app;
  const v1::NoticeSuggestions read =
      Suggest(app,
              "original_text: '18-50周岁，月薪6000元，每户限1人' enterprise {} "
              "conditions { ages { max_years: 45 } }");
  EXPECT_THAT(SuggestedFields(read),
              ElementsAre("pay"));  // A household's cap is of public welfare alone.
}

TEST(Notices, OfTwoMindsAreNotPutIntoThePostingThatIsLookedAt) {
  const App app;
  const v1::NoticeSuggestions read = Suggest(
      app, "original_text: '月薪3000元。月薪4000元。' apply_until: '2039-01-01' enterprise {}");
  EXPECT_THAT(SuggestedFields(read), ElementsAre("pay", "pay"));
  EXPECT_TRUE(read.suggestions(0).contradicted());
  EXPECT_THAT(CodesOf(read), Contains(v1::LINT_CODE_MISSING_PAY));
  EXPECT_THAT(CodesOf(Suggest(app, "original_text: '月薪3000元。' apply_until: '2039-01-01'")),
              IsEmpty());
}

TEST(Notices, ASexIsSuggestedOnlyWhereTheLawHasIt) {
  const App app;
  const std::string text = "original_text: '限男性，月薪6000元' apply_until: '2039-01-01'";
  const v1::NoticeSuggestions open = Suggest(app, text);
  EXPECT_THAT(SuggestedFields(open), Not(Contains("conditions.sex_limit")));
  EXPECT_THAT(CodesOf(open), Contains(v1::LINT_CODE_SEX_LIMIT));
  const v1::NoticeSuggestions mine = Suggest(app, absl::StrCat(text, " hazards: HAZARD_MINE"));
  EXPECT_THAT(SuggestedFields(mine), Contains("conditions.sex_limit"));
  EXPECT_THAT(CodesOf(mine), IsEmpty());
}

constexpr char kTwoPosts[] =
    "original_text: "
    "'招聘电焊工2名，月薪6000元，限男性；保安3名，月薪4000元，45岁以下；18-55岁，包吃住' "
    "apply_until: '2039-01-01' ";

std::vector<std::string> PostFields(const v1::NoticePost& post) {
  std::vector<std::string> fields;
  for (const v1::NoticeSuggestion& said : post.suggestions()) fields.push_back(said.field());
  return fields;
}

TEST(Notices, OfSeveralPostsAreSuggestedPostByPost) {
  const App app;
  const v1::NoticeSuggestions read = Suggest(app, kTwoPosts);
  EXPECT_THAT(SuggestedFields(read),
              ElementsAre("conditions.ages", "benefits.meals", "benefits.lodging"));
  ASSERT_EQ(read.posts_size(), 2);
  EXPECT_EQ(read.posts(0).title(), "电焊工");
  EXPECT_EQ(read.posts(0).span().text(), "招聘电焊工2名，月薪6000元，限男性；");
  // A sex is for the lint here too.
  EXPECT_THAT(PostFields(read.posts(0)), ElementsAre("trade_code", "openings", "pay"));
  EXPECT_EQ(read.posts(0).findings(0).code(), v1::LINT_CODE_SEX_LIMIT);
  EXPECT_THAT(PostFields(read.posts(1)),
              ElementsAre("trade_code", "openings", "conditions.ages", "pay"));
  EXPECT_EQ(read.posts(1).findings_size(), 0);
  for (const v1::NoticePost& post : read.posts()) {
    for (const v1::NoticeSuggestion& said : post.suggestions()) EXPECT_FALSE(said.contradicted());
  }
}

// A bureau's list repeats the notice in the row of each post.
TEST(Notices, OfSeveralPostsGiveAPostingThatIsOneOfThemWhatIsItsOwn) {
  const App app;
  for (const char* which :
       {"title: '急招保安（夜班）'", "title: '招聘' trade_code: '4-07-05-01'"}) {
    const v1::NoticeSuggestions read = Suggest(app, absl::StrCat(kTwoPosts, which));
    EXPECT_EQ(read.posts_size(), 0) << which;
    const v1::Posting merged = MergedOf(read);
    EXPECT_EQ(merged.openings(), 3) << which;
    EXPECT_EQ(merged.pay().min_yuan(), 4000) << which;
    ASSERT_EQ(merged.conditions().ages_size(), 1) << which;
    EXPECT_EQ(merged.conditions().ages(0).max_years(), 45) << which;
    EXPECT_TRUE(merged.benefits().lodging()) << which;
  }
  EXPECT_EQ(Suggest(app, absl::StrCat(kTwoPosts, "title: '保安、电焊工'")).posts_size(), 2);
  EXPECT_EQ(Suggest(app, absl::StrCat(kTwoPosts, "title: '保洁员'")).posts_size(), 2);
}

TEST(Notices, LessSureSuggestionsAreTheCallersChoice) {
  const App app;
  const std::string posting = "original_text: '月薪3000元。月薪4000元。一年期合同'";
  EXPECT_THAT(SuggestedFields(Suggest(app, posting)),
              ElementsAre("schedule.term_months", "pay", "pay"));
  EXPECT_THAT(SuggestedFields(Suggest(app, posting, "min_confidence_percent: 60")),
              ElementsAre("schedule.term_months"));
}

TEST(Notices, AreCheckedAllAtOnce) {
  const App app;
  EXPECT_EQ(app.Call("SuggestFromNotice", "").Fault(), "INVALID_FIELDS: parent, postings");
  const std::string longest(20'000, 'a');
  EXPECT_TRUE(app.Call("SuggestFromNotice", absl::StrCat("parent: 'regions/13' postings { "
                                                         "original_text: '",
                                                         longest, "' }"))
                  .ok());
  EXPECT_EQ(app.Call("SuggestFromNotice",
                     absl::StrCat("parent: 'regions/13' postings {} postings { original_text: '",
                                  longest, "a' } min_confidence_percent: 100"))
                .Fault(),
            "INVALID_FIELDS: min_confidence_percent, postings[0].original_text, "
            "postings[1].original_text");
}

TEST(Notices, AreReadOnlyWhileSomebodyWaits) {
  const App app;
  v1::SuggestFromNoticeRequest request;
  request.set_parent("regions/13");
  request.add_postings()->set_original_text("招聘焊工");
  CallContext context = app.Caller();
  context.cancelled = [] { return true; };
  EXPECT_THAT(app.notices->SuggestFromNotice(request, context),
              StatusIs(absl::StatusCode::kCancelled));
}

}  // namespace
}  // namespace leye::app
