#include "services/gateway/json_reader.h"

#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include <google/protobuf/descriptor.h>
#include <nlohmann/json.hpp>

#include "services/base/status.h"
#include "services/gateway/json_values.h"

namespace leye::gateway {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using Json = nlohmann::json;

// A name as a client wrote it, fit for a message.
std::string Shown(const std::string& name) {
  constexpr size_t kLongestName = 64;
  return absl::Utf8SafeCHexEscape(absl::string_view(name).substr(0, kLongestName));
}

// Fills a message from the events of nlohmann's parser, which walks without recursion.
class Filler final : public Json::json_sax_t {
 public:
  explicit Filler(Message& root) : root_(root) {}

  bool null() override { return OnValue({JsonNull()}); }
  bool boolean(bool value) override { return OnValue({value}); }
  bool number_integer(Json::number_integer_t value) override { return OnValue({value}); }
  bool number_unsigned(Json::number_unsigned_t value) override { return OnValue({value}); }
  bool number_float(Json::number_float_t value, const std::string& /*text*/) override {
    return OnValue({value});
  }
  bool string(std::string& value) override { return OnValue({std::move(value)}); }
  bool binary(Json::binary_t& /*value*/) override { return false; }  // Not in JSON.

  bool start_object(std::size_t /*elements*/) override;
  bool key(std::string& name) override;
  bool end_object() override;
  bool start_array(std::size_t /*elements*/) override;
  bool end_array() override;

  bool parse_error(std::size_t position, const std::string& /*last_token*/,
                   const Json::exception& /*error*/) override {
    malformed_ = Error(
        absl::StatusCode::kInvalidArgument, "MALFORMED_JSON",
        absl::StrCat("the request is not JSON in UTF-8: it makes no sense at byte ", position));
    return false;
  }

  absl::Status Outcome() {
    if (!violations_.empty()) return InvalidFields(std::move(violations_));
    return malformed_;
  }

 private:
  // An object that is being read.
  struct Frame {
    Message* message;
    const FieldDescriptor* field = nullptr;  // Of the last key.
    bool in_list = false;
    int index = 0;  // In that list.
    std::set<int> seen = {};
  };

  bool OnValue(const JsonValue& value);
  void OpenMessage(const FieldDescriptor& field);
  // Whether this event is inside what is being passed over; `depth` is what it adds.
  bool PassOver(int depth);
  // A violation of the field that is being read, or of its member `name`; its value, which comes
  // or has begun (`depth` 1), is passed over.
  bool Violate(std::string description, int depth);
  bool ViolateKey(const std::string& name, std::string description);
  bool Add(std::string path, std::string description);
  void NextItem();
  std::string Path() const;

  Message& root_;
  std::vector<Frame> frames_;
  bool passing_over_ = false;
  int passed_depth_ = 0;
  std::vector<FieldViolation> violations_;
  absl::Status malformed_;
};

std::string Filler::Path() const {
  std::string path;
  for (const Frame& frame : frames_) {
    if (frame.field == nullptr) break;
    absl::StrAppend(&path, path.empty() ? "" : ".", frame.field->name());
    if (frame.in_list) absl::StrAppend(&path, "[", frame.index, "]");
  }
  return path;
}

bool Filler::Add(std::string path, std::string description) {
  violations_.push_back({std::move(path), std::move(description)});
  return violations_.size() < kMostJsonViolations;
}

bool Filler::Violate(std::string description, int depth) {
  const bool go_on = Add(Path(), std::move(description));
  passing_over_ = depth > 0;
  passed_depth_ = depth;
  if (depth == 0) NextItem();
  return go_on;
}

bool Filler::ViolateKey(const std::string& name, std::string description) {
  Frame& frame = frames_.back();
  frame.field = nullptr;
  const std::string path = Path();
  passing_over_ = true;
  passed_depth_ = 0;
  return Add(absl::StrCat(path, path.empty() ? "" : ".", Shown(name)), std::move(description));
}

bool Filler::PassOver(int depth) {
  if (!passing_over_) return false;
  passed_depth_ += depth;
  if (passed_depth_ == 0) {
    passing_over_ = false;
    NextItem();
  }
  return true;
}

void Filler::NextItem() {
  if (!frames_.empty() && frames_.back().in_list) ++frames_.back().index;
}

bool Filler::OnValue(const JsonValue& value) {
  if (PassOver(0)) return true;
  if (frames_.empty()) {
    Add("", "the request must be an object");
    return false;
  }
  const Frame& frame = frames_.back();
  const FieldDescriptor& field = *frame.field;
  const bool is_null = std::holds_alternative<JsonNull>(value);
  if (is_null && !frame.in_list) return true;
  if (field.is_repeated() != frame.in_list) {
    return Violate(absl::StrCat("must be ", Wanted(field)), 0);
  }
  if (is_null || !SetField(*frame.message, field, value)) {
    return Violate(absl::StrCat("must be ", WantedItem(field)), 0);
  }
  NextItem();
  return true;
}

void Filler::OpenMessage(const FieldDescriptor& field) {
  Message& parent = *frames_.back().message;
  const google::protobuf::Reflection& reflection = *parent.GetReflection();
  Message* child = field.is_repeated() ? reflection.AddMessage(&parent, &field)
                                       : reflection.MutableMessage(&parent, &field);
  frames_.push_back({child});
}

bool Filler::start_object(std::size_t /*elements*/) {
  if (PassOver(1)) return true;
  if (frames_.empty()) {
    frames_.push_back({&root_});
    return true;
  }
  const Frame& frame = frames_.back();
  if (frame.field->is_repeated() != frame.in_list) {
    return Violate(absl::StrCat("must be ", Wanted(*frame.field)), 1);
  }
  if (!IsObject(*frame.field)) {
    return Violate(absl::StrCat("must be ", WantedItem(*frame.field)), 1);
  }
  OpenMessage(*frame.field);
  return true;
}

bool Filler::key(std::string& name) {
  if (passing_over_) return true;
  Frame& frame = frames_.back();
  const FieldDescriptor* field = FindField(*frame.message->GetDescriptor(), name);
  if (field == nullptr) {
    return ViolateKey(
        name, absl::StrCat("no such field in ", frame.message->GetDescriptor()->full_name()));
  }
  if (!frame.seen.insert(field->number()).second) {
    return ViolateKey(name, "is given twice");
  }
  const google::protobuf::OneofDescriptor* oneof = field->real_containing_oneof();
  if (oneof != nullptr && frame.message->GetReflection()->HasOneof(*frame.message, oneof)) {
    return ViolateKey(name, absl::StrCat("only one member of ", oneof->name(), " may be given"));
  }
  frame.field = field;
  return true;
}

bool Filler::end_object() {
  if (PassOver(-1)) return true;
  frames_.pop_back();
  NextItem();
  return true;
}

bool Filler::start_array(std::size_t /*elements*/) {
  if (PassOver(1)) return true;
  if (frames_.empty()) {
    Add("", "the request must be an object");
    return false;
  }
  Frame& frame = frames_.back();
  if (frame.in_list) return Violate(absl::StrCat("must be ", WantedItem(*frame.field)), 1);
  if (!frame.field->is_repeated()) {
    return Violate(absl::StrCat("must be ", Wanted(*frame.field)), 1);
  }
  frame.in_list = true;
  frame.index = 0;
  return true;
}

bool Filler::end_array() {
  if (PassOver(-1)) return true;
  frames_.back().in_list = false;
  return true;
}

}  // namespace

absl::Status FromJson(absl::string_view json, Message& message) {
  Filler filler(message);
  Json::sax_parse(json.begin(), json.end(), &filler);
  return filler.Outcome();
}

}  // namespace leye::gateway
