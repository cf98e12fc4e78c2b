// A store whose inside can be exchanged and made to fail, to try a follower's patience.
#ifndef LEYE_TESTS_SERVICES_LIVE_STORE_PROXY_H_
#define LEYE_TESTS_SERVICES_LIVE_STORE_PROXY_H_

#include <atomic>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "services/base/status.h"
#include "services/store/store.h"

namespace leye::live {

// Reads fail with UNAVAILABLE while `failing`, Health while `ailing`; everything else goes to the
// store inside.
// Thread-safe but for Exchange, before_page and failing_region.
class StoreProxy : public store::Store {
 public:
  explicit StoreProxy(std::unique_ptr<store::Store> inside) : inside_(std::move(inside)) {}

  void Exchange(std::unique_ptr<store::Store> inside) { inside_ = std::move(inside); }
  store::Store* inside() { return inside_.get(); }

  std::atomic<bool> failing = false;
  std::atomic<bool> ailing = false;
  // Drops this many entries from the middle of what ReadLog answers.
  std::atomic<int> holes = 0;
  // Called before each page of a load.
  std::function<void(const store::RegionScanRequest&)> before_page = [](const auto&) {};
  // Pages of this region fail.
  std::optional<store::Region> failing_region;
  // Restore fails once it has worked this many times.
  std::atomic<int> restores_left = std::numeric_limits<int>::max();

  absl::StatusOr<store::CommitResult> Commit(const store::CommitRequest& request) override {
    return inside_->Commit(request);
  }
  absl::StatusOr<std::optional<store::CommitResult>> FindRequest(
      store::Region region, absl::string_view request_id, absl::string_view fingerprint) override {
    return inside_->FindRequest(region, request_id, fingerprint);
  }
  absl::StatusOr<store::Record> Get(store::Region region, const store::RecordKey& key) override {
    return inside_->Get(region, key);
  }
  absl::StatusOr<std::vector<std::optional<store::Record>>> BatchGet(
      store::Region region, const std::vector<store::RecordKey>& keys) override {
    return inside_->BatchGet(region, keys);
  }
  absl::StatusOr<store::ScanPage> Scan(const store::ScanRequest& request) override {
    return inside_->Scan(request);
  }
  absl::StatusOr<store::RegionScanPage> ScanRegion(
      const store::RegionScanRequest& request) override {
    if (failing) return Failure();
    return inside_->ScanRegion(request);
  }
  absl::StatusOr<store::OpenScanPage> ScanOpen(const store::RegionScanRequest& request) override {
    if (failing || request.region == failing_region) return Failure();
    before_page(request);
    return inside_->ScanOpen(request);
  }
  absl::Status PrepareScan(store::Region region, const std::function<bool()>& go_on) override {
    return inside_->PrepareScan(region, go_on);
  }
  absl::StatusOr<std::vector<store::LogEntry>> ReadLog(store::Region region, store::Revision after,
                                                       int limit) override {
    if (failing) return Failure();
    auto entries = inside_->ReadLog(region, after, limit);
    if (entries.ok() && entries->size() > 1 && holes > 0) {
      --holes;
      entries->erase(entries->begin() + 1);
      if (entries->size() == 1) entries->front().revision.sequence += 1;
    }
    return entries;
  }
  absl::StatusOr<store::Revision> Head(store::Region region) override {
    return inside_->Head(region);
  }
  absl::StatusOr<store::Heads> ListRegions() override { return inside_->ListRegions(); }
  absl::Status Health() override { return ailing ? Failure() : inside_->Health(); }
  absl::StatusOr<store::Heads> WaitForChange(const store::Heads& known,
                                             absl::Duration timeout) override {
    return inside_->WaitForChange(known, timeout);
  }
  absl::Status HoldLog(const store::LogHold& hold) override { return inside_->HoldLog(hold); }
  absl::Status TrimLog(store::Region region, uint64_t keep_from) override {
    return inside_->TrimLog(region, keep_from);
  }
  absl::StatusOr<store::RequestPage> ScanRequests(store::Region region, absl::string_view cursor,
                                                  int limit) override {
    return inside_->ScanRequests(region, cursor, limit);
  }
  absl::StatusOr<uint64_t> Restore(const store::RestoreStep& step) override {
    if (restores_left-- <= 0) return Failure();
    return inside_->Restore(step);
  }
  absl::StatusOr<int> Reseal(store::Region region,
                             const std::vector<store::ResealedPart>& parts) override {
    return inside_->Reseal(region, parts);
  }
  void Close() override { inside_->Close(); }

 private:
  static absl::Status Failure() {
    return Error(absl::StatusCode::kUnavailable, "STORE_IO_ERROR", "made to fail");
  }

  std::unique_ptr<store::Store> inside_;
};

}  // namespace leye::live

#endif  // LEYE_TESTS_SERVICES_LIVE_STORE_PROXY_H_
