#include "services/live/region_load.h"

#include <deque>
#include <memory>
#include <optional>
#include <utility>

#include "absl/base/thread_annotations.h"

#include "services/base/mutex.h"
#include "services/base/status.h"
#include "services/base/thread_pool.h"

namespace leye::live {
namespace {

struct ParsedPage {
  std::vector<RecordFacts> facts;  // But people.
  PeoplePage people;
  SealsByKey seals;
  int64_t records = 0;
  int64_t unreadable = 0;
};

// Parses pages; one object a page.
class PageReader {
 public:
  explicit PageReader(const LoadSource& source) : source_(source) {}

  ParsedPage Read(const store::OpenPage& records) && {
    // Mostly a page is of one kind.
    if (!records.empty() && records[0].kind == store::Kind::kCandidate) {
      page_.people.Reserve(records.size());
    } else {
      page_.facts.reserve(records.size());
    }
    for (size_t i = 0; i < records.size(); ++i) {
      const store::OpenRecord record = records[i];
      if (record.key_id.has_value()) Count(*record.key_id, record);
      const absl::Status parsed = Parse({record.kind, record.name, record.number, record.open});
      if (parsed.ok()) continue;
      ++page_.unreadable;
      source_.logger.Error("record left out",
                           {{"name", record.name}, {"error", parsed.ToString()}});
    }
    page_.records = static_cast<int64_t>(records.size());
    return std::move(page_);
  }

 private:
  absl::Status Parse(const RecordView& record) {
    if (record.kind == store::Kind::kCandidate) {
      LEYE_RETURN_IF_ERROR(ParsePerson(record, source_.context, person_));
      page_.people.Add(record.name, record.number, person_);
      return absl::OkStatus();
    }
    LEYE_ASSIGN_OR_RETURN(std::optional<RecordFacts> facts, ParseRecord(record, source_.context));
    if (facts.has_value()) page_.facts.push_back(*std::move(facts));
    return absl::OkStatus();
  }

  void Count(absl::string_view key, const store::OpenRecord& record) {
    // Mostly all are under one key.
    if (last_seal_ == page_.seals.end() || last_seal_->first != key) {
      last_seal_ = page_.seals.try_emplace(std::string(key)).first;
    }
    SealedRecords& sealed = last_seal_->second;
    if (++sealed.records == 1) sealed.example = {record.kind, std::string(record.name)};
  }

  const LoadSource& source_;
  ParsedPage page_;
  PersonFacts person_;  // Its memory is used again.
  SealsByKey::iterator last_seal_ = page_.seals.end();
};

// Parses pages on a few threads and hands them on in the order they were added; whoever has parsed
// a page hands on what is next, unless another does. Thread-compatible.
class PageParser {
 public:
  // `take` is called by one thread at a time.
  PageParser(const LoadSource& source, int threads, std::function<void(ParsedPage)> take)
      : source_(source), take_(std::move(take)) {
    pool_.emplace(ThreadPoolOptions{.threads = threads, .queue_capacity = kMaxWaitingPages});
  }

  // Parses on this thread when the others have enough to do, which bounds what waits.
  void Add(store::OpenPage records) {
    auto page = std::make_shared<Page>();
    page->records = std::move(records);
    {
      MutexLock lock(mutex_);
      while (waiting_.size() >= kMaxPages) taken_.Wait(mutex_);
      waiting_.push_back(page);
    }
    const auto parse = [this, page] { Parse(*page); };
    if (!pool_->TrySubmit(parse)) parse();
  }

  // Waits until all pages are taken. The last call.
  void Finish() { pool_.reset(); }

 private:
  static constexpr size_t kMaxWaitingPages = 8;
  // Parsed or not, but not taken.
  static constexpr size_t kMaxPages = 64;

  struct Page {
    store::OpenPage records;
    ParsedPage parsed;
    bool done = false;
  };

  void Parse(Page& page) {
    page.parsed = PageReader(source_).Read(page.records);
    page.records = store::OpenPage();
    MutexLock lock(mutex_);
    page.done = true;
    TakeDone();
  }

  void TakeDone() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (taking_) return;
    taking_ = true;
    while (!waiting_.empty() && waiting_.front()->done) {
      ParsedPage next = std::move(waiting_.front()->parsed);
      waiting_.pop_front();
      taken_.NotifyAll();
      mutex_.Unlock();
      take_(std::move(next));
      mutex_.Lock();
    }
    taking_ = false;
  }

  const LoadSource& source_;
  const std::function<void(ParsedPage)> take_;
  Mutex mutex_;
  CondVar taken_;
  std::deque<std::shared_ptr<Page>> waiting_ ABSL_GUARDED_BY(mutex_);
  bool taking_ ABSL_GUARDED_BY(mutex_) = false;
  std::optional<ThreadPool> pool_;  // Ends first.
};

// Puts pages together. Thread-compatible.
class RegionPile {
 public:
  RegionPile(store::Region region, AreaTable& areas) : intake_(region, areas) {}

  void Take(ParsedPage page) {
    loaded_.records += page.records;
    loaded_.unreadable += page.unreadable;
    for (auto& [key, sealed] : page.seals) {
      SealedRecords& all = loaded_.seals[key];
      if (all.records == 0) all.example = std::move(sealed.example);
      all.records += sealed.records;
    }
    intake_.TakeHouseholds(page.facts);
    for (RecordFacts& record : page.facts) {
      if (std::holds_alternative<HouseholdFacts>(record.facts)) continue;
      loaded_.facts[record.facts.index()].push_back(std::move(record));
    }
    if (page.people.size() > 0) intake_.Take(std::move(page.people));
  }

  LoadedRegion Finish() && {
    loaded_.taken = std::move(intake_).Finish();
    return std::move(loaded_);
  }

 private:
  RegionIntake intake_;
  LoadedRegion loaded_;
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
    LEYE_ASSIGN_OR_RETURN(store::OpenScanPage page, source.store.ScanOpen(request));
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

absl::StatusOr<LoadedRegion> LoadRegion(store::Region region, const LoadSource& source,
                                        const LoadOptions& options) {
  RegionPile pile(region, source.areas);
  PageParser parser(source, options.parse_threads,
                    [&pile](ParsedPage page) { pile.Take(std::move(page)); });
  LEYE_ASSIGN_OR_RETURN(ScanRange range, Scan(region, source, options.page_records, parser));
  parser.Finish();
  LoadedRegion loaded = std::move(pile).Finish();
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
