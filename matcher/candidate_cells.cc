#include "matcher/candidate_cells.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

namespace leye::matcher {
namespace {

// A sieve is made anew when more than one block in so many is not in it.
constexpr size_t kBlocksPerUnsieved = 4;

// The mean direction of the areas, and how far the farthest is from it.
void Enclose(const std::vector<AreaNode>& areas, CellNode& node) {
  UnitVector sum{.x = 0, .y = 0, .z = 0};
  for (const AreaNode& area : areas) {
    sum.x += area.at.x;
    sum.y += area.at.y;
    sum.z += area.at.z;
  }
  const double length = std::sqrt(sum.x * sum.x + sum.y * sum.y + sum.z * sum.z);
  if (length > 0) node.centre = {.x = sum.x / length, .y = sum.y / length, .z = sum.z / length};
  double greatest = 0;
  for (const AreaNode& area : areas) {
    greatest = std::max(greatest, SquaredChord(node.centre, area.at));
  }
  node.radius_chord = std::sqrt(greatest) * kChordSlack;
}

SievedBlocks SievedAnew(std::span<const BlockNode> blocks, const CandidateStore& store) {
  std::vector<SharedSkillLists> lists;
  lists.reserve(blocks.size());
  for (const BlockNode& node : blocks) lists.push_back(store.Get(node.block).shared_skills());
  return {.sieve = std::make_shared<const SkillSieve>(std::move(lists))};
}

// The blocks of one sieve.
std::span<const BlockNode> PartOf(std::span<const BlockNode> blocks, size_t sieve) {
  const size_t first = sieve * SkillSieve::kMaxBlocks;
  return blocks.subspan(first, std::min(SkillSieve::kMaxBlocks, blocks.size() - first));
}

size_t SievesFor(const Cell& cell) {
  return (cell.blocks.size() + SkillSieve::kMaxBlocks - 1) / SkillSieve::kMaxBlocks;
}

}  // namespace

AreaNode NewArea(AreaIndex area, const UnitVector& at) {
  AreaNode node;
  node.area = area;
  node.at = at;
  return node;
}

void Recount(std::span<const BlockNode> run, const CandidateStore& store, AreaNode& area) {
  area.people = 0;
  area.summary = CandidateSummary();
  for (const BlockNode& node : run) {
    area.people += static_cast<uint32_t>(store.Get(node.block).rows());
    area.summary.Merge(node.summary);
  }
}

void AppendArea(AreaNode area, std::span<const BlockNode> run, Cell& cell) {
  area.first_block = static_cast<uint32_t>(cell.blocks.size());
  area.block_count = static_cast<uint32_t>(run.size());
  cell.blocks.insert(cell.blocks.end(), run.begin(), run.end());
  cell.areas.push_back(area);
}

std::span<const BlockNode> RunOf(const Cell& cell, const AreaNode& area) {
  return std::span(cell.blocks).subspan(area.first_block, area.block_count);
}

std::vector<SievedBlocks> SievesOf(const Cell& cell, const CandidateStore& store) {
  std::vector<SievedBlocks> sieves;
  for (size_t i = 0; i < SievesFor(cell); ++i) {
    sieves.push_back(SievedAnew(PartOf(cell.blocks, i), store));
  }
  return sieves;
}

std::vector<SievedBlocks> KeepSieves(const Cell& before, const CandidateStore& store,
                                     const Cell& cell) {
  std::vector<SievedBlocks> sieves;
  for (size_t i = 0; i < SievesFor(cell); ++i) {
    const std::span<const BlockNode> blocks = PartOf(cell.blocks, i);
    const bool same =
        i < before.sieves.size() && std::ranges::equal(blocks, PartOf(before.blocks, i), {},
                                                       &BlockNode::block, &BlockNode::block);
    SievedBlocks kept = same ? before.sieves[i] : SievedBlocks();
    for (size_t slot = 0; same && slot < blocks.size(); ++slot) {
      const bool right = kept.sieve->IsOf(slot, store.Get(blocks[slot].block).shared_skills());
      if (!right) kept.changed |= uint64_t{1} << slot;
    }
    const bool good = same && BitCount(kept.changed) * kBlocksPerUnsieved <= blocks.size();
    sieves.push_back(good ? std::move(kept) : SievedAnew(blocks, store));
  }
  return sieves;
}

CellNode EmptyCell() {
  CellNode node;
  node.cell = std::make_shared<const Cell>();
  return node;
}

CellNode SeenFromAbove(const Cell& cell) {
  CellNode node;
  for (const AreaNode& area : cell.areas) {
    node.people += area.people;
    node.summary.Merge(area.summary);
  }
  Enclose(cell.areas, node);
  return node;
}

}  // namespace leye::matcher
