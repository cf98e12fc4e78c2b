// The store that the configuration names.

#ifndef LEYE_SERVICES_LEYED_OPEN_STORE_H_
#define LEYE_SERVICES_LEYED_OPEN_STORE_H_

#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "services/leyed/options.h"
#include "services/store/environment.h"
#include "services/store/sqlite_store.h"
#include "services/store/store.h"

namespace leye {

// Opens it, after creating what it needs; errors are those of the engine, or UNAVAILABLE
// (DATA_DIR_FAILED). The embedded store adds to `fsyncs`, which outlives it, unless that is null.
absl::StatusOr<std::unique_ptr<store::Store>> OpenStore(const LeyedOptions& options,
                                                        const store::StoreEnvironment& around,
                                                        store::FsyncFigures* fsyncs = nullptr);

// Opens the embedded store as one that was restored from a backup: every region begins a new epoch,
// so that nobody takes what is written from now on for what was lost. The same errors, or
// INVALID_ARGUMENT (USAGE) for another store, and NOT_FOUND (NO_STORE) where there is none.
absl::Status BeginNewEpochs(const LeyedOptions& options, const store::StoreEnvironment& around);

}  // namespace leye

#endif  // LEYE_SERVICES_LEYED_OPEN_STORE_H_
