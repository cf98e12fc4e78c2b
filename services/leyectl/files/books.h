// Finding records and places by what people call them.
//
//   AreaBook areas;
//   areas.Add("regions/13/settlementAreas/yian", "怡安社区");
//   *areas.Find("康保县怡安社区") == "regions/13/settlementAreas/yian"

#ifndef LEYE_SERVICES_LEYECTL_FILES_BOOKS_H_
#define LEYE_SERVICES_LEYECTL_FILES_BOOKS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "services/leyectl/files/values.h"

namespace leye::ctl::files {

// Settlement areas by name. Thread-compatible; immutable once filled.
class AreaBook {
 public:
  // `name` is the resource's.
  void Add(const std::string& name, absl::string_view display_name);

  // By the whole name; else the one area whose name the text contains, or which contains the text.
  // Names of resources are found as well.
  Read<std::string> Find(absl::string_view text) const;

 private:
  struct Area {
    std::string name;
    std::string bare;
  };
  std::vector<Area> areas_;
  absl::flat_hash_map<std::string, std::vector<std::string>> by_bare_;
};

// A place of work.
struct Workplace {
  std::string division_code;
  double latitude = 0;
  double longitude = 0;
};

// Places by the longest name that occurs in an address. Thread-compatible; immutable once filled.
class WorkplaceBook {
 public:
  // Counties, and the places of work of deploy/sample/hebei.
  absl::Status AddBuiltIn();

  // A table with the columns name, division_code, latitude, longitude, parted by tabs.
  // INVALID_ARGUMENT names the line that is wrong.
  absl::Status AddTable(absl::string_view tsv, absl::string_view name);

  // A later one of the same name replaces the earlier.
  void Add(absl::string_view name, const Workplace& place);

  std::optional<Workplace> Find(absl::string_view address) const;

 private:
  absl::flat_hash_map<std::string, Workplace> places_;
  size_t longest_ = 0;  // Of the names, in bytes.
};

}  // namespace leye::ctl::files

#endif  // LEYE_SERVICES_LEYECTL_FILES_BOOKS_H_
