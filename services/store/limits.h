// Checks of what callers hand to a store, the same for every engine.

#ifndef LEYE_SERVICES_STORE_LIMITS_H_
#define LEYE_SERVICES_STORE_LIMITS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "services/store/store.h"

namespace leye::store {

// OK, or the INVALID_ARGUMENT that store.h documents: LIMIT_EXCEEDED, INVALID_NAME, INVALID_COMMIT.
absl::Status CheckCommit(const CommitRequest& request);
absl::Status CheckKey(const RecordKey& key);
absl::Status CheckKeys(const std::vector<RecordKey>& keys);
absl::Status CheckHold(const LogHold& hold);
absl::Status CheckRequestId(absl::string_view request_id, absl::string_view fingerprint);

// OK, or INVALID_ARGUMENT: LIMIT_EXCEEDED, INVALID_NAME or INVALID_RESTORE.
absl::Status CheckRestore(const RestoreStep& step);

// OK, or INVALID_ARGUMENT: LIMIT_EXCEEDED or INVALID_NAME.
absl::Status CheckReseal(const std::vector<ResealedPart>& parts);

// What a step of a restore has twice or repeats of those before it, `field` naming it, or a request
// that stands before the `newest` one restored: INVALID_ARGUMENT (INVALID_RESTORE).
absl::Status RestoredTwice(const std::string& field, absl::string_view value);
absl::Status RestoredOutOfOrder(uint64_t sequence, uint64_t newest);

// A page size that was asked for: INVALID_ARGUMENT (LIMIT_EXCEEDED) below 1.
absl::Status CheckPageSize(int limit);

// What ReadLog can give: the entries from `start` to the head.
struct LogSpan {
  Revision head;
  uint64_t start = 1;
};

// OK when the log can be followed from `after`, else the OUT_OF_RANGE that ReadLog documents.
absl::Status CheckFollows(const LogSpan& log, Region region, Revision after);

// A log that is asked to keep from beyond its head: INVALID_ARGUMENT (LIMIT_EXCEEDED).
absl::Status KeepFromBeyondHead(uint64_t keep_from, uint64_t head);

// Envelopes, names and request ids together, in bytes.
size_t CommitBytes(const CommitRequest& request);
size_t RestoreBytes(const RestoreStep& step);
size_t ResealBytes(const std::vector<ResealedPart>& parts);

}  // namespace leye::store

#endif  // LEYE_SERVICES_STORE_LIMITS_H_
