// The store that the configuration names.

#ifndef LEYE_SERVICES_LEYED_OPEN_STORE_H_
#define LEYE_SERVICES_LEYED_OPEN_STORE_H_

#include <memory>

#include "absl/status/statusor.h"

#include "services/leyed/options.h"
#include "services/store/environment.h"
#include "services/store/store.h"

namespace leye {

// Opens it, after creating what it needs; errors are those of the engine, or UNAVAILABLE
// (DATA_DIR_FAILED).
absl::StatusOr<std::unique_ptr<store::Store>> OpenStore(const LeyedOptions& options,
                                                        const store::StoreEnvironment& around);

}  // namespace leye

#endif  // LEYE_SERVICES_LEYED_OPEN_STORE_H_
