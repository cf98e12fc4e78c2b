// Between what a store tells of a region and the frames of a region file.

#ifndef LEYE_SERVICES_LEYED_REGION_FRAMES_H_
#define LEYE_SERVICES_LEYED_REGION_FRAMES_H_

#include <array>
#include <cstdint>
#include <string>

#include "absl/container/flat_hash_map.h"

#include "leye/storage/v1/region_file.pb.h"
#include "services/store/store.h"

namespace leye {

storage::v1::RegionRecord ToFrame(store::Record record);
storage::v1::RegionRequest ToFrame(store::RememberedRequest request);
store::Record FromFrame(storage::v1::RegionRecord record);
store::RememberedRequest FromFrame(storage::v1::RegionRequest request);

// False when a record or a change in `frame` is of a kind that this program does not know.
bool KnowsEveryKind(const storage::v1::RegionFrame& frame);

// Record numbers, each once. About half a byte each where they lie close together.
// Thread-compatible.
class RegionNumbers {
 public:
  // False when `number` was added before.
  bool Add(uint64_t number);

 private:
  absl::flat_hash_map<uint64_t, uint64_t> words_;  // Bit i of the word of w: 64 * w + i was added.
};

// Counts and digest of records, in any order, and the count of requests. Thread-compatible.
class RegionTally {
 public:
  void Add(const storage::v1::RegionRecord& record);
  // Adds what a frame of records or of requests holds; others hold nothing to count.
  void Add(const storage::v1::RegionFrame& frame);

  storage::v1::RegionTotal Total() const;

 private:
  std::array<uint64_t, 4> sums_ = {};  // Of the four parts of each record's SHA-256.
  uint64_t records_ = 0;
  uint64_t requests_ = 0;
};

}  // namespace leye

#endif  // LEYE_SERVICES_LEYED_REGION_FRAMES_H_
