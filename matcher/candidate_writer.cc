#include "matcher/candidate_writer.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace leye::matcher {
namespace {

// Waiting rows take half a kilobyte each.
constexpr size_t kMostWaiting = size_t{1} << 16;
// Cells of the map: squares of half a degree.
constexpr double kCellsPerDegree = 2;
constexpr int32_t kCellsPerCircle = 1024;

int32_t GridSquare(GeoPoint location) {
  const auto row = static_cast<int32_t>(std::floor(location.latitude_degrees() * kCellsPerDegree));
  const auto column =
      static_cast<int32_t>(std::floor(location.longitude_degrees() * kCellsPerDegree));
  return row * kCellsPerCircle + column;
}

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

CellNode EmptyCell() {
  CellNode node;
  node.cell = std::make_shared<const Cell>();
  return node;
}

AreaNode NewArea(AreaIndex area, const UnitVector& at) {
  AreaNode node;
  node.area = area;
  node.at = at;
  return node;
}

// Writes an area and its run at the end of a cell.
void AppendArea(AreaNode area, std::span<const BlockNode> run, Cell& cell) {
  area.first_block = static_cast<uint32_t>(cell.blocks.size());
  area.block_count = static_cast<uint32_t>(run.size());
  cell.blocks.insert(cell.blocks.end(), run.begin(), run.end());
  cell.areas.push_back(area);
}

// Counts an area's people anew.
void Recount(std::span<const BlockNode> run, const CandidateStore& store, AreaNode& area) {
  area.people = 0;
  area.summary = CandidateSummary();
  for (const BlockNode& node : run) {
    area.people += static_cast<uint32_t>(store.Get(node.block).rows());
    area.summary.Merge(node.summary);
  }
}

// Who holds which skill in the blocks of a cell.
std::vector<std::shared_ptr<const SkillSieve>> SievesOf(const Cell& cell,
                                                        const CandidateStore& store) {
  std::vector<std::shared_ptr<const SkillSieve>> sieves;
  const std::span<const BlockNode> blocks(cell.blocks);
  for (size_t first = 0; first < blocks.size(); first += SkillSieve::kMaxBlocks) {
    const size_t count = std::min(SkillSieve::kMaxBlocks, blocks.size() - first);
    std::vector<SharedSkillLists> lists;
    lists.reserve(count);
    for (const BlockNode& node : blocks.subspan(first, count)) {
      lists.push_back(store.Get(node.block).shared_skills());
    }
    sieves.push_back(std::make_shared<const SkillSieve>(std::move(lists)));
  }
  return sieves;
}

// The blocks of a run and who holds what in them: equal as long as nobody's skills change.
struct RunSkills {
  std::vector<BlockNumber> blocks;
  std::vector<SharedSkillLists> lists;

  RunSkills(std::span<const BlockNode> run, const CandidateStore& store) {
    for (const BlockNode& node : run) {
      blocks.push_back(node.block);
      lists.push_back(store.Get(node.block).shared_skills());
    }
  }
  friend bool operator==(const RunSkills&, const RunSkills&) = default;
};

// As MeritKey says.
void KeepPlace(const CandidateRow& before, CandidateRow& row) {
  if (!before.stands_last()) row.values[ColumnOf(CandidateColumn::kStandsLast)] = 0;
}

std::span<const BlockNode> RunOf(const Cell& cell, const AreaNode& area) {
  return std::span(cell.blocks).subspan(area.first_block, area.block_count);
}

}  // namespace

CandidateWriter::CandidateWriter() {
  cells_.PushBack(EmptyCell());
  to_locator_ = {.on_insert = [this](CandidateId id,
                                     BlockNumber block) { locator_.Insert(id.value(), block); },
                 .on_move =
                     [this](CandidateId id, BlockNumber from, BlockNumber to) {
                       locator_.Erase(id.value(), from);
                       locator_.Insert(id.value(), to);
                     }};
}

std::optional<BlockNumber> CandidateWriter::BlockOf(CandidateId id) const {
  return locator_.Find(
      id.value(), [&](BlockNumber block) { return blocks_.Get(block).FindRow(id).has_value(); });
}

bool CandidateWriter::IsIn(CandidateId id) const {
  const auto waiting = waiting_.find(id);
  if (waiting != waiting_.end()) return waiting->second.has_value();
  return BlockOf(id).has_value();
}

CandidateRow CandidateWriter::CurrentRow(CandidateId id) const {
  const auto waiting = waiting_.find(id);
  if (waiting != waiting_.end()) return *waiting->second;
  const CandidateBlock& block = blocks_.Get(*BlockOf(id));
  return block.Row(*block.FindRow(id));
}

void CandidateWriter::Put(CandidateRow row) {
  const CandidateId id = row.id();
  waiting_[id] = std::move(row);
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
      [&](size_t i) {
        thread_local CandidateProfile profile;
        candidate(i, profile);
        return EncodeCandidate(profile, ProfileOf(profile.household));
      },
      threads);
  loader.Build();
  std::map<uint32_t, std::unique_ptr<Cell>> cells;
  for (uint32_t area = 0; area < loader.by_area().size(); ++area) {
    CandidateLoader::Run& run = loader.by_area()[area];
    if (!run.empty()) LoadArea(AreaIndex(area), std::move(run), cells);
  }
  for (auto& [cell, content] : cells) PutCell(cell, std::move(content));
  for (CandidateLoader::Run& run : loader.far()) far_.Append(Keep(std::move(run)), blocks_);
  GrowLocator(count);
  JoinHouseholds();
}

void CandidateWriter::JoinHouseholds() {
  for (size_t c = 0; c < cells_.size(); ++c) {
    for (const BlockNode& node : cells_[c].cell->blocks) {
      const CandidateBlock& block = blocks_.Get(node.block);
      for (size_t row = 0; row < block.rows(); ++row) {
        const HouseholdId household(block.Get(CandidateColumn::kHousehold, row));
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
  waiting_[id] = std::nullopt;
  return true;
}

void CandidateWriter::JudgeMembersAnew(const Household& household) {
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
  }
  return found->second;
}

void CandidateWriter::PutCell(uint32_t cell, std::unique_ptr<Cell> content) {
  CellNode& node = cells_.Mutable(cell);
  node.people = 0;
  node.summary = CandidateSummary();
  for (const AreaNode& area : content->areas) {
    node.people += area.people;
    node.summary.Merge(area.summary);
  }
  Enclose(content->areas, node);
  content->areas.shrink_to_fit();
  content->blocks.shrink_to_fit();
  if (content->sieves.empty()) content->sieves = SievesOf(*content, blocks_);
  node.cell = std::move(content);
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

void CandidateWriter::GrowLocator(size_t size) {
  using Put = std::function<void(uint64_t, uint32_t)>;
  const auto put_block = [&](const BlockNode& node, const Put& put) {
    const CandidateBlock& block = blocks_.Get(node.block);
    for (size_t row = 0; row < block.rows(); ++row) put(block.IdOf(row).value(), node.block);
  };
  locator_.Rebuild(size, [&](const Put& put) {
    for (size_t c = 0; c < cells_.size(); ++c) {
      for (const BlockNode& node : cells_[c].cell->blocks) put_block(node, put);
    }
  });
}

CandidateWriter::ChangesByArea CandidateWriter::TakeChanges() {
  ChangesByArea changes;
  for (auto& [id, row] : waiting_) {
    const std::optional<BlockNumber> block = BlockOf(id);
    if (block.has_value()) {
      const CandidateBlock& old = blocks_.Get(*block);
      CandidateRow before;  // its lists are not needed
      old.columns().ReadRow(*old.FindRow(id), before.values);
      changes[before.area().value()].removed.push_back({.id = id, .block = *block});
      if (row.has_value()) KeepPlace(before, *row);
      if (before.far()) far_.Remove(before);
      --candidate_count_;
    }
    if (!row.has_value()) continue;
    ++candidate_count_;
    if (row->far()) far_.Insert(*row);
    changes[row->area().value()].inserted.push_back(std::move(*row));
  }
  waiting_.clear();
  return changes;
}

void CandidateWriter::ApplyChanges() {
  ChangesByArea changes = TakeChanges();
  // Room first: afterwards the table is asked for people only where it is right.
  size_t inserts = 0;
  for (const auto& [area, change] : changes) inserts += change.inserted.size();
  if (locator_.RoomLeft() < inserts) GrowLocator(locator_.size() + inserts);
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
  bool same_skills = true;
  const auto edit = [&](AreaNode area, std::span<const BlockNode> run, AreaChanges& change) {
    const RunSkills before(run, blocks_);
    const std::vector<BlockNode> edited = EditRun(run, change);
    same_skills = same_skills && RunSkills(edited, blocks_) == before;
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
  if (same_skills) content->sieves = old->sieves;
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
  tables->far = far_.nodes();
  tables->locator = locator_.Share();
  tables->candidate_count = candidate_count_;
  tables->ranked_count = candidate_count_ - cells_[CandidateTables::kNowhere].people;
  tables->area_count = area_count_;
  return tables;
}

}  // namespace leye::matcher
