#include "tests/services/app/referral_fixture.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

#include "services/app/names.h"
#include "services/app/referral_ledger.h"
#include "services/app/referral_machine.h"

namespace leye::app {

using storage::v1::Claim;
using storage::v1::Hold;
using storage::v1::Holds;
using store::Kind;
using store::RecordKey;

namespace {

void Require(const absl::Status& status, const std::string& what) {
  if (status.ok()) return;
  std::fprintf(stderr, "%s: %s\n", what.c_str(), status.ToString().c_str());
  std::abort();
}

template <typename Visit>
void ForEachRecord(store::Store& store, store::Region region, Kind kind, Visit visit) {
  store::ScanRequest scan{.region = region, .kind = kind, .limit = 1'000};
  while (true) {
    const auto page = store.Scan(scan);
    Require(page.status(), "scan");
    for (const store::Record& record : page->records) visit(record);
    if (!page->more) return;
    scan.after_name = page->records.back().name;
  }
}

template <typename M>
M ParseOpen(const std::string& open) {
  M message;
  if (!message.ParseFromString(open)) std::abort();
  return message;
}

void Add(const RecordKey& key, const std::string& open, Records& state) {
  switch (key.kind) {
    case Kind::kReferral:
      state.referrals.push_back(ParseOpen<v1::Referral>(open));
      return state.referrals.back().set_name(key.name);
    case Kind::kHolds:
      state.holds.emplace_back(key.name, ParseOpen<Holds>(open));
      return;
    case Kind::kPlacement:
      return state.placements.push_back(ParseOpen<Claim>(open));
    case Kind::kClaim:
      return state.claims.push_back(ParseOpen<Claim>(open));
    case Kind::kPosting:
      state.postings.emplace_back(key.name, ParseOpen<v1::Posting>(open));
      return;
    case Kind::kCandidate:
      state.people.emplace(key.name, ParseOpen<v1::Candidate>(open));
      return;
    case Kind::kDue:
      return state.due.push_back(key.name);
    default:
      return;
  }
}

bool IsInTable(const v1::ReferralStep& step, matcher::Channel channel) {
  if (step.event() == v1::REFERRAL_EVENT_CREATE) return true;
  const ReferralMove* move = FindMove(step.from_state(), step.event(), channel);
  return move != nullptr && move->to == step.to_state();
}

bool HoldsNow(const v1::Referral& referral) { return StateFactsOf(referral.state()).holds_opening; }

std::string IdIn(const std::string& name) { return name.substr(name.rfind('/') + 1); }

// Gathers problems of one kind of promise after the other.
class Checker {
 public:
  Checker(const Records& state, const StubJudge& judge) : state_(state), judge_(judge) {
    for (const v1::Referral& referral : state.referrals) {
      if (StateFactsOf(referral.state()).phase != ReferralPhase::kEnded) {
        open_.insert(IdIn(referral.name()));
      }
      if (!HoldsNow(referral)) continue;
      holders_[referral.posting()].insert(IdIn(referral.name()));
      held_people_.insert(referral.candidate());
    }
  }

  void CheckOpenings() {
    for (const auto& [name, posting] : state_.postings) {
      const auto held = static_cast<int>(holders_[name].size());
      if (held > posting.openings() - posting.filled_openings()) {
        Add(name, " is held ", held, " times of ", posting.openings());
      }
      int others = 0;
      for (const v1::Referral& referral : state_.referrals) {
        const bool counts = HoldsNow(referral) && referral.posting() == name;
        others += counts && !judge_.of_reserved_group.contains(referral.candidate()) ? 1 : 0;
      }
      if (others > posting.openings() - posting.filled_openings() - posting.reserved().count()) {
        Add(name, ": reserved openings are held by others");
      }
    }
  }

  void CheckPeople() {
    std::multiset<std::string> held;
    std::multiset<std::string> pairs;
    for (const v1::Referral& referral : state_.referrals) {
      if (HoldsNow(referral)) held.insert(referral.candidate());
      const bool open = StateFactsOf(referral.state()).phase != ReferralPhase::kEnded;
      if (open && !IsElsewhere(referral)) {
        pairs.insert(referral.candidate() + " " + referral.posting());
      }
    }
    for (const std::string& person : held) {
      if (held.count(person) > 1) Add(person, " is held twice");
    }
    for (const std::string& pair : pairs) {
      if (pairs.count(pair) > 1) Add(pair, " has two open referrals");
    }
  }

  void CheckAgreement() {
    std::map<std::string, std::set<std::string>> told;
    for (const auto& [name, holds] : state_.holds) {
      if (name.find("/postings/") == std::string::npos) continue;
      for (const Hold& hold : holds.holds()) told[name].insert(hold.claim_id());
      if (holds.holds_size() != static_cast<int>(told[name].size())) Add(name, " names one twice");
    }
    for (const auto& [name, posting] : state_.postings) {
      if (told[name] != holders_[name]) Add(name, ": the ledger and the referrals differ");
    }
    for (const auto& [name, claims] : told) {
      if (!claims.empty() && holders_.find(name) == holders_.end()) Add(name, " has holds left");
    }
    for (const auto& [name, holds] : state_.holds) {
      for (const storage::v1::Bar& bar : holds.bars()) {
        const bool open = open_.count(bar.open_referral()) > 0;
        if (!bar.open_referral().empty() && !open) Add(name, " bars a pair for what is over");
      }
    }
    std::set<std::string> placed;
    for (const Claim& claim : state_.placements) placed.insert(claim.candidate());
    if (placed != held_people_) Add("placements and referrals differ");
    for (const Claim& claim : state_.claims) Add(claim.candidate(), " is claimed");
    std::multiset<std::string> due;
    for (const std::string& name : state_.due) due.insert(ParseDueName(name).referral);
    for (const v1::Referral& referral : state_.referrals) {
      const bool expires = StateFactsOf(referral.state()).on_due == OnDue::kExpire;
      if (due.count(referral.name()) != (expires ? 1U : 0U)) {
        Add(referral.name(), ": the due list is wrong");
      }
    }
  }

  // Who has begun, by the referrals, works by their own record.
  void CheckWork() {
    for (const v1::Referral& referral : state_.referrals) {
      if (StateFactsOf(referral.state()).phase != ReferralPhase::kAtWork) continue;
      const auto person = state_.people.find(referral.candidate());
      const bool works = person != state_.people.end() &&
                         person->second.employment().state() == v1::EMPLOYMENT_STATE_EMPLOYED;
      if (!works) Add(referral.candidate(), " is at work and their record does not say so");
    }
  }

  // What is held for households is what holds public-welfare posts and has not begun.
  void CheckHouseholds() {
    std::map<std::string, std::set<std::string>> wanted;
    for (const v1::Referral& referral : state_.referrals) {
      if (HoldsNow(referral) && referral.channel() == v1::CHANNEL_PUBLIC_WELFARE &&
          StateFactsOf(referral.state()).phase == ReferralPhase::kBeforeWork) {
        wanted[referral.household()].insert(IdIn(referral.name()));
      }
    }
    std::map<std::string, std::set<std::string>> told;
    for (const auto& [name, holds] : state_.holds) {
      if (name.find("/households/") == std::string::npos) continue;
      for (const Hold& hold : holds.holds()) told[name].insert(hold.claim_id());
    }
    if (wanted != told) Add("households' ledgers and referrals differ");
    for (const auto& [household, referrals] : wanted) {
      if (static_cast<int>(referrals.size()) > judge_.household_cap) {
        Add(household, " holds more posts than the cap");
      }
    }
  }

  void CheckHistories() {
    for (const v1::Referral& referral : state_.referrals) {
      auto state = v1::REFERRAL_STATE_UNSPECIFIED;
      for (const v1::ReferralStep& step : referral.steps()) {
        if (step.from_state() != state) Add(referral.name(), ": a step begins elsewhere");
        if (!IsInTable(step, ChannelOf(referral))) Add(referral.name(), ": a step of no table");
        if (step.actor().empty() || !step.has_time() || step.ruleset_version().empty()) {
          Add(referral.name(), ": a step is not recorded in full");
        }
        state = step.to_state();
      }
      if (state != referral.state()) Add(referral.name(), ": the history ends elsewhere");
    }
  }

  std::vector<std::string> Take() { return std::move(problems_); }

 private:
  template <typename... Parts>
  void Add(const Parts&... parts) {
    problems_.push_back(absl::StrCat(parts...));
  }

  const Records& state_;
  const StubJudge& judge_;
  std::map<std::string, std::set<std::string>> holders_;  // By posting: ids of referrals.
  std::set<std::string> open_;                            // Ids of referrals.
  std::set<std::string> held_people_;
  std::vector<std::string> problems_;
};

}  // namespace

absl::StatusOr<PairVerdict> StubJudge::Judge(const PairQuestion& question) const {
  PairVerdict verdict{.failures = {},
                      .of_reserved_group = of_reserved_group.contains(question.candidate)};
  if (not_eligible.contains(question.candidate)) {
    verdict.failures.push_back({.rule = matcher::RuleId::kAgeMin,
                                .cause = matcher::Cause::kUnderMinimumAge,
                                .asked = {},
                                .had = {},
                                .subject = {}});
  }
  if (question.household_holds >= household_cap) {
    verdict.failures.push_back({.rule = matcher::RuleId::kHouseholdCap,
                                .cause = matcher::Cause::kHouseholdCapReached,
                                .asked = {},
                                .had = {},
                                .subject = {}});
  }
  return verdict;
}

Records ReadRecords(store::Store& store) {
  Records state;
  for (const int region : {13, 44}) {
    for (const Kind kind : {Kind::kReferral, Kind::kHolds, Kind::kPlacement, Kind::kClaim,
                            Kind::kPosting, Kind::kCandidate, Kind::kDue}) {
      ForEachRecord(store, store::Region::FromNumber(region), kind,
                    [&](const store::Record& record) {
                      Add({kind, record.name}, record.envelope.open(), state);
                    });
    }
  }
  return state;
}

std::vector<std::string> ProblemsOf(const Records& state, const StubJudge& judge) {
  Checker checker(state, judge);
  checker.CheckOpenings();
  checker.CheckPeople();
  checker.CheckAgreement();
  checker.CheckWork();
  checker.CheckHouseholds();
  checker.CheckHistories();
  return checker.Take();
}

std::vector<std::string> ProblemsOfHistory(store::Store& store, const StubJudge& judge) {
  std::map<RecordKey, std::string> records;
  std::vector<std::string> problems;
  store::Revision after;
  while (true) {
    const auto entries = store.ReadLog(store::Region::FromNumber(13), after, 1'000);
    Require(entries.status(), "log");
    if (entries->empty()) return problems;
    for (const store::LogEntry& entry : *entries) {
      for (const store::Change& change : entry.changes) {
        records.erase(change.key);
        if (change.put.has_value()) records.emplace(change.key, change.put->open());
      }
      Records state;
      for (const auto& [key, open] : records) Add(key, open, state);
      state.claims.clear();  // Between one region's commit and the other's there are some.
      for (const std::string& problem : ProblemsOf(state, judge)) {
        problems.push_back(absl::StrCat("at ", entry.revision.sequence, ": ", problem));
      }
      after = entry.revision;
    }
  }
}

Bureau::Bureau() {
  app.AddBasics();
  referrals = std::make_unique<Referrals>(*app.dependencies, judge, app.figures);
}

void Bureau::AddHousehold(const std::string& id, const std::string& more) {
  Require(app.Call("CreateHousehold", CaseOf("Household").Create(id, more)).status, id);
}

void Bureau::AddPerson(const std::string& id, const std::string& household) {
  const std::string text =
      absl::StrCat("parent: 'regions/13' candidate_id: '", id, "' candidate { household: '",
                   Name("households", household),
                   "' birth_date: '1990-01-02' full_name: '李梅' preferences { willing: true } }");
  Require(app.Call("CreateCandidate", text).status, id);
}

void Bureau::AddPosting(const std::string& id, const std::string& more) {
  const bool market =
      !absl::StrContains(more, "public_welfare") && !absl::StrContains(more, "work_for_relief");
  const std::string parent = Name("postings", id).substr(0, sizeof("regions/13") - 1);
  const std::string employer = parent + "/employers/e";
  if (!app.Call("GetEmployer", absl::StrCat("name: '", employer, "'")).ok()) {
    ResourceCase elsewhere = CaseOf("Employer");
    const std::string text = elsewhere.Create("e");
    Require(app.Call("CreateEmployer", absl::StrReplaceAll(text, {{"regions/13", parent}})).status,
            employer);
  }
  const std::string text =
      absl::StrCat("parent: '", parent, "' posting_id: '", IdIn(Name("postings", id)),
                   "' posting { employer: '", employer, "' title: '缝纫工' place { division_code: ",
                   "'130723' location { latitude: 41.8 longitude: 114.6 } } ", more,
                   market ? " enterprise {} }" : " }");
  Require(app.Call("CreatePosting", text).status, id);
}

void Bureau::Update(const std::string& noun, const std::string& name, const std::string& fields) {
  const std::string method = absl::StrCat("Update", noun == "posting" ? "Posting" : "Candidate");
  const std::string path = fields.substr(0, fields.find_first_of(": "));
  Require(app.Call(method, absl::StrCat(noun, " { name: 'regions/13/", name, "' ", fields,
                                        " } update_mask { paths: '", path, "' }"))
              .status,
          name);
}

absl::StatusOr<v1::Referral> Bureau::Create(const std::string& id, const std::string& person,
                                            const std::string& posting, v1::ReferralState state) {
  v1::CreateReferralRequest request;
  request.set_parent("regions/13");
  request.set_referral_id(id);
  request.mutable_referral()->set_candidate(Name("candidates", person));
  request.mutable_referral()->set_posting(Name("postings", posting));
  request.mutable_referral()->set_state(state);
  request.mutable_referral()->set_clerk("c07");
  auto response = referrals->CreateReferral(request, app.Caller());
  if (!response.ok()) return response.status();
  return response->referral();
}

absl::StatusOr<v1::Referral> Bureau::Step(const std::string& id, v1::ReferralEvent event,
                                          const std::string& more) {
  auto request = Parse<v1::TransitionReferralRequest>(more);
  request.set_name(Name("referrals", id));
  request.set_event(event);
  auto response = referrals->TransitionReferral(request, app.Caller());
  if (!response.ok()) return response.status();
  return response->referral();
}

v1::Referral Bureau::Steps(const std::string& id, const std::vector<v1::ReferralEvent>& events) {
  v1::Referral referral;
  for (const v1::ReferralEvent event : events) {
    const auto next = Step(id, event);
    Require(next.status(), absl::StrCat(id, " ", v1::ReferralEvent_Name(event)));
    referral = *next;
  }
  return referral;
}

v1::Referral Bureau::Get(const std::string& id) const {
  v1::GetReferralRequest request;
  request.set_name(Name("referrals", id));
  const auto response = referrals->GetReferral(request, app.Caller());
  Require(response.status(), id);
  return response->referral();
}

v1::Candidate Bureau::Person(const std::string& id) const {
  const auto record = app.store->Get(region, {Kind::kCandidate, Name("candidates", id)});
  Require(record.status(), id);
  return ParseOpen<v1::Candidate>(record->envelope.open());
}

std::vector<v1::ReferralTask> Bureau::Tasks(const std::string& more) const {
  const auto request =
      Parse<v1::ListReferralTasksRequest>(absl::StrCat("parent: 'regions/13' ", more));
  const auto response = referrals->ListReferralTasks(request, app.Caller());
  Require(response.status(), "tasks");
  return {response->tasks().begin(), response->tasks().end()};
}

int Bureau::Held(const std::string& posting) const {
  const std::string name = Name("postings", posting);
  const auto record = app.store->Get(*RegionOfName(name), {Kind::kHolds, name});
  if (absl::IsNotFound(record.status())) return 0;
  Require(record.status(), posting);
  return ParseOpen<Holds>(record->envelope.open()).holds_size();
}

}  // namespace leye::app
