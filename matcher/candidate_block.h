// Up to 512 people: their packed rows, who holds which skill, and a summary that bounds them all.
//
//   CandidateBlock block(rows);
//   CandidateRecord record;
//   block.Decode(row, record);                       // as it was put in
//
// Copyable, so that a writer may change a copy; thread-compatible, and shared only when it no
// longer changes.
#ifndef LEYE_MATCHER_CANDIDATE_BLOCK_H_
#define LEYE_MATCHER_CANDIDATE_BLOCK_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "hwy/cache_control.h"

#include "matcher/candidate_codec.h"
#include "matcher/column_table.h"
#include "matcher/skill_lists.h"

namespace leye::matcher {

// What holds for every person of a set. A bound made from it is a bound for each of them. Merging
// only widens, so a summary that was not narrowed after a removal is still right.
struct CandidateSummary {
  CandidateId least_id{std::numeric_limits<uint64_t>::max()};
  Day longest_waiting = Day::Max();  // the earliest first day without work; Max if nobody waits
  GroupSet groups;                   // all standing groups that occur
  int32_t least_wished_pay = std::numeric_limits<int32_t>::max();  // of those who wish one
  uint16_t near_reach_codes = 0;  // bit c: a person who is not far has ReachCode c
  uint16_t most_minutes = 0;      // of those who say how long they would travel; 0: nobody does
  bool any_ready = false;
  bool any_far = false;
  bool any_wants_to_go_out = false;
  bool any_without_wished_pay = false;
  // Somebody wishes: a trade, a form of work, a division.
  bool any_wished_trade = false;
  bool any_wished_form = false;
  bool any_wished_division = false;

  static CandidateSummary Of(const CandidateRow& row);
  void Merge(const CandidateSummary& other);
  // True if it holds for this person too.
  bool Covers(const CandidateRow& row) const;
  friend bool operator==(const CandidateSummary&, const CandidateSummary&) = default;
};

class CandidateBlockBuilder;

class CandidateBlock {
 public:
  static constexpr size_t kMaxRows = ColumnTable::kMaxRows;

  // REQUIRES: at most kMaxRows.
  explicit CandidateBlock(std::span<const CandidateRow> rows);

  size_t rows() const { return columns_.rows(); }
  const ColumnTable& columns() const { return columns_; }
  const SkillLists& skills() const { return *skills_; }
  const SharedSkillLists& shared_skills() const { return skills_; }
  const CandidateSummary& summary() const { return summary_; }
  bool any_wished_divisions() const { return !divisions_.empty(); }

  uint64_t Get(CandidateColumn column, size_t row) const {
    return columns_.Get(ColumnOf(column), row);
  }
  CandidateId IdOf(size_t row) const { return CandidateId(Get(CandidateColumn::kId, row)); }
  // Ask for the memory that filters and skills need, ahead of its use.
  void PrefetchColumns() const {
    columns_.Prefetch();
    hwy::Prefetch(skills_.get());
  }
  void PrefetchSkills() const { skills_->Prefetch(); }
  // Not found: nullopt.
  std::optional<size_t> FindRow(CandidateId id) const;

  CandidatePlacement PlacementAt(size_t row) const;
  // True if the person in this row has the same skills and wished divisions.
  bool HasListsOf(size_t row, const CandidateRow& other) const;

  // Overwrites `record`, whose memory is used again.
  void Decode(size_t row, CandidateRecord& record) const;
  CandidateRow Row(size_t row) const;
  std::vector<CandidateRow> AllRows() const;

  // Changes in place, for a copy that nobody else sees; the summary widens, and is right.
  // Puts a person in the place of the row. REQUIRES: HasListsOf(row, by).
  void Replace(size_t row, const CandidateRow& by);
  // REQUIRES: rows() < kMaxRows.
  void Append(const CandidateRow& row);
  // The last row takes the number of this one.
  void RemoveRow(size_t row);

  size_t MemoryBytes() const;

 private:
  friend class CandidateBlockBuilder;
  struct WishedDivision {
    uint16_t row;
    DivisionCode division;
  };

  CandidateBlock() = default;

  ColumnTable columns_;
  SharedSkillLists skills_;
  std::vector<WishedDivision> divisions_;  // of each row in the order wished
  CandidateSummary summary_;
};

// Makes blocks of people who come one by one, and uses its memory again for the next block.
class CandidateBlockBuilder {
 public:
  // REQUIRES: fewer than CandidateBlock::kMaxRows are in.
  void Add(const CandidateRow& row);
  // The block of those added, in that order. Afterwards nobody is in.
  CandidateBlock Build();

 private:
  using Values = std::array<uint64_t, CandidateBlock::kMaxRows>;

  size_t rows_ = 0;
  uint64_t said_ = 0;           // columns in which somebody's value is not 0
  std::vector<Values> values_;  // by column; right where said_
  std::vector<HeldSkill> skills_;
  std::vector<size_t> skill_counts_;  // of each row, in skills_
  std::vector<CandidateBlock::WishedDivision> divisions_;
  CandidateSummary summary_;
};

}  // namespace leye::matcher

#endif  // LEYE_MATCHER_CANDIDATE_BLOCK_H_
