// A store that counts what is asked of it, and how long each answer took.
//
//   StoreFigures figures;
//   std::unique_ptr<store::Store> measured = MeasureStore(std::move(store), figures);
//   figures.at(StoreOperation::kCommit).Read();

#ifndef LEYE_SERVICES_LEYED_MEASURED_STORE_H_
#define LEYE_SERVICES_LEYED_MEASURED_STORE_H_

#include <array>
#include <cstddef>
#include <memory>

#include "services/base/outcome_figures.h"
#include "services/store/sqlite_store.h"
#include "services/store/store.h"

namespace leye {

// What is counted. Waiting for a change is not: how long that takes says nothing.
enum class StoreOperation {
  kCommit,  // Until it is durable: with the wait for its turn, and the disk or the replicas.
  kFindRequest,
  kGet,
  kBatchGet,
  kScan,
  kScanRegion,  // And ScanOpen.
  kReadLog,
  kLogUpkeep,  // HoldLog and TrimLog.
  kReseal,
};
inline constexpr size_t kStoreOperations = 9;

// "commit", "find_request", ...
const char* NameOf(StoreOperation operation);

// Thread-safe.
class StoreFigures {
 public:
  OutcomeFigures& at(StoreOperation operation) { return all_[static_cast<size_t>(operation)]; }
  const OutcomeFigures& at(StoreOperation operation) const {
    return all_[static_cast<size_t>(operation)];
  }

  // Of the embedded store; nothing is added by Redis, whose server does that itself.
  store::FsyncFigures& fsyncs() { return fsyncs_; }
  const store::FsyncFigures& fsyncs() const { return fsyncs_; }

 private:
  std::array<OutcomeFigures, kStoreOperations> all_ = {};
  store::FsyncFigures fsyncs_;
};

// `store` with its answers counted in `figures`, which outlives it.
std::unique_ptr<store::Store> MeasureStore(std::unique_ptr<store::Store> store,
                                           StoreFigures& figures);

}  // namespace leye

#endif  // LEYE_SERVICES_LEYED_MEASURED_STORE_H_
