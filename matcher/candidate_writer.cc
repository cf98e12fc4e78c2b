#include "matcher/candidate_writer.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "hwy/cache_control.h"

#include "matcher/candidate_cells.h"
#include "matcher/parallel_for.h"

namespace leye::matcher {
namespace {

// Waiting rows take half a kilobyte each.
constexpr size_t kMostWaiting = size_t{1} << 16;
constexpr size_t kChangesAhead = 8;
// Cells of the map: squares of half a degree.
constexpr double kCellsPerDegree = 2;
constexpr int32_t kCellsPerCircle = 1024;

int32_t GridSquare(GeoPoint location) {
  const auto row = static_cast<int32_t>(std::floor(location.latitude_degrees() * kCellsPerDegree));
  const auto column =
      static_cast<int32_t>(std::floor(location.longitude_degrees() * kCellsPerDegree));
  return row * kCellsPerCircle + column;
}

// As MeritKey says: a person who would otherwise stand in the same place stays.
void KeepPlace(const CandidatePlacement& before, CandidateRow& row) {
  uint64_t& stands_last = row.values[ColumnOf(CandidateColumn::kStandsLast)];
  const uint64_t own = stands_last;
  stands_last = before.stands_last ? 1 : 0;
  if (PlacementOf(row) != before) stands_last = own;
}

}  // namespace

CandidateWriter::CandidateWriter() {
  cells_.PushBack(EmptyCell());
  seeds_.PushBack(FloatCircle());
  to_locator_ = {.on_insert = [this](CandidateId id,
                                     BlockNumber block) { locator_.Insert(id.value(), block); },
                 .on_move =
                     [this](CandidateId id, BlockNumber from, BlockNumber to) {
                       locator_.Erase(id.value(), from);
                       locator_.Insert(id.value(), to);
                     }};
}

std::optional<CandidateWriter::Place> CandidateWriter::Find(CandidateId id) const {
  std::optional<size_t> row;
  const std::optional<BlockNumber> block = locator_.Find(id.value(), [&](BlockNumber number) {
    row = blocks_.Get(number).FindRow(id);
    return row.has_value();
  });
  if (!block.has_value()) return std::nullopt;
  return Place{.block = *block, .row = *row};
}

bool CandidateWriter::IsIn(CandidateId id) const {
  const auto waiting = waiting_at_.find(id);
  if (waiting != waiting_at_.end()) return waiting_[waiting->second].row.has_value();
  return Find(id).has_value();
}

CandidateRow CandidateWriter::CurrentRow(CandidateId id) const {
  const auto waiting = waiting_at_.find(id);
  if (waiting != waiting_at_.end()) return *waiting_[waiting->second].row;
  const std::optional<Place> place = Find(id);
  return blocks_.Get(place->block).Row(place->row);
}

void CandidateWriter::Wait(CandidateId id, std::optional<CandidateRow> row) {
  const auto [at, is_new] = waiting_at_.try_emplace(id, static_cast<uint32_t>(waiting_.size()));
  if (is_new) {
    waiting_.push_back({.id = id, .row = std::move(row)});
  } else {
    waiting_[at->second].row = std::move(row);
  }
  if (waiting_.size() >= kMostWaiting) ApplyChanges();
}

void CandidateWriter::LeaveHousehold(HouseholdId household, CandidateId id) {
  const auto found = households_.find(household);
  if (found == households_.end()) return;
  auto& members = found->second.members;
  members.erase(std::remove(members.begin(), members.end(), id), members.end());
  if (members.empty() && !found->second.known) households_.erase(found);
}

void CandidateWriter::Upsert(const CandidateProfile& candidate) {
  // HouseholdId() is "none": nobody shares it.
  const bool has_household = candidate.household != HouseholdId();
  if (!households_.empty() && IsIn(candidate.id)) {
    const CandidateRow before = CurrentRow(candidate.id);
    LeaveHousehold(HouseholdId(before[CandidateColumn::kHousehold]), candidate.id);
  }
  if (has_household) households_[candidate.household].members.push_back(candidate.id);
  Put(EncodeCandidate(candidate, ProfileOf(candidate.household)));
}

HouseholdProfile CandidateWriter::ProfileOf(HouseholdId household) const {
  const auto found = households_.find(household);
  if (found != households_.end() && found->second.known) return found->second.profile;
  HouseholdProfile unknown;
  unknown.id = household;
  return unknown;
}

std::vector<BlockNode> CandidateWriter::Keep(CandidateLoader::Run run) {
  std::vector<BlockNode> nodes;
  for (CandidateLoader::Loaded& loaded : run) {
    nodes.push_back(loaded.node);
    nodes.back().block = blocks_.Add(std::move(loaded.block));
  }
  return nodes;
}

void CandidateWriter::LoadArea(AreaIndex area, CandidateLoader::Run run,
                               std::map<uint32_t, std::unique_ptr<Cell>>& cells) {
  const AreaPlace& place = PlaceOf(area);
  auto [cell, inserted] = cells.try_emplace(place.cell);
  if (inserted) {
    cell->second = std::make_unique<Cell>(*cells_[place.cell].cell);
    cell->second->sieves.clear();
  }
  const std::vector<BlockNode> blocks = Keep(std::move(run));
  std::vector<AreaNode>& areas = cell->second->areas;
  const auto empty = std::ranges::find(areas, area, &AreaNode::area);
  if (empty != areas.end()) areas.erase(empty);
  AreaNode node = NewArea(area, place.at);
  Recount(blocks, blocks_, node);
  AppendArea(node, blocks, *cell->second);
  candidate_count_ += node.people;
}

void CandidateWriter::Load(size_t count,
                           const std::function<void(size_t, CandidateProfile&)>& candidate,
                           size_t threads) {
  CandidateLoader loader(
      count,
      [&](size_t first, std::span<CandidateRow> rows) {
        thread_local std::array<CandidateProfile, CandidateLoader::kMostTogether> profiles;
        for (size_t i = 0; i < rows.size(); ++i) {
          candidate(first + i, profiles[i]);
          // Households lie all over a large table: they are asked for before they are needed.
          households_.prefetch(profiles[i].household);
        }
        for (size_t i = 0; i < rows.size(); ++i) {
          rows[i] = EncodeCandidate(profiles[i], ProfileOf(profiles[i].household));
        }
      },
      threads);
  loader.Build();
  std::map<uint32_t, std::unique_ptr<Cell>> cells;
  for (uint32_t area = 0; area < loader.by_area().size(); ++area) {
    CandidateLoader::Run& run = loader.by_area()[area];
    if (!run.empty()) LoadArea(AreaIndex(area), std::move(run), cells);
  }
  PutCells(std::move(cells), threads);
  for (CandidateLoader::Run& run : loader.far()) far_.Append(Keep(std::move(run)), blocks_);
  // Neither looks at what the other writes.
  ParallelFor(2, threads, [&](size_t step) {
    if (step == 0) GrowLocator(count, threads);
    if (step == 1) JoinHouseholds();
  });
}

void CandidateWriter::PutCells(std::map<uint32_t, std::unique_ptr<Cell>>&& cells, size_t threads) {
  std::vector<Cell*> contents;
  for (const auto& [number, content] : cells) contents.push_back(content.get());
  ParallelFor(contents.size(), threads,
              [&](size_t i) { contents[i]->sieves = SievesOf(*contents[i], blocks_); });
  for (auto& [number, content] : cells) PutCell(number, std::move(content));
}

void CandidateWriter::JoinHouseholds() {
  for (size_t c = 0; c < cells_.size(); ++c) {
    for (const BlockNode& node : cells_[c].cell->blocks) {
      const CandidateBlock& block = blocks_.Get(node.block);
      std::array<uint64_t, CandidateBlock::kMaxRows> ids;
      const auto of_block = std::span(ids).first(block.rows());
      block.columns().ReadColumn(ColumnOf(CandidateColumn::kHousehold), of_block);
      for (const uint64_t id : of_block) households_.prefetch(HouseholdId(id));
      for (size_t row = 0; row < of_block.size(); ++row) {
        const HouseholdId household(of_block[row]);
        if (household != HouseholdId()) households_[household].members.push_back(block.IdOf(row));
      }
    }
  }
}

bool CandidateWriter::Remove(CandidateId id) {
  if (!IsIn(id)) return false;
  if (!households_.empty()) {
    LeaveHousehold(HouseholdId(CurrentRow(id)[CandidateColumn::kHousehold]), id);
  }
  Wait(id, std::nullopt);
  return true;
}

void CandidateWriter::JudgeMembersAnew(const Household& household) {
  if (household.members.empty()) return;
  // A copy: Put may apply changes, and the members are asked of the row.
  const HouseholdProfile profile = household.profile;
  const auto members = household.members;
  for (const CandidateId member : members) {
    CandidateRow row = CurrentRow(member);
    EncodeHousehold(profile, row);
    Put(std::move(row));
  }
}

void CandidateWriter::UpsertHousehold(const HouseholdProfile& household) {
  if (household.id == HouseholdId()) return;
  Household& record = households_[household.id];
  record.known = true;
  record.profile = household;
  JudgeMembersAnew(record);
}

bool CandidateWriter::RemoveHousehold(HouseholdId id) {
  const auto found = households_.find(id);
  if (found == households_.end() || !found->second.known) return false;
  found->second.known = false;
  found->second.profile = HouseholdProfile();
  found->second.profile.id = id;
  JudgeMembersAnew(found->second);
  if (found->second.members.empty()) households_.erase(found);
  return true;
}

AreaPlace& CandidateWriter::PlaceOf(AreaIndex area) {
  if (area.value() >= places_.size()) places_.Resize(area.value() + size_t{1});
  return places_.Mutable(area.value());
}

uint32_t CandidateWriter::CellAt(GeoPoint location) {
  const auto [found, inserted] = cell_at_.try_emplace(GridSquare(location), 0);
  if (inserted) {
    found->second = static_cast<uint32_t>(cells_.size());
    cells_.PushBack(EmptyCell());
    seeds_.PushBack(FloatCircle());
  }
  return found->second;
}

void CandidateWriter::PutCell(uint32_t cell, std::unique_ptr<Cell> content) {
  content->areas.shrink_to_fit();
  content->blocks.shrink_to_fit();
  if (content->sieves.empty()) content->sieves = SievesOf(*content, blocks_);
  CellNode node = SeenFromAbove(*content);
  node.cell = std::move(content);
  seeds_.Mutable(cell) = FloatCircle::Around(node.centre, node.radius_chord);
  cells_.Mutable(cell) = std::move(node);
}

void CandidateWriter::MoveArea(AreaIndex area, uint32_t to_cell) {
  AreaPlace& place = places_.Mutable(area.value());
  AreaNode moving = NewArea(area, place.at);
  std::vector<BlockNode> run;
  const Cell& old = *cells_[place.cell].cell;
  auto rest = std::make_unique<Cell>();
  for (const AreaNode& node : old.areas) {
    const auto blocks = RunOf(old, node);
    if (node.area == area) {
      run.assign(blocks.begin(), blocks.end());
    } else {
      AppendArea(node, blocks, *rest);
    }
  }
  PutCell(place.cell, std::move(rest));
  auto grown = std::make_unique<Cell>(*cells_[to_cell].cell);
  grown->sieves.clear();
  Recount(run, blocks_, moving);
  AppendArea(moving, run, *grown);
  PutCell(to_cell, std::move(grown));
  place.cell = to_cell;
}

void CandidateWriter::UpsertArea(const AreaProfile& area) {
  const uint32_t cell = CellAt(area.location);
  AreaPlace& place = PlaceOf(area.index);
  if (!place.known) ++area_count_;
  place.known = true;
  place.profile = area;
  place.at = ToUnitVector(area.location);
  MoveArea(area.index, cell);
}

bool CandidateWriter::RemoveArea(AreaIndex area) {
  if (area.value() >= places_.size() || !places_[area.value()].known) return false;
  AreaPlace& place = places_.Mutable(area.value());
  place.known = false;
  --area_count_;
  MoveArea(area, CandidateTables::kNowhere);
  return true;
}

void CandidateWriter::GrowLocator(size_t size, size_t threads) {
  locator_.Rebuild(
      size, cells_.size(),
      [&](size_t cell, const BlockLocator::Put& put) {
        std::array<uint64_t, CandidateBlock::kMaxRows> ids;
        for (const BlockNode& node : cells_[cell].cell->blocks) {
          const CandidateBlock& block = blocks_.Get(node.block);
          const auto of_block = std::span(ids).first(block.rows());
          block.columns().ReadColumn(ColumnOf(CandidateColumn::kId), of_block);
          for (const uint64_t id : of_block) put(id, node.block);
        }
      },
      threads);
}

bool CandidateWriter::TryReplace(const Place& at, const CandidatePlacement& before,
                                 const CandidateRow& row) {
  const CandidateBlock& block = blocks_.Get(at.block);
  if (PlacementOf(row) != before || !block.HasListsOf(at.row, row)) return false;
  // What is known of a block from above must stay right.
  if (!block.summary().Covers(row)) return false;
  if (before.far) {
    const BlockNumber number = far_.BlockFor(before.key);
    const CandidateBlock& far = blocks_.Get(number);
    if (!far.summary().Covers(row)) return false;
    replacements_.push_back({.at = {.block = number, .row = *far.FindRow(row.id())}, .by = &row});
  }
  replacements_.push_back({.at = at, .by = &row});
  return true;
}

void CandidateWriter::PrefetchFor(size_t next) const {
  const auto id_at = [&](size_t ahead) {
    return waiting_[std::min(next + ahead, waiting_.size() - 1)].id.value();
  };
  const auto likely_block = [&](uint64_t id) {
    return locator_.Find(id, [](BlockNumber) { return true; });
  };
  locator_.Prefetch(id_at(3 * kChangesAhead));
  if (const auto block = likely_block(id_at(2 * kChangesAhead)); block.has_value()) {
    hwy::Prefetch(&blocks_.Get(*block));
  }
  if (const auto block = likely_block(id_at(kChangesAhead)); block.has_value()) {
    blocks_.Get(*block).PrefetchColumns();
  }
}

CandidateWriter::ChangesByArea CandidateWriter::SortChanges() {
  ChangesByArea changes;
  for (size_t i = 0; i < waiting_.size(); ++i) {
    PrefetchFor(i);
    auto& [id, row] = waiting_[i];
    const std::optional<Place> place = Find(id);
    if (place.has_value()) {
      const CandidatePlacement before = blocks_.Get(place->block).PlacementAt(place->row);
      if (row.has_value()) {
        KeepPlace(before, *row);
        if (TryReplace(*place, before, *row)) continue;
      }
      changes[before.area.value()].removed.push_back({.id = id, .block = place->block});
      if (before.far) far_.Remove(before.key);
      --candidate_count_;
    }
    if (!row.has_value()) continue;
    ++candidate_count_;
    if (row->far()) far_.Insert(*row);
    changes[row->area().value()].inserted.push_back(std::move(*row));
  }
  return changes;
}

void CandidateWriter::MakeReplacements() {
  std::ranges::sort(replacements_, {}, [](const Replacement& r) { return r.at.block; });
  for (auto next = replacements_.begin(); next != replacements_.end();) {
    const BlockNumber number = next->at.block;
    auto block = std::make_shared<CandidateBlock>(blocks_.Get(number));
    for (; next != replacements_.end() && next->at.block == number; ++next) {
      block->Replace(next->at.row, *next->by);
    }
    blocks_.Replace(number, std::move(block));
  }
  replacements_.clear();
}

void CandidateWriter::ApplyChanges() {
  ChangesByArea changes = SortChanges();
  MakeReplacements();
  waiting_.clear();
  waiting_at_.clear();
  // Room first: afterwards the table is asked for people only where it is right.
  size_t inserts = 0;
  for (const auto& [area, change] : changes) inserts += change.inserted.size();
  if (locator_.RoomLeft() < inserts) GrowLocator(locator_.size() + inserts, 1);
  for (const auto& [area, change] : changes) {
    for (const auto& removal : change.removed) locator_.Erase(removal.id.value(), removal.block);
  }
  std::map<uint32_t, ChangesByArea> by_cell;
  for (auto& [area, change] : changes) {
    by_cell[PlaceOf(AreaIndex(area)).cell].emplace(area, std::move(change));
  }
  for (auto& [cell, of_cell] : by_cell) ApplyToCell(cell, of_cell);
  far_.Apply(blocks_);
}

void CandidateWriter::ApplyToCell(uint32_t cell, ChangesByArea& changes) {
  const std::shared_ptr<const Cell> old = cells_[cell].cell;
  auto content = std::make_unique<Cell>();
  const auto edit = [&](AreaNode area, std::span<const BlockNode> run, AreaChanges& change) {
    const std::vector<BlockNode> edited = EditRun(run, change);
    Recount(edited, blocks_, area);
    AppendArea(area, edited, *content);
  };
  for (const AreaNode& area : old->areas) {
    const auto found = changes.find(area.area.value());
    if (found == changes.end()) {
      AppendArea(area, RunOf(*old, area), *content);
    } else {
      edit(area, RunOf(*old, area), found->second);
      changes.erase(found);
    }
  }
  // Areas named for the first time; nobody has said where they are.
  for (auto& [area, change] : changes) {
    edit(NewArea(AreaIndex(area), places_[area].at), {}, change);
  }
  content->sieves = KeepSieves(*old, blocks_, *content);
  PutCell(cell, std::move(content));
}

std::vector<BlockNode> CandidateWriter::EditRun(std::span<const BlockNode> run,
                                                AreaChanges& change) {
  BlockRunEditor<CandidateRun> editor(blocks_, run, to_locator_);
  for (const auto& removal : change.removed) {
    const auto at = std::ranges::find(run, removal.block, &BlockNode::block);
    editor.RemoveFrom(static_cast<size_t>(at - run.begin()), removal.id);
  }
  for (CandidateRow& row : change.inserted) editor.Insert(std::move(row));
  return editor.Finish();
}

std::unique_ptr<const CandidateTables> CandidateWriter::Publish() {
  ApplyChanges();
  auto tables = std::make_unique<CandidateTables>();
  tables->blocks = blocks_.Share();
  tables->places = places_.Share();
  tables->cells = cells_.Share();
  tables->seeds = seeds_.Share();
  tables->far = far_.nodes();
  tables->locator = locator_.Share();
  tables->candidate_count = candidate_count_;
  tables->ranked_count = candidate_count_ - cells_[CandidateTables::kNowhere].people;
  tables->area_count = area_count_;
  return tables;
}

}  // namespace leye::matcher
