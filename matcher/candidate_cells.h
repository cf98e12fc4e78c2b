// The contents of a cell of the map: areas, their runs of blocks and the sieves over these.
//
//   Cell cell;
//   AppendArea(area, run, cell);                    // for every area
//   cell.sieves = SievesOf(cell, store);            // or KeepSieves, if the cell was there before
//   CellNode node = SeenFromAbove(cell);            // what a search knows before it opens the cell
//
// Pure functions, used by the writer.
#ifndef LEYE_MATCHER_CANDIDATE_CELLS_H_
#define LEYE_MATCHER_CANDIDATE_CELLS_H_

#include <span>
#include <vector>

#include "matcher/candidate_tables.h"
#include "matcher/geo.h"
#include "matcher/profile.h"

namespace leye::matcher {

// An area without people.
AreaNode NewArea(AreaIndex area, const UnitVector& at);
// Counts an area's people anew.
void Recount(std::span<const BlockNode> run, const CandidateStore& store, AreaNode& area);

// Writes an area and its run at the end of a cell.
void AppendArea(AreaNode area, std::span<const BlockNode> run, Cell& cell);
std::span<const BlockNode> RunOf(const Cell& cell, const AreaNode& area);

// Who holds which skill in the blocks of a cell.
std::vector<SievedBlocks> SievesOf(const Cell& cell, const CandidateStore& store);
// The same for a cell that was `before`. Sieves of the same blocks are kept as long as they are
// right for most of them.
std::vector<SievedBlocks> KeepSieves(const Cell& before, const CandidateStore& store,
                                     const Cell& cell);

CellNode EmptyCell();
// All but the content itself.
CellNode SeenFromAbove(const Cell& cell);

}  // namespace leye::matcher

#endif  // LEYE_MATCHER_CANDIDATE_CELLS_H_
