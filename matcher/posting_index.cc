#include "matcher/posting_index.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"

#include "matcher/posting_loader.h"
#include "matcher/posting_tables.h"

namespace leye::matcher {
namespace {

constexpr size_t kMostWaiting = size_t{1} << 16;

}  // namespace

PostingSnapshot::PostingSnapshot(std::unique_ptr<const PostingTables> tables)
    : tables_(std::move(tables)) {}
PostingSnapshot::~PostingSnapshot() = default;

size_t PostingSnapshot::posting_count() const { return tables_->posting_count; }

std::optional<PostingProfile> PostingSnapshot::Find(PostingId id) const {
  const std::optional<BlockNumber> number = tables_->locator.Find(
      id.value(),
      [&](BlockNumber block) { return tables_->blocks[block]->FindRow(id).has_value(); });
  if (!number.has_value()) return std::nullopt;
  const PostingBlock& block = *tables_->blocks[*number];
  PostingProfile posting;
  block.Decode(*block.FindRow(id), posting);
  return posting;
}

void PostingSnapshot::ForEach(const std::function<void(const PostingProfile&)>& visit) const {
  PostingProfile posting;
  for (size_t cell = 0; cell < tables_->cells.size(); ++cell) {
    for (const PostingBlockNode& node : tables_->cells[cell].cell->blocks) {
      const PostingBlock& block = *tables_->blocks[node.block];
      for (size_t row = 0; row < block.rows(); ++row) {
        block.Decode(row, posting);
        visit(posting);
      }
    }
  }
}

size_t PostingSnapshot::MemoryBytes() const {
  // What allocations cost beyond what was asked for, and the control blocks of shared pointers.
  constexpr size_t kPerBlock = 7 * 16 + 32;
  size_t bytes = sizeof(PostingTables) + tables_->blocks.MemoryBytes() +
                 tables_->cells.MemoryBytes() + tables_->seeds.MemoryBytes() +
                 tables_->locator.MemoryBytes();
  for (size_t i = 0; i < tables_->blocks.size(); ++i) {
    const PostingBlock* block = tables_->blocks[i].get();
    if (block != nullptr) bytes += block->MemoryBytes() + kPerBlock;
  }
  for (size_t i = 0; i < tables_->cells.size(); ++i) {
    bytes += tables_->cells[i].cell->blocks.capacity() * sizeof(PostingBlockNode) + kPerBlock;
  }
  return bytes;
}

// Collects changes and applies them cell by cell, as CandidateWriter does for people.
class PostingIndex::Writer {
 public:
  Writer() {
    AddCell();
    to_locator_ = {.on_insert = [this](PostingId id,
                                       BlockNumber block) { locator_.Insert(id.value(), block); },
                   .on_move =
                       [this](PostingId id, BlockNumber from, BlockNumber to) {
                         locator_.Erase(id.value(), from);
                         locator_.Insert(id.value(), to);
                       }};
  }

  void Upsert(const PostingProfile& posting) {
    PostingRow row = EncodePosting(posting);
    CountAsks(row.asks, counts_);
    row.key = ChooseKey(row.asks, counts_);
    waiting_[posting.id] = std::move(row);
    if (waiting_.size() >= kMostWaiting) ApplyChanges();
  }

  void Load(size_t count, const std::function<void(size_t, PostingProfile&)>& posting,
            size_t threads) {
    PostingLoader loader(count, posting, threads);
    loader.Build();
    counts_ = std::move(loader.counts());
    for (PostingLoader::Square& square : loader.squares()) {
      std::vector<PostingBlockNode> nodes;
      for (PostingLoader::Loaded& loaded : square.run) {
        nodes.push_back(loaded.node);
        nodes.back().block = blocks_.Add(std::move(loaded.block));
      }
      PutCell(CellOf(square.number), std::move(nodes));
    }
    posting_count_ = count;
    GrowLocator(count);
  }

  bool Remove(PostingId id) {
    const auto waiting = waiting_.find(id);
    const bool is_in =
        waiting != waiting_.end() ? waiting->second.has_value() : BlockOf(id).has_value();
    if (is_in) waiting_[id] = std::nullopt;
    return is_in;
  }

  std::unique_ptr<const PostingTables> Publish() {
    ApplyChanges();
    auto tables = std::make_unique<PostingTables>();
    tables->blocks = blocks_.Share();
    tables->cells = cells_.Share();
    tables->seeds = seeds_.Share();
    tables->locator = locator_.Share();
    tables->posting_count = posting_count_;
    return tables;
  }

 private:
  struct CellChanges {
    struct Removal {
      PostingId id;
      BlockNumber block;
    };
    std::vector<Removal> removed;
    std::vector<PostingRow> inserted;
  };
  using ChangesByCell = std::map<uint32_t, CellChanges>;

  void AddCell() {
    PostingCellNode node;
    node.cell = std::make_shared<const PostingCell>();
    cells_.PushBack(std::move(node));
    seeds_.PushBack({});
  }

  std::optional<BlockNumber> BlockOf(PostingId id) const {
    return locator_.Find(
        id.value(), [&](BlockNumber block) { return blocks_.Get(block).FindRow(id).has_value(); });
  }

  uint32_t CellOf(std::optional<int32_t> square) {
    if (!square.has_value()) return PostingTables::kAnywhere;
    const auto [found, inserted] = cell_at_.try_emplace(*square, 0);
    if (inserted) {
      found->second = static_cast<uint32_t>(cells_.size());
      AddCell();
    }
    return found->second;
  }

  ChangesByCell TakeChanges() {
    ChangesByCell changes;
    for (auto& [id, row] : waiting_) {
      const std::optional<BlockNumber> block = BlockOf(id);
      if (block.has_value()) {
        const PostingBlock& old = blocks_.Get(*block);
        changes[CellOf(MapSquareOf(old.Row(*old.FindRow(id))))].removed.push_back(
            {.id = id, .block = *block});
        --posting_count_;
      }
      if (!row.has_value()) continue;
      ++posting_count_;
      const uint32_t cell = CellOf(MapSquareOf(*row));
      changes[cell].inserted.push_back(std::move(*row));
    }
    waiting_.clear();
    return changes;
  }

  void GrowLocator(size_t size) {
    const auto put_cell = [&](size_t cell, const BlockLocator::Put& put) {
      for (const PostingBlockNode& node : cells_[cell].cell->blocks) {
        const PostingBlock& block = blocks_.Get(node.block);
        for (size_t row = 0; row < block.rows(); ++row) put(block.IdOf(row).value(), node.block);
      }
    };
    locator_.Rebuild(size, cells_.size(), put_cell, 1);
  }

  void ApplyChanges() {
    ChangesByCell changes = TakeChanges();
    size_t inserts = 0;
    for (const auto& [cell, change] : changes) inserts += change.inserted.size();
    if (locator_.RoomLeft() < inserts) GrowLocator(locator_.size() + inserts);
    for (const auto& [cell, change] : changes) {
      for (const auto& removal : change.removed) {
        locator_.Erase(removal.id.value(), removal.block);
      }
    }
    for (auto& [cell, change] : changes) ApplyToCell(cell, change);
  }

  void ApplyToCell(uint32_t cell, CellChanges& changes) {
    const std::shared_ptr<const PostingCell> old = cells_[cell].cell;
    BlockRunEditor<PostingRun> editor(blocks_, old->blocks, to_locator_);
    for (const auto& removal : changes.removed) {
      const auto at =
          std::find_if(old->blocks.begin(), old->blocks.end(),
                       [&](const PostingBlockNode& node) { return node.block == removal.block; });
      editor.RemoveFrom(static_cast<size_t>(at - old->blocks.begin()), removal.id);
    }
    for (PostingRow& row : changes.inserted) editor.Insert(std::move(row));
    PutCell(cell, editor.Finish());
  }

  void PutCell(uint32_t cell, std::vector<PostingBlockNode> blocks) {
    PostingCellNode node;
    std::vector<UnitVector> centres;
    double widest = 0;
    for (const PostingBlockNode& block : blocks) {
      node.postings += block.rows;
      node.summary.Merge(block.summary);
      centres.push_back(block.circle.centre);
      widest = std::max(widest, block.circle.radius_chord);
    }
    node.circle = Enclosing(centres);
    node.circle.radius_chord += widest;
    node.cell = std::make_shared<const PostingCell>(PostingCell{.blocks = std::move(blocks)});
    seeds_.Mutable(cell) = PostingCellSeed::Of(node);
    cells_.Mutable(cell) = std::move(node);
  }

  PostingStore blocks_;
  PersistentVector<PostingCellNode> cells_;
  PersistentVector<PostingCellSeed> seeds_;  // by cell
  BlockLocator locator_;
  size_t posting_count_ = 0;
  RunListener<PostingId> to_locator_;
  absl::flat_hash_map<PostingId, std::optional<PostingRow>> waiting_;  // nullopt: to be removed
  absl::flat_hash_map<int32_t, uint32_t> cell_at_;                     // by map square
  SkillCounts counts_ = SkillCounts(kSkillIds);                        // of all ever put in
};

PostingIndex::PostingIndex() : writer_(std::make_unique<Writer>()) {}
PostingIndex::~PostingIndex() = default;

void PostingIndex::Upsert(const PostingProfile& posting) { writer_->Upsert(posting); }
void PostingIndex::Load(size_t count, const std::function<void(size_t, PostingProfile&)>& posting,
                        size_t threads) {
  writer_->Load(count, posting, threads);
}
bool PostingIndex::Remove(PostingId id) { return writer_->Remove(id); }

std::shared_ptr<const PostingSnapshot> PostingIndex::Publish() {
  return std::make_shared<const PostingSnapshot>(writer_->Publish());
}

}  // namespace leye::matcher
