// Small random worlds that look for trouble: what a seed makes is the same on every machine.
//
//   const World world = RandomWorld(seed);
//   for (const CandidateProfile& c : world.candidates)
//     Fit(world.PairOf(c, world.postings[0]), world.Context());
//
// Values crowd at the boundaries that rules ask about: ages on the day of a birthday, retirement or
// its eve, papers that expire today, limits that equal a distance exactly, levels unknown, weights
// zero; half of the worlds know travel times, from some areas to some places, by some modes. Many
// people and postings are twins in everything but the id, so that order must break ties. The
// ruleset is the default one, the benchmark's, or either with random weights and switches.
#ifndef LEYE_TESTS_ORACLE_RANDOM_WORLD_H_
#define LEYE_TESTS_ORACLE_RANDOM_WORLD_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "matcher/fit.h"

namespace leye::matcher::oracle {

struct World {
  SkillCatalogue catalogue;
  Ruleset ruleset;
  Day day;
  std::vector<AreaProfile> areas;                   // by index: areas[i].index == AreaIndex(i)
  std::vector<HouseholdProfile> households;         // households[i].id == HouseholdId(i)
  std::vector<CandidateProfile> candidates;         // ascending by id
  std::vector<PostingProfile> postings;             // ascending by id
  std::shared_ptr<const TravelTable> travel_times;  // null: no time is known

  const AreaProfile& AreaOf(const CandidateProfile& candidate) const {
    return areas[candidate.area.value()];
  }
  const HouseholdProfile& HouseholdOf(const CandidateProfile& candidate) const {
    return households[candidate.household.value()];
  }
  // The views live as long as the world and the profiles.
  Pair PairOf(const CandidateProfile& candidate, const PostingProfile& posting) const;
  FitContext Context() const;
};

struct WorldOptions {
  int areas = 5;
  int households = 12;
  int candidates = 40;
  int postings = 12;
  int skills = 12;
};

World RandomWorld(uint64_t seed, const WorldOptions& options = {});

}  // namespace leye::matcher::oracle

#endif  // LEYE_TESTS_ORACLE_RANDOM_WORLD_H_
