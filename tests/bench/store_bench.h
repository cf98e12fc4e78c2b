// How fast a store takes and gives records. `leye_bench store` prints it.

#ifndef LEYE_TESTS_BENCH_STORE_BENCH_H_
#define LEYE_TESTS_BENCH_STORE_BENCH_H_

#include <string>

#include "absl/status/statusor.h"

namespace leye::bench {

struct StoreBenchOptions {
  std::string engine = "sqlite";  // Or "redis-always" or "redis-everysec", by appendfsync.
  std::string directory;          // Where the store's files go; they are removed before and after.
  int records = 200'000;          // For the import.
  int batch_records = 500;        // A commit of the import.
  int import_threads = 4;         // Commits of the import at once.
  int open_bytes = 300;           // Of a record, and
  int personal_bytes = 100;       // of its personal part.
  int singles_a_thread = 500;     // Commits of one record each, for each number of threads.
};

struct StoreBenchResult {
  double import_records_per_second = 0;         // Durable batches; names in order of their making.
  double import_random_records_per_second = 0;  // The same with names in no order.
  double import_one_thread_records_per_second = 0;
  double singles_1_per_second = 0;     // Durable commits of one record, 1 thread,
  double singles_16_per_second = 0;    // 16 threads,
  double singles_128_per_second = 0;   // 128 threads.
  double gets_per_second = 0;          // By name, one thread.
  double scan_records_per_second = 0;  // ScanOpen.
  double file_bytes_per_record = 0;    // Files after the import: records, index and log.
  double memory_bytes_per_record = 0;  // Of Redis after the import.
};

absl::StatusOr<StoreBenchResult> RunStoreBench(const StoreBenchOptions& options);

// One line of JSON.
std::string ToJson(const StoreBenchResult& result);

}  // namespace leye::bench

#endif  // LEYE_TESTS_BENCH_STORE_BENCH_H_
