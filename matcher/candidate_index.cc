#include "matcher/candidate_index.h"

#include <utility>
#include <vector>

#include "matcher/candidate_tables.h"
#include "matcher/candidate_writer.h"

namespace leye::matcher {

CandidateSnapshot::CandidateSnapshot(std::unique_ptr<const CandidateTables> tables)
    : tables_(std::move(tables)) {}
CandidateSnapshot::~CandidateSnapshot() = default;

size_t CandidateSnapshot::candidate_count() const { return tables_->candidate_count; }
size_t CandidateSnapshot::area_count() const { return tables_->area_count; }

std::optional<CandidateRecord> CandidateSnapshot::Find(CandidateId id) const {
  const auto holds = [&](BlockNumber number) {
    return tables_->blocks[number]->FindRow(id).has_value();
  };
  const std::optional<BlockNumber> number = tables_->locator.Find(id.value(), holds);
  if (!number.has_value()) return std::nullopt;
  const CandidateBlock& block = *tables_->blocks[*number];
  CandidateRecord record;
  block.Decode(*block.FindRow(id), record);
  return record;
}

std::optional<AreaProfile> CandidateSnapshot::FindArea(AreaIndex area) const {
  if (area.value() >= tables_->places.size()) return std::nullopt;
  const AreaPlace& place = tables_->places[area.value()];
  if (!place.known) return std::nullopt;
  return place.profile;
}

void CandidateSnapshot::ForEach(const std::function<void(const CandidateRecord&)>& visit) const {
  CandidateRecord record;
  for (size_t i = 0; i < tables_->cells.size(); ++i) {
    const Cell* cell = tables_->cells[i].cell.get();
    if (cell == nullptr) continue;
    for (const BlockNode& node : cell->blocks) {
      const CandidateBlock& block = *tables_->blocks[node.block];
      for (size_t row = 0; row < block.rows(); ++row) {
        block.Decode(row, record);
        visit(record);
      }
    }
  }
}

size_t CandidateSnapshot::MemoryBytes() const {
  // What an allocation costs beyond what was asked for, and the control block of a shared pointer.
  constexpr size_t kAllocation = 16;
  constexpr size_t kShared = 16;
  size_t bytes = sizeof(CandidateTables) + tables_->blocks.MemoryBytes() +
                 tables_->places.MemoryBytes() + tables_->cells.MemoryBytes() +
                 tables_->seeds.MemoryBytes() + tables_->locator.MemoryBytes() +
                 tables_->far.capacity() * sizeof(FarNode);
  for (size_t i = 0; i < tables_->blocks.size(); ++i) {
    const CandidateBlock* block = tables_->blocks[i].get();
    if (block != nullptr) bytes += block->MemoryBytes() + 5 * kAllocation + 2 * kShared;
  }
  for (size_t i = 0; i < tables_->cells.size(); ++i) {
    const Cell* cell = tables_->cells[i].cell.get();
    if (cell == nullptr) continue;
    bytes += cell->areas.capacity() * sizeof(AreaNode) +
             cell->blocks.capacity() * sizeof(BlockNode) + sizeof(Cell) + kShared;
    for (const SievedBlocks& part : cell->sieves) {
      bytes += part.sieve->MemoryBytes() + sizeof(part) + kShared + 7 * kAllocation;
    }
  }
  for (const FarNode& node : tables_->far) {
    bytes += node.chunk->blocks.capacity() * sizeof(BlockNode) + node.chunk->slots.capacity() +
             sizeof(FarChunk) + kShared + node.chunk->sieve->MemoryBytes() + 5 * kAllocation;
  }
  return bytes;
}

class CandidateIndex::Writer : public CandidateWriter {};

CandidateIndex::CandidateIndex() : writer_(std::make_unique<Writer>()) {}
CandidateIndex::~CandidateIndex() = default;

void CandidateIndex::Upsert(const CandidateProfile& candidate) { writer_->Upsert(candidate); }
void CandidateIndex::Load(size_t count,
                          const std::function<void(size_t, CandidateProfile&)>& candidate,
                          size_t threads) {
  writer_->Load(count, candidate, threads);
}
bool CandidateIndex::Remove(CandidateId id) { return writer_->Remove(id); }
void CandidateIndex::ExpectHouseholds(size_t count) { writer_->ExpectHouseholds(count); }
void CandidateIndex::UpsertHousehold(const HouseholdProfile& household) {
  writer_->UpsertHousehold(household);
}
bool CandidateIndex::RemoveHousehold(HouseholdId id) { return writer_->RemoveHousehold(id); }
void CandidateIndex::UpsertArea(const AreaProfile& area) { writer_->UpsertArea(area); }
bool CandidateIndex::RemoveArea(AreaIndex area) { return writer_->RemoveArea(area); }

std::shared_ptr<const CandidateSnapshot> CandidateIndex::Publish() {
  auto now = std::make_shared<const CandidateSnapshot>(writer_->Publish());
  // What only an old snapshot holds is freed by whoever lets go of it last: not by a reader.
  std::erase_if(published_, [](const auto& snapshot) { return snapshot.use_count() == 1; });
  published_.push_back(now);
  return now;
}

}  // namespace leye::matcher
