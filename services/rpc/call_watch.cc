#include "services/rpc/call_watch.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_split.h"
#include <grpcpp/support/interceptor.h>

namespace leye::rpc {
namespace {

using ::grpc::experimental::InterceptionHookPoints;
using ::grpc::experimental::InterceptorBatchMethods;

constexpr char kRequestIdHeader[] = "x-request-id";
constexpr char kTraceParentHeader[] = "traceparent";

using ReceivedHeaders = std::multimap<grpc::string_ref, grpc::string_ref>;

// The first value of a header; "" when there is none.
absl::string_view HeaderOf(const ReceivedHeaders& headers, const char* name) {
  const auto header = headers.find(name);
  if (header == headers.end()) return "";
  return {header->second.data(), header->second.size()};
}

bool IsHex(absl::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_isdigit(static_cast<unsigned char>(c)) || (c >= 'a' && c <= 'f');
  });
}

bool IsZero(absl::string_view text) { return text.find_first_not_of('0') == text.npos; }

}  // namespace

CallFigures::CallFigures(const std::vector<std::string>& methods) {
  for (const std::string& path : methods) {
    const std::vector<std::string> parts = absl::StrSplit(path, '/');
    Method& method = methods_.emplace_back();
    method.service = parts.size() == 3 ? parts[1] : "";
    method.name = parts.back();
    by_path_.emplace(path, &method);
  }
  Method& other = methods_.emplace_back();
  other.service = "other";
  other.name = "other";
}

CallFigures::Method& CallFigures::Find(absl::string_view path) {
  const auto found = by_path_.find(std::string(path));
  return found == by_path_.end() ? methods_.back() : *found->second;
}

AccessLog ParseAccessLog(absl::string_view text) {
  if (text == "all") return AccessLog::kAll;
  return text == "errors" ? AccessLog::kErrors : AccessLog::kNone;
}

TraceParent ParseTraceParent(absl::string_view header) {
  constexpr size_t kVersionBytes = 2;
  constexpr size_t kTraceBytes = 32;
  constexpr size_t kSpanBytes = 16;
  constexpr size_t kFlagBytes = 2;
  const std::vector<absl::string_view> parts = absl::StrSplit(header, '-');
  // A later version may add parts; the first one has these four.
  if (parts.size() < 4 || (parts[0] == "00" && parts.size() != 4)) return {};
  const bool sizes = parts[0].size() == kVersionBytes && parts[1].size() == kTraceBytes &&
                     parts[2].size() == kSpanBytes && parts[3].size() == kFlagBytes;
  if (!sizes || parts[0] == "ff" || !std::all_of(parts.begin(), parts.begin() + 4, IsHex) ||
      IsZero(parts[1]) || IsZero(parts[2])) {
    return {};
  }
  return {std::string(parts[1]), std::string(parts[2])};
}

bool IsRequestId(absl::string_view text) {
  constexpr size_t kShortest = 20;
  constexpr size_t kLongest = 64;
  return text.size() >= kShortest && text.size() <= kLongest &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-';
         });
}

// Serves one call: gRPC calls it from one thread at a time.
class CallWatch::Look final : public grpc::experimental::Interceptor {
 public:
  Look(const Parts& parts, CallFigures::Method& method)
      : parts_(parts), method_(method), began_(std::chrono::steady_clock::now()) {
    method_.running.fetch_add(1, std::memory_order_relaxed);
  }

  ~Look() override {
    End(absl::StatusCode::kCancelled);  // If it has not ended otherwise.
    method_.running.fetch_sub(1, std::memory_order_relaxed);
  }

  void Intercept(InterceptorBatchMethods* batch) override {
    if (batch->QueryInterceptionHookPoint(InterceptionHookPoints::POST_RECV_INITIAL_METADATA)) {
      Read(*batch->GetRecvInitialMetadata());
    }
    if (batch->QueryInterceptionHookPoint(InterceptionHookPoints::PRE_SEND_INITIAL_METADATA)) {
      batch->GetSendInitialMetadata()->emplace(kRequestIdHeader, request_id());
    }
    if (batch->QueryInterceptionHookPoint(InterceptionHookPoints::PRE_SEND_STATUS)) {
      End(static_cast<absl::StatusCode>(batch->GetSendStatus().error_code()));
    }
    batch->Proceed();
  }

 private:
  void Read(const ReceivedHeaders& headers) {
    const absl::string_view id = HeaderOf(headers, kRequestIdHeader);
    if (IsRequestId(id)) request_id_ = std::string(id);
    trace_ = ParseTraceParent(HeaderOf(headers, kTraceParentHeader));
  }

  const std::string& request_id() {
    if (request_id_.empty()) request_id_ = NewId(parts_.random, parts_.clock.Now());
    return request_id_;
  }

  void End(absl::StatusCode code) {
    if (std::exchange(ended_, true)) return;
    const absl::Duration took = absl::FromChrono(std::chrono::steady_clock::now() - began_);
    method_.ended.Add(code, took);
    if (HasLine(code)) WriteLine(code, took);
  }

  bool HasLine(absl::StatusCode code) const {
    if (parts_.lines == AccessLog::kNone || parts_.figures.IsOther(method_)) return false;
    return parts_.lines == AccessLog::kAll || code != absl::StatusCode::kOk;
  }

  void WriteLine(absl::StatusCode code, absl::Duration took) {
    const std::string method = method_.service + "/" + method_.name;
    const std::string word = absl::StatusCodeToString(code);
    const double seconds = absl::ToDoubleSeconds(took);
    if (trace_.trace_id.empty()) {
      parts_.log.Info(
          "call",
          {{"method", method}, {"code", word}, {"seconds", seconds}, {"request_id", request_id()}});
    } else {
      parts_.log.Info("call", {{"method", method},
                               {"code", word},
                               {"seconds", seconds},
                               {"request_id", request_id()},
                               {"trace_id", trace_.trace_id},
                               {"parent_span_id", trace_.span_id}});
    }
  }

  const Parts& parts_;
  CallFigures::Method& method_;
  const std::chrono::steady_clock::time_point began_;
  std::string request_id_;
  TraceParent trace_;
  bool ended_ = false;
};

grpc::experimental::Interceptor* CallWatch::Begin(absl::string_view path) const {
  return new Look(parts_, parts_.figures.Find(path));
}

}  // namespace leye::rpc
