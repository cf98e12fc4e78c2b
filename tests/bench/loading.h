// Puts a data set into indexes.
#ifndef LEYE_TESTS_BENCH_LOADING_H_
#define LEYE_TESTS_BENCH_LOADING_H_

#include <memory>

#include "matcher/candidate_index.h"
#include "matcher/posting_index.h"
#include "tests/bench/dataset.h"

namespace leye::bench {

// People are put in area by area, as an index likes it best.
std::shared_ptr<const matcher::CandidateSnapshot> LoadPeople(const Dataset& data,
                                                             matcher::CandidateIndex& index);
std::shared_ptr<const matcher::PostingSnapshot> LoadPostings(const Dataset& data,
                                                             matcher::PostingIndex& index);

}  // namespace leye::bench

#endif  // LEYE_TESTS_BENCH_LOADING_H_
