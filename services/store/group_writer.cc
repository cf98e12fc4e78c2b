#include "services/store/group_writer.h"

#include <string>
#include <utility>

#include "absl/strings/cord.h"
#include "absl/strings/string_view.h"

#include "services/base/status.h"
#include "services/store/errors.h"

namespace leye::store::sqlite {
namespace {

// Bounds of one transaction: how long the first of a group may wait for the others' work.
constexpr size_t kMaxGroupOperations = 1024;
constexpr size_t kMaxGroupBytes = 16 << 20;

// Copying the log back into the file is put off until it is worth it: pages written often are then
// copied once. Beyond the second bound readers are waited for, so that the log starts over.
constexpr int kCheckpointPages = 16 << 10;
constexpr int kRestartPages = 64 << 10;

// What to tell callers when COMMIT fails. After an I/O error the pages may or may not be on disk.
absl::Status CommitFailure(const absl::Status& status) {
  if (ErrorReason(status) == "STORE_IO_ERROR") return OutcomeUnknown(status.message());
  return status;
}

// A copy that shares nothing with `status`, for another thread. Sharing would be safe, but the
// reference count lives in the packaged Abseil, where ThreadSanitizer does not see it.
absl::Status DeepCopy(const absl::Status& status) {
  absl::Status copy(status.code(), status.message());
  status.ForEachPayload([&copy](absl::string_view url, const absl::Cord& payload) {
    copy.SetPayload(url, absl::Cord(std::string(payload)));
  });
  return copy;
}

}  // namespace

GroupWriter::GroupWriter(Connection& connection, const Logger& logger, GroupWriterOptions options)
    : connection_(connection),
      logger_(logger),
      options_(std::move(options)),
      thread_([this] { Loop(); }) {}

absl::Status GroupWriter::Run(size_t bytes, Operation operation) {
  Pending pending{operation, bytes};
  MutexLock lock(mutex_);
  if (closing_) return StoreClosed();
  if (queue_.size() >= options_.max_queued) return StoreBusy();
  queue_.push_back(&pending);
  work_.NotifyOne();
  while (!pending.done) pending.answered.Wait(mutex_);
  return std::move(pending.status);
}

void GroupWriter::Close() {
  {
    MutexLock lock(mutex_);
    closing_ = true;
  }
  work_.NotifyAll();
  if (thread_.joinable()) thread_.join();
}

void GroupWriter::Loop() {
  while (true) {
    const Group group = TakeGroup();
    if (group.empty()) return;
    Answer(group, RunGroup(group));
    CheckpointIfDue();
  }
}

// Waits for work; empty when the writer is closing and nothing is left.
GroupWriter::Group GroupWriter::TakeGroup() {
  MutexLock lock(mutex_);
  while (queue_.empty() && !closing_) work_.Wait(mutex_);
  Group group;
  size_t bytes = 0;
  while (!queue_.empty() && group.size() < kMaxGroupOperations && bytes < kMaxGroupBytes) {
    bytes += queue_.front()->bytes;
    group.push_back(queue_.front());
    queue_.pop_front();
  }
  return group;
}

// OK when the transaction is durable; then each operation has its own status.
absl::Status GroupWriter::RunGroup(const Group& group) {
  absl::Status outcome = connection_.Execute("BEGIN IMMEDIATE");
  for (Pending* pending : group) {
    if (!outcome.ok()) break;
    outcome = RunOne(*pending);
  }
  if (outcome.ok()) outcome = CommitFailure(connection_.Execute("COMMIT"));
  if (outcome.ok()) {
    options_.committed();
    return outcome;
  }
  if (connection_.in_transaction()) connection_.Execute("ROLLBACK").IgnoreError();
  options_.rolled_back();
  logger_.Error("a group of commits failed", {{"reason", ErrorReason(outcome)},
                                              {"message", std::string(outcome.message())},
                                              {"commits", group.size()}});
  return outcome;
}

// Fails only when the transaction as a whole is lost.
absl::Status GroupWriter::RunOne(Pending& pending) {
  LEYE_RETURN_IF_ERROR(connection_.Execute("SAVEPOINT operation"));
  pending.status = pending.operation();
  if (pending.status.ok()) return connection_.Execute("RELEASE operation");
  if (!connection_.in_transaction()) return pending.status;
  return connection_.Execute("ROLLBACK TO operation; RELEASE operation");
}

void GroupWriter::Answer(const Group& group, const absl::Status& outcome) {
  MutexLock lock(mutex_);
  for (Pending* pending : group) {
    // Also those that failed by themselves: they may have failed over what was rolled back.
    if (!outcome.ok()) pending->status = DeepCopy(outcome);
    pending->done = true;
    pending->answered.NotifyOne();  // Under the lock: afterwards `pending` may be gone.
  }
}

void GroupWriter::CheckpointIfDue() {
  const int pages = connection_.wal_pages();
  if (pages < checkpointed_pages_) checkpointed_pages_ = 0;  // The log has started over.
  if (pages - checkpointed_pages_ < kCheckpointPages) return;
  checkpointed_pages_ = pages;
  const absl::Status done = connection_.RunCheckpoint(pages < kRestartPages ? Checkpoint::kPassive
                                                                            : Checkpoint::kRestart);
  if (!done.ok()) {
    logger_.Warning("a checkpoint failed and will be tried again",
                    {{"reason", ErrorReason(done)}, {"pages", pages}});
  }
}

}  // namespace leye::store::sqlite
