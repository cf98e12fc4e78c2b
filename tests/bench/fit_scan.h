// The twin for any ruleset: every pair judged by ScorePair, the definition itself, without an
// index.
//
// plain_check.h knows the benchmark's rules by itself and checks the definition too; this one knows
// no rules. A scan of everything a query.
#ifndef LEYE_TESTS_BENCH_FIT_SCAN_H_
#define LEYE_TESTS_BENCH_FIT_SCAN_H_

#include <cstddef>
#include <span>
#include <vector>

#include "tests/bench/dataset.h"
#include "tests/bench/report.h"

namespace leye::bench {

// The best k by the side that the ruleset ranks by, best first.
std::vector<Answer::Entry> FitCandidates(const Dataset& data,
                                         const matcher::PostingProfile& posting,
                                         const matcher::FitContext& context, size_t k);
std::vector<Answer::Entry> FitPostings(const Dataset& data,
                                       std::span<const matcher::PostingProfile> postings,
                                       const CandidateRecord& person,
                                       const matcher::FitContext& context, size_t k);

}  // namespace leye::bench

#endif  // LEYE_TESTS_BENCH_FIT_SCAN_H_
