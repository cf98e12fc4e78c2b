// Remembers what a store acknowledged, and checks that it still holds all of it.

#ifndef LEYE_TESTS_FAULTS_ACKNOWLEDGED_H_
#define LEYE_TESTS_FAULTS_ACKNOWLEDGED_H_

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"

#include "services/base/mutex.h"
#include "services/store/store.h"

namespace leye::faults {

inline constexpr store::Region kRegion = store::Region::FromNumber(13);

// One commit of the fault tests: a pair of records that must exist both or not at all, and the
// writer's own counter. `writer` and `index` name it; repeating it is idempotent.
store::CommitRequest PairCommit(const std::string& writer, uint64_t index);

// What is wrong with a store, in words; empty when nothing is.
struct Violations {
  int lost = 0;                    // Acknowledged commits that are not there.
  std::vector<std::string> other;  // Halves, gaps, doubles, a log that disagrees with the records.

  bool none() const { return lost == 0 && other.empty(); }
};

// Thread-safe.
class Acknowledged {
 public:
  void Add(const std::string& writer, uint64_t index, uint64_t sequence)
      ABSL_LOCKS_EXCLUDED(mutex_);
  size_t size() const ABSL_LOCKS_EXCLUDED(mutex_);

  // Reads everything back. Never-acknowledged commits may be there, but whole, and each once: every
  // sequence of the region up to its head is that of one pair. The log is compared where it goes
  // back to the beginning; after a new epoch it does not.
  Violations Check(store::Store& store) const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  mutable Mutex mutex_;
  // (writer, index) -> the sequence it was acknowledged with.
  std::map<std::pair<std::string, uint64_t>, uint64_t> commits_ ABSL_GUARDED_BY(mutex_);
};

// Commits pair number `index` as `writer`, again and again until the store says that it is done;
// the first error that is not UNAVAILABLE.
absl::Status WriteThroughFailures(store::Store& store, const std::string& writer, uint64_t index,
                                  Acknowledged& acknowledged);

// Commits pairs as `writer` from `first` on until a commit fails or `limit` are done; its error.
absl::Status WriteUntilFailure(store::Store& store, const std::string& writer, uint64_t first,
                               uint64_t limit, Acknowledged& acknowledged);

}  // namespace leye::faults

#endif  // LEYE_TESTS_FAULTS_ACKNOWLEDGED_H_
