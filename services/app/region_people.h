// Where reports learn who lives where and who works.
#ifndef LEYE_SERVICES_APP_REGION_PEOPLE_H_
#define LEYE_SERVICES_APP_REGION_PEOPLE_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"

#include "leye/v1/report.pb.h"
#include "services/store/region.h"

namespace leye::app {

struct AreaPeople {
  std::string area;  // Full name; empty: of households whose area is not on record.
  std::string display_name;
  std::string division;  // Six digits; empty when not known.
  v1::CoverageFigures figures;
  std::vector<std::string> seekers;  // Full names of people able and willing who do not work.
};

struct RegionPeople {
  std::vector<AreaPeople> areas;  // By name: those in which a household on record lives.
  std::string revision;           // At which all of it holds.
};

// Implemented over the directory that follows the change log; leyed passes it in. Thread-safe, and
// never waits for a writer.
class RegionPeopleSource {
 public:
  virtual ~RegionPeopleSource() = default;

  // Ages are counted on `today`. nullopt until anything is known.
  virtual std::optional<RegionPeople> PeopleOf(store::Region region,
                                               absl::CivilDay today) const = 0;
};

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_REGION_PEOPLE_H_
