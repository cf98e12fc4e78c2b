// Changes a run of blocks: rows in the order of a key, cut into blocks of limited length.
//
//   BlockRunEditor<CandidateRun> editor(store, nodes, listener);    // nodes: the run's blocks
//   editor.RemoveFrom(index, id);  editor.Insert(row);
//   std::vector<BlockNode> changed = editor.Finish();
//
// An area's people are a run, so is everybody in the far arrangement, so are the postings of a
// cell. Blocks that lose or gain rows are built again, split when too long, dropped when empty; all
// others are left alone. A `Run` says what it is made of:
//   Row, Id, Key, Block, Node    Node has `block` and `first`, the least key at the time it was
//   made Key KeyOf(row), Id IdOf(row); Node NodeOf(number, rows, block); kMaxRows, kRowsAfterSplit
// Thread-compatible.
#ifndef LEYE_MATCHER_BLOCK_RUN_H_
#define LEYE_MATCHER_BLOCK_RUN_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "matcher/persistent_vector.h"

namespace leye::matcher {

using BlockNumber = uint32_t;

// Blocks by number, with numbers used again.
template <typename BlockType>
class BlockStore {
 public:
  using Block = std::shared_ptr<const BlockType>;
  // To copy a pointer is to touch what it points to.
  static constexpr size_t kBlocksOfLeaf = 8;
  using Blocks = PersistentVector<Block, kBlocksOfLeaf>;

  const BlockType& Get(BlockNumber number) const { return *blocks_[number]; }

  BlockNumber Add(Block block) {
    if (free_.empty()) {
      blocks_.PushBack(std::move(block));
      return static_cast<BlockNumber>(blocks_.size() - 1);
    }
    const BlockNumber number = free_.back();
    free_.pop_back();
    Replace(number, std::move(block));
    return number;
  }
  void Replace(BlockNumber number, Block block) { blocks_.Mutable(number) = std::move(block); }
  void Free(BlockNumber number) {
    Replace(number, nullptr);
    free_.push_back(number);
  }

  Blocks Share() { return blocks_.Share(); }

 private:
  Blocks blocks_;
  std::vector<BlockNumber> free_;
};

// Told where rows go; both functions are callable.
template <typename Id>
struct RunListener {
  std::function<void(Id, BlockNumber)> on_insert;
  std::function<void(Id, BlockNumber from, BlockNumber to)> on_move;
};

template <typename Run>
class BlockRunEditor {
 public:
  using Row = typename Run::Row;
  using Id = typename Run::Id;
  using Node = typename Run::Node;
  using Key = typename Run::Key;
  using Store = BlockStore<typename Run::Block>;

  // REQUIRES: `nodes` stays unchanged until Finish.
  BlockRunEditor(Store& store, std::span<const Node> nodes, const RunListener<Id>& listener)
      : store_(store),
        nodes_(nodes),
        listener_(listener),
        edits_(std::max<size_t>(1, nodes.size())) {}

  // REQUIRES: the row is in node `index` of the run.
  void RemoveFrom(size_t index, Id id) { edits_[index].removed.push_back(id); }

  void Insert(Row row) {
    const size_t index = nodes_.empty() ? 0 : NodeFor(nodes_, Run::KeyOf(row));
    edits_[index].inserted.push_back(std::move(row));
  }

  // The node that would hold this key. REQUIRES: the run is not empty.
  static size_t NodeFor(std::span<const Node> nodes, const Key& key) {
    const auto after = std::upper_bound(nodes.begin(), nodes.end(), key,
                                        [](const Key& k, const Node& n) { return k < n.first; });
    return after == nodes.begin() ? 0 : static_cast<size_t>(after - nodes.begin()) - 1;
  }

  // The run as it is now. Once.
  std::vector<Node> Finish() {
    std::vector<Node> run;
    for (size_t i = 0; i < edits_.size(); ++i) {
      const Node* node = i < nodes_.size() ? &nodes_[i] : nullptr;
      const bool touched = !edits_[i].removed.empty() || !edits_[i].inserted.empty();
      if (touched) {
        Rewrite(node, edits_[i], run);
      } else if (node != nullptr) {
        run.push_back(*node);
      }
    }
    return run;
  }

 private:
  struct Edit {
    std::vector<Id> removed;
    std::vector<Row> inserted;
  };

  static bool Contains(const std::vector<Id>& sorted, Id id) {
    return std::binary_search(sorted.begin(), sorted.end(), id);
  }

  // Above this many changes, building the block again costs less.
  static constexpr size_t kMostPatched = 8;

  // A patched block keeps its number, and everybody in it theirs.
  bool TryPatch(const Node* node, const Edit& edit, std::vector<Node>& out) {
    if (node == nullptr || edit.removed.size() + edit.inserted.size() > kMostPatched) return false;
    const auto& old = store_.Get(node->block);
    const size_t rows = old.rows() - edit.removed.size() + edit.inserted.size();
    if (rows == 0 || rows > Run::kMaxRows) return false;
    auto block = std::make_shared<typename Run::Block>(old);
    if (!Run::Patch(edit.removed, edit.inserted, *block)) return false;
    Node patched = *node;
    patched.summary = block->summary();
    for (const Row& row : edit.inserted) {
      patched.first = std::min(patched.first, Run::KeyOf(row));
      listener_.on_insert(Run::IdOf(row), node->block);
    }
    store_.Replace(node->block, std::move(block));
    out.push_back(patched);
    return true;
  }

  void Rewrite(const Node* node, Edit& edit, std::vector<Node>& out) {
    if (TryPatch(node, edit, out)) return;
    std::sort(edit.removed.begin(), edit.removed.end());
    std::vector<Row> rows;
    if (node != nullptr) {
      rows = store_.Get(node->block).AllRows();
      std::erase_if(rows, [&](const Row& row) { return Contains(edit.removed, Run::IdOf(row)); });
    }
    std::vector<Id> inserted;
    for (Row& row : edit.inserted) {
      inserted.push_back(Run::IdOf(row));
      rows.push_back(std::move(row));
    }
    std::sort(inserted.begin(), inserted.end());
    if (!rows.empty()) {
      WriteBlocks(node, rows, inserted, out);
    } else if (node != nullptr) {
      store_.Free(node->block);
    }
  }

  void WriteBlocks(const Node* node, std::vector<Row>& rows, const std::vector<Id>& inserted,
                   std::vector<Node>& out) {
    std::sort(rows.begin(), rows.end(),
              [](const Row& a, const Row& b) { return Run::KeyOf(a) < Run::KeyOf(b); });
    const bool fits = rows.size() <= Run::kMaxRows;
    const size_t parts = fits ? 1 : (rows.size() + Run::kRowsAfterSplit - 1) / Run::kRowsAfterSplit;
    for (size_t part = 0; part < parts; ++part) {
      const size_t first = rows.size() * part / parts;
      const size_t last = rows.size() * (part + 1) / parts;
      const std::span<const Row> mine(rows.data() + first, last - first);
      auto block = std::make_shared<const typename Run::Block>(mine);
      const bool reuse = node != nullptr && part == 0;
      const BlockNumber number = reuse ? node->block : store_.Add(block);
      out.push_back(Run::NodeOf(number, mine, *block));
      if (reuse) store_.Replace(number, std::move(block));
      for (const Row& row : mine) Tell(row, reuse ? number : NumberOf(node), number, inserted);
    }
  }

  static BlockNumber NumberOf(const Node* node) { return node == nullptr ? 0 : node->block; }

  void Tell(const Row& row, BlockNumber from, BlockNumber to, const std::vector<Id>& inserted) {
    const Id id = Run::IdOf(row);
    if (Contains(inserted, id)) {
      listener_.on_insert(id, to);
    } else if (from != to) {
      listener_.on_move(id, from, to);
    }
  }

  Store& store_;
  std::span<const Node> nodes_;
  const RunListener<Id>& listener_;
  std::vector<Edit> edits_;  // by node; one for an empty run
};

}  // namespace leye::matcher

#endif  // LEYE_MATCHER_BLOCK_RUN_H_
