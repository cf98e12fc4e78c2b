// Records and log entries as bytes. The open and the personal part are encoded apart, so that one
// encoding of the open part serves the record and the log, and a reader can leave the rest alone.

#ifndef LEYE_SERVICES_STORE_RECORD_CODEC_H_
#define LEYE_SERVICES_STORE_RECORD_CODEC_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "services/store/store.h"

namespace leye::store {

// An envelope as bytes: the Envelope message without `sealed`, and the Sealed message ("" for
// none).
struct EncodedEnvelope {
  std::string open;
  std::string sealed;
};

EncodedEnvelope EncodeEnvelope(const Envelope& envelope);

// The inverse. An empty `sealed` leaves the envelope without one. DATA_LOSS if it does not parse.
absl::StatusOr<Envelope> DecodeEnvelope(absl::string_view open, absl::string_view sealed);

// A record as an engine has it: the two parts as EncodeEnvelope wrote them.
struct StoredRecord {
  Kind kind;
  absl::string_view name;
  uint64_t number = 0;
  uint64_t version = 0;
  absl::string_view open;
  absl::string_view sealed;

  size_t bytes() const { return name.size() + open.size() + sealed.size(); }
};

// DATA_LOSS if it does not parse.
absl::StatusOr<Record> DecodeRecord(const StoredRecord& record);

// Adds it to a page: whole, or without the personal part. DATA_LOSS if it does not parse.
absl::Status Append(const StoredRecord& record, std::vector<Record>& page);
absl::Status Append(const StoredRecord& record, OpenPage& page);

// Appends a change to an encoded storage.v1.LogChanges, from an open part already encoded.
void AppendPut(const RecordKey& key, uint64_t number, absl::string_view open, std::string& log);
void AppendDelete(const RecordKey& key, uint64_t number, std::string& log);

// The same for an engine that gives the number after encoding. The change is `before`, the number
// as a varint of exactly kNumberBytes bytes, `after`, and for a put the open part.
inline constexpr size_t kNumberBytes = 7;
struct SplitChange {
  std::string before;
  std::string after;
};
SplitChange SplitPut(const RecordKey& key, size_t open_bytes);
SplitChange SplitDelete(const RecordKey& key);

// The log entry of a commit that changed this.
std::string EncodeChanges(const std::vector<Change>& changes);

// The inverse. DATA_LOSS if it does not parse.
absl::StatusOr<std::vector<Change>> DecodeChanges(absl::string_view log);

}  // namespace leye::store

#endif  // LEYE_SERVICES_STORE_RECORD_CODEC_H_
