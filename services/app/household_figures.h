// Where the derived figures of a household come from.
#ifndef LEYE_SERVICES_APP_HOUSEHOLD_FIGURES_H_
#define LEYE_SERVICES_APP_HOUSEHOLD_FIGURES_H_

#include <optional>

#include "absl/strings/string_view.h"

#include "leye/v1/household.pb.h"

namespace leye::app {

// What the members' records say of a household. Implemented over the directory that follows the
// change log; leyed passes it in. Thread-safe, and never waits for a writer.
class HouseholdFiguresSource {
 public:
  virtual ~HouseholdFiguresSource() = default;

  // The figures of `household` (its resource name) and the revision they hold at; nullopt when the
  // household is not known there yet.
  virtual std::optional<v1::HouseholdFigures> FiguresOf(absl::string_view household) const = 0;
};

// Knows no household: answers go without figures.
class NoHouseholdFigures final : public HouseholdFiguresSource {
 public:
  std::optional<v1::HouseholdFigures> FiguresOf(absl::string_view) const override {
    return std::nullopt;
  }
};

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_HOUSEHOLD_FIGURES_H_
