#include "tests/services/store/store_contract.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "services/base/status.h"

namespace leye::store {
namespace {

constexpr char kPrefix[] = "regions/13/candidates/";

void Apply(const LogEntry& entry, Copy& copy) {
  for (const Change& change : entry.changes) {
    const auto known = copy.records.find(change.key.name);
    if (known != copy.records.end() && known->second.version >= entry.revision.sequence) continue;
    if (change.put) {
      copy.records[change.key.name] = {change.put->open(), change.number, entry.revision.sequence};
    } else {
      copy.records.erase(change.key.name);
    }
  }
  copy.revision = entry.revision;
}

}  // namespace

RecordKey StoreContract::Candidate(absl::string_view id) {
  return {Kind::kCandidate, absl::StrCat(kPrefix, id)};
}

Envelope StoreContract::Content(absl::string_view open, absl::string_view personal) {
  Envelope envelope;
  envelope.mutable_create_time()->set_seconds(1'700'000'000);
  envelope.set_open(std::string(open));
  if (!personal.empty()) envelope.mutable_sealed()->set_content(std::string(personal));
  return envelope;
}

Mutation StoreContract::Put(absl::string_view id, absl::string_view open,
                            Precondition precondition) {
  return Mutation::Put(Kind::kCandidate, Candidate(id).name, Content(open), precondition);
}

Mutation StoreContract::Delete(absl::string_view id, Precondition precondition) {
  return Mutation::Delete(Kind::kCandidate, Candidate(id).name, precondition);
}

Mutation StoreContract::Check(absl::string_view id, Precondition precondition) {
  return Mutation::Check(Kind::kCandidate, Candidate(id).name, precondition);
}

absl::StatusOr<CommitResult> StoreContract::Commit(std::vector<Mutation> mutations,
                                                   const std::string& request_id,
                                                   const std::string& fingerprint) {
  return store().Commit({.region = kHebei,
                         .mutations = std::move(mutations),
                         .request_id = request_id,
                         .fingerprint = fingerprint});
}

std::string StoreContract::OpenOf(absl::string_view id) {
  const absl::StatusOr<Record> record = store().Get(kHebei, Candidate(id));
  return record.ok() ? record->envelope.open() : "(none)";
}

std::string StoreContract::PersonalOf(absl::string_view id) {
  const absl::StatusOr<Record> record = store().Get(kHebei, Candidate(id));
  return record.ok() ? record->envelope.sealed().content() : "(none)";
}

uint64_t StoreContract::NumberOf(absl::string_view id) {
  const absl::StatusOr<Record> record = store().Get(kHebei, Candidate(id));
  return record.ok() ? record->number : 0;
}

uint64_t StoreContract::HeadSequence() {
  const absl::StatusOr<Revision> head = store().Head(kHebei);
  EXPECT_TRUE(head.ok()) << head.status();
  return head.ok() ? head->sequence : 0;
}

std::string StoreContract::LogText(Revision after) {
  const absl::StatusOr<std::vector<LogEntry>> entries = store().ReadLog(kHebei, after, 1'000);
  if (!entries.ok()) return ErrorReason(entries.status());
  std::string text;
  for (const LogEntry& entry : *entries) {
    absl::StrAppend(&text, text.empty() ? "" : " ", entry.revision.sequence, ":");
    for (const Change& change : entry.changes) {
      absl::StrAppend(&text, change.put ? "+" : "-", absl::StripPrefix(change.key.name, kPrefix));
    }
  }
  return text;
}

absl::Status FollowOn(Store& store, Region region, int page_size, Copy& copy) {
  while (true) {
    LEYE_ASSIGN_OR_RETURN(const std::vector<LogEntry> entries,
                          store.ReadLog(region, copy.revision, page_size));
    if (entries.empty()) return absl::OkStatus();
    for (const LogEntry& entry : entries) Apply(entry, copy);
  }
}

absl::StatusOr<Copy> Follow(Store& store, Region region, int page_size) {
  Copy copy;
  RegionScanRequest request{.region = region, .limit = page_size};
  bool first = true;
  do {
    LEYE_ASSIGN_OR_RETURN(const OpenScanPage page, store.ScanOpen(request));
    if (std::exchange(first, false)) copy.revision = page.revision;
    for (size_t i = 0; i < page.records.size(); ++i) {
      const OpenRecord record = page.records[i];
      Copy::Entry& known = copy.records[std::string(record.name)];
      if (known.version > record.version) continue;
      known = {std::string(record.open), record.number, record.version};
    }
    request.cursor = page.next_cursor;
  } while (!request.cursor.empty());
  LEYE_RETURN_IF_ERROR(FollowOn(store, region, page_size, copy));
  return copy;
}

absl::StatusOr<Copy> ReadAll(Store& store, Region region) {
  Copy copy;
  ScanRequest request{.region = region, .kind = Kind::kCandidate, .limit = kMaxPageSize};
  while (true) {
    LEYE_ASSIGN_OR_RETURN(const ScanPage page, store.Scan(request));
    copy.revision = page.revision;
    for (const Record& record : page.records) {
      copy.records[record.name] = {record.envelope.open(), record.number, record.version};
      request.after_name = record.name;
    }
    if (!page.more) return copy;
  }
}

}  // namespace leye::store
