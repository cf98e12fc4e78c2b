#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"

#include "tests/testing/scenario.h"
#include "tests/testing/scenario_text.h"

namespace leye::matcher::testing {
namespace {

using P = PostingProfile;

// NAME[:LEVEL]
AskedSkill ParseAsked(absl::string_view word) {
  const std::vector<std::string> parts = absl::StrSplit(word, ':');
  AskedSkill asked;
  asked.skill = SkillNamed(parts[0]);
  int level = 0;
  if (parts.size() > 1 && absl::SimpleAtoi(parts[1], &level)) {
    asked.min_level = SkillLevel::Of(level);
  }
  return asked;
}

// NAME[:LEVEL][*WEIGHT]
PreferredSkill ParsePreferred(absl::string_view word) {
  const std::vector<std::string> parts = absl::StrSplit(word, '*');
  PreferredSkill preferred;
  preferred.asked = ParseAsked(parts[0]);
  int weight = 0;
  if (parts.size() > 1 && absl::SimpleAtoi(parts[1], &weight)) {
    preferred.weight = static_cast<uint16_t>(weight);
  }
  return preferred;
}

AgeLimits TakeLimits(Words& words) {
  AgeLimits limits;
  limits.min_years = words.TakeOptionalAs<uint8_t>();
  limits.max_years = words.TakeOptionalAs<uint8_t>();
  if (words.TakeIf("relax")) limits.relaxable_to_years = words.TakeAs<uint8_t>();
  return limits;
}

void AddAgeRange(P& posting, Words& words) {
  AgeRange range;
  range.limits = TakeLimits(words);
  if (words.TakeIf("sex")) range.sex = SexNamed(words.Take());
  range.groups = TakeSet(words, GroupNamed);
  posting.age_ranges.push_back(range);
}

void AddEligibleGroup(P& posting, Words& words) {
  EligibleGroup group;
  while (!words.empty() && words.Peek() != "ages" && words.Peek() != "papers") {
    group.all_of.Insert(GroupNamed(words.Take()));
  }
  if (words.TakeIf("ages")) group.limits = TakeLimits(words);
  if (words.TakeIf("papers")) {
    while (!words.empty()) group.papers.push_back(SkillNamed(words.Take()));
  }
  posting.eligible_groups.push_back(group);
}

void AddRequiredGroup(P& posting, Words& words) {
  RequiredSkillGroup group;
  while (!words.empty()) group.any_of.push_back(ParseAsked(words.Take()));
  posting.required_skills.push_back(group);
}

Clauses<P> SeatClauses() {
  return {
      {"id", [](P& p, Words& w) { p.id = PostingId(w.TakeAs<uint64_t>()); }},
      {"channel", [](P& p, Words& w) { p.channel = ChannelNamed(w.Take()); }},
      {"urban", [](P& p, Words&) { p.public_welfare.scheme = PublicWelfareScheme::kUrban; }},
      {"kind", [](P& p, Words& w) { p.public_welfare.kind = WelfareKindNamed(w.Take()); }},
      {"first-placement", [](P& p, Words&) { p.public_welfare.first_placement_only = true; }},
      {"cap", [](P& p, Words& w) { p.public_welfare.household_cap = w.TakeAs<uint8_t>(); }},
      {"home-based", [](P& p, Words&) { p.home_based = true; }},
      {"at",
       [](P& p, Words& w) {
         const double latitude = w.TakeDouble();
         p.location = ClampedPoint(latitude, w.TakeDouble());
       }},
      {"division",
       [](P& p, Words& w) { p.division = DivisionCode::FromNumber(w.TakeAs<uint64_t>()); }},
      {"closed", [](P& p, Words&) { p.open = false; }},
      {"window",
       [](P& p, Words& w) {
         p.window.first = w.TakeDay(Day::Min());
         p.window.last = w.TakeDay(Day::Max());
       }},
      {"openings",
       [](P& p, Words& w) {
         p.openings_left = w.TakeAs<uint16_t>();
         if (!w.empty()) p.reserved_openings_left = w.TakeAs<uint16_t>();
       }},
      {"bars",
       [](P& p, Words& w) {
         BarredPerson& barred = p.barred.emplace_back();
         barred.candidate = CandidateId(w.TakeAs<uint64_t>());
         if (!w.empty()) barred.refused = w.TakeDay(Day::Min());
       }},
      {"reserved-for", [](P& p, Words& w) { p.reserved_for = GroupNamed(w.Take()); }},
  };
}

Clauses<P> ConditionClauses() {
  return {
      {"trade", [](P& p, Words& w) { p.trade = TradeNamed(w.Take()); }},
      {"needs", AddRequiredGroup},
      {"likes",
       [](P& p, Words& w) {
         while (!w.empty()) p.preferred_skills.push_back(ParsePreferred(w.Take()));
       }},
      {"papers",
       [](P& p, Words& w) {
         while (!w.empty()) p.required_papers.push_back(SkillNamed(w.Take()));
       }},
      {"ages", AddAgeRange},
      {"education",
       [](P& p, Words& w) { p.education_min = static_cast<Education>(w.TakeNumber()); }},
      {"experience", [](P& p, Words& w) { p.experience_min_months = w.TakeAs<uint16_t>(); }},
      {"residence",
       [](P& p, Words& w) {
         while (!w.empty()) p.residence.push_back(DivisionCode::FromNumber(w.TakeAs<uint64_t>()));
       }},
      {"for", AddEligibleGroup},
      {"not-for", [](P& p, Words& w) { p.excluded_groups = TakeSet(w, GroupNamed); }},
      {"not-households",
       [](P& p, Words& w) { p.excluded_households = TakeSet(w, ExclusionNamed); }},
      {"registered", [](P& p, Words&) { p.unemployment_registration_required = true; }},
      {"posted-sex", [](P& p, Words& w) { p.sex_as_posted = SexNamed(w.Take()); }},
      {"intensity", [](P& p, Words& w) { p.labour_intensity = w.TakeAs<uint8_t>(); }},
      {"hazards", [](P& p, Words& w) { p.hazards = TakeSet(w, HazardNamed); }},
      {"suits", [](P& p, Words& w) { p.suitable_disabilities = TakeSet(w, DisabilityNamed); }},
      {"disabled-only", [](P& p, Words&) { p.disabled_only = true; }},
  };
}

Clauses<P> OfferClauses() {
  return {
      {"shifts", [](P& p, Words& w) { p.shifts = TakeSet(w, ShiftNamed); }},
      {"any-shift",
       [](P& p, Words& w) {
         p.shifts = TakeSet(w, ShiftNamed);
         p.shift_demand = ShiftDemand::kAny;
       }},
      {"hours",
       [](P& p, Words& w) {
         p.min_hours_per_day = w.TakeOptionalAs<uint8_t>();
         p.max_hours_per_day = w.TakeOptionalAs<uint8_t>();
       }},
      {"start", [](P& p, Words& w) { p.start = Date(w.Take()); }},
      {"end", [](P& p, Words& w) { p.end = Date(w.Take()); }},
      {"form", [](P& p, Words& w) { p.work_form = WorkFormNamed(w.Take()); }},
      {"lodging", [](P& p, Words&) { p.lodging_given = true; }},
      {"transport", [](P& p, Words&) { p.transport_given = true; }},
      {"radius",
       [](P& p, Words& w) {
         p.radius = Kilometres::Of(w.TakeDouble());
         w.TakeIf("km");
       }},
      {"pay",
       [](P& p, Words& w) {
         p.min_yuan_per_month = w.TakeOptionalAs<int32_t>();
         p.max_yuan_per_month = p.min_yuan_per_month;
         if (!w.empty()) p.max_yuan_per_month = w.TakeOptionalAs<int32_t>();
       }},
  };
}

Clauses<P> PostingClauses() {
  Clauses<P> all = SeatClauses();
  all.merge(ConditionClauses());
  all.merge(OfferClauses());
  return all;
}

}  // namespace

PostingProfile Posting(absl::string_view text) {
  static const Clauses<P>& clauses = *new Clauses<P>(PostingClauses());
  PostingProfile posting;
  posting.open = true;
  posting.openings_left = 1;
  Apply(text, clauses, posting);
  return posting;
}

}  // namespace leye::matcher::testing
