#include "services/app/posting_lint.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "services/app/formats.h"
#include "services/app/lint_codec.h"
#include "services/app/ruleset_codec.h"
#include "services/base/clock.h"
#include "services/base/status.h"
#include "services/text/characters.h"
#include "services/text/folding.h"

namespace leye::app {

using matcher::LintCode;

namespace {

constexpr size_t kMostTold = 5;  // Words and codes in a finding's evidence.
constexpr double kFenPerYuan = 100;
constexpr double kMonthsPerYear = 12;
constexpr int kFullDaysPerMonth = 20;  // With fewer days a month it is not full time.

// The same for everybody; making it takes a tenth of a second.
absl::StatusOr<const text::Characters*> KnownCharacters() {
  static const auto& loaded = *new absl::StatusOr<text::Characters>(text::Characters::Load());
  LEYE_RETURN_IF_ERROR(loaded.status());
  return &*loaded;
}

std::u32string Folded(absl::string_view text, const text::Characters& characters) {
  return text::Fold(text, characters).characters;
}

std::string Join(const std::vector<std::string>& told) {
  const auto most = static_cast<std::ptrdiff_t>(std::min(told.size(), kMostTold));
  return absl::StrJoin(told.begin(), told.begin() + most, "、");
}

matcher::DivisionCode DivisionOf(const v1::Posting& posting) {
  uint64_t code = 0;
  if (!absl::SimpleAtoi(posting.place().division_code(), &code)) return {};
  return matcher::DivisionCode::FromNumber(code);
}

// The fields that hold words, with their paths.
std::vector<std::pair<const char*, const std::string*>> TextsOf(const v1::Posting& posting) {
  return {{"title", &posting.title()},
          {"original_text", &posting.original_text()},
          {"openings_text", &posting.openings_text()},
          {"conditions.conduct", &posting.conditions().conduct()},
          {"conditions.health", &posting.conditions().health()},
          {"schedule.text", &posting.schedule().text()},
          {"pay.text", &posting.pay().text()},
          {"benefits.text", &posting.benefits().text()}};
}

bool SaysConditions(const v1::Posting& posting) {
  return posting.conditions().ByteSizeLong() > 0 || !posting.required_skills().empty() ||
         !posting.preferred_skills().empty() || !posting.required_certificates().empty() ||
         !posting.original_text().empty();
}

bool SaysPay(const v1::Posting& posting) {
  const v1::Pay& pay = posting.pay();
  return pay.has_min_yuan() || pay.has_max_yuan() || pay.has_monthly_estimate_yuan() ||
         pay.has_minimum_wage_percent() || !pay.text().empty() ||
         posting.public_welfare().has_monthly_subsidy_yuan();
}

bool SaysValidity(const v1::Posting& posting) {
  const v1::Schedule& schedule = posting.schedule();
  return !posting.apply_from().empty() || !posting.apply_until().empty() ||
         !schedule.start_date().empty() || !schedule.end_date().empty() ||
         schedule.has_term_months();
}

// --- Pay -----------------------------------------------------------------------------------------

// How long the work of a posting is, as far as it says.
struct WorkingTime {
  bool full = false;                   // A day and a month of full time, by what is said or usual.
  std::optional<int> hours_per_day;    // The most.
  std::optional<int> hours_per_month;  // The least.
};

WorkingTime WorkingTimeOf(const v1::Posting& posting) {
  const v1::Schedule& schedule = posting.schedule();
  WorkingTime time;
  if (schedule.has_max_hours_per_day()) time.hours_per_day = schedule.max_hours_per_day();
  if (schedule.has_min_hours_per_month()) time.hours_per_month = schedule.min_hours_per_month();
  const bool usual =
      schedule.form() == v1::WORK_FORM_UNSPECIFIED || schedule.form() == v1::WORK_FORM_SEASONAL;
  time.full =
      (schedule.form() == v1::WORK_FORM_FULL_TIME || usual) &&
      time.hours_per_day.value_or(matcher::kFullHoursPerDay) >= matcher::kFullHoursPerDay &&
      (!schedule.has_min_days_per_month() || schedule.min_days_per_month() >= kFullDaysPerMonth) &&
      !time.hours_per_month.has_value();
  return time;
}

// An amount that was found to be under the minimum wage, as evidence.
using Shortfall = std::optional<std::string>;

Shortfall Under(double yuan, double least_yuan, absl::string_view unit) {
  constexpr double kRounding = 0.005;
  if (yuan >= least_yuan - kRounding) return std::nullopt;
  return absl::StrCat(yuan, " < ", least_yuan, " 元/", unit);
}

Shortfall HourlyShortfall(double yuan, const matcher::MinimumWage& wage) {
  return Under(yuan, wage.hourly_fen / kFenPerYuan, "小时");
}

// What comes to a month's minimum is enough, however few the hours.
Shortfall MonthlyShortfall(double yuan, const WorkingTime& time, const matcher::MinimumWage& wage) {
  const Shortfall monthly = Under(yuan, wage.monthly_yuan, "月");
  if (time.full || !monthly.has_value()) return monthly;
  if (time.hours_per_month.value_or(0) == 0) return std::nullopt;
  return HourlyShortfall(yuan / *time.hours_per_month, wage);
}

Shortfall DailyShortfall(double yuan, const WorkingTime& time, const matcher::MinimumWage& wage) {
  const Shortfall monthly = Under(yuan * matcher::kPaidDaysPerMonth, wage.monthly_yuan, "月");
  if (time.full || !monthly.has_value()) return monthly;
  if (time.hours_per_day.value_or(0) == 0) return std::nullopt;
  return HourlyShortfall(yuan / *time.hours_per_day, wage);
}

Shortfall AmountShortfall(double yuan, const v1::Posting& posting, const WorkingTime& time,
                          const matcher::MinimumWage& wage) {
  switch (posting.pay().unit()) {
    case v1::PAY_UNIT_HOUR:
      // Full-time work paid by the hour has a month's minimum.
      if (posting.schedule().form() != v1::WORK_FORM_FULL_TIME) return HourlyShortfall(yuan, wage);
      return Under(yuan * matcher::kPaidDaysPerMonth * matcher::kFullHoursPerDay, wage.monthly_yuan,
                   "月");
    case v1::PAY_UNIT_DAY:
      return DailyShortfall(yuan, time, wage);
    case v1::PAY_UNIT_MONTH:
      return MonthlyShortfall(yuan, time, wage);
    case v1::PAY_UNIT_YEAR:
      return time.full ? MonthlyShortfall(yuan / kMonthsPerYear, time, wage) : std::nullopt;
    default:
      return std::nullopt;
  }
}

// Rural public-welfare posts take some hours of some days for a subsidy, unless they say otherwise.
bool IsSubsidised(const v1::Posting& posting) {
  return posting.has_public_welfare() && !posting.public_welfare().urban() &&
         posting.schedule().form() != v1::WORK_FORM_FULL_TIME;
}

// By the least that is offered.
Shortfall PayShortfall(const v1::Posting& posting, const matcher::MinimumWage& wage) {
  if (IsSubsidised(posting)) return std::nullopt;
  const v1::Pay& pay = posting.pay();
  const WorkingTime time = WorkingTimeOf(posting);
  if (time.full && pay.has_trial_monthly_yuan()) {
    const Shortfall trial = Under(pay.trial_monthly_yuan(), wage.monthly_yuan, "月");
    if (trial.has_value()) return trial;
  }
  if (pay.has_min_yuan() || pay.has_max_yuan()) {
    const double least = pay.has_min_yuan() ? pay.min_yuan() : pay.max_yuan();
    const Shortfall amount = AmountShortfall(least, posting, time, wage);
    if (amount.has_value()) return amount;
  }
  if (pay.has_monthly_estimate_yuan()) {
    return MonthlyShortfall(pay.monthly_estimate_yuan(), time, wage);
  }
  if (pay.has_minimum_wage_percent() && pay.minimum_wage_percent() < 100) {
    return absl::StrCat(pay.minimum_wage_percent(), " % < 100 %");
  }
  return std::nullopt;
}

// --- Work for relief -----------------------------------------------------------------------------

std::optional<double> LabourPayPercent(const v1::WorkForReliefProject& project) {
  if (project.central_funds_yuan() > 0 && project.has_labour_pay_yuan()) {
    return 100.0 * static_cast<double>(project.labour_pay_yuan()) /
           static_cast<double>(project.central_funds_yuan());
  }
  if (project.has_labour_pay_percent()) return project.labour_pay_percent();
  return std::nullopt;
}

// The year in which the posting takes applications, as it says or by when it was created.
int64_t YearOf(const v1::Posting& posting, absl::CivilDay today) {
  const std::optional<absl::CivilDay> from = ParseDate(posting.apply_from());
  if (from.has_value()) return from->year();
  return posting.has_create_time() ? DayInChina(ToTime(posting.create_time())).year()
                                   : today.year();
}

}  // namespace

std::optional<LabourPay> LabourPayOf(const v1::Posting& posting,
                                     const matcher::LintParameters& lint, absl::CivilDay today) {
  const std::optional<double> percent = LabourPayPercent(posting.work_for_relief());
  if (!percent.has_value()) return std::nullopt;
  return LabourPay{.percent = *percent, .asked = lint.LabourPayPercentOf(YearOf(posting, today))};
}

// Gathers the findings of one posting, in the order of the codes.
class PostingLint::Search {
 public:
  Search(const PostingLint& lint, const v1::Posting& posting)
      : lint_(lint), rules_(lint.rules_->lint), posting_(posting) {}

  // What is to be said must be there.
  void Say() {
    if (!SaysConditions(posting_)) Add(LintCode::kMissingConditions, "conditions");
    if (!SaysPay(posting_)) Add(LintCode::kMissingPay, "pay");
    if (!SaysValidity(posting_)) Add(LintCode::kMissingValidity, "apply_until");
  }

  // Nobody is kept out for what has nothing to do with the work.
  void Open(const text::Characters& characters) {
    for (const auto& [path, text] : TextsOf(posting_)) {
      if (!text->empty()) texts_.emplace_back(path, Folded(*text, characters));
    }
    if (!lint_.IsForMenByLaw(posting_)) {
      if (posting_.conditions().sex_limit() != v1::SEX_UNSPECIFIED) {
        Add(LintCode::kSexLimit, "conditions.sex_limit",
            v1::Sex_Name(posting_.conditions().sex_limit()));
      }
      AddWords(LintCode::kSexLimit, lint_.sex_words_);
    }
    AddWords(LintCode::kEthnicLimit, lint_.ethnic_words_);
    if (!posting_.has_enterprise()) return;  // Programmes are for the people of their place.
    const auto& residence = posting_.conditions().residence_division_codes();
    if (!residence.empty()) {
      Add(LintCode::kResidenceLimit, "conditions.residence_division_codes",
          Join({residence.begin(), residence.end()}));
    }
    AddWords(LintCode::kResidenceLimit, lint_.residence_words_);
  }

  void Honest() {
    AddWords(LintCode::kBait, lint_.bait_words_);
    AddWords(LintCode::kTrainingLoan, lint_.training_loan_words_);
  }

  void Paid() {
    const matcher::MinimumWage* wage = rules_.MinimumWageOf(DivisionOf(posting_));
    if (wage == nullptr) return;
    const Shortfall shortfall = PayShortfall(posting_, *wage);
    if (shortfall.has_value()) Add(LintCode::kBelowMinimumWage, "pay", *shortfall);
  }

  void New(absl::string_view twin) {
    if (!twin.empty()) Add(LintCode::kDuplicate, "title", std::string(twin));
  }

  void WorkForRelief() {
    if (!posting_.has_work_for_relief()) return;
    const auto pay = LabourPayOf(posting_, rules_, lint_.today_);
    if (pay.has_value() && pay->asked.has_value() && pay->percent < *pay->asked) {
      Add(LintCode::kLabourPayShare, "work_for_relief",
          absl::StrCat(pay->percent, " % < ", *pay->asked, " %"));
    }
    if (!posting_.hazards().empty()) return;
    const v1::Conditions& conditions = posting_.conditions();
    const std::pair<bool, const char*> gates[] = {
        {!posting_.required_skills().empty(), "required_skills"},
        {!posting_.required_certificates().empty(), "required_certificates"},
        {conditions.min_education() > v1::EDUCATION_NONE, "conditions.min_education"},
        {conditions.min_experience_months() > 0, "conditions.min_experience_months"}};
    for (const auto& [stands, field] : gates) {
      if (stands) Add(LintCode::kSkillGate, field);
    }
  }

  std::vector<v1::LintFinding> Take() { return std::move(found_); }

 private:
  void Add(LintCode code, const char* field, std::string evidence = "") {
    if (rules_.off.Contains(code)) return;
    v1::LintFinding& finding = found_.emplace_back();
    finding.set_code(ToApi(code));
    finding.set_severity(rules_.blocking.Contains(code)  ? v1::LINT_SEVERITY_BLOCKING
                         : rules_.holding.Contains(code) ? v1::LINT_SEVERITY_HOLDING
                                                         : v1::LINT_SEVERITY_FLAG);
    finding.set_field(field);
    finding.set_evidence(std::move(evidence));
    finding.set_source(rules_.SourceOf(code));
    finding.set_ruleset(RulesetName(*lint_.rules_));
  }

  void AddWords(LintCode code, const Words& words) {
    for (const auto& [path, text] : texts_) {
      std::string found = lint_.FoundIn(text, words);
      if (!found.empty()) Add(code, path, std::move(found));
    }
  }

  const PostingLint& lint_;
  const matcher::LintParameters& rules_;
  const v1::Posting& posting_;
  std::vector<std::pair<const char*, std::u32string>> texts_;
  std::vector<v1::LintFinding> found_;
};

PostingLint::PostingLint(RulesetSource::Ruleset rules, absl::CivilDay today,
                         const text::Characters& characters)
    : rules_(std::move(rules)), today_(today), characters_(characters) {
  const matcher::LintParameters& lint = rules_->lint;
  sex_words_ = FoldAll(lint.sex_words);
  ethnic_words_ = FoldAll(lint.ethnic_words);
  residence_words_ = FoldAll(lint.residence_words);
  bait_words_ = FoldAll(lint.bait_words);
  training_loan_words_ = FoldAll(lint.training_loan_words);
  denials_ = FoldAll(lint.denials);
}

absl::StatusOr<PostingLint> PostingLint::Make(RulesetSource::Ruleset rules, absl::CivilDay today) {
  LEYE_ASSIGN_OR_RETURN(const text::Characters* characters, KnownCharacters());
  return PostingLint(std::move(rules), today, *characters);
}

PostingLint::Words PostingLint::FoldAll(const std::vector<std::string>& words) const {
  Words made;
  made.written = words;
  for (const std::string& word : words) made.folded.push_back(Folded(word, characters_));
  return made;
}

bool PostingLint::IsDenied(const std::u32string& text, size_t at) const {
  return std::any_of(denials_.folded.begin(), denials_.folded.end(), [&](const auto& denial) {
    return denial.size() <= at && text.compare(at - denial.size(), denial.size(), denial) == 0;
  });
}

std::string PostingLint::FoundIn(const std::u32string& text, const Words& words) const {
  std::vector<std::string> found;
  for (size_t i = 0; i < words.folded.size(); ++i) {
    const std::u32string& word = words.folded[i];
    size_t at = word.empty() ? std::u32string::npos : text.find(word);
    while (at != std::u32string::npos && IsDenied(text, at)) at = text.find(word, at + 1);
    if (at != std::u32string::npos) found.push_back(words.written[i]);
  }
  return Join(found);
}

bool PostingLint::IsForMenByLaw(const v1::Posting& posting) const {
  if (posting.conditions().sex_limit() == v1::SEX_FEMALE) return false;
  const matcher::ProtectionParameters& protection = rules_->protection;
  if (posting.intensity() >= protection.women_barred_intensity) return true;
  return std::any_of(posting.hazards().begin(), posting.hazards().end(), [&](const int hazard) {
    // The API's numbers are the matcher's plus one.
    const int number = hazard - 1;
    return number >= 0 && number < matcher::kEnumCount<matcher::Hazard> &&
           protection.women_barred_hazards.Contains(static_cast<matcher::Hazard>(number));
  });
}

std::vector<v1::LintFinding> PostingLint::Find(const v1::Posting& posting,
                                               absl::string_view twin) const {
  Search search(*this, posting);
  search.Say();
  search.Open(characters_);
  search.Honest();
  search.Paid();
  search.New(twin);
  search.WorkForRelief();
  return search.Take();
}

}  // namespace leye::app
