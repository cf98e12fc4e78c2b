// Runs scripts and commands on the server that holds a region, wherever that is just now.
//
//   LEYE_ASSIGN_OR_RETURN(auto client, Client::Open(std::move(topology), options));
//   LEYE_ASSIGN_OR_RETURN(Answer answer,
//                         client->Run({.region = hebei, .script = &kPageScript, ...}));
//
// Follows MOVED and ASK, and tries again while a server is loading, a slot is moving or a primary
// is being replaced, until the time of the call is over. What it tries again has certainly not been
// carried out: a call that may have been is answered OUTCOME_UNKNOWN and left to the caller.

#ifndef LEYE_SERVICES_STORE_REDIS_CLIENT_H_
#define LEYE_SERVICES_STORE_REDIS_CLIENT_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "services/base/mutex.h"
#include "services/store/redis_pool.h"
#include "services/store/redis_scripts.h"
#include "services/store/redis_topology.h"
#include "services/store/region.h"

namespace leye::store::redis {

struct ClientOptions {
  PoolOptions pool = {};  // Of each server.
  absl::Duration call_timeout = absl::Seconds(5);
  absl::Duration retry_pause = absl::Milliseconds(20);
};

// One thing to run, for keys of one region.
struct Call {
  Region region;
  const Script* script = nullptr;  // Null: `arguments` is a whole command.
  Command keys = {};
  Command arguments = {};
  // Replicas that must have what the server has after the call; the answer tells how many did.
  int replicas = 0;
};

struct Answer {
  Reply reply;
  int64_t replicas = 0;
};

// Thread-safe.
class Client {
 public:
  // Loads the scripts, which needs a server that answers. UNAVAILABLE (STORE_IO_ERROR) otherwise.
  static absl::StatusOr<std::unique_ptr<Client>> Open(std::unique_ptr<Topology> topology,
                                                      const ClientOptions& options);
  ~Client() { Close(); }

  // The reply, never an error. UNAVAILABLE: STORE_IO_ERROR when the call was certainly not carried
  // out, OUTCOME_UNKNOWN when it may have been. RESOURCE_EXHAUSTED: STORE_FULL, STORE_BUSY.
  // DATA_LOSS: STORE_CORRUPT.
  absl::StatusOr<Answer> Run(const Call& call) ABSL_LOCKS_EXCLUDED(mutex_) {
    return Run(call, SteadyDeadline(options_.call_timeout));
  }

  // The same for calls that have no outcome to be unsure of: STORE_IO_ERROR then.
  absl::StatusOr<Answer> Read(const Call& call) ABSL_LOCKS_EXCLUDED(mutex_) {
    return Read(call, SteadyDeadline(options_.call_timeout));
  }

  // Read for several scripts at once, without `replicas`: those of one server go out together, one
  // server after the other, and each has the time of a call. The answers stand in the order of the
  // calls.
  std::vector<absl::StatusOr<Answer>> ReadEach(const std::vector<Call>& calls)
      ABSL_LOCKS_EXCLUDED(mutex_);

  // A connection to the server that should hold `region`, for reads with several commands on their
  // way at a time. Nothing is redirected or tried again: what fails there, ask by Read.
  absl::StatusOr<Pool::Lease> BorrowFor(Region region) ABSL_LOCKS_EXCLUDED(mutex_);
  // How long an answer on it may take.
  absl::Duration call_timeout() const { return options_.call_timeout; }

  // A connection of its own to the server of `region`, for a subscription.
  absl::StatusOr<std::unique_ptr<Connection>> ConnectTo(Region region);

  // Waits for the calls under way; later ones are UNAVAILABLE (STORE_CLOSED).
  void Close() ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  // What to do after one attempt.
  struct Next {
    enum class Step { kDone, kElsewhere, kLater } step = Step::kDone;
    Address server = {};
    bool asking = false;  // The server is only taking the slot over: say ASKING.
  };

  Client(std::unique_ptr<Topology> topology, ClientOptions options)
      : topology_(std::move(topology)), options_(std::move(options)) {}

  absl::StatusOr<Answer> Run(const Call& call, SteadyTime deadline) ABSL_LOCKS_EXCLUDED(mutex_);
  absl::StatusOr<Answer> Read(const Call& call, SteadyTime deadline) ABSL_LOCKS_EXCLUDED(mutex_);
  absl::Status LoadScripts();
  absl::StatusOr<Pool*> PoolOf(const Address& server) ABSL_LOCKS_EXCLUDED(mutex_);
  absl::StatusOr<Pool::Lease> Borrow(const Address& server, SteadyTime deadline);
  absl::StatusOr<std::vector<Reply>> RunTogether(const Address& server,
                                                 const std::vector<Command>& commands,
                                                 SteadyTime deadline);
  absl::StatusOr<Answer> RunOn(Connection& connection, const Call& call, const Next& where,
                               SteadyTime deadline) const;
  Next After(ReplyView reply, const Call& call, const Address& server);
  bool PauseUntil(SteadyTime deadline) ABSL_LOCKS_EXCLUDED(mutex_);

  const std::unique_ptr<Topology> topology_;
  const ClientOptions options_;
  std::map<const Script*, std::string> digests_;  // Set by LoadScripts.
  Mutex mutex_;
  CondVar closing_;
  std::map<Address, std::unique_ptr<Pool>> pools_ ABSL_GUARDED_BY(mutex_);
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace leye::store::redis

#endif  // LEYE_SERVICES_STORE_REDIS_CLIENT_H_
