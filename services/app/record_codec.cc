#include "services/app/record_codec.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "absl/strings/str_format.h"
#include "google/protobuf/field_mask.pb.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/protobuf/util/field_mask_util.h"
#include "google/protobuf/util/time_util.h"

#include "leye/v1/options.pb.h"
#include "services/access/secret.h"
#include "services/app/formats.h"
#include "services/base/status.h"

namespace leye::app {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using google::protobuf::Timestamp;
using google::protobuf::util::TimeUtil;

namespace {

absl::Status Unreadable(const std::string& name) {
  return Error(absl::StatusCode::kDataLoss, "RECORD_CORRUPT", "the stored record cannot be read",
               {{"name", name}});
}

void SetString(Message& message, const char* field, std::string text) {
  message.GetReflection()->SetString(&message, message.GetDescriptor()->FindFieldByName(field),
                                     std::move(text));
}

void SetTime(Message& message, const char* field, const Timestamp& time) {
  message.GetReflection()
      ->MutableMessage(&message, message.GetDescriptor()->FindFieldByName(field))
      ->CopyFrom(time);
}

bool IsTime(const Timestamp& time) {
  constexpr int32_t kNanosPerSecond = 1'000'000'000;
  return time.seconds() >= TimeUtil::kTimestampMinSeconds &&
         time.seconds() <= TimeUtil::kTimestampMaxSeconds && time.nanos() >= 0 &&
         time.nanos() < kNanosPerSecond;
}

bool IsTransient(const RecordKind& kind, const std::string& field) {
  return field == "name" || field == "etag" || field == "create_time" || field == "update_time" ||
         std::find(kind.derived_fields.begin(), kind.derived_fields.end(), field) !=
             kind.derived_fields.end();
}

}  // namespace

std::string EtagOf(const store::Record& record) {
  const Timestamp& time = record.envelope.update_time();
  // Unsigned: a damaged record may hold any number.
  const auto micros = static_cast<uint64_t>(time.seconds()) * 1'000'000 +
                      static_cast<uint64_t>(time.nanos() / 1000);
  return absl::StrFormat("%x-%x", record.version, micros);
}

void StampTimes(absl::Time now, const store::Envelope* existing, store::Envelope& envelope) {
  *envelope.mutable_update_time() = ToTimestamp(now);
  *envelope.mutable_create_time() =
      existing == nullptr ? envelope.update_time() : existing->create_time();
}

absl::Status DecodeOpenInto(const store::Record& record, Message& message) {
  if (!message.ParseFromString(record.envelope.open()) || !IsTime(record.envelope.create_time()) ||
      !IsTime(record.envelope.update_time())) {
    return Unreadable(record.name);
  }
  SetString(message, "name", record.name);
  SetString(message, "etag", EtagOf(record));
  SetTime(message, "create_time", record.envelope.create_time());
  SetTime(message, "update_time", record.envelope.update_time());
  return absl::OkStatus();
}

RecordCodec::RecordCodec(const RecordKind& kind, const access::Sealer& sealer)
    : prototype_(*kind.prototype),
      sealer_(sealer),
      personal_data_(*kind.prototype->GetDescriptor()) {
  const google::protobuf::Descriptor& type = *prototype_.GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor* field = type.field(i);
    const v1::Behavior behavior = field->options().GetExtension(v1::rule).behavior();
    if (IsTransient(kind, field->name())) {
      transient_.push_back(field);
    } else if (behavior == v1::BEHAVIOR_OUTPUT_ONLY) {
      kept_.push_back(field);
    }
  }
}

void RecordCodec::ClearServerFields(Message& message) const {
  const Reflection& reflection = *message.GetReflection();
  for (const FieldDescriptor* field : transient_) reflection.ClearField(&message, field);
  for (const FieldDescriptor* field : kept_) reflection.ClearField(&message, field);
}

void RecordCodec::KeepServerFields(const Message& current, Message& message) const {
  google::protobuf::FieldMask mask;
  for (const FieldDescriptor* field : kept_) mask.add_paths(field->name());
  google::protobuf::util::FieldMaskUtil::MergeOptions options;
  options.set_replace_message_fields(true);
  options.set_replace_repeated_fields(true);
  google::protobuf::util::FieldMaskUtil::MergeMessageTo(current, mask, options, &message);
}

absl::Status RecordCodec::Encode(const std::string& name, Message& message,
                                 store::Envelope& envelope) const {
  for (const FieldDescriptor* field : transient_) {
    message.GetReflection()->ClearField(&message, field);
  }
  const std::unique_ptr<Message> personal(prototype_.New());
  if (!personal_data_.Take(message, *personal)) {
    message.SerializeToString(envelope.mutable_open());
    return absl::OkStatus();
  }
  message.SerializeToString(envelope.mutable_open());
  std::string content = personal->SerializeAsString();
  personal_data_.Put(*personal, message);
  return sealer_.Seal(name, std::move(content), *envelope.mutable_sealed());
}

absl::StatusOr<std::unique_ptr<Message>> RecordCodec::DecodeOpen(
    const store::Record& record) const {
  std::unique_ptr<Message> message(prototype_.New());
  LEYE_RETURN_IF_ERROR(DecodeOpenInto(record, *message));
  return message;
}

absl::Status RecordCodec::OpenPersonal(const std::string& name, const storage::v1::Sealed& sealed,
                                       Message& message) const {
  LEYE_ASSIGN_OR_RETURN(std::string content, sealer_.Open(name, sealed));
  const access::WipeAtEnd wipe(content);
  const std::unique_ptr<Message> personal(prototype_.New());
  if (!personal->ParseFromString(content)) return Unreadable(name);
  personal_data_.Put(*personal, message);
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<Message>> RecordCodec::Decode(const store::Record& record) const {
  LEYE_ASSIGN_OR_RETURN(std::unique_ptr<Message> message, DecodeOpen(record));
  if (record.envelope.has_sealed()) {
    LEYE_RETURN_IF_ERROR(OpenPersonal(record.name, record.envelope.sealed(), *message));
  }
  return message;
}

absl::StatusOr<bool> RecordCodec::SameContent(const store::Record& record,
                                              const store::Envelope& envelope) const {
  const store::Envelope& stored = record.envelope;
  if (stored.open() != envelope.open() || stored.has_sealed() != envelope.has_sealed()) {
    return false;
  }
  if (!stored.has_sealed()) return true;
  LEYE_ASSIGN_OR_RETURN(std::string before, sealer_.Open(record.name, stored.sealed()));
  const access::WipeAtEnd wipe_before(before);
  LEYE_ASSIGN_OR_RETURN(std::string after, sealer_.Open(record.name, envelope.sealed()));
  const access::WipeAtEnd wipe_after(after);
  return before == after;
}

}  // namespace leye::app
