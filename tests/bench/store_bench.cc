#include "tests/bench/store_bench.h"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

#include "services/base/clock.h"
#include "services/base/logging.h"
#include "services/base/random.h"
#include "services/base/status.h"
#include "services/store/redis_store.h"
#include "services/store/sqlite_store.h"
#include "tests/testing/redis_server.h"

namespace leye::bench {
namespace {

using store::CommitRequest;
using store::Envelope;
using store::Kind;
using store::Mutation;
using store::Precondition;
using store::Region;
using store::Store;

constexpr Region kRegion = Region::FromNumber(13);

enum class Names { kAscending, kRandom };

// A store in a folder of its own, removed afterwards.
class Subject {
 public:
  explicit Subject(const StoreBenchOptions& options)
      : engine_(options.engine), folder_(options.directory + "/store_bench") {
    Remove();
  }
  ~Subject() {
    store_.reset();
    redis_.reset();
    Remove();
  }
  Subject(const Subject&) = delete;
  Subject& operator=(const Subject&) = delete;

  absl::Status Open() {
    std::filesystem::create_directories(folder_);
    const store::StoreEnvironment around{clock_, random_, log_};
    if (engine_ == "sqlite") {
      LEYE_ASSIGN_OR_RETURN(store_, store::OpenSqliteStore({.path = folder_ + "/leye.db"}, around));
      return absl::OkStatus();
    }
    const char* appendfsync = engine_ == "redis-always" ? "always" : "everysec";
    redis_.emplace(
        testing::RedisServerOptions{.settings = {{"dir", folder_}, {"appendfsync", appendfsync}}});
    empty_bytes_ = RedisBytes();
    LEYE_ASSIGN_OR_RETURN(store_,
                          store::OpenRedisStore({.addresses = {redis_->address()},
                                                 .unsafe_server = store::UnsafeServer::kWarn,
                                                 .max_connections = 128,
                                                 .call_timeout = absl::Minutes(1)},
                                                around));
    return absl::OkStatus();
  }
  Store& store() { return *store_; }

  int64_t FileBytes() const {
    int64_t bytes = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_)) {
      if (entry.is_regular_file()) bytes += static_cast<int64_t>(entry.file_size());
    }
    return bytes;
  }
  int64_t MemoryBytes() const { return redis_ ? RedisBytes() - empty_bytes_ : 0; }

 private:
  int64_t RedisBytes() const {
    const std::string info = redis_->Ask({"INFO", "memory"});
    const std::string key = "used_memory:";
    int64_t bytes = 0;
    const size_t at = info.find(key) + key.size();
    return absl::SimpleAtoi(info.substr(at, info.find('\r', at) - at), &bytes) ? bytes : 0;
  }
  void Remove() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  const std::string engine_;
  const std::string folder_;
  SystemClock clock_;
  SystemRandom random_;
  Logger log_ = Logger::Discard();
  std::optional<testing::RedisServer> redis_;
  int64_t empty_bytes_ = 0;
  std::unique_ptr<Store> store_;
};

std::string NameOf(int index, Names names) {
  const auto n = static_cast<uint64_t>(index);
  // An odd multiplier permutes the 64-bit numbers.
  const uint64_t id = names == Names::kRandom ? n * 0x9e3779b97f4a7c15 : n;
  return absl::StrFormat("regions/13/candidates/x%016x", id);
}

Mutation MakePut(const StoreBenchOptions& options, std::string name) {
  Envelope envelope;
  envelope.mutable_create_time()->set_seconds(1'700'000'000);
  envelope.mutable_update_time()->set_seconds(1'700'000'000);
  envelope.set_open(std::string(static_cast<size_t>(options.open_bytes), 'o'));
  envelope.mutable_sealed()->set_content(
      std::string(static_cast<size_t>(options.personal_bytes), 'p'));
  return Mutation::Put(Kind::kCandidate, std::move(name), std::move(envelope),
                       Precondition::Absent());
}

// Runs `work(thread)` on `threads` threads; units per second, or the first error.
absl::StatusOr<double> Rate(int threads, double units,
                            const std::function<absl::Status(int)>& work) {
  std::vector<absl::Status> statuses(static_cast<size_t>(threads));
  std::vector<std::thread> running;
  running.reserve(static_cast<size_t>(threads));
  const absl::Time start = absl::Now();
  for (int i = 0; i < threads; ++i) {
    running.emplace_back([&, i] { statuses[static_cast<size_t>(i)] = work(i); });
  }
  for (std::thread& thread : running) thread.join();
  const double seconds = absl::ToDoubleSeconds(absl::Now() - start);
  for (const absl::Status& status : statuses) LEYE_RETURN_IF_ERROR(status);
  return units / seconds;
}

absl::StatusOr<double> Import(Store& store, const StoreBenchOptions& options, int threads,
                              Names names) {
  std::atomic<int> next = 0;
  return Rate(threads, options.records, [&](int) -> absl::Status {
    while (true) {
      const int first = next.fetch_add(options.batch_records);
      if (first >= options.records) return absl::OkStatus();
      CommitRequest request{.region = kRegion, .request_id = absl::StrCat("import-", first)};
      const int end = std::min(first + options.batch_records, options.records);
      for (int i = first; i < end; ++i) {
        request.mutations.push_back(MakePut(options, NameOf(i, names)));
      }
      LEYE_RETURN_IF_ERROR(store.Commit(request));
    }
  });
}

absl::StatusOr<double> Singles(Store& store, const StoreBenchOptions& options, int threads) {
  // All threads together make about as many commits, but each at least some.
  const int each = std::max(options.singles_a_thread * 4 / (threads + 3), 20);
  return Rate(threads, each * threads, [&](int thread) -> absl::Status {
    for (int i = 0; i < each; ++i) {
      const std::string id = absl::StrCat("single-", threads, "-", thread, "-", i);
      CommitRequest request{.region = kRegion, .request_id = id};
      request.mutations.push_back(MakePut(options, absl::StrCat("regions/13/candidates/", id)));
      LEYE_RETURN_IF_ERROR(store.Commit(request));
    }
    return absl::OkStatus();
  });
}

absl::StatusOr<double> Gets(Store& store, const StoreBenchOptions& options) {
  constexpr int kGets = 50'000;
  return Rate(1, kGets, [&](int) -> absl::Status {
    for (int i = 0; i < kGets; ++i) {
      const int index = static_cast<int>(i * 7919LL % options.records);
      LEYE_RETURN_IF_ERROR(
          store.Get(kRegion, {Kind::kCandidate, NameOf(index, Names::kAscending)}));
    }
    return absl::OkStatus();
  });
}

absl::StatusOr<double> ScanAll(Store& store, const StoreBenchOptions& options) {
  return Rate(1, options.records, [&](int) -> absl::Status {
    store::RegionScanRequest request{.region = kRegion};
    do {
      LEYE_ASSIGN_OR_RETURN(store::OpenScanPage page, store.ScanOpen(request));
      request.cursor = std::move(page.next_cursor);
    } while (!request.cursor.empty());
    return absl::OkStatus();
  });
}

absl::Status MeasureMain(const StoreBenchOptions& options, StoreBenchResult& result) {
  Subject subject(options);
  LEYE_RETURN_IF_ERROR(subject.Open());
  Store& store = subject.store();
  LEYE_ASSIGN_OR_RETURN(result.import_records_per_second,
                        Import(store, options, options.import_threads, Names::kAscending));
  result.memory_bytes_per_record = static_cast<double>(subject.MemoryBytes()) / options.records;
  LEYE_ASSIGN_OR_RETURN(result.scan_records_per_second, ScanAll(store, options));
  LEYE_ASSIGN_OR_RETURN(result.gets_per_second, Gets(store, options));
  LEYE_ASSIGN_OR_RETURN(result.singles_1_per_second, Singles(store, options, 1));
  LEYE_ASSIGN_OR_RETURN(result.singles_16_per_second, Singles(store, options, 16));
  LEYE_ASSIGN_OR_RETURN(result.singles_128_per_second, Singles(store, options, 128));
  store.Close();
  result.file_bytes_per_record = static_cast<double>(subject.FileBytes()) / options.records;
  return absl::OkStatus();
}

absl::StatusOr<double> MeasureImport(const StoreBenchOptions& options, int threads, Names names) {
  Subject subject(options);
  LEYE_RETURN_IF_ERROR(subject.Open());
  return Import(subject.store(), options, threads, names);
}

}  // namespace

absl::StatusOr<StoreBenchResult> RunStoreBench(const StoreBenchOptions& options) {
  StoreBenchResult result;
  LEYE_RETURN_IF_ERROR(MeasureMain(options, result));
  LEYE_ASSIGN_OR_RETURN(result.import_random_records_per_second,
                        MeasureImport(options, options.import_threads, Names::kRandom));
  LEYE_ASSIGN_OR_RETURN(result.import_one_thread_records_per_second,
                        MeasureImport(options, 1, Names::kAscending));
  return result;
}

std::string ToJson(const StoreBenchResult& r) {
  return absl::StrFormat(
      R"({"import_records_per_second":%.0f,"import_random_records_per_second":%.0f,)"
      R"("import_one_thread_records_per_second":%.0f,"singles_1_per_second":%.0f,)"
      R"("singles_16_per_second":%.0f,"singles_128_per_second":%.0f,"gets_per_second":%.0f,)"
      R"("scan_records_per_second":%.0f,"file_bytes_per_record":%.0f,"memory_bytes_per_record":%.0f})",
      r.import_records_per_second, r.import_random_records_per_second,
      r.import_one_thread_records_per_second, r.singles_1_per_second, r.singles_16_per_second,
      r.singles_128_per_second, r.gets_per_second, r.scan_records_per_second,
      r.file_bytes_per_record, r.memory_bytes_per_record);
}

}  // namespace leye::bench
