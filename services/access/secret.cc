#include "services/access/secret.h"

#include <unistd.h>

#include <cstring>
#include <new>

#include <openssl/crypto.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>

namespace leye::access {
namespace {

size_t PageBytes() { return static_cast<size_t>(sysconf(_SC_PAGESIZE)); }

}  // namespace

void Wipe(std::string& text) {
  text.resize(text.capacity());  // Never allocates; what was cut off lies behind the end.
  OPENSSL_cleanse(text.data(), text.size());
  text.clear();
}

ShortKey::~ShortKey() { OPENSSL_cleanse(bytes.data(), bytes.size()); }

SecretKey::SecretKey(absl::string_view bytes) {
  void* page =
      mmap(nullptr, PageBytes(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) throw std::bad_alloc();
  page_.reset(static_cast<uint8_t*>(page));
  // Both may be refused (a limit, an old kernel); SwitchDumpsOff stands before them.
  static_cast<void>(madvise(page, PageBytes(), MADV_DONTDUMP));
  static_cast<void>(mlock(page, PageBytes()));
  std::memcpy(page, bytes.data(), kKeyBytes);
  static_cast<void>(mprotect(page, PageBytes(), PROT_READ));
}

void SecretKey::FreePage::operator()(uint8_t* page) const {
  if (mprotect(page, PageBytes(), PROT_READ | PROT_WRITE) == 0) OPENSSL_cleanse(page, kKeyBytes);
  munmap(page, PageBytes());
}

bool SwitchDumpsOff() {
  const rlimit none = {.rlim_cur = 0, .rlim_max = 0};
  const bool no_files = setrlimit(RLIMIT_CORE, &none) == 0;
  return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 && no_files;
}

}  // namespace leye::access
