// The places of the sample: settlement areas and places of work, from deploy/sample/hebei (built
// in) or a folder of the same form.

#ifndef LEYE_SERVICES_LEYECTL_SAMPLE_PLACES_H_
#define LEYE_SERVICES_LEYECTL_SAMPLE_PLACES_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "leye/v1/common.pb.h"

namespace leye::ctl::sample {

struct Area {
  std::string id;
  std::string name;
  std::string division_code;
  std::string address;
  int latitude_e5 = 0;  // Hundred-thousandths of a degree.
  int longitude_e5 = 0;
  int households = 0;
  int residents = 0;
  bool invented = false;
  std::string source;
};

// An industrial park, a county's seat, or a city to which labour goes.
struct Workplace {
  std::string id;
  std::string name;
  std::string division_code;
  int latitude_e5 = 0;
  int longitude_e5 = 0;
  bool far = false;  // Outside the counties of the areas: work there means living there.
};

struct Places {
  std::vector<Area> areas;  // Those of the small sample first.
  std::vector<Workplace> workplaces;
};

// Reads the two tables' text. INVALID_ARGUMENT names the line that is wrong.
absl::StatusOr<Places> ParsePlaces(absl::string_view areas_tsv, absl::string_view workplaces_tsv);

// From FOLDER/areas.tsv and FOLDER/workplaces.tsv.
absl::StatusOr<Places> ReadPlaces(const std::string& folder);

// The built-in tables.
absl::StatusOr<Places> BuiltInPlaces();

// The areas of `places` from the front; where more are asked than there are, invented ones a few
// kilometres beside the known ones.
std::vector<Area> ChooseAreas(const Places& places, int count, uint64_t seed);

v1::GeoPoint Point(int latitude_e5, int longitude_e5);

// Great-circle distance is not needed to invent data: kilometres on the flat, good to a few per
// cent.
int RoughKilometres(int latitude_a_e5, int longitude_a_e5, int latitude_b_e5, int longitude_b_e5);

}  // namespace leye::ctl::sample

#endif  // LEYE_SERVICES_LEYECTL_SAMPLE_PLACES_H_
