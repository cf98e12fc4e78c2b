// A random world and the indexes that hold it.
#ifndef LEYE_TESTS_ORACLE_INDEXED_WORLD_H_
#define LEYE_TESTS_ORACLE_INDEXED_WORLD_H_

#include <cstdint>
#include <memory>

#include "matcher/candidate_index.h"
#include "matcher/posting_index.h"
#include "matcher/ranker.h"
#include "tests/oracle/random_world.h"

namespace leye::matcher::oracle {

// A random world in which HouseholdId(0) is what it is to an index: no household at all.
World IndexableWorld(uint64_t seed, const WorldOptions& options = {});

std::shared_ptr<const CandidateSnapshot> IndexPeople(const World& world);
// One by one; all at once.
std::shared_ptr<const PostingSnapshot> IndexPostings(const World& world);
std::shared_ptr<const PostingSnapshot> LoadPostings(const World& world);

Person PersonOf(const World& world, const CandidateProfile& candidate);

// Every field. Profiles have no operator== of their own.
bool Same(const CandidateProfile& a, const CandidateProfile& b);
bool Same(const HouseholdProfile& a, const HouseholdProfile& b);
bool Same(const PostingProfile& a, const PostingProfile& b);

}  // namespace leye::matcher::oracle

#endif  // LEYE_TESTS_ORACLE_INDEXED_WORLD_H_
