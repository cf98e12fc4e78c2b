// Names behind the matcher's ids, and the few facts that answers show beside a score.
//
//   const Directory& directory = snapshot->directory();
//   std::optional<matcher::PostingId> id = directory.FindPosting("regions/13/postings/x");
//   directory.NameOf(*id);  directory.TitleOf(*id);  directory.EmployerOf(*id);
//
// The matcher knows people and postings by 64-bit ids (region and record number) and areas by dense
// indexes. This knows the rest, without personal data: it is what the open parts of the records
// say. Immutable, safe for concurrent use; made by RegionWriter and AreaTable (region_writer.h),
// which share what did not change between two snapshots.
#ifndef LEYE_SERVICES_LIVE_DIRECTORY_H_
#define LEYE_SERVICES_LIVE_DIRECTORY_H_

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"

#include "matcher/congestion.h"
#include "matcher/ids.h"
#include "matcher/openings.h"
#include "matcher/persistent_vector.h"
#include "matcher/posting_profile.h"
#include "matcher/profile.h"
#include "services/live/name_table.h"
#include "services/live/profile.h"
#include "services/store/region.h"

namespace leye::live {

// Where nobody's area is known: never put into an index, so that who "lives" there is not ranked.
inline constexpr matcher::AreaIndex kNowhere = matcher::AreaIndex(0);

// One record each. `number` is the record's in its region; 0: no such record (now, or yet).
struct AreaEntry {
  uint64_t number = 0;
  std::string name;  // In full.
  std::string display_name;
  std::optional<matcher::AreaProfile> profile;  // Absent without a usable location.

  bool exists() const { return number != 0; }
};

struct HouseholdEntry {
  uint64_t number = 0;
  matcher::AreaIndex area = kNowhere;
  HouseholdStanding standing;
  HouseholdCounts counts;
  absl::InlinedVector<uint32_t, 4> members;  // Slots of candidates.
  uint64_t holds = 0;                        // Number of its record of holds; 0: none.
  PublicWelfareCounts held_posts{};
};

struct CandidateEntry {
  uint64_t number = 0;
  uint32_t household = kNoSlot;
  MemberFacts member;
  // Numbers of the records by which referrals hold the person; 0: none. They come and go by
  // themselves, whether there is a record of the person or not.
  uint64_t claim = 0;
  uint64_t placement = 0;
  uint32_t shown = kNoSlot;  // Of RegionTables::shown.

  bool held() const { return claim != 0 || placement != 0; }
};

// For which postings a person was shown. Few people have one.
struct ShownEntry {
  uint64_t number = 0;  // Of its record; 0: none.
  std::shared_ptr<const std::vector<matcher::Showing>> showings;
};

struct EmployerEntry {
  uint64_t number = 0;
  std::string display_name;
  bool active = false;
  std::vector<uint32_t> postings;  // Slots.
};

struct PostingEntry {
  uint64_t number = 0;
  uint32_t employer = kNoSlot;
  bool open = false;  // By its own state.
  bool published = true;
  std::string title;
  matcher::Openings posted;
  uint64_t holds = 0;  // Number of its record of holds; 0: none.
  int64_t holders = 0;
  std::vector<matcher::Group> holder_groups;
  std::vector<matcher::BarredPerson> barred;
};

// The records of one kind: the last parts of their names, and their entries by slot.
template <typename Entry>
struct RecordTable {
  NameTable names;
  matcher::PersistentVector<Entry> entries;

  // The slot of `id`, made when it is new.
  uint32_t Intern(absl::string_view id) {
    const uint32_t slot = names.Intern(id);
    if (slot >= entries.size()) entries.Resize(slot + 1);
    return slot;
  }
  RecordTable Share() { return {names.Share(), entries.Share()}; }
  size_t MemoryBytes() const { return names.MemoryBytes() + entries.MemoryBytes(); }
};

// What is known of one region.
struct RegionTables {
  RecordTable<HouseholdEntry> households;
  RecordTable<CandidateEntry> candidates;
  RecordTable<EmployerEntry> employers;
  RecordTable<PostingEntry> postings;
  matcher::PersistentVector<ShownEntry> shown;
  // By record number, of candidates and postings. Dense: numbers are given one after the other.
  matcher::PersistentVector<uint32_t> slot_of_number;

  void Remember(uint64_t number, uint32_t slot);
  RegionTables Share();
  size_t MemoryBytes() const;
};

// "regions/13/candidates/x" taken apart.
struct NameParts {
  store::Region region;
  absl::string_view id;
};
// nullopt unless `name` is of that collection.
std::optional<NameParts> SplitName(absl::string_view name, absl::string_view collection);

class Directory {
 public:
  using Regions = std::array<std::shared_ptr<const RegionTables>, 100>;  // By number.
  using Areas = matcher::PersistentVector<AreaEntry>;                    // By AreaIndex.

  Directory() = default;
  Directory(Regions regions, std::shared_ptr<const Areas> areas)
      : regions_(std::move(regions)), areas_(std::move(areas)) {}

  // By full resource name; nullopt when there is no such record.
  std::optional<matcher::CandidateId> FindCandidate(absl::string_view name) const;
  std::optional<matcher::PostingId> FindPosting(absl::string_view name) const;

  // REQUIRES: a record of this snapshot.
  std::string NameOf(matcher::CandidateId id) const;
  std::string NameOf(matcher::PostingId id) const;
  absl::string_view TitleOf(matcher::PostingId id) const;
  bool IsPublished(matcher::PostingId id) const;
  // The name in words; empty while the employer is not known.
  absl::string_view EmployerOf(matcher::PostingId id) const;
  // The full name; empty when the posting names none.
  std::string EmployerNameOf(matcher::PostingId id) const;

  // Empty for whom nothing is known of. Views the directory.
  std::span<const matcher::Showing> ShowingsOf(matcher::CandidateId id) const;
  // Calls `visit` for everybody of the region who was shown. Looks at everybody.
  void ForEachShown(
      store::Region region,
      absl::FunctionRef<void(matcher::CandidateId, std::span<const matcher::Showing>)> visit) const;

  // Null when the area is not known.
  const AreaEntry* FindArea(matcher::AreaIndex area) const;

  // What the members' records say of a household; nullopt when there is no such household.
  std::optional<HouseholdCounts> CountsOf(absl::string_view household) const;

  // Null for a region without records.
  const RegionTables* region(store::Region region) const {
    return regions_[static_cast<size_t>(region.number())].get();
  }

  // Roughly; blocks shared with other snapshots included.
  size_t MemoryBytes() const;

 private:
  const PostingEntry& Entry(matcher::PostingId id) const;

  Regions regions_;
  std::shared_ptr<const Areas> areas_;
};

}  // namespace leye::live

#endif  // LEYE_SERVICES_LIVE_DIRECTORY_H_
