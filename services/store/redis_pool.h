// Connections to one Redis server that threads borrow.
//
//   LEYE_ASSIGN_OR_RETURN(const Pool::Lease lease, pool.Borrow(deadline));
//   lease->Run(...)
//
// A connection that broke is thrown away, and so are those that lie idle then: they were made to
// the same server that just failed. After a connection could not be made, borrowers are refused at
// once for a while that doubles with each failure, so that a dead server costs nobody its time-out.

#ifndef LEYE_SERVICES_STORE_REDIS_POOL_H_
#define LEYE_SERVICES_STORE_REDIS_POOL_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "services/base/mutex.h"
#include "services/store/redis_connection.h"

namespace leye::store::redis {

struct PoolOptions {
  Login login = {};
  int max_connections = 32;                             // More borrowers wait.
  absl::Duration connect_timeout = absl::Seconds(1);    // Of one attempt, login included.
  absl::Duration first_pause = absl::Milliseconds(50);  // After an attempt that failed.
  absl::Duration longest_pause = absl::Milliseconds(1'000);
};

// Thread-safe.
class Pool {
 public:
  Pool(Address address, PoolOptions options)
      : address_(std::move(address)), options_(std::move(options)) {}
  ~Pool() { Close(); }
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  struct Return {
    Pool* pool;
    void operator()(Connection* connection) const { pool->GiveBack(connection); }
  };
  using Lease = std::unique_ptr<Connection, Return>;

  // A connection that was usable a moment ago. UNAVAILABLE (STORE_IO_ERROR) when the server cannot
  // be reached, RESOURCE_EXHAUSTED (STORE_BUSY) when none became free before `deadline`,
  // UNAVAILABLE (STORE_CLOSED) after Close.
  absl::StatusOr<Lease> Borrow(SteadyTime deadline) ABSL_LOCKS_EXCLUDED(mutex_);

  // Refuses borrowers from now on, and waits for the leases that are out.
  void Close() ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  absl::StatusOr<std::unique_ptr<Connection>> TakeIdle(SteadyTime deadline)
      ABSL_LOCKS_EXCLUDED(mutex_);
  absl::StatusOr<Lease> Connect(SteadyTime deadline) ABSL_LOCKS_EXCLUDED(mutex_);
  absl::StatusOr<std::unique_ptr<Connection>> ConnectToPrimary(SteadyTime deadline) const;
  void GiveBack(Connection* connection) ABSL_LOCKS_EXCLUDED(mutex_);

  const Address address_;
  const PoolOptions options_;
  Mutex mutex_;
  CondVar returned_;
  std::vector<std::unique_ptr<Connection>> idle_ ABSL_GUARDED_BY(mutex_);
  int out_ ABSL_GUARDED_BY(mutex_) = 0;  // Lent, or being made.
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Duration pause_ ABSL_GUARDED_BY(mutex_) = absl::ZeroDuration();
  SteadyTime retry_ ABSL_GUARDED_BY(mutex_) = {};  // No attempt before.
  std::string failure_ ABSL_GUARDED_BY(mutex_);    // What the last attempt said.
};

}  // namespace leye::store::redis

#endif  // LEYE_SERVICES_STORE_REDIS_POOL_H_
