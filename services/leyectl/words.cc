#include "services/leyectl/words.h"

#include <array>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"

namespace leye::ctl {
namespace {

struct Word {
  absl::string_view name;  // Of the enum's value.
  absl::string_view english;
  absl::string_view chinese;
};

// What people meet in lists and answers; the rest is made from the names.
constexpr std::array<Word, 225> kWords = {{
    {"SEX_MALE", "man", "男"},
    {"SEX_FEMALE", "woman", "女"},
    {"EDUCATION_NONE", "none", "文盲半文盲"},
    {"EDUCATION_PRIMARY", "primary", "小学"},
    {"EDUCATION_JUNIOR_SECONDARY", "junior sec.", "初中"},
    {"EDUCATION_SENIOR_SECONDARY", "senior sec.", "高中中专"},
    {"EDUCATION_COLLEGE", "college", "大专"},
    {"EDUCATION_BACHELOR", "bachelor", "本科及以上"},
    {"CHANNEL_ENTERPRISE", "enterprise", "企业岗位"},
    {"CHANNEL_PUBLIC_WELFARE", "public welfare", "公益性岗位"},
    {"CHANNEL_WORK_FOR_RELIEF", "work for relief", "以工代赈"},
    {"TRAVEL_MODE_FOOT", "on foot", "步行"},
    {"TRAVEL_MODE_ELECTRIC_BIKE", "electric bicycle", "电动车"},
    {"TRAVEL_MODE_BUS", "bus", "公交"},
    {"TRAVEL_MODE_CAR", "car", "驾车"},
    {"TRAVEL_MODE_COACH", "arranged coach", "专车"},
    {"CONSENT_SCOPE_MATCHING", "matching", "岗位匹配"},
    {"CONSENT_SCOPE_EMPLOYERS", "being shown to employers", "向用人单位展示"},
    {"CONSENT_MEANS_PAPER", "on paper", "书面"},
    {"CONSENT_MEANS_APP", "in an app", "应用内"},
    {"CONSENT_MEANS_SPOKEN", "spoken", "口头"},
    {"EMPLOYMENT_STATE_UNEMPLOYED", "without work", "未就业"},
    {"EMPLOYMENT_STATE_EMPLOYED", "employed", "已就业"},
    {"EMPLOYMENT_STATE_SELF_EMPLOYED", "self-employed", "自主创业"},
    {"EMPLOYMENT_STATE_STUDENT", "student", "在校"},
    {"EMPLOYMENT_STATE_OUT_OF_LABOUR_FORCE", "not looking", "不在劳动力市场"},
    {"MATCH_CHANGE_NONE", "as it was", "无变化"},
    {"MATCH_CHANGE_ADDED", "added", "新增"},
    {"MATCH_CHANGE_REMOVED", "removed", "消失"},
    {"POSTING_STATE_OPEN", "open", "招聘中"},
    {"POSTING_STATE_CLOSED", "closed", "已关闭"},
    {"LINT_CODE_MISSING_CONDITIONS", "conditions missing", "缺少招聘条件"},
    {"LINT_CODE_MISSING_PAY", "pay missing", "缺少劳动报酬"},
    {"LINT_CODE_MISSING_VALIDITY", "validity missing", "缺少有效期限"},
    {"LINT_CODE_SEX_LIMIT", "sex limit", "性别限制"},
    {"LINT_CODE_ETHNIC_LIMIT", "ethnic limit", "民族限制"},
    {"LINT_CODE_RESIDENCE_LIMIT", "residence limit", "户籍限制"},
    {"LINT_CODE_BAIT", "bait", "虚假诱导"},
    {"LINT_CODE_TRAINING_LOAN", "loan or charge", "培训贷或收费"},
    {"LINT_CODE_BELOW_MINIMUM_WAGE", "below minimum wage", "低于最低工资"},
    {"LINT_CODE_DUPLICATE", "duplicate", "重复发布"},
    {"LINT_CODE_LABOUR_PAY_SHARE", "labour pay share", "劳务报酬占比不足"},
    {"LINT_CODE_SKILL_GATE", "skill gate", "设技能门槛"},
    {"LINT_SEVERITY_FLAG", "flag", "提示"},
    {"LINT_SEVERITY_HOLDING", "kept back", "暂缓发布"},
    {"LINT_SEVERITY_BLOCKING", "to be mended", "须更正"},
    {"POSTING_PUBLICATION_PUBLISHED", "published", "已发布"},
    {"POSTING_PUBLICATION_IN_REVIEW", "in review", "待审查"},
    {"POSTING_PUBLICATION_BLOCKED", "to be mended", "待更正"},
    {"POSTING_PUBLICATION_REJECTED", "rejected", "已退回"},
    {"REVIEW_VERDICT_APPROVED", "approved", "通过"},
    {"REVIEW_VERDICT_REJECTED", "rejected", "退回"},
    {"REJECTION_REASON_UNTRUE", "untrue", "内容不实"},
    {"REJECTION_REASON_DISCRIMINATING", "discriminating", "就业歧视"},
    {"REJECTION_REASON_CHARGES_PEOPLE", "charges people", "违规收费"},
    {"REJECTION_REASON_UNDERPAID", "underpaid", "报酬过低"},
    {"REJECTION_REASON_DUPLICATE", "duplicate", "重复发布"},
    {"REJECTION_REASON_EMPLOYER", "employer", "用人单位不符"},
    {"REJECTION_REASON_PROGRAMME", "programme", "不合项目要求"},
    {"REJECTION_REASON_OTHER", "other", "其他"},
    {"publication", "publication", "发布状态"},
    {"publication_time", "since", "起始时间"},
    {"EMPLOYER_STATE_ACTIVE", "active", "正常"},
    {"EMPLOYER_STATE_SUSPENDED", "suspended", "已停用"},
    {"EMPLOYER_KIND_ENTERPRISE", "enterprise", "企业"},
    {"EMPLOYER_KIND_SUPPORT_WORKSHOP", "support workshop", "帮扶车间"},
    {"EMPLOYER_KIND_COOPERATIVE", "cooperative", "合作社"},
    {"EMPLOYER_KIND_LABOUR_AGENCY", "labour agency", "劳务机构"},
    {"EMPLOYER_KIND_GOVERNMENT", "government", "机关单位"},
    {"EMPLOYER_KIND_COMMITTEE", "committee", "村居委会"},
    {"EMPLOYER_KIND_PROJECT_OWNER", "project owner", "项目业主"},
    {"SETTLEMENT_KIND_URBAN", "town", "城镇安置"},
    {"SETTLEMENT_KIND_RURAL", "countryside", "农村安置"},
    {"HOUSEHOLD_CATEGORY_LIFTED_FROM_POVERTY", "lifted from poverty", "脱贫户"},
    {"HOUSEHOLD_CATEGORY_MOVED_ALONG", "moved along", "同步搬迁户"},
    {"HOUSEHOLD_CATEGORY_GENERAL", "general", "一般户"},
    {"MONITORING_KIND_UNSTABLE", "unstable", "脱贫不稳定户"},
    {"MONITORING_KIND_MARGINAL", "marginal", "边缘易致贫户"},
    {"MONITORING_KIND_SUDDEN_DIFFICULTY", "sudden difficulty", "突发严重困难户"},
    {"SKILL_KIND_SKILL", "skill", "技能"},
    {"SKILL_KIND_CERTIFICATE", "certificate", "证书"},
    {"SKILL_KIND_LICENCE", "licence", "执照"},
    {"RULE_ID_OPEN", "open", "岗位在招"},
    {"RULE_ID_SEEKING", "seeking work", "求职状态"},
    {"RULE_ID_AGE_MIN", "least age", "最低年龄"},
    {"RULE_ID_AGE_MINOR", "minors", "未成年工"},
    {"RULE_ID_AGE_RANGE", "age range", "年龄范围"},
    {"RULE_ID_AGE_RETIRE", "retirement age", "退休年龄"},
    {"RULE_ID_HAZ_CERT", "special-operation certificate", "特种作业证"},
    {"RULE_ID_SKILL_REQ", "required skill", "必备技能"},
    {"RULE_ID_EDU_MIN", "education", "文化程度"},
    {"RULE_ID_LICENCE", "licence", "证照"},
    {"RULE_ID_REACH", "distance", "距离"},
    {"RULE_ID_TIME", "time", "时间"},
    {"RULE_ID_HEALTH", "health", "身体条件"},
    {"RULE_ID_GROUPS", "groups", "对象范围"},
    {"RULE_ID_HH_CAP", "household cap", "每户限额"},
    {"RULE_ID_PUB_WHO", "who may hold public-welfare posts", "公岗对象"},
    {"RULE_ID_PUB_TERM", "public-welfare term", "公岗期限"},
    {"RULE_ID_PUB_ONE", "one public-welfare post", "一人一岗"},
    {"RULE_ID_EXPERIENCE", "experience", "工作经验"},
    {"RULE_ID_RESIDENCE", "residence", "户籍"},
    {"RULE_ID_REGISTRATION", "unemployment registration", "失业登记"},
    {"RULE_ID_PROTECTION", "protective law", "劳动保护"},
    {"RULE_ID_BANNED", "earlier refusal", "推荐记录"},
    {"RULE_ID_OPT_OUT", "no ranking by a machine", "拒绝自动排序"},
    {"REFERRAL_STATE_RECOMMENDED", "recommended", "已推荐"},
    {"REFERRAL_STATE_PUSHED", "pushed", "已推送"},
    {"REFERRAL_STATE_ACCEPTED", "accepted", "愿意应聘"},
    {"REFERRAL_STATE_DECLINED", "declined", "不愿应聘"},
    {"REFERRAL_STATE_EXPIRED", "expired", "已过期"},
    {"REFERRAL_STATE_REFERRED", "referred", "已转介"},
    {"REFERRAL_STATE_INTERVIEWED", "interviewed", "已面试"},
    {"REFERRAL_STATE_NO_SHOW", "no show", "未到面试"},
    {"REFERRAL_STATE_HIRED", "hired", "已录用"},
    {"REFERRAL_STATE_REJECTED", "rejected", "未录用"},
    {"REFERRAL_STATE_ONBOARD", "at work", "已上岗"},
    {"REFERRAL_STATE_NOT_ARRIVED", "not arrived", "未上岗"},
    {"REFERRAL_STATE_STABLE", "stable", "稳定就业"},
    {"REFERRAL_STATE_LEFT", "left", "已离岗"},
    {"REFERRAL_STATE_CANCELLED", "cancelled", "已取消"},
    {"REFERRAL_STATE_VILLAGE_REVIEW", "village review", "村评议"},
    {"REFERRAL_STATE_TOWN_REVIEW", "town review", "乡镇审核"},
    {"REFERRAL_STATE_PUBLICITY", "publicity", "公示中"},
    {"REFERRAL_STATE_COUNTY_APPROVED", "county approved", "县级已批"},
    {"REFERRAL_STATE_OBJECTED", "objected", "公示有异议"},
    {"REFERRAL_STATE_COMPLETED", "completed", "项目完工"},
    {"PLAN_STATE_QUEUED", "waits", "排队中"},
    {"PLAN_STATE_RUNNING", "is being worked out", "计算中"},
    {"PLAN_STATE_SUCCEEDED", "worked out", "已完成"},
    {"PLAN_STATE_FAILED", "failed", "失败"},
    {"PLAN_STATE_CANCELLED", "cancelled", "已取消"},
    {"PLAN_STAGE_READING", "reading", "读取"},
    {"PLAN_STAGE_RANKING", "ranking", "排序"},
    {"PLAN_STAGE_ASSIGNING", "giving out openings", "分配"},
    {"PLAN_STAGE_BOUNDING", "bounding", "求上界"},
    {"PLAN_STAGE_EXPLAINING", "explaining", "说明原因"},
    {"PLAN_STAGE_STORING", "storing", "保存"},
    {"line", "line", "行"},
    {"scores.forward_micros", "score, millionths", "得分（百万分之一）"},
    {"pinned", "pinned", "指定"},
    {"first_earner", "first earner", "首位就业"},
    {"figures.filled", "filled", "已填补"},
    {"figures.openings", "openings", "名额"},
    {"committed_lines", "committed", "已提交"},
    {"reserved", "reserved", "预留"},
    {"filled", "filled", "已填补"},
    {"empty", "empty", "空缺"},
    {"lines", "lines", "行数"},
    {"REFERRAL_TASK_KIND_ANSWER", "answer awaited", "等候答复"},
    {"REFERRAL_TASK_KIND_REFER", "to be referred", "待转介"},
    {"REFERRAL_TASK_KIND_DECIDE", "decision awaited", "等候结果"},
    {"REFERRAL_TASK_KIND_APPROVE", "publicity ends", "公示期满审批"},
    {"REFERRAL_TASK_KIND_ARRIVAL", "arrival", "核实上岗"},
    {"REFERRAL_TASK_KIND_FOLLOW_UP", "follow-up", "跟踪回访"},
    {"REFERRAL_TASK_KIND_FIRST_HELP", "first help", "零就业首次帮扶"},
    {"REFERRAL_TASK_KIND_WORK_AGAIN", "work again", "零就业清零"},
    {"CRITERION_KIND_SKILLS", "skills", "技能"},
    {"CRITERION_KIND_PROXIMITY", "near", "就近"},
    {"CRITERION_KIND_PRIORITY", "priority", "优先"},
    {"CRITERION_KIND_WAGE", "pay", "薪酬"},
    {"CRITERION_KIND_WISH", "wish", "意愿"},
    {"CRITERION_KIND_WAITING", "waiting", "待业"},
    {"CRITERION_KIND_CHANNEL", "channel", "渠道"},
    {"SCORE_SIDE_FORWARD", "the posting's side", "岗位一侧"},
    {"SCORE_SIDE_REVERSE", "the person's side", "求职者一侧"},
    {"SCORE_SIDE_MUTUAL", "both sides", "双方"},
    {"IMPORT_OUTCOME_CREATED", "created", "新增"},
    {"IMPORT_OUTCOME_UPDATED", "updated", "更新"},
    {"IMPORT_OUTCOME_UNCHANGED", "unchanged", "未变"},
    {"IMPORT_OUTCOME_REJECTED", "rejected", "拒绝"},
    {"LABOUR_CLASS_SKILLED", "skilled", "技能劳动力"},
    {"LABOUR_CLASS_COMMON", "common", "普通劳动力"},
    {"LABOUR_CLASS_WEAK", "weak or half", "弱半劳动力"},
    {"LABOUR_CLASS_LOST", "lost", "丧失劳动力"},
    {"LABOUR_CLASS_NONE", "none", "无劳动力"},
    {"enterprise", "enterprise", "企业岗位"},
    {"public_welfare", "public welfare", "公益性岗位"},
    {"work_for_relief", "work for relief", "以工代赈"},
    {"name", "name", "标识"},
    {"display_name", "name in words", "名称"},
    {"display_name_zh", "Chinese", "中文名"},
    {"display_name_en", "English", "英文名"},
    {"division_code", "division", "区划"},
    {"place.division_code", "division", "区划"},
    {"kind", "kind", "种类"},
    {"planned_households", "households", "户数"},
    {"planned_residents", "people", "人数"},
    {"settlement_area", "area", "安置区"},
    {"category", "standing", "户类型"},
    {"monitoring", "monitored", "监测"},
    {"location.latitude", "latitude", "纬度"},
    {"location.longitude", "longitude", "经度"},
    {"radius_m", "radius m", "半径（米）"},
    {"figures.members", "members", "人口"},
    {"figures.earners", "earners", "就业"},
    {"state", "state", "状态"},
    {"birth_date", "born", "出生日期"},
    {"sex", "sex", "性别"},
    {"education", "education", "文化程度"},
    {"employment.state", "work", "就业状态"},
    {"candidate", "person", "求职者"},
    {"posting", "posting", "岗位"},
    {"referral", "referral", "推荐"},
    {"clerk", "clerk", "经办人"},
    {"base", "base", "基础规则集"},
    {"create_time", "created", "创建时间"},
    {"due_time", "due", "截止时间"},
    {"overdue", "overdue", "逾期"},
    {"over_date", "over since", "到期起算日"},
    {"erase_date", "erased from", "清除日期"},
    {"title", "title", "名称"},
    {"channel", "channel", "渠道"},
    {"openings", "openings", "招聘人数"},
    {"code", "code", "代码"},
    {"level", "level", "层级"},
    {"trade_code", "trade", "职业代码"},
    {"max_level", "levels to", "最高级别"},
    {"sequence", "number", "序号"},
    {"time", "time", "时间"},
    {"principal", "who", "调用者"},
    {"rpc", "called", "接口"},
    {"purpose", "why", "目的"},
    {"outcome", "outcome", "结果"},
    {"records", "records", "涉及记录"},
}};

const Word* FindWord(absl::string_view name) {
  for (const Word& word : kWords) {
    if (word.name == name) return &word;
  }
  return nullptr;
}

// `PAY_UNIT_MONTH` of `PayUnit` -> `month`.
std::string WithoutPrefix(const google::protobuf::EnumValueDescriptor& value) {
  std::string prefix;
  for (const char letter : value.type()->name()) {
    if (absl::ascii_isupper(static_cast<unsigned char>(letter)) && !prefix.empty()) prefix += '_';
    prefix += absl::ascii_toupper(static_cast<unsigned char>(letter));
  }
  prefix += '_';
  absl::string_view name = value.name();
  if (absl::StartsWith(name, prefix)) name.remove_prefix(prefix.size());
  return absl::AsciiStrToLower(absl::StrReplaceAll(name, {{"_", " "}}));
}

}  // namespace

std::string EnumWord(const google::protobuf::EnumValueDescriptor& value, Language language) {
  if (value.number() == 0) return "";
  const Word* word = FindWord(value.name());
  if (word == nullptr) return WithoutPrefix(value);
  return std::string(Say(language, word->english, word->chinese));
}

std::string OneofWord(absl::string_view field, Language language) {
  const Word* word = FindWord(field);
  return word == nullptr ? std::string(field)
                         : std::string(Say(language, word->english, word->chinese));
}

std::string ColumnTitle(absl::string_view path, Language language) {
  const Word* word = FindWord(path);
  if (word != nullptr) return std::string(Say(language, word->english, word->chinese));
  return absl::StrReplaceAll(path, {{"_", " "}});
}

}  // namespace leye::ctl
