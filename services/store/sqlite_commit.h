// The writer's half of the SQLite engine: applies commits to the open transaction.

#ifndef LEYE_SERVICES_STORE_SQLITE_COMMIT_H_
#define LEYE_SERVICES_STORE_SQLITE_COMMIT_H_

#include <cstdint>
#include <map>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "services/base/clock.h"
#include "services/base/random.h"
#include "services/store/record_codec.h"
#include "services/store/sqlite_db.h"
#include "services/store/sqlite_reads.h"
#include "services/store/store.h"

namespace leye::store::sqlite {

// A request that was checked and encoded by the thread that makes it, so that the one writer has
// less to do. Refers to the request.
struct PreparedCommit {
  const CommitRequest& request;
  std::vector<EncodedEnvelope> envelopes;  // Parallel to the mutations.
};

PreparedCommit Prepare(const CommitRequest& request);

// Applies commits one after the other. REQUIRES: every call inside a write transaction of
// `connection`, and Forget() after any rollback. Thread-compatible; used by the writer thread.
class CommitApplier {
 public:
  CommitApplier(Connection& connection, const Clock& clock, RandomSource& random)
      : connection_(connection), clock_(clock), random_(random) {}

  // As Store::Commit, but leaves the envelopes of a result that is no replay empty: the caller has
  // them, and copying is work for its thread. After an error the caller rolls back to where it was
  // before the call.
  absl::StatusOr<CommitResult> Apply(const PreparedCommit& commit);

  // As Store::Restore, once CheckRestore has passed.
  absl::StatusOr<uint64_t> Restore(const RestoreStep& step);

  // As Store::Reseal, once CheckReseal has passed.
  absl::StatusOr<int> Reseal(Region region, const std::vector<ResealedPart>& parts);

  // As Store::TrimLog, where `least_needed` (at most `keep_from`) is what holds leave to forget.
  absl::Status TrimLog(Region region, uint64_t keep_from, uint64_t least_needed);

  // Gives every region a new epoch, and its log a new beginning.
  absl::Status BeginNewEpochs();

  // The heads that moved since the last call: to publish after the transaction has committed.
  Heads TakeMovedHeads();

  // Drops what is remembered of the regions; the next call reads it again.
  void Forget();

 private:
  absl::StatusOr<RegionState> StateOf(Region region);
  // The last thing an operation does to a region: what is remembered of it is not rolled back with
  // a savepoint.
  absl::Status SaveState(Region region, const RegionState& state);
  absl::StatusOr<std::vector<Location>> CheckPreconditions(const CommitRequest& request);
  absl::Status WriteRecord(Region region, const Mutation& mutation, const EncodedEnvelope& envelope,
                           const Location& before, const Location& after);
  absl::StatusOr<RegionState> StateForCommit(Region region);
  absl::Status CheckNotRestored(const RestoreStep& step);
  absl::Status RestoreContent(const RestoreStep& step);
  absl::Status PruneRequests(Region region, const RegionState& state);
  absl::Status DeleteUnneededLog(Region region, uint64_t log_start);
  // Greater than `before`, whatever the clock says.
  uint64_t EpochAfter(uint64_t before);

  Connection& connection_;
  const Clock& clock_;
  RandomSource& random_;
  std::map<Region, RegionState> regions_;
  Heads moved_;
};

}  // namespace leye::store::sqlite

#endif  // LEYE_SERVICES_STORE_SQLITE_COMMIT_H_
