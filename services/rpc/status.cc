#include "services/rpc/status.h"

#include <string>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "google/rpc/status.pb.h"

#include "services/base/status.h"

namespace leye::rpc {
namespace {

void AddDetails(const absl::Status& status, google::rpc::Status& wire) {
  status.ForEachPayload([&wire](absl::string_view type_url, const absl::Cord& payload) {
    google::protobuf::Any& detail = *wire.add_details();
    detail.set_type_url(std::string(type_url));
    detail.set_value(std::string(payload));
  });
}

struct Said {
  absl::string_view reason;
  absl::string_view zh;
};

// For errors of every room that a client may see and that name nothing a translation would have to
// repeat: said once here, whoever makes them.
constexpr Said kSaidByReason[] = {
    {"AUDIT_BROKEN", "审计记录不完整或已被改动"},
    {"CONTENDED", "同一记录正被频繁修改，请重试"},
    {"DEADLINE_EXCEEDED", "未能在规定时间内完成"},
    {"ETAG_MISMATCH", "记录已被他人修改，请重新读取后再提交"},
    {"HAS_DEPENDENTS", "仍有其他记录引用此记录，不能删除"},
    {"LIMIT_EXCEEDED", "超出数量上限"},
    {"METHOD_NOT_ALLOWED", "无权调用此接口"},
    {"NOT_READY", "服务正在启动，请稍后重试"},
    {"OUTCOME_UNKNOWN", "写入结果未知，请以相同的 request_id 重试"},
    {"REQUEST_ID_REUSED", "此 request_id 已用于另一个请求"},
    {"REVISION_NOT_REACHED", "尚未到达所要求的版本"},
    {"SHUTTING_DOWN", "服务正在停止，请从最后收到的版本继续"},
    {"STORE_FULL", "存储空间已满"},
};

absl::string_view SaidByCode(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kCancelled:
      return "调用已取消";
    case absl::StatusCode::kInvalidArgument:
      return "请求内容有误";
    case absl::StatusCode::kDeadlineExceeded:
      return "未能在规定时间内完成";
    case absl::StatusCode::kNotFound:
      return "没有这条记录";
    case absl::StatusCode::kAlreadyExists:
      return "记录已存在";
    case absl::StatusCode::kPermissionDenied:
      return "无权进行此操作";
    case absl::StatusCode::kResourceExhausted:
      return "资源不足，请稍后重试";
    case absl::StatusCode::kFailedPrecondition:
      return "当前状态不允许此操作";
    case absl::StatusCode::kAborted:
      return "操作发生冲突，请重试";
    case absl::StatusCode::kOutOfRange:
      return "超出允许范围";
    case absl::StatusCode::kUnimplemented:
      return "不支持此操作";
    case absl::StatusCode::kUnavailable:
      return "服务暂不可用，请稍后重试";
    case absl::StatusCode::kUnauthenticated:
      return "身份未确认";
    default:
      return "服务内部错误";
  }
}

absl::string_view SaidInChinese(absl::string_view reason, absl::StatusCode code) {
  for (const Said& said : kSaidByReason) {
    if (said.reason == reason) return said.zh;
  }
  return SaidByCode(code);
}

}  // namespace

absl::Status MalformedMessage(absl::string_view type) {
  return WithMessageZh(
      Error(absl::StatusCode::kInvalidArgument, "MALFORMED_MESSAGE",
            absl::StrCat("the request cannot be read as ", type,
                         ": it must be that message in protobuf's wire format, its text UTF-8"),
            {{"type", std::string(type)}}),
      absl::StrCat("请求无法解析为 ", type, "：须为该消息的 protobuf 编码，文本须为 UTF-8"));
}

grpc::Status ToGrpcStatus(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  ErrorDetails details = GetErrorDetails(status);
  if (details.reason.empty() || details.message_zh.empty()) {
    if (details.reason.empty()) details.reason = absl::StatusCodeToString(status.code());
    if (details.message_zh.empty()) {
      details.message_zh = std::string(SaidInChinese(details.reason, status.code()));
    }
    return ToGrpcStatus(WithDetails(status, details));
  }
  google::rpc::Status wire;
  wire.set_code(static_cast<int>(status.code()));
  wire.set_message(std::string(status.message()));
  AddDetails(status, wire);
  return grpc::Status(static_cast<grpc::StatusCode>(status.code()), wire.message(),
                      wire.SerializeAsString());
}

}  // namespace leye::rpc
