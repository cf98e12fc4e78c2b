#include "tests/fuzz/store_check.h"

#include <map>
#include <memory>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "leye/storage/v1/claim.pb.h"
#include "leye/v1/posting.pb.h"
#include "services/app/record_codec.h"
#include "services/base/status.h"
#include "tests/fuzz/stored_kinds.h"

namespace leye::fuzz {
namespace {

using store::Record;
using store::RecordKey;
using Records = std::map<RecordKey, Record>;

constexpr int kPage = 500;

absl::StatusOr<Records> RecordsIn(store::Store& store, store::Region region) {
  Records records;
  store::RegionScanRequest request{.region = region, .limit = kPage};
  do {
    LEYE_ASSIGN_OR_RETURN(store::RegionScanPage page, store.ScanRegion(request));
    for (Record& record : page.records) {
      records[{record.kind, record.name}] = std::move(record);
    }
    request.cursor = page.next_cursor;
  } while (!request.cursor.empty());
  return records;
}

void Apply(const store::LogEntry& entry, std::map<RecordKey, std::string>& parts) {
  for (const store::Change& change : entry.changes) {
    if (change.put) {
      parts[change.key] = change.put->open();
    } else {
      parts.erase(change.key);
    }
  }
}

// The open part of each record as the log leaves it. OUT_OF_RANGE when its beginning is gone.
absl::StatusOr<std::map<RecordKey, std::string>> OpenPartsByLog(store::Store& store,
                                                                store::Region region) {
  std::map<RecordKey, std::string> parts;
  store::Revision at;
  while (true) {
    LEYE_ASSIGN_OR_RETURN(const auto entries, store.ReadLog(region, at, kPage));
    if (entries.empty()) return parts;
    for (const store::LogEntry& entry : entries) {
      if (entry.revision.sequence != at.sequence + 1) {
        return absl::InternalError("a gap in the log");
      }
      at = entry.revision;
      Apply(entry, parts);
    }
  }
}

std::string WhatIsWrongWithLog(store::Store& store, store::Region region, const Records& records) {
  const auto by_log = OpenPartsByLog(store, region);
  if (absl::IsOutOfRange(by_log.status())) return "";  // The log was trimmed.
  if (!by_log.ok()) return by_log.status().ToString();
  std::map<RecordKey, std::string> there;
  for (const auto& [key, record] : records) there[key] = record.envelope.open();
  return there == *by_log ? "" : "the log does not lead to the records that there are";
}

std::string WhatIsWrongWithRecord(const Record& record, const access::Sealer& sealer) {
  const google::protobuf::Message* message = StoredMessage(record.kind);
  if (message == nullptr) return "";
  if (!IsResource(record.kind)) {
    const std::unique_ptr<google::protobuf::Message> read(message->New());
    return read->ParseFromString(record.envelope.open()) ? "" : "cannot be read";
  }
  const app::RecordCodec codec({.kind = record.kind,
                                .collection = "",
                                .noun_zh = "",
                                .prototype = message,
                                .filter_fields = {},
                                .order_fields = {}},
                               sealer);
  const auto read = codec.Decode(record);
  return read.ok() ? "" : read.status().ToString();
}

std::string WhatIsWrongWithHolds(const Record& holds, const Records& records) {
  const auto posting = records.find({store::Kind::kPosting, holds.name});
  if (posting == records.end()) return "";  // Of a household, which may have any number.
  storage::v1::Holds held;
  v1::Posting of;
  if (!held.ParseFromString(holds.envelope.open()) ||
      !of.ParseFromString(posting->second.envelope.open())) {
    return "cannot be read";
  }
  return held.holds_size() <= of.openings()
             ? ""
             : absl::StrCat(held.holds_size(), " holders of ", of.openings(), " openings");
}

std::string WhatIsWrongWithRegion(store::Store& store, store::Region region,
                                  const access::Sealer& sealer) {
  const absl::StatusOr<Records> records = RecordsIn(store, region);
  if (!records.ok()) return records.status().ToString();
  for (const auto& [key, record] : *records) {
    std::string wrong = WhatIsWrongWithRecord(record, sealer);
    if (wrong.empty() && key.kind == store::Kind::kHolds) {
      wrong = WhatIsWrongWithHolds(record, *records);
    }
    if (!wrong.empty()) return absl::StrCat(KindName(key.kind), " ", key.name, ": ", wrong);
  }
  return WhatIsWrongWithLog(store, region, *records);
}

}  // namespace

std::string WhatIsWrongWith(store::Store& store, const access::Sealer& sealer) {
  const absl::StatusOr<store::Heads> heads = store.ListRegions();
  if (!heads.ok()) return heads.status().ToString();
  for (const auto& [region, head] : *heads) {
    const std::string wrong = WhatIsWrongWithRegion(store, region, sealer);
    if (!wrong.empty()) return absl::StrCat("region ", region.code(), ": ", wrong);
  }
  return "";
}

}  // namespace leye::fuzz
