// Looks at every call from outside: counts it for metrics, and writes its line into the log.
//
//   CallFigures figures({"/leye.v1.PostingService/GetPosting"});
//   CallWatch watch({.figures = figures, .clock = clock, .random = random, .log = &log});
//   ... Server::Start({..., .watch = &watch}, services)
//
// A line has the method, the code, the duration, and the two names by which the call is found
// elsewhere: the caller's trace (the header traceparent of W3C Trace Context) and the request id,
// which is the header x-request-id or, where there is none, a new one; the answer's headers name
// it. No line has what was asked, by whom, or from where: that is the audit's.
//
// Calls that are not among the figures' methods, health's for one, are counted together and have no
// line.

#ifndef LEYE_SERVICES_RPC_CALL_WATCH_H_
#define LEYE_SERVICES_RPC_CALL_WATCH_H_

#include <atomic>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include <grpcpp/support/server_interceptor.h>

#include "services/base/clock.h"
#include "services/base/logging.h"
#include "services/base/outcome_figures.h"
#include "services/base/random.h"

namespace leye::rpc {

// What has become of the calls so far, method by method. Thread-safe.
class CallFigures {
 public:
  struct Method {
    std::string service;  // "leye.v1.PostingService"; "other" for all that is not named.
    std::string name;     // "GetPosting"; "other".
    std::atomic<int64_t> running{0};
    OutcomeFigures ended = {};
  };

  // The methods that are counted each by itself: "/leye.v1.PostingService/GetPosting".
  explicit CallFigures(const std::vector<std::string>& methods);

  // Where calls of that path are counted.
  Method& Find(absl::string_view path);
  bool IsOther(const Method& method) const { return &method == &methods_.back(); }

  const std::deque<Method>& methods() const { return methods_; }

 private:
  std::deque<Method> methods_;  // The last is "other".
  std::map<std::string, Method*> by_path_;
};

// Which calls have a line.
enum class AccessLog { kNone, kErrors, kAll };

// "none", "errors" or "all". REQUIRES: one of them.
AccessLog ParseAccessLog(absl::string_view text);

// The trace and the span that a header `traceparent` names, in 32 and 16 hexadecimal digits; both
// empty when it is not what W3C Trace Context allows.
struct TraceParent {
  std::string trace_id;
  std::string span_id;
};
TraceParent ParseTraceParent(absl::string_view header);

// Whether a caller's request id is taken over: 20 to 64 letters, digits and hyphens of ASCII, as in
// a UUID, a ULID or nginx's $request_id. Shorter ones could be an identity or a telephone number.
bool IsRequestId(absl::string_view text);

// Thread-safe.
class CallWatch {
 public:
  // All outlive the calls.
  struct Parts {
    CallFigures& figures;
    const Clock& clock;
    RandomSource& random;
    const Logger& log;
    AccessLog lines = AccessLog::kNone;
  };

  explicit CallWatch(const Parts& parts) : parts_(parts) {}

  // The look at one call; gRPC deletes it with the call.
  grpc::experimental::Interceptor* Begin(absl::string_view path) const;

 private:
  class Look;

  const Parts parts_;
};

// Has gRPC show every call to a watch.
class WatchesCalls final : public grpc::experimental::ServerInterceptorFactoryInterface {
 public:
  explicit WatchesCalls(const CallWatch& watch) : watch_(watch) {}

  grpc::experimental::Interceptor* CreateServerInterceptor(
      grpc::experimental::ServerRpcInfo* info) override {
    return watch_.Begin(info->method());
  }

 private:
  const CallWatch& watch_;
};

}  // namespace leye::rpc

#endif  // LEYE_SERVICES_RPC_CALL_WATCH_H_
