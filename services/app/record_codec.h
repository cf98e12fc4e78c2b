// Between a resource as the API shows it and a record as the store keeps it.
//
//   LEYE_RETURN_IF_ERROR(codec.Encode(name, *message, envelope));
//   LEYE_ASSIGN_OR_RETURN(auto message, codec.Decode(region, record));
//
// Not stored: name, etag and times (they come from the record), and derived fields.
#ifndef LEYE_SERVICES_APP_RECORD_CODEC_H_
#define LEYE_SERVICES_APP_RECORD_CODEC_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "google/protobuf/message.h"

#include "services/access/personal_data.h"
#include "services/access/sealer.h"
#include "services/app/record_rules.h"
#include "services/store/record.h"

namespace leye::app {

// The version of a record as callers see it. Changes with every change, also when history forks.
std::string EtagOf(const store::Record& record);

// Writes when the record was made (now, or when `existing` was) and when it was changed (now).
void StampTimes(absl::Time now, const store::Envelope* existing, store::Envelope& envelope);

// The open part of a record, with name, etag and times. DATA_LOSS when it cannot be read. REQUIRES:
// `message` is of the record's type.
absl::Status DecodeOpenInto(const store::Record& record, google::protobuf::Message& message);

// Immutable, safe for concurrent use.
class RecordCodec {
 public:
  using Message = google::protobuf::Message;

  // `sealer` outlives this.
  RecordCodec(const RecordKind& kind, const access::Sealer& sealer);

  // Fills `envelope` but for its times. Drops from `message` what is not stored.
  absl::Status Encode(const std::string& name, Message& message, store::Envelope& envelope) const;

  // The whole resource. DATA_LOSS when the record cannot be read.
  absl::StatusOr<std::unique_ptr<Message>> Decode(const store::Record& record) const;

  // Without its personal part.
  absl::StatusOr<std::unique_ptr<Message>> DecodeOpen(const store::Record& record) const;

  // Adds the personal part.
  absl::Status OpenPersonal(const std::string& name, const storage::v1::Sealed& sealed,
                            Message& message) const;

  // True if `record` already says what `envelope` says.
  absl::StatusOr<bool> SameContent(const store::Record& record,
                                   const store::Envelope& envelope) const;

  // Drops what only the server sets.
  void ClearServerFields(Message& message) const;

  // Takes over from `current` what only the server sets and the store keeps.
  void KeepServerFields(const Message& current, Message& message) const;

  const access::PersonalData& personal_data() const { return personal_data_; }

 private:
  using Fields = std::vector<const google::protobuf::FieldDescriptor*>;

  const Message& prototype_;
  const access::Sealer& sealer_;
  const access::PersonalData personal_data_;
  Fields transient_;  // Never stored.
  Fields kept_;       // Stored, set by the server.
};

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_RECORD_CODEC_H_
