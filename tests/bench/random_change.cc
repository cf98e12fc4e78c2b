#include "tests/bench/random_change.h"

namespace leye::bench {

size_t ChangeSomebody(Dataset& data, matcher::oracle::Dice& dice) {
  const auto position =
      static_cast<size_t>(dice.Between(0, static_cast<int>(data.candidates.size()) - 1));
  CandidateRecord& record = data.candidates[position];
  record.available = !record.available;
  if (dice.OneIn(10)) record.wage += 100;
  if (dice.OneIn(50)) {
    record.area = static_cast<uint32_t>(dice.Between(0, static_cast<int>(data.areas.size()) - 1));
  }
  return position;
}

}  // namespace leye::bench
