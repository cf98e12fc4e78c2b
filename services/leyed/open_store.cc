#include "services/leyed/open_store.h"

#include <filesystem>
#include <system_error>

#include "absl/strings/str_cat.h"

#include "services/base/status.h"
#include "services/store/redis_store.h"
#include "services/store/sqlite_store.h"

namespace leye {

absl::StatusOr<std::unique_ptr<store::Store>> OpenStore(const LeyedOptions& options,
                                                        const store::StoreEnvironment& around) {
  if (options.store == "redis") return store::OpenRedisStore(RedisOptionsOf(options), around);
  std::error_code error;
  std::filesystem::create_directories(options.data_dir, error);
  if (error) {
    return Error(absl::StatusCode::kUnavailable, "DATA_DIR_FAILED",
                 absl::StrCat("cannot create data-dir ", options.data_dir, ": ", error.message()));
  }
  return store::OpenSqliteStore({.path = absl::StrCat(options.data_dir, "/leye.db")}, around);
}

}  // namespace leye
