#include "services/live/region_load.h"

#include <deque>
#include <memory>
#include <optional>
#include <utility>

#include "services/base/status.h"
#include "services/base/thread_pool.h"

namespace leye::live {
namespace {

struct ParsedPage {
  std::vector<RecordFacts> facts;  // But people.
  PeoplePage people;
  int64_t unreadable = 0;
};

void KeepIn(ParsedPage& page, RecordFacts record) {
  const auto* person = std::get_if<std::unique_ptr<PersonFacts>>(&record.facts);
  if (person != nullptr) {
    page.people.Add(record.name, record.number, **person);
  } else {
    page.facts.push_back(std::move(record));
  }
}

ParsedPage ParsePage(const std::vector<store::Record>& records, const LoadSource& source) {
  ParsedPage page;
  for (const store::Record& record : records) {
    absl::StatusOr<std::optional<RecordFacts>> parsed = ParseRecord(
        {record.kind, record.name, record.number, record.envelope.open()}, source.context);
    if (!parsed.ok()) {
      ++page.unreadable;
      source.logger.Error("record left out",
                          {{"name", record.name}, {"error", parsed.status().ToString()}});
    } else if (parsed->has_value()) {
      KeepIn(page, *std::move(*parsed));
    }
  }
  return page;
}

// Parses pages on a few threads and hands them back in the order they were added.
// Thread-compatible.
class PageParser {
 public:
  PageParser(const LoadSource& source, int threads) : source_(source) {
    pool_.emplace(ThreadPoolOptions{.threads = threads, .queue_capacity = kMaxWaitingPages});
  }

  // Parses on this thread when the others have enough to do, which bounds what waits.
  void Add(std::vector<store::Record> records) {
    ParsedPage& target = pages_.emplace_back();  // A deque: stays where it is.
    auto page = std::make_shared<const std::vector<store::Record>>(std::move(records));
    const bool queued =
        pool_->TrySubmit([this, page, &target] { target = ParsePage(*page, source_); });
    if (!queued) target = ParsePage(*page, source_);
  }

  // Waits for all pages. The last call.
  std::deque<ParsedPage> Finish() {
    pool_.reset();
    return std::move(pages_);
  }

 private:
  static constexpr size_t kMaxWaitingPages = 8;

  const LoadSource& source_;
  std::deque<ParsedPage> pages_;
  std::optional<ThreadPool> pool_;
};

struct ScanRange {
  store::Revision first;
  store::Revision last;
};

absl::StatusOr<ScanRange> Scan(store::Region region, const LoadSource& source, int page_records,
                               PageParser& parser) {
  store::RegionScanRequest request{.region = region, .limit = page_records};
  std::optional<store::Revision> first;
  while (true) {
    LEYE_ASSIGN_OR_RETURN(store::RegionScanPage page, source.store.ScanRegion(request));
    if (!first.has_value()) first = page.revision;
    parser.Add(std::move(page.records));
    source.after_page();
    if (page.next_cursor.empty()) return ScanRange{.first = *first, .last = page.revision};
    request.cursor = std::move(page.next_cursor);
  }
}

// The log entries after `range.first`, at least up to `range.last`.
absl::StatusOr<std::vector<store::LogEntry>> ReadTail(store::Region region,
                                                      const LoadSource& source,
                                                      const ScanRange& range, int limit) {
  std::vector<store::LogEntry> tail;
  store::Revision at = range.first;
  while (at.sequence < range.last.sequence) {
    LEYE_ASSIGN_OR_RETURN(std::vector<store::LogEntry> entries,
                          source.store.ReadLog(region, at, limit));
    if (entries.empty() || !FollowDensely(entries, at)) {
      return Error(absl::StatusCode::kOutOfRange, "LOG_GAP", "the change log has a gap",
                   {{"region", region.code()}});
    }
    at = entries.back().revision;
    std::move(entries.begin(), entries.end(), std::back_inserter(tail));
  }
  return tail;
}

}  // namespace

size_t LoadedRegion::records() const {
  size_t records = 0;
  for (const std::vector<RecordFacts>& of_kind : facts) records += of_kind.size();
  for (const PeoplePage& page : people) records += page.size();
  return records;
}

absl::StatusOr<LoadedRegion> LoadRegion(store::Region region, const LoadSource& source,
                                        const LoadOptions& options) {
  PageParser parser(source, options.parse_threads);
  LEYE_ASSIGN_OR_RETURN(ScanRange range, Scan(region, source, options.page_records, parser));
  LoadedRegion loaded;
  for (ParsedPage& page : parser.Finish()) {
    loaded.unreadable += page.unreadable;
    for (RecordFacts& record : page.facts) {
      loaded.facts[record.facts.index()].push_back(std::move(record));
    }
    page.facts = std::vector<RecordFacts>();
    if (page.people.size() > 0) loaded.people.push_back(std::move(page.people));
  }
  LEYE_ASSIGN_OR_RETURN(loaded.tail, ReadTail(region, source, range, options.log_entries));
  loaded.at = loaded.tail.empty() ? range.first : loaded.tail.back().revision;
  return loaded;
}

bool FollowDensely(const std::vector<store::LogEntry>& entries, store::Revision at) {
  for (const store::LogEntry& entry : entries) {
    // After the beginning any epoch may follow; from there on it stays.
    const bool same_epoch = at == store::Revision() || entry.revision.epoch == at.epoch;
    if (!same_epoch || entry.revision.sequence != at.sequence + 1) return false;
    at = entry.revision;
  }
  return true;
}

}  // namespace leye::live
