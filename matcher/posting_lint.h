// What a posting is asked before it is published, as parameters. Nothing here asks: whoever takes
// postings in does (services/app/posting_lint.h). They stand in the ruleset because they are rules.
#ifndef LEYE_MATCHER_POSTING_LINT_H_
#define LEYE_MATCHER_POSTING_LINT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "matcher/enum_set.h"
#include "matcher/units.h"

namespace leye::matcher {

// A month has 21.75 paid days (国务院: 月计薪天数, 人社部 2008 notice No. 3) of 8 hours.
inline constexpr double kPaidDaysPerMonth = 21.75;
inline constexpr int kFullHoursPerDay = 8;

enum class LintCode : uint8_t {
  kMissingConditions,
  kMissingPay,
  kMissingValidity,
  kSexLimit,
  kEthnicLimit,
  kResidenceLimit,
  kBait,
  kTrainingLoan,
  kBelowMinimumWage,
  kDuplicate,
  kLabourPayShare,
  kSkillGate,
  kCount,
};
using LintCodeSet = EnumSet<LintCode>;

struct MinimumWage {
  DivisionCode division;
  int monthly_yuan = 0;
  int hourly_fen = 0;

  friend bool operator==(const MinimumWage&, const MinimumWage&) = default;
};

// Labour pay in the central funds of work for relief that takes applications from that year on.
struct LabourPayShare {
  int from_year = 0;
  int percent = 0;

  friend bool operator==(const LabourPayShare&, const LabourPayShare&) = default;
};

// The paper that a finding rests on.
struct LintSource {
  LintCode code = LintCode::kCount;
  std::string source;

  friend bool operator==(const LintSource&, const LintSource&) = default;
};

struct LintParameters {
  LintCodeSet off;       // Not looked for.
  LintCodeSet blocking;  // Keep a posting back until it is mended;
  LintCodeSet holding;   // or until a bureau accepts them. All others are flags.

  std::vector<std::string> sex_words;
  std::vector<std::string> ethnic_words;
  std::vector<std::string> residence_words;
  std::vector<std::string> bait_words;
  std::vector<std::string> training_loan_words;
  std::vector<std::string> denials;  // Right before a word they take it back.

  std::vector<MinimumWage> minimum_wages;
  std::vector<LabourPayShare> labour_pay_shares;  // Years ascending.
  std::vector<LintSource> sources;

  // Of the narrowest place that holds `place`; null: not known.
  const MinimumWage* MinimumWageOf(DivisionCode place) const;

  // In per cent; nullopt for a year before all.
  std::optional<int> LabourPayPercentOf(int64_t year) const;

  // "" where none is named.
  const std::string& SourceOf(LintCode code) const;
};

// Of `hebei-2026`.
LintParameters DefaultLint();

}  // namespace leye::matcher

#endif  // LEYE_MATCHER_POSTING_LINT_H_
