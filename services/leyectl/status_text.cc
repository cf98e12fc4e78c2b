#include "services/leyectl/status_text.h"

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "google/rpc/code.pb.h"
#include "google/rpc/status.pb.h"
#include <nlohmann/json.hpp>

#include "services/leyectl/session.h"
#include "services/leyectl/width.h"

namespace leye::ctl {
namespace {

std::string Message(const grpc::Status& status, const ErrorDetails& details, Language language) {
  if (language == Language::kChinese && !details.message_zh.empty()) return details.message_zh;
  return status.error_message();
}

// What to do next, where that is plain.
absl::string_view Advice(const grpc::Status& status, const Settings& settings) {
  switch (status.error_code()) {
    case grpc::StatusCode::UNAVAILABLE:
      return Say(settings.language, "is leyed running there? --server or LEYECTL_SERVER chooses",
                 "那里有 leyed 在运行吗？用 --server 或 LEYECTL_SERVER 指定地址");
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      return Say(settings.language, "--timeout allows more time", "用 --timeout 放宽时限");
    case grpc::StatusCode::ABORTED:
      return Say(settings.language, "read it again, then change what you have read",
                 "请重新读取后再修改");
    default:
      return "";
  }
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
  const absl::string_view advice = Advice(status, settings);
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
