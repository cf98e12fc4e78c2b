#include "services/app/ruleset_simulation.h"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_join.h"

#include "matcher/congestion.h"
#include "matcher/fit.h"
#include "matcher/ranker.h"
#include "services/app/record_service.h"
#include "services/app/ruleset_codec.h"
#include "services/base/status.h"

namespace leye::app {

using matcher::CandidateId;
using matcher::CandidateRanking;
using matcher::Group;
using matcher::GroupSet;

namespace {

// The world's showings, and those of the rankings made here.
class GrowingExposure final : public matcher::Exposure {
 public:
  explicit GrowingExposure(const MatchWorld& world) : world_(world) {}

  std::span<const matcher::Showing> ShowingsOf(CandidateId person) const override {
    const auto grown = grown_.find(person);
    if (grown == grown_.end()) return world_.ShowingsOf(person);
    return grown->second;
  }

  void Add(const CandidateRanking& ranking, matcher::PostingId posting, matcher::Day day) {
    for (const matcher::RankedCandidate& entry : ranking.entries) {
      const auto [grown, added] = grown_.try_emplace(entry.order.id);
      if (added) {
        const auto before = world_.ShowingsOf(entry.order.id);
        grown->second.assign(before.begin(), before.end());
      }
      std::erase_if(grown->second, [&](const auto& showing) { return showing.posting == posting; });
      grown->second.push_back({.posting = posting, .last_day = day});
    }
  }

 private:
  const MatchWorld& world_;
  absl::flat_hash_map<CandidateId, std::vector<matcher::Showing>> grown_;
};

// Who is shown under one ruleset, in all rankings.
class ShownPeople {
 public:
  ShownPeople(const MatchWorld& world, const matcher::FitContext& fit) : world_(world), fit_(fit) {}

  void Add(const CandidateRanking& ranking) {
    for (const matcher::RankedCandidate& entry : ranking.entries) {
      const auto record = world_.people().Find(entry.order.id);
      if (!record.has_value()) continue;
      most_shown_ = std::max(most_shown_, ++people_[entry.order.id]);
      const GroupSet groups = matcher::EffectiveGroups(record->candidate, record->household,
                                                       fit_.ruleset.age, fit_.day);
      for (int i = 0; i < matcher::kEnumCount<Group>; ++i) {
        if (groups.Contains(static_cast<Group>(i))) ++places_[static_cast<size_t>(i)];
      }
      households_.insert(record->candidate.household.value());
      if (groups.Contains(Group::kZeroEmploymentHousehold)) {
        without_work_.insert(record->candidate.household.value());
      }
    }
  }

  int64_t people() const { return static_cast<int64_t>(people_.size()); }
  int64_t most_shown() const { return most_shown_; }
  int64_t households() const { return static_cast<int64_t>(households_.size()); }
  int64_t without_work() const { return static_cast<int64_t>(without_work_.size()); }
  int64_t PlacesOf(Group group) const { return places_[static_cast<size_t>(group)]; }

 private:
  const MatchWorld& world_;
  const matcher::FitContext& fit_;
  std::array<int64_t, matcher::kEnumCount<Group>> places_{};
  absl::flat_hash_map<CandidateId, int64_t> people_;
  int64_t most_shown_ = 0;
  absl::flat_hash_set<uint64_t> households_;
  absl::flat_hash_set<uint64_t> without_work_;
};

// All postings ranked one after the other under one ruleset.
class Trial {
 public:
  Trial(const MatchWorld& world, const matcher::FitContext& fit, bool congested)
      : world_(world), fit_(fit), congested_(congested), shown_(world, fit_), exposure_(world) {}

  CandidateRanking Rank(const matcher::PostingProfile& posting, size_t limit,
                        matcher::Ranker& ranker) {
    const matcher::RankRequest request{.k = limit,
                                       .side = {},
                                       .after = {},
                                       .funnel = matcher::FunnelMode::kBounded,
                                       .exposure = congested_ ? &exposure_ : nullptr};
    CandidateRanking ranking = ranker.RankCandidates(world_.people(), posting, request, fit_);
    shown_.Add(ranking);
    if (posting.channel == matcher::Channel::kEnterprise) {
      exposure_.Add(ranking, posting.id, fit_.day);
    }
    return ranking;
  }

  const ShownPeople& shown() const { return shown_; }

 private:
  const MatchWorld& world_;
  const matcher::FitContext fit_;
  const bool congested_;
  ShownPeople shown_;
  GrowingExposure exposure_;
};

absl::flat_hash_set<uint64_t> IdsOf(const CandidateRanking& ranking) {
  absl::flat_hash_set<uint64_t> ids;
  for (const matcher::RankedCandidate& entry : ranking.entries) ids.insert(entry.order.id.value());
  return ids;
}

// The names of whom `of` has and `without` has not, in the order of `of`.
std::vector<std::string> Difference(const CandidateRanking& of, const CandidateRanking& without,
                                    const MatchWorld& world) {
  const absl::flat_hash_set<uint64_t> others = IdsOf(without);
  std::vector<std::string> names;
  for (const matcher::RankedCandidate& entry : of.entries) {
    if (!others.contains(entry.order.id.value())) names.push_back(world.NameOf(entry.order.id));
  }
  return names;
}

void FillPosting(const CandidateRanking& before, const CandidateRanking& after,
                 const MatchWorld& world, v1::PostingSimulation& told) {
  for (std::string& name : Difference(after, before, world)) told.add_entering(std::move(name));
  for (std::string& name : Difference(before, after, world)) told.add_leaving(std::move(name));
  told.set_eligible_before(before.funnel.eligible.count);
  told.set_eligible_after(after.funnel.eligible.count);
}

void FillExposure(const ShownPeople& before, const ShownPeople& after,
                  v1::SimulateRulesetResponse& response) {
  response.set_people_before(before.people());
  response.set_people_after(after.people());
  response.set_most_shown_before(before.most_shown());
  response.set_most_shown_after(after.most_shown());
  response.set_households_before(before.households());
  response.set_households_after(after.households());
  response.set_zero_employment_households_before(before.without_work());
  response.set_zero_employment_households_after(after.without_work());
  for (int i = 0; i < matcher::kEnumCount<Group>; ++i) {
    const auto group = static_cast<Group>(i);
    const bool shown = before.PlacesOf(group) > 0 || after.PlacesOf(group) > 0;
    if (!shown || ToApi(group) == v1::GROUP_UNSPECIFIED) continue;
    v1::GroupExposure& told = *response.add_groups();
    told.set_group(ToApi(group));
    told.set_before(before.PlacesOf(group));
    told.set_after(after.PlacesOf(group));
  }
}

absl::StatusOr<std::vector<matcher::PostingProfile>> FindPostings(
    const std::vector<std::string>& names, const MatchWorld& world) {
  std::vector<matcher::PostingProfile> found;
  std::vector<std::string> missing;
  for (const std::string& name : names) {
    std::optional<matcher::PostingProfile> posting;
    if (const auto id = world.FindPosting(name)) posting = world.postings().Find(*id);
    if (posting.has_value()) {
      found.push_back(*std::move(posting));
    } else {
      missing.push_back(name);
    }
  }
  if (!missing.empty()) return NoSuchRecord(absl::StrJoin(missing, ", "), "岗位");
  return found;
}

}  // namespace

absl::StatusOr<v1::SimulateRulesetResponse> CompareRulesets(const RulesetComparison& comparison,
                                                            const MatchWorld& world,
                                                            const Dependencies& dependencies,
                                                            const CallContext& context) {
  LEYE_ASSIGN_OR_RETURN(const auto postings, FindPostings(comparison.postings, world));
  const matcher::Day day = matcher::Day::FromCivil(Today(dependencies.clock));
  const auto fit = [&](const matcher::Ruleset& ruleset) {
    return matcher::FitContext{.ruleset = ruleset,
                               .catalogue = dependencies.catalogue.matcher_catalogue(),
                               .day = day,
                               .travel_times = world.travel_times()};
  };
  Trial trial_before(world, fit(comparison.before), comparison.congested_before);
  Trial trial_after(world, fit(comparison.after), comparison.congested_after);
  matcher::Ranker ranker;
  v1::SimulateRulesetResponse response;
  for (size_t i = 0; i < postings.size(); ++i) {
    LEYE_RETURN_IF_ERROR(CheckAlive(context, dependencies.clock));
    const CandidateRanking before = trial_before.Rank(postings[i], comparison.limit, ranker);
    const CandidateRanking after = trial_after.Rank(postings[i], comparison.limit, ranker);
    v1::PostingSimulation& told = *response.add_postings();
    told.set_posting(comparison.postings[i]);
    FillPosting(before, after, world, told);
  }
  FillExposure(trial_before.shown(), trial_after.shown(), response);
  for (const auto& [region, revision] : world.revisions()) {
    response.add_revisions(store::FormatToken({region, revision}));
  }
  return response;
}

}  // namespace leye::app
