#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "matcher/ruleset.h"

namespace leye::matcher {
namespace {

constexpr std::array<absl::string_view, kEnumCount<Channel>> kChannelNames = {
    "ENTERPRISE", "PUBLIC_WELFARE", "WORK_FOR_RELIEF"};

constexpr int kMaxAgeYears = 120;
constexpr int kMaxMonths = 1200;
constexpr int kMaxDays = 3660;
constexpr int kMaxDetour = 5;

// Collects violations; each check names its field.
class Checker {
 public:
  void Violation(absl::string_view field, absl::string_view problem) {
    violations_.push_back({.field = std::string(field), .problem = std::string(problem)});
  }

  void Within(absl::string_view field, int64_t value, int64_t least, int64_t most) {
    if (value >= least && value <= most) return;
    Violation(field, absl::StrCat(value, " is not in ", least, "..", most));
  }

  void Positive(absl::string_view field, double value) {
    if (value > 0 && std::isfinite(value)) return;
    Violation(field, absl::StrCat(value, " is not positive and finite"));
  }

  void NotNegative(absl::string_view field, double value) {
    if (value >= 0) return;
    Violation(field, absl::StrCat(value, " is negative or not a number"));
  }

  void SumsToOne(absl::string_view field, int64_t micros) {
    if (micros == Score::kMicrosPerUnit) return;
    Violation(field,
              absl::StrCat("sums to ", micros, ", not ", Score::kMicrosPerUnit, " millionths"));
  }

  std::vector<RulesetViolation> Take() { return std::move(violations_); }

 private:
  std::vector<RulesetViolation> violations_;
};

int64_t Sum(const Weights& weights) {
  int64_t sum = 0;
  for (const Score weight : weights.scores) sum += weight.micros();
  return sum;
}

void CheckWeights(const Ruleset& ruleset, Checker& check) {
  for (size_t i = 0; i < ruleset.forward_weights.size(); ++i) {
    check.SumsToOne(absl::StrCat("forward_weights[", kChannelNames[i], "]"),
                    Sum(ruleset.forward_weights[i]));
  }
  check.SumsToOne("reverse_weights", Sum(ruleset.reverse_weights));
  const WishParameters& wish = ruleset.wish;
  check.SumsToOne("wish.parts", int64_t{wish.trade_part.micros()} + wish.form_part.micros() +
                                    wish.place_part.micros());
}

// Intensities bar "from this grade on"; one above the highest bars nothing.
void CheckIntensity(absl::string_view field, int grade, Checker& check) {
  check.Within(field, grade, 1, kMaxLabourIntensity + 1);
}

void CheckPeople(const Ruleset& ruleset, Checker& check) {
  const AgeParameters& age = ruleset.age;
  check.Within("age.min_years", age.min_years, 0, kMaxAgeYears);
  check.Within("age.adult_years", age.adult_years, age.min_years, kMaxAgeYears);
  check.Within("age.older_women_years", age.older_women_years, 0, kMaxAgeYears);
  check.Within("age.older_men_years", age.older_men_years, 0, kMaxAgeYears);
  CheckIntensity("age.minors_barred_intensity", age.minors_barred_intensity, check);
  CheckIntensity("protection.women_barred_intensity", ruleset.protection.women_barred_intensity,
                 check);
  CheckIntensity("protection.maternity_barred_intensity",
                 ruleset.protection.maternity_barred_intensity, check);
  CheckIntensity("health.heavy_intensity", ruleset.health.heavy_intensity, check);
  CheckIntensity("health.disabled_barred_intensity", ruleset.health.disabled_barred_intensity,
                 check);
}

void CheckSchedule(absl::string_view name, const RetirementSchedule& schedule, Checker& check) {
  const std::string field = absl::StrCat("retirement.", name, ".");
  check.Within(absl::StrCat(field, "base_years"), schedule.base_years, 1, kMaxAgeYears);
  check.Within(absl::StrCat(field, "start_year"), schedule.start_year, 1900, 2200);
  check.Within(absl::StrCat(field, "start_month"), schedule.start_month, 1, 12);
  check.Within(absl::StrCat(field, "step_months"), schedule.step_months, 1, kMaxMonths);
  check.Within(absl::StrCat(field, "cap_months"), schedule.cap_months, 0, kMaxMonths);
}

void CheckRetirement(const RetirementParameters& retirement, Checker& check) {
  CheckSchedule("men", retirement.men, check);
  CheckSchedule("women55", retirement.women55, check);
  CheckSchedule("women50", retirement.women50, check);
  if (retirement.unrecorded_women == RetirementCategory::kUnknown) {
    check.Violation("retirement.unrecorded_women", "is not a category");
  }
}

void CheckPublicWelfare(const PublicWelfareParameters& welfare, Checker& check) {
  check.Within("public_welfare.max_term_months", welfare.max_term_months, 0, kMaxMonths);
  check.Within("public_welfare.near_retirement_months", welfare.near_retirement_months, 0,
               kMaxMonths);
  check.Within("public_welfare.max_placements", welfare.max_placements, 1, 100);
}

void CheckPriority(const PriorityParameters& priority, Checker& check) {
  Score above = Score::One();
  for (size_t i = 0; i < priority.tiers.size(); ++i) {
    const PriorityTier& tier = priority.tiers[i];
    const std::string field = absl::StrCat("priority.tiers[", i, "]");
    if (tier.all_of.empty()) check.Violation(field, "names no group: use priority.otherwise");
    if (tier.value > above) check.Violation(field, "is worth more than the tier before it");
    above = tier.value;
  }
  if (priority.otherwise > above) {
    check.Violation("priority.otherwise", "is worth more than the last tier");
  }
}

void CheckDistancesAndTimes(const Ruleset& ruleset, Checker& check) {
  const double detour = ruleset.travel.detour_factor;
  if (!(detour >= 1 && detour <= kMaxDetour)) {
    check.Violation("travel.detour_factor", absl::StrCat(detour, " is not in 1..", kMaxDetour));
  }
  check.NotNegative("reach.unstated_limit", ruleset.reach.unstated_limit.km());
  check.NotNegative("reach.walking_limit", ruleset.reach.walking_limit.km());
  check.Positive("proximity.half_distance", ruleset.proximity.half_distance.km());
  check.Positive("proximity.half_minutes", ruleset.proximity.half_minutes);
  check.NotNegative("channel.near", ruleset.channel.near.km());
  check.Within("time.late_start_days", ruleset.time.late_start_days, 0, kMaxDays);
  check.Within("banned.window_days", ruleset.banned.window_days, 0, kMaxDays);
  check.Within("retention.candidate_days", ruleset.retention.candidate_days, 0, kMaxDays);
  check.Within("retention.referral_days", ruleset.retention.referral_days, 0, kMaxDays);
  check.Within("retention.posting_days", ruleset.retention.posting_days, 0, kMaxDays);
  check.Within("waiting.saturation_months", ruleset.waiting.saturation_months, 1, kMaxMonths);
  if (ruleset.wage.worthless_part == Score::One()) {
    check.Violation("wage.worthless_part", "leaves no range for the value: it must be below one");
  }
}

void CheckReferral(const ReferralParameters& referral, Checker& check) {
  constexpr int kMaxStepDays = 365;
  constexpr size_t kMaxVisits = 20;
  check.Within("referral.answer_days", referral.answer_days, 1, kMaxStepDays);
  check.Within("referral.step_days", referral.step_days, 1, kMaxStepDays);
  check.Within("referral.publicity_days", referral.publicity_days, 0, kMaxStepDays);
  check.Within("referral.stable_days", referral.stable_days, 1, kMaxDays);
  check.Within("referral.monitored_every_days", referral.monitored_every_days, 1, kMaxDays);
  check.Within("referral.first_help_days", referral.first_help_days, 1, kMaxStepDays);
  check.Within("referral.work_again_days", referral.work_again_days, 1, kMaxStepDays);
  if (referral.follow_up_days.size() > kMaxVisits) {
    check.Violation("referral.follow_up", "has more than 20 days");
  }
  int least = 1;
  for (size_t i = 0; i < referral.follow_up_days.size(); ++i) {
    const int days = referral.follow_up_days[i];
    check.Within(absl::StrCat("referral.follow_up.days[", i, "]"), days, least, kMaxDays);
    if (days <= kMaxDays) least = std::max(least, days + 1);
  }
}

void CheckCongestion(const CongestionParameters& congestion, Checker& check) {
  check.Within("congestion.window_days", congestion.window_days, 1, kMaxCongestionWindowDays);
  check.Within("congestion.half_postings", congestion.half_postings, 1, 1'000);
}

void CheckLint(const LintParameters& lint, Checker& check) {
  if (lint.blocking.Intersects(lint.holding)) {
    check.Violation("lint.holding", "names a finding that lint.blocking names too");
  }
  const std::pair<absl::string_view, const std::vector<std::string>&> lists[] = {
      {"lint.sex_words", lint.sex_words},
      {"lint.ethnic_words", lint.ethnic_words},
      {"lint.residence_words", lint.residence_words},
      {"lint.bait_words", lint.bait_words},
      {"lint.training_loan_words", lint.training_loan_words},
      {"lint.denials", lint.denials}};
  for (const auto& [field, words] : lists) {
    for (const std::string& word : words) {
      if (word.empty()) check.Violation(field, "has an empty word, which stands in every text");
    }
  }
  for (size_t i = 0; i < lint.minimum_wages.size(); ++i) {
    const MinimumWage& wage = lint.minimum_wages[i];
    const std::string field = absl::StrCat("lint.minimum_wages[", i, "]");
    if (!wage.division.known()) check.Violation(field, "is of no place");
    check.Within(absl::StrCat(field, ".monthly_yuan"), wage.monthly_yuan, 1, 100'000);
    check.Within(absl::StrCat(field, ".hourly_fen"), wage.hourly_fen, 1, 100'000);
  }
  int least_year = 0;
  for (size_t i = 0; i < lint.labour_pay_shares.size(); ++i) {
    constexpr int kLastYear = 2200;
    const LabourPayShare& share = lint.labour_pay_shares[i];
    const std::string field = absl::StrCat("lint.labour_pay_shares[", i, "]");
    check.Within(absl::StrCat(field, ".from_year"), share.from_year, least_year, kLastYear);
    if (share.from_year <= kLastYear) least_year = std::max(least_year, share.from_year + 1);
    check.Within(absl::StrCat(field, ".percent"), share.percent, 0, 100);
  }
}

}  // namespace

std::vector<RulesetViolation> Validate(const Ruleset& ruleset) {
  Checker check;
  if (ruleset.version.empty()) check.Violation("version", "is empty");
  CheckWeights(ruleset, check);
  CheckPeople(ruleset, check);
  CheckRetirement(ruleset.retirement, check);
  CheckPublicWelfare(ruleset.public_welfare, check);
  CheckPriority(ruleset.priority, check);
  CheckDistancesAndTimes(ruleset, check);
  CheckReferral(ruleset.referral, check);
  CheckCongestion(ruleset.congestion, check);
  CheckLint(ruleset.lint, check);
  return check.Take();
}

}  // namespace leye::matcher
