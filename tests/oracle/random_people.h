// The people of random worlds: see random_world.h.
#ifndef LEYE_TESTS_ORACLE_RANDOM_PEOPLE_H_
#define LEYE_TESTS_ORACLE_RANDOM_PEOPLE_H_

#include <vector>

#include "tests/oracle/dice.h"
#include "tests/oracle/random_world.h"

namespace leye::matcher::oracle {

std::vector<HouseholdProfile> RandomHouseholds(Dice& dice, int count);

// Uses the world's day, catalogue, areas and households.
std::vector<CandidateProfile> RandomCandidates(Dice& dice, const World& world, int count);

// Makes some limits of candidates and postings equal to a distance that occurs, bit for bit.
void PlaceLimitsOnDistances(Dice& dice, World& world);

// A day at which things end or begin around `day`: that day, its neighbours, or far off.
Day NearDay(Dice& dice, Day day);

}  // namespace leye::matcher::oracle

#endif  // LEYE_TESTS_ORACLE_RANDOM_PEOPLE_H_
