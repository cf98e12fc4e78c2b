// A page of a region's records, in the order of their members of names.
//
//   LEYE_ASSIGN_OR_RETURN(auto page, ReadPageQuickly<OpenPage>(client, region, {.limit = 1'000}));
//
// Records is std::vector<Record>, or OpenPage for a page without personal parts.

#ifndef LEYE_SERVICES_STORE_REDIS_PAGE_H_
#define LEYE_SERVICES_STORE_REDIS_PAGE_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "services/store/record_codec.h"
#include "services/store/redis_client.h"
#include "services/store/store.h"

namespace leye::store::redis {

struct PageBounds {
  std::string from = "-";  // As ZRANGEBYLEX takes them.
  std::string to = "+";
  int limit = kMaxPageSize;
  bool first = true;  // Of a scan of the region.
};

template <typename Records>
struct Page {
  Records records;
  bool more = false;
  std::string last_member;
  Revision revision;
};

// What kCommitScript wrote; redis_keys.h tells the layout. Views `name` and `value`. DATA_LOSS for
// anything else.
absl::StatusOr<StoredRecord> RecordIn(Kind kind, absl::string_view name, absl::string_view value);

// At one revision. DATA_LOSS when a record that is listed is missing.
template <typename Records>
absl::StatusOr<Page<Records>> ReadPage(Client& client, Region region, const PageBounds& bounds);

// A page of a region scan by plain commands, which cost the server a third of what the script does.
// Several are on their way at a time, so that it goes on while we take answers apart. Whatever goes
// wrong is left to ReadPage, and so is a first or last page during which something was committed:
// between them, store.h allows what commits do to a page.
template <typename Records>
absl::StatusOr<Page<Records>> ReadPageQuickly(Client& client, Region region,
                                              const PageBounds& bounds);

}  // namespace leye::store::redis

#endif  // LEYE_SERVICES_STORE_REDIS_PAGE_H_
