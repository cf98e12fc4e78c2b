// The hard rules: one small function each, a table that names them, and what they share.
//
//   const PairFacts facts = FactsOf(pair, context);
//   Findings findings = Findings::Detailed();
//   EvaluateRules(facts, findings);                  // every enabled rule
//
// A rule reads facts and reports failures and notes; it decides nothing else. To add one: a RuleId
// with its name (rule_id.h), its causes (finding.h), a function below, its line in kRules
// (rules.cc), its parameters (ruleset.h), a test.
//
// Pure functions; Findings is thread-compatible. Used by fit.cc; everybody else calls Fit.
#ifndef LEYE_MATCHER_RULES_H_
#define LEYE_MATCHER_RULES_H_

#include <optional>
#include <span>
#include <vector>

#include "matcher/finding.h"
#include "matcher/fit.h"

namespace leye::matcher {

// The pair with what several rules derive from it.
struct PairFacts {
  const CandidateProfile& candidate;
  const HouseholdProfile& household;
  const PostingProfile& posting;
  const Travel& travel;
  const FitContext& context;
  int age_years = 0;
  GroupSet groups;  // EffectiveGroups

  const Ruleset& ruleset() const { return context.ruleset; }
  Day day() const { return context.day; }
  bool IsPublicWelfare() const { return posting.channel == Channel::kPublicWelfare; }
};

// REQUIRES: `pair` and `context` outlive the facts.
PairFacts FactsOf(const Pair& pair, const FitContext& context);

// The numbers behind a failure or note; the cause says what they are.
struct Evidence {
  std::optional<int64_t> asked;
  std::optional<int64_t> had;
  std::optional<int64_t> subject;
};

// Collects what the rules report: always which rules failed, and the details only if asked to.
class Findings {
 public:
  static Findings Detailed() { return Findings(true); }
  // Does not allocate.
  static Findings VerdictOnly() { return Findings(false); }

  void Fail(RuleId rule, Cause cause, const Evidence& evidence = {});
  void Note(RuleId rule, Cause cause, const Evidence& evidence = {});

  RuleSet failed() const { return failed_; }
  std::vector<Finding>& failures() { return failures_; }
  std::vector<Finding>& notes() { return notes_; }

 private:
  explicit Findings(bool detailed) : detailed_(detailed) {}

  bool detailed_;
  RuleSet failed_;
  std::vector<Finding> failures_;
  std::vector<Finding> notes_;
};

void EvaluateRules(const PairFacts& facts, Findings& findings);
// Does no enabled rule fail? Ends at the first that does.
bool PassesRules(const PairFacts& facts);

// --- rules_standing.cc: is there a seat, and may this person ask for it
// ---------------------------

void CheckOpen(const PairFacts& facts, Findings& findings);
void CheckSeeking(const PairFacts& facts, Findings& findings);
void CheckGroups(const PairFacts& facts, Findings& findings);
void CheckResidence(const PairFacts& facts, Findings& findings);
void CheckRegistration(const PairFacts& facts, Findings& findings);
void CheckBanned(const PairFacts& facts, Findings& findings);
void CheckOptOut(const PairFacts& facts, Findings& findings);

// --- rules_age.cc: age, retirement, protective law -----------------------------------------------

void CheckAgeMin(const PairFacts& facts, Findings& findings);
void CheckAgeMinor(const PairFacts& facts, Findings& findings);
void CheckAgeRange(const PairFacts& facts, Findings& findings);
void CheckAgeRetire(const PairFacts& facts, Findings& findings);
void CheckProtection(const PairFacts& facts, Findings& findings);

// How an age stands to limits.
enum class AgeVerdict { kAdmitted, kRelaxed, kBelow, kAbove };
AgeVerdict Judge(const AgeLimits& limits, int age_years);

// Past the statutory retirement age on the day asked about?
bool IsRetired(const PairFacts& facts);
Day RetirementDay(const PairFacts& facts);

// --- rules_skill.cc: what one must know and hold -------------------------------------------------

void CheckHazardCertificate(const PairFacts& facts, Findings& findings);
void CheckSkillRequired(const PairFacts& facts, Findings& findings);
void CheckEducationMin(const PairFacts& facts, Findings& findings);
void CheckLicence(const PairFacts& facts, Findings& findings);
void CheckExperience(const PairFacts& facts, Findings& findings);

// The held skill that covers `paper` and is valid longest; null if none does. It may have expired.
const HeldSkill* FindPaper(const PairFacts& facts, SkillId paper);
bool HoldsValidPaper(const PairFacts& facts, SkillId paper);

// --- rules_work.cc: place, time and strain -------------------------------------------------------

void CheckReach(const PairFacts& facts, Findings& findings);
void CheckTime(const PairFacts& facts, Findings& findings);
void CheckHealth(const PairFacts& facts, Findings& findings);

// --- rules_public_welfare.cc: whom the subsidy is for --------------------------------------------

void CheckHouseholdCap(const PairFacts& facts, Findings& findings);
void CheckPublicWelfareWho(const PairFacts& facts, Findings& findings);
void CheckPublicWelfareTerm(const PairFacts& facts, Findings& findings);
void CheckPublicWelfareOne(const PairFacts& facts, Findings& findings);

}  // namespace leye::matcher

#endif  // LEYE_MATCHER_RULES_H_
