// Between what a store tells of a region and the frames of a region file.

#ifndef LEYE_SERVICES_LEYED_REGION_FRAMES_H_
#define LEYE_SERVICES_LEYED_REGION_FRAMES_H_

#include <array>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "leye/storage/v1/region_file.pb.h"
#include "services/store/store.h"

namespace leye {

storage::v1::RegionRecord ToFrame(store::Record record);
storage::v1::RegionRequest ToFrame(store::RememberedRequest request);
store::Record FromFrame(storage::v1::RegionRecord record);
store::RememberedRequest FromFrame(storage::v1::RegionRequest request);

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
