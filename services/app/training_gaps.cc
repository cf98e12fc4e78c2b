#include "services/app/training_gaps.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"

#include "matcher/ranker.h"
#include "services/app/catalogue.h"
#include "services/app/match_reach.h"
#include "services/base/status.h"

namespace leye::app {

using matcher::CandidateId;
using matcher::PostingProfile;

namespace {

constexpr size_t kMostPostingsNamed = 20;
constexpr size_t kEverybody = std::numeric_limits<int32_t>::max();

struct GapKey {
  matcher::AreaIndex area;
  matcher::SkillId skill;
  int level = 0;  // -1: any.

  friend bool operator<(const GapKey& a, const GapKey& b) {
    return std::tuple(a.area.value(), a.skill.value(), a.level) <
           std::tuple(b.area.value(), b.skill.value(), b.level);
  }
};

struct Gap {
  int64_t openings = 0;
  std::vector<std::pair<int64_t, matcher::PostingId>> postings;  // With the openings of each.
  absl::flat_hash_set<CandidateId> people;
};

using People = absl::flat_hash_set<CandidateId>;

class GapFinder {
 public:
  GapFinder(const GapsQuestion& question, const MatchWorld& world, const matcher::FitContext& fit,
            const Catalogue& catalogue, const CallContext& context)
      : question_(question),
        world_(world),
        fit_(fit),
        catalogue_(catalogue),
        reach_(context, world) {}

  // Whether the posting is short.
  bool Add(const PostingProfile& posting) {
    const size_t openings = posting.openings_left;
    const auto eligible = Eligible(posting, openings);
    if (eligible.size() >= openings) return false;
    People already;
    for (const matcher::RankedCandidate& entry : eligible) already.insert(entry.order.id);
    const auto short_of = static_cast<int64_t>(openings - eligible.size());
    PostingProfile without = posting;
    for (const matcher::RequiredSkillGroup& group : posting.required_skills) {
      without.required_skills.clear();
      for (const matcher::RequiredSkillGroup& other : posting.required_skills) {
        if (&other != &group) without.required_skills.push_back(other);
      }
      Count(posting.id, group, short_of, Newcomers(without, already));
    }
    return true;
  }

  void Tell(v1::FindTrainingGapsResponse& response) const {
    std::vector<v1::TrainingGap> all;
    for (const auto& [key, gap] : gaps_) all.push_back(ToApi(key, gap));
    std::sort(all.begin(), all.end(), [](const v1::TrainingGap& a, const v1::TrainingGap& b) {
      return std::tuple(-a.openings(), -a.people(), a.settlement_area(), a.skill(), LevelOf(a)) <
             std::tuple(-b.openings(), -b.people(), b.settlement_area(), b.skill(), LevelOf(b));
    });
    if (all.size() > question_.max_gaps) all.resize(question_.max_gaps);
    response.mutable_gaps()->Assign(all.begin(), all.end());
  }

 private:
  using PeopleByArea = std::map<uint64_t, std::pair<matcher::AreaIndex, std::vector<CandidateId>>>;

  std::vector<matcher::RankedCandidate> Eligible(const PostingProfile& posting, size_t most) {
    const matcher::RankRequest request{
        .k = most, .side = {}, .after = {}, .funnel = matcher::FunnelMode::kBounded};
    return ranker_.RankCandidates(world_.people(), posting, request, fit_).entries;
  }

  // Who is eligible for `posting` and not among `already`, of the areas asked for.
  PeopleByArea Newcomers(const PostingProfile& posting, const People& already) {
    PeopleByArea newcomers;
    for (const matcher::RankedCandidate& entry : Eligible(posting, kEverybody)) {
      const CandidateId id = entry.order.id;
      if (already.contains(id) || !IsAsked(id, entry.area)) continue;
      auto& [area, people] = newcomers[entry.area.value()];
      area = entry.area;
      people.push_back(id);
    }
    return newcomers;
  }

  bool IsAsked(CandidateId id, matcher::AreaIndex area) const {
    if (matcher::RegionOf(id).value() != question_.region.number()) return false;
    if (!question_.area.empty() && world_.DisplayOf(area).name != question_.area) return false;
    if (reach_.whole()) return true;
    const auto record = world_.people().Find(id);
    return record.has_value() && reach_.Covers(record->candidate);
  }

  void Count(matcher::PostingId posting, const matcher::RequiredSkillGroup& group, int64_t short_of,
             const PeopleByArea& newcomers) {
    for (const auto& [number, there] : newcomers) {
      const auto& [area, people] = there;
      const int64_t openings = std::min(short_of, static_cast<int64_t>(people.size()));
      for (const matcher::AskedSkill& asked : group.any_of) {
        if (asked.skill.value() >= catalogue_.skills_by_name().size()) continue;  // No such skill.
        Gap& gap = gaps_[{area, asked.skill, asked.min_level.value()}];
        gap.openings += openings;
        gap.postings.emplace_back(openings, posting);
        gap.people.insert(people.begin(), people.end());
      }
    }
  }

  v1::TrainingGap ToApi(const GapKey& key, const Gap& gap) const {
    v1::TrainingGap told;
    told.set_settlement_area(std::string(world_.DisplayOf(key.area).name));
    told.set_skill(catalogue_.skill(key.skill).name());
    if (key.level >= 0) told.set_level(key.level);
    told.set_openings(gap.openings);
    told.set_people(static_cast<int64_t>(gap.people.size()));
    told.set_postings_in_all(static_cast<int64_t>(gap.postings.size()));
    std::vector<std::pair<int64_t, std::string>> postings;
    for (const auto& [openings, id] : gap.postings)
      postings.emplace_back(-openings, world_.NameOf(id));
    std::sort(postings.begin(), postings.end());
    if (postings.size() > kMostPostingsNamed) postings.resize(kMostPostingsNamed);
    for (auto& [openings, name] : postings) told.add_postings(std::move(name));
    return told;
  }

  static int LevelOf(const v1::TrainingGap& gap) { return gap.has_level() ? gap.level() : -1; }

  const GapsQuestion& question_;
  const MatchWorld& world_;
  const matcher::FitContext& fit_;
  const Catalogue& catalogue_;
  const MatchReach reach_;
  matcher::Ranker ranker_;
  std::map<GapKey, Gap> gaps_;
};

// Open to somebody today, and asking for skills that the catalogue has.
bool CouldBeShort(const PostingProfile& posting, const GapsQuestion& question,
                  const MatchReach& reach, matcher::Day day) {
  if (!posting.open || posting.openings_left == 0 || posting.required_skills.empty()) return false;
  if (matcher::RegionOf(posting.id).value() != question.region.number()) return false;
  return posting.window.Contains(day) && reach.Covers(posting);
}

}  // namespace

absl::StatusOr<v1::FindTrainingGapsResponse> FindGaps(const GapsQuestion& question,
                                                      const MatchWorld& world,
                                                      const matcher::Ruleset& ruleset,
                                                      const Dependencies& dependencies,
                                                      const CallContext& context) {
  const matcher::FitContext fit{.ruleset = ruleset,
                                .catalogue = dependencies.catalogue.matcher_catalogue(),
                                .day = matcher::Day::FromCivil(Today(dependencies.clock)),
                                .travel_times = world.travel_times()};
  const MatchReach reach(context, world);
  std::vector<PostingProfile> postings;
  world.postings().ForEach([&](const PostingProfile& posting) {
    if (CouldBeShort(posting, question, reach, fit.day)) postings.push_back(posting);
  });
  GapFinder finder(question, world, fit, dependencies.catalogue, context);
  v1::FindTrainingGapsResponse response;
  response.set_postings_considered(static_cast<int64_t>(postings.size()));
  int64_t short_ones = 0;
  for (const PostingProfile& posting : postings) {
    LEYE_RETURN_IF_ERROR(CheckAlive(context, dependencies.clock));
    if (finder.Add(posting)) ++short_ones;
  }
  response.set_postings_short(short_ones);
  finder.Tell(response);
  response.set_ruleset_version(ruleset.version);
  const auto revision = world.revisions().find(question.region);
  if (revision != world.revisions().end()) {
    response.set_revision(store::FormatToken({question.region, revision->second}));
  }
  return response;
}

}  // namespace leye::app
