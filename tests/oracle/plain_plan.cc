#include "tests/oracle/plain_plan.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace leye::matcher::oracle {
namespace {

using plan::PlannedMatch;
using plan::PlanPair;

template <typename Profile, typename Id>
const Profile* FindById(const std::vector<Profile>& profiles, Id id) {
  const auto found = std::ranges::find(profiles, id, &Profile::id);
  return found == profiles.end() ? nullptr : &*found;
}

// What a set of matches takes of postings and households.
class Ledger {
 public:
  explicit Ledger(const World& world) : world_(world) {}

  void Add(const CandidateProfile& candidate, const PostingProfile& posting) {
    const HouseholdProfile& household = world_.HouseholdOf(candidate);
    const GroupSet groups = EffectiveGroups(candidate, household, world_.ruleset.age, world_.day);
    ++taken_[posting.id];
    if (!groups.Contains(posting.reserved_for)) ++taken_by_others_[posting.id];
    if (household.id == HouseholdId()) return;
    if (household.ZeroEmployment()) helped_.insert(household.id);
    if (posting.channel != Channel::kPublicWelfare) return;
    const auto programme = std::pair(household.id, posting.public_welfare.kind);
    ++holders_[programme];
    if (!posting.public_welfare.household_cap.has_value()) return;
    const auto [cap, is_new] = caps_.insert({programme, *posting.public_welfare.household_cap});
    cap->second = std::min(cap->second, *posting.public_welfare.household_cap);
  }

  std::vector<std::string> Faults() const {
    std::vector<std::string> faults;
    for (const PostingProfile& posting : world_.postings) {
      const std::string name = "posting " + std::to_string(posting.id.value());
      if (Count(taken_, posting.id) > posting.openings_left)
        faults.push_back(name + " over-booked");
      const int reserved = std::min(posting.reserved_openings_left, posting.openings_left);
      if (Count(taken_by_others_, posting.id) > posting.openings_left - reserved) {
        faults.push_back(name + ": reserved openings given to others");
      }
    }
    if (!world_.ruleset.enabled.Contains(RuleId::kHouseholdCap)) return faults;
    for (const auto& [programme, cap] : caps_) {
      const HouseholdProfile* household = FindById(world_.households, programme.first);
      const int now = household->public_welfare_holders[static_cast<size_t>(programme.second)];
      if (now + holders_.at(programme) > cap) {
        faults.push_back("household " + std::to_string(programme.first.value()) + " over its cap");
      }
    }
    return faults;
  }

  int64_t households() const { return static_cast<int64_t>(helped_.size()); }

 private:
  static int Count(const std::map<PostingId, int>& counts, PostingId id) {
    const auto found = counts.find(id);
    return found == counts.end() ? 0 : found->second;
  }

  const World& world_;
  std::map<PostingId, int> taken_;
  std::map<PostingId, int> taken_by_others_;
  std::map<std::pair<HouseholdId, PublicWelfareKind>, int> holders_;
  std::map<std::pair<HouseholdId, PublicWelfareKind>, uint8_t> caps_;
  std::set<HouseholdId> helped_;
};

bool Has(const std::vector<PlanPair>& pairs, CandidateId candidate, PostingId posting) {
  return std::ranges::find(pairs, PlanPair{candidate, posting}) != pairs.end();
}

Ledger LedgerOf(const World& world, const std::vector<PlannedMatch>& matches) {
  Ledger ledger(world);
  for (const PlannedMatch& match : matches) {
    ledger.Add(*FindById(world.candidates, match.candidate),
               *FindById(world.postings, match.posting));
  }
  return ledger;
}

// Tries every posting, and none, for one person after the other.
class Search {
 public:
  explicit Search(const PlanWorld& task) : task_(task) {}

  PlanValue Run() {
    Try(0);
    return best_;
  }

 private:
  void Try(size_t next) {
    const World& world = task_.world;
    if (!LedgerOf(world, matches_).Faults().empty()) return;
    if (next == world.candidates.size()) {
      best_ = std::max(best_, ValueOf(task_, matches_));
      return;
    }
    const CandidateId candidate = world.candidates[next].id;
    const auto pin = std::ranges::find(task_.pins, candidate, &PlanPair::candidate);
    if (pin == task_.pins.end()) Try(next + 1);
    for (const PostingProfile& posting : world.postings) {
      if (pin != task_.pins.end() && pin->posting != posting.id) continue;
      const std::optional<int64_t> score = ScoreOfPair(task_, candidate, posting.id);
      if (!score.has_value() || Has(task_.bans, candidate, posting.id)) continue;
      matches_.push_back(
          {.candidate = candidate, .posting = posting.id, .score = Score::FromMicros(*score)});
      Try(next + 1);
      matches_.pop_back();
    }
  }

  const PlanWorld& task_;
  std::vector<PlannedMatch> matches_;
  PlanValue best_;
};

}  // namespace

std::optional<int64_t> ScoreOfPair(const PlanWorld& task, CandidateId candidate,
                                   PostingId posting) {
  const PairScore score = ScorePair(task.world.PairOf(*FindById(task.world.candidates, candidate),
                                                      *FindById(task.world.postings, posting)),
                                    task.world.Context());
  if (!score.eligible()) return std::nullopt;
  return score.BySide(task.side).micros();
}

std::vector<std::string> FaultsOf(const PlanWorld& task, const std::vector<PlannedMatch>& matches) {
  std::vector<std::string> faults = LedgerOf(task.world, matches).Faults();
  std::set<CandidateId> planned;
  for (const PlannedMatch& match : matches) {
    const std::string name = "candidate " + std::to_string(match.candidate.value());
    if (!planned.insert(match.candidate).second) faults.push_back(name + " planned twice");
    if (ScoreOfPair(task, match.candidate, match.posting) != match.score.micros()) {
      faults.push_back(name + " is not eligible, or not with this score");
    }
    if (Has(task.bans, match.candidate, match.posting)) faults.push_back(name + " banned");
    if (Has(task.pins, match.candidate, match.posting) != match.pinned) {
      faults.push_back(name + " is not marked as it is pinned");
    }
  }
  for (const PlanPair& pin : task.pins) {
    if (std::ranges::none_of(matches, [&](const PlannedMatch& match) {
          return match.candidate == pin.candidate && match.posting == pin.posting;
        })) {
      faults.push_back("pin of candidate " + std::to_string(pin.candidate.value()) + " left out");
    }
  }
  return faults;
}

PlanValue ValueOf(const PlanWorld& task, const std::vector<PlannedMatch>& matches) {
  PlanValue value{.households = LedgerOf(task.world, matches).households()};
  for (const PlannedMatch& match : matches) value.score_micros += match.score.micros();
  return value;
}

PlanValue BestValue(const PlanWorld& task) { return Search(task).Run(); }

}  // namespace leye::matcher::oracle
