#include "tests/faults/acknowledged.h"

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

using Versions = std::map<std::string, uint64_t>;

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
  if (!pairs.empty() && pairs.rbegin()->first > head)
    complaints.emplace_back("a pair beyond the head");
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

void Acknowledged::Add(const std::string& writer, uint64_t index, uint64_t sequence) {
  MutexLock lock(mutex_);
  commits_[{writer, index}] = sequence;
}

size_t Acknowledged::size() const {
  MutexLock lock(mutex_);
  return commits_.size();
}

Violations Acknowledged::Check(Store& store) const {
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
  if (head.ok()) CheckSequences(*records, head->sequence, violations.other);
  MutexLock lock(mutex_);
  for (const auto& [commit, sequence] : commits_) {
    const auto left = records->find(HalfName(commit.first, commit.second, "left"));
    const auto right = records->find(HalfName(commit.first, commit.second, "right"));
    const bool has_left = left != records->end();
    if (has_left != (right != records->end())) {
      violations.other.push_back(absl::StrCat("half of ", commit.first, "-", commit.second));
    }
    if (!has_left || left->second != sequence) ++violations.lost;
  }
  return violations;
}

absl::Status WriteThroughFailures(Store& store, const std::string& writer, uint64_t index,
                                  Acknowledged& acknowledged) {
  while (true) {
    const absl::StatusOr<store::CommitResult> result = store.Commit(PairCommit(writer, index));
    if (result.ok()) {
      acknowledged.Add(writer, index, result->revision.sequence);
      return absl::OkStatus();
    }
    if (!absl::IsUnavailable(result.status())) return result.status();
    std::this_thread::yield();
  }
}

absl::Status WriteUntilFailure(Store& store, const std::string& writer, uint64_t first,
                               uint64_t limit, Acknowledged& acknowledged) {
  for (uint64_t i = first; i < first + limit; ++i) {
    LEYE_ASSIGN_OR_RETURN(const store::CommitResult result, store.Commit(PairCommit(writer, i)));
    acknowledged.Add(writer, i, result.revision.sequence);
  }
  return absl::OkStatus();
}

}  // namespace leye::faults
