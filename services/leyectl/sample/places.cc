#include "services/leyectl/sample/places.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"

#include "services/base/status.h"
#include "services/leyectl/sample/built_in_places.h"
#include "services/leyectl/sample/dice.h"

namespace leye::ctl::sample {
namespace {

// One line of a table, by column.
class Row {
 public:
  Row(const std::map<std::string, size_t>& columns, std::vector<std::string> cells)
      : columns_(columns), cells_(std::move(cells)) {}

  std::string Text(const std::string& column) const {
    const auto found = columns_.find(column);
    return found == columns_.end() || found->second >= cells_.size() ? "" : cells_[found->second];
  }
  int Number(const std::string& column) const {
    int number = 0;
    return absl::SimpleAtoi(Text(column), &number) ? number : 0;
  }
  // Degrees as hundred-thousandths; 0 when it is no number.
  int Degrees(const std::string& column) const {
    double degrees = 0;
    if (!absl::SimpleAtod(Text(column), &degrees)) return 0;
    return static_cast<int>(std::lround(degrees * 100'000));
  }

 private:
  const std::map<std::string, size_t>& columns_;
  std::vector<std::string> cells_;
};

// Calls `take` with each row; it answers false when a row is wrong.
template <typename Take>
absl::Status ForEachRow(absl::string_view tsv, absl::string_view table, const Take& take) {
  std::map<std::string, size_t> columns;
  int line_number = 0;
  for (const absl::string_view line : absl::StrSplit(tsv, '\n')) {
    ++line_number;
    if (line.empty()) continue;
    std::vector<std::string> cells = absl::StrSplit(line, '\t');
    if (columns.empty()) {
      for (size_t i = 0; i < cells.size(); ++i) columns[cells[i]] = i;
    } else if (!take(Row(columns, std::move(cells)))) {
      return absl::InvalidArgumentError(
          absl::StrCat(table, ":", line_number, ": id, division_code, lat or lon is missing"));
    }
  }
  return absl::OkStatus();
}

bool TakeArea(const Row& row, std::vector<Area>& small, std::vector<Area>& others) {
  Area area{.id = row.Text("id"),
            .name = row.Text("name_zh"),
            .division_code = row.Text("division_code"),
            .address = row.Text("address"),
            .latitude_e5 = row.Degrees("lat"),
            .longitude_e5 = row.Degrees("lon"),
            .households = row.Number("households"),
            .residents = row.Number("people"),
            .invented = row.Text("origin") == "invented",
            .source = row.Text("source")};
  if (area.id.empty() || area.division_code.size() != 6 || area.latitude_e5 == 0) return false;
  (row.Text("sample") == "1" ? small : others).push_back(std::move(area));
  return true;
}

bool TakeWorkplace(const Row& row, std::vector<Workplace>& workplaces) {
  Workplace place{.id = row.Text("id"),
                  .name = row.Text("name_zh"),
                  .division_code = row.Text("division_code"),
                  .latitude_e5 = row.Degrees("lat"),
                  .longitude_e5 = row.Degrees("lon"),
                  .far = row.Text("kind") == "export"};
  if (place.id.empty() || place.division_code.size() != 6 || place.latitude_e5 == 0) return false;
  workplaces.push_back(std::move(place));
  return true;
}

absl::StatusOr<std::string> ReadFile(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return absl::NotFoundError(absl::StrCat("cannot read ", file));
  return std::string(std::istreambuf_iterator<char>(stream), {});
}

Area InventBeside(const Area& known, size_t number, uint64_t seed) {
  Dice dice(seed, Stream::kArea, number);
  Area area = known;
  area.id = absl::StrFormat("new-%05d", number);
  area.name = absl::StrFormat("新村%d号安置区", number);
  area.address.clear();
  area.latitude_e5 += dice.Between(-9000, 9000);
  area.longitude_e5 += dice.Between(-11000, 11000);
  area.households = dice.Between(40, 500);
  area.residents = area.households * 27 / 10;
  area.invented = true;
  area.source = "generated";
  return area;
}

}  // namespace

absl::StatusOr<Places> ParsePlaces(absl::string_view areas_tsv, absl::string_view workplaces_tsv) {
  Places places;
  std::vector<Area> others;
  LEYE_RETURN_IF_ERROR(ForEachRow(
      areas_tsv, "areas.tsv", [&](const Row& row) { return TakeArea(row, places.areas, others); }));
  LEYE_RETURN_IF_ERROR(ForEachRow(workplaces_tsv, "workplaces.tsv", [&](const Row& row) {
    return TakeWorkplace(row, places.workplaces);
  }));
  places.areas.insert(places.areas.end(), others.begin(), others.end());
  if (places.areas.empty() || places.workplaces.empty()) {
    return absl::InvalidArgumentError("a table of places has no rows");
  }
  return places;
}

absl::StatusOr<Places> ReadPlaces(const std::string& folder) {
  LEYE_ASSIGN_OR_RETURN(const std::string areas, ReadFile(folder + "/areas.tsv"));
  LEYE_ASSIGN_OR_RETURN(const std::string workplaces, ReadFile(folder + "/workplaces.tsv"));
  return ParsePlaces(areas, workplaces);
}

absl::StatusOr<Places> BuiltInPlaces() { return ParsePlaces(kAreasTsv, kWorkplacesTsv); }

std::vector<Area> ChooseAreas(const Places& places, int count, uint64_t seed) {
  std::vector<Area> areas;
  for (size_t i = 0; i < static_cast<size_t>(count); ++i) {
    areas.push_back(i < places.areas.size()
                        ? places.areas[i]
                        : InventBeside(places.areas[i % places.areas.size()], i, seed));
  }
  return areas;
}

v1::GeoPoint Point(int latitude_e5, int longitude_e5) {
  v1::GeoPoint point;
  point.set_latitude(latitude_e5 / 100'000.0);
  point.set_longitude(longitude_e5 / 100'000.0);
  return point;
}

int RoughKilometres(int latitude_a_e5, int longitude_a_e5, int latitude_b_e5, int longitude_b_e5) {
  // At 40 degrees north a degree is 111 km by 85 km.
  const int north = std::abs(latitude_a_e5 - latitude_b_e5) / 1000 * 111 / 100;
  const int east = std::abs(longitude_a_e5 - longitude_b_e5) / 1000 * 85 / 100;
  const int longer = std::max(north, east);
  return longer + std::min(north, east) * 2 / 5;
}

}  // namespace leye::ctl::sample
