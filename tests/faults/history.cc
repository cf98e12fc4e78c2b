#include "tests/faults/history.h"

#include <algorithm>
#include <iterator>
#include <thread>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "services/base/status.h"

namespace leye::faults {
namespace {

using store::Change;
using store::Envelope;
using store::Kind;
using store::LogEntry;
using store::Mutation;
using store::Precondition;
using store::Record;
using store::Store;

std::string HalfName(const std::string& writer, uint64_t index, absl::string_view half) {
  return absl::StrCat("regions/13/candidates/", writer, "-", index, "-", half);
}

Mutation PutText(std::string name, std::string open, Precondition precondition) {
  Envelope envelope;
  envelope.set_open(std::move(open));
  return Mutation::Put(Kind::kCandidate, std::move(name), std::move(envelope), precondition);
}

using Versions = std::map<std::string, uint64_t>;  // By name of record.

std::optional<uint64_t> VersionOf(const Versions& records, const std::string& name) {
  const auto found = records.find(name);
  if (found == records.end()) return std::nullopt;
  return found->second;
}

std::string TextOf(const History::Read& read) {
  return absl::StrCat(read.reader, " read ", read.pair.writer, "-", read.pair.index, " at ",
                      read.revision.sequence);
}

absl::StatusOr<Versions> ReadRecords(Store& store) {
  Versions versions;
  store::RegionScanRequest request{.region = kRegion};
  do {
    LEYE_ASSIGN_OR_RETURN(store::RegionScanPage page, store.ScanRegion(request));
    for (const Record& record : page.records) versions[record.name] = record.version;
    request.cursor = std::move(page.next_cursor);
  } while (!request.cursor.empty());
  return versions;
}

// The records as the whole log says, and a complaint for each sequence that is missing or double.
absl::StatusOr<Versions> ReplayLog(Store& store, std::vector<std::string>& complaints) {
  Versions versions;
  store::Revision at;
  while (true) {
    LEYE_ASSIGN_OR_RETURN(const std::vector<LogEntry> entries,
                          store.ReadLog(kRegion, at, store::kMaxPageSize));
    if (entries.empty()) return versions;
    for (const LogEntry& entry : entries) {
      if (entry.revision.sequence != at.sequence + 1) {
        complaints.push_back(absl::StrCat("gap before ", entry.revision.sequence));
      }
      at = entry.revision;
      for (const Change& change : entry.changes) versions[change.key.name] = at.sequence;
    }
  }
}

// A complaint for every sequence up to `head` that is not that of exactly one pair.
void CheckSequences(const Versions& records, uint64_t head, std::vector<std::string>& complaints) {
  std::map<uint64_t, int> pairs;
  for (const auto& [name, version] : records) {
    if (absl::EndsWith(name, "-left")) ++pairs[version];
  }
  for (uint64_t sequence = 1; sequence <= head; ++sequence) {
    if (pairs[sequence] != 1) {
      complaints.push_back(absl::StrCat(pairs[sequence], " pairs at ", sequence));
    }
  }
  if (!pairs.empty() && pairs.rbegin()->first > head) {
    complaints.emplace_back("a pair beyond the head");
  }
}

}  // namespace

store::CommitRequest PairCommit(const std::string& writer, uint64_t index) {
  store::CommitRequest request{.region = kRegion};
  request.request_id = absl::StrCat(writer, "-", index);
  const std::string text(300, 'x');
  request.mutations.push_back(
      PutText(HalfName(writer, index, "left"), text, Precondition::Absent()));
  request.mutations.push_back(
      PutText(HalfName(writer, index, "right"), text, Precondition::Absent()));
  request.mutations.push_back(PutText(absl::StrCat("regions/13/candidates/counter-", writer),
                                      absl::StrCat(index), Precondition::Any()));
  return request;
}

void History::Acknowledge(const std::string& writer, uint64_t index, uint64_t sequence) {
  MutexLock lock(mutex_);
  commits_[{writer, index}] = sequence;
  acknowledged_up_to_ = std::max(acknowledged_up_to_, sequence);
}

size_t History::size() const {
  MutexLock lock(mutex_);
  return commits_.size();
}

size_t History::reads() const {
  MutexLock lock(mutex_);
  return reads_.size();
}

uint64_t History::AcknowledgedUpTo() const {
  MutexLock lock(mutex_);
  return acknowledged_up_to_;
}

void History::ExpectTakeovers() {
  MutexLock lock(mutex_);
  takeovers_ = true;
}

void History::Add(Read read) {
  MutexLock lock(mutex_);
  reads_.push_back(std::move(read));
}

void History::AddHalf(const Read& read) {
  MutexLock lock(mutex_);
  halves_.push_back(absl::StrCat(TextOf(read), " and saw half of it"));
}

PairName History::SomePair(std::mt19937_64& random) const {
  MutexLock lock(mutex_);
  if (commits_.empty()) return {"nobody", 0};
  auto chosen = commits_.begin();
  std::advance(chosen, random() % commits_.size());
  PairName pair = chosen->first;
  // The next one of its writer may be on its way.
  if (random() % 4 == 0) {
    while (commits_.contains(pair)) ++pair.index;
  }
  return pair;
}

Violations History::Check(Store& store) const {
  Violations violations;
  const absl::StatusOr<Versions> records = ReadRecords(store);
  const absl::StatusOr<Versions> log = ReplayLog(store, violations.other);
  const bool has_log = ErrorReason(log.status()) != "LOG_TRIMMED";
  if (!records.ok() || (has_log && !log.ok())) {
    violations.other.push_back(
        absl::StrCat("unreadable: ", records.status().ToString(), log.status().ToString()));
    return violations;
  }
  if (has_log && *records != *log) {
    violations.other.emplace_back("the log disagrees with the records");
  }
  const absl::StatusOr<store::Revision> head = store.Head(kRegion);
  if (!head.ok()) {
    violations.other.push_back(absl::StrCat("unreadable: ", head.status().ToString()));
    return violations;
  }
  CheckSequences(*records, head->sequence, violations.other);
  MutexLock lock(mutex_);
  CheckPairs(*records, violations);
  CheckReads(*records, head->epoch, violations);
  return violations;
}

void History::CheckPairs(const Versions& records, Violations& violations) const {
  for (const auto& [pair, sequence] : commits_) {
    const auto left = VersionOf(records, HalfName(pair.writer, pair.index, "left"));
    const auto right = VersionOf(records, HalfName(pair.writer, pair.index, "right"));
    if (left != right) {
      violations.other.push_back(absl::StrCat("half of ", pair.writer, "-", pair.index));
    }
    if (left != sequence) ++violations.lost;
  }
}

// What was read in an epoch that is over is compared with today's records only as far as it was
// acknowledged: the rest may have been written anew, under the same sequences.
void History::CheckReads(const Versions& records, uint64_t epoch, Violations& violations) const {
  violations.other.insert(violations.other.end(), halves_.begin(), halves_.end());
  std::map<std::string, store::Revision> latest;  // By reader.
  for (const Read& read : reads_) {
    const uint64_t at = read.revision.sequence;
    const auto complain = [&](absl::string_view what) {
      violations.other.push_back(absl::StrCat(TextOf(read), what));
    };
    if (at < read.begun_at) complain(absl::StrCat(" after ", read.begun_at, " was acknowledged"));
    store::Revision& before = latest[read.reader];
    if (read.revision < before && !takeovers_) complain(absl::StrCat(" after ", before.sequence));
    before = read.revision;
    if (read.version && *read.version > at) complain(" and saw what came later");
    const auto now = VersionOf(records, HalfName(read.pair.writer, read.pair.index, "left"));
    if (read.version && read.version != now) {
      // Written again later, or not at all: it was no part of the history that went on.
      ++violations.vanished;
    } else if (!read.version && now &&
               (*now <= read.begun_at || (read.revision.epoch == epoch && *now <= at))) {
      complain(absl::StrCat(" and did not see it, which is from ", *now));
    }
  }
}

absl::Status WriteThroughFailures(Store& store, const std::string& writer, uint64_t index,
                                  History& history) {
  while (true) {
    const absl::StatusOr<store::CommitResult> result = store.Commit(PairCommit(writer, index));
    if (result.ok()) {
      history.Acknowledge(writer, index, result->revision.sequence);
      return absl::OkStatus();
    }
    if (!absl::IsUnavailable(result.status())) return result.status();
    std::this_thread::yield();
  }
}

absl::Status WriteUntilFailure(Store& store, const std::string& writer, uint64_t first,
                               uint64_t limit, History& history) {
  for (uint64_t i = first; i < first + limit; ++i) {
    LEYE_ASSIGN_OR_RETURN(const store::CommitResult result, store.Commit(PairCommit(writer, i)));
    history.Acknowledge(writer, i, result.revision.sequence);
  }
  return absl::OkStatus();
}

absl::Status ReadPair(Store& store, const std::string& reader, const PairName& pair,
                      History& history) {
  History::Read read{.reader = reader, .pair = pair, .begun_at = history.AcknowledgedUpTo()};
  const std::string left = HalfName(pair.writer, pair.index, "left");
  const std::string right = HalfName(pair.writer, pair.index, "right");
  // All that begins with what both begin with.
  const store::ScanRequest request{.region = kRegion,
                                   .kind = Kind::kCandidate,
                                   .after_name = HalfName(pair.writer, pair.index, ""),
                                   .limit = 2};
  LEYE_ASSIGN_OR_RETURN(const store::ScanPage page, store.Scan(request));
  read.revision = page.revision;
  Versions found;
  for (const Record& record : page.records) found[record.name] = record.version;
  read.version = VersionOf(found, left);
  if (read.version == VersionOf(found, right)) {
    history.Add(std::move(read));
  } else {
    history.AddHalf(read);
  }
  return absl::OkStatus();
}

}  // namespace leye::faults
