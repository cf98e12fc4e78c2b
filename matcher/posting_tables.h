// How a snapshot of postings is laid out: cells of the map (half a degree) -> blocks of
// neighbouring postings, every node with a summary and a circle that encloses it. Work at home has
// a cell of its own, whose place does not matter. Data without behaviour: made by the writer, read
// by the ranker.
#ifndef LEYE_MATCHER_POSTING_TABLES_H_
#define LEYE_MATCHER_POSTING_TABLES_H_

#include <compare>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "matcher/block_locator.h"
#include "matcher/block_run.h"
#include "matcher/geo.h"
#include "matcher/persistent_vector.h"
#include "matcher/posting_codec.h"

namespace leye::matcher {

// What holds for every posting of a set.
struct PostingSummary {
  PostingId least_id{std::numeric_limits<uint64_t>::max()};
  int32_t greatest_pay = std::numeric_limits<int32_t>::min();  // PostedPay, of those who say one
  EnumSet<Channel> channels;
  bool any_without_pay = false;
  bool any_lodging = false;
  bool any_takes_people = false;

  static PostingSummary Of(const PostingRow& row);
  void Merge(const PostingSummary& other);
};

// Everything of a set lies within `radius_chord` of `centre`, on and in the unit sphere.
struct Circle {
  UnitVector centre;
  double radius_chord = 0;
};
Circle Enclosing(std::span<const UnitVector> points);

// Postings of one neighbourhood, at most 256. Immutable.
class PostingBlock {
 public:
  static constexpr size_t kMaxRows = 256;

  explicit PostingBlock(std::span<const PostingRow> rows);

  size_t rows() const { return columns_.rows(); }
  const ColumnTable& columns() const { return columns_; }
  const PostingSummary& summary() const { return summary_; }
  const Circle& circle() const { return circle_; }

  uint64_t Get(PostingColumn column, size_t row) const {
    return columns_.Get(ColumnOf(column), row);
  }
  PostingId IdOf(size_t row) const { return PostingId(Get(PostingColumn::kId, row)); }
  UnitVector PlaceOf(size_t row) const;
  // Not found: nullopt.
  std::optional<size_t> FindRow(PostingId id) const;
  // Overwrites `posting`, whose memory is used again.
  void Decode(size_t row, PostingProfile& posting) const;
  PostingRow Row(size_t row) const;
  std::vector<PostingRow> AllRows() const;

  size_t MemoryBytes() const;

 private:
  ColumnTable columns_;
  std::vector<uint32_t> starts_;  // of each row's bytes; one more at the end
  std::vector<uint8_t> rest_;
  PostingSummary summary_;
  Circle circle_;
};

// Postings of a cell stand in the order of small squares, so that blocks are compact.
struct PlaceKey {
  int32_t square = 0;
  PostingId id;

  static PlaceKey Of(const PostingRow& row);
  friend auto operator<=>(const PlaceKey&, const PlaceKey&) = default;
};

struct PostingBlockNode {
  BlockNumber block = 0;
  uint32_t rows = 0;
  PlaceKey first;
  PostingSummary summary;
  Circle circle;
};

// For BlockRunEditor.
struct PostingRun {
  using Row = PostingRow;
  using Id = PostingId;
  using Key = PlaceKey;
  using Block = PostingBlock;
  using Node = PostingBlockNode;

  static constexpr size_t kMaxRows = PostingBlock::kMaxRows;
  static constexpr size_t kRowsAfterSplit = 192;

  static PlaceKey KeyOf(const PostingRow& row) { return PlaceKey::Of(row); }
  static PostingId IdOf(const PostingRow& row) { return row.id(); }
  static PostingBlockNode NodeOf(BlockNumber number, std::span<const PostingRow> rows,
                                 const PostingBlock& block) {
    return {.block = number,
            .rows = static_cast<uint32_t>(rows.size()),
            .first = PlaceKey::Of(rows.front()),
            .summary = block.summary(),
            .circle = block.circle()};
  }
  // Blocks of postings are built again for every change.
  static bool Patch(std::span<const PostingId>, std::span<const PostingRow>, PostingBlock&) {
    return false;
  }
};
using PostingStore = BlockStore<PostingBlock>;

struct PostingCell {
  std::vector<PostingBlockNode> blocks;
};

struct PostingCellNode {
  std::shared_ptr<const PostingCell> cell;
  uint32_t postings = 0;
  PostingSummary summary;
  Circle circle;
};

struct PostingTables {
  // The cell of work at home.
  static constexpr uint32_t kAnywhere = 0;

  PersistentVector<std::shared_ptr<const PostingBlock>> blocks;  // by BlockNumber; null: free
  PersistentVector<PostingCellNode> cells;
  BlockLocator locator;  // PostingId -> block
  size_t posting_count = 0;
};

}  // namespace leye::matcher

#endif  // LEYE_MATCHER_POSTING_TABLES_H_
