#include "services/app/scan.h"

#include "services/app/list.h"
#include "services/base/status.h"

namespace leye::app {

absl::Status ForEachPage(store::Store& store, store::Region region, store::Kind kind,
                         absl::FunctionRef<absl::Status(const std::vector<store::Record>&)> visit) {
  store::ScanRequest scan{
      .region = region, .kind = kind, .after_name = "", .limit = kRecordsPerRead};
  for (bool more = true; more;) {
    LEYE_ASSIGN_OR_RETURN(const store::ScanPage page, store.Scan(scan));
    LEYE_RETURN_IF_ERROR(visit(page.records));
    more = page.more && !page.records.empty();
    if (more) scan.after_name = page.records.back().name;
  }
  return absl::OkStatus();
}

}  // namespace leye::app
