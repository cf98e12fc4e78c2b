// The benchmark's definition by itself, on the file's records: no index, no profiles, no rules.
//
// Scores are computed in millionths as the matcher does, and checked against the formula in doubles
// (5 millionths). A scan of everything a query.
#ifndef LEYE_TESTS_BENCH_PLAIN_CHECK_H_
#define LEYE_TESTS_BENCH_PLAIN_CHECK_H_

#include <cstddef>
#include <vector>

#include "tests/bench/dataset.h"
#include "tests/bench/report.h"

namespace leye::bench {

// The best k, best first: score descending, id ascending.
std::vector<Answer::Entry> ScanCandidates(const Dataset& data, const PostingRecord& posting,
                                          size_t k);
std::vector<Answer::Entry> ScanPostings(const Dataset& data, const CandidateRecord& candidate,
                                        size_t k);

}  // namespace leye::bench

#endif  // LEYE_TESTS_BENCH_PLAIN_CHECK_H_
