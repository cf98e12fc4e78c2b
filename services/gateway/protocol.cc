#include "services/gateway/protocol.h"

#include <cstdint>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

#include "services/base/status.h"
#include "services/gateway/error_forms.h"

namespace leye::gateway {
namespace {

struct NamedDialect {
  const char* content_type;
  Dialect dialect;
};

// The first of each dialect is what answers are labelled with.
constexpr NamedDialect kDialects[] = {
    {"application/json", {Protocol::kConnectUnary, Codec::kJson}},
    {"application/proto", {Protocol::kConnectUnary, Codec::kProto}},
    {"application/connect+json", {Protocol::kConnectStream, Codec::kJson}},
    {"application/connect+proto", {Protocol::kConnectStream, Codec::kProto}},
    {"application/grpc-web+proto", {Protocol::kGrpcWeb, Codec::kProto}},
    {"application/grpc-web", {Protocol::kGrpcWeb, Codec::kProto}},
    {"application/grpc-web+json", {Protocol::kGrpcWeb, Codec::kJson}},
    {"application/grpc-web-text+proto", {Protocol::kGrpcWebText, Codec::kProto}},
    {"application/grpc-web-text", {Protocol::kGrpcWebText, Codec::kProto}},
};

constexpr size_t kFrameHeadBytes = 5;  // Flags, then the length in four bytes, greatest first.
constexpr char kCompressed = 0x01;
constexpr char kConnectEnd = 0x02;
constexpr char kWebTrailers = static_cast<char>(0x80);

std::string ContentTypeOf(const Dialect& dialect) {
  const Protocol protocol =
      dialect.protocol == Protocol::kConnectGet ? Protocol::kConnectUnary : dialect.protocol;
  for (const NamedDialect& named : kDialects) {
    if (named.dialect.protocol == protocol && named.dialect.codec == dialect.codec) {
      return named.content_type;
    }
  }
  return "application/octet-stream";
}

absl::Status Malformed(absl::string_view what) {
  return Error(absl::StatusCode::kInvalidArgument, "MALFORMED_REQUEST", what);
}

std::string Frame(const Dialect& dialect, char flags, absl::string_view bytes) {
  std::string frame(1, flags);
  for (int shift = 24; shift >= 0; shift -= 8) {
    frame += static_cast<char>(bytes.size() >> shift & 0xff);
  }
  frame.append(bytes.data(), bytes.size());
  return dialect.protocol == Protocol::kGrpcWebText ? absl::Base64Escape(frame) : frame;
}

// The message of the one frame that `body` is. Frames after it would be more requests than any
// method takes that is called this way.
absl::StatusOr<std::string> Unframed(absl::string_view body) {
  if (body.size() < kFrameHeadBytes) {
    return Malformed("the body must be a frame: flags, length in four bytes, message");
  }
  const char flags = body[0];
  size_t length = 0;
  for (size_t i = 1; i < kFrameHeadBytes; ++i) {
    length = length << 8 | static_cast<unsigned char>(body[i]);
  }
  if ((flags & kCompressed) != 0) {
    return Error(absl::StatusCode::kUnimplemented, "NO_COMPRESSION",
                 "compressed messages are not taken");
  }
  if (flags != 0) return Malformed(absl::StrCat("unknown flags of a frame: ", int{flags}));
  if (length != body.size() - kFrameHeadBytes) {
    return Malformed(absl::StrCat("the body must be one frame; its length says ", length,
                                  " bytes, ", body.size() - kFrameHeadBytes, " have come"));
  }
  return std::string(body.substr(kFrameHeadBytes));
}

absl::StatusOr<std::string> FromBase64(absl::string_view text) {
  std::string bytes;
  if (absl::Base64Unescape(text, &bytes) || absl::WebSafeBase64Unescape(text, &bytes)) return bytes;
  return Malformed("the message is not in base64");
}

absl::StatusOr<std::string> MessageOfQuery(const HttpRequest& request) {
  const std::string* message = request.FindQuery("message");
  if (message == nullptr) return Malformed("the query must have a message");
  const std::string* base64 = request.FindQuery("base64");
  if (base64 == nullptr || *base64 != "1") return *message;
  return FromBase64(*message);
}

absl::Status CheckEncoding(const std::string* encoding) {
  if (encoding == nullptr || encoding->empty() || *encoding == "identity") return absl::OkStatus();
  return Error(absl::StatusCode::kUnimplemented, "NO_COMPRESSION",
               "compressed requests are not taken: only encoding identity");
}

absl::Status CheckProtocolVersion(const Dialect& dialect, const HttpRequest& request) {
  if (dialect.protocol == Protocol::kConnectGet) {
    const std::string* version = request.FindQuery("connect");
    if (version == nullptr || *version == "v1") return absl::OkStatus();
  } else {
    const std::string* version = request.FindHeader("connect-protocol-version");
    if (version == nullptr || *version == "1") return absl::OkStatus();
  }
  return Error(absl::StatusCode::kInvalidArgument, "UNKNOWN_VERSION",
               "only version 1 of the Connect protocol is spoken");
}

// "1500" milliseconds, at most ten digits.
std::optional<absl::Duration> ConnectTimeout(const std::string& text) {
  constexpr size_t kMostDigits = 10;
  int64_t milliseconds = 0;
  if (text.size() > kMostDigits || !absl::SimpleAtoi(text, &milliseconds) || milliseconds < 0) {
    return std::nullopt;
  }
  return absl::Milliseconds(milliseconds);
}

// "2S": at most eight digits, then H, M, S, m, u or n.
std::optional<absl::Duration> GrpcTimeout(const std::string& text) {
  constexpr size_t kMostDigits = 8;
  constexpr std::pair<char, absl::Duration (*)(int64_t)> kUnits[] = {
      {'H', [](int64_t count) { return absl::Hours(count); }},
      {'M', [](int64_t count) { return absl::Minutes(count); }},
      {'S', [](int64_t count) { return absl::Seconds(count); }},
      {'m', [](int64_t count) { return absl::Milliseconds(count); }},
      {'u', [](int64_t count) { return absl::Microseconds(count); }},
      {'n', [](int64_t count) { return absl::Nanoseconds(count); }}};
  int64_t count = 0;
  if (text.size() < 2 || text.size() > kMostDigits + 1 ||
      !absl::SimpleAtoi(text.substr(0, text.size() - 1), &count) || count < 0) {
    return std::nullopt;
  }
  for (const auto& [unit, duration] : kUnits) {
    if (text.back() == unit) return duration(count);
  }
  return std::nullopt;
}

}  // namespace

std::optional<Dialect> DialectOf(const HttpRequest& request) {
  if (request.method == "GET") {
    const std::string* encoding = request.FindQuery("encoding");
    if (encoding == nullptr) return std::nullopt;
    if (*encoding == "json") return Dialect{Protocol::kConnectGet, Codec::kJson};
    if (*encoding == "proto") return Dialect{Protocol::kConnectGet, Codec::kProto};
    return std::nullopt;
  }
  const std::string* header = request.FindHeader("content-type");
  if (header == nullptr) return std::nullopt;
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(*header, absl::MaxSplits(';', 1));
  const absl::string_view type = absl::StripAsciiWhitespace(parts.first);
  const std::string parameter = absl::AsciiStrToLower(absl::StripAsciiWhitespace(parts.second));
  if (!parameter.empty() && parameter != "charset=utf-8") return std::nullopt;
  for (const NamedDialect& named : kDialects) {
    if (absl::EqualsIgnoreCase(type, named.content_type)) return named.dialect;
  }
  return std::nullopt;
}

bool IsFramed(const Dialect& dialect) {
  return dialect.protocol != Protocol::kConnectUnary && dialect.protocol != Protocol::kConnectGet;
}

bool Fits(const Dialect& dialect, const Method& method) {
  switch (dialect.protocol) {
    case Protocol::kConnectUnary:
    case Protocol::kConnectGet:
      return !method.streams_answers() && !method.streams_requests();
    case Protocol::kConnectStream:
      return method.streams_answers() || method.streams_requests();
    case Protocol::kGrpcWeb:
    case Protocol::kGrpcWebText:
      return true;
  }
  return false;
}

std::string AcceptedTypes(const Method& method) {
  std::string types;
  for (const NamedDialect& named : kDialects) {
    if (!Fits(named.dialect, method)) continue;
    absl::StrAppend(&types, types.empty() ? "" : ", ", named.content_type);
  }
  return types;
}

absl::StatusOr<std::string> MessageOf(const Dialect& dialect, const HttpRequest& request) {
  LEYE_RETURN_IF_ERROR(CheckProtocolVersion(dialect, request));
  switch (dialect.protocol) {
    case Protocol::kConnectGet:
      LEYE_RETURN_IF_ERROR(CheckEncoding(request.FindQuery("compression")));
      return MessageOfQuery(request);
    case Protocol::kConnectUnary:
      LEYE_RETURN_IF_ERROR(CheckEncoding(request.FindHeader("content-encoding")));
      return request.body;
    case Protocol::kConnectStream:
    case Protocol::kGrpcWeb:
      return Unframed(request.body);
    case Protocol::kGrpcWebText: {
      LEYE_ASSIGN_OR_RETURN(const std::string body, FromBase64(request.body));
      return Unframed(body);
    }
  }
  return absl::InternalError("no such protocol");
}

absl::StatusOr<absl::Duration> PatienceOf(const Dialect& dialect, const HttpRequest& request) {
  const bool web =
      dialect.protocol == Protocol::kGrpcWeb || dialect.protocol == Protocol::kGrpcWebText;
  const char* name = web ? "grpc-timeout" : "connect-timeout-ms";
  const std::string* text = request.FindHeader(name);
  if (text == nullptr) return absl::InfiniteDuration();
  const std::optional<absl::Duration> patience = web ? GrpcTimeout(*text) : ConnectTimeout(*text);
  if (patience.has_value()) return *patience;
  return Malformed(absl::StrCat("the header ", name, " must be ",
                                web ? "up to eight digits and a unit: H, M, S, m, u or n"
                                    : "milliseconds in up to ten digits"));
}

HttpAnswer UnaryAnswer(const Dialect& dialect, const grpc::Status& status,
                       absl::string_view message) {
  if (IsFramed(dialect)) {
    HttpAnswer answer = StreamHead(dialect);
    if (status.ok()) answer.body = MessageFrame(dialect, message);
    absl::StrAppend(&answer.body, EndFrame(dialect, status));
    return answer;
  }
  if (!status.ok()) {
    HttpAnswer answer{.status = HttpStatusOf(status.error_code()),
                      .headers = {{"content-type", "application/json"}},
                      .body = ErrorJson(status)};
    if (const std::optional<int64_t> seconds = RetryAfterSeconds(status)) {
      answer.headers.emplace_back("retry-after", absl::StrCat(*seconds));
    }
    return answer;
  }
  return {.headers = {{"content-type", ContentTypeOf(dialect)}}, .body = std::string(message)};
}

HttpAnswer StreamHead(const Dialect& dialect) {
  return {.headers = {{"content-type", ContentTypeOf(dialect)}}};
}

std::string MessageFrame(const Dialect& dialect, absl::string_view message) {
  return Frame(dialect, 0, message);
}

std::string EndFrame(const Dialect& dialect, const grpc::Status& status) {
  if (dialect.protocol != Protocol::kConnectStream) {
    return Frame(dialect, kWebTrailers, Trailers(status));
  }
  return Frame(dialect, kConnectEnd,
               status.ok() ? "{}" : absl::StrCat("{\"error\":", ErrorJson(status), "}"));
}

}  // namespace leye::gateway
