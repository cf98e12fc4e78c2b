// The postings of random worlds: see random_world.h.
#ifndef LEYE_TESTS_ORACLE_RANDOM_POSTINGS_H_
#define LEYE_TESTS_ORACLE_RANDOM_POSTINGS_H_

#include <vector>

#include "tests/oracle/dice.h"
#include "tests/oracle/random_world.h"

namespace leye::matcher::oracle {

// Uses the world's day, catalogue and areas. Each condition is rare, so that somebody fits.
std::vector<PostingProfile> RandomPostings(Dice& dice, const World& world, int count);

}  // namespace leye::matcher::oracle

#endif  // LEYE_TESTS_ORACLE_RANDOM_POSTINGS_H_
