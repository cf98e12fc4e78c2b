#include <algorithm>

#include "matcher/rules.h"

namespace leye::matcher {
namespace {

// Any one way of being eligible, in full.
bool Satisfies(const PairFacts& facts, const EligibleGroup& group) {
  if (!facts.groups.ContainsAll(group.all_of)) return false;
  const AgeVerdict age = Judge(group.limits, facts.age_years);
  if (age == AgeVerdict::kBelow || age == AgeVerdict::kAbove) return false;
  return std::ranges::all_of(group.papers,
                             [&](SkillId paper) { return HoldsValidPaper(facts, paper); });
}

}  // namespace

void CheckOpen(const PairFacts& facts, Findings& findings) {
  const PostingProfile& posting = facts.posting;
  if (!posting.open) findings.Fail(RuleId::kOpen, Cause::kPostingClosed);
  if (!posting.window.Contains(facts.day())) {
    const Day end = facts.day() < posting.window.first ? posting.window.first : posting.window.last;
    findings.Fail(RuleId::kOpen, Cause::kOutsideWindow,
                  {.asked = end.number(), .had = facts.day().number(), .subject = {}});
  }
  if (posting.openings_left == 0) {
    findings.Fail(RuleId::kOpen, Cause::kNoOpeningsLeft);
  } else if (posting.reserved_openings_left >= posting.openings_left &&
             !facts.groups.Contains(posting.reserved_for)) {
    findings.Fail(RuleId::kOpen, Cause::kOnlyReservedLeft,
                  {.asked = static_cast<int64_t>(posting.reserved_for),
                   .had = posting.openings_left,
                   .subject = {}});
  }
}

void CheckSeeking(const PairFacts& facts, Findings& findings) {
  const CandidateProfile& candidate = facts.candidate;
  if (!candidate.seeking) findings.Fail(RuleId::kSeeking, Cause::kNotSeeking);
  if (!candidate.willing) findings.Fail(RuleId::kSeeking, Cause::kNotWilling);
  if (!candidate.consent.Contains(facts.day())) {
    findings.Fail(RuleId::kSeeking, Cause::kNoConsent,
                  {.asked = {}, .had = facts.day().number(), .subject = {}});
  }
  if (candidate.employment.placed) findings.Fail(RuleId::kSeeking, Cause::kPlacedElsewhere);
}

void CheckGroups(const PairFacts& facts, Findings& findings) {
  const PostingProfile& posting = facts.posting;
  const bool eligible =
      posting.eligible_groups.empty() ||
      std::ranges::any_of(posting.eligible_groups,
                          [&](const EligibleGroup& group) { return Satisfies(facts, group); });
  if (!eligible) {
    findings.Fail(RuleId::kGroups, Cause::kNoEligibleGroup,
                  {.asked = {},
                   .had = facts.groups.bits(),
                   .subject = static_cast<int64_t>(posting.eligible_groups.size())});
  }
  const GroupSet excluding = posting.excluded_groups & facts.groups;
  if (!excluding.empty()) {
    findings.Fail(RuleId::kGroups, Cause::kExcludedGroup,
                  {.asked = excluding.bits(), .had = {}, .subject = {}});
  }
  const HouseholdExclusionSet standing = posting.excluded_households & facts.household.exclusions;
  if (!standing.empty()) {
    findings.Fail(RuleId::kGroups, Cause::kExcludedHousehold,
                  {.asked = standing.bits(), .had = {}, .subject = {}});
  }
}

void CheckResidence(const PairFacts& facts, Findings& findings) {
  const PostingProfile& posting = facts.posting;
  if (posting.residence.empty()) return;
  const bool resident = std::ranges::any_of(posting.residence, [&](DivisionCode division) {
    return division.Contains(facts.candidate.residence_division);
  });
  if (!resident) findings.Fail(RuleId::kResidence, Cause::kLivesElsewhere);
}

void CheckRegistration(const PairFacts& facts, Findings& findings) {
  if (!facts.posting.unemployment_registration_required) return;
  if (facts.groups.Contains(Group::kRegisteredUnemployed)) return;
  findings.Fail(RuleId::kRegistration, Cause::kNotRegisteredUnemployed);
}

void CheckBanned(const PairFacts& facts, Findings& findings) {
  const auto& barred = facts.posting.barred;
  const auto at =
      std::ranges::lower_bound(barred, facts.candidate.id, {}, &BarredPerson::candidate);
  if (at == barred.end() || at->candidate != facts.candidate.id) return;
  if (!at->refused.has_value()) return findings.Fail(RuleId::kBanned, Cause::kPairReferred);
  const Day again = at->refused->PlusDays(facts.ruleset().banned.window_days);
  if (facts.day() >= again) return;
  findings.Fail(RuleId::kBanned, Cause::kPairRefused,
                {.asked = again.number(), .had = at->refused->number(), .subject = {}});
}

void CheckOptOut(const PairFacts& facts, Findings& findings) {
  if (!facts.candidate.ranking_declined) return;
  findings.Fail(RuleId::kOptOut, Cause::kRankingDeclined);
}

}  // namespace leye::matcher
