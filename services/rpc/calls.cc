#include "services/rpc/calls.h"

#include <chrono>

#include "absl/strings/match.h"
#include <google/protobuf/descriptor.h>

#include "services/access/principal.h"
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

// The language that the caller prefers, by the usual header.
std::string LanguageOf(const grpc::CallbackServerContext& context) {
  const auto& metadata = context.client_metadata();
  const auto header = metadata.find("accept-language");
  if (header == metadata.end()) return "zh-CN";
  const absl::string_view value(header->second.data(), header->second.size());
  return absl::StartsWith(value, "en") ? "en" : "zh-CN";
}

}  // namespace

std::string ResourceOf(const Message& request) {
  for (const char* key : {"name", "parent", "posting", "candidate"}) {
    const FieldDescriptor* field =
        SingularField(*request.GetDescriptor(), key, FieldDescriptor::CPPTYPE_STRING);
    if (field != nullptr) return request.GetReflection()->GetString(request, field);
  }
  return NameOfCarriedResource(request);
}

absl::Status Calls::Check(absl::string_view method, absl::string_view resource) const {
  return guard_.Check(access::LocalOperator(), method, resource);
}

app::CallContext Calls::Caller(const grpc::CallbackServerContext& context) {
  const auto deadline = context.deadline();
  const bool endless = deadline == std::chrono::system_clock::time_point::max();
  return {.principal = access::LocalOperator(),
          .deadline = endless ? absl::InfiniteFuture() : absl::FromChrono(deadline),
          .language = LanguageOf(context),
          .cancelled = [&context] { return context.IsCancelled(); }};
}

absl::Status Calls::Overloaded() {
  return WithMessageZh(Error(absl::StatusCode::kResourceExhausted, "OVERLOADED",
                             "the server has as much work as it can queue: try again in a second"),
                       "服务器繁忙，请稍后重试");
}

}  // namespace leye::rpc
