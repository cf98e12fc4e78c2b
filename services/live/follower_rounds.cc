#include "services/live/follower_rounds.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"

#include "services/base/status.h"

namespace leye::live {
namespace {

matcher::Day TodayOf(const Clock& clock) { return matcher::Day::FromCivil(Today(clock)); }

// Takes out the areas of `region` that the load did not find, or found under another number: where
// history forked, the one that counts may have a lower number.
void RemoveAreasBut(const std::vector<RecordFacts>& found, store::Region region, AreaTable& areas,
                    RegionWriter& writer) {
  absl::flat_hash_map<absl::string_view, uint64_t> numbers;
  for (const RecordFacts& area : found) numbers[area.name] = area.number;
  for (const matcher::AreaIndex index : areas.AreasOf(region)) {
    const AreaEntry& entry = areas[index];
    const auto now = numbers.find(entry.name);
    if (now != numbers.end() && now->second == entry.number) continue;
    const std::string name = entry.name;
    writer.Delete(store::Kind::kSettlementArea, name, entry.number);
  }
}

}  // namespace

FollowerRounds::FollowerRounds(const FollowerOptions& options,
                               const FollowerEnvironment& environment)
    : options_(options),
      environment_(environment),
      context_{.codes = environment.codes, .working_age = options_.working_age},
      log_(options.log, environment.store, environment.clock, environment.logger),
      day_(TodayOf(environment.clock)) {}

absl::Status FollowerRounds::Run(absl::Duration wait) {
  absl::StatusOr<store::Heads> heads =
      environment_.store.WaitForChange(heads_, behind() ? absl::ZeroDuration() : wait);
  if (!heads.ok()) {
    ++status_.errors;
    status_.last_error = heads.status().ToString();
    return heads.status();
  }
  heads_ = *std::move(heads);
  const absl::Time told = environment_.clock.Now();
  TurnThePage();
  absl::Status first_error;
  for (const auto& [region, head] : heads_) {
    RegionState& state = regions_[region];
    first_error.Update(Advance(region, head, state));
  }
  status_.last_error = first_error.ok() ? "" : first_error.ToString();
  if (Publishable()) Publish();
  // After it: these are writes, which on a slow disk take seconds.
  for (const auto& [region, state] : regions_) {
    if (state.writer != nullptr) log_.Keep(region, state.at);
  }
  CountBehind();
  if (HoldsAllOf(heads_) && environment_.store.Health().ok()) {
    environment_.holder.SetCurrent(told);
  }
  return first_error;
}

absl::Status FollowerRounds::Advance(store::Region region, store::Revision head,
                                     RegionState& state) {
  if (state.writer != nullptr && state.at == head) return absl::OkStatus();
  if (environment_.clock.Now() < state.retry) return absl::OkStatus();
  absl::Status done = state.writer == nullptr ? Load(region, state) : Follow(region, state);
  if (absl::IsOutOfRange(done) && state.writer != nullptr) {
    environment_.logger.Warning("region is loaded again",
                                {{"region", region.code()}, {"why", done.ToString()}});
    done = Load(region, state);
  }
  if (!done.ok()) return Postpone(region, done, state);
  state.retry = absl::InfinitePast();
  state.pause = absl::ZeroDuration();
  return absl::OkStatus();
}

absl::Status FollowerRounds::Postpone(store::Region region, const absl::Status& error,
                                      RegionState& state) {
  ++status_.errors;
  state.pause = std::clamp(2 * state.pause, options_.first_pause, options_.longest_pause);
  state.retry = environment_.clock.Now() + state.pause;
  environment_.logger.Error("region cannot be followed",
                            {{"region", region.code()},
                             {"error", error.ToString()},
                             {"retry_seconds", absl::ToDoubleSeconds(state.pause)}});
  return WithContext(error, "region " + region.code());
}

absl::Status FollowerRounds::Load(store::Region region, RegionState& state) {
  const absl::Time began = environment_.clock.Now();
  LEYE_RETURN_IF_ERROR(log_.BeforeLoad(region));
  LEYE_ASSIGN_OR_RETURN(LoadedRegion loaded, LoadRegion(region,
                                                        {.store = environment_.store,
                                                         .context = context_,
                                                         .logger = environment_.logger,
                                                         .areas = areas_,
                                                         .after_page = [this] { log_.Renew(); }},
                                                        options_.load));
  Assemble(region, loaded, state);
  ++status_.regions_loaded;
  status_.unreadable += loaded.unreadable;
  status_.seals[region] = std::move(loaded.seals);
  environment_.logger.Info("region loaded",
                           {{"region", region.code()},
                            {"records", loaded.records},
                            {"revision", store::FormatToken({region, state.at})},
                            {"seconds", absl::ToDoubleSeconds(environment_.clock.Now() - began)}});
  return absl::OkStatus();
}

void FollowerRounds::Assemble(store::Region region, LoadedRegion& loaded, RegionState& state) {
  if (state.writer != nullptr) indexes_.Settle();  // They may ask it for people.
  auto writer = std::make_unique<RegionWriter>(region, World{.indexes = indexes_, .areas = areas_},
                                               day_, std::move(loaded.taken.tables));
  RemoveAreasBut(loaded.facts[0], region, areas_, *writer);
  for (std::vector<RecordFacts>& facts : loaded.facts) {
    for (RecordFacts& record : facts) writer->Put(std::move(record));
    facts = std::vector<RecordFacts>();
  }
  writer->PutLoaded(std::move(loaded.taken.people));
  Apply(loaded.tail, *writer);
  writer->Finish();
  if (state.writer != nullptr) state.writer->RemoveAllBut(*writer);
  state.writer = std::move(writer);
  state.at = loaded.at;
  state.changed = true;
}

absl::Status FollowerRounds::Follow(store::Region region, RegionState& state) {
  LEYE_ASSIGN_OR_RETURN(std::vector<store::LogEntry> entries,
                        environment_.store.ReadLog(region, state.at, options_.batch_log_entries));
  if (!FollowDensely(entries, state.at)) {
    return Error(absl::StatusCode::kOutOfRange, "LOG_GAP", "the change log has a gap",
                 {{"region", region.code()}});
  }
  if (entries.empty()) return absl::OkStatus();
  Apply(entries, *state.writer);
  state.writer->Finish();
  state.at = entries.back().revision;
  state.changed = true;
  return absl::OkStatus();
}

void FollowerRounds::Apply(const std::vector<store::LogEntry>& entries, RegionWriter& writer) {
  for (const store::LogEntry& entry : entries) {
    for (const store::Change& change : entry.changes) Apply(change, writer);
  }
}

void FollowerRounds::Apply(const store::Change& change, RegionWriter& writer) {
  if (!change.put.has_value()) {
    return writer.Delete(change.key.kind, change.key.name, change.number);
  }
  absl::StatusOr<std::optional<RecordFacts>> facts =
      ParseRecord({change.key.kind, change.key.name, change.number, change.put->open()}, context_);
  if (!facts.ok()) {
    ++status_.unreadable;
    environment_.logger.Error("record left out",
                              {{"name", change.key.name}, {"error", facts.status().ToString()}});
    return writer.Delete(change.key.kind, change.key.name, change.number);
  }
  if (facts->has_value()) writer.Put(*std::move(*facts));
}

void FollowerRounds::TurnThePage() {
  const matcher::Day today = TodayOf(environment_.clock);
  if (today == day_) return;
  day_ = today;
  for (auto& [region, state] : regions_) {
    if (state.writer == nullptr) continue;
    state.writer->AdvanceTo(today);
    state.writer->Finish();
    state.changed = true;
  }
}

bool FollowerRounds::HoldsAllOf(const store::Heads& heads) const {
  return status_.ready && std::ranges::all_of(heads, [this](const auto& head) {
           const auto state = regions_.find(head.first);
           return state != regions_.end() && state->second.writer != nullptr &&
                  state->second.at >= head.second;
         });
}

void FollowerRounds::CountBehind() {
  status_.entries_behind = 0;
  for (const auto& [region, head] : heads_) {
    const RegionState& state = regions_[region];
    if (state.writer == nullptr || environment_.clock.Now() < state.retry) continue;
    if (head > state.at) {
      status_.entries_behind += static_cast<int64_t>(head.sequence - state.at.sequence);
    }
  }
}

bool FollowerRounds::Publishable() const {
  const auto loaded = [](const auto& region) { return region.second.writer != nullptr; };
  const auto changed = [](const auto& region) { return region.second.changed; };
  if (!status_.ready) return std::ranges::all_of(regions_, loaded);
  return std::ranges::any_of(regions_, changed);
}

void FollowerRounds::Publish() {
  MatcherSnapshots matcher = indexes_.Publish();
  auto snapshot = std::make_shared<LiveSnapshot>();
  Directory::Regions tables;
  for (auto& [region, state] : regions_) {
    if (state.writer == nullptr) continue;
    if (state.changed) state.published = state.writer->Share();
    state.changed = false;
    tables[static_cast<size_t>(region.number())] = state.published;
    snapshot->revisions.emplace(region, state.at);
  }
  snapshot->people = std::move(matcher.people);
  snapshot->postings = std::move(matcher.postings);
  snapshot->travel_times = std::move(matcher.travel_times);
  snapshot->directory = Directory(std::move(tables), areas_.Share());
  snapshot->published = environment_.clock.Now();
  status_.published = snapshot->published;
  status_.ready = true;
  ++status_.snapshots;
  environment_.holder.Publish(std::move(snapshot), indexes_.TakeChanged());
}

}  // namespace leye::live
