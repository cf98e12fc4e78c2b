// Mutants of a corpus, one after another, from a seed: what libFuzzer does, without its eyes.
//
//   const Outcome outcome = Fuzz(*target, inputs, {.seed = 7, .most_inputs = 1'000});
//   EXPECT_EQ(outcome.wrong, "") << outcome.input;

#ifndef LEYE_TESTS_FUZZ_SESSION_H_
#define LEYE_TESTS_FUZZ_SESSION_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"

#include "tests/fuzz/target.h"

namespace leye::fuzz {

struct Limits {
  uint64_t seed = 1;
  int64_t most_inputs = 1'000;  // Mutants, beside the inputs given.
  // For mutants; of the processor, whoever else is on it.
  absl::Duration most_time = absl::InfiniteDuration();
  // For mutants; by the clock on the wall.
  absl::Time end = absl::InfiniteFuture();
};

struct Outcome {
  std::string wrong;  // As of Target::Try; "" when nothing is.
  std::string input;  // The one that it came of.
  int64_t inputs = 0;
};

// Tries every input of `inputs`, then mutants of them and of mutants, until one is wrong;
// then finishes.
Outcome Fuzz(Target& target, std::vector<std::string> inputs, const Limits& limits);

// The files of a folder in the order of their names; none when there is no such folder.
std::vector<std::string> InputsIn(const std::string& folder);

// The files of corpus/<name> under LEYE_SOURCE_DIR, and what the target begins with.
std::vector<std::string> CorpusOf(const std::string& name, const Target& target);

}  // namespace leye::fuzz

#endif  // LEYE_TESTS_FUZZ_SESSION_H_
