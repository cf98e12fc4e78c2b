// Random sequences of operations, checked step by step against a plain model of store.h.
//
// LEYE_STORE_SEQUENCES sets how many sequences are run, LEYE_STORE_SEED repeats one run. Twenty run
// in turn, each in its own region of one store: so they must not touch each other, and to open the
// store again, which takes longest, is paid for once.

#include <algorithm>
#include <cstdlib>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "services/base/status.h"
#include "tests/services/store/store_contract.h"

namespace leye::store {
namespace {

uint64_t FromEnvironment(const char* name, uint64_t otherwise) {
  const char* text = std::getenv(name);
  uint64_t value = otherwise;
  if (text != nullptr && !absl::SimpleAtoi(text, &value)) return otherwise;
  return value;
}

struct Held {
  uint64_t number = 0;
  uint64_t version = 0;
  std::string open;
};

// What store.h says, for one region, with nothing but maps. Answers are texts to compare.
class Model {
 public:
  std::string Commit(const CommitRequest& request);
  std::string Get(const std::string& name) const;
  std::string Scan() const;
  std::string Records() const;
  std::string Log(uint64_t after) const;
  void Trim(uint64_t keep_from) { log_start_ = std::max(log_start_, keep_from); }
  void BeginNewEpoch() { log_start_ = head_ + 1; }
  uint64_t head() const { return head_; }

 private:
  struct Request {
    std::string fingerprint;
    std::string answer;
  };

  std::string FirstFailure(const CommitRequest& request) const;

  std::map<std::string, Held> records_;
  std::map<uint64_t, std::string> log_;
  std::map<std::string, Request> requests_;
  uint64_t head_ = 0;
  uint64_t next_number_ = 1;
  uint64_t log_start_ = 1;
};

std::string Model::FirstFailure(const CommitRequest& request) const {
  for (const Mutation& mutation : request.mutations) {
    const auto found = records_.find(mutation.key.name);
    const bool exists = found != records_.end();
    const Precondition::Type type = mutation.precondition.type();
    if (type == Precondition::Type::kAbsent && exists) return "ALREADY_EXISTS";
    if (type != Precondition::Type::kAbsent && type != Precondition::Type::kAny && !exists) {
      return "NOT_FOUND";
    }
    if (mutation.type == Mutation::Type::kDelete && !exists) return "NOT_FOUND";
    if (type == Precondition::Type::kAtVersion &&
        found->second.version != mutation.precondition.version()) {
      return "ETAG_MISMATCH";
    }
  }
  return "";
}

std::string Model::Commit(const CommitRequest& request) {
  const auto known = requests_.find(request.request_id);
  if (!request.request_id.empty() && known != requests_.end()) {
    if (known->second.fingerprint != request.fingerprint) return "REQUEST_ID_REUSED";
    return absl::StrCat("replayed ", known->second.answer);
  }
  if (std::string failure = FirstFailure(request); !failure.empty()) return failure;
  ++head_;
  std::string answer = absl::StrCat("at ", head_);
  std::string& log = log_[head_];
  for (const Mutation& mutation : request.mutations) {
    const std::string& name = mutation.key.name;
    if (mutation.type == Mutation::Type::kCheck) continue;
    if (mutation.type == Mutation::Type::kDelete) {
      absl::StrAppend(&log, " -", name, "#", records_[name].number);
      records_.erase(name);
      continue;
    }
    Held& held = records_[name];
    held = {held.number == 0 ? next_number_++ : held.number, head_, mutation.envelope.open()};
    absl::StrAppend(&log, " +", name, "#", held.number, "=", held.open);
    absl::StrAppend(&answer, " ", name, "#", held.number, "@", held.version, "=", held.open);
  }
  if (!request.request_id.empty()) requests_[request.request_id] = {request.fingerprint, answer};
  return answer;
}

std::string Model::Get(const std::string& name) const {
  const auto found = records_.find(name);
  if (found == records_.end()) return "NOT_FOUND";
  return absl::StrCat("#", found->second.number, "@", found->second.version, "=",
                      found->second.open);
}

std::string Model::Scan() const {
  std::string text;
  for (const auto& [name, held] : records_) absl::StrAppend(&text, name, "=", held.open, " ");
  return text;
}

std::string Model::Records() const {
  std::string text;
  for (const auto& [name, held] : records_) absl::StrAppend(&text, name, Get(name), " ");
  return text;
}

std::string Model::Log(uint64_t after) const {
  if (after + 1 < log_start_) return "LOG_TRIMMED";
  std::string text;
  for (uint64_t i = after + 1; i <= head_; ++i) absl::StrAppend(&text, i, ":", log_.at(i), " ");
  return text;
}

// The same answers from the store.
std::string Answer(const absl::StatusOr<CommitResult>& result) {
  if (!result.ok()) return ErrorReason(result.status());
  std::string text =
      absl::StrCat(result->replayed ? "replayed " : "", "at ", result->revision.sequence);
  for (const Record& record : result->written) {
    absl::StrAppend(&text, " ", record.name, "#", record.number, "@", record.version, "=",
                    record.envelope.open());
  }
  return text;
}

std::string Answer(const absl::StatusOr<Record>& record) {
  if (!record.ok()) return ErrorReason(record.status());
  return absl::StrCat("#", record->number, "@", record->version, "=", record->envelope.open());
}

std::string Answer(const absl::StatusOr<std::vector<LogEntry>>& entries) {
  if (!entries.ok()) return ErrorReason(entries.status());
  std::string text;
  for (const LogEntry& entry : *entries) {
    absl::StrAppend(&text, entry.revision.sequence, ":");
    for (const Change& change : entry.changes) {
      absl::StrAppend(&text, change.put ? " +" : " -", change.key.name, "#", change.number,
                      change.put ? absl::StrCat("=", change.put->open()) : "");
    }
    absl::StrAppend(&text, " ");
  }
  return text;
}

// Plays one random sequence on both.
class Player {
 public:
  Player(uint64_t seed, Region region) : random_(seed), region_(region) {}

  void Step(Store& store) {
    const uint64_t dice = Below(107);
    if (dice < 60) {
      const CommitRequest request = RandomCommit();
      ASSERT_EQ(Answer(store.Commit(request)), model_.Commit(request));
    } else if (dice < 75) {
      const std::string name = Name();
      ASSERT_EQ(Answer(store.Get(region_, {Kind::kCandidate, name})), model_.Get(name));
    } else if (dice < 85) {
      ASSERT_EQ(ScanText(store), model_.Scan());
    } else if (dice < 95) {
      const uint64_t after = Below(model_.head() + 1);
      ASSERT_EQ(Answer(store.ReadLog(region_, At(store, after), 1'000)), model_.Log(after));
    } else if (dice < 97) {
      const uint64_t keep_from = 1 + Below(model_.head() + 1);
      ASSERT_TRUE(store.TrimLog(region_, keep_from).ok());
      model_.Trim(keep_from);
    } else if (dice < 102) {
      ASSERT_TRUE(store.PrepareScan(region_, [] { return true; }).ok());
    } else {
      const absl::StatusOr<Copy> copy = Follow(store, region_, kMaxPageSize);
      ASSERT_TRUE(copy.ok());
      ASSERT_EQ(CopyText(*copy), model_.Records());
    }
  }

  void BeginNewEpoch() { model_.BeginNewEpoch(); }

 private:
  uint64_t Below(uint64_t limit) { return random_() % limit; }
  std::string Name() { return absl::StrCat("n", Below(6)); }

  Revision At(Store& store, uint64_t sequence) { return {store.Head(region_)->epoch, sequence}; }

  CommitRequest RandomCommit() {
    CommitRequest request{.region = region_};
    std::map<std::string, bool> used;
    for (uint64_t i = Below(3); i < 3; ++i) {
      const std::string name = Name();
      if (!used.emplace(name, true).second) continue;
      request.mutations.push_back(RandomMutation(name));
    }
    const auto changes = [](const Mutation& m) { return m.type != Mutation::Type::kCheck; };
    if (std::none_of(request.mutations.begin(), request.mutations.end(), changes)) {
      request.mutations.push_back(
          Mutation::Put(Kind::kCandidate, "always", Envelope(), Precondition::Any()));
    }
    if (Below(3) == 0) request.request_id = absl::StrCat("r", Below(20));
    request.fingerprint = absl::StrCat("f", Below(10) == 0);
    return request;
  }

  Mutation RandomMutation(const std::string& name) {
    const Precondition precondition = RandomPrecondition();
    const uint64_t dice = Below(10);
    if (dice < 1) return Mutation::Check(Kind::kCandidate, name, precondition);
    if (dice < 4) return Mutation::Delete(Kind::kCandidate, name, precondition);
    Envelope envelope;
    envelope.set_open(absl::StrCat("v", Below(1'000)));
    return Mutation::Put(Kind::kCandidate, name, std::move(envelope), precondition);
  }

  Precondition RandomPrecondition() {
    switch (Below(8)) {
      case 0:
        return Precondition::Absent();
      case 1:
        return Precondition::Exists();
      case 2:
        return Precondition::AtVersion(Below(model_.head() + 1) + 1);
      default:
        return Precondition::Any();
    }
  }

  static std::string CopyText(const Copy& copy) {
    std::string text;
    for (const auto& [name, entry] : copy.records) {
      absl::StrAppend(&text, name, "#", entry.number, "@", entry.version, "=", entry.open, " ");
    }
    return text;
  }

  std::string ScanText(Store& store) {
    ScanRequest request{.region = region_, .kind = Kind::kCandidate, .limit = 2};
    std::string text;
    while (true) {
      const absl::StatusOr<ScanPage> page = store.Scan(request);
      if (!page.ok()) return ErrorReason(page.status());
      for (const Record& record : page->records) {
        absl::StrAppend(&text, record.name, "=", record.envelope.open(), " ");
        request.after_name = record.name;
      }
      if (!page->more) return text;
    }
  }

  std::mt19937_64 random_;
  Region region_;
  Model model_;
};

// Plays so many sequences in turn, step by step, on one store that is opened again from time to
// time.
void PlayTogether(StoreHarness& harness, uint64_t seed, uint64_t sequences) {
  constexpr int kSteps = 120;
  std::mt19937_64 random(seed);
  std::vector<Player> players;
  for (uint64_t i = 0; i < sequences; ++i) {
    players.emplace_back(random(), Region::FromNumber(11 + static_cast<int>(i)));
  }
  for (int step = 0; step < kSteps; ++step) {
    for (size_t i = 0; i < players.size(); ++i) {
      SCOPED_TRACE(absl::StrCat("sequence ", i, " step ", step));
      players[i].Step(harness.store());
      if (::testing::Test::HasFailure()) return;
    }
    const uint64_t dice = random() % 100;
    if (dice < 2) harness.Reopen(StoreHarness::Epoch::kSame);
    if (dice == 2) {
      harness.Reopen(StoreHarness::Epoch::kNew);
      for (Player& player : players) player.BeginNewEpoch();
    }
  }
}

TEST_P(StoreContract, RandomSequencesAgreeWithAPlainModel) {
  constexpr uint64_t kTogether = 20;
  const uint64_t seed = FromEnvironment("LEYE_STORE_SEED", std::random_device()());
  const uint64_t sequences = FromEnvironment("LEYE_STORE_SEQUENCES", kTogether);
  for (uint64_t done = 0; done < sequences && !HasFailure(); done += kTogether) {
    const uint64_t now = std::min(kTogether, sequences - done);
    SCOPED_TRACE(absl::StrCat("LEYE_STORE_SEED=", seed + done, " LEYE_STORE_SEQUENCES=", now));
    const std::unique_ptr<StoreHarness> harness = GetParam()();
    PlayTogether(*harness, seed + done, now);
  }
}

}  // namespace
}  // namespace leye::store
