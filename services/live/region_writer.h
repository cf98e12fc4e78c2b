// Puts the records of one region together: follows references between them, keeps the region's
// directory, and tells the matcher's indexes what changed.
//
//   RegionWriter writer(region, world, day, std::move(tables));    // what a load has entered
//   writer.Put(facts);  writer.PutLoaded(std::move(people));       // and all else it has read
//   writer.Put(facts);  writer.Delete(kind, name, number);
//   writer.Finish();                             // once a batch: figures of households, moves
//   std::shared_ptr<const RegionTables> tables = writer.Share();
//
// Records may come in any order. A person whose household or area is missing lives nowhere and is
// not ranked; a posting whose employer is missing or suspended is closed; both are put right when
// the other record comes. Putting the same record again changes nothing. Of two records that had
// one name after each other, the one with the higher number is the later.
//
// Thread-compatible: owned by the follower.
#ifndef LEYE_SERVICES_LIVE_REGION_WRITER_H_
#define LEYE_SERVICES_LIVE_REGION_WRITER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"

#include "services/live/area_table.h"
#include "services/live/directory.h"
#include "services/live/facts.h"
#include "services/live/index_writer.h"
#include "services/live/region_intake.h"
#include "services/live/travel_writer.h"
#include "services/store/region.h"

namespace leye::live {

// What all regions share. Outlives the writers.
struct World {
  IndexWriter& indexes;
  AreaTable& areas;
};

class RegionWriter {
 public:
  // `day`: for which the members' ages are counted.
  RegionWriter(store::Region region, const World& world, matcher::Day day, RegionTables tables);
  RegionWriter(const RegionWriter&) = delete;  // The indexes ask it for people.
  RegionWriter& operator=(const RegionWriter&) = delete;

  void Put(RecordFacts record);
  // Everybody whom the tables came with, and all households, at once. Called once, after what else
  // was loaded was put and before anything is deleted. The indexes may ask for the people later:
  // before the writer ends, IndexWriter::Settle.
  void PutLoaded(LoadedPeople people);
  // Nothing happens when the record of that name has another number, or is not there.
  void Delete(store::Kind kind, absl::string_view name, uint64_t number);

  // Counts the households touched since the last call, and moves their members where they moved.
  void Finish();

  // Households in which somebody comes of age or retires between the old day and this one count
  // anew. Looks at everybody; for a change of date. Finish follows.
  void AdvanceTo(matcher::Day day);

  // Takes out of the indexes what this region had before and `after` has not.
  void RemoveAllBut(const RegionWriter& after);

  std::shared_ptr<const RegionTables> Share() {
    return std::make_shared<const RegionTables>(tables_.Share());
  }

 private:
  void PutFacts(const RecordFacts& record, AreaFacts facts);
  void PutFacts(const RecordFacts& record, const HouseholdFacts& facts);
  void PutFacts(const RecordFacts& record, const PlacementFacts& facts);
  void PutFacts(const RecordFacts& record, HoldsFacts facts);
  void PutFacts(const RecordFacts& record, ShowingsFacts facts);
  void PutFacts(const RecordFacts& record, std::unique_ptr<PersonFacts> facts);
  void PutFacts(const RecordFacts& record, EmployerFacts facts);
  void PutFacts(const RecordFacts& record, std::unique_ptr<PostingFacts> facts);
  void PutFacts(const RecordFacts& record, const std::unique_ptr<TravelFacts>& facts) {
    travel_.Put(record.name, record.number, facts->place);
  }

  // The area of the person's household.
  matcher::AreaIndex AreaOf(uint32_t slot) const;

  void DeleteArea(absl::string_view name, uint64_t number);
  void DeleteHousehold(uint32_t slot);
  void DeleteCandidate(uint32_t slot);
  void DeleteEmployer(uint32_t slot);
  void DeletePosting(uint32_t slot);
  void DeletePlacement(store::Kind kind, absl::string_view name, uint64_t number);
  void DeleteHolds(absl::string_view name, uint64_t number);
  void DeleteShowings(absl::string_view name, uint64_t number);

  void JoinHousehold(uint32_t candidate, uint32_t household);
  void LeaveHousehold(uint32_t candidate);
  void JoinEmployer(uint32_t posting, uint32_t employer);
  void LeaveEmployer(uint32_t posting);

  // The household's slot; kNoSlot for a name of another region or kind.
  uint32_t InternHousehold(absl::string_view name);
  uint32_t InternEmployer(absl::string_view name);

  // Sets the profile's id, and what it owes to the household and its area.
  void Link(const CandidateEntry& entry, matcher::CandidateProfile& profile) const;
  void RelinkMembers(const HouseholdEntry& household);
  // Says that the household is another to its members.
  void TouchMembers(const HouseholdEntry& household);
  void Relink(const CandidateEntry& entry);
  // The entry under a full name, made when it is new; null for a name of another region or kind.
  CandidateEntry* EntryOfPerson(absl::string_view name);
  PostingEntry* EntryOfPosting(absl::string_view name);
  HouseholdEntry* EntryOfHousehold(absl::string_view name);
  // Sets what the profile owes to whoever holds openings.
  static void SetHolds(const PostingEntry& entry, matcher::PostingProfile& profile);
  void Reoffer(const PostingEntry& entry);
  void ReopenPostings(const EmployerEntry& employer);
  bool IsOpen(const PostingEntry& posting) const;
  HouseholdCounts CountsOf(const HouseholdEntry& household) const;
  void CountMembers(uint32_t household);
  void PutHousehold(const HouseholdEntry& household);
  void PutAllHouseholds();
  void ForgetTouched();

  template <typename RecordId>
  RecordId IdOf(uint64_t number) const {
    return matcher::RegisteredId<RecordId>(region_code_, number);
  }

  const store::Region region_;
  const matcher::RegionCode region_code_;
  const World world_;
  TravelWriter travel_;
  matcher::Day day_;
  RegionTables tables_;
  bool loading_ = true;  // Until PutLoaded: nobody is in the indexes to be linked anew.
  // Since the last Finish.
  absl::flat_hash_set<uint32_t> touched_households_;  // Their members may count differently.
  absl::flat_hash_set<uint32_t> moved_households_;    // Their members must be linked anew.
  absl::flat_hash_set<uint32_t> touched_areas_;       // All who live there must be linked anew.
};

}  // namespace leye::live

#endif  // LEYE_SERVICES_LIVE_REGION_WRITER_H_
