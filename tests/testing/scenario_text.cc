#include "tests/testing/scenario_text.h"

#include <array>
#include <cstdio>
#include <cstdlib>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

#include "tests/testing/scenario.h"

namespace leye::matcher::testing {
namespace {

// `names` in the order of the enumerators.
template <typename E, size_t kCount>
E Named(absl::string_view name, const std::array<absl::string_view, kCount>& names) {
  for (size_t i = 0; i < kCount; ++i) {
    if (names[i] == name) return static_cast<E>(i);
  }
  BadScenario(absl::StrCat("unknown word ", name));
}

}  // namespace

void BadScenario(absl::string_view what) {
  std::fprintf(stderr, "bad scenario: %s\n", std::string(what).c_str());
  std::abort();
}

const std::string& Words::Peek() const {
  if (empty()) BadScenario("a word is missing");
  return words_[next_];
}

std::string Words::Take() {
  std::string word = Peek();
  ++next_;
  return word;
}

bool Words::TakeIf(absl::string_view word) {
  if (empty() || words_[next_] != word) return false;
  ++next_;
  return true;
}

int64_t Words::TakeNumber() {
  const std::string word = Take();
  int64_t number = 0;
  if (!absl::SimpleAtoi(word, &number)) BadScenario(absl::StrCat("no number: ", word));
  return number;
}

std::optional<int64_t> Words::TakeNumberOr() {
  if (TakeIf("-")) return std::nullopt;
  return TakeNumber();
}

double Words::TakeDouble() {
  const std::string word = Take();
  double number = 0;
  if (!absl::SimpleAtod(word, &number)) BadScenario(absl::StrCat("no number: ", word));
  return number;
}

Day Words::TakeDay(Day if_dash) { return TakeIf("-") ? if_dash : Date(Take()); }

std::vector<Clause> SplitClauses(absl::string_view text) {
  std::vector<Clause> clauses;
  for (absl::string_view part : absl::StrSplit(text, ';', absl::SkipWhitespace())) {
    std::vector<std::string> words =
        absl::StrSplit(part, absl::ByAnyChar(" \n"), absl::SkipEmpty());
    std::string key = words.front();
    words.erase(words.begin());
    clauses.push_back({.key = std::move(key), .words = Words(std::move(words))});
  }
  return clauses;
}

Group GroupNamed(absl::string_view name) {
  static constexpr std::array<absl::string_view, kEnumCount<Group>> kNames = {
      "relocated",         "hard-to-employ",        "veteran",
      "graduate",          "returned-migrant",      "landless",
      "reintegration",     "single-parent",         "lifted-from-poverty",
      "monitored",         "monitored-at-risk",     "subsistence-allowance",
      "zero-employment",   "weak-labour",           "disabled",
      "severely-disabled", "registered-unemployed", "student",
      "older-worker"};
  return Named<Group>(name, kNames);
}

Sex SexNamed(absl::string_view name) {
  static constexpr std::array<absl::string_view, 3> kNames = {"unknown", "f", "m"};
  return Named<Sex>(name, kNames);
}

LabourClass LabourClassNamed(absl::string_view name) {
  static constexpr std::array<absl::string_view, kEnumCount<LabourClass>> kNames = {
      "unknown", "skilled", "ordinary", "weak", "lost", "none"};
  return Named<LabourClass>(name, kNames);
}

DisabilityKind DisabilityNamed(absl::string_view name) {
  static constexpr std::array<absl::string_view, kEnumCount<DisabilityKind>> kNames = {
      "none", "visual", "hearing", "speech", "physical", "intellectual", "mental", "multiple"};
  return Named<DisabilityKind>(name, kNames);
}

HouseholdExclusion ExclusionNamed(absl::string_view name) {
  static constexpr std::array<absl::string_view, kEnumCount<HouseholdExclusion>> kNames = {
      "public-payroll", "village-cadre", "registered-business", "owns-car",
      "owns-commercial-house"};
  return Named<HouseholdExclusion>(name, kNames);
}

Channel ChannelNamed(absl::string_view name) {
  static constexpr std::array<absl::string_view, kEnumCount<Channel>> kNames = {
      "enterprise", "public-welfare", "work-for-relief"};
  return Named<Channel>(name, kNames);
}

PublicWelfareKind WelfareKindNamed(absl::string_view name) {
  static constexpr std::array<absl::string_view, kEnumCount<PublicWelfareKind>> kNames = {
      "none", "forest-guard", "road-maintenance",  "cleaning", "water-management",
      "care", "security",     "community-service", "other"};
  return Named<PublicWelfareKind>(name, kNames);
}

Shift ShiftNamed(absl::string_view name) {
  static constexpr std::array<absl::string_view, kEnumCount<Shift>> kNames = {"day", "evening",
                                                                              "night", "weekend"};
  return Named<Shift>(name, kNames);
}

WorkForm WorkFormNamed(absl::string_view name) {
  static constexpr std::array<absl::string_view, kEnumCount<WorkForm>> kNames = {
      "full-time", "part-time", "hourly", "seasonal", "home-based"};
  return Named<WorkForm>(name, kNames);
}

Hazard HazardNamed(absl::string_view name) {
  static constexpr std::array<absl::string_view, kEnumCount<Hazard>> kNames = {
      "hazardous", "toxic", "mine", "high-place"};
  return Named<Hazard>(name, kNames);
}

}  // namespace leye::matcher::testing
