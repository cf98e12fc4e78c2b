#include "services/base/config_value.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <type_traits>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

#include "services/base/status.h"

namespace leye::config_internal {
namespace {

absl::Status Expected(absl::string_view what, absl::string_view text) {
  return absl::InvalidArgumentError(absl::StrCat("expected ", what, ", got '", text, "'"));
}

absl::StatusOr<ConfigValue> Parse(absl::string_view text, const std::string*) {
  return ConfigValue(std::string(text));
}

absl::StatusOr<ConfigValue> Parse(absl::string_view text, const bool*) {
  if (text == "true") return ConfigValue(true);
  if (text == "false") return ConfigValue(false);
  return Expected("true or false", text);
}

absl::StatusOr<ConfigValue> Parse(absl::string_view text, const int*) {
  int value = 0;
  if (!absl::SimpleAtoi(text, &value)) return Expected("a whole number", text);
  return ConfigValue(value);
}

absl::StatusOr<ConfigValue> Parse(absl::string_view text, const int64_t*) {
  int64_t value = 0;
  if (!absl::SimpleAtoi(text, &value)) return Expected("a whole number", text);
  return ConfigValue(value);
}

absl::StatusOr<ConfigValue> Parse(absl::string_view text, const double*) {
  double value = 0;
  if (!absl::SimpleAtod(text, &value) || !std::isfinite(value)) return Expected("a number", text);
  return ConfigValue(value);
}

absl::StatusOr<ConfigValue> Parse(absl::string_view text, const absl::Duration*) {
  absl::Duration value;
  if (!absl::ParseDuration(text, &value)) {
    return Expected("a duration such as 250ms, 10s or 2h", text);
  }
  return ConfigValue(value);
}

absl::StatusOr<ConfigValue> Parse(absl::string_view text, const std::vector<std::string>*) {
  std::vector<std::string> items;
  for (absl::string_view item : absl::StrSplit(text, ',')) {
    item = absl::StripAsciiWhitespace(item);
    if (!item.empty()) items.emplace_back(item);
  }
  return ConfigValue(std::move(items));
}

// The number that at_least and at_most speak of, if the value has one.
struct Magnitude {
  std::optional<double> operator()(int value) const { return value; }
  std::optional<double> operator()(int64_t value) const { return static_cast<double>(value); }
  std::optional<double> operator()(double value) const { return value; }
  std::optional<double> operator()(absl::Duration value) const {
    return absl::ToDoubleSeconds(value);
  }
  std::optional<double> operator()(bool /*value*/) const { return std::nullopt; }
  std::optional<double> operator()(const std::string& /*value*/) const { return std::nullopt; }
  std::optional<double> operator()(const std::vector<std::string>& /*value*/) const {
    return std::nullopt;
  }
};

bool IsWithinLimits(const ConfigKey& key, const ConfigValue& value) {
  if (const std::optional<double> number = std::visit(Magnitude(), value)) {
    if (key.at_least && *number < *key.at_least) return false;
    if (key.at_most && *number > *key.at_most) return false;
  }
  const std::string* text = std::get_if<std::string>(&value);
  return text == nullptr || key.one_of.empty() ||
         std::find(key.one_of.begin(), key.one_of.end(), *text) != key.one_of.end();
}

std::string FormatLimit(const ConfigKey& key, double limit) {
  if (std::holds_alternative<absl::Duration*>(key.target)) {
    return absl::FormatDuration(absl::Seconds(limit));
  }
  const auto whole = static_cast<int64_t>(limit);  // StrCat of a double keeps six digits.
  return static_cast<double>(whole) == limit ? absl::StrCat(whole) : absl::StrCat(limit);
}

std::string Format(const std::string& value) { return value; }
std::string Format(bool value) { return value ? "true" : "false"; }
std::string Format(int value) { return absl::StrCat(value); }
std::string Format(int64_t value) { return absl::StrCat(value); }
std::string Format(double value) { return absl::StrCat(value); }
std::string Format(absl::Duration value) { return absl::FormatDuration(value); }
std::string Format(const std::vector<std::string>& value) { return absl::StrJoin(value, ","); }

absl::string_view Name(const std::string*) { return "text"; }
absl::string_view Name(const bool*) { return "true|false"; }
absl::string_view Name(const int*) { return "whole number"; }
absl::string_view Name(const int64_t*) { return "whole number"; }
absl::string_view Name(const double*) { return "number"; }
absl::string_view Name(const absl::Duration*) { return "duration"; }
absl::string_view Name(const std::vector<std::string>*) { return "list,of,text"; }

}  // namespace

absl::StatusOr<ConfigValue> ParseValue(const ConfigKey& key, absl::string_view text) {
  LEYE_ASSIGN_OR_RETURN(
      ConfigValue value,
      std::visit([text](const auto* target) { return Parse(text, target); }, key.target));
  if (!IsWithinLimits(key, value)) return Expected(FormatLimits(key), text);
  return value;
}

void SetTarget(const ConfigTarget& target, const ConfigValue& value) {
  std::visit(
      [&value](auto* where) { *where = std::get<std::remove_pointer_t<decltype(where)>>(value); },
      target);
}

std::string FormatTarget(const ConfigTarget& target) {
  return std::visit([](const auto* where) { return Format(*where); }, target);
}

absl::string_view TypeName(const ConfigTarget& target) {
  return std::visit([](const auto* where) { return Name(where); }, target);
}

std::string FormatLimits(const ConfigKey& key) {
  if (!key.one_of.empty()) return absl::StrCat("one of ", absl::StrJoin(key.one_of, ", "));
  if (key.at_least && key.at_most) {
    return absl::StrCat(FormatLimit(key, *key.at_least), " to ", FormatLimit(key, *key.at_most));
  }
  if (key.at_least) return absl::StrCat("at least ", FormatLimit(key, *key.at_least));
  if (key.at_most) return absl::StrCat("at most ", FormatLimit(key, *key.at_most));
  return "";
}

}  // namespace leye::config_internal
