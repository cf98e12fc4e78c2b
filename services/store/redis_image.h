// Images of regions: what ScanOpen gives of a region, packed and compressed into some thousand
// values. Redis finds every record by its key, which takes longer than all else at the start of a
// large region; an image spares that.
//
//   images.Renew(region, go_on);                  // now and then, in the background
//   images.Scan({.region = region});              // the first page, if there is an image
//
// An image is what one scan found, at no one moment, since the revision that it began at. Whoever
// reads it first reads the log from there on, leaves out of its pages what the log names, and reads
// those records at the end as they are now. So a scan of an image keeps the promises of
// Store::ScanRegion, and restarts and takeovers do not harm it: it lies where its log lies.
// Trimming spares that log (redis_scripts.cc). Personal parts are not in it.
//
// meta says of it: "<id> <buffer> <epoch> <sequence> <pages> <time in ms> <changed> <records>": the
// revision and the count of mutations before its scan, and how many records there were then. The
// next image is made in the other buffer.
#ifndef LEYE_SERVICES_STORE_REDIS_IMAGE_H_
#define LEYE_SERVICES_STORE_REDIS_IMAGE_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "services/base/mutex.h"
#include "services/store/environment.h"
#include "services/store/redis_client.h"
#include "services/store/store.h"

namespace leye::store::redis {

// Thread-safe.
class Images {
 public:
  // A scan with smaller pages does not use images.
  static constexpr int kPageRecords = 5'000;

  // Regions of fewer than `least_records` have none; 0: none has. What is given outlives it.
  Images(Client& client, const StoreEnvironment& environment, int least_records)
      : client_(client), environment_(environment), least_records_(least_records) {}

  // As Store::PrepareScan: makes an image unless the one there is does, or another process makes
  // one. Rests three times as long as it works, so that others hardly notice. OK too when it was
  // given up, which the log tells.
  absl::Status Renew(Region region, const std::function<bool()>& go_on);

  // A page, as Store::ScanOpen; nullopt for a scan that reads the records themselves.
  absl::StatusOr<std::optional<OpenScanPage>> Scan(const RegionScanRequest& request)
      ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  struct Image;
  struct Reading;  // What a scan knows.

  std::shared_ptr<Reading> Begin(Region region) ABSL_LOCKS_EXCLUDED(mutex_);
  absl::Status ReadChanged(Reading& reading);
  std::shared_ptr<Reading> Find(uint64_t number) ABSL_LOCKS_EXCLUDED(mutex_);
  void Forget(const Reading& reading, bool broken) ABSL_LOCKS_EXCLUDED(mutex_);
  absl::StatusOr<OpenPage> ImagePage(const Reading& reading, uint64_t page);
  absl::Status AddChanged(const Reading& reading, uint64_t page, OpenPage& records);

  // The image that is due; nullopt when none is, or another process makes one.
  absl::StatusOr<std::optional<Image>> BeginImage(Region region);
  absl::Status AddPages(Region region, Image& image, const std::function<bool()>& go_on);
  absl::Status AddPage(Region region, Image& image, const OpenPage& records);
  absl::Status Show(Region region, const Image& image);
  // Deletes the pages of a buffer from `page` on.
  absl::Status Drop(Region region, absl::string_view buffer, uint64_t page);

  Client& client_;
  const StoreEnvironment environment_;
  const int least_records_;
  Mutex mutex_;
  uint64_t last_number_ ABSL_GUARDED_BY(mutex_) = 0;
  std::map<uint64_t, std::shared_ptr<Reading>> readings_ ABSL_GUARDED_BY(mutex_);
  std::set<std::string> broken_ ABSL_GUARDED_BY(mutex_);  // Ids of images not to be read again.
};

}  // namespace leye::store::redis

#endif  // LEYE_SERVICES_STORE_REDIS_IMAGE_H_
