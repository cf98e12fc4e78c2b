// A fixed number of read connections that threads borrow.

#ifndef LEYE_SERVICES_STORE_SQLITE_READERS_H_
#define LEYE_SERVICES_STORE_SQLITE_READERS_H_

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "services/base/mutex.h"
#include "services/base/status.h"
#include "services/store/sqlite_db.h"
#include "services/store/sqlite_reads.h"

namespace leye::store::sqlite {

// Thread-safe.
class ReaderPool {
 public:
  explicit ReaderPool(std::vector<std::unique_ptr<Connection>> connections)
      : idle_(std::move(connections)), total_(idle_.size()) {}
  ~ReaderPool() { Close(); }

  // Runs `read`, which takes a Connection& and returns a StatusOr, inside one read transaction, as
  // soon as a connection is free. UNAVAILABLE (STORE_CLOSED) after Close.
  template <typename Read>
  auto Run(Read read) -> decltype(read(std::declval<Connection&>())) {
    LEYE_ASSIGN_OR_RETURN(const Lease lease, Borrow());
    LEYE_ASSIGN_OR_RETURN(const ReadTransaction transaction,
                          ReadTransaction::Begin(*lease.connection));
    return read(*lease.connection);
  }

  // Waits for the reads that run, then closes the connections.
  void Close() ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  struct Return {
    ReaderPool* pool;
    void operator()(Connection* connection) const { pool->GiveBack(connection); }
  };
  struct Lease {
    std::unique_ptr<Connection, Return> connection;
  };

  absl::StatusOr<Lease> Borrow() ABSL_LOCKS_EXCLUDED(mutex_);
  void GiveBack(Connection* connection) ABSL_LOCKS_EXCLUDED(mutex_);

  Mutex mutex_;
  CondVar returned_;
  std::vector<std::unique_ptr<Connection>> idle_ ABSL_GUARDED_BY(mutex_);
  const size_t total_;
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace leye::store::sqlite

#endif  // LEYE_SERVICES_STORE_SQLITE_READERS_H_
