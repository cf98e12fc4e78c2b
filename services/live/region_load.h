// Reads a whole region from the store: a scan, and the part of the change log that makes it whole.
//
// Nothing that others read is changed, so that a load that fails half way leaves what was there
// before.
#ifndef LEYE_SERVICES_LIVE_REGION_LOAD_H_
#define LEYE_SERVICES_LIVE_REGION_LOAD_H_

#include <array>
#include <functional>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"

#include "services/base/logging.h"
#include "services/live/facts.h"
#include "services/live/region_intake.h"
#include "services/store/store.h"

namespace leye::live {

struct LoadSource {
  store::Store& store;
  const ProfileContext& context;
  const Logger& logger;
  AreaTable& areas;
  std::function<void()> after_page = [] {};  // Called on the caller's thread.
};

struct LoadOptions {
  int page_records = store::kMaxPageSize;  // a scan page
  int log_entries = 1'000;                 // a read of the log
  int parse_threads = 2;                   // besides the thread that reads
};

// Records whose personal part is sealed under one master key.
struct SealedRecords {
  int64_t records = 0;
  store::RecordKey example;
};
// By the key's id; "" for what is kept apart but not sealed.
using SealsByKey = std::map<std::string, SealedRecords>;

struct LoadedRegion {
  // By the alternative of Facts, each in the order of the pages; but people and households, of whom
  // there are most, in `taken`. A record that was written while the scan went on may be there
  // several times, or be gone by now.
  std::array<std::vector<RecordFacts>, std::variant_size_v<Facts>> facts;
  RegionIntake::Result taken;
  // The log from the first page's revision on. The facts with it are exact at `at`.
  std::vector<store::LogEntry> tail;
  store::Revision at;
  SealsByKey seals;
  int64_t records = 0;     // Of the scan.
  int64_t unreadable = 0;  // Records that could not be parsed; they are logged and left out.
};

// Errors are the store's: OUT_OF_RANGE means to start over.
absl::StatusOr<LoadedRegion> LoadRegion(store::Region region, const LoadSource& source,
                                        const LoadOptions& options);

// True when `entries` follow `at` without a gap.
bool FollowDensely(const std::vector<store::LogEntry>& entries, store::Revision at);

}  // namespace leye::live

#endif  // LEYE_SERVICES_LIVE_REGION_LOAD_H_
