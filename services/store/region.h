// Regions, which are the shards of a store, and revisions, which are points in a region's history.
//
//   LEYE_ASSIGN_OR_RETURN(Region region, Region::Parse("13"));
//   FormatToken({region, {.epoch = 0x9f3a, .sequence = 57}}) == "13:9f3a-57"

#ifndef LEYE_SERVICES_STORE_REGION_H_
#define LEYE_SERVICES_STORE_REGION_H_

#include <compare>
#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace leye::store {

// A two-digit division code of GB/T 2260, such as "13" (Hebei). "00" holds what belongs to no
// province. Immutable value; ordered by code.
class Region {
 public:
  // INVALID_ARGUMENT (reason INVALID_REGION) unless `code` is two ASCII digits.
  static absl::StatusOr<Region> Parse(absl::string_view code);

  // REQUIRES: 0 <= number <= 99.
  static constexpr Region FromNumber(int number) { return Region(static_cast<uint8_t>(number)); }

  constexpr int number() const { return number_; }
  std::string code() const;

  friend constexpr auto operator<=>(const Region&, const Region&) = default;
  template <typename H>
  friend H AbslHashValue(H state, const Region& region) {
    return H::combine(std::move(state), region.number_);
  }

 private:
  explicit constexpr Region(uint8_t number) : number_(number) {}

  uint8_t number_;
};

// Sequences and the numbers of records are at most kMaxCounter, epochs at most kMaxEpoch: every
// engine can hold them exactly.
inline constexpr uint64_t kMaxCounter = (uint64_t{1} << 48) - 1;
inline constexpr uint64_t kMaxEpoch = (uint64_t{1} << 53) - 1;

// A point in the history of one region: the state after commit number `sequence`.
//
// An epoch is a number made when the history begins, and made anew whenever history may have forked
// (a restored backup, a failover that lost writes): a later epoch of a region is a greater number.
// Sequences are dense from 1 and say nothing across epochs, so revisions of different epochs are
// unordered: each of <, >, == is false. {0, 0}, the default, is the beginning: before the first
// commit.
struct Revision {
  uint64_t epoch = 0;
  uint64_t sequence = 0;

  friend bool operator==(const Revision&, const Revision&) = default;
  friend std::partial_ordering operator<=>(const Revision& a, const Revision& b) {
    if (a.epoch != b.epoch) return std::partial_ordering::unordered;
    return a.sequence <=> b.sequence;
  }
};

struct RegionRevision {
  Region region;
  Revision revision;

  friend bool operator==(const RegionRevision&, const RegionRevision&) = default;
};

// "<region>:<epoch in lower-case hex>-<sequence>", for callers to hand back: "13:9f3a-57".
std::string FormatToken(const RegionRevision& at);

// The inverse; only what FormatToken writes is accepted, anything else is INVALID_ARGUMENT (reason
// INVALID_REVISION).
absl::StatusOr<RegionRevision> ParseToken(absl::string_view token);

}  // namespace leye::store

#endif  // LEYE_SERVICES_STORE_REGION_H_
