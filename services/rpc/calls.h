// What surrounds every handler: guard, deadline, a thread to run on, and errors on the wire.
//
//   return calls.Unary({*context, "/leye.v1.PostingService/GetPosting"}, *request, *response,
//                      [&](auto& asked, auto& caller) { return postings.GetPosting(asked, caller);
//                      });
//
// gRPC's callbacks must not block, so a handler that reads or writes the store, or may wait, runs
// on the bounded pool; when that is full the call is refused at once with RESOURCE_EXHAUSTED
// (reason OVERLOADED). One that only reads memory for well under a millisecond runs where it
// arrived.

#ifndef LEYE_SERVICES_RPC_CALLS_H_
#define LEYE_SERVICES_RPC_CALLS_H_

#include <algorithm>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include <google/protobuf/message.h>
#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include "services/access/guard.h"
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

// The name or the parent that `request` is about, for the guard; "" when it names none.
std::string ResourceOf(const google::protobuf::Message& request);

// Thread-safe.
class Calls {
 public:
  // A unary call is given up then, whatever deadline it brings.
  static constexpr absl::Duration kMostPatience = absl::Minutes(5);

  // All outlive the calls.
  Calls(const access::Guard& guard, ThreadPool& pool, const Clock& clock)
      : guard_(guard), pool_(pool), clock_(clock) {}

  // Answers a unary call with what `handle(request, caller)` returns, a StatusOr<Response>.
  template <typename Request, typename Response, typename Handle>
  grpc::ServerUnaryReactor* Unary(const Arrival& arrival, const Request& request,
                                  Response& response, Handle handle) const {
    grpc::ServerUnaryReactor* reactor = arrival.context.DefaultReactor();
    auto answer = [this, reactor, &context = arrival.context, method = arrival.method, &request,
                   &response, handle = std::move(handle)] {
      reactor->Finish(ToGrpcStatus(Answer(context, method, request, response, handle)));
    };
    if (arrival.runs == Runs::kInline) {
      answer();
    } else if (!pool_.TrySubmit(std::move(answer))) {
      reactor->Finish(ToGrpcStatus(Overloaded()));
    }
    return reactor;
  }

  // Whether the caller may make this call at all, asked before anything is validated.
  absl::Status Check(absl::string_view method, absl::string_view resource) const;

  // The call as the use cases see it; without a deadline of the caller's, endless. Its `cancelled`
  // is valid while `context` is.
  static app::CallContext Caller(const grpc::CallbackServerContext& context);

  // Runs `task` on the pool; false when the pool is full.
  [[nodiscard]] bool TrySubmit(ThreadPool::Task task) const {
    return pool_.TrySubmit(std::move(task));
  }

  // RESOURCE_EXHAUSTED, reason OVERLOADED.
  static absl::Status Overloaded();

 private:
  template <typename Request, typename Response, typename Handle>
  absl::Status Answer(grpc::CallbackServerContext& context, absl::string_view method,
                      const Request& request, Response& response, const Handle& handle) const {
    if (absl::Status allowed = Check(method, ResourceOf(request)); !allowed.ok()) return allowed;
    app::CallContext caller = Caller(context);
    caller.deadline = std::min(caller.deadline, clock_.Now() + kMostPatience);
    if (absl::Status alive = app::CheckAlive(caller, clock_); !alive.ok()) return alive;
    absl::StatusOr<Response> answer = handle(request, caller);
    if (!answer.ok()) return answer.status();
    response = *std::move(answer);
    return absl::OkStatus();
  }

  const access::Guard& guard_;
  ThreadPool& pool_;
  const Clock& clock_;
};

}  // namespace leye::rpc

#endif  // LEYE_SERVICES_RPC_CALLS_H_
