#include "services/store/record_codec.h"

#include <limits>
#include <optional>
#include <utility>

#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "google/protobuf/wire_format_lite.h"

#include "leye/storage/v1/log.pb.h"
#include "services/base/status.h"
#include "services/store/errors.h"

namespace leye::store {
namespace {

using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedInputStream;
using google::protobuf::io::CodedOutputStream;
using google::protobuf::io::StringOutputStream;
using storage::v1::LogChange;
using storage::v1::LogChanges;

bool ParseFrom(absl::string_view bytes, google::protobuf::MessageLite& message) {
  return message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
}

// The bytes of field `field`, empty where it is absent, without parsing the rest; nullopt for what
// is no message.
std::optional<absl::string_view> FindBytes(int field, absl::string_view message) {
  const uint32_t wanted = WireFormatLite::MakeTag(field, WireFormatLite::WIRETYPE_LENGTH_DELIMITED);
  CodedInputStream coded(reinterpret_cast<const uint8_t*>(message.data()),
                         static_cast<int>(message.size()));
  absl::string_view found;
  while (const uint32_t tag = coded.ReadTag()) {
    if (tag != wanted) {
      if (!WireFormatLite::SkipField(&coded, tag)) return std::nullopt;
      continue;
    }
    int size = 0;
    if (!coded.ReadVarintSizeAsInt(&size)) return std::nullopt;
    found = message.substr(static_cast<size_t>(coded.CurrentPosition()), static_cast<size_t>(size));
    if (!coded.Skip(size)) return std::nullopt;
  }
  if (!coded.ConsumedEntireMessage()) return std::nullopt;
  return found;
}

absl::Status OpenPartCorrupt() { return StoreCorrupt("a record's open part does not parse"); }
absl::Status SealedPartCorrupt() { return StoreCorrupt("a record's sealed part does not parse"); }

// Appends the head of a length-delimited field.
void AppendFieldHead(int field, size_t bytes, std::string& out) {
  StringOutputStream stream(&out);
  CodedOutputStream coded(&stream);
  coded.WriteTag(WireFormatLite::MakeTag(field, WireFormatLite::WIRETYPE_LENGTH_DELIMITED));
  coded.WriteVarint32(static_cast<uint32_t>(bytes));
}

// Appends `bytes` as a length-delimited field.
void AppendBytes(int field, absl::string_view bytes, std::string& out) {
  AppendFieldHead(field, bytes.size(), out);
  out.append(bytes.data(), bytes.size());
}

LogChange MakeChange(const RecordKey& key, uint64_t number) {
  LogChange change;
  change.set_kind(static_cast<uint32_t>(key.kind));
  change.set_name(key.name);
  change.set_number(number);
  return change;
}

// `after` and what follows it have `rest_bytes` bytes.
SplitChange Split(const RecordKey& key, std::string after, size_t rest_bytes) {
  std::string content = MakeChange(key, 0).SerializeAsString();
  content.push_back(static_cast<char>(
      WireFormatLite::MakeTag(LogChange::kNumberFieldNumber, WireFormatLite::WIRETYPE_VARINT)));
  SplitChange split{{}, std::move(after)};
  AppendFieldHead(LogChanges::kChangesFieldNumber, content.size() + kNumberBytes + rest_bytes,
                  split.before);
  split.before += content;
  return split;
}

}  // namespace

EncodedEnvelope EncodeEnvelope(const Envelope& envelope) {
  EncodedEnvelope encoded;
  if (!envelope.has_sealed()) {
    encoded.open = envelope.SerializeAsString();
    return encoded;
  }
  // Field by field, so that the personal part is copied nowhere else.
  Envelope open;
  if (envelope.has_create_time()) *open.mutable_create_time() = envelope.create_time();
  if (envelope.has_update_time()) *open.mutable_update_time() = envelope.update_time();
  open.set_open(envelope.open());
  encoded.open = open.SerializeAsString();
  encoded.sealed = envelope.sealed().SerializeAsString();
  return encoded;
}

absl::StatusOr<Envelope> DecodeEnvelope(absl::string_view open, absl::string_view sealed) {
  Envelope envelope;
  if (!ParseFrom(open, envelope)) return OpenPartCorrupt();
  if (!sealed.empty() && !ParseFrom(sealed, *envelope.mutable_sealed())) return SealedPartCorrupt();
  return envelope;
}

absl::StatusOr<Record> DecodeRecord(const StoredRecord& record) {
  LEYE_ASSIGN_OR_RETURN(Envelope envelope, DecodeEnvelope(record.open, record.sealed));
  return Record{record.kind, std::string(record.name), record.number, record.version,
                std::move(envelope)};
}

absl::Status Append(const StoredRecord& record, std::vector<Record>& page) {
  LEYE_ASSIGN_OR_RETURN(Record decoded, DecodeRecord(record));
  page.push_back(std::move(decoded));
  return absl::OkStatus();
}

absl::Status Append(const StoredRecord& record, OpenPage& page) {
  const std::optional<absl::string_view> open = FindBytes(Envelope::kOpenFieldNumber, record.open);
  if (!open.has_value()) return OpenPartCorrupt();
  std::optional<absl::string_view> key_id;
  if (!record.sealed.empty()) {
    key_id = FindBytes(storage::v1::Sealed::kKeyIdFieldNumber, record.sealed);
    if (!key_id.has_value()) return SealedPartCorrupt();
  }
  page.Add({.kind = record.kind,
            .name = record.name,
            .number = record.number,
            .version = record.version,
            .open = *open,
            .key_id = key_id});
  return absl::OkStatus();
}

void AppendPut(const RecordKey& key, uint64_t number, absl::string_view open, std::string& log) {
  std::string change = MakeChange(key, number).SerializeAsString();
  AppendBytes(LogChange::kPutFieldNumber, open, change);
  AppendBytes(LogChanges::kChangesFieldNumber, change, log);
}

void AppendDelete(const RecordKey& key, uint64_t number, std::string& log) {
  AppendBytes(LogChanges::kChangesFieldNumber, MakeChange(key, number).SerializeAsString(), log);
}

SplitChange SplitPut(const RecordKey& key, size_t open_bytes) {
  std::string after;
  AppendFieldHead(LogChange::kPutFieldNumber, open_bytes, after);
  const size_t rest_bytes = after.size() + open_bytes;
  return Split(key, std::move(after), rest_bytes);
}

SplitChange SplitDelete(const RecordKey& key) { return Split(key, {}, 0); }

std::string EncodeChanges(const std::vector<Change>& changes) {
  std::string log;
  for (const Change& change : changes) {
    if (change.put) {
      AppendPut(change.key, change.number, EncodeEnvelope(*change.put).open, log);
    } else {
      AppendDelete(change.key, change.number, log);
    }
  }
  return log;
}

absl::StatusOr<std::vector<Change>> DecodeChanges(absl::string_view log) {
  LogChanges stored;
  if (!ParseFrom(log, stored)) return StoreCorrupt("a log entry does not parse");
  std::vector<Change> changes;
  changes.reserve(static_cast<size_t>(stored.changes_size()));
  for (LogChange& from : *stored.mutable_changes()) {
    // Cut to a byte it would be another kind.
    if (from.kind() > std::numeric_limits<uint8_t>::max()) {
      return StoreCorrupt("a log entry is of no kind");
    }
    Change change{{static_cast<Kind>(from.kind()), std::move(*from.mutable_name())}, from.number()};
    if (from.has_put()) change.put = std::move(*from.mutable_put());
    changes.push_back(std::move(change));
  }
  return changes;
}

}  // namespace leye::store
