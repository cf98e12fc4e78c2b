// How a snapshot of postings is laid out: cells of the map (half a degree) -> blocks, every node
// with a summary and a circle that encloses it. The postings of a cell stand in the order of their
// keys (posting_asks.h), then of their ids, so that blocks of a crowded cell ask much the same.
// Work at home has a cell of its own, whose place does not matter. Data without behaviour: made by
// the writer, read by the ranker.
#ifndef LEYE_MATCHER_POSTING_TABLES_H_
#define LEYE_MATCHER_POSTING_TABLES_H_

#include <array>
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
#include "matcher/float_circle.h"
#include "matcher/geo.h"
#include "matcher/persistent_vector.h"
#include "matcher/posting_codec.h"

namespace leye::matcher {

// The squared chord, widened, beyond which nobody is within the radius.
double RadiusChord(std::optional<Kilometres> radius);

// The number of the map square, half a degree wide, that the row belongs to; nullopt: work at home.
std::optional<int32_t> MapSquareOf(const PostingRow& row);

// What holds for every posting of a set.
struct PostingSummary {
  PostingId least_id{std::numeric_limits<uint64_t>::max()};
  int32_t greatest_pay = std::numeric_limits<int32_t>::min();  // PostedPay, of those who say one
  EnumSet<Channel> channels;
  bool any_without_pay = false;
  bool any_lodging = false;
  bool any_takes_people = false;
  uint8_t least_education = std::numeric_limits<uint8_t>::max();  // PostingColumn::kEducation
  uint8_t least_age = std::numeric_limits<uint8_t>::max();
  uint8_t most_age = 0;
  double radius_chord = 0;  // squared and widened: nobody farther away is within any radius
  AskSummary asks;

  static PostingSummary Of(const PostingRow& row);
  void Merge(const PostingSummary& other);
};

// Everything of a set lies within `radius_chord` of `centre`, on and in the unit sphere.
struct Circle {
  UnitVector centre;
  double radius_chord = 0;
};
Circle Enclosing(std::span<const UnitVector> points);

// Rows of one key, one after the other.
struct AskRun {
  AskKey key;
  uint16_t end = 0;  // one past its last row
};

// Postings of a cell that stand together, at most 256. Immutable.
class PostingBlock {
 public:
  static constexpr size_t kMaxRows = 256;

  // REQUIRES: ascending by key.
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
  // A squared chord that this place is not nearer to the row than.
  double LeastChord(size_t row, const UnitVector& from) const;
  std::span<const uint32_t> AsksOf(size_t row) const {
    return std::span(asks_).subspan(ask_starts_[row], ask_starts_[row + 1] - ask_starts_[row]);
  }
  // Start to bring in what the search reads, without waiting: of the block; of rows first <= r <
  // end.
  void Prefetch() const;
  void PrefetchRows(size_t first, size_t end) const;
  // Ascending by key; together all rows.
  std::span<const AskRun> runs() const { return runs_; }
  // Not found: nullopt.
  std::optional<size_t> FindRow(PostingId id) const;
  // Overwrites `posting`, whose memory is used again.
  void Decode(size_t row, PostingProfile& posting) const;
  PostingRow Row(size_t row) const;
  std::vector<PostingRow> AllRows() const;

  size_t MemoryBytes() const;

 private:
  // Where a row lies: from the circle's centre, in steps of `step_`.
  using Offset = std::array<int16_t, 3>;

  void AddConditions(std::span<const PostingRow> rows);
  void AddAsks(const PostingRow& row);
  void AddPlaces(std::span<const UnitVector> places);

  ColumnTable columns_;
  std::vector<uint32_t> ask_starts_;  // of each row's words; one more at the end
  std::vector<uint32_t> asks_;
  std::vector<AskRun> runs_;
  std::vector<Offset> offsets_;
  double step_ = 0;
  std::vector<uint32_t> condition_starts_;  // by number
  std::vector<uint8_t> conditions_;
  PostingSummary summary_;
  Circle circle_;
};

// The order of postings in a cell.
struct PostingKey {
  AskKey asks;
  PostingId id;

  friend auto operator<=>(const PostingKey&, const PostingKey&) = default;
};

struct PostingBlockNode {
  BlockNumber block = 0;
  uint32_t rows = 0;
  PostingKey first;
  PostingSummary summary;
  Circle circle;
};

// For BlockRunEditor.
struct PostingRun {
  using Row = PostingRow;
  using Id = PostingId;
  using Key = PostingKey;
  using Block = PostingBlock;
  using Node = PostingBlockNode;

  static constexpr size_t kMaxRows = PostingBlock::kMaxRows;
  static constexpr size_t kRowsAfterSplit = 192;

  static PostingKey KeyOf(const PostingRow& row) { return {.asks = row.key, .id = row.id()}; }
  static PostingId IdOf(const PostingRow& row) { return row.id(); }
  static PostingBlockNode NodeOf(BlockNumber number, std::span<const PostingRow> rows,
                                 const PostingBlock& block) {
    return {.block = number,
            .rows = static_cast<uint32_t>(rows.size()),
            .first = KeyOf(rows.front()),
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

// What the first look at a cell needs, and no more.
struct PostingCellSeed {
  FloatCircle circle;
  float reach_chord = -1;  // of its postings, plus the circle's; nobody farther is within reach
  bool takes_people = false;
  uint8_t least_education = 0;
  uint8_t least_age = 0;
  uint8_t most_age = 0;

  static PostingCellSeed Of(const PostingCellNode& node);
};

struct PostingTables {
  // The cell of work at home.
  static constexpr uint32_t kAnywhere = 0;

  BlockStore<PostingBlock>::Blocks blocks;  // by BlockNumber; null: free
  PersistentVector<PostingCellNode> cells;
  PersistentVector<PostingCellSeed> seeds;  // by cell
  BlockLocator locator;                     // PostingId -> block
  size_t posting_count = 0;
};

}  // namespace leye::matcher

#endif  // LEYE_MATCHER_POSTING_TABLES_H_
