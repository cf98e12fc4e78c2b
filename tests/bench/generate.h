// Writes the benchmark's files for a made-up population; the same seed gives the same files.
#ifndef LEYE_TESTS_BENCH_GENERATE_H_
#define LEYE_TESTS_BENCH_GENERATE_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"

namespace leye::bench {

struct GenerateOptions {
  int64_t people = 10'000;
  int64_t areas = 30;
  int64_t postings = 1'000;
  int64_t queries = 1'000;  // of each direction
  uint64_t seed = 1;
  std::string folder;
};

// county, province or nation, or one of the adversarial sets. Not found: INVALID_ARGUMENT.
absl::Status SetScale(const std::string& name, GenerateOptions& options);

absl::Status Generate(const GenerateOptions& options);

}  // namespace leye::bench

#endif  // LEYE_TESTS_BENCH_GENERATE_H_
