// The two languages in which leyectl speaks to people. Programs use --json, which has no words.
//
//   Language language = LanguageFromLocale("zh_CN.UTF-8");
//   std::cout << Say(language, "no such posting", "没有这个岗位");

#ifndef LEYE_SERVICES_LEYECTL_LANGUAGE_H_
#define LEYE_SERVICES_LEYECTL_LANGUAGE_H_

#include <cstdlib>
#include <optional>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"

namespace leye::ctl {

enum class Language { kEnglish, kChinese };

// The phrase in `language`. The view is that of the argument.
inline absl::string_view Say(Language language, absl::string_view english,
                             absl::string_view chinese) {
  return language == Language::kChinese ? chinese : english;
}

// As the API names it: `zh-CN` or `en`.
inline std::string LanguageTag(Language language) {
  return language == Language::kChinese ? "zh-CN" : "en";
}

// `zh`, `zh-CN`, `zh_CN.UTF-8` and the like are Chinese; `en...` is English; anything else is not
// known.
inline std::optional<Language> ParseLanguage(absl::string_view tag) {
  if (absl::StartsWithIgnoreCase(tag, "zh")) return Language::kChinese;
  if (absl::StartsWithIgnoreCase(tag, "en")) return Language::kEnglish;
  return std::nullopt;
}

// English unless the locale says Chinese, so also for `C` and an empty one.
inline Language LanguageFromLocale(absl::string_view locale) {
  return ParseLanguage(locale).value_or(Language::kEnglish);
}

// From LC_ALL, LC_MESSAGES or LANG, the first that is set, as POSIX orders them.
inline Language LanguageFromEnvironment() {
  for (const char* variable : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    const char* value = std::getenv(variable);
    if (value != nullptr && *value != '\0') return LanguageFromLocale(value);
  }
  return Language::kEnglish;
}

}  // namespace leye::ctl

#endif  // LEYE_SERVICES_LEYECTL_LANGUAGE_H_
