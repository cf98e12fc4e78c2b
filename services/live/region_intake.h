// People and households of a load, entered in the tables of their region page by page, while later
// pages are still read: where most of a start's time goes, two threads have something to do.
//
//   RegionIntake intake(region, areas);
//   intake.TakeHouseholds(facts);  intake.Take(std::move(people));    // page by page, in order
//   RegionIntake::Result taken = std::move(intake).Finish();
//
// Nothing that others read is changed, but that areas which are named get their numbers.
// Thread-compatible.
#ifndef LEYE_SERVICES_LIVE_REGION_INTAKE_H_
#define LEYE_SERVICES_LIVE_REGION_INTAKE_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "absl/strings/string_view.h"

#include "matcher/candidate_pile.h"
#include "services/live/area_table.h"
#include "services/live/directory.h"
#include "services/live/facts.h"
#include "services/live/people_page.h"
#include "services/store/region.h"

namespace leye::live {

// Everybody of a load, each once, with the slot of the directory's entry.
class LoadedPeople {
 public:
  size_t size() const { return people_.size(); }
  uint32_t SlotOf(size_t person) const { return people_[person].slot; }
  // Overwrites `profile`.
  void ProfileOf(size_t person, matcher::CandidateProfile& profile) const {
    piles_[people_[person].pile].Get(people_[person].at, profile);
  }

 private:
  friend class RegionIntake;

  struct Person {
    uint32_t slot;
    uint32_t pile;
    uint32_t at;
  };

  std::vector<Person> people_;
  std::vector<matcher::CandidatePile> piles_;
};

class RegionIntake {
 public:
  struct Result {
    RegionTables tables;
    LoadedPeople people;
  };

  RegionIntake(store::Region region, AreaTable& areas) : region_(region), areas_(areas) {}

  // Of two records of one name the one with the higher number stays, or the later one. Facts of
  // other kinds are left alone.
  void TakeHouseholds(std::span<const RecordFacts> page);
  void Take(PeoplePage page);

  // The last call.
  Result Finish() &&;

 private:
  // The slot of a household's full name; kNoSlot for a name of another region or kind.
  uint32_t InternHousehold(absl::string_view name);
  void Take(const RecordFacts& record, const HouseholdFacts& facts);
  void Take(const PersonEntry& person, uint32_t at);
  // Leaves the last of each slot.
  void DropEarlierOnes();
  void Join(uint32_t person, uint32_t household);

  const store::Region region_;
  AreaTable& areas_;
  RegionTables tables_;
  LoadedPeople people_;
  bool any_twice_ = false;
};

}  // namespace leye::live

#endif  // LEYE_SERVICES_LIVE_REGION_INTAKE_H_
