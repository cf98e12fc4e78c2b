#include "services/app/request_view.h"

#include <utility>

#include "google/protobuf/reflection.h"

namespace leye::app {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::FieldMask;
using google::protobuf::Message;

namespace {

const FieldDescriptor* FieldOfType(const Descriptor& message, const Descriptor& type) {
  for (int i = 0; i < message.field_count(); ++i) {
    if (message.field(i)->message_type() == &type) return message.field(i);
  }
  return nullptr;
}

}  // namespace

const FieldDescriptor* RequestView::Find(absl::string_view field) const {
  return request_.GetDescriptor()->FindFieldByName(std::string(field));
}

std::string RequestView::Text(absl::string_view field) const {
  const FieldDescriptor* found = Find(field);
  return found == nullptr ? "" : request_.GetReflection()->GetString(request_, found);
}

bool RequestView::Flag(absl::string_view field) const {
  const FieldDescriptor* found = Find(field);
  return found != nullptr && request_.GetReflection()->GetBool(request_, found);
}

int RequestView::Number(absl::string_view field) const {
  const FieldDescriptor* found = Find(field);
  return found == nullptr ? 0 : request_.GetReflection()->GetInt32(request_, found);
}

std::vector<std::string> RequestView::Texts(absl::string_view field) const {
  std::vector<std::string> texts;
  const FieldDescriptor* found = Find(field);
  if (found == nullptr) return texts;
  const auto repeated = request_.GetReflection()->GetRepeatedFieldRef<std::string>(request_, found);
  return {repeated.begin(), repeated.end()};
}

FieldMask RequestView::Mask() const {
  const FieldDescriptor* found = Find("update_mask");
  if (found == nullptr) return {};
  return static_cast<const FieldMask&>(request_.GetReflection()->GetMessage(request_, found));
}

const FieldDescriptor* RequestView::ResourceField(const Descriptor& type) const {
  return FieldOfType(*request_.GetDescriptor(), type);
}

const Message& RequestView::Resource(const Descriptor& type) const {
  return request_.GetReflection()->GetMessage(request_, ResourceField(type));
}

void SetText(Message& response, absl::string_view field, std::string text) {
  const FieldDescriptor* found = response.GetDescriptor()->FindFieldByName(std::string(field));
  if (found == nullptr) return;
  response.GetReflection()->SetString(&response, found, std::move(text));
}

void GiveResource(Message& response, std::unique_ptr<Message> resource) {
  const FieldDescriptor* field = FieldOfType(*response.GetDescriptor(), *resource->GetDescriptor());
  if (field->is_repeated()) {
    response.GetReflection()->AddAllocatedMessage(&response, field, resource.release());
  } else {
    response.GetReflection()->SetAllocatedMessage(&response, resource.release(), field);
  }
}

}  // namespace leye::app
