#include "matcher/candidate_block.h"

#include <algorithm>
#include <array>
#include <utility>

namespace leye::matcher {
namespace {

using Column = CandidateColumn;

}  // namespace

CandidateSummary CandidateSummary::Of(const CandidateRow& row) {
  CandidateSummary summary;
  const uint64_t flags = row[Column::kFlags];
  const std::optional<int32_t> pay = WishedPay(row[Column::kWishedPay]);
  summary.least_id = row.id();
  summary.longest_waiting = UnemployedSince(row[Column::kUnemployedSince]).value_or(Day::Max());
  summary.groups = GroupSet::FromBits(static_cast<uint32_t>(row[Column::kStandingGroups]));
  if (pay.has_value()) summary.least_wished_pay = *pay;
  if (!row.far()) summary.near_reach_codes = static_cast<uint16_t>(1U << row[Column::kReach]);
  const uint64_t minutes = row[Column::kMaxMinutes];
  if (minutes != 0) summary.most_minutes = static_cast<uint16_t>(minutes - 1);
  summary.any_ready = row.ready();
  summary.any_far = row.far();
  summary.any_wants_to_go_out =
      ((flags >> static_cast<int>(CandidateFlag::kWantsToGoOut)) & 1) != 0;
  summary.any_without_wished_pay = !pay.has_value();
  summary.any_wished_trade = row[Column::kWishedTrade1] != 0;
  summary.any_wished_form = row[Column::kWorkForms] != 0;
  summary.any_wished_division = !row.wished_divisions.empty();
  return summary;
}

void CandidateSummary::Merge(const CandidateSummary& other) {
  least_id = std::min(least_id, other.least_id);
  longest_waiting = std::min(longest_waiting, other.longest_waiting);
  groups = groups | other.groups;
  least_wished_pay = std::min(least_wished_pay, other.least_wished_pay);
  near_reach_codes = static_cast<uint16_t>(near_reach_codes | other.near_reach_codes);
  most_minutes = std::max(most_minutes, other.most_minutes);
  any_ready = any_ready || other.any_ready;
  any_far = any_far || other.any_far;
  any_wants_to_go_out = any_wants_to_go_out || other.any_wants_to_go_out;
  any_without_wished_pay = any_without_wished_pay || other.any_without_wished_pay;
  any_wished_trade = any_wished_trade || other.any_wished_trade;
  any_wished_form = any_wished_form || other.any_wished_form;
  any_wished_division = any_wished_division || other.any_wished_division;
}

bool CandidateSummary::Covers(const CandidateRow& row) const {
  CandidateSummary with = *this;
  with.Merge(Of(row));
  return with == *this;
}

CandidateBlock::CandidateBlock(std::span<const CandidateRow> rows) {
  thread_local CandidateBlockBuilder builder;
  for (const CandidateRow& row : rows) builder.Add(row);
  *this = builder.Build();
}

std::optional<size_t> CandidateBlock::FindRow(CandidateId id) const {
  return columns_.FindRow(ColumnOf(Column::kId), id.value());
}

void CandidateBlock::Decode(size_t row, CandidateRecord& record) const {
  CandidateValues values;
  columns_.ReadRow(row, values);
  DecodeCandidate(values, record);
  record.candidate.skills.clear();
  skills_->AppendRow(row, record.candidate.skills);
  record.candidate.wished_divisions.clear();
  for (const WishedDivision& wished : divisions_) {
    if (wished.row == row) record.candidate.wished_divisions.push_back(wished.division);
  }
}

CandidateRow CandidateBlock::Row(size_t row) const {
  CandidateRow result;
  columns_.ReadRow(row, result.values);
  std::vector<HeldSkill> skills;
  skills_->AppendRow(row, skills);
  result.skills.assign(skills.begin(), skills.end());
  for (const WishedDivision& wished : divisions_) {
    if (wished.row == row) result.wished_divisions.push_back(wished.division);
  }
  return result;
}

std::vector<CandidateRow> CandidateBlock::AllRows() const {
  std::vector<CandidateRow> all(rows());
  for (size_t row = 0; row < all.size(); ++row) columns_.ReadRow(row, all[row].values);
  skills_->ForEach([&](size_t row, const HeldSkill& held) { all[row].skills.push_back(held); });
  for (const WishedDivision& wished : divisions_) {
    all[wished.row].wished_divisions.push_back(wished.division);
  }
  return all;
}

CandidatePlacement CandidateBlock::PlacementAt(size_t row) const {
  CandidateRow placing;
  for (const Column column : kPlacingColumns) {
    placing.values[ColumnOf(column)] = Get(column, row);
  }
  return PlacementOf(placing);
}

bool CandidateBlock::HasListsOf(size_t row, const CandidateRow& other) const {
  if (!skills_->RowHolds(row, other.skills)) return false;
  if (divisions_.empty()) return other.wished_divisions.empty();
  return std::ranges::equal(Row(row).wished_divisions, other.wished_divisions);
}

void CandidateBlock::Replace(size_t row, const CandidateRow& by) {
  if (!columns_.TryReplace(row, by.values)) {
    columns_ = columns_.With(CandidateForms(), row, by.values);
  }
  summary_.Merge(CandidateSummary::Of(by));
}

void CandidateBlock::Append(const CandidateRow& row) {
  const size_t number = rows();
  if (!columns_.TryAppend(row.values)) {
    columns_ = columns_.With(CandidateForms(), number, row.values);
  }
  if (!row.skills.empty()) {
    skills_ = std::make_shared<const SkillLists>(skills_->With(number, row.skills));
  }
  for (const DivisionCode division : row.wished_divisions) {
    divisions_.push_back({.row = static_cast<uint16_t>(number), .division = division});
  }
  summary_.Merge(CandidateSummary::Of(row));
}

void CandidateBlock::RemoveRow(size_t row) {
  const size_t last = rows() - 1;
  skills_ = std::make_shared<const SkillLists>(skills_->Without(row, last));
  std::erase_if(divisions_, [row](const WishedDivision& wished) { return wished.row == row; });
  for (WishedDivision& wished : divisions_) {
    if (wished.row == last) wished.row = static_cast<uint16_t>(row);
  }
  columns_.RemoveBySwap(row);
}

size_t CandidateBlock::MemoryBytes() const {
  return sizeof(*this) + columns_.MemoryBytes() + sizeof(SkillLists) + skills_->MemoryBytes() +
         divisions_.capacity() * sizeof(WishedDivision);
}

void CandidateBlockBuilder::Add(const CandidateRow& row) {
  values_.resize(kCandidateColumns);
  for (size_t column = 0; column < kCandidateColumns; ++column) {
    const uint64_t value = row.values[column];
    const uint64_t bit = uint64_t{1} << column;
    if (value != 0 && (said_ & bit) == 0) {
      std::fill_n(values_[column].begin(), rows_, 0);
      said_ |= bit;
    }
    if ((said_ & bit) != 0) values_[column][rows_] = value;
  }
  skills_.insert(skills_.end(), row.skills.begin(), row.skills.end());
  skill_counts_.push_back(row.skills.size());
  for (const DivisionCode division : row.wished_divisions) {
    divisions_.push_back({.row = static_cast<uint16_t>(rows_), .division = division});
  }
  summary_.Merge(CandidateSummary::Of(row));
  ++rows_;
}

CandidateBlock CandidateBlockBuilder::Build() {
  std::array<std::span<const uint64_t>, kCandidateColumns> columns;
  for (size_t column = 0; column < kCandidateColumns; ++column) {
    if (((said_ >> column) & 1) != 0) columns[column] = std::span(values_[column]).first(rows_);
  }
  std::array<std::span<const HeldSkill>, CandidateBlock::kMaxRows> skills;
  std::span<const HeldSkill> left = skills_;
  for (size_t row = 0; row < rows_; ++row) {
    skills[row] = left.first(skill_counts_[row]);
    left = left.subspan(skill_counts_[row]);
  }
  CandidateBlock block;
  block.columns_ = ColumnTable(CandidateForms(), columns, rows_);
  block.skills_ = std::make_shared<const SkillLists>(std::span(skills).first(rows_));
  block.divisions_ = divisions_;
  block.summary_ = std::exchange(summary_, CandidateSummary());
  rows_ = 0;
  said_ = 0;
  skills_.clear();
  skill_counts_.clear();
  divisions_.clear();
  return block;
}

}  // namespace leye::matcher
