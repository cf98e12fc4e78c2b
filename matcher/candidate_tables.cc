#include "matcher/candidate_tables.h"

#include <algorithm>

namespace leye::matcher {

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
