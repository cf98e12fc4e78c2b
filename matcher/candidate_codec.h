// How a person is written into numbers for a block, and read back without loss.
//
//   const CandidateRow row = EncodeCandidate(candidate, household);
//   CandidateRecord record;
//   DecodeCandidate(row.values, record);              // all but the lists: skills, divisions
//
// Defaults are written as 0, so that what nobody says costs nothing. Columns in planes are what
// filters look at; some of them (kReady, kStandsLast, kFar, kReach, kStandingGroups) are derived.
// Pure functions.
#ifndef LEYE_MATCHER_CANDIDATE_CODEC_H_
#define LEYE_MATCHER_CANDIDATE_CODEC_H_

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "absl/container/inlined_vector.h"

#include "matcher/byte_stream.h"
#include "matcher/candidate_index.h"
#include "matcher/column_table.h"
#include "matcher/profile.h"
#include "matcher/units.h"

namespace leye::matcher {

enum class CandidateColumn : uint8_t {
  // Planes.
  kReady,           // seeking, willing and not placed
  kStandsLast,      // was not ready when put in order; see MeritKey
  kFar,             // goes anywhere: stands in the far arrangement too
  kReach,           // ReachCode
  kEducation,       // 0 = not said, otherwise 1 + enumerator
  kBirthSpan,       // the upper bits of the DayOrdinal; see BirthSpan
  kStandingGroups,  // bits
  kSex,
  kLabourClass,
  kFlags,          // CandidateFlag
  kShiftsNotFree,  // bits
  kIntensityLimit,
  kMaxMinutes,  // 0 = not said, otherwise 1 + minutes
  // Packed.
  kId,
  kBirthDay,  // the lower bits
  kHousehold,
  kArea,
  kResidence,
  kRetirementCategory,
  kDisability,
  kGroups,
  kConsentFirst,
  kConsentLast,
  kEmployment,
  kPublicWelfare,
  kUnemployedSince,
  kWishedTrade1,
  kWishedTrade2,
  kWishedTrade3,
  kWishedPay,
  kMaxDistance,
  kAvailableFirst,
  kAvailableLast,
  kMaxHours,
  kWorkForms,
  kExperience,
  kHouseholdCounts,
  kHouseholdGroups,
  kHouseholdExclusions,
  kHouseholdHolders,
  kHouseholdHoldersRest,
  kCount,
};
inline constexpr size_t kCandidateColumns = static_cast<size_t>(CandidateColumn::kCount);
using CandidateValues = std::array<uint64_t, kCandidateColumns>;

constexpr size_t ColumnOf(CandidateColumn column) { return static_cast<size_t>(column); }

enum class CandidateFlag : uint8_t {
  kSeeking,
  kWilling,
  kPlaced,
  kLeavesHome,
  kNeedsLodging,
  kNeedsTransport,
  kWantsToGoOut,
  kRegisteredUnemployed,
  kMaternityProtection,
  kOutsideHomeCounty,
  kRankingDeclined,
  kShownToEmployers,
};

struct CandidateRow {
  CandidateValues values{};
  absl::InlinedVector<HeldSkill, 6> skills;
  absl::InlinedVector<DivisionCode, 1> wished_divisions;

  uint64_t operator[](CandidateColumn column) const { return values[ColumnOf(column)]; }
  CandidateId id() const { return CandidateId(values[ColumnOf(CandidateColumn::kId)]); }
  AreaIndex area() const;
  bool ready() const { return values[ColumnOf(CandidateColumn::kReady)] != 0; }
  bool stands_last() const { return values[ColumnOf(CandidateColumn::kStandsLast)] != 0; }
  bool far() const { return values[ColumnOf(CandidateColumn::kFar)] != 0; }
};

std::span<const ColumnForm, kCandidateColumns> CandidateForms();

CandidateRow EncodeCandidate(const CandidateProfile& candidate, const HouseholdProfile& household);
// Replaces what depends on the household.
void EncodeHousehold(const HouseholdProfile& household, CandidateRow& row);
// Leaves the lists of `record` alone, so that their memory is used again.
void DecodeCandidate(std::span<const uint64_t, kCandidateColumns> values, CandidateRecord& record);

// Days in order: 0 is Day::Min(), the greatest 32-bit number Day::Max().
constexpr uint32_t DayOrdinal(Day day) {
  return static_cast<uint32_t>(day.number()) ^ (uint32_t{1} << 31);
}
constexpr Day DayOfOrdinal(uint32_t ordinal) {
  return Day::FromNumber(static_cast<int32_t>(ordinal ^ (uint32_t{1} << 31)));
}

// A day of birth stands in two columns: filters look at spans of so many days, for which they read
// half as much; only who is judged is known to the day.
inline constexpr int kBirthSpanBits = 8;
constexpr uint32_t BirthSpan(uint32_t ordinal) { return ordinal >> kBirthSpanBits; }

// A whole row as bytes, lists included, for rows that wait; read back with UnpackRow, which
// overwrites `row` and uses its memory again.
void PackRow(const CandidateRow& row, ByteWriter& writer);
void UnpackRow(ByteReader reader, CandidateRow& row);

std::optional<Day> UnemployedSince(uint64_t value);  // of column kUnemployedSince
std::optional<int32_t> WishedPay(uint64_t value);    // of column kWishedPay

// Distances that people would go, in sixteen steps: code 0 is "not said", the codes above ascend.
inline constexpr size_t kReachCodes = 16;
uint32_t ReachCode(std::optional<Kilometres> max_distance);
// No distance of this code is greater. REQUIRES: 0 < code < kReachCodes.
Kilometres ReachLimit(uint32_t code);

// The order in which people stand in a run of blocks: those who usually rank first come first, so
// that few blocks need opening. Nothing but speed depends on it. So who begins or stops looking for
// work stays in place (only a bit changes) until something else moves them.
struct MeritKey {
  uint8_t standing = 0;  // 0 = in most need; who was not ready comes after all others
  Day waiting_since = Day::Max();
  CandidateId id;

  friend auto operator<=>(const MeritKey&, const MeritKey&) = default;
};
MeritKey MeritOf(const CandidateRow& row);
// Why a person stands where they do.
struct CandidatePlacement {
  MeritKey key;
  AreaIndex area;
  bool stands_last = false;
  bool far = false;

  friend bool operator==(const CandidatePlacement&, const CandidatePlacement&) = default;
};
CandidatePlacement PlacementOf(const CandidateRow& row);
// All that it looks at.
inline constexpr std::array<CandidateColumn, 6> kPlacingColumns = {
    CandidateColumn::kStandsLast, CandidateColumn::kFar,  CandidateColumn::kStandingGroups,
    CandidateColumn::kId,         CandidateColumn::kArea, CandidateColumn::kUnemployedSince};

}  // namespace leye::matcher

#endif  // LEYE_MATCHER_CANDIDATE_CODEC_H_
