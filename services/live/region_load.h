// Reads a whole region from the store: a scan, and the part of the change log that makes it whole.
//
// Nothing is changed by reading, so that a load that fails half way leaves what was there before.
#ifndef LEYE_SERVICES_LIVE_REGION_LOAD_H_
#define LEYE_SERVICES_LIVE_REGION_LOAD_H_

#include <array>
#include <functional>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"

#include "services/base/logging.h"
#include "services/live/facts.h"
#include "services/live/people_page.h"
#include "services/store/store.h"

namespace leye::live {

struct LoadSource {
  store::Store& store;
  const ProfileContext& context;
  const Logger& logger;
  std::function<void()> after_page = [] {};  // Called on the caller's thread.
};

struct LoadOptions {
  int page_records = 4'000;  // a scan page
  int log_entries = 1'000;   // a read of the log
  int parse_threads = 2;     // besides the thread that reads
};

struct LoadedRegion {
  // By the alternative of Facts, each in the order of the pages; people, of whom there are most, in
  // `people` instead. A record that was written while the scan went on may be there several times,
  // or be gone by now.
  std::array<std::vector<RecordFacts>, std::variant_size_v<Facts>> facts;
  std::vector<PeoplePage> people;
  // The log from the first page's revision on. The facts with it are exact at `at`.
  std::vector<store::LogEntry> tail;
  store::Revision at;
  int64_t unreadable = 0;  // Records that could not be parsed; they are logged and left out.

  size_t records() const;
};

// Errors are the store's: OUT_OF_RANGE means to start over.
absl::StatusOr<LoadedRegion> LoadRegion(store::Region region, const LoadSource& source,
                                        const LoadOptions& options);

// True when `entries` follow `at` without a gap.
bool FollowDensely(const std::vector<store::LogEntry>& entries, store::Revision at);

}  // namespace leye::live

#endif  // LEYE_SERVICES_LIVE_REGION_LOAD_H_
