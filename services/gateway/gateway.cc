#include "services/gateway/gateway.h"

#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include <grpcpp/channel.h>
#include <grpcpp/generic/generic_stub.h>

#include "services/base/address.h"
#include "services/base/status.h"
#include "services/gateway/cors.h"
#include "services/gateway/error_forms.h"
#include "services/gateway/grpc_call.h"
#include "services/gateway/json_reader.h"
#include "services/gateway/json_writer.h"
#include "services/gateway/methods.h"
#include "services/gateway/protocol.h"
#include "services/gateway/static_files.h"
#include "services/rpc/status.h"

namespace leye::gateway {
namespace {

// What of a request's head the server is told.
constexpr const char* kForwarded[] = {"accept-language", "authorization", "traceparent",
                                      "tracestate",      "x-api-key",     "x-purpose",
                                      "x-request-id"};

// A request that has been understood so far. Shared by all that answer it.
struct Asked {
  std::shared_ptr<Exchange> exchange;
  const Method& method;
  Dialect dialect;
  HttpFields common_headers;  // Of every answer.

  HttpAnswer Complete(HttpAnswer answer) const {
    answer.headers.insert(answer.headers.end(), common_headers.begin(), common_headers.end());
    return answer;
  }
};

std::string BytesOf(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  if (!buffer.Dump(&slices).ok()) return {};
  std::string bytes;
  bytes.reserve(buffer.Length());
  for (const grpc::Slice& slice : slices) {
    bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return bytes;
}

// The server's answer as the caller wants it.
absl::StatusOr<std::string> Encoded(const Asked& asked, const grpc::ByteBuffer& answer) {
  std::string bytes = BytesOf(answer);
  if (asked.dialect.codec == Codec::kProto) return bytes;
  const std::unique_ptr<google::protobuf::Message> message = asked.method.NewResponse();
  if (!message->ParseFromString(bytes)) {
    return absl::InternalError(
        absl::StrCat(asked.method.path, " answered no ", message->GetDescriptor()->full_name()));
  }
  return ToJson(*message);
}

HttpAnswer AnswerOf(const Asked& asked, const grpc::Status& status, const grpc::ByteBuffer& bytes) {
  if (!status.ok()) return UnaryAnswer(asked.dialect, status, "");
  const absl::StatusOr<std::string> message = Encoded(asked, bytes);
  if (!message.ok()) return UnaryAnswer(asked.dialect, rpc::ToGrpcStatus(message.status()), "");
  return UnaryAnswer(asked.dialect, status, *message);
}

// The answers of a stream as the frames of a body.
class FrameSource final : public BodySource {
 public:
  FrameSource(Asked asked, std::shared_ptr<StreamCall> call)
      : asked_(std::move(asked)), call_(std::move(call)) {}

  std::optional<Chunk> Next() override {
    const std::optional<StreamCall::Event> event = call_->Take();
    if (!event.has_value()) return std::nullopt;
    if (!event->message.has_value()) return End(event->status);
    const absl::StatusOr<std::string> message = Encoded(asked_, *event->message);
    if (message.ok()) return Chunk{MessageFrame(asked_.dialect, *message)};
    call_->Cancel();
    return End(rpc::ToGrpcStatus(message.status()));
  }

 private:
  Chunk End(const grpc::Status& status) const {
    return {.bytes = EndFrame(asked_.dialect, status), .last = true};
  }

  const Asked asked_;
  const std::shared_ptr<StreamCall> call_;
};

// What is no call: the body of its answer says why, in Connect's form.
struct NotACall {
  const char* reason;  // Of kRefusalReasons.
  HttpAnswer answer;
};

HttpAnswer NoCall(int http_status, absl::StatusCode code, absl::string_view message) {
  return {.status = http_status,
          .headers = {{"content-type", "application/json"}},
          .body = ErrorJson(rpc::ToGrpcStatus(absl::Status(code, message)))};
}

std::optional<NotACall> WhyNoCall(const HttpRequest& request, const Method* method) {
  if (method == nullptr) {
    return NotACall{"UNKNOWN_METHOD", NoCall(404, absl::StatusCode::kUnimplemented,
                                             absl::StrCat("there is no method ", request.path))};
  }
  const bool readable = method->only_reads() && !method->streams_answers();
  if (request.method != "POST" && !(request.method == "GET" && readable)) {
    HttpAnswer answer =
        NoCall(405, absl::StatusCode::kUnimplemented,
               absl::StrCat(method->path, " is called by ", readable ? "POST or GET" : "POST"));
    answer.headers.emplace_back("allow", readable ? "POST, GET" : "POST");
    return NotACall{"HTTP_METHOD", std::move(answer)};
  }
  const std::optional<Dialect> dialect = DialectOf(request);
  if (dialect.has_value() && Fits(*dialect, *method)) return std::nullopt;
  HttpAnswer answer =
      NoCall(415, absl::StatusCode::kUnimplemented,
             absl::StrCat("the content type, or of a GET the encoding, must be one of ",
                          request.method == "GET" ? "json, proto" : AcceptedTypes(*method)));
  answer.headers.emplace_back("accept-post", AcceptedTypes(*method));
  return NotACall{"CONTENT_TYPE", std::move(answer)};
}

absl::StatusOr<CallHead> HeadOf(const Asked& asked) {
  const HttpRequest& request = asked.exchange->request();
  CallHead head{.path = asked.method.path};
  LEYE_ASSIGN_OR_RETURN(head.patience, PatienceOf(asked.dialect, request));
  for (const char* name : kForwarded) {
    const std::string* value = request.FindHeader(name);
    if (value == nullptr) continue;
    if (!IsMetadataValue(*value)) {
      return Error(absl::StatusCode::kInvalidArgument, "MALFORMED_REQUEST",
                   absl::StrCat("the header ", name, " must be printable ASCII"));
    }
    head.metadata.emplace_back(name, *value);
  }
  return head;
}

// The request's message as the server takes it.
absl::StatusOr<std::string> RequestBytes(const Asked& asked) {
  const HttpRequest& request = asked.exchange->request();
  if (request.body_too_large) {
    return Error(absl::StatusCode::kResourceExhausted, "REQUEST_TOO_LARGE",
                 "the request is larger than the server takes (max-message-bytes)");
  }
  if (asked.method.streams_requests()) {
    return Error(absl::StatusCode::kUnimplemented, "STREAM_OF_REQUESTS",
                 absl::StrCat(asked.method.path,
                              " takes a stream, which HTTP/1.1 cannot carry "
                              "both ways: call it by gRPC"));
  }
  LEYE_ASSIGN_OR_RETURN(std::string message, MessageOf(asked.dialect, request));
  if (asked.dialect.codec == Codec::kProto) return message;
  const std::unique_ptr<google::protobuf::Message> parsed = asked.method.NewRequest();
  LEYE_RETURN_IF_ERROR(FromJson(message, *parsed));
  return parsed->SerializeAsString();
}

}  // namespace

struct Gateway::Parts {
  Parts(const Options& options, std::unique_ptr<const MethodTable> table, StaticFiles files,
        std::shared_ptr<grpc::Channel> channel)
      : methods(std::move(table)),
        docs(std::move(files)),
        cors(options.allowed_origins),
        loopback_hosts_only(options.loopback_hosts_only),
        refusals(options.refusals),
        stub(std::move(channel)) {}

  void Handle(const std::shared_ptr<Exchange>& exchange);
  void CountRefusal(absl::string_view reason) const {
    if (refusals != nullptr) refusals->Add(reason);
  }
  void Refuse(const Asked& asked, const absl::Status& status) const;
  void Call(const Asked& asked);
  void CallOnce(const Asked& asked, const CallHead& head, const std::string& request);
  void CallStream(const Asked& asked, const CallHead& head, const std::string& request);

  const std::unique_ptr<const MethodTable> methods;
  const StaticFiles docs;
  const Cors cors;
  const bool loopback_hosts_only;
  RefusalFigures* const refusals;
  grpc::GenericStub stub;
  std::unique_ptr<HttpServer> http;  // Ends first.
};

void Gateway::Parts::Handle(const std::shared_ptr<Exchange>& exchange) {
  const HttpRequest& request = exchange->request();
  const std::string* host = request.FindHeader("host");
  if (loopback_hosts_only && (host == nullptr || !IsLoopback(*host))) {
    CountRefusal("FOREIGN_HOST");
    exchange->Respond([] {
      return NoCall(403, absl::StatusCode::kPermissionDenied,
                    "without callers' identities only requests to this machine's loopback "
                    "addresses are served");
    });
    return;
  }
  if (Cors::IsPreflight(request)) {
    exchange->Respond([answer = cors.Preflight(request)] { return answer; });
    return;
  }
  if (std::optional<HttpAnswer> file = docs.Answer(request); file.has_value()) {
    exchange->Respond([answer = *std::move(file)] { return answer; });
    return;
  }
  HttpFields common = cors.Headers(request);
  const Method* method = methods->Find(request.path);
  if (std::optional<NotACall> why = WhyNoCall(request, method); why.has_value()) {
    CountRefusal(why->reason);
    why->answer.headers.insert(why->answer.headers.end(), common.begin(), common.end());
    exchange->Respond([answer = std::move(why->answer)] { return answer; });
    return;
  }
  // Answers hold personal data.
  if (request.method == "GET") common.emplace_back("cache-control", "no-store");
  Call({exchange, *method, *DialectOf(request), std::move(common)});
}

void Gateway::Parts::Refuse(const Asked& asked, const absl::Status& status) const {
  CountRefusal(ErrorReason(status));
  asked.exchange->Respond([asked, answer = UnaryAnswer(asked.dialect, rpc::ToGrpcStatus(status),
                                                       "")] { return asked.Complete(answer); });
}

void Gateway::Parts::Call(const Asked& asked) {
  const absl::StatusOr<CallHead> head = HeadOf(asked);
  if (!head.ok()) return Refuse(asked, head.status());
  const absl::StatusOr<std::string> request = RequestBytes(asked);
  if (!request.ok()) return Refuse(asked, request.status());
  if (asked.method.streams_answers()) {
    CallStream(asked, *head, *request);
  } else {
    CallOnce(asked, *head, *request);
  }
}

void Gateway::Parts::CallOnce(const Asked& asked, const CallHead& head,
                              const std::string& request) {
  const std::shared_ptr<UnaryCall> call = UnaryCall::Start(
      stub, head, request, [asked](const grpc::Status& status, const grpc::ByteBuffer& answer) {
        asked.exchange->Respond([asked, status, answer] {  // The bytes are shared.
          return asked.Complete(AnswerOf(asked, status, answer));
        });
      });
  asked.exchange->WhenGone([call] { call->Cancel(); });
}

// The answer begins when the stream stands.
void Gateway::Parts::CallStream(const Asked& asked, const CallHead& head,
                                const std::string& request) {
  const std::shared_ptr<StreamCall> call =
      StreamCall::Start(stub, head, request, [asked](const std::shared_ptr<StreamCall>& changed) {
        asked.exchange->Respond([asked, changed] {
          HttpAnswer answer = StreamHead(asked.dialect);
          answer.stream = std::make_shared<FrameSource>(asked, changed);
          return asked.Complete(std::move(answer));
        });
        asked.exchange->Wake();
      });
  asked.exchange->WhenGone([call] { call->Cancel(); });
}

absl::StatusOr<std::unique_ptr<Gateway>> Gateway::Start(const Options& options,
                                                        std::shared_ptr<grpc::Channel> channel) {
  LEYE_ASSIGN_OR_RETURN(std::unique_ptr<const MethodTable> methods,
                        MethodTable::Create(options.services));
  StaticFiles docs;
  if (!options.docs_folder.empty()) {
    LEYE_ASSIGN_OR_RETURN(docs, StaticFiles::Load(options.docs_folder, "/docs/"));
  }
  auto parts =
      std::make_unique<Parts>(options, std::move(methods), std::move(docs), std::move(channel));
  LEYE_ASSIGN_OR_RETURN(parts->http,
                        HttpServer::Start(options.http, [self = parts.get()](const auto& exchange) {
                          self->Handle(exchange);
                        }));
  return std::unique_ptr<Gateway>(new Gateway(std::move(parts)));
}

Gateway::Gateway(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Gateway::~Gateway() { Stop(absl::ZeroDuration()); }

const std::string& Gateway::address() const { return parts_->http->address(); }

void Gateway::Quiesce() { parts_->http->Quiesce(); }

void Gateway::Stop(absl::Duration patience) { parts_->http->Stop(patience); }

}  // namespace leye::gateway
