#include "services/app/explanation_findings.h"

#include <array>
#include <cmath>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"

#include "matcher/units.h"

namespace leye::app {
namespace {

using matcher::Cause;
using F = NumberForm;

constexpr size_t kCauses = static_cast<size_t>(Cause::kCount);

// In the order of Cause.
constexpr std::array<FindingTemplate, kCauses> kTemplates = {{
    {Cause::kPostingClosed,
     F::kNone,
     F::kNone,
     F::kNone,
     {"岗位已关闭或用人单位已暂停招聘", "the posting is closed or its employer is suspended"}},
    {Cause::kOutsideWindow,
     F::kDay,
     F::kDay,
     F::kNone,
     {"今天 {had} 不在报名时间内（界限 {asked}）",
      "today, {had}, is outside the application dates (limit {asked})"}},
    {Cause::kNoOpeningsLeft, F::kNone, F::kNone, F::kNone, {"名额已满", "no opening is left"}},
    {Cause::kOnlyReservedLeft,
     F::kGroup,
     F::kCount,
     F::kNone,
     {"剩余 {had} 个名额仅面向{asked}", "the {had} openings left are reserved for {asked}"}},
    {Cause::kNotSeeking,
     F::kNone,
     F::kNone,
     F::kNone,
     {"目前不在求职", "not looking for work at present"}},
    {Cause::kNotWilling,
     F::kNone,
     F::kNone,
     F::kNone,
     {"本人没有就业意愿", "does not wish to work"}},
    {Cause::kNoConsent,
     F::kNone,
     F::kDay,
     F::kNone,
     {"在 {had} 没有有效的匹配授权", "no consent to matching in force on {had}"}},
    {Cause::kPlacedElsewhere,
     F::kNone,
     F::kNone,
     F::kNone,
     {"已由本系统安置就业", "already placed in work"}},
    {Cause::kUnderMinimumAge,
     F::kCount,
     F::kCount,
     F::kNone,
     {"{had} 岁，未满法定就业年龄 {asked} 岁", "aged {had}, under the legal minimum of {asked}"}},
    {Cause::kMinorBarredHazard,
     F::kHazardSet,
     F::kCount,
     F::kNone,
     {"{had} 岁，未成年人不得从事：{asked}", "aged {had}; minors are barred from: {asked}"}},
    {Cause::kMinorBarredIntensity,
     F::kGrade,
     F::kGrade,
     F::kCount,
     {"{subject} 岁，未成年人的劳动强度不得超过 {asked} 级，岗位为 {had} 级",
      "aged {subject}; minors may do work up to grade {asked}, this is grade {had}"}},
    {Cause::kBelowAgeRange,
     F::kCount,
     F::kCount,
     F::kNone,
     {"{had} 岁，低于岗位下限 {asked} 岁", "aged {had}, below the posting's minimum of {asked}"}},
    {Cause::kAboveAgeRange,
     F::kCount,
     F::kCount,
     F::kNone,
     {"已满 {had} 岁，超过岗位上限 {asked} 岁",
      "aged {had}, above the posting's maximum of {asked}"}},
    {Cause::kRetiredHazardous,
     F::kDay,
     F::kNone,
     F::kHazardSet,
     {"自 {asked} 起已达法定退休年龄，不得从事：{subject}",
      "past statutory retirement since {asked}; barred from: {subject}"}},
    {Cause::kRetiredPublicWelfare,
     F::kDay,
     F::kNone,
     F::kNone,
     {"自 {asked} 起已达法定退休年龄，不能上公益性岗位",
      "past statutory retirement since {asked}; not eligible for public-welfare posts"}},
    {Cause::kProtectedHazard,
     F::kHazardSet,
     F::kNone,
     F::kNone,
     {"劳动保护规定不得从事：{asked}", "barred by protective law: {asked}"}},
    {Cause::kProtectedIntensity,
     F::kGrade,
     F::kGrade,
     F::kNone,
     {"劳动保护规定强度不得超过 {asked} 级，岗位为 {had} 级",
      "protective law allows work up to grade {asked}, this is grade {had}"}},
    {Cause::kOperationCertificateMissing,
     F::kNone,
     F::kNone,
     F::kSkill,
     {"特种作业须持证：缺 {subject}", "special-operation certificate missing: {subject}"}},
    {Cause::kOperationCertificateExpired,
     F::kNone,
     F::kDay,
     F::kSkill,
     {"{subject} 已于 {had} 到期", "{subject} expired on {had}"}},
    {Cause::kOperationUnderAge,
     F::kCount,
     F::kCount,
     F::kNone,
     {"{had} 岁，特种作业须满 {asked} 岁", "aged {had}; special operations require {asked}"}},
    {Cause::kOperationRetired,
     F::kDay,
     F::kNone,
     F::kNone,
     {"自 {asked} 起已达法定退休年龄，不得从事特种作业",
      "past statutory retirement since {asked}; barred from special operations"}},
    {Cause::kSkillMissing,
     F::kLevelAsked,
     F::kNone,
     F::kSkill,
     {"缺少技能：{subject}{asked}", "skill missing: {subject}{asked}"}},
    {Cause::kSkillLevelTooLow,
     F::kLevel,
     F::kLevel,
     F::kSkill,
     {"{subject} 要求 {asked}，本人 {had}", "{subject}: {asked} asked, {had} held"}},
    {Cause::kSkillLevelUnknown,
     F::kLevel,
     F::kNone,
     F::kSkill,
     {"{subject} 要求 {asked}，本人等级未登记",
      "{subject}: {asked} asked, the level held is not on record"}},
    {Cause::kSkillExpired,
     F::kNone,
     F::kDay,
     F::kSkill,
     {"{subject} 已于 {had} 到期", "{subject} expired on {had}"}},
    {Cause::kEducationTooLow,
     F::kEducation,
     F::kEducation,
     F::kNone,
     {"学历要求{asked}，本人{had}", "{asked} asked, {had} finished"}},
    {Cause::kEducationUnknown,
     F::kEducation,
     F::kNone,
     F::kNone,
     {"学历要求{asked}，本人学历未登记", "{asked} asked, education is not on record"}},
    {Cause::kPaperMissing,
     F::kNone,
     F::kNone,
     F::kSkill,
     {"缺少证照：{subject}", "paper missing: {subject}"}},
    {Cause::kPaperExpired,
     F::kNone,
     F::kDay,
     F::kSkill,
     {"{subject} 已于 {had} 到期", "{subject} expired on {had}"}},
    {Cause::kBeyondPostingRadius,
     F::kKilometres,
     F::kKilometres,
     F::kNone,
     {"相距 {had} 公里，岗位只收 {asked} 公里以内",
      "{had} km away; the posting takes people within {asked} km"}},
    {Cause::kBeyondCandidateLimit,
     F::kKilometres,
     F::kKilometres,
     F::kNone,
     {"相距 {had} 公里，本人最远接受 {asked} 公里且不愿外出",
      "{had} km away; goes at most {asked} km and would not leave home"}},
    {Cause::kBeyondCandidateMinutes,
     F::kCount,
     F::kCount,
     F::kNone,
     {"单程 {had} 分钟，本人最多接受 {asked} 分钟且不愿外出",
      "{had} minutes one way; travels at most {asked} and would not leave home"}},
    {Cause::kLodgingNotGiven,
     F::kNone,
     F::kKilometres,
     F::kNone,
     {"相距 {had} 公里，本人外出需要住宿而岗位不提供",
      "{had} km away; needs lodging, and none is given"}},
    {Cause::kTransportNotGiven,
     F::kNone,
     F::kKilometres,
     F::kNone,
     {"相距 {had} 公里，本人需要接送而岗位不提供",
      "{had} km away; needs transport, and none is given"}},
    {Cause::kShiftsNotFree,
     F::kShiftSet,
     F::kShiftSet,
     F::kNone,
     {"岗位班次为{asked}，本人只能上{had}", "shifts are {asked}; is free for {had}"}},
    {Cause::kTooManyHours,
     F::kCount,
     F::kCount,
     F::kNone,
     {"每天至少 {asked} 小时，本人最多 {had} 小时",
      "at least {asked} hours a day; can work at most {had}"}},
    {Cause::kFormNotAccepted,
     F::kWorkForm,
     F::kWorkFormSet,
     F::kNone,
     {"岗位为{asked}，本人只接受{had}", "the work is {asked}; accepts {had}"}},
    {Cause::kAvailableTooLate,
     F::kDay,
     F::kDay,
     F::kNone,
     {"最迟 {asked} 到岗，本人 {had} 才有空", "must begin by {asked}; is free from {had}"}},
    {Cause::kAvailableTooShort,
     F::kDay,
     F::kDay,
     F::kNone,
     {"须干到 {asked}，本人只能干到 {had}", "needed until {asked}; is free until {had}"}},
    {Cause::kLabourClassBarred,
     F::kNone,
     F::kLabourClass,
     F::kNone,
     {"劳动能力为{had}", "labour class: {had}"}},
    {Cause::kTooHeavyForWeak,
     F::kGrade,
     F::kGrade,
     F::kNone,
     {"劳动强度 {asked} 级，弱劳动力或半劳动力不宜超过 {had} 级",
      "grade {asked} work; weak or half labour may do up to grade {had}"}},
    {Cause::kOverIntensityLimit,
     F::kGrade,
     F::kGrade,
     F::kNone,
     {"劳动强度 {asked} 级，本人最多接受 {had} 级",
      "grade {asked} work; accepts up to grade {had}"}},
    {Cause::kDisabilityUnsuitable,
     F::kDisabilitySet,
     F::kDisability,
     F::kNone,
     {"岗位适合{asked}，本人为{had}", "the work suits {asked}; has {had}"}},
    {Cause::kDisabilityHazard,
     F::kHazardSet,
     F::kDisability,
     F::kNone,
     {"{had}不宜从事：{asked}", "not suitable with {had}: {asked}"}},
    {Cause::kDisabilityIntensity,
     F::kGrade,
     F::kGrade,
     F::kNone,
     {"劳动强度 {asked} 级，按残疾情况不宜超过 {had} 级",
      "grade {asked} work; with the disability up to grade {had} is suitable"}},
    {Cause::kDisabledOnly,
     F::kNone,
     F::kNone,
     F::kNone,
     {"岗位只招残疾人", "the posting is for disabled people only"}},
    {Cause::kLivesElsewhere,
     F::kNone,
     F::kNone,
     F::kNone,
     {"户籍不在岗位要求的地区", "registered outside the divisions asked for"}},
    {Cause::kNoEligibleGroup,
     F::kNone,
     F::kGroupSet,
     F::kNone,
     {"不属于岗位面向的对象，或年龄、证照不合该类要求（本人：{had}）",
      "not of an eligible group, or outside its age and papers (belongs to: {had})"}},
    {Cause::kExcludedGroup,
     F::kGroupSet,
     F::kNone,
     F::kNone,
     {"岗位不招：{asked}", "the posting excludes: {asked}"}},
    {Cause::kExcludedHousehold,
     F::kExclusionSet,
     F::kNone,
     F::kNone,
     {"家庭情况不符：{asked}", "the household is excluded: {asked}"}},
    {Cause::kNotRegisteredUnemployed,
     F::kNone,
     F::kNone,
     F::kNone,
     {"岗位要求失业登记，本人未登记", "registration as unemployed is asked and missing"}},
    {Cause::kHouseholdCapReached,
     F::kCount,
     F::kCount,
     F::kPublicWelfareKind,
     {"{subject}每户最多 {asked} 人，家中已有 {had} 人",
      "{subject}: at most {asked} of a household, {had} already"}},
    {Cause::kExperienceTooShort,
     F::kCount,
     F::kCount,
     F::kNone,
     {"要求经验 {asked} 个月，本人 {had} 个月", "{asked} months of experience asked, has {had}"}},
    {Cause::kNotInScheme,
     F::kGroupSet,
     F::kGroupSet,
     F::kNone,
     {"公益性岗位面向{asked}，本人为：{had}",
      "the public-welfare post is for {asked}; belongs to: {had}"}},
    {Cause::kTermUsedUp,
     F::kCount,
     F::kCount,
     F::kNone,
     {"公益性岗位累计最长 {asked} 个月，已用 {had} 个月",
      "public-welfare posts are limited to {asked} months, {had} are used"}},
    {Cause::kPlacementsUsedUp,
     F::kCount,
     F::kCount,
     F::kNone,
     {"公益性岗位最多安置 {asked} 次，已安置 {had} 次",
      "at most {asked} public-welfare placements, had {had}"}},
    {Cause::kNotFirstPlacement,
     F::kNone,
     F::kCount,
     F::kNone,
     {"岗位只招首次安置人员，此前已安置 {had} 次",
      "only for a first placement; placed {had} times before"}},
    {Cause::kHoldsPublicWelfarePost,
     F::kNone,
     F::kPublicWelfareKind,
     F::kNone,
     {"已在公益性岗位：{had}", "holds a public-welfare post: {had}"}},
    {Cause::kWorksOutsideCounty,
     F::kNone,
     F::kNone,
     F::kNone,
     {"已在县外务工，不能同时上公益性岗位",
      "works outside the county, which excludes a public-welfare post"}},
    {Cause::kPastRetirementAge,
     F::kDay,
     F::kNone,
     F::kNone,
     {"自 {asked} 起已达法定退休年龄，可从事本工作",
      "past statutory retirement since {asked}; allowed for this work"}},
    {Cause::kAgeRelaxed,
     F::kCount,
     F::kCount,
     F::kCount,
     {"{had} 岁，超过 {asked} 岁，但可放宽至 {subject} 岁",
      "aged {had}, over {asked}, but the posting may relax to {subject}"}},
    {Cause::kTermMonthsLeft,
     F::kNone,
     F::kCount,
     F::kNone,
     {"公益性岗位补贴期还剩 {had} 个月", "{had} subsidised months of public-welfare posts left"}},
    {Cause::kTermMayRunToRetirement,
     F::kDay,
     F::kNone,
     F::kNone,
     {"公益性岗位期限可延至退休（{asked}）",
      "the public-welfare term may run to retirement ({asked})"}},
    {Cause::kPlacedAgain,
     F::kCount,
     F::kCount,
     F::kNone,
     {"此前已安置 {had} 次，最多 {asked} 次", "placed {had} times before, of at most {asked}"}},
    {Cause::kDisabilityNotStated,
     F::kNone,
     F::kDisability,
     F::kNone,
     {"本人为{had}，岗位未说明适合的残疾类别，请与用人单位确认",
      "has {had}; the posting does not say what it suits: please ask the employer"}},
    {Cause::kExperienceUnverified,
     F::kCount,
     F::kNone,
     F::kNone,
     {"岗位要求经验 {asked} 个月，本人经验未登记，请核实",
      "{asked} months of experience asked, none on record: please check"}},
    {Cause::kFartherThanWished,
     F::kKilometres,
     F::kKilometres,
     F::kNone,
     {"相距 {had} 公里，超过希望的 {asked} 公里，本人愿意外出",
      "{had} km away, farther than the {asked} km wished; willing to leave home"}},
}};

constexpr bool InOrder() {
  for (size_t i = 0; i < kCauses; ++i) {
    if (kTemplates[i].cause != static_cast<Cause>(i)) return false;
  }
  return true;
}
static_assert(InOrder());

template <typename E>
void AppendEnum(std::string& text, int64_t number, Language language) {
  if (number < 0 || number >= static_cast<int64_t>(E::kCount)) return;
  text += WordOf(static_cast<E>(number), language);
}

template <typename E>
void AppendBits(std::string& text, int64_t bits, Language language) {
  AppendSet(text, matcher::EnumSet<E>::FromBits(static_cast<uint32_t>(bits)), language);
}

void AppendDay(std::string& text, int64_t number) {
  text += absl::FormatCivilTime(matcher::Day::FromNumber(static_cast<int32_t>(number)).civil());
}

void AppendGrade(std::string& text, int64_t grade) {
  static constexpr std::array<absl::string_view, matcher::kMaxLabourIntensity + 1> kRoman = {
      "0", "I", "II", "III", "IV"};
  if (grade >= 0 && grade <= matcher::kMaxLabourIntensity) {
    text += kRoman[static_cast<size_t>(grade)];
  }
}

void AppendLevelAsked(std::string& text, int level, Language language) {
  text += language == Language::kEnglish ? " (" : "（要求 ";
  AppendLevel(text, level, language);
  text += language == Language::kEnglish ? " asked)" : "）";
}

// What numbers are written with.
struct Writer {
  const Catalogue& catalogue;
  Language language;

  void AppendVocabulary(std::string& text, NumberForm form, int64_t number) const;
  void Append(std::string& text, NumberForm form, std::optional<int64_t> number) const;
};

void Writer::AppendVocabulary(std::string& text, NumberForm form, int64_t number) const {
  switch (form) {
    case F::kEducation:
      return AppendEnum<matcher::Education>(text, number, language);
    case F::kLabourClass:
      return AppendEnum<matcher::LabourClass>(text, number, language);
    case F::kDisability:
      return AppendEnum<matcher::DisabilityKind>(text, number, language);
    case F::kDisabilitySet:
      return AppendBits<matcher::DisabilityKind>(text, number, language);
    case F::kGroup:
      return AppendEnum<matcher::Group>(text, number, language);
    case F::kGroupSet:
      return AppendBits<matcher::Group>(text, number, language);
    case F::kExclusionSet:
      return AppendBits<matcher::HouseholdExclusion>(text, number, language);
    case F::kPublicWelfareKind:
      return AppendEnum<matcher::PublicWelfareKind>(text, number, language);
    case F::kShiftSet:
      return AppendBits<matcher::Shift>(text, number, language);
    case F::kWorkForm:
      return AppendEnum<matcher::WorkForm>(text, number, language);
    case F::kWorkFormSet:
      return AppendBits<matcher::WorkForm>(text, number, language);
    case F::kHazardSet:
      return AppendBits<matcher::Hazard>(text, number, language);
    default:
      return;
  }
}

void Writer::Append(std::string& text, NumberForm form, std::optional<int64_t> number) const {
  if (!number.has_value()) return;
  switch (form) {
    case F::kCount:
      return absl::StrAppend(&text, *number);
    case F::kDay:
      return AppendDay(text, *number);
    case F::kKilometres:
      return AppendKilometres(text, static_cast<double>(*number) / 1000);
    case F::kLevelAsked:
      return AppendLevelAsked(text, static_cast<int>(*number), language);
    case F::kLevel:
      return AppendLevel(text, static_cast<int>(*number), language);
    case F::kGrade:
      return AppendGrade(text, *number);
    case F::kSkill:
      return AppendSkill(text, matcher::SkillId(static_cast<uint16_t>(*number)), catalogue,
                         language);
    default:
      return AppendVocabulary(text, form, *number);
  }
}

}  // namespace

const FindingTemplate& TemplateOf(Cause cause) { return kTemplates[static_cast<size_t>(cause)]; }

std::string FindingText(const matcher::Finding& finding, const Catalogue& catalogue,
                        Language language) {
  const FindingTemplate& sentence = TemplateOf(finding.cause);
  const Writer writer{.catalogue = catalogue, .language = language};
  std::string text;
  absl::string_view rest = sentence.words.In(language);
  text.reserve(rest.size() + 40);
  for (size_t brace = rest.find('{'); brace != absl::string_view::npos; brace = rest.find('{')) {
    text.append(rest.data(), brace);
    switch (rest[brace + 1]) {
      case 'a':
        writer.Append(text, sentence.asked, finding.asked);
        break;
      case 'h':
        writer.Append(text, sentence.had, finding.had);
        break;
      default:
        writer.Append(text, sentence.subject, finding.subject);
        break;
    }
    rest.remove_prefix(rest.find('}') + 1);
  }
  text.append(rest.data(), rest.size());
  return text;
}

void AppendSkill(std::string& text, matcher::SkillId skill, const Catalogue& catalogue,
                 Language language) {
  if (!catalogue.matcher_catalogue().Has(skill)) {
    text += language == Language::kEnglish ? "a skill not in the catalogue" : "目录外技能";
    return;
  }
  const v1::Skill& entry = catalogue.skill(skill);
  text += language == Language::kEnglish ? entry.display_name_en() : entry.display_name_zh();
}

void AppendKilometres(std::string& text, double kilometres) {
  const auto tenths = static_cast<int64_t>(std::llround(kilometres * 10));
  if (tenths >= 1000) return absl::StrAppend(&text, (tenths + 5) / 10);
  absl::StrAppend(&text, tenths / 10, ".", tenths % 10);
}

void AppendLevel(std::string& text, int level, Language language) {
  if (language == Language::kEnglish) return absl::StrAppend(&text, "level ", level);
  absl::StrAppend(&text, level, " 级");
}

}  // namespace leye::app
