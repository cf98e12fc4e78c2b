// All records of a kind, some at a time.
//
//   LEYE_RETURN_IF_ERROR(ForEachPage(store, region, Kind::kReferral, [&](const auto& records) {
//     ...
//     return absl::OkStatus();
//   }));
#ifndef LEYE_SERVICES_APP_SCAN_H_
#define LEYE_SERVICES_APP_SCAN_H_

#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"

#include "services/store/store.h"

namespace leye::app {

// Ascending by name, each page as it is when it is read. The first error of the store or of
// `visit` ends it.
absl::Status ForEachPage(store::Store& store, store::Region region, store::Kind kind,
                         absl::FunctionRef<absl::Status(const std::vector<store::Record>&)> visit);

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_SCAN_H_
