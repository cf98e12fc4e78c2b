#include "services/leyed/measured_store.h"

#include <chrono>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

namespace leye {
namespace {

const absl::Status& StatusOf(const absl::Status& status) { return status; }
template <typename T>
const absl::Status& StatusOf(const absl::StatusOr<T>& answer) {
  return answer.status();
}

class MeasuredStore final : public store::Store {
 public:
  MeasuredStore(std::unique_ptr<store::Store> store, StoreFigures& figures)
      : store_(std::move(store)), figures_(figures) {}

  absl::StatusOr<store::CommitResult> Commit(const store::CommitRequest& request) override {
    return Measured(StoreOperation::kCommit, [&] { return store_->Commit(request); });
  }
  absl::StatusOr<std::optional<store::CommitResult>> FindRequest(
      store::Region region, absl::string_view request_id, absl::string_view fingerprint) override {
    return Measured(StoreOperation::kFindRequest,
                    [&] { return store_->FindRequest(region, request_id, fingerprint); });
  }
  absl::StatusOr<store::Record> Get(store::Region region, const store::RecordKey& key) override {
    return Measured(StoreOperation::kGet, [&] { return store_->Get(region, key); });
  }
  absl::StatusOr<std::vector<std::optional<store::Record>>> BatchGet(
      store::Region region, const std::vector<store::RecordKey>& keys) override {
    return Measured(StoreOperation::kBatchGet, [&] { return store_->BatchGet(region, keys); });
  }
  absl::StatusOr<store::ScanPage> Scan(const store::ScanRequest& request) override {
    return Measured(StoreOperation::kScan, [&] { return store_->Scan(request); });
  }
  absl::StatusOr<store::RegionScanPage> ScanRegion(
      const store::RegionScanRequest& request) override {
    return Measured(StoreOperation::kScanRegion, [&] { return store_->ScanRegion(request); });
  }
  absl::StatusOr<store::OpenScanPage> ScanOpen(const store::RegionScanRequest& request) override {
    return Measured(StoreOperation::kScanRegion, [&] { return store_->ScanOpen(request); });
  }
  absl::Status PrepareScan(store::Region region, const std::function<bool()>& go_on) override {
    return store_->PrepareScan(region, go_on);  // Takes as long as it has time.
  }
  absl::StatusOr<std::vector<store::LogEntry>> ReadLog(store::Region region, store::Revision after,
                                                       int limit) override {
    return Measured(StoreOperation::kReadLog,
                    [&] { return store_->ReadLog(region, after, limit); });
  }
  absl::StatusOr<store::Revision> Head(store::Region region) override {
    return store_->Head(region);
  }
  absl::StatusOr<store::Heads> ListRegions() override { return store_->ListRegions(); }
  absl::Status Health() override { return store_->Health(); }
  absl::StatusOr<store::Heads> WaitForChange(const store::Heads& known,
                                             absl::Duration timeout) override {
    return store_->WaitForChange(known, timeout);
  }
  absl::Status HoldLog(const store::LogHold& hold) override {
    return Measured(StoreOperation::kLogUpkeep, [&] { return store_->HoldLog(hold); });
  }
  absl::Status TrimLog(store::Region region, uint64_t keep_from) override {
    return Measured(StoreOperation::kLogUpkeep, [&] { return store_->TrimLog(region, keep_from); });
  }
  absl::StatusOr<store::RequestPage> ScanRequests(store::Region region, absl::string_view cursor,
                                                  int limit) override {
    return store_->ScanRequests(region, cursor, limit);
  }
  absl::StatusOr<uint64_t> Restore(const store::RestoreStep& step) override {
    return store_->Restore(step);
  }
  absl::StatusOr<int> Reseal(store::Region region,
                             const std::vector<store::ResealedPart>& parts) override {
    return Measured(StoreOperation::kReseal, [&] { return store_->Reseal(region, parts); });
  }
  void Close() override { store_->Close(); }

 private:
  template <typename Ask>
  std::invoke_result_t<Ask> Measured(StoreOperation operation, const Ask& ask) {
    const auto began = std::chrono::steady_clock::now();
    std::invoke_result_t<Ask> answer = ask();
    figures_.at(operation).Add(StatusOf(answer).code(),
                               absl::FromChrono(std::chrono::steady_clock::now() - began));
    return answer;
  }

  const std::unique_ptr<store::Store> store_;
  StoreFigures& figures_;
};

}  // namespace

const char* NameOf(StoreOperation operation) {
  switch (operation) {
    case StoreOperation::kCommit:
      return "commit";
    case StoreOperation::kFindRequest:
      return "find_request";
    case StoreOperation::kGet:
      return "get";
    case StoreOperation::kBatchGet:
      return "batch_get";
    case StoreOperation::kScan:
      return "scan";
    case StoreOperation::kScanRegion:
      return "scan_region";
    case StoreOperation::kReadLog:
      return "read_log";
    case StoreOperation::kLogUpkeep:
      return "log_upkeep";
    case StoreOperation::kReseal:
      return "reseal";
  }
  return "";
}

std::unique_ptr<store::Store> MeasureStore(std::unique_ptr<store::Store> store,
                                           StoreFigures& figures) {
  return std::make_unique<MeasuredStore>(std::move(store), figures);
}

}  // namespace leye
