// How many openings of a posting are left, and for whom.
//
//   const OpeningsLeft left = LeftOf({.openings = 3, .filled = 1, .reserved = 1},
//                                    {.all = 1, .of_group = 0});
//   left.all == 1;  left.reserved == 1;        // the last one is for the group only
//
// People of the group that a posting reserves openings for use those up first. Pure; whoever holds
// openings and whoever ranks for them count alike.
#ifndef LEYE_MATCHER_OPENINGS_H_
#define LEYE_MATCHER_OPENINGS_H_

#include <algorithm>
#include <cstdint>

namespace leye::matcher {

// As posted.
struct Openings {
  int64_t openings = 0;
  int64_t filled = 0;    // outside leye, by whomever
  int64_t reserved = 0;  // of `openings`
};

// Who holds one, hired people included.
struct Holders {
  int64_t all = 0;
  int64_t of_group = 0;

  friend bool operator==(const Holders&, const Holders&) = default;
};

struct OpeningsLeft {
  int64_t all = 0;       // never below 0
  int64_t reserved = 0;  // part of `all`

  // Whether one is left to a person of the group, or to one who is not.
  bool OneFor(bool of_group) const { return all > (of_group ? 0 : reserved); }
};

constexpr OpeningsLeft LeftOf(const Openings& posted, const Holders& holders) {
  const int64_t before = std::max<int64_t>(0, posted.openings - posted.filled);
  const int64_t reserved = std::min(posted.reserved, before);
  const int64_t left = std::max<int64_t>(0, before - holders.all);
  return {.all = left, .reserved = std::clamp<int64_t>(reserved - holders.of_group, 0, left)};
}

}  // namespace leye::matcher

#endif  // LEYE_MATCHER_OPENINGS_H_
