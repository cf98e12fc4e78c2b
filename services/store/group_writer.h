// Group commit: operations that wait at the same time share one transaction and one fsync.
//
// One thread takes all waiting operations, runs each inside a savepoint of one transaction, commits
// once, and only then answers all of them. The longer an fsync takes, the larger the next group.

#ifndef LEYE_SERVICES_STORE_GROUP_WRITER_H_
#define LEYE_SERVICES_STORE_GROUP_WRITER_H_

#include <cstddef>
#include <deque>
#include <functional>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"

#include "services/base/logging.h"
#include "services/base/mutex.h"
#include "services/store/sqlite_db.h"

namespace leye::store::sqlite {

struct GroupWriterOptions {
  size_t max_queued = 4096;  // Operations that may wait; more are refused.

  // Called on the writer thread, before any operation of the group is answered.
  std::function<void()> committed = [] {};
  // Called on the writer thread when the whole transaction was rolled back.
  std::function<void()> rolled_back = [] {};
};

// Thread-safe. Owns all use of `connection` from construction until Close returns.
class GroupWriter {
 public:
  using Operation = absl::FunctionRef<absl::Status()>;

  GroupWriter(Connection& connection, const Logger& logger, GroupWriterOptions options);
  ~GroupWriter() { Close(); }
  GroupWriter(const GroupWriter&) = delete;
  GroupWriter& operator=(const GroupWriter&) = delete;

  // Runs `operation` on the writer thread inside a transaction and waits until that is durable.
  // When the operation fails, its own writes are undone and its error is returned; when the
  // transaction fails, every operation of the group fails. RESOURCE_EXHAUSTED (STORE_BUSY) when the
  // queue is full; UNAVAILABLE (STORE_CLOSED) after Close. `bytes` is about what it writes.
  absl::Status Run(size_t bytes, Operation operation) ABSL_LOCKS_EXCLUDED(mutex_);

  // Finishes what is queued and ends the thread. May be called more than once, by one thread.
  void Close() ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  // Lives on the stack of the thread that waits for it.
  struct Pending {
    Operation operation;
    size_t bytes;
    absl::Status status = absl::OkStatus();
    bool done = false;
    CondVar answered = {};
  };
  using Group = std::vector<Pending*>;

  void Loop();
  Group TakeGroup() ABSL_LOCKS_EXCLUDED(mutex_);
  absl::Status RunGroup(const Group& group);
  absl::Status RunOne(Pending& pending);
  void Answer(const Group& group, const absl::Status& outcome) ABSL_LOCKS_EXCLUDED(mutex_);
  void CheckpointIfDue();

  Connection& connection_;
  const Logger& logger_;
  const GroupWriterOptions options_;
  int checkpointed_pages_ = 0;  // Of the log as it stands. Used by the writer thread only.
  Mutex mutex_;
  CondVar work_;
  std::deque<Pending*> queue_ ABSL_GUARDED_BY(mutex_);
  bool closing_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;  // Last: it uses all of the above.
};

}  // namespace leye::store::sqlite

#endif  // LEYE_SERVICES_STORE_GROUP_WRITER_H_
