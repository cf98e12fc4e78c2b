// What happened to a region under a fault, as those who wrote and read it saw it, and what is
// wrong with that.
//
//   History history;
//   WriteThroughFailures(store, "w", 0, history);          // until it is acknowledged
//   ReadPair(store, "r", {"w", 0}, history);               // what is there, and at which revision
//   EXPECT_TRUE(history.Check(store).none());
//
// Writers commit pairs: two records that must exist both or not at all. A pair is never changed, so
// its sequence says all about it. history_test.cc shows each violation being found.

#ifndef LEYE_TESTS_FAULTS_HISTORY_H_
#define LEYE_TESTS_FAULTS_HISTORY_H_

#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"

#include "services/base/mutex.h"
#include "services/store/store.h"

namespace leye::faults {

inline constexpr store::Region kRegion = store::Region::FromNumber(13);

// A commit of the fault tests: number `index` of a writer.
struct PairName {
  std::string writer;
  uint64_t index = 0;

  friend auto operator<=>(const PairName&, const PairName&) = default;
};

// Puts the pair, which must be new, and the writer's own counter. Repeating it is idempotent.
store::CommitRequest PairCommit(const std::string& writer, uint64_t index);

// What is wrong, in words; empty when nothing is.
struct Violations {
  int lost = 0;                         // Acknowledged commits that are not there.
  int vanished = 0;                     // Pairs that were read, never acknowledged, and are gone.
  std::vector<std::string> other = {};  // Halves, gaps, doubles, reads of what was not or not yet.

  bool none() const { return lost == 0 && vanished == 0 && other.empty(); }
};

// Thread-safe.
class History {
 public:
  void Acknowledge(const std::string& writer, uint64_t index, uint64_t sequence)
      ABSL_LOCKS_EXCLUDED(mutex_);
  // How many commits are acknowledged, and how many reads were answered.
  size_t size() const ABSL_LOCKS_EXCLUDED(mutex_);
  size_t reads() const ABSL_LOCKS_EXCLUDED(mutex_);

  // The greatest sequence that was acknowledged so far: a read that begins now is at that or later.
  uint64_t AcknowledgedUpTo() const ABSL_LOCKS_EXCLUDED(mutex_);

  // One answer to a reader. Those of one reader are told in order, and it has one store.
  struct Read {
    std::string reader;
    PairName pair = {};
    uint64_t begun_at = 0;                 // AcknowledgedUpTo() when it began.
    store::Revision revision = {};         // At which it was answered.
    std::optional<uint64_t> version = {};  // Of both halves; absent: neither is there.
  };
  void Add(Read read) ABSL_LOCKS_EXCLUDED(mutex_);
  // A reader that saw half of a pair, or halves that differ.
  void AddHalf(const Read& read) ABSL_LOCKS_EXCLUDED(mutex_);

  // From now on a replica may take over that lacks what was acknowledged to nobody. Until its epoch
  // begins it answers under the old one, so that a reader who saw more goes back.
  void ExpectTakeovers() ABSL_LOCKS_EXCLUDED(mutex_);

  // An acknowledged pair, or the one its writer is at; any name when there is none.
  PairName SomePair(std::mt19937_64& random) const ABSL_LOCKS_EXCLUDED(mutex_);

  // Reads everything back. Never-acknowledged commits may be there, but whole, and each once: every
  // sequence of the region up to its head is that of one pair. The log is compared where it goes
  // back to the beginning; after a new epoch it does not.
  Violations Check(store::Store& store) const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  using Versions = std::map<std::string, uint64_t>;  // By name of record.

  void CheckPairs(const Versions& records, Violations& violations) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void CheckReads(const Versions& records, uint64_t epoch, Violations& violations) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  mutable Mutex mutex_;
  // The sequence each pair was acknowledged with.
  std::map<PairName, uint64_t> commits_ ABSL_GUARDED_BY(mutex_);
  uint64_t acknowledged_up_to_ ABSL_GUARDED_BY(mutex_) = 0;
  bool takeovers_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<Read> reads_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::string> halves_ ABSL_GUARDED_BY(mutex_);
};

// Commits pair number `index` as `writer`, again and again until the store says that it is done;
// the first error that is not UNAVAILABLE.
absl::Status WriteThroughFailures(store::Store& store, const std::string& writer, uint64_t index,
                                  History& history);

// Commits pairs as `writer` from `first` on until a commit fails or `limit` are done; its error.
absl::Status WriteUntilFailure(store::Store& store, const std::string& writer, uint64_t first,
                               uint64_t limit, History& history);

// Reads the pair in one page, and tells the history what was there.
absl::Status ReadPair(store::Store& store, const std::string& reader, const PairName& pair,
                      History& history);

}  // namespace leye::faults

#endif  // LEYE_TESTS_FAULTS_HISTORY_H_
