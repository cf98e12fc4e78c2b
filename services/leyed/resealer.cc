#include "services/leyed/resealer.h"

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"

#include "services/base/status.h"

namespace leye {

using access::KeyedSealer;
using store::Region;

namespace {

constexpr int kTries = 5;
constexpr int64_t kFailuresTold = 100;
constexpr absl::Duration kInterval = absl::Seconds(1);
constexpr absl::Duration kAgain = absl::Minutes(1);
constexpr absl::Duration kAfterFailure = absl::Hours(1);
constexpr SteadyTime::duration kLongestRest = std::chrono::seconds(1);

void Count(const store::Record& record, SealCensus& census) {
  const std::string& key = record.envelope.sealed().key_id();
  if (++census.by_key[key] > 1) return;
  store::Record example{record.kind, record.name, record.number, record.version, {}};
  if (!key.empty()) *example.envelope.mutable_sealed() = record.envelope.sealed();
  census.examples.emplace(key, std::move(example));
}

// Calls `take` with each page of each region.
template <typename Take>
absl::Status ForEachPage(store::Store& store, int page_size, const Take& take) {
  LEYE_ASSIGN_OR_RETURN(const store::Heads heads, store.ListRegions());
  for (const auto& [region, revision] : heads) {
    store::RegionScanRequest scan{.region = region, .limit = page_size};
    do {
      LEYE_ASSIGN_OR_RETURN(const store::RegionScanPage page, store.ScanRegion(scan));
      LEYE_RETURN_IF_ERROR(take(region, page.records));
      scan.cursor = page.next_cursor;
    } while (!scan.cursor.empty());
  }
  return absl::OkStatus();
}

// One reading that seals anew.
class Pass {
 public:
  explicit Pass(const ResealRequest& request) : request_(request) {}

  absl::Status Take(Region region, const std::vector<store::Record>& records);
  SealCensus Finish() && { return std::move(census_); }

 private:
  void TakeOutdated(const store::Record& record, std::vector<store::ResealedPart>& parts);

  const ResealRequest& request_;
  SealCensus census_;
};

absl::Status Pass::Take(Region region, const std::vector<store::Record>& records) {
  std::vector<store::ResealedPart> parts;
  for (const store::Record& record : records) {
    if (!record.envelope.has_sealed()) continue;
    if (request_.sealer.IsOutdated(record.envelope.sealed())) {
      TakeOutdated(record, parts);
    } else {
      Count(record, census_);
    }
  }
  if (!parts.empty()) {
    LEYE_ASSIGN_OR_RETURN(const int resealed, request_.store.Reseal(region, parts));
    census_.resealed += resealed;
    census_.skipped += static_cast<int64_t>(parts.size()) - resealed;
  }
  if (request_.go_on()) return absl::OkStatus();
  return Error(absl::StatusCode::kAborted, "RESEAL_STOPPED", "stopped before the end");
}

void Pass::TakeOutdated(const store::Record& record, std::vector<store::ResealedPart>& parts) {
  store::ResealedPart part{.key = {record.kind, record.name},
                           .before = record.envelope.sealed(),
                           .after = record.envelope.sealed()};
  if (const absl::Status renewed = request_.sealer.Renew(record.name, part.after); !renewed.ok()) {
    Count(record, census_);
    if (++census_.failed <= kFailuresTold) {
      request_.log.Error("a record is not sealed anew", {{"error", renewed.ToString()}});
    }
    return;
  }
  store::Record after{record.kind, record.name, record.number, record.version, {}};
  *after.envelope.mutable_sealed() = part.after;
  Count(after, census_);
  parts.push_back(std::move(part));
}

absl::StatusOr<SealCensus> CountOnce(store::Store& store) {
  SealCensus census;
  LEYE_RETURN_IF_ERROR(ForEachPage(store, store::kMaxPageSize,
                                   [&](Region, const std::vector<store::Record>& records) {
                                     for (const store::Record& record : records) {
                                       if (record.envelope.has_sealed()) Count(record, census);
                                     }
                                     return absl::OkStatus();
                                   }));
  return census;
}

// Adds an example of `key` if there is none yet; false when the record is not as it was read.
absl::StatusOr<bool> AddExample(store::Store& store, Region region, const std::string& key,
                                const store::RecordKey& of, SealCensus& census) {
  if (census.examples.contains(key)) return true;
  store::Record example{of.kind, of.name, 0, 0, {}};
  if (!key.empty()) {
    absl::StatusOr<store::Record> record = store.Get(region, of);
    if (absl::IsNotFound(record.status())) return false;
    LEYE_RETURN_IF_ERROR(record);
    if (record->envelope.sealed().key_id() != key) return false;
    *example.envelope.mutable_sealed() = record->envelope.sealed();
  }
  census.examples.emplace(key, std::move(example));
  return true;
}

bool IsAllUnder(const SealCensus& census, const std::string& key) {
  return census.by_key.empty() || (census.by_key.size() == 1 && census.by_key.contains(key));
}

}  // namespace

absl::StatusOr<SealCensus> CountSeals(store::Store& store) {
  absl::StatusOr<SealCensus> census = CountOnce(store);
  // A history that forks while it is read must be read again.
  for (int i = 1; i < kTries && absl::IsOutOfRange(census.status()); ++i) census = CountOnce(store);
  return census;
}

absl::StatusOr<SealCensus> CensusOf(store::Store& store,
                                    const std::map<Region, live::SealsByKey>& seals) {
  SealCensus census;
  for (const auto& [region, by_key] : seals) {
    for (const auto& [key, sealed] : by_key) {
      census.by_key[key] += sealed.records;
      LEYE_ASSIGN_OR_RETURN(const bool as_read,
                            AddExample(store, region, key, sealed.example, census));
      if (!as_read) return CountSeals(store);
    }
  }
  return census;
}

absl::Status CheckSeals(const SealCensus& census, const KeyedSealer* sealer) {
  std::vector<std::string> missing;
  for (const auto& [key, count] : census.by_key) {
    if (key.empty()) continue;
    if (sealer == nullptr || sealer->keys()->Find(key) == nullptr) {
      missing.push_back(
          absl::StrCat(key, " (", count, " records, such as ", census.examples.at(key).name, ")"));
    }
  }
  if (!missing.empty()) {
    return Error(absl::StatusCode::kFailedPrecondition, "SEAL_KEY_MISSING",
                 absl::StrCat("records are sealed under master keys that are not there: ",
                              absl::StrJoin(missing, ", "),
                              ". Give master-keys or master-keys-command with them"));
  }
  for (const auto& [key, record] : census.examples) {
    if (key.empty()) continue;
    LEYE_RETURN_IF_ERROR(sealer->Check(record.name, record.envelope.sealed()));
  }
  return absl::OkStatus();
}

absl::StatusOr<SealCensus> ResealAll(const ResealRequest& request) {
  Pass pass(request);
  LEYE_RETURN_IF_ERROR(ForEachPage(request.store, request.page_size,
                                   [&](Region region, const std::vector<store::Record>& records) {
                                     return pass.Take(region, records);
                                   }));
  return std::move(pass).Finish();
}

Resealer::Resealer(store::Store& store, const KeyedSealer& sealer, const Logger& log,
                   SealCensus census)
    : store_(store),
      sealer_(sealer),
      log_(log),
      census_(std::move(census)),
      thread_(kInterval, [this] { Round(); }) {}

Resealer::~Resealer() { stopping_ = true; }

SealCensus Resealer::census() const {
  MutexLock lock(mutex_);
  return census_;
}

// As long as the page took, so that others have at least half of the store.
bool Resealer::Rest() {
  const SteadyTime::duration took = std::chrono::steady_clock::now() - page_began_;
  std::this_thread::sleep_for(std::min(took, kLongestRest));
  page_began_ = std::chrono::steady_clock::now();
  return !stopping_;
}

void Resealer::Round() {
  const std::shared_ptr<const access::MasterKeys> keys = sealer_.keys();
  std::string ids;
  for (const access::MasterKey& key : keys->keys()) absl::StrAppend(&ids, key.id, " ");
  if (ids != keys_seen_) {
    const bool at_start = keys_seen_.empty();
    keys_seen_ = ids;
    next_pass_ =
        at_start && IsAllUnder(census(), keys->active().id) ? SteadyTime::max() : SteadyTime::min();
  }
  if (stopping_ || std::chrono::steady_clock::now() < next_pass_) return;
  const std::optional<absl::Duration> next = RunPass(keys->active().id);
  next_pass_ = next.has_value() ? SteadyDeadline(*next) : SteadyTime::max();
}

// How long until the next is due; nullopt: until the keys change.
std::optional<absl::Duration> Resealer::RunPass(const std::string& active) {
  page_began_ = std::chrono::steady_clock::now();
  absl::StatusOr<SealCensus> census = ResealAll(
      {.store = store_, .sealer = sealer_, .log = log_, .go_on = [this] { return Rest(); }});
  if (!census.ok()) {
    if (!stopping_) {
      log_.Warning("sealing anew will begin again", {{"error", census.status().ToString()}});
    }
    return kAgain;
  }
  const int64_t resealed = census->resealed;
  const int64_t failed = census->failed;
  const bool found_any = resealed + census->skipped > 0;
  if (!found_any && failed == 0) {
    log_.Info("every personal part is sealed under one master key",
              {{"key", active}, {"records", census->by_key[active]}});
  } else {
    log_.Info("records were sealed anew",
              {{"key", active}, {"records", resealed}, {"failed", failed}});
  }
  {
    MutexLock lock(mutex_);
    census_ = *std::move(census);
  }
  if (found_any) return kAgain;
  if (failed > 0) return kAfterFailure;
  return std::nullopt;
}

}  // namespace leye
