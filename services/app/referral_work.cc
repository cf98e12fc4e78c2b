#include "services/app/referral_work.h"

#include <string>

#include "absl/time/civil_time.h"

#include "leye/v1/candidate.pb.h"
#include "leye/v1/employer.pb.h"
#include "leye/v1/posting.pb.h"
#include "matcher/units.h"
#include "services/app/formats.h"
#include "services/base/clock.h"

namespace leye::app {

using store::Kind;
using store::RecordKey;

namespace {

std::string DateOf(absl::Time time) { return absl::FormatCivilTime(DayInChina(time)); }

// Months of a subsidised post: a month that has begun counts.
int MonthsBegun(absl::Time from, absl::Time to) {
  return matcher::WholeMonthsBetween(matcher::Day::FromCivil(DayInChina(from)),
                                     matcher::Day::FromCivil(DayInChina(to))) +
         1;
}

}  // namespace

absl::Status StartWork(absl::Time now, const v1::Referral& referral, WorkingSet& set) {
  const RecordKey person_key{Kind::kCandidate, referral.candidate()};
  const RecordKey posting_key{Kind::kPosting, referral.posting()};
  const RecordKey employer_key{Kind::kEmployer, referral.employer()};
  LEYE_RETURN_IF_ERROR(set.Read({person_key, posting_key, employer_key}));
  LEYE_ASSIGN_OR_RETURN(auto person, set.Parse<v1::Candidate>(person_key));
  LEYE_ASSIGN_OR_RETURN(const auto posting, set.Parse<v1::Posting>(posting_key));
  LEYE_ASSIGN_OR_RETURN(const auto employer, set.Parse<v1::Employer>(employer_key));
  v1::Employment& work = *person.mutable_employment();
  work.Clear();
  work.set_state(v1::EMPLOYMENT_STATE_EMPLOYED);
  work.set_channel(referral.channel());
  work.set_public_welfare_kind(referral.public_welfare_kind());
  work.set_employer_name(employer.display_name());
  work.set_division_code(posting.place().division_code());
  work.set_start_date(DateOf(now));
  person.clear_unemployed_since();
  if (IsPublicWelfare(referral)) {
    v1::PublicWelfareHistory& history = *person.mutable_public_welfare_history();
    history.set_placements(history.placements() + 1);
  }
  set.Put(person_key, person);
  return absl::OkStatus();
}

absl::Status EndWork(absl::Time now, const v1::Referral& referral, WorkingSet& set) {
  const RecordKey person_key{Kind::kCandidate, referral.candidate()};
  LEYE_RETURN_IF_ERROR(set.Read({person_key}));
  if (!set.Has(person_key)) return absl::OkStatus();
  LEYE_ASSIGN_OR_RETURN(auto person, set.Parse<v1::Candidate>(person_key));
  const absl::Time began = ToTime(referral.onboard_time());
  if (IsPublicWelfare(referral)) {
    v1::PublicWelfareHistory& history = *person.mutable_public_welfare_history();
    history.set_months(history.months() + MonthsBegun(began, now));
  }
  const v1::Employment& work = person.employment();
  const bool still_here = work.state() == v1::EMPLOYMENT_STATE_EMPLOYED &&
                          work.channel() == referral.channel() &&
                          work.start_date() == DateOf(began);
  if (still_here) {
    person.clear_employment();
    person.mutable_employment()->set_state(v1::EMPLOYMENT_STATE_UNEMPLOYED);
    person.set_unemployed_since(DateOf(now));
  }
  set.Put(person_key, person);
  return absl::OkStatus();
}

}  // namespace leye::app
