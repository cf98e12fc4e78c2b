#include "services/leyectl/files/books.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

#include "services/base/status.h"
#include "services/leyectl/files/built_in_tables.h"
#include "services/leyectl/sample/places.h"

namespace leye::ctl::files {
namespace {

constexpr Fault kUnknownArea = {
    "UNKNOWN_AREA",
    "no settlement area of the region is called so: import areas first, or correct it",
    "本区域没有这个安置区：请先导入安置区，或更正名称"};
constexpr Fault kSeveralAreas = {"AMBIGUOUS_AREA",
                                 "several settlement areas may be meant: give more of "
                                 "the name, or the area's id",
                                 "可能指多个安置区：请写全名称或标识"};

constexpr size_t kLeastNameBytes = 6;  // Two Chinese characters.

}  // namespace

void AreaBook::Add(const std::string& name, absl::string_view display_name) {
  const std::string bare = Bare(display_name);
  areas_.push_back({.name = name, .bare = bare});
  by_bare_[bare].push_back(name);
  by_bare_[name].push_back(name);
  const size_t slash = name.rfind('/');
  if (slash != std::string::npos && bare != name.substr(slash + 1)) {
    by_bare_[name.substr(slash + 1)].push_back(name);
  }
}

Read<std::string> AreaBook::Find(absl::string_view text) const {
  for (const std::string& key : {Bare(text), Tidy(text)}) {
    const auto exact = by_bare_.find(key);
    if (exact == by_bare_.end()) continue;
    if (exact->second.size() > 1) return kSeveralAreas;
    return exact->second.front();
  }
  const std::string bare = Bare(text);
  const Area* found = nullptr;
  for (const Area& area : areas_) {
    const bool is_named = area.bare.size() >= kLeastNameBytes && absl::StrContains(bare, area.bare);
    const bool is_part = bare.size() >= kLeastNameBytes && absl::StrContains(area.bare, bare);
    if (!is_named && !is_part) continue;
    if (found != nullptr) return kSeveralAreas;
    found = &area;
  }
  if (found == nullptr) return kUnknownArea;
  return found->name;
}

void WorkplaceBook::Add(absl::string_view name, const Workplace& place) {
  std::string bare = Bare(name);
  if (bare.size() < kLeastNameBytes) return;
  longest_ = std::max(longest_, bare.size());
  places_[std::move(bare)] = place;
}

absl::Status WorkplaceBook::AddBuiltIn() {
  for (const absl::string_view row : absl::StrSplit(kDivisionsTsv, '\n', absl::SkipEmpty())) {
    const std::vector<absl::string_view> cells = absl::StrSplit(row, '\t');
    Workplace place;
    if (cells.size() < 7 || cells[3] != "county" || !absl::SimpleAtod(cells[5], &place.latitude) ||
        !absl::SimpleAtod(cells[6], &place.longitude)) {
      continue;
    }
    place.division_code = std::string(cells[0]);
    Add(cells[1], place);
  }
  LEYE_ASSIGN_OR_RETURN(const sample::Places places, sample::BuiltInPlaces());
  for (const sample::Workplace& work : places.workplaces) {
    Add(work.name, {.division_code = work.division_code,
                    .latitude = work.latitude_e5 / 1e5,
                    .longitude = work.longitude_e5 / 1e5});
  }
  return absl::OkStatus();
}

absl::Status WorkplaceBook::AddTable(absl::string_view tsv, absl::string_view name) {
  int line = 0;
  for (absl::string_view row : absl::StrSplit(tsv, '\n')) {
    ++line;
    row = absl::StripSuffix(row, "\r");
    if (line == 1) row = absl::StripPrefix(row, "\xEF\xBB\xBF");
    if (row.empty() || absl::StartsWith(row, "#") || absl::StartsWith(row, "name\t")) continue;
    const std::vector<absl::string_view> cells = absl::StrSplit(row, '\t');
    Workplace place;
    if (cells.size() != 4 || !absl::SimpleAtod(cells[2], &place.latitude) ||
        !absl::SimpleAtod(cells[3], &place.longitude)) {
      return absl::InvalidArgumentError(absl::StrCat(
          name, ":", line, ": must be name, division_code, latitude, longitude, parted by tabs"));
    }
    place.division_code = std::string(cells[1]);
    Add(cells[0], place);
  }
  return absl::OkStatus();
}

std::optional<Workplace> WorkplaceBook::Find(absl::string_view address) const {
  const std::string bare = Bare(address);
  for (size_t length = std::min(longest_, bare.size()); length >= kLeastNameBytes; --length) {
    // The last of the longest: what is smaller stands behind.
    for (size_t at = bare.size() - length + 1; at-- > 0;) {
      const auto found = places_.find(bare.substr(at, length));
      if (found != places_.end()) return found->second;
    }
  }
  return std::nullopt;
}

}  // namespace leye::ctl::files
