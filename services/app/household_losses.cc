#include "services/app/household_losses.h"

#include <algorithm>
#include <optional>

#include "services/app/formats.h"

namespace leye::app {

void HouseholdLosses::Add(const v1::Referral& referral) {
  const auto [there, fresh] = households_.try_emplace(referral.household());
  Household& household = there->second;
  if (fresh) {
    const std::optional<v1::HouseholdFigures> figures = figures_.FiguresOf(referral.household());
    household.without_work = figures.has_value() && figures->zero_employment();
  }
  if (!household.without_work) return;
  household.newest = std::max(household.newest, ToTime(referral.create_time()));
  if (referral.state() != v1::REFERRAL_STATE_LEFT) return;
  const bool last = household.left.name().empty() ||
                    ToTime(household.left.end_time()) < ToTime(referral.end_time());
  if (last) household.left = referral;
}

std::vector<HouseholdLosses::Loss> HouseholdLosses::All() const {
  std::vector<Loss> losses;
  for (const auto& [name, household] : households_) {
    if (household.left.name().empty()) continue;
    const bool helped = household.newest >= ToTime(household.left.end_time());
    losses.push_back({household.left, helped ? FirstHelp::kGiven : FirstHelp::kAwaited});
  }
  return losses;
}

}  // namespace leye::app
