// How scenario texts are taken apart: clauses, words, and the names of enumerators.
#ifndef LEYE_TESTS_TESTING_SCENARIO_TEXT_H_
#define LEYE_TESTS_TESTING_SCENARIO_TEXT_H_

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

#include "matcher/posting_profile.h"
#include "matcher/profile.h"

namespace leye::matcher::testing {

// Ends the program: the test itself is wrong.
[[noreturn]] void BadScenario(absl::string_view what);

// The words of one clause after its key, read from the front.
class Words {
 public:
  explicit Words(std::vector<std::string> words) : words_(std::move(words)) {}

  bool empty() const { return next_ == words_.size(); }
  const std::string& Peek() const;
  std::string Take();
  // Takes the word if it is the next one.
  bool TakeIf(absl::string_view word);
  int64_t TakeNumber();
  std::optional<int64_t> TakeNumberOr();  // `-`: nullopt
  double TakeDouble();
  Day TakeDay(Day if_dash);

  template <typename Number>
  Number TakeAs() {
    return static_cast<Number>(TakeNumber());
  }
  template <typename Number>
  std::optional<Number> TakeOptionalAs() {
    const std::optional<int64_t> number = TakeNumberOr();
    return number ? std::optional<Number>(static_cast<Number>(*number)) : std::nullopt;
  }

 private:
  std::vector<std::string> words_;
  size_t next_ = 0;
};

template <typename Profile>
using Clauses = std::map<std::string, std::function<void(Profile&, Words&)>>;

struct Clause {
  std::string key;
  Words words;
};
std::vector<Clause> SplitClauses(absl::string_view text);

template <typename Profile>
void Apply(absl::string_view text, const Clauses<Profile>& known, Profile& profile) {
  for (Clause& clause : SplitClauses(text)) {
    const auto found = known.find(clause.key);
    if (found == known.end()) BadScenario("unknown clause " + clause.key);
    found->second(profile, clause.words);
    if (!clause.words.empty()) BadScenario("left over after " + clause.key);
  }
}

// Enumerators by name, in kebab case. REQUIRES: a known name.
Group GroupNamed(absl::string_view name);
Sex SexNamed(absl::string_view name);
LabourClass LabourClassNamed(absl::string_view name);
DisabilityKind DisabilityNamed(absl::string_view name);
HouseholdExclusion ExclusionNamed(absl::string_view name);
Channel ChannelNamed(absl::string_view name);
PublicWelfareKind WelfareKindNamed(absl::string_view name);
Shift ShiftNamed(absl::string_view name);
WorkForm WorkFormNamed(absl::string_view name);
Hazard HazardNamed(absl::string_view name);

// All remaining words as a set.
template <typename E>
EnumSet<E> TakeSet(Words& words, E (*named)(absl::string_view)) {
  EnumSet<E> set;
  while (!words.empty()) set.Insert(named(words.Take()));
  return set;
}

}  // namespace leye::matcher::testing

#endif  // LEYE_TESTS_TESTING_SCENARIO_TEXT_H_
