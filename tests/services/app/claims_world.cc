#include "tests/services/app/claims_world.h"

#include <cstdlib>
#include <iostream>
#include <map>
#include <set>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"

#include "leye/v1/posting.pb.h"
#include "services/app/names.h"
#include "services/base/status.h"
#include "services/store/sqlite_store.h"

namespace leye::app {

using storage::v1::CLAIM_STATE_CONFIRMED;
using storage::v1::CLAIM_STATE_SETTLED;
using storage::v1::Holds;
using store::Kind;
using store::Mutation;
using store::Precondition;
using store::Record;

namespace {

[[noreturn]] void Fail(const absl::Status& status) {
  std::cerr << status << "\n";
  std::abort();
}

absl::Status Gone() {
  return Error(absl::StatusCode::kUnavailable, "STORE_IO_ERROR", "the machine is gone");
}

template <typename Message>
Message Parsed(const Record& record) {
  Message message;
  if (!message.ParseFromString(record.envelope.open())) Fail(absl::DataLossError(record.name));
  return message;
}

}  // namespace

ClaimsWorld::ClaimsWorld() {
  auto opened = store::OpenSqliteStore(
      {.path = folder_.File("leye.db"), .durability = store::Durability::kProcessCrashUnsafe},
      {clock_, random_, log_});
  if (!opened.ok()) Fail(opened.status());
  store_ = *std::move(opened);
}

// Both records of the person are as they are now, and must be so when it commits.
absl::Status Claimer::Replace(const Claim& claim, Put put) const {
  const Region region = ParseName(claim.candidate(), "candidates")->region;
  WorkingSet set(store_, region, clock_.Now());
  LEYE_RETURN_IF_ERROR(
      set.Read({{Kind::kClaim, claim.candidate()}, {Kind::kPlacement, claim.candidate()}}));
  const Kind kind = claim.state() == CLAIM_STATE_SETTLED ? Kind::kPlacement : Kind::kClaim;
  if (!set.Has({kind, claim.candidate()})) return absl::AbortedError("it is gone");
  LEYE_ASSIGN_OR_RETURN(const auto now, set.Parse<Claim>({kind, claim.candidate()}));
  if (now.SerializeAsString() != claim.SerializeAsString())
    return absl::AbortedError("not as read");
  put(claim, set);
  return store_.Commit({.region = region, .mutations = set.Mutations()}).status();
}

absl::Status Claimer::Settle(const std::string& candidate, const std::string& claim_id) const {
  LEYE_ASSIGN_OR_RETURN(const auto claim, Find(candidate));
  const bool own = claim.has_value() && claim->claim_id() == claim_id;
  if (own && claim->state() == CLAIM_STATE_SETTLED) return absl::OkStatus();
  if (!own || claim->state() != CLAIM_STATE_CONFIRMED) return absl::AbortedError("no such claim");
  return Replace(*claim, &PutPlacement);
}

absl::Status Claimer::Undo(const std::string& candidate, const std::string& claim_id) const {
  LEYE_ASSIGN_OR_RETURN(const auto claim, Find(candidate));
  const bool placed =
      claim.has_value() && claim->claim_id() == claim_id && claim->state() == CLAIM_STATE_SETTLED;
  if (placed) LEYE_RETURN_IF_ERROR(Replace(*claim, &PutUndoing));
  return Claims::Undo(candidate, claim_id);
}

Claimer ClaimsWorld::NewClaims(store::Store& store) { return Claimer(store, clock_); }

void ClaimsWorld::AddPosting(const std::string& name, int openings) {
  store::Envelope envelope;
  v1::Posting posting;
  posting.set_openings(openings);
  envelope.set_open(posting.SerializeAsString());
  const auto result =
      store_->Commit({.region = ParseName(name, "postings")->region,
                      .mutations = {Mutation::Put(Kind::kPosting, name, std::move(envelope),
                                                  Precondition::Absent())}});
  if (!result.ok()) Fail(result.status());
}

ClaimRequest ClaimsWorld::Request(const std::string& person, const std::string& id,
                                  const std::string& posting) const {
  return {
      .claim_id = id, .candidate = person, .posting = posting, .expire_time = clock_.Now() + kLife};
}

int ClaimsWorld::HoldsOf(const std::string& posting) {
  const auto record = store_->Get(ParseName(posting, "postings")->region, {Kind::kHolds, posting});
  if (absl::IsNotFound(record.status())) return 0;
  return record.ok() ? Parsed<Holds>(*record).holds_size() : -1;
}

std::vector<Record> ClaimsWorld::All(Kind kind) {
  std::vector<Record> all;
  for (const Region region : {kHebei, kGuangdong}) {
    auto page = store_->Scan({.region = region, .kind = kind, .limit = store::kMaxPageSize});
    if (!page.ok()) Fail(page.status());
    for (Record& record : page->records) all.push_back(std::move(record));
  }
  return all;
}

std::vector<std::string> ClaimsWorld::Violations() {
  std::vector<std::string> found;
  std::map<std::string, Claim> live;
  std::set<std::string> people;
  for (const Kind kind : {Kind::kClaim, Kind::kPlacement}) {
    for (const Record& record : All(kind)) {
      Claim claim = Parsed<Claim>(record);
      const bool ended =
          claim.state() == (kind == Kind::kClaim ? CLAIM_STATE_CONFIRMED : CLAIM_STATE_SETTLED);
      if (!ended) found.push_back(absl::StrCat("unfinished: ", claim.ShortDebugString()));
      if (!people.insert(record.name).second) found.push_back("taken twice: " + record.name);
      live[claim.claim_id()] = std::move(claim);
    }
  }
  std::map<std::string, int64_t> openings;
  for (const Record& posting : All(Kind::kPosting)) {
    openings[posting.name] = Parsed<v1::Posting>(posting).openings();
  }
  std::set<std::string> held;
  for (const Record& record : All(Kind::kHolds)) {
    const Holds holds = Parsed<Holds>(record);
    if (holds.holds_size() > openings[record.name]) {
      found.push_back(absl::StrCat("overbooked: ", record.name, " ", holds.ShortDebugString()));
    }
    for (const storage::v1::Hold& hold : holds.holds()) {
      const auto claim = live.find(hold.claim_id());
      if (claim == live.end() || claim->second.posting() != record.name) {
        found.push_back(absl::StrCat("hold of nobody: ", hold.ShortDebugString()));
      }
      if (!held.insert(hold.claim_id()).second) found.push_back("held twice: " + hold.claim_id());
    }
  }
  for (const auto& [id, claim] : live) {
    if (held.count(id) == 0) found.push_back(absl::StrCat("no hold: ", claim.ShortDebugString()));
  }
  return found;
}

std::vector<std::string> ClaimsWorld::RecoverAndCheck() {
  for (const Region region : {kHebei, kGuangdong}) {
    const auto recovered = NewClaims(*store_).Recover(region);
    if (!recovered.ok()) return {recovered.status().ToString()};
    for (const absl::Status& status : recovered->failed) return {status.ToString()};
  }
  return Violations();
}

void ClaimsWorld::Clear() {
  for (const Region region : {kHebei, kGuangdong}) {
    store::CommitRequest request{.region = region};
    for (const Kind kind : {Kind::kPosting, Kind::kClaim, Kind::kPlacement, Kind::kHolds}) {
      const auto page =
          store_->Scan({.region = region, .kind = kind, .limit = store::kMaxPageSize});
      if (!page.ok()) Fail(page.status());
      for (const Record& record : page->records) {
        request.mutations.push_back(Mutation::Delete(kind, record.name, Precondition::Any()));
      }
    }
    if (request.mutations.empty()) continue;
    const auto cleared = store_->Commit(request);
    if (!cleared.ok()) Fail(cleared.status());
  }
}

absl::StatusOr<store::CommitResult> StepStore::Commit(const store::CommitRequest& request) {
  switch (decide_({request.region, &request})) {
    case StepFate::kLost:
      return Gone();
    case StepFate::kUnanswered:
      LEYE_RETURN_IF_ERROR(inside_.Commit(request));
      return Gone();
    case StepFate::kUnchecked: {
      store::CommitRequest unchecked = request;
      for (Mutation& mutation : unchecked.mutations) mutation.precondition = Precondition::Any();
      return inside_.Commit(unchecked);
    }
    case StepFate::kSwallowed:
      return store::CommitResult();
    case StepFate::kDone:
      break;
  }
  return inside_.Commit(request);
}

absl::StatusOr<std::vector<std::optional<Record>>> StepStore::BatchGet(
    Region region, const std::vector<store::RecordKey>& keys) {
  if (decide_({region, nullptr}) != StepFate::kDone) return Gone();
  return inside_.BatchGet(region, keys);
}

absl::StatusOr<store::ScanPage> StepStore::Scan(const store::ScanRequest& request) {
  if (decide_({request.region, nullptr}) != StepFate::kDone) return Gone();
  return inside_.Scan(request);
}

Turns::Turns(size_t workers, Choose choose)
    : choose_(std::move(choose)), states_(workers, State::kRunning) {}

void Turns::Run(const std::vector<std::function<void()>>& tasks) {
  std::vector<std::thread> threads;
  threads.reserve(tasks.size());
  for (size_t i = 0; i < tasks.size(); ++i) {
    threads.emplace_back([this, i, &task = tasks[i]] {
      Wait(i);
      task();
      MutexLock lock(mutex_);
      states_[i] = State::kEnded;
      PassOn();
    });
  }
  for (std::thread& thread : threads) thread.join();
}

void Turns::Wait(size_t worker) {
  MutexLock lock(mutex_);
  states_[worker] = State::kWaiting;
  PassOn();
  while (states_[worker] == State::kWaiting) turned_.Wait(mutex_);
}

void Turns::PassOn() {
  std::vector<size_t> waiting;
  for (size_t i = 0; i < states_.size(); ++i) {
    if (states_[i] == State::kRunning) return;
    if (states_[i] == State::kWaiting) waiting.push_back(i);
  }
  if (waiting.empty()) return;
  states_[waiting[choose_(waiting)]] = State::kRunning;
  turned_.NotifyAll();
}

size_t EveryChoice::Next(size_t options) {
  if (at_ == choices_.size()) choices_.push_back({0, options});
  return choices_[at_++].taken;
}

bool EveryChoice::Another() {
  at_ = 0;
  while (!choices_.empty() && choices_.back().taken + 1 == choices_.back().options) {
    choices_.pop_back();
  }
  if (choices_.empty()) return false;
  ++choices_.back().taken;
  return true;
}

}  // namespace leye::app
