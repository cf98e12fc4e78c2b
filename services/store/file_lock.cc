#include "services/store/file_lock.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "absl/strings/str_cat.h"
#include <sys/file.h>

#include "services/base/status.h"
#include "services/store/errors.h"

namespace leye::store {

absl::StatusOr<FileLock> FileLock::Acquire(const std::string& path) {
  const int descriptor = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) {
    return StoreIoError(absl::StrCat("cannot open ", path, ": ", std::strerror(errno)));
  }
  FileLock lock(descriptor);
  if (flock(descriptor, LOCK_EX | LOCK_NB) == 0) return lock;
  if (errno != EWOULDBLOCK) {
    return StoreIoError(absl::StrCat("cannot lock ", path, ": ", std::strerror(errno)));
  }
  return Error(absl::StatusCode::kFailedPrecondition, "STORE_LOCKED",
               absl::StrCat("the store is open elsewhere: ", path, " is locked"));
}

FileLock::~FileLock() {
  if (descriptor_ >= 0) close(descriptor_);
}

}  // namespace leye::store
