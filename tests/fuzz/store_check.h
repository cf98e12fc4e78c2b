// What must be true of every store, whatever calls have done to it.

#ifndef LEYE_TESTS_FUZZ_STORE_CHECK_H_
#define LEYE_TESTS_FUZZ_STORE_CHECK_H_

#include <string>

#include "services/access/sealer.h"
#include "services/store/store.h"

namespace leye::fuzz {

// What is wrong with the regions of `store`, "" when nothing is:
// - the change log, from its beginning, leads to just the records that there are
// - every record can be read, its personal part opened by `sealer`
// - no posting has more holders than openings
std::string WhatIsWrongWith(store::Store& store, const access::Sealer& sealer);

}  // namespace leye::fuzz

#endif  // LEYE_TESTS_FUZZ_STORE_CHECK_H_
