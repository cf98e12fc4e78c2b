#include <algorithm>

#include "services/live/profile.h"
#include "services/live/vocabulary.h"

namespace leye::live {
namespace {

uint8_t ToCount(int count) { return static_cast<uint8_t>(std::clamp(count, 0, 255)); }

}  // namespace

void Add(const MemberFacts& member, matcher::Day day, HouseholdCounts& counts) {
  const bool able = member.AbleOn(day);
  counts.members += 1;
  counts.able += able ? 1 : 0;
  counts.able_and_willing += able && member.willing ? 1 : 0;
  counts.earners += member.earner ? 1 : 0;
  if (member.public_welfare_kind == matcher::PublicWelfareKind::kNone) return;
  uint8_t& holders = counts.public_welfare_holders[static_cast<size_t>(member.public_welfare_kind)];
  holders = ToCount(holders + 1);
}

void Add(const PublicWelfareCounts& held, HouseholdCounts& counts) {
  for (size_t kind = 0; kind < held.size(); ++kind) {
    uint8_t& holders = counts.public_welfare_holders[kind];
    holders = ToCount(holders + held[kind]);
  }
}

HouseholdStanding ToHouseholdStanding(const v1::Household& household) {
  using matcher::Group;
  HouseholdStanding standing;
  if (household.category() == v1::HOUSEHOLD_CATEGORY_LIFTED_FROM_POVERTY) {
    standing.groups.Insert(Group::kLiftedFromPoverty);
  }
  if (household.monitoring() != v1::MONITORING_KIND_UNSPECIFIED) {
    standing.groups.Insert(Group::kMonitored);
    if (!household.risk_removed()) standing.groups.Insert(Group::kMonitoredAtRisk);
  }
  if (household.subsistence_allowance()) standing.groups.Insert(Group::kSubsistenceAllowance);
  standing.exclusions = ToSet<matcher::HouseholdExclusion>(household.exclusions(), [](int number) {
    return ToExclusion(static_cast<v1::HouseholdExclusion>(number));
  });
  return standing;
}

matcher::HouseholdProfile ToHouseholdProfile(matcher::HouseholdId id,
                                             const HouseholdStanding& standing,
                                             const HouseholdCounts& counts) {
  return {.id = id,
          .members = ToCount(counts.members),
          .able_members = ToCount(counts.able_and_willing),
          .earners = ToCount(counts.earners),
          .groups = standing.groups,
          .exclusions = standing.exclusions,
          .public_welfare_holders = counts.public_welfare_holders};
}

std::optional<matcher::AreaProfile> ToAreaProfile(const v1::SettlementArea& area) {
  if (!area.has_location()) return std::nullopt;
  const std::optional<matcher::GeoPoint> location = ToPoint(area.location());
  if (!location.has_value()) return std::nullopt;
  return matcher::AreaProfile{
      .index = {}, .division = ToDivision(area.division_code()), .location = *location};
}

}  // namespace leye::live
