#include "services/app/plan_problem.h"

#include <algorithm>
#include <limits>
#include <map>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"

#include "services/app/names.h"

namespace leye::app {

using matcher::AreaIndex;
using matcher::plan::PlanPair;

namespace {

// No area has this index.
constexpr AreaIndex kNowhere{std::numeric_limits<uint32_t>::max()};

Violation NotThere(std::string field, absl::string_view collection) {
  return {std::move(field), "NOT_FOUND",
          absl::StrCat("must name one of the ", collection, " that exist"), "所指的记录不存在"};
}

// Six digits; "" when not known.
std::string Digits(matcher::DivisionCode division) {
  if (!division.known()) return "";
  return absl::StrFormat("%06d", division.twelve_digits() / 1'000'000);
}

// The areas of a region, by name.
std::map<std::string, matcher::AreaProfile> AreasOf(const MatchWorld& world, store::Region region) {
  const std::string prefix = absl::StrCat(FormatParent(region), "/");
  std::map<std::string, matcher::AreaProfile> areas;
  size_t left = world.people().area_count();
  for (uint32_t i = 0; left > 0 && i < kNowhere.value(); ++i) {
    const std::optional<matcher::AreaProfile> area = world.people().FindArea(AreaIndex(i));
    if (!area.has_value()) continue;
    --left;
    const absl::string_view name = world.DisplayOf(AreaIndex(i)).name;
    if (absl::StartsWith(name, prefix)) areas.emplace(name, *area);
  }
  return areas;
}

// Whether somebody has made sure already that it is a name of the collection.
bool IsNameOf(store::Region region, absl::string_view name, absl::string_view collection) {
  const std::optional<ResourceName> parsed = ParseName(name, collection);
  return parsed.has_value() && parsed->region == region;
}

void CheckPairs(const google::protobuf::RepeatedPtrField<v1::PlanPair>& pairs,
                absl::string_view field, const MatchWorld& world, Violations& violations) {
  for (int i = 0; i < pairs.size(); ++i) {
    const v1::PlanPair& pair = pairs[i];
    if (ParseName(pair.candidate(), "candidates").has_value() &&
        !world.FindCandidate(pair.candidate())) {
      violations.Add(NotThere(absl::StrCat(field, "[", i, "].candidate"), "candidates"));
    }
    if (ParseName(pair.posting(), "postings") && !world.FindPosting(pair.posting())) {
      violations.Add(NotThere(absl::StrCat(field, "[", i, "].posting"), "postings"));
    }
  }
}

}  // namespace

void CheckPlanNames(const v1::Plan& plan, const MatchWorld& world, Violations& violations) {
  const store::Region region = RegionOfName(plan.name()).value_or(store::Region::FromNumber(0));
  for (int i = 0; i < plan.postings_size(); ++i) {
    if (!IsNameOf(region, plan.postings(i), "postings")) continue;  // Told by the field's rule.
    if (world.FindPosting(plan.postings(i)).has_value()) continue;
    violations.Add(NotThere(absl::StrCat("plan.postings[", i, "]"), "postings"));
  }
  if (!plan.settlement_areas().empty()) {
    const std::map<std::string, matcher::AreaProfile> areas = AreasOf(world, region);
    for (int i = 0; i < plan.settlement_areas_size(); ++i) {
      const std::string& name = plan.settlement_areas(i);
      if (!IsNameOf(region, name, "settlementAreas") || areas.contains(name)) continue;
      violations.Add(NotThere(absl::StrCat("plan.settlement_areas[", i, "]"), "settlementAreas"));
    }
  }
  CheckPairs(plan.pins(), "plan.pins", world, violations);
  CheckPairs(plan.bans(), "plan.bans", world, violations);
}

absl::string_view DivisionPrefix(absl::string_view division_code) {
  while (division_code.size() > 2 && absl::ConsumeSuffix(&division_code, "00")) {
  }
  return division_code;
}

PlanProblem::PlanProblem(const v1::Plan& plan, const std::vector<std::string>& postings,
                         const PlanBasis& basis, Violations& violations)
    : basis_(basis) {
  FindPostings(postings, violations);
  FindAreas(plan, violations);
  for (const v1::PlanPair& ban : plan.bans()) {
    if (const auto found = Find(ban)) bans_.push_back(*found);
  }
  if (!violations.empty()) return;
  FindPins(plan, violations);
  CheckSize(violations);
}

matcher::plan::PlanRequest PlanProblem::request() const {
  return {.people = world().people(),
          .postings = *postings_,
          .basis = fit(),
          .areas = areas_,
          .pins = pins_,
          .bans = bans_};
}

void PlanProblem::FindPostings(const std::vector<std::string>& names, Violations& violations) {
  if (names.size() > kMaxPlanPostings) {
    violations.Add({"plan.posting_filter", "OUT_OF_RANGE",
                    absl::StrCat("must select at most 10000 postings, not ", names.size()),
                    "至多选择 10000 个岗位"});
    return;
  }
  matcher::PostingIndex index;
  for (size_t i = 0; i < names.size(); ++i) {
    std::optional<matcher::PostingProfile> posting;
    if (const auto id = world().FindPosting(names[i])) posting = world().postings().Find(*id);
    if (posting.has_value()) {
      index.Upsert(*posting);
    } else {
      violations.Add(NotThere(absl::StrCat("plan.postings[", i, "]"), "postings"));
    }
  }
  postings_ = index.Publish();
}

void PlanProblem::FindAreas(const v1::Plan& plan, Violations& violations) {
  const store::Region region = RegionOfName(plan.name()).value_or(store::Region::FromNumber(0));
  const absl::string_view division = DivisionPrefix(plan.division_code());
  const std::map<std::string, matcher::AreaProfile> all = AreasOf(world(), region);
  const auto within = [&](const matcher::AreaProfile& area) {
    return division.empty() || absl::StartsWith(Digits(area.division), division);
  };
  for (int i = 0; i < plan.settlement_areas_size(); ++i) {
    const std::string field = absl::StrCat("plan.settlement_areas[", i, "]");
    const auto found = all.find(plan.settlement_areas(i));
    if (found == all.end()) {
      violations.Add(NotThere(field, "settlementAreas"));
    } else if (!within(found->second)) {
      violations.Add(
          {field, "OUT_OF_SCOPE", "must lie in the plan's division", "须位于计划的行政区划之内"});
    } else {
      areas_.push_back(found->second.index);
    }
  }
  if (plan.settlement_areas().empty()) {
    for (const auto& [name, area] : all) {
      if (within(area)) areas_.push_back(area.index);
    }
  }
  if (areas_.empty()) areas_.push_back(kNowhere);
  std::ranges::sort(areas_);
}

std::optional<PlanPair> PlanProblem::Find(const v1::PlanPair& pair) const {
  const auto candidate = world().FindCandidate(pair.candidate());
  const auto posting = world().FindPosting(pair.posting());
  if (!candidate.has_value() || !posting.has_value()) return std::nullopt;
  return PlanPair{.candidate = *candidate, .posting = *posting};
}

void PlanProblem::FindPins(const v1::Plan& plan, Violations& violations) {
  CheckPairs(plan.pins(), "plan.pins", world(), violations);
  if (!violations.empty()) return;
  std::map<PlanPair, int> places;
  for (int i = 0; i < plan.pins_size(); ++i) {
    const PlanPair pin = *Find(plan.pins(i));
    places.try_emplace(pin, i);
    pins_.push_back(pin);
    const auto person = world().people().Find(pin.candidate);
    if (person.has_value() && std::ranges::binary_search(areas_, person->candidate.area)) continue;
    violations.Add({absl::StrCat("plan.pins[", i, "].candidate"), "OUT_OF_SCOPE",
                    "must live in one of the plan's areas", "须居住在计划所含的安置区"});
  }
  if (!violations.empty() || pins_.empty()) return;
  for (const matcher::plan::PinProblem& problem : matcher::plan::CheckPins(request())) {
    const std::string field = absl::StrCat("plan.pins[", places.at(problem.pin), "]");
    violations.Add({field, "PIN_IMPOSSIBLE", absl::StrCat("cannot be kept: ", problem.problem),
                    absl::StrCat("无法满足：", problem.problem)});
  }
}

void PlanProblem::CheckSize(Violations& violations) const {
  if (world().people().candidate_count() <= kMaxPlanPeople) return;
  size_t people = 0;
  world().people().ForEach([&](const matcher::CandidateRecord& record) {
    if (std::ranges::binary_search(areas_, record.candidate.area)) ++people;
  });
  if (people <= kMaxPlanPeople) return;
  violations.Add({"plan.settlement_areas", "OUT_OF_RANGE",
                  absl::StrCat("must have at most 200000 people together, not ", people),
                  "所含安置区的人员合计至多 200000 人"});
}

}  // namespace leye::app
