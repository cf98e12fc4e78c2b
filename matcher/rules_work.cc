#include <algorithm>
#include <cmath>

#include "matcher/rules.h"

namespace leye::matcher {
namespace {

int64_t Metres(Kilometres distance) {
  // Far above any distance on earth; keeps an unlimited one in range.
  constexpr double kMostMetres = 1e12;
  return std::llround(std::min(distance.km() * 1000, kMostMetres));
}

Evidence MetresEvidence(Kilometres asked, Kilometres had) {
  return {.asked = Metres(asked), .had = Metres(had), .subject = {}};
}

Kilometres RoadTo(const PairFacts& facts) { return RoadOf(facts.travel, facts.ruleset()); }

// What the candidate would go each day against what it takes.
struct DailyWay {
  bool by_minutes;  // otherwise metres
  Evidence evidence;
};

// Too far to go there each day: only by living there, and as the candidate needs it.
void CheckAwayFromHome(const PairFacts& facts, const DailyWay& way, Findings& findings) {
  const CandidateProfile& candidate = facts.candidate;
  if (candidate.willing_to_leave_home) {
    if (candidate.needs_lodging && !facts.posting.lodging_given) {
      findings.Fail(RuleId::kReach, Cause::kLodgingNotGiven,
                    {.asked = {}, .had = Metres(RoadTo(facts)), .subject = {}});
    } else {
      findings.Note(RuleId::kReach,
                    way.by_minutes ? Cause::kLongerThanWished : Cause::kFartherThanWished,
                    way.evidence);
    }
    return;
  }
  findings.Fail(RuleId::kReach,
                way.by_minutes ? Cause::kBeyondCandidateMinutes : Cause::kBeyondCandidateLimit,
                way.evidence);
}

bool HasTransport(const PairFacts& facts) {
  const bool lives_there = facts.posting.lodging_given && facts.candidate.willing_to_leave_home;
  return !facts.candidate.needs_transport || facts.posting.transport_given || lives_there ||
         RoadTo(facts) <= facts.ruleset().reach.walking_limit;
}

void CheckShifts(const PairFacts& facts, Findings& findings) {
  const ShiftSet asked = facts.posting.shifts;
  const ShiftSet free = facts.candidate.shifts;
  const bool possible =
      asked.empty() || (facts.posting.shift_demand == ShiftDemand::kAll ? free.ContainsAll(asked)
                                                                        : free.Intersects(asked));
  if (possible) return;
  findings.Fail(RuleId::kTime, Cause::kShiftsNotFree,
                {.asked = asked.bits(), .had = free.bits(), .subject = {}});
}

void CheckHoursAndForm(const PairFacts& facts, Findings& findings) {
  const auto least = facts.posting.min_hours_per_day;
  const auto most = facts.candidate.max_hours_per_day;
  if (least.has_value() && most.has_value() && *least > *most) {
    findings.Fail(RuleId::kTime, Cause::kTooManyHours,
                  {.asked = *least, .had = *most, .subject = {}});
  }
  const WorkFormSet accepted = facts.candidate.work_forms;
  if (!accepted.empty() && !accepted.Contains(facts.posting.work_form)) {
    findings.Fail(RuleId::kTime, Cause::kFormNotAccepted,
                  {.asked = static_cast<int64_t>(facts.posting.work_form),
                   .had = accepted.bits(),
                   .subject = {}});
  }
}

void CheckDates(const PairFacts& facts, Findings& findings) {
  const DayRange& available = facts.candidate.available;
  const Day start = std::max(facts.posting.start.value_or(facts.day()), facts.day());
  const Day latest = start.PlusDays(facts.ruleset().time.late_start_days);
  if (available.first > latest) {
    findings.Fail(RuleId::kTime, Cause::kAvailableTooLate,
                  {.asked = latest.number(), .had = available.first.number(), .subject = {}});
  }
  const Day needed = std::max(facts.posting.end.value_or(start), start);
  if (available.last < needed) {
    findings.Fail(RuleId::kTime, Cause::kAvailableTooShort,
                  {.asked = needed.number(), .had = available.last.number(), .subject = {}});
  }
}

void CheckLabourClass(const PairFacts& facts, Findings& findings) {
  const HealthParameters& parameters = facts.ruleset().health;
  const LabourClass labour = facts.candidate.labour_class;
  const int grade = facts.posting.labour_intensity;
  if (parameters.barred_classes.Contains(labour)) {
    findings.Fail(RuleId::kHealth, Cause::kLabourClassBarred,
                  {.asked = {}, .had = static_cast<int64_t>(labour), .subject = {}});
  }
  if (labour == LabourClass::kWeakOrHalf && grade >= parameters.heavy_intensity) {
    findings.Fail(RuleId::kHealth, Cause::kTooHeavyForWeak,
                  {.asked = grade, .had = parameters.heavy_intensity - 1, .subject = {}});
  }
  const int limit = facts.candidate.intensity_limit;
  if (limit > 0 && grade > limit) {
    findings.Fail(RuleId::kHealth, Cause::kOverIntensityLimit,
                  {.asked = grade, .had = limit, .subject = {}});
  }
}

// Where the posting does not say which disabilities it suits, hazards and intensity decide.
void CheckUnstatedDisability(const PairFacts& facts, Findings& findings) {
  const HealthParameters& parameters = facts.ruleset().health;
  const int64_t kind = static_cast<int64_t>(facts.candidate.disability.kind);
  const HazardSet barring = facts.posting.hazards & parameters.disabled_barred_hazards;
  const int grade = facts.posting.labour_intensity;
  const bool too_heavy = grade >= parameters.disabled_barred_intensity;
  if (!barring.empty()) {
    findings.Fail(RuleId::kHealth, Cause::kDisabilityHazard,
                  {.asked = barring.bits(), .had = kind, .subject = {}});
  }
  if (too_heavy) {
    findings.Fail(RuleId::kHealth, Cause::kDisabilityIntensity,
                  {.asked = grade, .had = parameters.disabled_barred_intensity - 1, .subject = {}});
  }
  if (barring.empty() && !too_heavy) {
    findings.Note(RuleId::kHealth, Cause::kDisabilityNotStated,
                  {.asked = {}, .had = kind, .subject = {}});
  }
}

void CheckDisability(const PairFacts& facts, Findings& findings) {
  const DisabilityKind kind = facts.candidate.disability.kind;
  const DisabilitySet suitable = facts.posting.suitable_disabilities;
  if (kind == DisabilityKind::kNone) {
    if (facts.posting.disabled_only) findings.Fail(RuleId::kHealth, Cause::kDisabledOnly);
  } else if (suitable.empty()) {
    CheckUnstatedDisability(facts, findings);
  } else if (!suitable.Contains(kind)) {
    findings.Fail(RuleId::kHealth, Cause::kDisabilityUnsuitable,
                  {.asked = suitable.bits(), .had = static_cast<int64_t>(kind), .subject = {}});
  }
}

}  // namespace

void CheckReach(const PairFacts& facts, Findings& findings) {
  if (facts.posting.home_based) return;
  const CandidateProfile& candidate = facts.candidate;
  const Kilometres distance = facts.travel.distance;
  if (facts.posting.radius.has_value() && distance > *facts.posting.radius) {
    findings.Fail(RuleId::kReach, Cause::kBeyondPostingRadius,
                  MetresEvidence(*facts.posting.radius, distance));
  }
  // A limit in minutes decides where the minutes are known, alone.
  const std::optional<uint16_t> most_minutes = candidate.max_travel_minutes;
  const std::optional<uint16_t> minutes = facts.travel.minutes;
  if (most_minutes.has_value() && minutes.has_value()) {
    if (*minutes > *most_minutes) {
      CheckAwayFromHome(
          facts,
          {.by_minutes = true, .evidence = {.asked = most_minutes, .had = minutes, .subject = {}}},
          findings);
    }
  } else {
    const Kilometres limit = candidate.max_distance.value_or(facts.ruleset().reach.unstated_limit);
    const Kilometres road = RoadTo(facts);
    if (road > limit) {
      CheckAwayFromHome(facts, {.by_minutes = false, .evidence = MetresEvidence(limit, road)},
                        findings);
    }
  }
  if (!HasTransport(facts)) {
    findings.Fail(RuleId::kReach, Cause::kTransportNotGiven,
                  {.asked = {}, .had = Metres(RoadTo(facts)), .subject = {}});
  }
}

void CheckTime(const PairFacts& facts, Findings& findings) {
  CheckShifts(facts, findings);
  CheckHoursAndForm(facts, findings);
  CheckDates(facts, findings);
}

void CheckHealth(const PairFacts& facts, Findings& findings) {
  CheckLabourClass(facts, findings);
  CheckDisability(facts, findings);
}

}  // namespace leye::matcher
