#include "matcher/far_run.h"

#include <algorithm>
#include <memory>
#include <numeric>
#include <utility>

namespace leye::matcher {
namespace {

constexpr size_t kBlocksAfterSplit = 48;
// A sieve is made anew when more than one block in so many is not in it.
constexpr size_t kBlocksPerUnsieved = 8;

// Where the blocks stand in the sieve of the chunk that they come from.
std::vector<uint8_t> SlotsIn(const FarChunk& old, std::span<const BlockNode> blocks,
                             const CandidateStore& store) {
  std::vector<uint8_t> slots;
  for (const BlockNode& node : blocks) {
    const auto at = std::ranges::find(old.blocks, node.block, &BlockNode::block);
    uint8_t slot = FarChunk::kNoSlot;
    if (at != old.blocks.end()) slot = old.slots[static_cast<size_t>(at - old.blocks.begin())];
    const bool same =
        slot != FarChunk::kNoSlot && old.sieve->IsOf(slot, store.Get(node.block).shared_skills());
    slots.push_back(same ? slot : FarChunk::kNoSlot);
  }
  return slots;
}

void SieveAnew(const CandidateStore& store, FarChunk& chunk) {
  std::vector<SharedSkillLists> lists;
  for (const BlockNode& node : chunk.blocks) {
    lists.push_back(store.Get(node.block).shared_skills());
  }
  chunk.sieve = std::make_shared<const SkillSieve>(std::move(lists), SkillSieve::Unions::kKept);
  chunk.slots.resize(chunk.blocks.size());
  std::iota(chunk.slots.begin(), chunk.slots.end(), uint8_t{0});
}

FarNode NodeOf(std::vector<BlockNode> blocks, const FarChunk* old, const CandidateStore& store) {
  FarNode node;
  node.first = blocks.front().first;
  for (const BlockNode& block : blocks) node.summary.Merge(block.summary);
  auto chunk = std::make_shared<FarChunk>();
  chunk->blocks = std::move(blocks);
  const size_t size = chunk->blocks.size();
  if (old != nullptr) {
    chunk->slots = SlotsIn(*old, chunk->blocks, store);
    chunk->sieve = old->sieve;
  }
  const auto unsieved = static_cast<size_t>(std::ranges::count(chunk->slots, FarChunk::kNoSlot));
  const bool outgrown = old == nullptr || chunk->sieve->slots() > size + size / kBlocksPerUnsieved;
  if (outgrown || unsieved * kBlocksPerUnsieved > size) SieveAnew(store, *chunk);
  node.chunk = std::move(chunk);
  return node;
}

}  // namespace

size_t FarRun::NodeFor(const MeritKey& key) const {
  const auto after =
      std::upper_bound(nodes_.begin(), nodes_.end(), key,
                       [](const MeritKey& k, const FarNode& node) { return k < node.first; });
  return after == nodes_.begin() ? 0 : static_cast<size_t>(after - nodes_.begin()) - 1;
}

BlockNumber FarRun::BlockFor(const MeritKey& key) const {
  const std::vector<BlockNode>& blocks = nodes_[NodeFor(key)].chunk->blocks;
  return blocks[BlockRunEditor<CandidateRun>::NodeFor(blocks, key)].block;
}

void FarRun::Append(std::vector<BlockNode> blocks, const CandidateStore& store) {
  nodes_.push_back(NodeOf(std::move(blocks), nullptr, store));
}

void FarRun::Apply(CandidateStore& store) {
  if (removed_.empty() && inserted_.empty()) return;
  const size_t count = std::max<size_t>(1, nodes_.size());
  std::vector<std::vector<MeritKey>> removed(count);
  std::vector<std::vector<CandidateRow>> inserted(count);
  for (const MeritKey& key : removed_) removed[NodeFor(key)].push_back(key);
  for (CandidateRow& row : inserted_) inserted[NodeFor(MeritOf(row))].push_back(std::move(row));
  std::vector<FarNode> nodes;
  for (size_t i = 0; i < count; ++i) {
    const FarNode* node = i < nodes_.size() ? &nodes_[i] : nullptr;
    if (!removed[i].empty() || !inserted[i].empty()) {
      ApplyToChunk(node, removed[i], inserted[i], store, nodes);
    } else if (node != nullptr) {
      nodes.push_back(*node);
    }
  }
  nodes_ = std::move(nodes);
  removed_.clear();
  inserted_.clear();
}

void FarRun::ApplyToChunk(const FarNode* node, std::vector<MeritKey>& removed,
                          std::vector<CandidateRow>& inserted, CandidateStore& store,
                          std::vector<FarNode>& out) {
  std::span<const BlockNode> blocks;
  if (node != nullptr) blocks = node->chunk->blocks;
  const RunListener<CandidateId> nobody{.on_insert = [](CandidateId, BlockNumber) {},
                                        .on_move = [](CandidateId, BlockNumber, BlockNumber) {}};
  BlockRunEditor<CandidateRun> editor(store, blocks, nobody);
  for (const MeritKey& key : removed) {
    editor.RemoveFrom(BlockRunEditor<CandidateRun>::NodeFor(blocks, key), key.id);
  }
  for (CandidateRow& row : inserted) editor.Insert(std::move(row));
  std::vector<BlockNode> changed = editor.Finish();
  if (changed.empty()) return;
  const bool fits = changed.size() <= FarChunk::kMaxBlocks;
  const size_t parts = fits ? 1 : (changed.size() + kBlocksAfterSplit - 1) / kBlocksAfterSplit;
  for (size_t part = 0; part < parts; ++part) {
    const auto first = changed.begin() + static_cast<ptrdiff_t>(changed.size() * part / parts);
    const auto last = changed.begin() + static_cast<ptrdiff_t>(changed.size() * (part + 1) / parts);
    out.push_back(NodeOf({first, last}, node == nullptr ? nullptr : node->chunk.get(), store));
  }
}

}  // namespace leye::matcher
