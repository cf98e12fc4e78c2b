// What surrounds every handler: guard, deadline, a thread to run on, and errors on the wire.
//
//   return calls.Unary({*context, "/leye.v1.PostingService/GetPosting"}, *request, *response,
//                      [&](auto& asked, auto& caller) { return postings.GetPosting(asked, caller);
//                      });
//
// gRPC's callbacks must not block, so a handler that reads or writes the store, or may wait, runs
// on the bounded pool; when that is full the call is refused at once with RESOURCE_EXHAUSTED
// (reason OVERLOADED) and when to try again, before anything is spent on it. One that only reads
// memory for well under a millisecond runs where it arrived, one at a time: somebody must be left
// to read what comes, and to refuse it.

#ifndef LEYE_SERVICES_RPC_CALLS_H_
#define LEYE_SERVICES_RPC_CALLS_H_

#include <algorithm>
#include <atomic>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include <google/protobuf/message.h>
#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include "services/access/audit.h"
#include "services/access/guard.h"
#include "services/access/identity.h"
#include "services/access/mask.h"
#include "services/access/rate_limits.h"
#include "services/app/context.h"
#include "services/base/clock.h"
#include "services/base/thread_pool.h"
#include "services/rpc/status.h"

namespace leye::rpc {

// Where a handler runs.
enum class Runs { kOnPool, kInline };

// An arriving call.
struct Arrival {
  grpc::CallbackServerContext& context;
  absl::string_view method;  // "/leye.v1.PostingService/GetPosting".
  Runs runs = Runs::kOnPool;
};

// A call that may go on.
struct Admission {
  app::CallContext caller;
  std::string method;
};

// The name or the parent that `request` is about, for the guard; "" when it names none.
std::string ResourceOf(const google::protobuf::Message& request);

// Thread-safe.
class Calls {
 public:
  // A unary call is given up then, whatever deadline it brings.
  static constexpr absl::Duration kMostPatience = absl::Minutes(5);

  // All outlive the calls.
  struct Parts {
    const access::Authenticator& authenticator;
    const access::Guard& guard;
    access::RateLimits& limits;
    access::AuditLog* audit;  // Null: nothing is written down.
    ThreadPool& pool;
    const Clock& clock;
  };

  explicit Calls(const Parts& parts)
      : authenticator_(parts.authenticator),
        guard_(parts.guard),
        limits_(parts.limits),
        audit_(parts.audit),
        pool_(parts.pool),
        clock_(parts.clock) {}

  // Answers a unary call with what `handle(request, caller)` returns, a StatusOr<Response>.
  template <typename Request, typename Response, typename Handle>
  grpc::ServerUnaryReactor* Unary(const Arrival& arrival, const Request& request,
                                  Response& response, Handle handle) const {
    grpc::ServerUnaryReactor* reactor = arrival.context.DefaultReactor();
    if (pool_.Refuses()) {
      reactor->Finish(Shed());
      return reactor;
    }
    absl::StatusOr<Admission> admitted =
        Admit(arrival.context, arrival.method, ResourceOf(request));
    if (!admitted.ok()) {
      reactor->Finish(ToGrpcStatus(admitted.status()));
      return reactor;
    }
    // What others than the operator may see is looked up, which takes time.
    const bool here = arrival.runs == Runs::kInline &&
                      admitted->caller.principal.role == access::Role::kOperator &&
                      !runs_inline_.exchange(true);
    auto answer = [this, reactor, &request, &response, admitted = *std::move(admitted),
                   handle = std::move(handle)] {
      const absl::Status status = Answer(admitted, request, response, handle);
      reactor->Finish(ToGrpcStatus(WriteDown(admitted, status, {&request, &response})));
    };
    if (here) {
      answer();
      runs_inline_ = false;
    } else if (!pool_.TrySubmit(std::move(answer))) {
      reactor->Finish(Shed());
    }
    return reactor;
  }

  // The call as the use cases see it, if the caller proves who it is and may make this call at all,
  // now: asked before anything is validated. Without a deadline of the caller's it is endless. Its
  // `cancelled` is valid while `context` is. UNAUTHENTICATED, PERMISSION_DENIED or
  // RESOURCE_EXHAUSTED.
  absl::StatusOr<Admission> Admit(const grpc::CallbackServerContext& context,
                                  absl::string_view method, absl::string_view resource) const;

  // Writes into the audit what came of a call, or of a part of a stream: `said` are the messages
  // that name the records. `status`, or why it could not be written, which is to be answered then.
  absl::Status WriteDown(const Admission& admitted, const absl::Status& status,
                         const std::vector<const google::protobuf::Message*>& said) const;

  // Clears what the caller is not shown of an answer.
  template <typename Response>
  static void MaskFor(access::Role role, Response& response) {
    static const access::Masks& masks = *new access::Masks(*Response::descriptor());
    const access::FieldTree& hidden = masks.For(role);
    if (hidden.any()) hidden.Clear(response);
  }

  // Runs `task` on the pool; false when the pool is full.
  [[nodiscard]] bool TrySubmit(ThreadPool::Task task) const {
    return pool_.TrySubmit(std::move(task));
  }

  // RESOURCE_EXHAUSTED, reason OVERLOADED, with when to try again.
  static absl::Status Overloaded();

 private:
  // The same for gRPC, made once: it is answered most when there is least time.
  static const grpc::Status& Shed();

  template <typename Request, typename Response, typename Handle>
  absl::Status Answer(const Admission& admitted, const Request& request, Response& response,
                      const Handle& handle) const {
    app::CallContext caller = admitted.caller;
    caller.deadline = std::min(caller.deadline, clock_.Now() + kMostPatience);
    if (absl::Status alive = app::CheckAlive(caller, clock_); !alive.ok()) return alive;
    absl::StatusOr<Response> answer = handle(request, caller);
    if (!answer.ok()) return answer.status();
    response = *std::move(answer);
    MaskFor(caller.principal.role, response);
    return absl::OkStatus();
  }

  const access::Authenticator& authenticator_;
  const access::Guard& guard_;
  access::RateLimits& limits_;
  access::AuditLog* const audit_;
  ThreadPool& pool_;
  const Clock& clock_;
  mutable std::atomic<bool> runs_inline_ = false;
};

}  // namespace leye::rpc

#endif  // LEYE_SERVICES_RPC_CALLS_H_
