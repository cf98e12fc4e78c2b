// Loaded into redis-server with LD_PRELOAD: remembers how much of each file was made durable.
//
// After every fsync or fdatasync the size that the file had before it is written to
// "<LEYE_SYNC_RECORD>/<inode>", as text. A power cut is then: kill the server and cut each file to
// the size that its record says.

#include <dlfcn.h>
#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include <sys/stat.h>

namespace {

using Sync = int (*)(int);

int SyncAndRecord(const char* name, int descriptor) {
  const auto real = reinterpret_cast<Sync>(dlsym(RTLD_NEXT, name));
  struct stat before {};
  const bool known = fstat(descriptor, &before) == 0 && S_ISREG(before.st_mode);
  const int result = real(descriptor);
  const char* folder = std::getenv("LEYE_SYNC_RECORD");
  if (result != 0 || !known || folder == nullptr) return result;
  char path[4096];
  std::snprintf(path, sizeof path, "%s/%llu", folder,
                static_cast<unsigned long long>(before.st_ino));
  const int record = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (record >= 0) {
    // Always as many digits, so that a later record covers an earlier one whole.
    char text[24];
    const int size = std::snprintf(text, sizeof text, "%020llu",
                                   static_cast<unsigned long long>(before.st_size));
    if (pwrite(record, text, static_cast<size_t>(size), 0) != size) std::abort();
    close(record);
  }
  return result;
}

}  // namespace

// NOLINTBEGIN(readability-inconsistent-declaration-parameter-name): the system's are reserved
extern "C" int fsync(int descriptor) { return SyncAndRecord("fsync", descriptor); }
extern "C" int fdatasync(int descriptor) { return SyncAndRecord("fdatasync", descriptor); }
// NOLINTEND(readability-inconsistent-declaration-parameter-name)
