#include "tests/bench/plan_world.h"

#include <algorithm>
#include <numeric>
#include <thread>
#include <utility>

#include "tests/oracle/benchmark_ruleset.h"

namespace leye::bench {
namespace {

using matcher::Channel;
using matcher::HouseholdId;
using matcher::HouseholdProfile;
using matcher::PostingProfile;

// Neighbours by id within an area are households of 2, 2, 3, 2, 2, 3, ... members: 2.33 workers
// each. Whoever is not available is taken to be in work.
struct Households {
  std::vector<HouseholdProfile> profiles;
  std::vector<uint32_t> of;  // by position of the candidate: an index into profiles
};

Households MakeHouseholds(const Dataset& data) {
  std::vector<uint32_t> by_area(data.candidates.size());
  std::iota(by_area.begin(), by_area.end(), 0U);
  std::ranges::stable_sort(by_area, {}, [&](uint32_t i) { return data.candidates[i].area; });
  Households made;
  made.of.resize(data.candidates.size());
  for (size_t at = 0; at < by_area.size();) {
    const uint32_t area = data.candidates[by_area[at]].area;
    const size_t most = made.profiles.size() % 3 == 2 ? 3 : 2;
    HouseholdProfile& household = made.profiles.emplace_back();
    household.id = HouseholdId(made.profiles.size());
    while (household.members < most && at < by_area.size() &&
           data.candidates[by_area[at]].area == area) {
      ++household.members;
      ++household.able_members;
      if (!data.candidates[by_area[at]].available) ++household.earners;
      made.of[by_area[at++]] = static_cast<uint32_t>(made.profiles.size() - 1);
    }
  }
  return made;
}

// Every fifth posting keeps a third of its openings for people lifted from poverty; a
// public-welfare post takes one member of a household on its programme, of which there are four.
void AddPlanRules(PostingProfile& posting) {
  constexpr matcher::PublicWelfareKind kKinds[] = {
      matcher::PublicWelfareKind::kForestGuard, matcher::PublicWelfareKind::kRoadMaintenance,
      matcher::PublicWelfareKind::kCleaning, matcher::PublicWelfareKind::kWaterManagement};
  if (posting.id.value() % 5 == 0) {
    posting.reserved_openings_left = static_cast<uint16_t>(posting.openings_left / 3);
    posting.reserved_for = matcher::Group::kLiftedFromPoverty;
  }
  if (posting.channel != Channel::kPublicWelfare) return;
  posting.public_welfare.kind = kKinds[posting.id.value() % 4];
  posting.public_welfare.household_cap = 1;
}

}  // namespace

PlanWorld::PlanWorld(const Dataset& data, PlanRules rules)
    : ruleset_(matcher::oracle::BenchmarkRuleset()) {
  ruleset_.enabled.Insert(matcher::RuleId::kHouseholdCap);
  const bool all = rules == PlanRules::kAll;
  const Households households = all ? MakeHouseholds(data) : Households();
  matcher::CandidateIndex people;
  for (uint32_t area = 0; area < data.areas.size(); ++area) {
    people.UpsertArea(AreaProfileOf(data, area));
  }
  for (const HouseholdProfile& household : households.profiles) people.UpsertHousehold(household);
  people.Load(
      data.candidates.size(),
      [&](size_t i, matcher::CandidateProfile& profile) {
        MakeCandidate(data, data.candidates[i], profile);
        profile.household = all ? households.profiles[households.of[i]].id : HouseholdId();
      },
      std::thread::hardware_concurrency());
  people_ = people.Publish();
  matcher::PostingIndex postings;
  for (const PostingRecord& record : data.postings) {
    PostingProfile posting = PostingProfileOf(record);
    if (all) AddPlanRules(posting);
    postings.Upsert(posting);
  }
  postings_ = postings.Publish();
}

matcher::plan::PlanRequest PlanWorld::Request() const {
  return {.people = *people_,
          .postings = *postings_,
          .basis = {.ruleset = ruleset_, .catalogue = catalogue_, .day = BenchmarkDay()},
          .areas = {},
          .pins = {},
          .bans = {}};
}

}  // namespace leye::bench
