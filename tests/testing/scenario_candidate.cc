#include <algorithm>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"

#include "tests/testing/scenario.h"
#include "tests/testing/scenario_text.h"

namespace leye::matcher::testing {
namespace {

constexpr int kUsualAge = 35;

// Born so that `years` and `months` are completed on the scenario's day exactly.
Day BornAgo(int years, int months) { return PlusMonths(ScenarioDay(), -(years * 12 + months)); }

// NAME[:LEVEL][@EXPIRY]
HeldSkill ParseHeldSkill(absl::string_view word) {
  HeldSkill held;
  const std::vector<std::string> dated = absl::StrSplit(word, '@');
  if (dated.size() > 1) held.expires = Date(dated[1]);
  const std::vector<std::string> levelled = absl::StrSplit(dated[0], ':');
  held.skill = SkillNamed(levelled[0]);
  int level = 0;
  if (levelled.size() > 1 && absl::SimpleAtoi(levelled[1], &level)) {
    held.level = SkillLevel::Of(level);
  }
  return held;
}

void AddSkills(CandidateProfile& candidate, Words& words) {
  while (!words.empty()) candidate.skills.push_back(ParseHeldSkill(words.Take()));
  std::ranges::sort(candidate.skills, {}, &HeldSkill::skill);
}

RetirementCategory CategoryNamed(const std::string& name) {
  if (name == "men") return RetirementCategory::kMen;
  if (name == "women55") return RetirementCategory::kWomen55;
  if (name == "women50") return RetirementCategory::kWomen50;
  BadScenario("unknown category " + name);
}

DayRange TakeRange(Words& words) {
  const Day first = words.TakeDay(Day::Min());
  const Day last = words.TakeDay(Day::Max());
  return {.first = first, .last = last};
}

using C = CandidateProfile;

Clauses<C> PersonClauses() {
  return {
      {"id", [](C& c, Words& w) { c.id = CandidateId(w.TakeAs<uint64_t>()); }},
      {"household", [](C& c, Words& w) { c.household = HouseholdId(w.TakeAs<uint64_t>()); }},
      {"area", [](C& c, Words& w) { c.area = AreaIndex(w.TakeAs<uint32_t>()); }},
      {"age",
       [](C& c, Words& w) {
         const int years = w.TakeAs<int>();
         c.birth = BornAgo(years, w.empty() ? 0 : w.TakeAs<int>());
       }},
      {"born", [](C& c, Words& w) { c.birth = Date(w.Take()); }},
      {"sex", [](C& c, Words& w) { c.sex = SexNamed(w.Take()); }},
      {"retires", [](C& c, Words& w) { c.retirement_category = CategoryNamed(w.Take()); }},
      {"education", [](C& c, Words& w) { c.education = static_cast<Education>(w.TakeNumber()); }},
      {"labour", [](C& c, Words& w) { c.labour_class = LabourClassNamed(w.Take()); }},
      {"disabled",
       [](C& c, Words& w) {
         c.disability.kind = DisabilityNamed(w.Take());
         if (!w.empty()) c.disability.grade = w.TakeAs<uint8_t>();
       }},
      {"intensity", [](C& c, Words& w) { c.intensity_limit = w.TakeAs<uint8_t>(); }},
      {"maternity", [](C& c, Words&) { c.maternity_protection = true; }},
      {"groups", [](C& c, Words& w) { c.groups = TakeSet(w, GroupNamed); }},
      {"residence",
       [](C& c, Words& w) {
         c.residence_division = DivisionCode::FromNumber(w.TakeAs<uint64_t>());
       }},
      {"experience", [](C& c, Words& w) { c.experience_months = w.TakeAs<uint16_t>(); }},
      {"skill", AddSkills},
  };
}

Clauses<C> StandingClauses() {
  return {
      {"not-seeking", [](C& c, Words&) { c.seeking = false; }},
      {"unwilling", [](C& c, Words&) { c.willing = false; }},
      {"consent",
       [](C& c, Words& w) { c.consent = w.TakeIf("none") ? DayRange::None() : TakeRange(w); }},
      {"declines-ranking", [](C& c, Words&) { c.ranking_declined = true; }},
      {"employed", [](C& c, Words&) { c.employment.state = EmploymentState::kEmployed; }},
      {"self-employed", [](C& c, Words&) { c.employment.state = EmploymentState::kSelfEmployed; }},
      {"student", [](C& c, Words&) { c.employment.state = EmploymentState::kStudent; }},
      {"works", [](C& c, Words& w) { c.employment.channel = ChannelNamed(w.Take()); }},
      {"holds",
       [](C& c, Words& w) { c.employment.public_welfare_kind = WelfareKindNamed(w.Take()); }},
      {"away", [](C& c, Words&) { c.employment.outside_home_county = true; }},
      {"placed", [](C& c, Words&) { c.employment.placed = true; }},
      {"welfare",
       [](C& c, Words& w) {
         c.public_welfare.months_used = w.TakeAs<uint16_t>();
         c.public_welfare.placements = w.TakeAs<uint8_t>();
       }},
      {"since", [](C& c, Words& w) { c.unemployed_since = Date(w.Take()); }},
      {"registered", [](C& c, Words&) { c.registered_unemployed = true; }},
  };
}

void TakeNeeds(C& candidate, Words& words) {
  while (!words.empty()) {
    if (words.TakeIf("lodging")) {
      candidate.needs_lodging = true;
    } else if (words.TakeIf("transport")) {
      candidate.needs_transport = true;
    } else {
      BadScenario("needs lodging or transport, not " + words.Take());
    }
  }
}

Clauses<C> WishClauses() {
  return {
      {"wishes",
       [](C& c, Words& w) {
         while (!w.empty()) c.wished_trades.push_back(TradeNamed(w.Take()));
       }},
      {"wage", [](C& c, Words& w) { c.wished_yuan_per_month = w.TakeAs<int32_t>(); }},
      {"max",
       [](C& c, Words& w) {
         c.max_distance = Kilometres::Of(w.TakeDouble());
         w.TakeIf("km");
       }},
      {"minutes", [](C& c, Words& w) { c.max_travel_minutes = w.TakeAs<uint16_t>(); }},
      {"leaves-home", [](C& c, Words&) { c.willing_to_leave_home = true; }},
      {"needs", TakeNeeds},
      {"goes-out", [](C& c, Words&) { c.wants_to_go_out = true; }},
      {"places",
       [](C& c, Words& w) {
         while (!w.empty()) {
           c.wished_divisions.push_back(DivisionCode::FromNumber(w.TakeAs<uint64_t>()));
         }
       }},
      {"free", [](C& c, Words& w) { c.available = TakeRange(w); }},
      {"shifts", [](C& c, Words& w) { c.shifts = TakeSet(w, ShiftNamed); }},
      {"hours", [](C& c, Words& w) { c.max_hours_per_day = w.TakeAs<uint8_t>(); }},
      {"forms", [](C& c, Words& w) { c.work_forms = TakeSet(w, WorkFormNamed); }},
  };
}

Clauses<C> AllClauses() {
  Clauses<C> all = PersonClauses();
  all.merge(StandingClauses());
  all.merge(WishClauses());
  return all;
}

using H = HouseholdProfile;

Clauses<H> HouseholdClauses() {
  return {
      {"id", [](H& h, Words& w) { h.id = HouseholdId(w.TakeAs<uint64_t>()); }},
      {"members", [](H& h, Words& w) { h.members = w.TakeAs<uint8_t>(); }},
      {"able", [](H& h, Words& w) { h.able_members = w.TakeAs<uint8_t>(); }},
      {"earners", [](H& h, Words& w) { h.earners = w.TakeAs<uint8_t>(); }},
      {"groups", [](H& h, Words& w) { h.groups = TakeSet(w, GroupNamed); }},
      {"excluded", [](H& h, Words& w) { h.exclusions = TakeSet(w, ExclusionNamed); }},
      {"holds",
       [](H& h, Words& w) {
         const auto kind = static_cast<size_t>(WelfareKindNamed(w.Take()));
         h.public_welfare_holders[kind] = w.TakeAs<uint8_t>();
       }},
  };
}

}  // namespace

CandidateProfile Candidate(absl::string_view text) {
  static const Clauses<C>& clauses = *new Clauses<C>(AllClauses());
  CandidateProfile candidate;
  candidate.birth = BornAgo(kUsualAge, 0);
  candidate.seeking = true;
  candidate.willing = true;
  candidate.consent = DayRange{};
  Apply(text, clauses, candidate);
  return candidate;
}

HouseholdProfile Household(absl::string_view text) {
  static const Clauses<H>& clauses = *new Clauses<H>(HouseholdClauses());
  HouseholdProfile household;
  Apply(text, clauses, household);
  return household;
}

}  // namespace leye::matcher::testing
