#include "matcher/plan/household_caps.h"

#include <algorithm>

namespace leye::matcher::plan {

bool CapsHold(const HomeFacts& home, std::span<const Programme> taken) {
  return std::ranges::all_of(taken, [&](const Programme& asked) {
    if (!asked.Counts() || asked.cap == kNoCap) return true;
    const auto planned = std::ranges::count_if(
        taken, [&](const Programme& other) { return other.kind == asked.kind; });
    return home.holders[static_cast<size_t>(asked.kind)] + planned <= asked.cap;
  });
}

}  // namespace leye::matcher::plan
