#include "services/gateway/methods.h"

#include <set>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include <google/protobuf/descriptor.pb.h>

#include "services/base/status.h"

namespace leye::gateway {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::MessageFactory;

std::unique_ptr<Message> NewMessage(const Descriptor* type) {
  return std::unique_ptr<Message>(MessageFactory::generated_factory()->GetPrototype(type)->New());
}

bool HasUnknownForm(const Descriptor& type) {
  switch (type.well_known_type()) {
    case Descriptor::WELLKNOWNTYPE_UNSPECIFIED:
    case Descriptor::WELLKNOWNTYPE_TIMESTAMP:
    case Descriptor::WELLKNOWNTYPE_DURATION:
    case Descriptor::WELLKNOWNTYPE_FIELDMASK:
      return false;
    default:
      return true;
  }
}

// The types of a set of messages are looked at once each.
class JsonForms {
 public:
  absl::Status Check(const Descriptor& type) {
    if (!checked_.insert(&type).second) return absl::OkStatus();
    if (HasUnknownForm(type)) return Unsupported(type.full_name());
    for (int i = 0; i < type.field_count(); ++i) {
      const FieldDescriptor& field = *type.field(i);
      if (field.is_map()) return Unsupported(field.full_name());
      if (field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
      LEYE_RETURN_IF_ERROR(Check(*field.message_type()));
    }
    return absl::OkStatus();
  }

 private:
  static absl::Status Unsupported(const std::string& what) {
    return Error(absl::StatusCode::kFailedPrecondition, "NO_JSON",
                 absl::StrCat("the gateway has no JSON for ", what));
  }

  std::set<const Descriptor*> checked_;
};

}  // namespace

bool Method::only_reads() const {
  return rpc->options().idempotency_level() == google::protobuf::MethodOptions::NO_SIDE_EFFECTS;
}

std::unique_ptr<Message> Method::NewRequest() const { return NewMessage(rpc->input_type()); }

std::unique_ptr<Message> Method::NewResponse() const { return NewMessage(rpc->output_type()); }

absl::StatusOr<std::unique_ptr<const MethodTable>> MethodTable::Create(
    const std::vector<std::string>& services) {
  absl::flat_hash_map<std::string, Method> methods;
  JsonForms forms;
  for (const std::string& name : services) {
    const google::protobuf::ServiceDescriptor* service =
        google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(name);
    if (service == nullptr) return absl::NotFoundError(absl::StrCat("no service ", name));
    for (int i = 0; i < service->method_count(); ++i) {
      const google::protobuf::MethodDescriptor* rpc = service->method(i);
      LEYE_RETURN_IF_ERROR(forms.Check(*rpc->input_type()));
      LEYE_RETURN_IF_ERROR(forms.Check(*rpc->output_type()));
      const std::string path = absl::StrCat("/", name, "/", rpc->name());
      methods[path] = Method{rpc, path};
    }
  }
  return std::unique_ptr<const MethodTable>(new MethodTable(std::move(methods)));
}

const Method* MethodTable::Find(absl::string_view path) const {
  const auto found = methods_.find(path);
  return found == methods_.end() ? nullptr : &found->second;
}

}  // namespace leye::gateway
