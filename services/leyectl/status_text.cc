#include "services/leyectl/status_text.h"

#include <optional>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "google/rpc/code.pb.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include <nlohmann/json.hpp>

#include "services/base/retry_delay.h"
#include "services/leyectl/session.h"
#include "services/leyectl/width.h"

namespace leye::ctl {
namespace {

std::string Message(const grpc::Status& status, const ErrorDetails& details, Language language) {
  if (language == Language::kChinese && !details.message_zh.empty()) return details.message_zh;
  return status.error_message();
}

// What to do next, by reason where the code says too little.
struct Hint {
  absl::string_view reason;
  absl::string_view english;
  absl::string_view chinese;
};

constexpr Hint kHints[] = {
    {"OUTCOME_UNKNOWN",
     "it may have been done: the same command with the same --request-id settles it, without one "
     "look first whether it was",
     "可能已经完成：带同一 --request-id 重做同一命令即可确定；没有时请先查看是否已完成"},
    {"STORE_FULL",
     "nothing is lost: whoever runs the server makes room on its disk or in its memory",
     "没有丢失：请运维人员为服务器腾出磁盘或内存"},
    {"TOKEN_EXPIRED", "get a new token; --token-file or LEYECTL_TOKEN gives it",
     "请换新令牌，用 --token-file 或 LEYECTL_TOKEN 给出"},
};

absl::string_view AdviceByCode(grpc::StatusCode code, bool answered, Language language) {
  switch (code) {
    case grpc::StatusCode::UNAVAILABLE:
      if (answered) {
        return Say(language,
                   "leyed runs and cannot do this now: try again; `leyectl status` tells more",
                   "leyed 在运行，但现在做不了：请稍后再试；leyectl status 可看详情");
      }
      return Say(language, "is leyed running there? --server or LEYECTL_SERVER chooses",
                 "那里有 leyed 在运行吗？用 --server 或 LEYECTL_SERVER 指定地址");
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      return Say(language, "--timeout allows more time", "用 --timeout 放宽时限");
    case grpc::StatusCode::ABORTED:
      return Say(language, "read it again, then change what you have read", "请重新读取后再修改");
    case grpc::StatusCode::UNAUTHENTICATED:
      return Say(language,
                 "say who calls: --cert-file and --key-file, --token-file, or --api-key-file",
                 "请说明调用者：--cert-file 与 --key-file、--token-file 或 --api-key-file");
    case grpc::StatusCode::PERMISSION_DENIED:
      return Say(language,
                 "this caller may not: --cert-file, --token-file or --api-key-file choose another",
                 "当前调用者无此权限：用 --cert-file、--token-file 或 --api-key-file 换一个");
    case grpc::StatusCode::OUT_OF_RANGE:
      return Say(language, "list again, and follow from the revision of that list",
                 "请重新列出，再从该列表的版本接续");
    default:
      return "";
  }
}

std::optional<absl::Duration> RetryDelayOf(const grpc::Status& status) {
  google::rpc::Status details;
  if (!details.ParseFromString(status.error_details())) return std::nullopt;
  for (const google::protobuf::Any& any : details.details()) {
    google::rpc::RetryInfo info;
    if (any.type_url() != kRetryInfoUrl || !info.ParseFromString(any.value())) continue;
    return absl::Seconds(info.retry_delay().seconds()) +
           absl::Nanoseconds(info.retry_delay().nanos());
  }
  return std::nullopt;
}

// What to do next, where that is plain.
std::string Advice(const grpc::Status& status, const ErrorDetails& details, Language language) {
  if (const std::optional<absl::Duration> delay = RetryDelayOf(status)) {
    const std::string after = absl::FormatDuration(*delay);
    return absl::StrCat(Say(language, "try again in ", "请在此时间之后再试："), after);
  }
  for (const Hint& hint : kHints) {
    if (hint.reason != details.reason) continue;
    return std::string(Say(language, hint.english, hint.chinese));
  }
  return std::string(AdviceByCode(status.error_code(), !details.reason.empty(), language));
}

}  // namespace

std::string CodeName(grpc::StatusCode code) {
  const std::string name = google::rpc::Code_Name(static_cast<google::rpc::Code>(code));
  return name.empty() ? absl::StrCat("CODE_", static_cast<int>(code)) : name;
}

ErrorDetails DetailsOf(const grpc::Status& status) {
  google::rpc::Status details;
  if (!details.ParseFromString(status.error_details())) return {};
  absl::Status carrier(static_cast<absl::StatusCode>(status.error_code()), "");
  for (const google::protobuf::Any& any : details.details()) {
    carrier.SetPayload(any.type_url(), absl::Cord(any.value()));
  }
  return GetErrorDetails(carrier);
}

std::string StatusText(const grpc::Status& status, const Settings& settings) {
  const ErrorDetails details = DetailsOf(status);
  std::string text = absl::StrCat("leyectl: ", CodeName(status.error_code()), ": ",
                                  Printable(Message(status, details, settings.language)), "\n");
  if (!details.reason.empty()) {
    absl::StrAppend(&text, "  ", Say(settings.language, "reason  ", "原因  "), details.reason,
                    "\n");
  }
  for (const FieldViolation& violation : details.violations) {
    absl::StrAppend(&text, "  ", Say(settings.language, "field   ", "字段  "), violation.field,
                    ": ", Printable(violation.description), "\n");
  }
  const std::string advice = Advice(status, details, settings.language);
  if (!advice.empty()) absl::StrAppend(&text, "  ", advice, "\n");
  return text;
}

std::string StatusJson(const grpc::Status& status) {
  const ErrorDetails details = DetailsOf(status);
  nlohmann::ordered_json json;
  json["code"] = static_cast<int>(status.error_code());
  json["status"] = CodeName(status.error_code());
  json["message"] = status.error_message();
  if (!details.message_zh.empty()) json["messageZh"] = details.message_zh;
  if (!details.reason.empty()) json["reason"] = details.reason;
  if (!details.metadata.empty()) json["metadata"] = details.metadata;
  for (const FieldViolation& violation : details.violations) {
    json["fieldViolations"].push_back(
        {{"field", violation.field}, {"description", violation.description}});
  }
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace leye::ctl
