// The process that store_kill_test kills: writes to the store at argv[1] from four threads, names
// made with argv[2], and tells on standard output what was acknowledged, one line a commit:
// "<writer> <index> <sequence>".

#include <unistd.h>

#include <cstdio>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"

#include "services/base/clock.h"
#include "services/base/logging.h"
#include "services/base/random.h"
#include "services/store/sqlite_store.h"
#include "tests/faults/history.h"

namespace {

void WriteForever(leye::store::Store& store, const std::string& writer) {
  for (uint64_t i = 0;; ++i) {
    const auto result = store.Commit(leye::faults::PairCommit(writer, i));
    if (!result.ok()) {
      std::fprintf(stderr, "%s\n", result.status().ToString().c_str());
      _exit(1);
    }
    const std::string line = absl::StrCat(writer, " ", i, " ", result->revision.sequence, "\n");
    // One write below PIPE_BUF is one piece, whichever thread it is from.
    if (write(STDOUT_FILENO, line.data(), line.size()) < 0) _exit(1);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  leye::SystemClock clock;
  leye::SystemRandom random;
  const leye::Logger log = leye::Logger::ToStderr(leye::LogLevel::kError);
  const auto store = leye::store::OpenSqliteStore({.path = argv[1]}, {clock, random, log});
  if (!store.ok()) {
    std::fprintf(stderr, "%s\n", store.status().ToString().c_str());
    return 1;
  }
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] { WriteForever(**store, absl::StrCat(argv[2], "t", i)); });
  }
  for (std::thread& thread : threads) thread.join();
}
