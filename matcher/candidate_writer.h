// The one writer behind CandidateIndex: collects changes and applies them block by block.
//
// A change waits, by id, until Publish, or until so many wait that memory asks for it. Applying
// takes the waiting changes area by area and far chunk by far chunk, so that a block with many
// changes is built once (BlockRunEditor). Households are kept here only; rows carry a copy of their
// facts.
//
// Thread-compatible.
#ifndef LEYE_MATCHER_CANDIDATE_WRITER_H_
#define LEYE_MATCHER_CANDIDATE_WRITER_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/inlined_vector.h"

#include "matcher/block_run.h"
#include "matcher/candidate_loader.h"
#include "matcher/candidate_tables.h"
#include "matcher/far_run.h"

namespace leye::matcher {

class CandidateWriter {
 public:
  CandidateWriter();

  // As CandidateIndex says.
  void Upsert(const CandidateProfile& candidate);
  void Load(size_t count, const std::function<void(size_t, CandidateProfile&)>& candidate,
            size_t threads);
  bool Remove(CandidateId id);
  void ExpectHouseholds(size_t count) { households_.reserve(households_.size() + count); }
  void UpsertHousehold(const HouseholdProfile& household);
  bool RemoveHousehold(HouseholdId id);
  void UpsertArea(const AreaProfile& area);
  bool RemoveArea(AreaIndex area);
  std::unique_ptr<const CandidateTables> Publish();

 private:
  struct Household {
    bool known = false;
    HouseholdProfile profile;
    absl::InlinedVector<CandidateId, 4> members;
  };
  // A change that waits; without a row, the person is to be removed.
  struct Waiting {
    CandidateId id;
    std::optional<CandidateRow> row;
  };
  // Where somebody stands.
  struct Place {
    BlockNumber block;
    size_t row;
  };
  // A row to be overwritten where it stands.
  struct Replacement {
    Place at;
    const CandidateRow* by;
  };
  // What is to happen in one area.
  struct AreaChanges {
    struct Removal {
      CandidateId id;
      BlockNumber block;
    };
    std::vector<Removal> removed;
    std::vector<CandidateRow> inserted;
  };
  using ChangesByArea = std::map<uint32_t, AreaChanges>;

  // What members share, if it is known; otherwise the default.
  HouseholdProfile ProfileOf(HouseholdId household) const;
  // Gives loaded blocks their numbers.
  std::vector<BlockNode> Keep(CandidateLoader::Run run);
  void PutCells(std::map<uint32_t, std::unique_ptr<Cell>>&& cells, size_t threads);
  // Enters everybody who is in among the members of their household.
  void JoinHouseholds();
  void LoadArea(AreaIndex area, CandidateLoader::Run run,
                std::map<uint32_t, std::unique_ptr<Cell>>& cells);

  bool IsIn(CandidateId id) const;
  std::optional<Place> Find(CandidateId id) const;
  // The row as it will be once waiting changes are applied. REQUIRES: IsIn(id).
  CandidateRow CurrentRow(CandidateId id) const;
  void Put(CandidateRow row) {
    const CandidateId id = row.id();
    Wait(id, std::move(row));
  }
  void Wait(CandidateId id, std::optional<CandidateRow> row);
  void LeaveHousehold(HouseholdId household, CandidateId id);
  void JudgeMembersAnew(const Household& household);

  void ApplyChanges();
  // Sorts waiting changes: those that can be made where the person stands into replacements_, all
  // others into areas and the far run.
  ChangesByArea SortChanges();
  // Asks for the memory that changes soon after this one will look at: people are all over, and the
  // work on one is done before memory answers for the next.
  void PrefetchFor(size_t next) const;
  // Notes the row as a replacement wherever the person stands, or says false and notes nothing.
  bool TryReplace(const Place& at, const CandidatePlacement& before, const CandidateRow& row);
  void MakeReplacements();
  void ApplyToCell(uint32_t cell, ChangesByArea& changes);
  std::vector<BlockNode> EditRun(std::span<const BlockNode> run, AreaChanges& change);
  // Room for so many, those in it included.
  void GrowLocator(size_t size, size_t threads);

  AreaPlace& PlaceOf(AreaIndex area);
  uint32_t CellAt(GeoPoint location);
  void MoveArea(AreaIndex area, uint32_t to_cell);
  // Replaces the content of a cell and what is known of it from above.
  void PutCell(uint32_t cell, std::unique_ptr<Cell> content);

  CandidateStore blocks_;
  PersistentVector<AreaPlace> places_;
  PersistentVector<CellNode> cells_;
  PersistentVector<FloatCircle> seeds_;  // by cell
  FarRun far_;
  BlockLocator locator_;
  size_t area_count_ = 0;
  size_t candidate_count_ = 0;

  RunListener<CandidateId> to_locator_;
  std::vector<Waiting> waiting_;
  absl::flat_hash_map<CandidateId, uint32_t> waiting_at_;  // in waiting_
  std::vector<Replacement> replacements_;                  // of rows that wait
  absl::flat_hash_map<HouseholdId, Household> households_;
  absl::flat_hash_map<int32_t, uint32_t> cell_at_;  // by grid square
};

}  // namespace leye::matcher

#endif  // LEYE_MATCHER_CANDIDATE_WRITER_H_
