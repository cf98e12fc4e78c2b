// One process per file: an advisory lock that the kernel drops when its owner dies.

#ifndef LEYE_SERVICES_STORE_FILE_LOCK_H_
#define LEYE_SERVICES_STORE_FILE_LOCK_H_

#include <string>
#include <utility>

#include "absl/status/statusor.h"

namespace leye::store {

// Holds the lock until it is destroyed. Moveable; thread-compatible.
class FileLock {
 public:
  // Locks `path`, creating it if needed; the file stays behind, it is the lock that counts.
  // FAILED_PRECONDITION (STORE_LOCKED) when somebody holds it, this process included.
  static absl::StatusOr<FileLock> Acquire(const std::string& path);

  FileLock(FileLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  FileLock& operator=(FileLock&&) = delete;
  ~FileLock();

 private:
  explicit FileLock(int descriptor) : descriptor_(descriptor) {}

  int descriptor_;
};

}  // namespace leye::store

#endif  // LEYE_SERVICES_STORE_FILE_LOCK_H_
