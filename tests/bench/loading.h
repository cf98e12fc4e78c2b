// Puts a data set into indexes.
#ifndef LEYE_TESTS_BENCH_LOADING_H_
#define LEYE_TESTS_BENCH_LOADING_H_

#include <cstddef>
#include <memory>

#include "matcher/candidate_index.h"
#include "matcher/posting_index.h"
#include "matcher/ruleset.h"
#include "matcher/travel_table.h"
#include "tests/bench/dataset.h"

namespace leye::bench {

// People are put in area by area, as an index likes it best.
std::shared_ptr<const matcher::CandidateSnapshot> LoadPeople(const Dataset& data,
                                                             matcher::CandidateIndex& index);
std::shared_ptr<const matcher::PostingSnapshot> LoadPostings(const Dataset& data,
                                                             matcher::PostingIndex& index);

// Travel times from every area to the places of the first so many postings, so long that they are
// worth, give or take a fifth, what the distance is worth under `ruleset`.
std::shared_ptr<const matcher::TravelTable> MakeTravelTimes(const Dataset& data, size_t places,
                                                            const matcher::Ruleset& ruleset);

}  // namespace leye::bench

#endif  // LEYE_TESTS_BENCH_LOADING_H_
