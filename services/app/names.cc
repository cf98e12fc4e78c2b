#include "services/app/names.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "services/app/digest.h"

namespace leye::app {
namespace {

constexpr absl::string_view kRegions = "regions/";
constexpr size_t kRegionDigits = 2;
constexpr size_t kLongDigitRun = 15;  // As long as an identity number of the old kind.

// The province codes of GB/T 2260: 11..15, 21..23, 31..37, 41..46, 50..54, 61..65, 71, 81, 82.
constexpr absl::string_view kProvinces =
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 "
    "71 81 82";

bool IsIdCharacter(char c) { return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '-'; }

// An id could carry an identity number into names, which are logged.
bool HasLongDigitRun(absl::string_view text) {
  size_t run = 0;
  for (char c : text) {
    run = absl::ascii_isdigit(c) ? run + 1 : 0;
    if (run >= kLongDigitRun) return true;
  }
  return false;
}

// True for what can stand on either side of the "--" of a derived id and be told apart again.
bool IsReadablePart(absl::string_view part) {
  return IsValidId(part) && !absl::StrContains(part, "--") && !HasLongDigitRun(part);
}

}  // namespace

bool IsValidId(absl::string_view id) {
  return !id.empty() && id.size() <= kMaxIdLength && id.front() != '-' && id.back() != '-' &&
         std::all_of(id.begin(), id.end(), IsIdCharacter);
}

bool IsRegionCode(absl::string_view code) {
  if (code.size() != kRegionDigits || !absl::ascii_isdigit(code[0]) ||
      !absl::ascii_isdigit(code[1])) {
    return false;
  }
  return absl::StrContains(kProvinces, code);
}

std::optional<store::Region> ParseParent(absl::string_view parent) {
  if (!absl::ConsumePrefix(&parent, kRegions) || !IsRegionCode(parent)) return std::nullopt;
  return store::Region::FromNumber((parent[0] - '0') * 10 + (parent[1] - '0'));
}

std::optional<store::Region> RegionOfName(absl::string_view name) {
  return ParseParent(name.substr(0, kRegions.size() + kRegionDigits));
}

std::optional<ResourceName> ParseName(absl::string_view name, absl::string_view collection) {
  const std::optional<store::Region> region = RegionOfName(name);
  if (!region.has_value()) return std::nullopt;
  name.remove_prefix(kRegions.size() + kRegionDigits);
  if (!absl::ConsumePrefix(&name, "/") || !absl::ConsumePrefix(&name, collection) ||
      !absl::ConsumePrefix(&name, "/") || !IsValidId(name)) {
    return std::nullopt;
  }
  return ResourceName{*region, name};
}

std::optional<absl::string_view> ParseGlobalName(absl::string_view name,
                                                 absl::string_view collection) {
  if (!absl::ConsumePrefix(&name, collection) || !absl::ConsumePrefix(&name, "/") ||
      !IsValidId(name)) {
    return std::nullopt;
  }
  return name;
}

std::string FormatParent(store::Region region) { return absl::StrCat(kRegions, region.code()); }

std::string FormatName(store::Region region, absl::string_view collection, absl::string_view id) {
  return absl::StrCat(kRegions, region.code(), "/", collection, "/", id);
}

std::string DerivedId(absl::string_view source, absl::string_view id) {
  if (source.size() + id.size() + 2 <= kMaxIdLength && IsReadablePart(source) &&
      IsReadablePart(id)) {
    return absl::StrCat(source, "--", id);
  }
  const std::string digest = Sha256(absl::StrCat(source.size(), ":", source, id));
  return absl::StrCat("external---", absl::BytesToHexString(digest.substr(0, 16)));
}

bool IsDerivedId(absl::string_view id) { return absl::StrContains(id, "--"); }

}  // namespace leye::app
