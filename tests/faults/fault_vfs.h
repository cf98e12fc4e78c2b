// A SQLite VFS over the default one whose disk can fill up and whose power can be cut.
//
//   FaultVfs vfs("faulty");
//   OpenSqliteStore({.path = path, .vfs = vfs.name()}, environment);   // ... commits ...
//   vfs.CutPower();              // from now on nothing can be written
//   store->Close();
//   vfs.RestoreDisk(Unsynced::kLost, random);   // what a disk would hold after the cut
//
// It keeps, for the database and its write-ahead log, the content as of the last fsync and every
// write since. A real disk may keep any part of those writes; RestoreDisk keeps none or any.
// Removing and creating files counts as durable at once: it does not model directories.

#ifndef LEYE_TESTS_FAULTS_FAULT_VFS_H_
#define LEYE_TESTS_FAULTS_FAULT_VFS_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"

#include "services/base/mutex.h"
#include "services/base/random.h"

struct sqlite3_vfs;

namespace leye::faults {

enum class Unsynced {
  kLost,         // All writes since the last fsync of their file.
  kSomeSurvive,  // Each of them or not, at random.
};

// Thread-safe. Registered with SQLite under `name` for its lifetime; outlives the stores that use
// it.
class FaultVfs {
 public:
  explicit FaultVfs(std::string name);
  ~FaultVfs();
  FaultVfs(const FaultVfs&) = delete;
  FaultVfs& operator=(const FaultVfs&) = delete;

  const std::string& name() const { return name_; }

  // How many bytes files may still grow by, together; negative for no limit.
  void SetSpaceLeft(int64_t bytes);

  // Every write, truncation, fsync and removal from now on fails.
  void CutPower();

  // Puts the files into the state that the disk is in after the cut, and ends the cut.
  // REQUIRES: no store has them open.
  void RestoreDisk(Unsynced unsynced, RandomSource& random);

  // What the VFS callbacks ask and tell; each returns a SQLite result code.
  int BeforeWrite(int64_t growth_bytes);
  int BeforeChange();
  void Opened(const std::string& path);
  void Wrote(const std::string& path, int64_t offset, std::string bytes);
  void Truncated(const std::string& path, int64_t size);
  void Synced(const std::string& path);
  void Removed(const std::string& path);
  sqlite3_vfs* real() const { return real_; }

 private:
  struct Change {
    int64_t offset = 0;
    std::string bytes;
    bool truncates = false;  // To `offset`, instead of writing there.
  };
  struct File {
    std::string durable;
    std::vector<Change> pending;
  };

  static void Apply(const Change& change, std::string& content);

  const std::string name_;
  sqlite3_vfs* real_;
  std::unique_ptr<sqlite3_vfs> vfs_;
  Mutex mutex_;
  int64_t space_left_ ABSL_GUARDED_BY(mutex_) = -1;
  bool cut_ ABSL_GUARDED_BY(mutex_) = false;
  std::map<std::string, File> files_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace leye::faults

#endif  // LEYE_TESTS_FAULTS_FAULT_VFS_H_
