#include "matcher/candidate_tables.h"

namespace leye::matcher {

bool CandidateRun::Patch(std::span<const CandidateId> removed,
                         std::span<const CandidateRow> inserted, CandidateBlock& block) {
  for (const CandidateId id : removed) block.RemoveRow(*block.FindRow(id));
  for (const CandidateRow& row : inserted) {
    if (!block.TryAppend(row)) return false;
  }
  return true;
}

}  // namespace leye::matcher
