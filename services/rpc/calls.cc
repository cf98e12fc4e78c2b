#include "services/rpc/calls.h"

#include <chrono>
#include <memory>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/strip.h"
#include <google/protobuf/descriptor.h>
#include <grpc/grpc_security_constants.h>
#include <grpcpp/security/auth_context.h>

#include "services/access/principal.h"
#include "services/base/retry_delay.h"
#include "services/base/status.h"

namespace leye::rpc {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

const FieldDescriptor* SingularField(const Descriptor& type, const char* name,
                                     FieldDescriptor::CppType kind) {
  const FieldDescriptor* field = type.FindFieldByName(name);
  return field != nullptr && !field->is_repeated() && field->cpp_type() == kind ? field : nullptr;
}

// The `name` of the resource that an update carries.
std::string NameOfCarriedResource(const Message& request) {
  const Descriptor& type = *request.GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor* field = type.field(i);
    if (field->is_repeated() || field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
    const FieldDescriptor* name =
        SingularField(*field->message_type(), "name", FieldDescriptor::CPPTYPE_STRING);
    if (name == nullptr) continue;
    const Message& resource = request.GetReflection()->GetMessage(request, field);
    return resource.GetReflection()->GetString(resource, name);
  }
  return {};
}

// The first value of a header; "" when there is none.
absl::string_view HeaderOf(const grpc::CallbackServerContext& context, const char* key) {
  const auto& metadata = context.client_metadata();
  const auto header = metadata.find(key);
  if (header == metadata.end()) return "";
  return {header->second.data(), header->second.size()};
}

// The language that the caller prefers, by the usual header.
std::string LanguageOf(const grpc::CallbackServerContext& context) {
  return absl::StartsWith(HeaderOf(context, "accept-language"), "en") ? "en" : "zh-CN";
}

// The connection's certificate counts only where gRPC has verified it.
access::Evidence EvidenceOf(const grpc::CallbackServerContext& context) {
  access::Evidence evidence;
  const std::shared_ptr<const grpc::AuthContext> peer = context.auth_context();
  if (peer != nullptr && peer->IsPeerAuthenticated()) {
    for (const grpc::string_ref& uri : peer->FindPropertyValues(GRPC_PEER_URI_PROPERTY_NAME)) {
      evidence.certificate_uris.emplace_back(uri.data(), uri.size());
    }
  }
  absl::string_view authorization = HeaderOf(context, "authorization");
  if (absl::ConsumePrefix(&authorization, "Bearer ")) evidence.bearer = std::string(authorization);
  evidence.api_key = std::string(HeaderOf(context, "x-api-key"));
  return evidence;
}

}  // namespace

std::string ResourceOf(const Message& request) {
  for (const char* key : {"name", "parent", "posting", "candidate"}) {
    const FieldDescriptor* field =
        SingularField(*request.GetDescriptor(), key, FieldDescriptor::CPPTYPE_STRING);
    if (field == nullptr) continue;
    std::string name = request.GetReflection()->GetString(request, field);
    if (!name.empty()) return name;  // Otherwise another of a oneof may name it.
  }
  return NameOfCarriedResource(request);
}

absl::StatusOr<Admission> Calls::Admit(const grpc::CallbackServerContext& context,
                                       absl::string_view method, absl::string_view resource) const {
  LEYE_ASSIGN_OR_RETURN(access::Principal principal, authenticator_.Identify(EvidenceOf(context)));
  const auto deadline = context.deadline();
  const bool endless = deadline == std::chrono::system_clock::time_point::max();
  Admission admitted{
      .caller = {.principal = std::move(principal),
                 .scope = access::Scope::kNowhere,
                 .deadline = endless ? absl::InfiniteFuture() : absl::FromChrono(deadline),
                 .language = LanguageOf(context),
                 .purpose = std::string(HeaderOf(context, "x-purpose")),
                 .cancelled = [&context] { return context.IsCancelled(); }},
      .method = std::string(method)};
  const absl::StatusOr<access::Scope> scope =
      guard_.Check(admitted.caller.principal, method, resource);
  if (!scope.ok()) return WriteDown(admitted, scope.status(), {});
  LEYE_RETURN_IF_ERROR(limits_.Take(admitted.caller.principal, method));
  admitted.caller.scope = *scope;
  return admitted;
}

absl::Status Calls::WriteDown(const Admission& admitted, const absl::Status& status,
                              const std::vector<const Message*>& said) const {
  if (audit_ == nullptr) return status;
  const absl::Status written = audit_->Append({.time = clock_.Now(),
                                               .principal = admitted.caller.principal.id,
                                               .method = admitted.method,
                                               .purpose = admitted.caller.purpose,
                                               .outcome = absl::StatusCodeToString(status.code()),
                                               .records = access::RecordsIn(said)});
  return written.ok() ? status : written;
}

absl::Status Calls::Overloaded() {
  return WithRetryDelay(
      WithMessageZh(Error(absl::StatusCode::kResourceExhausted, "OVERLOADED",
                          "the server has as much work as it can queue: try again in a second"),
                    "服务器繁忙，请稍后重试"),
      absl::Seconds(1));
}

const grpc::Status& Calls::Shed() {
  static const grpc::Status& shed = *new grpc::Status(ToGrpcStatus(Overloaded()));
  return shed;
}

}  // namespace leye::rpc
