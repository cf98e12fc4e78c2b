// Loaded into redis-server by LD_PRELOAD: while the file that LEYE_FULL_DISK names exists, writing
// to any file fails as on a full disk.

#include <dlfcn.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include <sys/stat.h>

// NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name): the system's are reserved
extern "C" ssize_t write(int descriptor, const void* bytes, size_t size) {
  using Write = ssize_t (*)(int, const void*, size_t);
  static const auto kReal = reinterpret_cast<Write>(dlsym(RTLD_NEXT, "write"));
  const char* full = std::getenv("LEYE_FULL_DISK");
  struct stat status {};
  if (full != nullptr && fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) &&
      access(full, F_OK) == 0) {
    errno = ENOSPC;
    return -1;
  }
  return kReal(descriptor, bytes, size);
}
