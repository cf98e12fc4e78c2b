#include "services/store/errors.h"

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

#include "services/base/retry_delay.h"
#include "services/base/status.h"

namespace leye::store {
namespace {

using absl::StatusCode;

absl::Status MutationError(StatusCode code, absl::string_view reason, absl::string_view what,
                           size_t index, const RecordKey& key) {
  return Error(
      code, reason, absl::StrCat(KindName(key.kind), " '", key.name, "' ", what),
      {{"mutation_index", absl::StrCat(index)}, {"kind", KindName(key.kind)}, {"name", key.name}});
}

}  // namespace

absl::Status RecordNotFound(const RecordKey& key) {
  return Error(StatusCode::kNotFound, "NOT_FOUND",
               absl::StrCat(KindName(key.kind), " '", key.name, "' does not exist"),
               {{"kind", KindName(key.kind)}, {"name", key.name}});
}

absl::Status CheckPrecondition(size_t index, const Mutation& mutation, uint64_t version) {
  using Type = Precondition::Type;
  const Type type = mutation.precondition.type();
  const bool exists = version != 0;
  const bool must_exist =
      type == Type::kExists || type == Type::kAtVersion || mutation.type == Mutation::Type::kDelete;
  if (type == Type::kAbsent && exists) {
    return MutationError(StatusCode::kAlreadyExists, "ALREADY_EXISTS", "already exists", index,
                         mutation.key);
  }
  if (must_exist && !exists) {
    return MutationError(StatusCode::kNotFound, "NOT_FOUND", "does not exist", index, mutation.key);
  }
  if (type == Type::kAtVersion && mutation.precondition.version() != version) {
    return MutationError(StatusCode::kAborted, "ETAG_MISMATCH", "has changed meanwhile", index,
                         mutation.key);
  }
  return absl::OkStatus();
}

absl::Status RequestIdReused(absl::string_view request_id) {
  return Error(StatusCode::kInvalidArgument, "REQUEST_ID_REUSED",
               "the request_id was used before for a different request",
               {{"request_id", std::string(request_id)}});
}

absl::Status StoreFull(absl::string_view detail) {
  return Error(StatusCode::kResourceExhausted, "STORE_FULL",
               absl::StrCat("the store has no space left: ", detail));
}

absl::Status CountersUsedUp() {
  return Error(StatusCode::kResourceExhausted, "COUNTER_EXHAUSTED",
               "the region has used up its numbers");
}

absl::Status StoreBusy() {
  return WithRetryDelay(Error(StatusCode::kResourceExhausted, "STORE_BUSY",
                              "too many commits are waiting: try again in a second"),
                        absl::Seconds(1));
}

absl::Status StoreClosed() {
  return Error(StatusCode::kUnavailable, "STORE_CLOSED", "the store is closed");
}

absl::Status StoreIoError(absl::string_view detail) {
  return Error(StatusCode::kUnavailable, "STORE_IO_ERROR",
               absl::StrCat("the store cannot be read or written: ", detail));
}

absl::Status OutcomeUnknown(absl::string_view detail) {
  return Error(StatusCode::kUnavailable, "OUTCOME_UNKNOWN",
               absl::StrCat("the commit may or may not have happened; repeat it with the same "
                            "request_id: ",
                            detail));
}

absl::Status StoreCorrupt(absl::string_view detail) {
  return Error(StatusCode::kDataLoss, "STORE_CORRUPT",
               absl::StrCat("what is stored cannot be read: ", detail));
}

absl::Status InvalidCursor() {
  return Error(StatusCode::kInvalidArgument, "INVALID_CURSOR",
               "the cursor is not one of this region's");
}

absl::Status MustScanAgain(absl::string_view reason, Region region, Revision after) {
  return Error(StatusCode::kOutOfRange, reason,
               absl::StrCat("the log of region ", region.code(), " cannot be followed from ",
                            FormatToken({region, after}), ": scan the region again"));
}

absl::Status RegionNotEmpty(Region region, Revision head) {
  return Error(StatusCode::kFailedPrecondition, "REGION_NOT_EMPTY",
               absl::StrCat("region ", region.code(), " is not empty: it is at ",
                            FormatToken({region, head})));
}

absl::Status RestoreUnfinished(Region region) {
  return Error(StatusCode::kFailedPrecondition, "RESTORE_UNFINISHED",
               absl::StrCat("another restore of region ", region.code(),
                            " has begun here and is not complete: go on with its file, or give "
                            "it up (deploy/README.md, \"Moving a region\")"));
}

absl::Status RestoreGap(Region region, uint64_t index, uint64_t next_index) {
  return Error(StatusCode::kFailedPrecondition, "RESTORE_GAP",
               absl::StrCat("region ", region.code(), " is to be restored from step ", next_index,
                            " on, not from ", index));
}

absl::Status RegionRestoring(Region region) {
  return Error(StatusCode::kFailedPrecondition, "REGION_RESTORING",
               absl::StrCat("region ", region.code(), " is being restored"));
}

}  // namespace leye::store
