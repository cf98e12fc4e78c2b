#include "services/app/posting_watch.h"

#include <algorithm>
#include <string>
#include <utility>

#include "services/access/personal_data.h"
#include "services/app/record_codec.h"
#include "services/app/record_rules.h"
#include "services/base/status.h"

namespace leye::app {
namespace {

using Events = std::vector<v1::WatchPostingsResponse>;

constexpr int kEntries = 64;
constexpr absl::Duration kPatience = absl::Milliseconds(500);  // Notices a store's closing.

// The posting as a change left it.
absl::Status FillPosting(const store::LogEntry& entry, const store::Change& change,
                         v1::Posting& posting) {
  if (!posting.ParseFromString(change.put->open())) {
    return Error(absl::StatusCode::kDataLoss, "RECORD_CORRUPT", "the change log cannot be read",
                 {{"name", change.key.name}});
  }
  posting.clear_contact();  // Its texts are sealed; an empty one would say that there is none.
  posting.set_name(change.key.name);
  posting.set_etag(EtagOf({.kind = change.key.kind,
                           .name = change.key.name,
                           .number = change.number,
                           .version = entry.revision.sequence,
                           .envelope = *change.put}));
  *posting.mutable_create_time() = change.put->create_time();
  *posting.mutable_update_time() = change.put->update_time();
  return absl::OkStatus();
}

// The postings among the changes of one commit.
absl::Status AppendEvents(store::Region region, const store::LogEntry& entry, Events& events) {
  const size_t before = events.size();
  for (const store::Change& change : entry.changes) {
    if (change.key.kind != store::Kind::kPosting) continue;
    v1::WatchPostingsResponse& event = events.emplace_back();
    event.set_revision(store::FormatToken({region, entry.revision}));
    event.set_name(change.key.name);
    if (change.put.has_value()) {
      LEYE_RETURN_IF_ERROR(FillPosting(entry, change, *event.mutable_posting()));
    }
  }
  if (events.size() > before) events.back().set_last(true);
  return absl::OkStatus();
}

}  // namespace

PostingWatch::PostingWatch(store::Store& store, const Clock& clock, store::RegionRevision from)
    : store_(store), clock_(clock), position_(from) {}

absl::StatusOr<Events> PostingWatch::ReadOn() {
  LEYE_ASSIGN_OR_RETURN(const std::vector<store::LogEntry> entries,
                        store_.ReadLog(position_.region, position_.revision, kEntries));
  Events events;
  for (const store::LogEntry& entry : entries) {
    LEYE_RETURN_IF_ERROR(AppendEvents(position_.region, entry, events));
  }
  if (!entries.empty()) position_.revision = entries.back().revision;
  return events;
}

absl::StatusOr<Events> PostingWatch::Next(absl::Time deadline) {
  while (true) {
    const store::Revision before = position_.revision;
    LEYE_ASSIGN_OR_RETURN(Events events, ReadOn());
    if (!events.empty()) return events;
    const absl::Time now = clock_.Now();
    if (now >= deadline) return events;
    if (position_.revision != before) continue;  // Other kinds changed: there may be more.
    LEYE_ASSIGN_OR_RETURN(store::Heads known, store_.ListRegions());
    const auto head = known.find(position_.region);
    if (head != known.end() && head->second != position_.revision) continue;
    LEYE_RETURN_IF_ERROR(store_.WaitForChange(known, std::min(deadline - now, kPatience)));
  }
}

}  // namespace leye::app
