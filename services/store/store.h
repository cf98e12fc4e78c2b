// Where leye keeps its records: one small interface, engines named by their technology.
//
//   CommitRequest request{.region = hebei, .request_id = id, .fingerprint = digest};
//   request.mutations.push_back(
//       Mutation::Put(Kind::kPosting, name, envelope, Precondition::Absent()));
//   LEYE_ASSIGN_OR_RETURN(CommitResult result, store.Commit(request));
//   result.written[0].number;    // given by the store
//   FormatToken({hebei, result.revision});
//
// A follower keeps a copy in memory with three calls: ScanOpen until it ends, ReadLog from the
// scan's revision, WaitForChange, and ReadLog again. When ReadLog answers OUT_OF_RANGE it starts
// over with ScanOpen.
//
// Every record belongs to one region; regions are independent of each other. What every engine
// promises, and tests/services/store/store_contract.h checks:
//
// 1. A commit is atomic, durable when Commit returns OK, and ordered: it raises its region's
//    sequence by exactly one and appends one log entry with all it changed.
// 2. Preconditions are checked in that same step. A commit that fails changes nothing.
// 3. A commit with a request id happens at most once while the id is remembered (at least 24 h).
// 4. A read sees every commit that returned before the read began.
// 5. The personal part of a record lies in that record alone: not in the log, not with a remembered
//    request. Deleting a record erases it.
//
// Errors of every method, beside those named there:
//   INVALID_ARGUMENT   LIMIT_EXCEEDED or INVALID_NAME, the field is named; nothing was tried.
//   RESOURCE_EXHAUSTED STORE_FULL: no space; works again once there is. STORE_BUSY: try later.
//   UNAVAILABLE        STORE_CLOSED; STORE_IO_ERROR; OUTCOME_UNKNOWN: the commit may have happened
//                      or not; the same request with the same request_id settles it.
//   DATA_LOSS          STORE_CORRUPT: what is stored cannot be read. An operator must act.
// Each carries its reason (services/base/status.h). No message holds personal data.

#ifndef LEYE_SERVICES_STORE_STORE_H_
#define LEYE_SERVICES_STORE_STORE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "services/store/open_page.h"
#include "services/store/record.h"
#include "services/store/region.h"
#include "services/store/restore.h"

namespace leye::store {

// Sizes beyond these are INVALID_ARGUMENT (reason LIMIT_EXCEEDED) on every engine.
inline constexpr size_t kMaxNameBytes = 512;
inline constexpr size_t kMaxRequestIdBytes = 128;
inline constexpr size_t kMaxFingerprintBytes = 64;
inline constexpr size_t kMaxMutations = 10'000;
inline constexpr size_t kMaxCommitBytes = 32 << 20;  // Envelopes and names together.
inline constexpr int kMaxPageSize = 10'000;          // Larger pages are cut to this, not refused.
inline constexpr size_t kMaxPageBytes = 8 << 20;     // A page ends at the first record beyond this.

// How long a request id is remembered at least.
inline constexpr absl::Duration kRequestMemory = absl::Hours(24);

struct CommitRequest {
  Region region;

  // At most one mutation a record, and at least one that is not a check.
  std::vector<Mutation> mutations = {};

  // Makes the commit idempotent; empty for none. The fingerprint is a digest of what was asked: the
  // same id with another fingerprint is a mistake of the caller.
  std::string request_id = {};
  std::string fingerprint = {};
};

struct CommitResult {
  // The region right after the commit.
  Revision revision = {};

  // The records that were put, in the order of the request, with number and version. In a replay
  // the envelope's personal part is the one the record has now (absent once the record is deleted),
  // everything else is as it was written then.
  std::vector<Record> written = {};

  // True when this is the remembered answer to an earlier commit of the same request id.
  bool replayed = false;
};

struct ScanRequest {
  Region region;
  Kind kind;
  std::string after_name =
      {};           // Only names greater than this, bytewise; empty starts at the first.
  int limit = 100;  // Records a page, at least 1.
};

struct ScanPage {
  std::vector<Record> records;  // Ascending by name.
  bool more = false;            // There was a further record when the page was read.
  Revision revision;            // The revision the whole page was read at.
};

struct RegionScanRequest {
  Region region;
  std::string cursor = {};  // Empty for the first page, then the previous page's next_cursor.
  int limit = 1'000;        // Records a page, at least 1.
};

struct RegionScanPage {
  std::vector<Record> records;  // In no order a caller may rely on.
  std::string next_cursor;      // Empty on the last page.
  Revision revision;  // The head when the page was read: keep the first page's and the last's.
};

struct LogEntry {
  Revision revision;            // The region right after this commit.
  std::vector<Change> changes;  // In the order of the request; at least one.
};

// Somebody's need of a region's log.
struct LogHold {
  Region region;
  std::string holder;    // Who: not empty, at most kMaxRequestIdBytes.
  uint64_t from = 1;     // The first sequence that is needed.
  absl::Duration lease;  // How long, from now on, if it is not said again.
};

using Heads = std::map<Region, Revision>;

// Thread-safe. Calls block the calling thread.
class Store {
 public:
  virtual ~Store() = default;

  // Applies all of `request` or nothing.
  // ALREADY_EXISTS (ALREADY_EXISTS)  a record that must be absent exists
  // NOT_FOUND (NOT_FOUND)            a record that must exist, or is to be deleted, does not
  // ABORTED (ETAG_MISMATCH)          a record has another version than the one expected
  // INVALID_ARGUMENT (REQUEST_ID_REUSED)  the request id belongs to another fingerprint
  // INVALID_ARGUMENT (INVALID_COMMIT)     no change asked for, or one record named twice
  // The first three name the first such mutation in metadata: "mutation_index", "kind", "name".
  virtual absl::StatusOr<CommitResult> Commit(const CommitRequest& request) = 0;

  // The remembered result of `request_id`, nullopt when there is none; REQUEST_ID_REUSED as above.
  // Lets a handler answer a repeated call before it validates it against today's records.
  virtual absl::StatusOr<std::optional<CommitResult>> FindRequest(
      Region region, absl::string_view request_id, absl::string_view fingerprint) = 0;

  // The record; NOT_FOUND (reason NOT_FOUND) when there is none.
  virtual absl::StatusOr<Record> Get(Region region, const RecordKey& key) = 0;

  // The records of `keys` (at most kMaxMutations), in their order, all at one revision; nullopt for
  // each that does not exist.
  virtual absl::StatusOr<std::vector<std::optional<Record>>> BatchGet(
      Region region, const std::vector<RecordKey>& keys) = 0;

  // A page of the records of one kind, by name. Pages are not at one revision with each other.
  virtual absl::StatusOr<ScanPage> Scan(const ScanRequest& request) = 0;

  // A page of all records of a region, while writers go on. With R0 the first page's revision:
  // every record that no commit after R0 touches is in exactly one page, as it is at R0; others may
  // be missing, or in pages any number of times, in any state from R0 on. So: keep the highest
  // version of each record, then apply the log from R0, skipping a change whose sequence is not
  // above the version kept. The copy is consistent from the last page's revision on, and exact at
  // every log entry after it. OUT_OF_RANGE: start over, for history forked since the first page
  // (EPOCH_CHANGED) or what the scan read was replaced (SCAN_GONE). INVALID_ARGUMENT: a cursor that
  // is not this region's (INVALID_CURSOR).
  virtual absl::StatusOr<RegionScanPage> ScanRegion(const RegionScanRequest& request) = 0;

  // The same without the personal parts, in one piece: what a follower reads.
  virtual absl::StatusOr<OpenScanPage> ScanOpen(const RegionScanRequest& request) = 0;

  // Makes coming ScanOpen quick where it is not; may take minutes, or find nothing to do. Ends when
  // `go_on` says false, which is asked several times a second.
  virtual absl::Status PrepareScan(Region region, const std::function<bool()>& go_on) = 0;

  // At most `limit` log entries (at least 1) that follow `after`, dense and in order; empty when
  // `after` is the head. After the default Revision come all entries, whatever the epoch.
  // OUT_OF_RANGE when the follower must scan again: reason LOG_TRIMMED (an entry that follows
  // `after` is gone), EPOCH_CHANGED (`after` is of another epoch), or REVISION_AHEAD (`after` is
  // beyond the head of its own epoch: this store lost history).
  virtual absl::StatusOr<std::vector<LogEntry>> ReadLog(Region region, Revision after,
                                                        int limit) = 0;

  // The region's revision now; the default Revision when it has no history.
  virtual absl::StatusOr<Revision> Head(Region region) = 0;

  // The regions that have a history, with their heads.
  virtual absl::StatusOr<Heads> ListRegions() = 0;

  // OK when WaitForChange tells of every region. An engine whose regions are on several servers
  // goes on telling of those that it reaches, and says here which it has not reached for some
  // seconds.
  virtual absl::Status Health() { return absl::OkStatus(); }

  // Waits until some region's head differs from `known` (a region that is not in `known` is taken
  // to be at the beginning) or `timeout` has passed, then returns all heads. A time-out is no
  // error.
  virtual absl::StatusOr<Heads> WaitForChange(const Heads& known, absl::Duration timeout) = 0;

  // Keeps TrimLog from forgetting what `hold` says, until its lease is over. A holder has one hold
  // a region, the one said last. Holds are for the processes that live: an engine of one process
  // may forget them when it closes.
  virtual absl::Status HoldLog(const LogHold& hold) = 0;

  // Forgets the log before `keep_from`, or before what is held if that is less: ReadLog will answer
  // LOG_TRIMMED to a follower that needs it. `keep_from` may be at most one beyond the head.
  // Requests stay that must still be remembered.
  virtual absl::Status TrimLog(Region region, uint64_t keep_from) = 0;

  // A page of the requests that are remembered, oldest first, with what answers them; the first for
  // an empty cursor, then for the previous page's next_cursor. The pages belong together if they
  // are at one revision. INVALID_ARGUMENT (INVALID_CURSOR) for what is no cursor.
  virtual absl::StatusOr<RequestPage> ScanRequests(Region region, absl::string_view cursor,
                                                   int limit) = 0;

  // Applies one step of putting a region here as it was in another store (restore.h), atomic and
  // durable like a commit, and returns the index of the step that comes next. A step that was
  // applied before changes nothing. Until the last one the region has no history, Commit to it is
  // FAILED_PRECONDITION (REGION_RESTORING), and what reads tell of its records is not defined.
  // After it followers of the region scan it, as after any trimmed log.
  // FAILED_PRECONDITION  REGION_NOT_EMPTY: it has a history; RESTORE_UNFINISHED: another restore
  //                      has begun; RESTORE_GAP: the steps before this one are missing
  // INVALID_ARGUMENT     INVALID_RESTORE: the step contradicts itself or those before it
  // After OUTCOME_UNKNOWN the same step again settles it; for the last step, Head does.
  virtual absl::StatusOr<uint64_t> Restore(const RestoreStep& step) = 0;

  // Puts `after` for `before` as the personal part of each record (at most kMaxMutations) that
  // still has exactly `before`, and leaves every other out; durable like a commit. Returns how
  // many. Nothing else changes: no version, no revision, no log, for a record that is sealed anew
  // says what it said.
  virtual absl::StatusOr<int> Reseal(Region region, const std::vector<ResealedPart>& parts) = 0;

  // Finishes the commits already accepted, wakes waiters and releases the files; every later call
  // is UNAVAILABLE (STORE_CLOSED). The destructor does the same.
  virtual void Close() = 0;
};

}  // namespace leye::store

#endif  // LEYE_SERVICES_STORE_STORE_H_
