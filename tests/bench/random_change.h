// What changes in the life of the benchmark's people.
#ifndef LEYE_TESTS_BENCH_RANDOM_CHANGE_H_
#define LEYE_TESTS_BENCH_RANDOM_CHANGE_H_

#include <cstddef>

#include "tests/bench/dataset.h"
#include "tests/oracle/dice.h"

namespace leye::bench {

// Somebody stops or starts looking for work, and now and then moves or gets another wage wish.
// Returns who: a position in data.candidates. REQUIRES: there are people.
size_t ChangeSomebody(Dataset& data, matcher::oracle::Dice& dice);

}  // namespace leye::bench

#endif  // LEYE_TESTS_BENCH_RANDOM_CHANGE_H_
