#include "services/base/status.h"

#include <algorithm>
#include <optional>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "services/base/wire.h"

namespace leye {
namespace {

// Field numbers of google/rpc/error_details.proto.
constexpr int kInfoReason = 1;
constexpr int kInfoDomain = 2;
constexpr int kInfoMetadata = 3;
constexpr int kBadRequestViolations = 1;
constexpr int kLocalizedLocale = 1;
constexpr int kLocalizedMessage = 2;
constexpr int kFirst = 1;   // A map entry's key, a violation's field.
constexpr int kSecond = 2;  // A map entry's value, a violation's description.

struct Pair {
  std::string first;
  std::string second;
};

std::string EncodePair(absl::string_view first, absl::string_view second) {
  std::string message;
  wire::AppendField(kFirst, first, message);
  wire::AppendField(kSecond, second, message);
  return message;
}

Pair DecodePair(absl::string_view message) {
  Pair pair;
  wire::Reader reader(message);
  while (const std::optional<wire::Field> field = reader.Next()) {
    if (field->number == kFirst) pair.first = std::string(field->value);
    if (field->number == kSecond) pair.second = std::string(field->value);
  }
  return pair;
}

std::string EncodeErrorInfo(const ErrorDetails& details) {
  std::string message;
  wire::AppendField(kInfoReason, details.reason, message);
  wire::AppendField(kInfoDomain, kErrorDomain, message);
  for (const auto& [key, value] : details.metadata) {
    wire::AppendField(kInfoMetadata, EncodePair(key, value), message);
  }
  return message;
}

std::string EncodeBadRequest(const std::vector<FieldViolation>& violations) {
  std::string message;
  for (const FieldViolation& violation : violations) {
    wire::AppendField(kBadRequestViolations, EncodePair(violation.field, violation.description),
                      message);
  }
  return message;
}

std::string EncodeLocalizedMessage(absl::string_view message_zh) {
  std::string message;
  wire::AppendField(kLocalizedLocale, "zh-CN", message);
  wire::AppendField(kLocalizedMessage, message_zh, message);
  return message;
}

void DecodeErrorInfo(absl::string_view message, ErrorDetails& details) {
  wire::Reader reader(message);
  while (const std::optional<wire::Field> field = reader.Next()) {
    if (field->number == kInfoReason) details.reason = std::string(field->value);
    if (field->number == kInfoMetadata) {
      Pair entry = DecodePair(field->value);
      details.metadata.insert_or_assign(std::move(entry.first), std::move(entry.second));
    }
  }
}

void DecodeBadRequest(absl::string_view message, ErrorDetails& details) {
  wire::Reader reader(message);
  while (const std::optional<wire::Field> field = reader.Next()) {
    if (field->number != kBadRequestViolations) continue;
    Pair violation = DecodePair(field->value);
    details.violations.push_back({std::move(violation.first), std::move(violation.second)});
  }
}

std::string PayloadText(const absl::Status& status, absl::string_view url) {
  const absl::optional<absl::Cord> payload = status.GetPayload(url);
  return payload ? std::string(*payload) : std::string();
}

// Sets the payload, or removes it when there is nothing to say.
void SetOrErase(absl::Status& status, absl::string_view url, bool present, std::string payload) {
  if (present) {
    status.SetPayload(url, absl::Cord(std::move(payload)));
  } else {
    status.ErasePayload(url);
  }
}

}  // namespace

absl::Status Error(absl::StatusCode code, absl::string_view reason, absl::string_view message,
                   ErrorMetadata metadata) {
  ErrorDetails details;
  details.reason = std::string(reason);
  details.metadata = std::move(metadata);
  return WithDetails(absl::Status(code, message), details);
}

absl::Status InvalidFields(std::vector<FieldViolation> violations) {
  if (violations.empty()) return absl::OkStatus();
  const std::string message =
      absl::StrJoin(violations, "; ", [](std::string* out, const FieldViolation& violation) {
        absl::StrAppend(out, violation.field, ": ", violation.description);
      });
  ErrorDetails details;
  details.reason = "INVALID_FIELDS";
  details.violations = std::move(violations);
  return WithDetails(absl::InvalidArgumentError(message), details);
}

absl::Status WithDetails(absl::Status status, const ErrorDetails& details) {
  const bool has_info = !details.reason.empty() || !details.metadata.empty();
  SetOrErase(status, kErrorInfoUrl, has_info, EncodeErrorInfo(details));
  SetOrErase(status, kBadRequestUrl, !details.violations.empty(),
             EncodeBadRequest(details.violations));
  return WithMessageZh(std::move(status), details.message_zh);
}

absl::Status WithMessageZh(absl::Status status, absl::string_view message_zh) {
  SetOrErase(status, kLocalizedMessageUrl, !message_zh.empty(), EncodeLocalizedMessage(message_zh));
  return status;
}

absl::Status WithContext(const absl::Status& status, absl::string_view context) {
  if (status.ok()) return status;
  absl::Status result(status.code(), absl::StrCat(context, ": ", status.message()));
  status.ForEachPayload([&result](absl::string_view url, const absl::Cord& payload) {
    result.SetPayload(url, payload);
  });
  return result;
}

ErrorDetails GetErrorDetails(const absl::Status& status) {
  ErrorDetails details;
  DecodeErrorInfo(PayloadText(status, kErrorInfoUrl), details);
  DecodeBadRequest(PayloadText(status, kBadRequestUrl), details);
  const std::string localized = PayloadText(status, kLocalizedMessageUrl);
  wire::Reader reader(localized);
  while (const std::optional<wire::Field> field = reader.Next()) {
    if (field->number == kLocalizedMessage) details.message_zh = std::string(field->value);
  }
  return details;
}

std::string ErrorReason(const absl::Status& status) { return GetErrorDetails(status).reason; }

}  // namespace leye
