#include <algorithm>

#include "matcher/rules.h"

namespace leye::matcher {
namespace {

// How far one asked skill is from being met, the nearest first.
enum class Standing { kMet, kLevelTooLow, kLevelUnknown, kExpired, kMissing };

struct Nearest {
  Standing standing = Standing::kMissing;
  const AskedSkill* asked = nullptr;
  const HeldSkill* held = nullptr;
};

Standing StandingOf(const AskedSkill& asked, const HeldSkill& held, const PairFacts& facts) {
  if (!facts.context.catalogue.Covers(asked.skill, held.skill)) return Standing::kMissing;
  if (held.expires < facts.day()) return Standing::kExpired;
  if (!asked.min_level.known()) return Standing::kMet;
  if (!held.level.known()) {
    return facts.ruleset().skills.unknown_level_meets_required ? Standing::kMet
                                                               : Standing::kLevelUnknown;
  }
  return held.level.value() >= asked.min_level.value() ? Standing::kMet : Standing::kLevelTooLow;
}

// REQUIRES: the group is not empty.
Nearest NearestTo(const RequiredSkillGroup& group, const PairFacts& facts) {
  Nearest nearest{.standing = Standing::kMissing, .asked = &group.any_of.front(), .held = nullptr};
  for (const AskedSkill& asked : group.any_of) {
    for (const HeldSkill& held : facts.candidate.skills) {
      const Standing standing = StandingOf(asked, held, facts);
      if (standing >= nearest.standing) continue;
      nearest = {.standing = standing, .asked = &asked, .held = &held};
    }
  }
  return nearest;
}

std::optional<int64_t> LevelEvidence(SkillLevel level) {
  if (!level.known()) return std::nullopt;
  return level.value();
}

void ReportUnmet(const Nearest& nearest, Findings& findings) {
  const int64_t subject = nearest.asked->skill.value();
  const std::optional<int64_t> asked = LevelEvidence(nearest.asked->min_level);
  switch (nearest.standing) {
    case Standing::kMet:
      return;
    case Standing::kLevelTooLow:
      findings.Fail(
          RuleId::kSkillRequired, Cause::kSkillLevelTooLow,
          {.asked = asked, .had = LevelEvidence(nearest.held->level), .subject = subject});
      return;
    case Standing::kLevelUnknown:
      findings.Fail(RuleId::kSkillRequired, Cause::kSkillLevelUnknown,
                    {.asked = asked, .had = {}, .subject = subject});
      return;
    case Standing::kExpired:
      findings.Fail(RuleId::kSkillRequired, Cause::kSkillExpired,
                    {.asked = asked, .had = nearest.held->expires.number(), .subject = subject});
      return;
    case Standing::kMissing:
      findings.Fail(RuleId::kSkillRequired, Cause::kSkillMissing,
                    {.asked = asked, .had = {}, .subject = subject});
      return;
  }
}

// The certificate without which nobody may work with this skill.
std::optional<SkillId> OperationCertificate(SkillId skill, const SkillCatalogue& catalogue) {
  if (!catalogue.Has(skill)) return std::nullopt;
  return catalogue.skill(skill).operation_certificate;
}

void RequireCertificate(const PairFacts& facts, SkillId certificate, Findings& findings) {
  const HeldSkill* held = FindPaper(facts, certificate);
  if (held == nullptr) {
    findings.Fail(RuleId::kHazardCertificate, Cause::kOperationCertificateMissing,
                  {.asked = {}, .had = {}, .subject = certificate.value()});
  } else if (held->expires < facts.day()) {
    findings.Fail(RuleId::kHazardCertificate, Cause::kOperationCertificateExpired,
                  {.asked = {}, .had = held->expires.number(), .subject = certificate.value()});
  }
}

// The work of a group is a special operation if every alternative is; then the certificate of any
// one of them is needed. True if it is.
bool CheckOperationGroup(const PairFacts& facts, const RequiredSkillGroup& group,
                         Findings& findings) {
  std::optional<SkillId> reported;
  bool certified = false;
  for (const AskedSkill& asked : group.any_of) {
    const auto certificate = OperationCertificate(asked.skill, facts.context.catalogue);
    if (!certificate.has_value()) return false;
    if (!reported.has_value()) reported = certificate;
    certified = certified || HoldsValidPaper(facts, *certificate);
  }
  if (!certified && reported.has_value()) RequireCertificate(facts, *reported, findings);
  return reported.has_value();
}

bool IsOperationCertificate(const PairFacts& facts, SkillId paper) {
  const SkillCatalogue& catalogue = facts.context.catalogue;
  return catalogue.Has(paper) && catalogue.skill(paper).special_operation;
}

void CheckOperationAge(const PairFacts& facts, Findings& findings) {
  const int adult_years = facts.ruleset().age.adult_years;
  if (facts.age_years < adult_years) {
    findings.Fail(RuleId::kHazardCertificate, Cause::kOperationUnderAge,
                  {.asked = adult_years, .had = facts.age_years, .subject = {}});
  }
  if (IsRetired(facts)) {
    findings.Fail(
        RuleId::kHazardCertificate, Cause::kOperationRetired,
        {.asked = RetirementDay(facts).number(), .had = facts.day().number(), .subject = {}});
  }
}

}  // namespace

const HeldSkill* FindPaper(const PairFacts& facts, SkillId paper) {
  const HeldSkill* best = nullptr;
  for (const HeldSkill& held : facts.candidate.skills) {
    if (!facts.context.catalogue.Covers(paper, held.skill)) continue;
    if (best == nullptr || held.expires > best->expires) best = &held;
  }
  return best;
}

bool HoldsValidPaper(const PairFacts& facts, SkillId paper) {
  const HeldSkill* held = FindPaper(facts, paper);
  return held != nullptr && held->expires >= facts.day();
}

void CheckHazardCertificate(const PairFacts& facts, Findings& findings) {
  const PostingProfile& posting = facts.posting;
  const SkillCatalogue& catalogue = facts.context.catalogue;
  bool special_operation = false;
  if (posting.trade.has_value() && catalogue.Has(*posting.trade)) {
    const auto certificate = catalogue.trade(*posting.trade).operation_certificate;
    if (certificate.has_value()) RequireCertificate(facts, *certificate, findings);
    special_operation = certificate.has_value();
  }
  for (const RequiredSkillGroup& group : posting.required_skills) {
    special_operation |= CheckOperationGroup(facts, group, findings);
  }
  for (const SkillId paper : posting.required_papers) {
    special_operation |= IsOperationCertificate(facts, paper);  // whether held: LICENCE
  }
  if (special_operation) CheckOperationAge(facts, findings);
}

void CheckSkillRequired(const PairFacts& facts, Findings& findings) {
  for (const RequiredSkillGroup& group : facts.posting.required_skills) {
    ReportUnmet(NearestTo(group, facts), findings);
  }
}

void CheckEducationMin(const PairFacts& facts, Findings& findings) {
  const std::optional<Education> asked = facts.posting.education_min;
  if (!asked.has_value()) return;
  const std::optional<Education> had = facts.candidate.education;
  if (!had.has_value()) {
    findings.Fail(RuleId::kEducationMin, Cause::kEducationUnknown,
                  {.asked = static_cast<int64_t>(*asked), .had = {}, .subject = {}});
  } else if (*had < *asked) {
    findings.Fail(
        RuleId::kEducationMin, Cause::kEducationTooLow,
        {.asked = static_cast<int64_t>(*asked), .had = static_cast<int64_t>(*had), .subject = {}});
  }
}

void CheckLicence(const PairFacts& facts, Findings& findings) {
  for (const SkillId paper : facts.posting.required_papers) {
    const HeldSkill* held = FindPaper(facts, paper);
    if (held == nullptr) {
      findings.Fail(RuleId::kLicence, Cause::kPaperMissing,
                    {.asked = {}, .had = {}, .subject = paper.value()});
    } else if (held->expires < facts.day()) {
      findings.Fail(RuleId::kLicence, Cause::kPaperExpired,
                    {.asked = {}, .had = held->expires.number(), .subject = paper.value()});
    }
  }
}

void CheckExperience(const PairFacts& facts, Findings& findings) {
  const std::optional<uint16_t> asked = facts.posting.experience_min_months;
  if (!asked.has_value() || *asked == 0) return;
  const std::optional<uint16_t> had = facts.candidate.experience_months;
  if (!had.has_value()) {
    // Ledgers do not record it, so that silence says nothing against the person.
    findings.Note(RuleId::kExperience, Cause::kExperienceUnverified,
                  {.asked = *asked, .had = {}, .subject = {}});
  } else if (*had < *asked) {
    findings.Fail(RuleId::kExperience, Cause::kExperienceTooShort,
                  {.asked = *asked, .had = *had, .subject = {}});
  }
}

}  // namespace leye::matcher
