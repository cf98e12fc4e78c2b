#include "services/app/ruleset_simulation.h"

#include <array>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_join.h"

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

// Who is shown under one ruleset, in all rankings.
class Exposure {
 public:
  Exposure(const MatchWorld& world, const matcher::FitContext& fit) : world_(world), fit_(fit) {}

  void Add(const CandidateRanking& ranking) {
    for (const matcher::RankedCandidate& entry : ranking.entries) {
      const auto record = world_.people().Find(entry.order.id);
      if (!record.has_value()) continue;
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

  int64_t households() const { return static_cast<int64_t>(households_.size()); }
  int64_t without_work() const { return static_cast<int64_t>(without_work_.size()); }
  int64_t PlacesOf(Group group) const { return places_[static_cast<size_t>(group)]; }

 private:
  const MatchWorld& world_;
  const matcher::FitContext& fit_;
  std::array<int64_t, matcher::kEnumCount<Group>> places_{};
  absl::flat_hash_set<uint64_t> households_;
  absl::flat_hash_set<uint64_t> without_work_;
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

void FillExposure(const Exposure& before, const Exposure& after,
                  v1::SimulateRulesetResponse& response) {
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
  const matcher::SkillCatalogue& catalogue = dependencies.catalogue.matcher_catalogue();
  const matcher::FitContext fit_before{.ruleset = comparison.before,
                                       .catalogue = catalogue,
                                       .day = day,
                                       .travel_times = world.travel_times()};
  const matcher::FitContext fit_after{.ruleset = comparison.after,
                                      .catalogue = catalogue,
                                      .day = day,
                                      .travel_times = world.travel_times()};
  Exposure exposure_before(world, fit_before);
  Exposure exposure_after(world, fit_after);
  matcher::Ranker ranker;
  const matcher::RankRequest ranking{
      .k = comparison.limit, .side = {}, .after = {}, .funnel = matcher::FunnelMode::kBounded};
  v1::SimulateRulesetResponse response;
  for (size_t i = 0; i < postings.size(); ++i) {
    LEYE_RETURN_IF_ERROR(CheckAlive(context, dependencies.clock));
    const CandidateRanking before =
        ranker.RankCandidates(world.people(), postings[i], ranking, fit_before);
    const CandidateRanking after =
        ranker.RankCandidates(world.people(), postings[i], ranking, fit_after);
    exposure_before.Add(before);
    exposure_after.Add(after);
    v1::PostingSimulation& told = *response.add_postings();
    told.set_posting(comparison.postings[i]);
    FillPosting(before, after, world, told);
  }
  FillExposure(exposure_before, exposure_after, response);
  for (const auto& [region, revision] : world.revisions()) {
    response.add_revisions(store::FormatToken({region, revision}));
  }
  return response;
}

}  // namespace leye::app
