#include "services/gateway/error_forms.h"

#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/cord.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include <google/protobuf/any.pb.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include "services/base/status.h"
#include "services/gateway/json_writer.h"

namespace leye::gateway {
namespace {

using google::protobuf::Message;

struct CodeForm {
  grpc::StatusCode code;
  const char* name;  // Connect's.
  int http;
};

constexpr CodeForm kCodes[] = {
    {grpc::StatusCode::CANCELLED, "canceled", 499},
    {grpc::StatusCode::UNKNOWN, "unknown", 500},
    {grpc::StatusCode::INVALID_ARGUMENT, "invalid_argument", 400},
    {grpc::StatusCode::DEADLINE_EXCEEDED, "deadline_exceeded", 504},
    {grpc::StatusCode::NOT_FOUND, "not_found", 404},
    {grpc::StatusCode::ALREADY_EXISTS, "already_exists", 409},
    {grpc::StatusCode::PERMISSION_DENIED, "permission_denied", 403},
    {grpc::StatusCode::RESOURCE_EXHAUSTED, "resource_exhausted", 429},
    {grpc::StatusCode::FAILED_PRECONDITION, "failed_precondition", 400},
    {grpc::StatusCode::ABORTED, "aborted", 409},
    {grpc::StatusCode::OUT_OF_RANGE, "out_of_range", 400},
    {grpc::StatusCode::UNIMPLEMENTED, "unimplemented", 501},
    {grpc::StatusCode::INTERNAL, "internal", 500},
    {grpc::StatusCode::UNAVAILABLE, "unavailable", 503},
    {grpc::StatusCode::DATA_LOSS, "data_loss", 500},
    {grpc::StatusCode::UNAUTHENTICATED, "unauthenticated", 401},
};

const CodeForm& FormOf(grpc::StatusCode code) {
  for (const CodeForm& form : kCodes) {
    if (form.code == code) return form;
  }
  return kCodes[1];
}

std::string UnpaddedBase64(const std::string& bytes) {
  std::string text = absl::Base64Escape(bytes);
  text.erase(text.find_last_not_of('=') + 1);
  return text;
}

// ErrorInfo is younger than the public protos that are compiled in; services/base reads it.
std::string ErrorInfoJson(const std::string& bytes) {
  absl::Status status(absl::StatusCode::kUnknown, "");
  status.SetPayload(kErrorInfoUrl, absl::Cord(bytes));
  const ErrorDetails details = GetErrorDetails(status);
  std::string json = absl::StrCat("{\"reason\":", ToJsonString(details.reason), ",\"domain\":\"",
                                  kErrorDomain, "\",\"metadata\":{");
  const char* separator = "";
  for (const auto& [key, value] : details.metadata) {
    absl::StrAppend(&json, std::exchange(separator, ","), ToJsonString(key), ":",
                    ToJsonString(value));
  }
  return json + "}}";
}

// The detail as JSON; empty where its type is not known or its bytes are none of it.
std::string ContentOf(const std::string& type, const google::protobuf::Any& detail) {
  if (type == "google.rpc.ErrorInfo") return ErrorInfoJson(detail.value());
  // The other public error details are known because this use of one links them in.
  const google::protobuf::Descriptor* known =
      google::rpc::BadRequest::descriptor()->file()->pool()->FindMessageTypeByName(type);
  if (known == nullptr) return {};
  const std::unique_ptr<Message> content(
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(known)->New());
  return content->ParseFromString(detail.value()) ? ToJson(*content) : std::string();
}

std::string DetailJson(const google::protobuf::Any& detail) {
  const absl::string_view url = detail.type_url();
  const std::string type(url.substr(url.rfind('/') + 1));
  const std::string content = ContentOf(type, detail);
  return absl::StrCat("{\"type\":", ToJsonString(type), ",\"value\":\"",
                      UnpaddedBase64(detail.value()), "\"",
                      content.empty() ? "" : ",\"debug\":", content, "}");
}

// gRPC's form of a message in a header: bytes that are not printable, and %, by their numbers.
std::string PercentEncoded(absl::string_view text) {
  std::string encoded;
  for (const char character : text) {
    const auto byte = static_cast<unsigned char>(character);
    if (byte >= 0x20 && byte <= 0x7e && byte != '%') {
      encoded += character;
    } else {
      absl::StrAppend(&encoded, "%", absl::Hex(byte, absl::kZeroPad2));
    }
  }
  return encoded;
}

}  // namespace

int HttpStatusOf(grpc::StatusCode code) {
  constexpr int kOk = 200;
  return code == grpc::StatusCode::OK ? kOk : FormOf(code).http;
}

std::optional<int64_t> RetryAfterSeconds(const grpc::Status& status) {
  google::rpc::Status wire;
  if (!wire.ParseFromString(status.error_details())) return std::nullopt;
  for (const google::protobuf::Any& detail : wire.details()) {
    google::rpc::RetryInfo retry;
    if (!detail.UnpackTo(&retry)) continue;
    return retry.retry_delay().seconds() + (retry.retry_delay().nanos() > 0 ? 1 : 0);
  }
  return std::nullopt;
}

std::string ErrorJson(const grpc::Status& status) {
  std::string json = absl::StrCat("{\"code\":\"", FormOf(status.error_code()).name,
                                  "\",\"message\":", ToJsonString(status.error_message()));
  google::rpc::Status wire;
  if (wire.ParseFromString(status.error_details()) && wire.details_size() > 0) {
    absl::StrAppend(&json, ",\"details\":[");
    for (int i = 0; i < wire.details_size(); ++i) {
      absl::StrAppend(&json, i == 0 ? "" : ",", DetailJson(wire.details(i)));
    }
    json += ']';
  }
  json += '}';
  return json;
}

std::string Trailers(const grpc::Status& status) {
  std::string trailers =
      absl::StrCat("grpc-status: ", static_cast<int>(status.error_code()), "\r\n");
  if (status.ok()) return trailers;
  absl::StrAppend(&trailers, "grpc-message: ", PercentEncoded(status.error_message()), "\r\n");
  if (!status.error_details().empty()) {
    absl::StrAppend(&trailers, "grpc-status-details-bin: ", UnpaddedBase64(status.error_details()),
                    "\r\n");
  }
  return trailers;
}

}  // namespace leye::gateway
