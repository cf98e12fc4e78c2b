// SIGKILL of the writing process, again and again on one file.

#include <unistd.h>

#include <cinttypes>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <random>
#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include <sys/wait.h>

#include "services/base/logging.h"
#include "services/base/random.h"
#include "services/store/sqlite_store.h"
#include "tests/faults/budget.h"
#include "tests/faults/history.h"
#include "tests/testing/fake_clock.h"
#include "tests/testing/temp_dir.h"

namespace leye::faults {
namespace {

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

// A store_crash_writer that runs, and what it says.
class Child {
 public:
  Child(const std::string& path, const std::string& name) {
    int ends[2];
    if (pipe(ends) != 0) std::abort();
    const std::string program =
        std::filesystem::read_symlink("/proc/self/exe").parent_path() / "store_crash_writer";
    pid_ = fork();
    if (pid_ == 0) {
      dup2(ends[1], STDOUT_FILENO);
      close(ends[0]);
      close(ends[1]);
      execl(program.c_str(), program.c_str(), path.c_str(), name.c_str(), nullptr);
      _exit(127);
    }
    close(ends[1]);
    output_.reset(fdopen(ends[0], "r"));
  }

  // Adds one acknowledged commit; false when the output has ended.
  bool ReadOne(History& history) {
    char writer[64];
    uint64_t index = 0;
    uint64_t sequence = 0;
    if (std::fscanf(output_.get(), "%63s %" SCNu64 " %" SCNu64, writer, &index, &sequence) != 3) {
      return false;
    }
    history.Acknowledge(writer, index, sequence);
    return true;
  }

  // True when the child was alive until now.
  bool Kill() {
    kill(pid_, SIGKILL);
    int status = 0;
    waitpid(pid_, &status, 0);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
  }

 private:
  pid_t pid_ = -1;
  std::unique_ptr<std::FILE, CloseFile> output_;
};

TEST(StoreKill, NothingAcknowledgedIsLostAndTheStoreStartsAgain) {
  const uint64_t seed = FaultSeed();
  SCOPED_TRACE(absl::StrCat("LEYE_FAULT_SEED=", seed));
  std::mt19937_64 random(seed);
  const leye::testing::TempDir dir;
  const std::string path = dir.File("leye.db");
  leye::testing::FakeClock clock;
  SystemRandom ids;
  const Logger log = Logger::Discard();
  History history;
  for (Budget budget(12); budget.Next() && !::testing::Test::HasFailure();) {
    Child child(path, absl::StrCat("r", budget.round()));
    const uint64_t until = random() % 300;  // 0: killed while it opens the file.
    for (uint64_t i = 0; i < until && child.ReadOne(history); ++i) {
    }
    ASSERT_TRUE(child.Kill());
    while (child.ReadOne(history)) {
    }
    const auto store = store::OpenSqliteStore({.path = path}, {clock, ids, log});
    ASSERT_TRUE(store.ok()) << store.status();
    const Violations violations = history.Check(**store);
    EXPECT_EQ(violations.lost, 0) << "of " << history.size();
    EXPECT_EQ(violations.other, std::vector<std::string>());
  }
  RecordProperty("acknowledged", static_cast<int>(history.size()));
  std::printf("acknowledged %zu, lost 0\n", history.size());
}

}  // namespace
}  // namespace leye::faults
