// How a snapshot of people is laid out: two arrangements over the same rows, and ways to find
// things.
//
//   place     cells of the map (half a degree) -> areas of the cell -> blocks of the area
//   far       people who would go anywhere, once more, in merit order -> chunks -> blocks
//
// Every node carries the summary of what is under it, so that a search may bound and skip it. An
// area's blocks, and the blocks of the far arrangement, are in merit order (MeritKey); rows within
// a block are in any order. Data without behaviour: made by the writer, read by the ranker.
#ifndef LEYE_MATCHER_CANDIDATE_TABLES_H_
#define LEYE_MATCHER_CANDIDATE_TABLES_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "matcher/block_locator.h"
#include "matcher/block_run.h"
#include "matcher/candidate_block.h"
#include "matcher/float_circle.h"
#include "matcher/geo.h"
#include "matcher/persistent_vector.h"
#include "matcher/profile.h"
#include "matcher/skill_sieve.h"

namespace leye::matcher {

struct BlockNode {
  BlockNumber block = 0;
  MeritKey first;  // of the run's blocks, this one holds keys from here to the next one's first
  CandidateSummary summary;
};

// The runs of both arrangements, for BlockRunEditor.
struct CandidateRun {
  using Row = CandidateRow;
  using Id = CandidateId;
  using Key = MeritKey;
  using Block = CandidateBlock;
  using Node = BlockNode;

  static constexpr size_t kMaxRows = CandidateBlock::kMaxRows;
  // A block that overflows is cut into parts of about this many, so that the next people fit.
  static constexpr size_t kRowsAfterSplit = 384;

  static MeritKey KeyOf(const CandidateRow& row) { return MeritOf(row); }
  static CandidateId IdOf(const CandidateRow& row) { return row.id(); }
  static BlockNode NodeOf(BlockNumber number, std::span<const CandidateRow> rows,
                          const CandidateBlock& block) {
    return {.block = number, .first = MeritOf(rows.front()), .summary = block.summary()};
  }
  static bool Patch(std::span<const CandidateId> removed, std::span<const CandidateRow> inserted,
                    CandidateBlock& block);
};

using CandidateStore = BlockStore<CandidateBlock>;

struct AreaNode {
  AreaIndex area;
  uint32_t first_block = 0;  // in the cell's blocks
  uint32_t block_count = 0;
  uint32_t people = 0;
  UnitVector at;
  CandidateSummary summary;
};

// As many blocks side by side as a sieve takes.
struct SievedBlocks {
  std::shared_ptr<const SkillSieve> sieve;
  uint64_t changed = 0;  // bit b: somebody's skills in block b changed after the sieve was made
};

struct Cell {
  std::vector<AreaNode> areas;
  std::vector<BlockNode> blocks;     // area by area
  std::vector<SievedBlocks> sieves;  // of SkillSieve::kMaxBlocks blocks each, in order
};

// A cell seen from above: all its areas lie within `radius_chord` of `centre`, both on and in the
// unit sphere. Null and empty cells have no people.
struct CellNode {
  std::shared_ptr<const Cell> cell;
  UnitVector centre;
  double radius_chord = 0;
  uint32_t people = 0;
  CandidateSummary summary;
};

struct FarChunk {
  static constexpr size_t kMaxBlocks = SkillSieve::kMaxBlocks;
  static constexpr uint8_t kNoSlot = 255;

  std::vector<BlockNode> blocks;
  std::shared_ptr<const SkillSieve> sieve;
  // Of each block in the sieve; kNoSlot where somebody's skills changed after the sieve was made.
  std::vector<uint8_t> slots;
};

struct FarNode {
  std::shared_ptr<const FarChunk> chunk;
  MeritKey first;
  CandidateSummary summary;
};

// Where an area is; of an unknown area, where its people wait.
struct AreaPlace {
  AreaProfile profile;
  UnitVector at;
  uint32_t cell = 0;  // kNowhere for unknown areas
  bool known = false;
};

struct CandidateTables {
  // The cell of people whose area is not known. It is not ranked.
  static constexpr uint32_t kNowhere = 0;

  BlockStore<CandidateBlock>::Blocks blocks;  // by BlockNumber; null: free
  PersistentVector<AreaPlace> places;         // by AreaIndex
  PersistentVector<CellNode> cells;
  PersistentVector<FloatCircle> seeds;  // by cell
  std::vector<FarNode> far;
  BlockLocator locator;  // CandidateId -> block of the place arrangement
  size_t candidate_count = 0;
  size_t ranked_count = 0;  // people of known areas
  size_t area_count = 0;
};

}  // namespace leye::matcher

#endif  // LEYE_MATCHER_CANDIDATE_TABLES_H_
