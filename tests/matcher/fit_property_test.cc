// What holds for every pair, checked on random worlds. A failure prints the seed of its world.
#include <cstdint>

#include <gtest/gtest.h>

#include "matcher/criteria.h"
#include "matcher/explain.h"
#include "matcher/fit.h"
#include "tests/oracle/random_world.h"

namespace leye::matcher {
namespace {

using oracle::RandomWorld;
using oracle::World;

constexpr uint64_t kWorlds = 60;

// Calls `check(world, pair, context)` for all pairs of all worlds.
template <typename Check>
void ForEachPair(Check check) {
  for (uint64_t seed = 1; seed <= kWorlds; ++seed) {
    SCOPED_TRACE(::testing::Message() << "world of seed " << seed);
    const World world = RandomWorld(seed);
    for (const CandidateProfile& candidate : world.candidates) {
      for (const PostingProfile& posting : world.postings) {
        check(world, world.PairOf(candidate, posting), world.Context());
        if (::testing::Test::HasFatalFailure()) return;
      }
    }
  }
}

TEST(RandomWorld, HasAValidRulesetAndBothVerdicts) {
  int64_t eligible = 0;
  int64_t pairs = 0;
  RuleSet failed;
  for (uint64_t seed = 1; seed <= kWorlds; ++seed) {
    EXPECT_TRUE(Validate(RandomWorld(seed).ruleset).empty()) << "seed " << seed;
  }
  ForEachPair([&](const World&, const Pair& pair, const FitContext& context) {
    const PairScore score = ScorePair(pair, context);
    ++pairs;
    eligible += score.eligible() ? 1 : 0;
    failed = failed | score.failed;
  });
  EXPECT_GT(eligible, pairs / 50) << "worlds in which nobody fits prove nothing";
  EXPECT_LT(eligible, pairs / 2);
  EXPECT_EQ(failed, RuleSet::All()) << "a rule that never fails is not tested by worlds";
}

TEST(RandomWorld, IsTheSameForASeed) {
  const World a = RandomWorld(42);
  const World b = RandomWorld(42);
  ASSERT_EQ(a.candidates.size(), b.candidates.size());
  const PairScore first = ScorePair(a.PairOf(a.candidates[0], a.postings[0]), a.Context());
  const PairScore second = ScorePair(b.PairOf(b.candidates[0], b.postings[0]), b.Context());
  EXPECT_EQ(first.failed, second.failed);
  EXPECT_EQ(first.criteria, second.criteria);
}

TEST(ScorePair, AgreesWithFit) {
  ForEachPair([](const World&, const Pair& pair, const FitContext& context) {
    const FitResult fit = Fit(pair, context);
    const PairScore score = ScorePair(pair, context);
    ASSERT_EQ(score.failed, fit.failed);
    if (!score.eligible()) return;
    ASSERT_EQ(score.criteria, fit.criteria);
    ASSERT_EQ(score.forward, fit.forward);
    ASSERT_EQ(score.reverse, fit.reverse);
    ASSERT_EQ(score.mutual, fit.mutual);
  });
}

TEST(Fit, ReportsAFindingForEveryFailedRuleAndNoOther) {
  ForEachPair([](const World&, const Pair& pair, const FitContext& context) {
    const FitResult fit = Fit(pair, context);
    RuleSet reported;
    for (const Finding& failure : fit.failures) reported.Insert(failure.rule);
    ASSERT_EQ(reported, fit.failed);
    ASSERT_TRUE(context.ruleset.enabled.ContainsAll(fit.failed));
  });
}

TEST(Fit, ExplainsItsScoreExactly) {
  ForEachPair([](const World&, const Pair& pair, const FitContext& context) {
    const FitResult fit = Fit(pair, context);
    for (const Side side : {Side::kForward, Side::kReverse, Side::kMutual}) {
      int64_t sum = 0;
      for (const CriterionReason& reason : Explain(fit, side).criteria) {
        sum += reason.contribution.micros();
      }
      ASSERT_EQ(sum, fit.BySide(side).micros());
    }
  });
}

TEST(Fit, ScoresTheSkillsItExplains) {
  ForEachPair([](const World&, const Pair& pair, const FitContext& context) {
    int64_t earned = 0;
    int64_t weights = 0;
    const FitResult fit = Fit(pair, context);
    for (const SkillMatch& match : fit.skills) {
      earned += int64_t{match.weight} * match.credit.micros();
      weights += match.weight;
    }
    const Score expected =
        weights == 0 ? Score::One() : Score::FromRatio(earned, weights * Score::kMicrosPerUnit);
    ASSERT_EQ(fit.criteria[Criterion::kSkills], expected);
  });
}

TEST(Fit, DoesNotLookAtThePostedSex) {
  ForEachPair([](const World&, const Pair& pair, const FitContext& context) {
    const PairScore before = ScorePair(pair, context);
    for (const Sex sex : {Sex::kUnknown, Sex::kFemale, Sex::kMale}) {
      PostingProfile posting = pair.posting;
      posting.sex_as_posted = sex;
      const PairScore after = ScorePair({.candidate = pair.candidate,
                                         .household = pair.household,
                                         .posting = posting,
                                         .travel = pair.travel},
                                        context);
      ASSERT_EQ(after.failed, before.failed);
      ASSERT_EQ(after.criteria, before.criteria);
    }
  });
}

TEST(Fit, NeverScoresAFartherPlaceHigher) {
  ForEachPair([](const World&, const Pair& pair, const FitContext& context) {
    const FitResult near = Fit(pair, context);
    Pair farther = pair;
    farther.travel.distance = Kilometres::Of(pair.travel.distance.km() * 1.5 + 1);
    const FitResult far = Fit(farther, context);
    ASSERT_LE(far.criteria[Criterion::kProximity], near.criteria[Criterion::kProximity]);
  });
}

}  // namespace
}  // namespace leye::matcher
