#include "services/app/explanation_findings.h"

#include <array>
#include <cmath>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"

#include "matcher/units.h"

namespace leye::app {
namespace {

using F = NumberForm;

template <typename E>
void AppendEnum(std::string& text, int64_t number, Language language) {
  if (number < 0 || number >= static_cast<int64_t>(E::kCount)) return;
  absl::StrAppend(&text, WordOf(static_cast<E>(number), language));
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
    absl::StrAppend(&text, kRoman[static_cast<size_t>(grade)]);
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
