// Strong identifiers: a CandidateId is not a PostingId, and neither is a number.
//
//   const CandidateId id = RegisteredId<CandidateId>(RegionCode(13), 42);
//   RegionOf(id) == RegionCode(13);  RegistrationNumberOf(id) == 42;
//
// People, households and postings carry 64-bit ids: the region (the two-digit division code of the
// province) in the top byte, the registration number within the region below. Ordering by id is
// therefore the order of registration within a region. Areas, skills and trades carry small dense
// numbers (0, 1, 2, ...), given by whoever builds the tables, so that they can index arrays.
#ifndef LEYE_MATCHER_IDS_H_
#define LEYE_MATCHER_IDS_H_

#include <compare>
#include <cstdint>
#include <utility>

namespace leye::matcher {

// A number of type `Rep` that only means something as a `Tag`. Value-initialised it is 0.
template <typename Tag, typename Rep>
class Id {
 public:
  using Representation = Rep;

  constexpr Id() = default;
  constexpr explicit Id(Rep value) : value_(value) {}

  constexpr Rep value() const { return value_; }

  friend constexpr auto operator<=>(Id, Id) = default;

  template <typename H>
  friend H AbslHashValue(H state, Id id) {
    return H::combine(std::move(state), id.value_);
  }

 private:
  Rep value_ = 0;
};

using CandidateId = Id<struct CandidateTag, uint64_t>;
using HouseholdId = Id<struct HouseholdTag, uint64_t>;
using PostingId = Id<struct PostingTag, uint64_t>;

// Province-level division code, 11..82.
using RegionCode = Id<struct RegionTag, uint8_t>;

using AreaIndex = Id<struct AreaTag, uint32_t>;
using SkillId = Id<struct SkillTag, uint16_t>;
using TradeId = Id<struct TradeTag, uint16_t>;
// 小类: the first three groups of a classification code.
using SmallClassId = Id<struct SmallClassTag, uint16_t>;

inline constexpr int kRegistrationBits = 56;
inline constexpr uint64_t kMaxRegistrationNumber = (uint64_t{1} << kRegistrationBits) - 1;

// The id of the `number`th record registered in `region`. REQUIRES: number <= the maximum above.
template <typename RecordId>
constexpr RecordId RegisteredId(RegionCode region, uint64_t number) {
  return RecordId((uint64_t{region.value()} << kRegistrationBits) |
                  (number & kMaxRegistrationNumber));
}

template <typename Tag>
constexpr RegionCode RegionOf(Id<Tag, uint64_t> id) {
  return RegionCode(static_cast<uint8_t>(id.value() >> kRegistrationBits));
}

template <typename Tag>
constexpr uint64_t RegistrationNumberOf(Id<Tag, uint64_t> id) {
  return id.value() & kMaxRegistrationNumber;
}

}  // namespace leye::matcher

#endif  // LEYE_MATCHER_IDS_H_
