// Invents households and the people in them.

#ifndef LEYE_SERVICES_LEYECTL_SAMPLE_PEOPLE_H_
#define LEYE_SERVICES_LEYECTL_SAMPLE_PEOPLE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "leye/v1/candidate.pb.h"
#include "leye/v1/household.pb.h"
#include "services/leyectl/sample/places.h"
#include "services/leyectl/sample/world.h"

namespace leye::ctl::sample {

// One household's place in the world. Everything else of it follows from the seed and `number`.
struct HouseholdPlan {
  uint64_t number = 0;        // From 1.
  uint64_t first_person = 0;  // Number of its first person, from 1.
  int workers = 0;
  const Area* area = nullptr;
};

// Workers of the household of this number, 2.31 on average.
int DrawWorkers(uint64_t seed, uint64_t household_number);

v1::Household MakeHousehold(const WorldOptions& options, const HouseholdPlan& plan);

// The `member`-th worker: 0 the head, 1 the spouse, then children and parents.
v1::Candidate MakeCandidate(const WorldOptions& options, const HouseholdPlan& plan, int member);

}  // namespace leye::ctl::sample

#endif  // LEYE_SERVICES_LEYECTL_SAMPLE_PEOPLE_H_
