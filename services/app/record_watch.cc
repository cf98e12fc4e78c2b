#include "services/app/record_watch.h"

#include <algorithm>
#include <utility>

#include "services/app/names.h"
#include "services/app/violations.h"

namespace leye::app {
namespace {

constexpr int kEntries = 64;
constexpr absl::Duration kPatience = absl::Milliseconds(500);  // Notices a store's closing.

// The records of the kind among the changes of one commit.
void AppendChanges(store::Region region, const store::LogEntry& entry, store::Kind kind,
                   std::vector<ChangedRecord>& changes) {
  const size_t before = changes.size();
  for (const store::Change& change : entry.changes) {
    if (change.key.kind != kind) continue;
    ChangedRecord& changed = changes.emplace_back();
    changed.revision = store::FormatToken({region, entry.revision});
    changed.name = change.key.name;
    if (change.put.has_value()) {
      changed.record = store::Record{.kind = kind,
                                     .name = change.key.name,
                                     .number = change.number,
                                     .version = entry.revision.sequence,
                                     .envelope = *change.put};
    }
  }
  if (changes.size() > before) changes.back().last = true;
}

}  // namespace

absl::StatusOr<std::vector<ChangedRecord>> ChangeFeed::ReadOn() {
  LEYE_ASSIGN_OR_RETURN(const std::vector<store::LogEntry> entries,
                        store_.ReadLog(position_.region, position_.revision, kEntries));
  std::vector<ChangedRecord> changes;
  for (const store::LogEntry& entry : entries) {
    AppendChanges(position_.region, entry, kind_, changes);
  }
  if (!entries.empty()) position_.revision = entries.back().revision;
  return Reached(std::move(changes));
}

// Without the records that the caller does not reach. Where the last one of a commit is among them,
// the one before it becomes the last.
absl::StatusOr<std::vector<ChangedRecord>> ChangeFeed::Reached(
    std::vector<ChangedRecord> changes) const {
  access::Reach reach(principal_, scope_, store_, position_.region, Today(clock_));
  if (reach.whole()) return changes;
  std::vector<std::optional<store::Record>> records;
  for (const ChangedRecord& change : changes) records.push_back(change.record);
  LEYE_ASSIGN_OR_RETURN(const std::vector<bool> covered, reach.Covers(records));
  std::vector<ChangedRecord> reached;
  for (size_t i = 0; i < changes.size(); ++i) {
    if (covered[i] || !changes[i].record.has_value()) {
      reached.push_back(std::move(changes[i]));
    } else if (changes[i].last && !reached.empty() &&
               reached.back().revision == changes[i].revision) {
      reached.back().last = true;
    }
  }
  return reached;
}

absl::StatusOr<std::vector<ChangedRecord>> ChangeFeed::Next(absl::Time deadline) {
  while (true) {
    const store::Revision before = position_.revision;
    LEYE_ASSIGN_OR_RETURN(std::vector<ChangedRecord> changes, ReadOn());
    if (!changes.empty()) return changes;
    const absl::Time now = clock_.Now();
    if (now >= deadline) return changes;
    if (position_.revision != before) continue;  // Other kinds changed: there may be more.
    LEYE_ASSIGN_OR_RETURN(store::Heads known, store_.ListRegions());
    const auto head = known.find(position_.region);
    if (head != known.end() && head->second != position_.revision) continue;
    LEYE_RETURN_IF_ERROR(store_.WaitForChange(known, std::min(deadline - now, kPatience)));
  }
}

absl::StatusOr<store::RegionRevision> WatchFrom(const std::string& parent,
                                                const std::string& revision, store::Store& store) {
  Violations violations;
  const std::optional<store::Region> region = ParseParent(parent);
  if (!region.has_value()) {
    violations.Add({"parent", "INVALID_NAME", "must be regions/{region}", "须形如 regions/13"});
  }
  const auto from = store::ParseToken(revision);
  const bool good =
      revision.empty() || (from.ok() && (!region.has_value() || from->region == *region));
  if (!good) {
    violations.Add({"revision", "INVALID_REVISION",
                    "must be a revision of the region, as an answer of leye gave it",
                    "须为本地区应答中返回的 revision"});
  }
  LEYE_RETURN_IF_ERROR(violations.ToStatus());
  if (!revision.empty()) return *from;
  LEYE_ASSIGN_OR_RETURN(const store::Revision head, store.Head(*region));
  return store::RegionRevision{*region, head};
}

}  // namespace leye::app
