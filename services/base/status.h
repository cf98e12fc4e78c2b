// Errors with a machine-readable reason, and the two macros that pass them on.
//
//   absl::StatusOr<Posting> Load(absl::string_view name) {
//     LEYE_RETURN_IF_ERROR(CheckName(name));
//     LEYE_ASSIGN_OR_RETURN(store::Record record, store.Get(region, kind, name));
//     ...
//   }
//   return Error(absl::StatusCode::kAborted, "ETAG_MISMATCH", "the posting has changed",
//                {{"name", name}});
//
// The details travel as payloads of the absl::Status under the type URLs of google.rpc.ErrorInfo,
// google.rpc.BadRequest and google.rpc.LocalizedMessage, in those messages' own wire format. So
// services/rpc copies payloads into google.rpc.Status.details unchanged, and base needs no
// protobuf.

#ifndef LEYE_SERVICES_BASE_STATUS_H_
#define LEYE_SERVICES_BASE_STATUS_H_

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace leye {

inline constexpr char kErrorDomain[] = "leye";
inline constexpr char kErrorInfoUrl[] = "type.googleapis.com/google.rpc.ErrorInfo";
inline constexpr char kBadRequestUrl[] = "type.googleapis.com/google.rpc.BadRequest";
inline constexpr char kLocalizedMessageUrl[] = "type.googleapis.com/google.rpc.LocalizedMessage";

// One thing wrong with a request: where (a field path such as "candidate.age_years"), and what.
struct FieldViolation {
  std::string field;
  std::string description;

  friend bool operator==(const FieldViolation&, const FieldViolation&) = default;
};

using ErrorMetadata = std::map<std::string, std::string>;

// What a caller's program can act on. Never holds personal data. Empty members are absent.
struct ErrorDetails {
  std::string reason;  // UPPER_SNAKE, unique within leye.
  ErrorMetadata metadata;
  std::vector<FieldViolation> violations;
  std::string message_zh;  // For people who read Chinese (zh-CN).

  friend bool operator==(const ErrorDetails&, const ErrorDetails&) = default;
};

// An error of `code` with a reason. `message` says what and which id, in English.
absl::Status Error(absl::StatusCode code, absl::string_view reason, absl::string_view message,
                   ErrorMetadata metadata = {});

// INVALID_ARGUMENT, reason INVALID_FIELDS, naming every violation at once; OK when there is none.
absl::Status InvalidFields(std::vector<FieldViolation> violations);

// `status` with its details replaced. An OK status stays OK and carries nothing.
absl::Status WithDetails(absl::Status status, const ErrorDetails& details);

// `status` with the zh-CN message added or replaced.
absl::Status WithMessageZh(absl::Status status, absl::string_view message_zh);

// `status` with "<context>: " before its message; code and details are kept. OK stays OK.
absl::Status WithContext(const absl::Status& status, absl::string_view context);

// The details of `status`; members that are absent or unreadable are empty.
ErrorDetails GetErrorDetails(const absl::Status& status);

// The reason alone, "" when there is none.
std::string ErrorReason(const absl::Status& status);

namespace status_internal {

inline const absl::Status& AsStatus(const absl::Status& status) { return status; }
template <typename T>
const absl::Status& AsStatus(const absl::StatusOr<T>& result) {
  return result.status();
}

}  // namespace status_internal
}  // namespace leye

#define LEYE_STATUS_CONCAT_INNER(a, b) a##b
#define LEYE_STATUS_CONCAT(a, b) LEYE_STATUS_CONCAT_INNER(a, b)

// Returns from the function with the status of `expression` (a Status or StatusOr) unless it is OK.
#define LEYE_RETURN_IF_ERROR(...)                                                               \
  do {                                                                                          \
    const auto& leye_status_result = (__VA_ARGS__);                                             \
    if (!leye_status_result.ok()) return ::leye::status_internal::AsStatus(leye_status_result); \
  } while (false)

// Evaluates a StatusOr; returns its status from the function unless it is OK, else moves the value
// into `target`, which may be a declaration. A type with commas in it needs parentheses-free
// `auto`.
#define LEYE_ASSIGN_OR_RETURN(target, ...) \
  LEYE_ASSIGN_OR_RETURN_IMPL(LEYE_STATUS_CONCAT(leye_result_, __LINE__), target, (__VA_ARGS__))

// NOLINTBEGIN(bugprone-macro-parentheses): a declaration cannot stand in parentheses
#define LEYE_ASSIGN_OR_RETURN_IMPL(result, target, expression) \
  auto result = expression;                                    \
  if (!result.ok()) return std::move(result).status();         \
  target = *std::move(result)
// NOLINTEND(bugprone-macro-parentheses)

#endif  // LEYE_SERVICES_BASE_STATUS_H_
