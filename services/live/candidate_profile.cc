#include <algorithm>
#include <limits>
#include <utility>

#include "services/live/profile.h"
#include "services/live/vocabulary.h"

namespace leye::live {
namespace {

using matcher::CandidateProfile;
using matcher::Day;

template <typename T>
T ClampTo(int64_t value) {
  return static_cast<T>(
      std::clamp<int64_t>(value, std::numeric_limits<T>::min(), std::numeric_limits<T>::max()));
}

// Of somebody whose birth date is missing: nobody under 16 works, so that nobody is matched by
// mistake.
Day UnknownBirth() { return Day::FromCivil(2199, 12, 31); }

// From the day it was given to the day before it was withdrawn, and not past its expiry.
matcher::DayRange ConsentRange(const v1::Consent& consent) {
  const std::optional<Day> given = ToDay(consent.given_date());
  if (!given.has_value()) return matcher::DayRange::None();
  matcher::DayRange range = ToDayRange(consent.given_date(), consent.expire_date());
  const std::optional<Day> withdrawn = ToDay(consent.withdrawn_date());
  if (withdrawn.has_value()) range.last = std::min(range.last, withdrawn->PlusDays(-1));
  return range;
}

bool IsFor(v1::ConsentScope scope, const v1::Consent& consent) {
  return consent.scopes().empty() || std::find(consent.scopes().begin(), consent.scopes().end(),
                                               scope) != consent.scopes().end();
}

// Empty: does not expire. Unreadable: not valid on any day.
Day ExpiryOf(const std::string& text) {
  if (text.empty()) return Day::Max();
  return ToDay(text).value_or(Day::Min());
}

// Of two entries of one skill: the later expiry, then the higher level.
bool Better(const matcher::HeldSkill& a, const matcher::HeldSkill& b) {
  if (a.expires != b.expires) return a.expires > b.expires;
  return a.level.value() > b.level.value();
}

void SetSkills(const v1::Candidate& candidate, const CodeBook& codes, CandidateProfile& profile) {
  std::vector<matcher::HeldSkill>& held = profile.skills;
  held.reserve(static_cast<size_t>(candidate.skills_size()) +
               static_cast<size_t>(candidate.certificates_size()));
  for (const v1::HeldSkill& skill : candidate.skills()) {
    const std::optional<matcher::SkillId> id = codes.FindSkill(skill.skill());
    if (!id.has_value()) continue;
    const auto level =
        skill.has_level() ? matcher::SkillLevel::Of(skill.level()) : matcher::SkillLevel::Unknown();
    held.push_back({.skill = *id, .level = level});
  }
  for (const v1::HeldCertificate& paper : candidate.certificates()) {
    const std::optional<matcher::SkillId> id = codes.FindSkill(paper.skill());
    if (!id.has_value()) continue;
    held.push_back({.skill = *id, .level = {}, .expires = ExpiryOf(paper.expire_date())});
  }
  std::ranges::sort(held, [](const auto& a, const auto& b) {
    return a.skill != b.skill ? a.skill < b.skill : Better(a, b);
  });
  // Not std::ranges::unique: clang 14 cannot compile libstdc++'s.
  held.erase(std::unique(held.begin(), held.end(),
                         [](const auto& a, const auto& b) { return a.skill == b.skill; }),
             held.end());
}

// As a new profile, but with the memory of its lists.
void Clear(CandidateProfile& profile) {
  std::vector<matcher::HeldSkill> skills = std::move(profile.skills);
  std::vector<matcher::DivisionCode> divisions = std::move(profile.wished_divisions);
  skills.clear();
  divisions.clear();
  profile = CandidateProfile();
  profile.skills = std::move(skills);
  profile.wished_divisions = std::move(divisions);
}

void SetPerson(const v1::Candidate& candidate, CandidateProfile& profile) {
  profile.birth = ToDay(candidate.birth_date()).value_or(UnknownBirth());
  profile.sex = ToSex(candidate.sex());
  profile.retirement_category = ToRetirementCategory(candidate.retirement_category());
  profile.education = ToEducation(candidate.education());
  profile.labour_class = ToLabourClass(candidate.labour_class());
  if (candidate.has_disability()) {
    profile.disability = {.kind = ToDisabilityKind(candidate.disability().kind()),
                          .grade = ClampTo<uint8_t>(candidate.disability().grade())};
  }
  profile.maternity_protection = candidate.maternity_protection();
  for (const int number : candidate.groups()) {
    const auto group = ToGroup(static_cast<v1::Group>(number));
    if (group.has_value() && IsRecordedOfPerson(*group)) profile.groups.Insert(*group);
  }
  if (candidate.has_experience_months()) {
    profile.experience_months = ClampTo<uint16_t>(candidate.experience_months());
  }
}

bool InWork(matcher::EmploymentState state) {
  return state == matcher::EmploymentState::kEmployed ||
         state == matcher::EmploymentState::kSelfEmployed;
}

void SetStanding(const v1::Candidate& candidate, CandidateProfile& profile) {
  const v1::Employment& employment = candidate.employment();
  matcher::Employment& now = profile.employment;
  now.state = ToEmploymentState(employment.state());
  if (candidate.student() && now.state == matcher::EmploymentState::kUnemployed) {
    now.state = matcher::EmploymentState::kStudent;
  }
  if (InWork(now.state)) {
    now.channel = ToChannel(employment.channel());
    if (now.channel == matcher::Channel::kPublicWelfare) {
      const auto kind = ToPublicWelfareKind(employment.public_welfare_kind());
      now.public_welfare_kind =
          kind == matcher::PublicWelfareKind::kNone ? matcher::PublicWelfareKind::kOther : kind;
    }
  } else {
    profile.unemployed_since = ToDay(candidate.unemployed_since());
  }
  const v1::PublicWelfareHistory& history = candidate.public_welfare_history();
  profile.public_welfare = {.months_used = ClampTo<uint16_t>(history.months()),
                            .placements = ClampTo<uint8_t>(history.placements())};
  profile.registered_unemployed = ToDay(candidate.unemployment_registration_date()).has_value();
  if (IsFor(v1::CONSENT_SCOPE_MATCHING, candidate.consent())) {
    profile.consent = ConsentRange(candidate.consent());
  }
  profile.ranking_declined = candidate.consent().automated_ranking_declined();
  profile.shown_to_employers = IsFor(v1::CONSENT_SCOPE_EMPLOYERS, candidate.consent());
  profile.willing = candidate.preferences().willing();
  profile.seeking = now.state != matcher::EmploymentState::kNotInLabourForce;
}

void SetLimits(const v1::Preferences& wishes, CandidateProfile& profile) {
  if (wishes.has_max_distance_km()) {
    profile.max_distance = matcher::Kilometres::Of(std::max(0, wishes.max_distance_km()));
  }
  if (wishes.has_max_travel_minutes()) {
    profile.max_travel_minutes = ClampTo<uint16_t>(wishes.max_travel_minutes());
  }
  profile.willing_to_leave_home = wishes.willing_to_leave_home();
  profile.needs_lodging = wishes.needs_lodging();
  profile.needs_transport = wishes.needs_transport();
  profile.available = ToDayRange(wishes.available_from(), wishes.available_until());
  const matcher::ShiftSet shifts = ToShiftSet(wishes.shifts());
  profile.shifts = shifts.empty() ? matcher::ShiftSet::All() : shifts;
  if (wishes.has_max_hours_per_day()) {
    profile.max_hours_per_day = ClampTo<uint8_t>(wishes.max_hours_per_day());
  }
  profile.intensity_limit = ToIntensityGrade(wishes.max_intensity());
}

void SetWishes(const v1::Preferences& wishes, const CodeBook& codes, CandidateProfile& profile) {
  for (const std::string& code : wishes.trades()) {
    const std::optional<matcher::TradeId> trade = codes.FindTrade(code);
    if (!trade.has_value() || profile.wished_trades.size() == matcher::kMaxWishedTrades) continue;
    profile.wished_trades.push_back(*trade);
  }
  if (wishes.has_monthly_pay_yuan() && wishes.monthly_pay_yuan() > 0) {
    profile.wished_yuan_per_month = wishes.monthly_pay_yuan();
  }
  for (const std::string& code : wishes.division_codes()) {
    const matcher::DivisionCode division = ToDivision(code);
    if (division.known()) profile.wished_divisions.push_back(division);
  }
  profile.work_forms = ToSet<matcher::WorkForm>(wishes.forms(), [](int number) {
    return number == v1::WORK_FORM_UNSPECIFIED
               ? std::optional<matcher::WorkForm>()
               : std::optional(ToWorkForm(static_cast<v1::WorkForm>(number)));
  });
}

bool ClassCanWork(matcher::LabourClass labour_class) {
  return labour_class != matcher::LabourClass::kLost && labour_class != matcher::LabourClass::kNone;
}

matcher::DayRange WorkingAgeOf(const CandidateProfile& profile, const WorkingAge& working_age) {
  if (profile.birth == UnknownBirth()) return matcher::DayRange::None();
  const Day retirement = matcher::RetirementDay(profile, working_age.retirement);
  return {.first = matcher::PlusMonths(profile.birth, 12 * working_age.min_years),
          .last = retirement.PlusDays(-1)};
}

MemberFacts ToMemberFacts(const v1::Candidate& candidate, const CandidateProfile& profile,
                          const WorkingAge& working_age) {
  const bool student =
      candidate.student() || profile.employment.state == matcher::EmploymentState::kStudent;
  return {.working_age = WorkingAgeOf(profile, working_age),
          .residence = ToDivision(candidate.residence_division_code()),
          .workplace = ToDivision(candidate.employment().division_code()),
          .fit_for_work = ClassCanWork(profile.labour_class) && !student,
          .willing = profile.willing,
          .earner = InWork(profile.employment.state),
          .public_welfare_kind = profile.employment.public_welfare_kind};
}

}  // namespace

CandidateFacts ToCandidateFacts(const v1::Candidate& candidate, const ProfileContext& context) {
  CandidateFacts facts;
  ToCandidateFacts(candidate, context, facts);
  return facts;
}

void ToCandidateFacts(const v1::Candidate& candidate, const ProfileContext& context,
                      CandidateFacts& facts) {
  Clear(facts.profile);
  SetPerson(candidate, facts.profile);
  SetStanding(candidate, facts.profile);
  SetLimits(candidate.preferences(), facts.profile);
  SetWishes(candidate.preferences(), context.codes, facts.profile);
  SetSkills(candidate, context.codes, facts.profile);
  facts.member = ToMemberFacts(candidate, facts.profile, context.working_age);
}

void LinkToArea(CandidateProfile& profile, const MemberFacts& member,
                const matcher::AreaProfile& area) {
  const matcher::DivisionCode home_county = area.division.County();
  profile.residence_division = member.residence.known() ? member.residence : area.division;
  profile.employment.outside_home_county = home_county.known() && member.earner &&
                                           member.workplace.known() &&
                                           !home_county.Contains(member.workplace);
  profile.wants_to_go_out =
      home_county.known() && profile.willing_to_leave_home &&
      std::ranges::any_of(profile.wished_divisions, [&](matcher::DivisionCode wished) {
        return !wished.Contains(area.division) && !home_county.Contains(wished);
      });
}

}  // namespace leye::live
