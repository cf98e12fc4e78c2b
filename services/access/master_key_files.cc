// Where master keys come from and how one is made: files and commands (master_keys.h).
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <optional>
#include <thread>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include <openssl/crypto.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "services/access/aes_gcm.h"
#include "services/access/master_keys.h"
#include "services/base/clock.h"
#include "services/base/mutex.h"
#include "services/base/status.h"

namespace leye::access {
namespace {

constexpr size_t kMostBytes = 64 << 10;
constexpr absl::Duration kCommandTime = absl::Seconds(30);

// A file descriptor, closed at its end.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() { Close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int number() const { return number_; }
  void Close() {
    if (number_ >= 0) close(std::exchange(number_, -1));
  }

 private:
  int number_;
};

absl::Status FileError(absl::StatusCode code, absl::string_view what, const std::string& path) {
  return Error(code, "FILE_ERROR", absl::StrCat(what, " ", path, ": ", std::strerror(errno)));
}

absl::Status CheckMode(const Descriptor& file, const std::string& path) {
  struct stat about = {};
  if (fstat(file.number(), &about) != 0) {
    return FileError(absl::StatusCode::kNotFound, "cannot read", path);
  }
  absl::string_view wrong;
  if (!S_ISREG(about.st_mode)) wrong = "is no plain file";
  if ((about.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    wrong = "holds master keys and others than its owner may use it: chmod 600";
  }
  if (about.st_uid != geteuid() && about.st_uid != 0) {
    wrong = "holds master keys and belongs to another user";
  }
  if (wrong.empty()) return absl::OkStatus();
  return Error(absl::StatusCode::kFailedPrecondition, "KEY_FILE_MODE",
               absl::StrCat(path, " ", wrong));
}

enum class ReadEnd { kEnd, kTooMuch, kLate, kFailed };

// Appends what can be read until the end, into room that was made before: nothing is left behind by
// a string that grows.
ReadEnd ReadAll(const Descriptor& from, SteadyTime deadline, std::string& text) {
  text.reserve(kMostBytes + 1);
  while (true) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    pollfd ready = {.fd = from.number(), .events = POLLIN, .revents = 0};
    const int polled = poll(&ready, 1, static_cast<int>(std::max<int64_t>(left.count(), 0)));
    if (polled == 0) return ReadEnd::kLate;
    if (polled < 0 && errno != EINTR) return ReadEnd::kFailed;
    if (polled < 0) continue;
    std::array<char, 4096> chunk;
    const ssize_t bytes = read(from.number(), chunk.data(), chunk.size());
    if (bytes == 0) return ReadEnd::kEnd;
    if (bytes < 0 && errno != EINTR) return ReadEnd::kFailed;
    if (bytes < 0) continue;
    const bool fits = text.size() + static_cast<size_t>(bytes) <= kMostBytes;
    if (fits) text.append(chunk.data(), static_cast<size_t>(bytes));
    OPENSSL_cleanse(chunk.data(), chunk.size());
    if (!fits) return ReadEnd::kTooMuch;
  }
}

absl::Status ReadKeyFile(const std::string& path, std::string& text) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
  if (file.number() < 0) return FileError(absl::StatusCode::kNotFound, "cannot read", path);
  LEYE_RETURN_IF_ERROR(CheckMode(file, path));
  switch (ReadAll(file, SteadyDeadline(kCommandTime), text)) {
    case ReadEnd::kEnd:
      return absl::OkStatus();
    case ReadEnd::kTooMuch:
      return Error(absl::StatusCode::kInvalidArgument, "INVALID_FILE",
                   absl::StrCat("more than ", kMostBytes, " bytes"));
    case ReadEnd::kLate:
    case ReadEnd::kFailed:
      break;
  }
  return FileError(absl::StatusCode::kNotFound, "cannot read", path);
}

absl::Status CommandFailed(absl::string_view how) {
  return Error(absl::StatusCode::kUnavailable, "KEY_COMMAND",
               absl::StrCat("the command for master keys ", how));
}

// What posix_spawn is told: nothing of ours but the pipe and standard error, no blocked signals, a
// process group of its own.
class SpawnSettings {
 public:
  explicit SpawnSettings(int output) {
    posix_spawn_file_actions_init(&files_);
    posix_spawn_file_actions_addopen(&files_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&files_, output, STDOUT_FILENO);
    posix_spawnattr_init(&attributes_);
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setpgroup(&attributes_, 0);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
  }
  ~SpawnSettings() {
    posix_spawn_file_actions_destroy(&files_);
    posix_spawnattr_destroy(&attributes_);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;

  // Its process id, or -1.
  pid_t Start(const std::string& command) const {
    std::string shell = "/bin/sh";
    std::string flag = "-c";
    std::string text = command;
    std::array<char*, 4> arguments = {shell.data(), flag.data(), text.data(), nullptr};
    pid_t pid = -1;
    return posix_spawn(&pid, shell.c_str(), &files_, &attributes_, arguments.data(), environ) == 0
               ? pid
               : -1;
  }

 private:
  posix_spawn_file_actions_t files_ = {};
  posix_spawnattr_t attributes_ = {};
};

// The status that waitpid gives; nullopt when the process had to be killed, with what it started.
std::optional<int> WaitForEnd(pid_t pid, SteadyTime deadline) {
  constexpr auto kPause = std::chrono::milliseconds(2);
  int status = 0;
  while (waitpid(pid, &status, WNOHANG) != pid) {
    if (std::chrono::steady_clock::now() < deadline) {
      std::this_thread::sleep_for(kPause);
      continue;
    }
    kill(-pid, SIGKILL);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    return std::nullopt;
  }
  return status;
}

absl::Status ReadCommand(const std::string& command, std::string& text) {
  std::array<int, 2> ends = {-1, -1};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return CommandFailed("cannot be started");
  const Descriptor reading(ends[0]);
  Descriptor writing(ends[1]);
  const pid_t pid = SpawnSettings(writing.number()).Start(command);
  writing.Close();
  if (pid < 0) return CommandFailed("cannot be started");
  const SteadyTime deadline = SteadyDeadline(kCommandTime);
  const ReadEnd end = ReadAll(reading, deadline, text);
  const std::optional<int> status =
      WaitForEnd(pid, end == ReadEnd::kEnd ? deadline : SteadyTime::min());
  if (end == ReadEnd::kTooMuch) {
    return CommandFailed(absl::StrCat("says more than ", kMostBytes, " bytes"));
  }
  if (end == ReadEnd::kFailed) return CommandFailed("cannot be read");
  if (!status.has_value()) return CommandFailed("has not ended within 30 seconds");
  if (WIFEXITED(*status) && WEXITSTATUS(*status) == 0) return absl::OkStatus();
  return CommandFailed(WIFEXITED(*status)
                           ? absl::StrCat("ended with status ", WEXITSTATUS(*status))
                           : absl::StrCat("was ended by signal ", WTERMSIG(*status)));
}

bool WriteAll(const Descriptor& file, absl::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(file.number(), text.data(), text.size());
    if (written < 0 && errno != EINTR) return false;
    if (written > 0) text.remove_prefix(static_cast<size_t>(written));
  }
  return fsync(file.number()) == 0;
}

// A name beside `path`, in one step, so that a reader sees the old file or the new one.
absl::Status ReplaceFile(const std::string& path, absl::string_view text) {
  const std::string beside = absl::StrCat(path, ".new");
  unlink(beside.c_str());
  Descriptor file(open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (file.number() < 0) {
    return FileError(absl::StatusCode::kUnavailable, "cannot write", beside);
  }
  if (WriteAll(file, text) && std::rename(beside.c_str(), path.c_str()) == 0) {
    return absl::OkStatus();
  }
  const absl::Status failed = FileError(absl::StatusCode::kUnavailable, "cannot write", path);
  unlink(beside.c_str());
  return failed;
}

}  // namespace

absl::StatusOr<MasterKeys> LoadMasterKeyFile(const std::string& path) {
  std::string text;
  const WipeAtEnd wipe(text);
  LEYE_RETURN_IF_ERROR(ReadKeyFile(path, text));
  return MasterKeys::Parse(text);
}

absl::StatusOr<MasterKeys> RunMasterKeyCommand(const std::string& command) {
  std::string text;
  const WipeAtEnd wipe(text);
  LEYE_RETURN_IF_ERROR(ReadCommand(command, text));
  return MasterKeys::Parse(text);
}

absl::StatusOr<std::string> AddMasterKey(const std::string& path, absl::Time now) {
  std::string before;
  const WipeAtEnd wipe_before(before);
  std::string id = absl::StrCat("k", absl::FormatCivilTime(DayInChina(now)));
  if (::access(path.c_str(), F_OK) == 0) {
    LEYE_RETURN_IF_ERROR(ReadKeyFile(path, before));
    LEYE_ASSIGN_OR_RETURN(const MasterKeys keys, MasterKeys::Parse(before));
    const std::string first = id;
    for (int i = 2; keys.Find(id) != nullptr; ++i) id = absl::StrCat(first, "-", i);
  }
  ShortKey key;
  LEYE_RETURN_IF_ERROR(FillRandom(key.bytes.data(), key.bytes.size()));
  std::string digits =
      absl::BytesToHexString({reinterpret_cast<const char*>(key.bytes.data()), key.bytes.size()});
  const WipeAtEnd wipe_digits(digits);
  std::string after;
  const WipeAtEnd wipe_after(after);
  after.reserve(before.size() + id.size() + digits.size() + 2);
  absl::StrAppend(&after, id, " ", digits, "\n", before);
  LEYE_RETURN_IF_ERROR(ReplaceFile(path, after));
  return id;
}

}  // namespace leye::access
