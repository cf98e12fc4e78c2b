// Households in which nobody works since a member has left work: found in one pass over a region's
// referrals, in any order.
//
//   HouseholdLosses losses(figures);
//   for (const v1::Referral& referral : referrals) losses.Add(referral);
//   for (const HouseholdLosses::Loss& loss : losses.All()) { ... }
#ifndef LEYE_SERVICES_APP_HOUSEHOLD_LOSSES_H_
#define LEYE_SERVICES_APP_HOUSEHOLD_LOSSES_H_

#include <map>
#include <string>
#include <vector>

#include "absl/time/time.h"

#include "leye/v1/referral.pb.h"
#include "services/app/household_figures.h"
#include "services/app/referral_tasks.h"

namespace leye::app {

// Thread-compatible. Keeps something of each household without work that has a referral.
class HouseholdLosses {
 public:
  // `figures` outlives it.
  explicit HouseholdLosses(const HouseholdFiguresSource& figures) : figures_(figures) {}

  void Add(const v1::Referral& referral);

  struct Loss {
    v1::Referral left;  // The household's last that ended by leaving work.
    FirstHelp help = FirstHelp::kAwaited;
  };
  // One for each household, in the order of their names.
  std::vector<Loss> All() const;

 private:
  struct Household {
    bool without_work = false;
    v1::Referral left;                         // Without a name: none.
    absl::Time newest = absl::InfinitePast();  // When the newest referral was created.
  };

  const HouseholdFiguresSource& figures_;
  std::map<std::string, Household> households_;
};

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_HOUSEHOLD_LOSSES_H_
