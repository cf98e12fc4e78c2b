// HAZ-CERT, SKILL-REQ, EDU-MIN, LICENCE, EXPERIENCE: both sides of every boundary.
#include <gtest/gtest.h>

#include "tests/testing/scenario.h"

namespace leye::matcher {
namespace {

using testing::Scenario;
using testing::SkillNamed;

std::string Causes(absl::string_view candidate, absl::string_view posting) {
  return Scenario().Candidate(candidate).Posting(posting).Causes();
}

TEST(SkillRequired, WantsTheLevelAsked) {
  EXPECT_EQ(Causes("", "needs cook:2"), "SKILL_MISSING");
  EXPECT_EQ(Causes("skill cook:1", "needs cook:2"), "SKILL_LEVEL_TOO_LOW");
  EXPECT_EQ(Causes("skill cook:2", "needs cook:2"), "");
}

TEST(SkillRequired, TellsUnknownFromLevelZero) {
  EXPECT_EQ(Causes("skill cook", "needs cook:0"), "SKILL_LEVEL_UNKNOWN");
  EXPECT_EQ(Causes("skill cook:0", "needs cook:0"), "");
  EXPECT_EQ(Causes("skill cook", "needs cook"), "");
}

TEST(SkillRequired, TakesAnUnknownLevelWhereTheRulesetSaysSo) {
  Ruleset ruleset = DefaultRuleset();
  ruleset.skills.unknown_level_meets_required = true;
  EXPECT_EQ(Scenario().Candidate("skill cook").Posting("needs cook:7").Under(ruleset).Causes(), "");
}

TEST(SkillRequired, IsMetByAnyOfAGroupAndWantsEveryGroup) {
  EXPECT_EQ(Causes("skill sewer:1", "needs cook:2 sewer:1"), "");
  EXPECT_EQ(Causes("skill sewer:1", "needs cook sewer; needs fitter"), "SKILL_MISSING");
  EXPECT_EQ(Causes("", "needs cook; needs fitter"), "SKILL_MISSING SKILL_MISSING");
}

TEST(SkillRequired, ReportsTheNearestOfAGroup) {
  const FitResult fit = Scenario().Candidate("skill sewer:1").Posting("needs cook:2 sewer:3").Fit();
  ASSERT_EQ(fit.failures.size(), 1u);
  EXPECT_EQ(fit.failures[0].cause, Cause::kSkillLevelTooLow);
  EXPECT_EQ(fit.failures[0].subject, SkillNamed("sewer").value());
  EXPECT_EQ(fit.failures[0].asked, 3);
  EXPECT_EQ(fit.failures[0].had, 1);
}

TEST(SkillRequired, IsNotMetByARelatedSkill) {
  EXPECT_EQ(Causes("skill sewer:7", "needs cook"), "SKILL_MISSING");
}

TEST(SkillRequired, DoesNotCountWhatExpired) {
  EXPECT_EQ(Causes("skill cook:3@2026-05-31", "needs cook:2"), "SKILL_EXPIRED");
  EXPECT_EQ(Causes("skill cook:3@2026-06-01", "needs cook:2"), "");
}

TEST(EducationMin, WantsTheLevelAsked) {
  EXPECT_EQ(Causes("education 2", "education 3"), "EDUCATION_TOO_LOW");
  EXPECT_EQ(Causes("education 3", "education 3"), "");
  EXPECT_EQ(Causes("", "education 0"), "EDUCATION_UNKNOWN");
}

TEST(Licence, IsHeldAndUnexpired) {
  EXPECT_EQ(Causes("", "papers licence-c1"), "PAPER_MISSING");
  EXPECT_EQ(Causes("skill licence-c1@2026-05-31", "papers licence-c1"), "PAPER_EXPIRED");
  EXPECT_EQ(Causes("skill licence-c1@2026-06-01", "papers licence-c1"), "");
}

TEST(Licence, IsCoveredByAGreaterOne) {
  EXPECT_EQ(Causes("skill licence-a2", "papers licence-c1"), "");
  EXPECT_EQ(Causes("skill licence-c1", "papers licence-a2"), "PAPER_MISSING");
  EXPECT_EQ(Causes("skill licence-c1@2020-01-01 licence-a2", "papers licence-c1"), "");
}

TEST(Licence, WantsEveryPaper) {
  EXPECT_EQ(Causes("skill cert-cook", "papers cert-cook licence-c1"), "PAPER_MISSING");
}

TEST(HazardCertificate, IsWantedOfASpecialOperation) {
  EXPECT_EQ(Causes("skill welder:3", "needs welder"), "OPERATION_CERTIFICATE_MISSING");
  EXPECT_EQ(Causes("skill welder:3 cert-welding@2026-05-31", "needs welder"),
            "OPERATION_CERTIFICATE_EXPIRED");
  EXPECT_EQ(Causes("skill welder:3 cert-welding@2026-06-01", "needs welder"), "");
}

TEST(HazardCertificate, IsNotWantedWhereAnAlternativeDoesWithout) {
  EXPECT_EQ(Causes("skill cook", "needs welder cook"), "");
}

TEST(HazardCertificate, IsNotWantedForWelcomeSkills) { EXPECT_EQ(Causes("", "likes welder"), ""); }

TEST(HazardCertificate, WantsAgesFrom18ToRetirement) {
  const auto on = [](absl::string_view candidate) {
    return Scenario().Candidate(candidate).Posting("papers cert-welding").On("2025-02-15").Causes();
  };
  EXPECT_EQ(on("skill cert-welding; born 2007-02-16"), "OPERATION_UNDER_AGE");
  EXPECT_EQ(on("skill cert-welding; born 2007-02-15"), "");
  EXPECT_EQ(on("skill cert-welding; sex m; born 1965-01-16"), "");
  EXPECT_EQ(on("skill cert-welding; sex m; born 1965-01-15"), "OPERATION_RETIRED");
}

TEST(HazardCertificate, LeavesAMissingPaperToLicence) {
  EXPECT_EQ(Causes("", "papers cert-welding"), "PAPER_MISSING");
}

TEST(Experience, IsCheckedWhereKnown) {
  EXPECT_EQ(Causes("experience 23", "experience 24"), "EXPERIENCE_TOO_SHORT");
  EXPECT_EQ(Causes("experience 24", "experience 24"), "");
}

TEST(Experience, IsNotedWhereUnknown) {
  EXPECT_EQ(Causes("", "experience 24"), "");
  EXPECT_EQ(Scenario().Posting("experience 24").Notes(), "EXPERIENCE_UNVERIFIED");
}

}  // namespace
}  // namespace leye::matcher
