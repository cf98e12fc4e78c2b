#include "services/leyed/adapters.h"

#include <memory>

namespace leye {
namespace {

std::string RevisionOf(const live::LiveSnapshot& snapshot, absl::string_view household) {
  const std::optional<live::NameParts> name = live::SplitName(household, "households");
  if (!name.has_value()) return {};
  const auto revision = snapshot.revisions.find(name->region);
  if (revision == snapshot.revisions.end()) return {};
  return store::FormatToken({name->region, revision->second});
}

}  // namespace

std::optional<v1::HouseholdFigures> LiveHouseholdFigures::FiguresOf(
    absl::string_view household) const {
  const std::shared_ptr<const live::LiveSnapshot> snapshot = holder_.Get();
  if (snapshot == nullptr) return std::nullopt;
  const std::optional<live::HouseholdCounts> counts = snapshot->directory.CountsOf(household);
  if (!counts.has_value()) return std::nullopt;
  v1::HouseholdFigures figures;
  figures.set_members(counts->members);
  figures.set_able_members(counts->able);
  figures.set_earners(counts->earners);
  figures.set_zero_employment(counts->ZeroEmployment());
  figures.set_revision(RevisionOf(*snapshot, household));
  return figures;
}

}  // namespace leye
