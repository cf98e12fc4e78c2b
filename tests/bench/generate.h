// Writes the benchmark's files for a made-up population; the same seed gives the same files.
#ifndef LEYE_TESTS_BENCH_GENERATE_H_
#define LEYE_TESTS_BENCH_GENERATE_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"

namespace leye::bench {

// What is unusual about the people or the postings. All but the first are hard for some engine.
enum class Population {
  kUsual,
  kRareTogether,     // two skills are asked that half of the people each hold, hardly anybody both
  kNothingNamed,     // postings ask nothing and reach everybody: all who are as near and needy tie
  kOneArea,          // everybody lives in one area
  kCommonSkill,      // everybody holds the one skill that is asked
  kNobodyAvailable,  // nobody is looking for work
};

struct GenerateOptions {
  int64_t people = 10'000;
  int64_t areas = 30;
  int64_t postings = 1'000;
  int64_t queries = 1'000;  // of each direction
  uint64_t seed = 1;
  Population population = Population::kUsual;
  std::string folder;
};

// county, hebei, province, nation or five-nations. Otherwise: INVALID_ARGUMENT.
absl::Status SetScale(const std::string& name, GenerateOptions& options);
// usual, rare-together, nothing-named, one-area, common-skill or nobody-available. Otherwise:
// INVALID_ARGUMENT.
absl::Status SetPopulation(const std::string& name, GenerateOptions& options);

absl::Status Generate(const GenerateOptions& options);

}  // namespace leye::bench

#endif  // LEYE_TESTS_BENCH_GENERATE_H_
