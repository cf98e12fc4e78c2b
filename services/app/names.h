// Resource names: "regions/13/postings/x", "skills/welding-arc", "trades/6-18-02-04".
//
//   absl::StatusOr<ResourceName> name = ParseName("regions/13/postings/x", "postings");
//   name->region.code() == "13";  name->id == "x";
//   FormatName(name->region, "postings", "x");
//
// A region is the two-digit code of a province: 11..65, 71, 81, 82 as GB/T 2260 gives them. An id
// has 1 to 63 of a-z, 0-9 and '-', and begins and ends with a letter or digit.
#ifndef LEYE_SERVICES_APP_NAMES_H_
#define LEYE_SERVICES_APP_NAMES_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

#include "services/store/region.h"

namespace leye::app {

inline constexpr size_t kMaxIdLength = 63;

// A name taken apart. `id` views the text that was parsed.
struct ResourceName {
  store::Region region;
  absl::string_view id;
};

// True for an id that a caller may choose.
bool IsValidId(absl::string_view id);

// True for the code of a province, as written in names.
bool IsRegionCode(absl::string_view code);

// "regions/13" -> region; nullopt for anything else.
std::optional<store::Region> ParseParent(absl::string_view parent);

// "regions/13/<collection>/<id>"; nullopt for anything else.
std::optional<ResourceName> ParseName(absl::string_view name, absl::string_view collection);

// "regions/13/..." -> region; nullopt for anything else.
std::optional<store::Region> RegionOfName(absl::string_view name);

// "<collection>/<id>", for what belongs to no region (skills, trades); nullopt for anything else.
std::optional<absl::string_view> ParseGlobalName(absl::string_view name,
                                                 absl::string_view collection);

// REQUIRES: the parts are valid.
std::string FormatParent(store::Region region);
std::string FormatName(store::Region region, absl::string_view collection, absl::string_view id);

// The id of the record that an external id (source, id) is imported as: the two joined by "--"
// when they can be read as an id, else "external---" and a digest. Equal only for equal pairs.
// Such ids contain "--", which ids chosen by callers may not.
std::string DerivedId(absl::string_view source, absl::string_view id);
bool IsDerivedId(absl::string_view id);

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_NAMES_H_
