// Reads requests and fills responses by the field names that all of them share (AIP-132 to 165):
// `parent`, `name`, `etag`, `request_id`, `validate_only`, `update_mask`, the resource itself.
#ifndef LEYE_SERVICES_APP_REQUEST_VIEW_H_
#define LEYE_SERVICES_APP_REQUEST_VIEW_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "google/protobuf/field_mask.pb.h"
#include "google/protobuf/message.h"

namespace leye::app {

// Views `request`, which outlives this. A field that the request's type lacks reads as empty.
class RequestView {
 public:
  using Message = google::protobuf::Message;

  explicit RequestView(const Message& request) : request_(request) {}

  const Message& message() const { return request_; }
  std::string Text(absl::string_view field) const;
  bool Flag(absl::string_view field) const;
  int Number(absl::string_view field) const;
  std::vector<std::string> Texts(absl::string_view field) const;
  google::protobuf::FieldMask Mask() const;

  // The request's field of type `type`: null when there is none.
  const google::protobuf::FieldDescriptor* ResourceField(
      const google::protobuf::Descriptor& type) const;

  // The resource in that field, the default instance when it is not set. REQUIRES: the field
  // exists.
  const Message& Resource(const google::protobuf::Descriptor& type) const;

 private:
  const google::protobuf::FieldDescriptor* Find(absl::string_view field) const;

  const Message& request_;
};

// Sets a text field of a response, if its type has it.
void SetText(google::protobuf::Message& response, absl::string_view field, std::string text);

// Moves `resource` into the response's field of its type, or appends it when that is a list.
void GiveResource(google::protobuf::Message& response,
                  std::unique_ptr<google::protobuf::Message> resource);

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_REQUEST_VIEW_H_
