// What every engine of the store is built from.

#ifndef LEYE_SERVICES_STORE_ENVIRONMENT_H_
#define LEYE_SERVICES_STORE_ENVIRONMENT_H_

#include "services/base/clock.h"
#include "services/base/logging.h"
#include "services/base/random.h"

namespace leye::store {

// All must outlive the store.
struct StoreEnvironment {
  const Clock& clock;
  RandomSource& random;
  const Logger& logger;
};

}  // namespace leye::store

#endif  // LEYE_SERVICES_STORE_ENVIRONMENT_H_
