// One request that has been read whole, and the answer that somebody owes it.
//
//   server = HttpServer::Start(options, [&](const std::shared_ptr<Exchange>& exchange) {
//     exchange->WhenGone([call] { call->Cancel(); });
//     call->Start([exchange](...) { exchange->Respond([...] { return HttpAnswer{...}; }); });
//   });
//
// Nothing waits for the answer: the connection is suspended until Respond, and a stream until Wake.

#ifndef LEYE_SERVICES_GATEWAY_EXCHANGE_H_
#define LEYE_SERVICES_GATEWAY_EXCHANGE_H_

#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/functional/any_invocable.h"

#include "services/base/mutex.h"
#include "services/gateway/http_message.h"

struct MHD_Connection;

namespace leye::gateway {

// Thread-safe. The server's half is for http_server.cc.
class Exchange {
 public:
  // Makes the answer on the connection's own thread, where long work holds up nobody's call.
  using Maker = absl::AnyInvocable<HttpAnswer()>;

  explicit Exchange(HttpRequest request) : request_(std::move(request)) {}

  const HttpRequest& request() const { return request_; }

  // The answer. The first one counts. Every exchange gets one, even when the client is gone.
  void Respond(Maker maker) ABSL_LOCKS_EXCLUDED(mutex_);

  // The stream of the answer has something to send.
  void Wake() ABSL_LOCKS_EXCLUDED(mutex_);

  // `gone` is called, once and from any thread, if the client leaves before it has the answer;
  // at once if it has left already.
  void WhenGone(std::function<void()> gone) ABSL_LOCKS_EXCLUDED(mutex_);

  // The server's half -----------------------------------------------------------------------------

  // The request as it is being read.
  HttpRequest& incoming() { return request_; }

  // The answer's maker if there is one. Otherwise `connection` is suspended until there is.
  std::optional<Maker> TakeOrSuspend(MHD_Connection& connection) ABSL_LOCKS_EXCLUDED(mutex_);

  // Suspends `connection` until the next Wake, unless there was one since the last call. Returns
  // whether it is suspended now.
  bool SuspendUnlessWoken(MHD_Connection& connection) ABSL_LOCKS_EXCLUDED(mutex_);

  // The client is gone.
  void Leave() ABSL_LOCKS_EXCLUDED(mutex_);

  // The server ends: as Leave, and the connection takes no answer any more.
  void Abort() ABSL_LOCKS_EXCLUDED(mutex_);
  bool aborted() const ABSL_LOCKS_EXCLUDED(mutex_);

  // The connection has done with this exchange and must not be touched any more.
  void Detach() ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  void Resume() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Suspend(MHD_Connection& connection) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  HttpRequest request_;

  mutable Mutex mutex_;
  MHD_Connection* suspended_ ABSL_GUARDED_BY(mutex_) = nullptr;  // Null: it runs.
  std::optional<Maker> maker_ ABSL_GUARDED_BY(mutex_);
  bool responded_ ABSL_GUARDED_BY(mutex_) = false;
  bool woken_ ABSL_GUARDED_BY(mutex_) = false;
  bool left_ ABSL_GUARDED_BY(mutex_) = false;
  bool aborted_ ABSL_GUARDED_BY(mutex_) = false;
  std::function<void()> gone_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace leye::gateway

#endif  // LEYE_SERVICES_GATEWAY_EXCHANGE_H_
