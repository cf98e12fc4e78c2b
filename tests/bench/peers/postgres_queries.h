// The benchmark's two questions as SQL over the tables of postgres_schema.h.
//
// The plans are picked by hand: the shape of each statement leaves the planner one way that is
// good. Near: areas (or postings) in reach come from a GiST index on places with ST_DWithin on
// PostGIS's sphere, a tenth of a percent wider than asked, and the exact distance is computed for
// these only (PostGIS's sphere is the benchmark's: 6371.0087714 km; the formula is the matcher's).
// Who is limited neither by the posting nor by the person is found by required skill (GIN, btree)
// or by reading the partition; distance is computed only where it still counts, below 291 km.
//
// Scores are computed in millionths as the matcher rounds them. Pure functions; thread-safe.
#ifndef LEYE_TESTS_BENCH_PEERS_POSTGRES_QUERIES_H_
#define LEYE_TESTS_BENCH_PEERS_POSTGRES_QUERIES_H_

#include <cstddef>

#include "tests/bench/dataset.h"
#include "tests/bench/peers/postgres_connection.h"

namespace leye::bench {

// The longest limits that there are, below kAnywhereKm.
struct LongestLimits {
  float willing_km = 0;
  float radius_km = 0;
};

LongestLimits LongestLimitsOf(const Dataset& data);

// Returns rows of (id, score in millionths), the best k, best first.
Statement RankStatement(const PostingRecord& posting, const LongestLimits& longest, size_t k);
Statement RecommendStatement(const Dataset& data, const CandidateRecord& person,
                             const LongestLimits& longest, size_t k);

}  // namespace leye::bench

#endif  // LEYE_TESTS_BENCH_PEERS_POSTGRES_QUERIES_H_
