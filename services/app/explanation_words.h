// The words for the matcher's closed lists, in Chinese and English: one table a list.
//
//   WordOf(matcher::Shift::kNight, Language::kEnglish) == "night shift";
//   AppendSet(text, posting.hazards, Language::kChinese);   // "有毒、矿山井下"
//
// Lower-case in English, to stand inside a sentence. Every enumerator has both words;
// tests/services/app/explanation_test.cc walks them.
#ifndef LEYE_SERVICES_APP_EXPLANATION_WORDS_H_
#define LEYE_SERVICES_APP_EXPLANATION_WORDS_H_

#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "matcher/criterion.h"
#include "matcher/rule_id.h"
#include "matcher/vocabulary.h"

namespace leye::app {

enum class Language : uint8_t { kChinese, kEnglish };

// "en" is English; everything else is Chinese.
Language LanguageOf(absl::string_view code);

struct Words {
  absl::string_view zh;
  absl::string_view en;

  absl::string_view In(Language language) const { return language == Language::kEnglish ? en : zh; }
};

Words WordsOf(matcher::Education value);
Words WordsOf(matcher::LabourClass value);
Words WordsOf(matcher::DisabilityKind value);
Words WordsOf(matcher::Group value);
Words WordsOf(matcher::HouseholdExclusion value);
Words WordsOf(matcher::Channel value);
Words WordsOf(matcher::PublicWelfareKind value);
Words WordsOf(matcher::Shift value);
Words WordsOf(matcher::WorkForm value);
Words WordsOf(matcher::Hazard value);
Words WordsOf(matcher::TravelMode value);
Words WordsOf(matcher::RuleId value);
Words WordsOf(matcher::Criterion value);

template <typename E>
absl::string_view WordOf(E value, Language language) {
  return WordsOf(value).In(language);
}

// Between the members of a list.
inline absl::string_view SeparatorIn(Language language) {
  return language == Language::kEnglish ? ", " : "、";
}

// The members one after the other; "无" or "none" for the empty set.
template <typename E>
void AppendSet(std::string& text, matcher::EnumSet<E> set, Language language) {
  if (set.empty()) text += language == Language::kEnglish ? "none" : "无";
  for (bool first = true; !set.empty(); first = false) {
    const E member = set.first();
    absl::StrAppend(&text, first ? "" : SeparatorIn(language), WordOf(member, language));
    set.Remove(member);
  }
}

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_EXPLANATION_WORDS_H_
