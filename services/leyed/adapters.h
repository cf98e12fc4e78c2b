// Where rooms that do not know each other meet: the catalogue of app as the code book of live, and
// the directory of live as app's source of figures.

#ifndef LEYE_SERVICES_LEYED_ADAPTERS_H_
#define LEYE_SERVICES_LEYED_ADAPTERS_H_

#include <optional>

#include "absl/strings/string_view.h"

#include "services/app/catalogue.h"
#include "services/app/household_figures.h"
#include "services/app/region_people.h"
#include "services/live/code_book.h"
#include "services/live/snapshot.h"

namespace leye {

// Immutable, safe for concurrent use. `catalogue` outlives it.
class CatalogueCodes final : public live::CodeBook {
 public:
  explicit CatalogueCodes(const app::Catalogue& catalogue) : catalogue_(catalogue) {}

  std::optional<matcher::SkillId> FindSkill(absl::string_view name) const override {
    return catalogue_.FindSkill(name);
  }
  std::optional<matcher::TradeId> FindTrade(absl::string_view code) const override {
    return catalogue_.FindTrade(code);
  }

 private:
  const app::Catalogue& catalogue_;
};

// Thread-safe. `holder` outlives it.
class LiveHouseholdFigures final : public app::HouseholdFiguresSource {
 public:
  explicit LiveHouseholdFigures(const live::SnapshotHolder& holder) : holder_(holder) {}

  std::optional<v1::HouseholdFigures> FiguresOf(absl::string_view household) const override;

 private:
  const live::SnapshotHolder& holder_;
};

// Thread-safe. `holder` outlives it. Looks at everybody of the region in each call.
class LiveRegionPeople final : public app::RegionPeopleSource {
 public:
  explicit LiveRegionPeople(const live::SnapshotHolder& holder) : holder_(holder) {}

  std::optional<app::RegionPeople> PeopleOf(store::Region region,
                                            absl::CivilDay today) const override;

 private:
  const live::SnapshotHolder& holder_;
};

}  // namespace leye

#endif  // LEYE_SERVICES_LEYED_ADAPTERS_H_
