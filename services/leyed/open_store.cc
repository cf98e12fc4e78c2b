#include "services/leyed/open_store.h"

#include <filesystem>
#include <string>
#include <system_error>

#include "absl/strings/str_cat.h"

#include "services/base/status.h"
#include "services/store/redis_store.h"
#include "services/store/sqlite_store.h"

namespace leye {
namespace {

std::string FileOf(const LeyedOptions& options) {
  return absl::StrCat(options.data_dir, "/leye.db");
}

}  // namespace

absl::StatusOr<std::unique_ptr<store::Store>> OpenStore(const LeyedOptions& options,
                                                        const store::StoreEnvironment& around,
                                                        store::FsyncFigures* fsyncs) {
  if (options.store == "redis") return store::OpenRedisStore(RedisOptionsOf(options), around);
  std::error_code error;
  std::filesystem::create_directories(options.data_dir, error);
  if (error) {
    return Error(absl::StatusCode::kUnavailable, "DATA_DIR_FAILED",
                 absl::StrCat("cannot create data-dir ", options.data_dir, ": ", error.message()));
  }
  return store::OpenSqliteStore({.path = FileOf(options), .fsyncs = fsyncs}, around);
}

absl::Status BeginNewEpochs(const LeyedOptions& options, const store::StoreEnvironment& around) {
  if (options.store != "sqlite") {
    return Error(absl::StatusCode::kInvalidArgument, "USAGE",
                 "restored is for the embedded store: Redis begins new epochs by itself");
  }
  std::error_code error;
  if (!std::filesystem::exists(FileOf(options), error)) {
    return Error(absl::StatusCode::kNotFound, "NO_STORE",
                 absl::StrCat("there is no store ", FileOf(options), ": is data-dir right?"));
  }
  return store::OpenSqliteStore({.path = FileOf(options), .history = store::History::kNewEpoch},
                                around)
      .status();
}

}  // namespace leye
