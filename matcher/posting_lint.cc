#include "matcher/posting_lint.h"

namespace leye::matcher {
namespace {

// Postings must say these (人力资源市场暂行条例, art. 24): so says the law of all of them.
constexpr char kContents[] = "人力资源市场暂行条例 (2018), art. 24";

std::vector<LintSource> DefaultSources() {
  return {
      {LintCode::kMissingConditions, kContents},
      {LintCode::kMissingPay, kContents},
      {LintCode::kMissingValidity, "leye's own: what has no term never lapses"},
      {LintCode::kSexLimit, "就业促进法 (2007), art. 27; 妇女权益保障法 (2022), art. 43"},
      {LintCode::kEthnicLimit, "就业促进法 (2007), art. 28"},
      {LintCode::kResidenceLimit, "就业促进法 (2007), art. 31"},
      {LintCode::kBait, "网络招聘服务管理规定 (2020): postings are true and lawful"},
      {LintCode::kTrainingLoan, "劳动合同法 (2012), art. 9: no pledges, no money of workers"},
      {LintCode::kBelowMinimumWage, "河北省最低工资标准 from 2023-01-01; 劳动法 (1994), art. 48"},
      {LintCode::kDuplicate, "leye's own"},
      {LintCode::kLabourPayShare, "国家以工代赈管理办法 (2023)"},
      {LintCode::kSkillGate, "国家以工代赈管理办法 (2023)"}};
}

}  // namespace

const MinimumWage* LintParameters::MinimumWageOf(DivisionCode place) const {
  const MinimumWage* narrowest = nullptr;
  for (const MinimumWage& wage : minimum_wages) {
    if (!wage.division.Contains(place)) continue;
    if (narrowest == nullptr || narrowest->division.Contains(wage.division)) narrowest = &wage;
  }
  return narrowest;
}

std::optional<int> LintParameters::LabourPayPercentOf(int64_t year) const {
  std::optional<int> percent;
  for (const LabourPayShare& share : labour_pay_shares) {
    if (share.from_year <= year) percent = share.percent;
  }
  return percent;
}

const std::string& LintParameters::SourceOf(LintCode code) const {
  static const std::string& none = *new std::string;
  for (const LintSource& source : sources) {
    if (source.code == code) return source.source;
  }
  return none;
}

LintParameters DefaultLint() {
  LintParameters lint;
  lint.blocking = {LintCode::kMissingConditions, LintCode::kMissingPay, LintCode::kMissingValidity};
  lint.holding = {LintCode::kEthnicLimit, LintCode::kBait, LintCode::kTrainingLoan,
                  LintCode::kBelowMinimumWage};
  lint.sex_words = {"限男",     "限女",     "只招男",   "只招女",   "只要男",
                    "只要女",   "不招男",   "不招女",   "不要男",   "不要女",
                    "男士优先", "女士优先", "男性优先", "女性优先", "未婚未育"};
  lint.ethnic_words = {"限汉族",     "限汉人",       "只招汉族",     "只要汉族",    "汉族优先",
                       "少数民族勿", "少数民族除外", "不招少数民族", "不要少数民族"};
  lint.residence_words = {"限本地",     "限本县",   "限本市",   "限本省",   "本地户籍优先",
                          "本地人优先", "外地勿扰", "外地人勿", "不招外地", "不要外地"};
  lint.bait_words = {"高薪", "保录",     "包录",     "内部名额", "内部指标",
                     "稳赚", "日入过千", "月入过万", "轻松月入", "躺赚"};
  lint.training_loan_words = {"培训贷",     "贷款培训",   "培训贷款",   "学费贷款",
                              "贷款交",     "分期交学费", "分期付学费", "学费分期",
                              "培训费分期", "先交培训费", "交培训费",   "收取培训费",
                              "交押金",     "收取押金",   "交服装费",   "刷脸贷"};
  lint.denials = {"不",   "无",   "非",     "免",     "没有", "无需", "不用",   "拒绝",   "谨防",
                  "严禁", "杜绝", "不承诺", "不存在", "不得", "不需", "不需要", "无任何", "免于"};
  // The lowest class holds in every county of the province: which of 2200, 2000 and 1800 a county
  // has is for the region's own ruleset to say.
  lint.minimum_wages = {
      {.division = DivisionCode::FromNumber(13), .monthly_yuan = 1800, .hourly_fen = 1800}};
  lint.labour_pay_shares = {{.from_year = 1995, .percent = 15}, {.from_year = 2023, .percent = 30}};
  lint.sources = DefaultSources();
  return lint;
}

}  // namespace leye::matcher
