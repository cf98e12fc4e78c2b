#include "tests/fuzz/answer_check.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "services/base/status.h"
#include "tests/e2e/refusal.h"
#include "tests/e2e/requests.h"

namespace leye::fuzz {
namespace {

bool IsDocumented(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kNotFound:
    case absl::StatusCode::kAlreadyExists:
    case absl::StatusCode::kPermissionDenied:
    case absl::StatusCode::kUnauthenticated:
    case absl::StatusCode::kResourceExhausted:
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kAborted:
    case absl::StatusCode::kOutOfRange:
      return true;
    default:
      return false;
  }
}

std::string WhatIsWrongWithRefusal(const e2e::Rpc& rpc, const absl::Status& status) {
  // Our own deadline, or we that hang up after the first message.
  if (e2e::NeverEnds(rpc) && (absl::IsDeadlineExceeded(status) || absl::IsCancelled(status))) {
    return "";
  }
  // On a machine that stands still: what was written is not in the snapshot yet.
  const bool late =
      absl::IsDeadlineExceeded(status) && ErrorReason(status) == "REVISION_NOT_REACHED";
  if (!late && !IsDocumented(status.code())) return status.ToString();
  const std::string missing = e2e::WhatIsMissing(status);
  return missing.empty() ? "" : absl::StrCat(status.ToString(), " lacks ", missing);
}

bool MayCall(absl::string_view identity, const e2e::Rpc& rpc) {
  if (identity == "leye://auditor") return rpc.name() == "ListAuditEntries";
  return identity != "nobody";
}

// Others might come by a referral or by a move of the household.
bool MayNeverMeetTheWelder(absl::string_view identity) {
  return identity == "nobody" || identity == "leye://auditor" || identity == "leye://bureau/44" ||
         identity == "leye://app/13/sewer-near";
}

}  // namespace

std::string WhatIsWrong(absl::string_view identity, const e2e::Rpc& rpc,
                        const e2e::Answer& answer) {
  for (const std::string& bytes : answer.messages) {
    if (!e2e::NewMessage(*rpc.output_type())->ParseFromString(bytes)) {
      return "a message that is no response";
    }
    if (MayNeverMeetTheWelder(identity) && absl::StrContains(bytes, kMarkedName)) {
      return "the name of somebody who is none of their business";
    }
  }
  if (!answer.status.ok()) return WhatIsWrongWithRefusal(rpc, answer.status);
  if (!MayCall(identity, rpc)) return "OK for somebody who may not call it";
  const bool unary = !rpc.client_streaming() && !rpc.server_streaming();
  if (unary && answer.messages.size() != 1) return "OK without exactly one message";
  return "";
}

}  // namespace leye::fuzz
