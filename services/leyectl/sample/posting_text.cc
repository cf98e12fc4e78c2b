// The announcement as a bureau would have put it up, made of the posting's own fields: what a
// reader of the text finds in it is what the fields say.

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"

#include "services/leyectl/language.h"
#include "services/leyectl/sample/postings.h"
#include "services/leyectl/words.h"

namespace leye::ctl::sample {
namespace {

std::string AgeText(const v1::AgeRange& range) {
  std::string text;
  if (range.sex() != v1::SEX_UNSPECIFIED) text = WordOf(range.sex(), Language::kChinese) + "性";
  if (range.has_min_years() && range.has_max_years()) {
    absl::StrAppend(&text, range.min_years(), "-", range.max_years(), "周岁");
  } else if (range.has_min_years()) {
    absl::StrAppend(&text, range.min_years(), "周岁以上");
  } else if (range.has_max_years()) {
    absl::StrAppend(&text, range.max_years(), "周岁以下");
  } else {
    text += "年龄不限";
  }
  if (range.has_relaxable_to_years()) {
    absl::StrAppend(&text, "，可放宽至", range.relaxable_to_years(), "岁");
  }
  return text;
}

std::string GroupText(v1::Group group) {
  switch (group) {
    case v1::GROUP_RELOCATED:
      return "易地扶贫搬迁群众";
    case v1::GROUP_LIFTED_FROM_POVERTY:
      return "脱贫人口";
    case v1::GROUP_MONITORED:
      return "监测对象";
    case v1::GROUP_MONITORED_AT_RISK:
      return "风险未消除的监测对象";
    case v1::GROUP_EMPLOYMENT_DIFFICULTY:
      return "就业困难人员";
    case v1::GROUP_ZERO_EMPLOYMENT_HOUSEHOLD:
      return "零就业家庭成员";
    case v1::GROUP_WEAK_LABOUR:
      return "弱劳力、半劳力";
    default:
      return "其他符合条件人员";
  }
}

void AddGroupLines(const v1::Conditions& conditions, std::vector<std::string>& lines) {
  std::vector<std::string> groups;
  for (const v1::EligibleGroup& group : conditions.eligible_groups()) {
    groups.push_back(GroupText(group.groups(0)));
  }
  if (!groups.empty()) lines.push_back("招聘对象：" + absl::StrJoin(groups, "、"));
  std::vector<std::string> priority;
  for (int i = 0; i < conditions.priority_order_size(); ++i) {
    priority.push_back(GroupText(conditions.priority_order(i)));
  }
  if (!priority.empty()) lines.push_back(absl::StrJoin(priority, "、") + "优先");
  if (conditions.has_household_cap()) {
    lines.push_back(absl::StrCat("每户限", conditions.household_cap(), "人"));
  }
  if (conditions.excluded_households_size() > 0) {
    lines.emplace_back("家庭成员有财政供养人员或工商登记的不予聘用");
  }
  if (conditions.residence_division_codes_size() > 0) lines.emplace_back("限本县户籍");
  if (conditions.unemployment_registration()) lines.emplace_back("须已办理失业登记");
}

std::vector<std::string> ConditionLines(const v1::Posting& posting) {
  const v1::Conditions& conditions = posting.conditions();
  std::vector<std::string> lines;
  for (const v1::AgeRange& range : conditions.ages()) lines.push_back(AgeText(range));
  if (conditions.sex_limit() == v1::SEX_MALE) lines.emplace_back("限男性");
  if (conditions.sex_limit() == v1::SEX_FEMALE) lines.emplace_back("女性优先");
  if (conditions.min_education() != v1::EDUCATION_UNSPECIFIED) {
    lines.push_back(WordOf(conditions.min_education(), Language::kChinese) + "及以上文化程度");
  }
  if (conditions.has_min_experience_months()) {
    lines.push_back(absl::StrCat("有", conditions.min_experience_months(), "个月以上相关经验"));
  }
  AddGroupLines(conditions, lines);
  for (const std::string& text :
       {conditions.health(), conditions.conduct(), conditions.insurance_precondition()}) {
    if (!text.empty()) lines.push_back(text);
  }
  if (posting.required_certificates_size() > 0) {
    lines.emplace_back("须持相应证件上岗，证件在有效期内");
  }
  if (conditions.couple()) lines.emplace_back("夫妻工优先");
  if (conditions.suitable_disabilities_size() > 0) lines.emplace_back("肢体、听力残疾人可报名");
  return lines;
}

std::string PayLine(const v1::Pay& pay) {
  if (pay.unit() == v1::PAY_UNIT_MEASURE) return pay.text();
  const absl::string_view unit = pay.unit() == v1::PAY_UNIT_DAY    ? "天"
                                 : pay.unit() == v1::PAY_UNIT_HOUR ? "小时"
                                                                   : "月";
  std::string text = pay.min_yuan() < pay.max_yuan()
                         ? absl::StrFormat("%.0f-%.0f元/%s", pay.min_yuan(), pay.max_yuan(), unit)
                         : absl::StrFormat("%.0f元/%s", pay.min_yuan(), unit);
  if (pay.by_ability()) text += "，按技能高低定";
  if (pay.has_minimum_wage_percent()) text += "，参照当地最低工资标准";
  if (pay.overtime_paid()) text += "，加班另计";
  if (pay.settlement() == v1::PAY_SETTLEMENT_DAILY) text += "，日结";
  if (pay.bank_transfer()) text += "，通过银行卡发放";
  return text;
}

std::string BenefitLine(const v1::Benefits& benefits) {
  std::vector<std::string> words;
  if (benefits.meals()) words.emplace_back("管饭");
  if (benefits.lodging()) words.emplace_back("提供住宿");
  if (benefits.transport()) words.emplace_back("班车接送");
  if (benefits.travel_refund()) words.emplace_back("报销路费");
  if (benefits.social_insurance()) words.emplace_back("缴纳社会保险");
  if (benefits.accident_insurance()) words.emplace_back("购买意外伤害保险");
  if (benefits.training()) words.emplace_back("免费岗前培训");
  return absl::StrJoin(words, "、");
}

std::string TimeLine(const v1::Schedule& schedule) {
  std::vector<std::string> words;
  if (schedule.form() == v1::WORK_FORM_HOME_BASED) words.emplace_back("居家加工");
  if (schedule.has_max_hours_per_day()) {
    words.push_back(absl::StrCat("每天不超过", schedule.max_hours_per_day(), "小时"));
  }
  if (schedule.has_min_days_per_month()) {
    words.push_back(absl::StrCat("每月不少于", schedule.min_days_per_month(), "天、",
                                 schedule.min_hours_per_month(), "小时"));
  }
  if (schedule.shifts_size() > 0) {
    words.emplace_back(schedule.all_shifts() ? "白夜班轮换" : "白班、夜班可选");
  }
  if (schedule.has_term_months()) {
    words.push_back(absl::StrCat("期限", schedule.term_months(), "个月"));
  }
  if (!schedule.start_date().empty()) words.push_back(schedule.start_date() + "上岗");
  return absl::StrJoin(words, "，");
}

std::string Headcount(const v1::Posting& posting) {
  std::string text = posting.openings_text().empty() ? absl::StrCat(posting.openings(), "人")
                                                     : posting.openings_text();
  std::vector<std::string> parts;
  for (const v1::OpeningsPart& part : posting.openings_parts()) {
    parts.push_back(absl::StrCat(part.place(), part.count(), "人"));
  }
  if (!parts.empty()) absl::StrAppend(&text, "（", absl::StrJoin(parts, "、"), "）");
  return text;
}

std::string LabourPayLine(const v1::WorkForReliefProject& project) {
  if (!project.has_labour_pay_percent()) return "";
  return absl::StrFormat("%d元，占中央资金的%.0f%%", project.labour_pay_yuan(),
                         project.labour_pay_percent());
}

void AddLine(absl::string_view label, absl::string_view value, std::string& text) {
  if (!value.empty()) absl::StrAppend(&text, label, "：", value, "。\n");
}

}  // namespace

std::string AnnouncementText(const v1::Posting& posting, const v1::Employer& employer,
                             absl::string_view duty) {
  std::string text = absl::StrCat(employer.display_name(), "招聘启事\n");
  if (posting.has_work_for_relief()) AddLine("项目", posting.work_for_relief().project(), text);
  AddLine("岗位", absl::StrCat(posting.title(), "，", Headcount(posting)), text);
  AddLine("职责", duty, text);
  AddLine("地点", posting.place().address(), text);
  AddLine("条件", absl::StrJoin(ConditionLines(posting), "；"), text);
  AddLine("待遇", PayLine(posting.pay()), text);
  AddLine("劳务报酬总额", LabourPayLine(posting.work_for_relief()), text);
  AddLine("福利", BenefitLine(posting.benefits()), text);
  AddLine("时间", TimeLine(posting.schedule()), text);
  if (posting.has_reserved()) {
    AddLine("预留", absl::StrCat(posting.reserved().count(), "个名额面向易地搬迁群众"), text);
  }
  AddLine("报名材料", absl::StrJoin(posting.papers(), "、"), text);
  return text;
}

}  // namespace leye::ctl::sample
