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

Words WordsOf(matcher::Education education);
Words WordsOf(matcher::LabourClass labour_class);
Words WordsOf(matcher::DisabilityKind kind);
Words WordsOf(matcher::Group group);
Words WordsOf(matcher::HouseholdExclusion exclusion);
Words WordsOf(matcher::Channel channel);
Words WordsOf(matcher::PublicWelfareKind kind);
Words WordsOf(matcher::Shift shift);
Words WordsOf(matcher::WorkForm form);
Words WordsOf(matcher::Hazard hazard);
Words WordsOf(matcher::RuleId rule);
Words WordsOf(matcher::Criterion criterion);

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
