// The ranker against its stupid twin, on random worlds: ids, order, scores, criteria and travel are
// equal exactly. A failing world is named by its seed.
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "matcher/exact_funnel.h"
#include "matcher/ranker.h"
#include "tests/oracle/dice.h"
#include "tests/oracle/indexed_world.h"
#include "tests/oracle/plain_scan.h"

namespace leye::matcher {
namespace {

using oracle::Dice;
using oracle::World;
using oracle::WorldOptions;

constexpr uint64_t kSmallWorlds = 200;
constexpr int64_t kFewPairs = 300;  // Of a crowded world some blocks, of a small one all.

bool SameScore(const PairScore& a, const PairScore& b) {
  return a.failed == b.failed && a.criteria == b.criteria && a.forward == b.forward &&
         a.reverse == b.reverse && a.mutual == b.mutual;
}

template <typename Entry>
void ExpectSameEntries(const std::vector<Entry>& expected, const std::vector<Entry>& got) {
  ASSERT_EQ(expected.size(), got.size());
  for (size_t i = 0; i < expected.size(); ++i) {
    ASSERT_EQ(expected[i].order.id.value(), got[i].order.id.value()) << "at " << i;
    ASSERT_EQ(expected[i].order, got[i].order) << "at " << i;
    ASSERT_TRUE(SameScore(expected[i].score, got[i].score)) << "at " << i;
    ASSERT_EQ(expected[i].travel, got[i].travel) << "at " << i;
  }
}

// A bounded funnel never counts more than there is, and is right where it says so.
void ExpectBelow(const FunnelCount& exact, const FunnelCount& bounded) {
  EXPECT_LE(bounded.count, exact.count);
  if (bounded.exact) {
    EXPECT_EQ(bounded.count, exact.count);
  }
}

void ExpectFunnel(const Funnel& exact, const Funnel& got, FunnelMode mode) {
  EXPECT_EQ(exact.considered, got.considered);
  if (mode == FunnelMode::kExact) {
    EXPECT_EQ(exact, got);
    return;
  }
  ExpectBelow(exact.eligible, got.eligible);
  for (size_t i = 0; i < exact.turned_away.size(); ++i) {
    ExpectBelow(exact.turned_away[i], got.turned_away[i]);
  }
}

// Some people shown often, some for the very posting, some long ago.
class RandomExposure final : public Exposure {
 public:
  RandomExposure(const World& world, Dice& dice) {
    for (const CandidateProfile& candidate : world.candidates) {
      if (dice.OneIn(2)) continue;
      std::vector<Showing>& showings = showings_[candidate.id];
      for (int i = dice.Between(1, 40); i > 0; --i) {
        const PostingProfile& posting = dice.OneOf(world.postings);
        showings.push_back({.posting = dice.OneIn(4) ? posting.id : PostingId(1'000'000 + i),
                            .last_day = world.Context().day.PlusDays(-dice.Between(0, 40))});
      }
    }
  }

  std::span<const Showing> ShowingsOf(CandidateId person) const override {
    const auto found = showings_.find(person);
    if (found == showings_.end()) return {};
    return found->second;
  }

 private:
  std::map<CandidateId, std::vector<Showing>> showings_;
};

// From next to nothing to so much that it decides alone.
CongestionParameters RandomCongestion(Dice& dice) {
  return {.window_days = dice.OneOf({1, 30, 90}),
          .half_postings = dice.OneOf({1, 10, 1000}),
          .most = dice.OneOf({Score::Zero(), Score::FromRatio(1, 10), Score::One()}),
          .spared_from_priority = dice.OneOf({Score::FromRatio(4, 10), Score::One()})};
}

// Random options; `after` is taken from what is eligible, or made up.
template <typename Order, typename Entry>
RankRequestOf<Order> RandomRequest(Dice& dice, const std::vector<Entry>& eligible) {
  RankRequestOf<Order> request;
  request.k = dice.OneOf<size_t>({0, 1, 1, 2, 5, 20, 1000});
  if (dice.OneIn(2)) request.side = dice.OneOf({Side::kForward, Side::kReverse, Side::kMutual});
  if (dice.OneIn(3) && !eligible.empty()) request.after = dice.OneOf(eligible).order;
  if (dice.OneIn(8)) request.after = Order{};
  if (dice.OneIn(3) && !eligible.empty()) request.least = dice.OneOf(eligible).order.score;
  if (dice.OneIn(3)) request.funnel = FunnelMode::kExact;
  return request;
}

void CompareCandidates(const World& world, const CandidateSnapshot& people, Dice& dice) {
  Ranker ranker;
  const RandomExposure exposure(world, dice);
  for (const PostingProfile& posting : world.postings) {
    const Exposure* counted = dice.OneIn(2) ? &exposure : nullptr;
    const auto eligible = oracle::EligibleCandidates(world, posting, Side::kForward, counted);
    auto request = RandomRequest<CandidateOrder>(dice, eligible);
    request.exposure = counted;
    const CandidateRanking expected = oracle::ScanCandidates(world, posting, request);
    const CandidateRanking got = ranker.RankCandidates(people, posting, request, world.Context());
    SCOPED_TRACE("posting " + std::to_string(posting.id.value()));
    ExpectSameEntries(expected.entries, got.entries);
    ExpectFunnel(expected.funnel, got.funnel, request.funnel);
    const Funnel partial = PartialFunnel(people, posting, world.Context(), kFewPairs);
    ExpectFunnel(expected.funnel, partial, FunnelMode::kBounded);
    if (testing::Test::HasFailure()) return;
  }
}

void ComparePostings(const World& world, const PostingSnapshot& postings, Dice& dice) {
  Ranker ranker;
  for (const CandidateProfile& candidate : world.candidates) {
    const auto eligible = oracle::EligiblePostings(world, candidate, Side::kForward);
    const auto request = RandomRequest<PostingOrder>(dice, eligible);
    const PostingRanking expected = oracle::ScanPostings(world, candidate, request);
    const PostingRanking got = ranker.RecommendPostings(
        postings, oracle::PersonOf(world, candidate), request, world.Context());
    SCOPED_TRACE("candidate " + std::to_string(candidate.id.value()));
    ExpectSameEntries(expected.entries, got.entries);
    ExpectFunnel(expected.funnel, got.funnel, request.funnel);
    const Funnel partial =
        PartialFunnel(postings, oracle::PersonOf(world, candidate), world.Context(), kFewPairs);
    ExpectFunnel(expected.funnel, partial, FunnelMode::kBounded);
    if (testing::Test::HasFailure()) return;
  }
}

TEST(RankerOracle, CandidatesOfSmallWorldsEqualThePlainScan) {
  for (uint64_t seed = 1; seed <= kSmallWorlds; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    World world = oracle::IndexableWorld(seed);
    Dice dice(seed);
    world.ruleset.congestion = RandomCongestion(dice);
    CompareCandidates(world, *oracle::IndexPeople(world), dice);
    if (HasFailure()) return;
  }
}

TEST(RankerOracle, PostingsOfSmallWorldsEqualThePlainScan) {
  for (uint64_t seed = 1; seed <= kSmallWorlds; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const World world = oracle::IndexableWorld(seed);
    Dice dice(seed);
    ComparePostings(world, *oracle::IndexPostings(world), dice);
    if (HasFailure()) return;
  }
}

TEST(RankerOracle, PostingsLoadedAtOnceEqualThePlainScan) {
  for (const int postings : {0, 1, 12, 1500}) {
    const World world = oracle::IndexableWorld(
        3, {.areas = 4, .households = 20, .candidates = 24, .postings = postings, .skills = 30});
    Dice dice(3);
    ComparePostings(world, *oracle::LoadPostings(world), dice);
    if (HasFailure()) return;
  }
}

// Every posting asks something, of many skills without relations, so that whole blocks ask what a
// person lacks.
World WorldOfAskingPostings(uint64_t seed) {
  constexpr int kSkills = 200;
  World world = oracle::IndexableWorld(
      seed, {.areas = 2, .households = 10, .candidates = 24, .postings = 2500, .skills = kSkills});
  world.catalogue = SkillCatalogue();
  // Few rules, so that answers are full and bounds decide.
  world.ruleset.enabled = {RuleId::kSkillRequired, RuleId::kEducationMin};
  Dice dice(seed);
  const auto ask = [&] {
    return AskedSkill{.skill = SkillId(static_cast<uint16_t>(dice.Between(0, kSkills - 1))),
                      .min_level = SkillLevel::Unknown()};
  };
  for (PostingProfile& posting : world.postings) {
    posting.required_skills.clear();
    posting.preferred_skills.clear();
    if (dice.OneIn(4)) posting.required_skills.push_back({.any_of = {ask()}});
    for (int i = dice.Between(1, 4); i > 0; --i) {
      posting.preferred_skills.push_back({.asked = ask()});
    }
  }
  return world;
}

TEST(RankerOracle, PostingsThatAllAskSomethingEqualThePlainScan) {
  for (uint64_t seed = 1; seed <= 8; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const World world = WorldOfAskingPostings(seed);
    Dice dice(seed);
    ComparePostings(world, *oracle::LoadPostings(world), dice);
    if (HasFailure()) return;
  }
}

// Areas of several blocks, a far arrangement of several, cells of several.
TEST(RankerOracle, CandidatesOfCrowdedWorldsEqualThePlainScan) {
  const WorldOptions options{
      .areas = 3, .households = 300, .candidates = 2500, .postings = 16, .skills = 30};
  for (uint64_t seed = 1; seed <= 2; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    World world = oracle::IndexableWorld(seed, options);
    Dice dice(seed);
    world.ruleset.congestion = RandomCongestion(dice);
    CompareCandidates(world, *oracle::IndexPeople(world), dice);
    if (HasFailure()) return;
  }
}

TEST(RankerOracle, PostingsOfCrowdedWorldsEqualThePlainScan) {
  const WorldOptions options{
      .areas = 4, .households = 20, .candidates = 24, .postings = 1500, .skills = 30};
  for (uint64_t seed = 1; seed <= 2; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const World world = oracle::IndexableWorld(seed, options);
    Dice dice(seed);
    ComparePostings(world, *oracle::IndexPostings(world), dice);
    if (HasFailure()) return;
  }
}

TEST(RankerOracle, PagesJoinToTheWholeRanking) {
  for (uint64_t seed = 1; seed <= 40; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const World world = oracle::IndexableWorld(
        seed, {.areas = 4, .households = 30, .candidates = 200, .postings = 6, .skills = 12});
    const auto people = oracle::IndexPeople(world);
    Ranker ranker;
    Dice dice(seed);
    const RandomExposure exposure(world, dice);
    for (const PostingProfile& posting : world.postings) {
      RankRequest request{.k = 7, .side = Side::kMutual, .after = {}, .funnel = {}};
      if (dice.OneIn(2)) request.exposure = &exposure;
      std::vector<RankedCandidate> joined;
      for (;;) {
        const auto page = ranker.RankCandidates(*people, posting, request, world.Context());
        joined.insert(joined.end(), page.entries.begin(), page.entries.end());
        if (page.entries.size() < request.k) break;
        request.after = page.entries.back().order;
      }
      ExpectSameEntries(oracle::EligibleCandidates(world, posting, Side::kMutual, request.exposure),
                        joined);
      if (HasFailure()) return;
    }
  }
}

TEST(RankerOracle, BothDirectionsJudgeEveryPairAlike) {
  for (uint64_t seed = 1; seed <= 40; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const World world = oracle::IndexableWorld(seed);
    const auto people = oracle::IndexPeople(world);
    const auto postings = oracle::IndexPostings(world);
    Ranker ranker;
    std::map<std::pair<CandidateId, PostingId>, PairScore> forward;
    for (const PostingProfile& posting : world.postings) {
      const auto ranking = ranker.RankCandidates(
          *people, posting, {.k = 1000, .side = {}, .after = {}, .funnel = {}}, world.Context());
      for (const RankedCandidate& entry : ranking.entries) {
        forward[{entry.order.id, posting.id}] = entry.score;
      }
    }
    size_t reverse = 0;
    for (const CandidateProfile& candidate : world.candidates) {
      const auto ranking = ranker.RecommendPostings(
          *postings, oracle::PersonOf(world, candidate),
          {.k = 1000, .side = {}, .after = {}, .funnel = {}}, world.Context());
      for (const RankedPosting& entry : ranking.entries) {
        ++reverse;
        const auto found = forward.find({candidate.id, entry.order.id});
        ASSERT_NE(found, forward.end());
        ASSERT_TRUE(SameScore(found->second, entry.score));
      }
    }
    ASSERT_EQ(forward.size(), reverse);
  }
}

}  // namespace
}  // namespace leye::matcher
