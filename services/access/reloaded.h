// What a file says, read again when the file has changed: keys are replaced without a restart.
//
//   LEYE_ASSIGN_OR_RETURN(auto keys, Reloaded<ApiKeys>::Open(path, ApiKeys::Parse, clock, log));
//   std::shared_ptr<const ApiKeys> now = keys->Get();
//
// The file is looked at when it is asked for, at most once a second. A file that cannot be read or
// says nothing sound changes nothing and is told to the log, so that a slip of the editor locks
// nobody out: to take a key away, write the file without it. Replace it by renaming.
#ifndef LEYE_SERVICES_ACCESS_RELOADED_H_
#define LEYE_SERVICES_ACCESS_RELOADED_H_

#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include <sys/stat.h>
#include <sys/types.h>

#include "services/base/clock.h"
#include "services/base/logging.h"
#include "services/base/mutex.h"
#include "services/base/status.h"

namespace leye::access {

// NOT_FOUND (FILE_ERROR) when it cannot be read.
inline absl::StatusOr<std::string> ReadWholeFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(std::istreambuf_iterator<char>(file), {});
  if (!file) {
    return Error(absl::StatusCode::kNotFound, "FILE_ERROR", absl::StrCat("cannot read ", path));
  }
  return text;
}

// Thread-safe.
template <typename T>
class Reloaded {
 public:
  using Parse = absl::StatusOr<T> (*)(absl::string_view text);
  using Load = absl::StatusOr<T> (*)(const std::string& path);

  // The first reading must succeed: its error otherwise, with the path. Both are to outlive it.
  static absl::StatusOr<std::unique_ptr<Reloaded>> Open(const std::string& path, Parse parse,
                                                        const Clock& clock, const Logger& log) {
    return OpenWith(
        path,
        [parse](const std::string& file) -> absl::StatusOr<T> {
          LEYE_ASSIGN_OR_RETURN(const std::string text, ReadWholeFile(file));
          return parse(text);
        },
        clock, log);
  }

  // The same for a file that is read in a way of its own.
  static absl::StatusOr<std::unique_ptr<Reloaded>> OpenFile(const std::string& path, Load load,
                                                            const Clock& clock, const Logger& log) {
    return OpenWith(path, load, clock, log);
  }

  std::shared_ptr<const T> Get() const ABSL_LOCKS_EXCLUDED(mutex_) {
    MutexLock lock(mutex_);
    const absl::Time now = clock_.Now();
    if (now - looked_ < kInterval && now >= looked_) return content_;
    looked_ = now;
    const Version version = VersionNow();
    if (version != version_) {
      if (const absl::Status read = ReadLocked(version); !read.ok()) {
        log_.Error("a file of keys is not taken", {{"path", path_}, {"error", read.ToString()}});
      }
    }
    return content_;
  }

 private:
  // Which file it is: replaced or rewritten ones differ.
  struct Version {
    absl::Time time = absl::InfinitePast();
    off_t bytes = 0;
    ino_t file = 0;  // Two in a moment of the file system's clock may have the same time and size.

    friend bool operator==(const Version&, const Version&) = default;
  };

  static constexpr absl::Duration kInterval = absl::Seconds(1);

  using Loader = std::function<absl::StatusOr<T>(const std::string& path)>;

  Reloaded(std::string path, Loader load, const Clock& clock, const Logger& log)
      : path_(std::move(path)), load_(std::move(load)), clock_(clock), log_(log) {}

  static absl::StatusOr<std::unique_ptr<Reloaded>> OpenWith(const std::string& path, Loader load,
                                                            const Clock& clock, const Logger& log) {
    std::unique_ptr<Reloaded> reloaded(new Reloaded(path, std::move(load), clock, log));
    LEYE_RETURN_IF_ERROR(WithContext(reloaded->Read(), path));
    return reloaded;
  }

  absl::Status Read() ABSL_LOCKS_EXCLUDED(mutex_) {
    MutexLock lock(mutex_);
    looked_ = clock_.Now();
    return ReadLocked(VersionNow());
  }

  absl::Status ReadLocked(Version version) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    version_ = version;
    LEYE_ASSIGN_OR_RETURN(T content, load_(path_));
    content_ = std::make_shared<const T>(std::move(content));
    return absl::OkStatus();
  }

  Version VersionNow() const {
    struct stat about = {};
    if (stat(path_.c_str(), &about) != 0) return {};
    return {.time = absl::TimeFromTimespec(about.st_mtim),
            .bytes = about.st_size,
            .file = about.st_ino};
  }

  const std::string path_;
  const Loader load_;
  const Clock& clock_;
  const Logger& log_;
  mutable Mutex mutex_;
  mutable absl::Time looked_ ABSL_GUARDED_BY(mutex_);
  mutable Version version_ ABSL_GUARDED_BY(mutex_);
  mutable std::shared_ptr<const T> content_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace leye::access

#endif  // LEYE_SERVICES_ACCESS_RELOADED_H_
