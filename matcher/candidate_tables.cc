#include "matcher/candidate_tables.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace leye::matcher {

CellSeed CellSeed::Of(const CellNode& node) {
  // More than the distance between a point of the unit sphere and the same in floats.
  constexpr double kFloatRounding = 2e-7;
  const auto radius = static_cast<float>(node.radius_chord + kFloatRounding);
  CellSeed seed;
  seed.centre = {static_cast<float>(node.centre.x), static_cast<float>(node.centre.y),
                 static_cast<float>(node.centre.z)};
  seed.radius_chord = std::nextafter(radius, std::numeric_limits<float>::infinity());
  return seed;
}

bool CandidateRun::Patch(std::span<const CandidateId> removed,
                         std::span<const CandidateRow> inserted, CandidateBlock& block) {
  const auto stays = [&](CandidateId id) {
    return std::ranges::any_of(inserted, [id](const CandidateRow& row) { return row.id() == id; });
  };
  for (const CandidateId id : removed) {
    if (!stays(id)) block.RemoveRow(*block.FindRow(id));
  }
  for (const CandidateRow& row : inserted) {
    if (std::ranges::find(removed, row.id()) != removed.end()) {
      const size_t at = *block.FindRow(row.id());
      if (block.HasListsOf(at, row)) {
        block.Replace(at, row);
        continue;
      }
      block.RemoveRow(at);
    }
    block.Append(row);
  }
  return true;
}

}  // namespace leye::matcher
