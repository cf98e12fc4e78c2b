#include "matcher/rules.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace leye::matcher {
namespace {

struct Rule {
  RuleId id;
  void (*check)(const PairFacts&, Findings&);
};

// In the order in which failures are reported.
constexpr std::array<Rule, kEnumCount<RuleId>> kRules = {{
    {RuleId::kOpen, CheckOpen},
    {RuleId::kSeeking, CheckSeeking},
    {RuleId::kAgeMin, CheckAgeMin},
    {RuleId::kAgeMinor, CheckAgeMinor},
    {RuleId::kAgeRange, CheckAgeRange},
    {RuleId::kAgeRetire, CheckAgeRetire},
    {RuleId::kHazardCertificate, CheckHazardCertificate},
    {RuleId::kSkillRequired, CheckSkillRequired},
    {RuleId::kEducationMin, CheckEducationMin},
    {RuleId::kLicence, CheckLicence},
    {RuleId::kReach, CheckReach},
    {RuleId::kTime, CheckTime},
    {RuleId::kHealth, CheckHealth},
    {RuleId::kGroups, CheckGroups},
    {RuleId::kHouseholdCap, CheckHouseholdCap},
    {RuleId::kPublicWelfareWho, CheckPublicWelfareWho},
    {RuleId::kPublicWelfareTerm, CheckPublicWelfareTerm},
    {RuleId::kPublicWelfareOne, CheckPublicWelfareOne},
    {RuleId::kExperience, CheckExperience},
    {RuleId::kResidence, CheckResidence},
    {RuleId::kRegistration, CheckRegistration},
    {RuleId::kProtection, CheckProtection},
    {RuleId::kBanned, CheckBanned},
    {RuleId::kOptOut, CheckOptOut},
}};

constexpr bool InOrder() {
  for (size_t i = 0; i < kRules.size(); ++i) {
    if (kRules[i].id != static_cast<RuleId>(i)) return false;
  }
  return true;
}
static_assert(InOrder());

// For a verdict alone: the rules that turn most pairs away come first.
constexpr std::array<Rule, kRules.size()> MostSelectiveFirst() {
  constexpr auto kRank = [](const Rule& rule) {
    constexpr std::array kFirst = {RuleId::kReach, RuleId::kSkillRequired, RuleId::kAgeRange};
    return std::ranges::find(kFirst, rule.id) - kFirst.begin();
  };
  std::array<Rule, kRules.size()> sorted = kRules;
  std::ranges::sort(sorted, {}, kRank);
  return sorted;
}
constexpr std::array<Rule, kRules.size()> kVerdictRules = MostSelectiveFirst();

Finding MakeFinding(RuleId rule, Cause cause, const Evidence& evidence) {
  return {.rule = rule,
          .cause = cause,
          .asked = evidence.asked,
          .had = evidence.had,
          .subject = evidence.subject};
}

}  // namespace

PairFacts FactsOf(const Pair& pair, const FitContext& context) {
  return {
      .candidate = pair.candidate,
      .household = pair.household,
      .posting = pair.posting,
      .travel = pair.travel,
      .context = context,
      .age_years = WholeYearsBetween(pair.candidate.birth, context.day),
      .groups = EffectiveGroups(pair.candidate, pair.household, context.ruleset.age, context.day)};
}

void Findings::Fail(RuleId rule, Cause cause, const Evidence& evidence) {
  failed_.Insert(rule);
  if (detailed_) failures_.push_back(MakeFinding(rule, cause, evidence));
}

void Findings::Note(RuleId rule, Cause cause, const Evidence& evidence) {
  if (detailed_) notes_.push_back(MakeFinding(rule, cause, evidence));
}

void EvaluateRules(const PairFacts& facts, Findings& findings) {
  const RuleSet enabled = facts.ruleset().enabled;
  for (const Rule& rule : kRules) {
    if (enabled.Contains(rule.id)) rule.check(facts, findings);
  }
}

bool PassesRules(const PairFacts& facts) {
  const RuleSet enabled = facts.ruleset().enabled;
  Findings findings = Findings::VerdictOnly();
  return std::ranges::all_of(kVerdictRules, [&](const Rule& rule) {
    if (enabled.Contains(rule.id)) rule.check(facts, findings);
    return findings.failed().empty();
  });
}

}  // namespace leye::matcher
