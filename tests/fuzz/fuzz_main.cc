// The libFuzzer program of all targets, built in preset fuzz; `run` starts it.
//
//   LEYE_FUZZ_TARGET=rulesets build/fuzz/bin/leye_fuzz CORPUS_DIR... -max_total_time=60
//   LEYE_FUZZ_TARGET=rulesets build/fuzz/bin/leye_fuzz FILE        # tries one input again
//   LEYE_FUZZ_TARGET= build/fuzz/bin/leye_fuzz                     # names all targets
//
// LEYE_FUZZ_SEEDS names a folder into which the target's own seeds are written first.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iostream>

#include "absl/strings/str_cat.h"
#include <google/protobuf/stubs/logging.h>

#include "tests/fuzz/target.h"

extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t most);

namespace leye::fuzz {
namespace {

std::string Environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::unique_ptr<Target> OpenOrExit() {
  const NamedTarget* named = FindTarget(Environment("LEYE_FUZZ_TARGET"));
  if (named != nullptr) return named->open();
  for (const NamedTarget& target : AllTargets()) {
    std::cout << target.name << "\t" << target.about << "\n";
  }
  std::exit(Environment("LEYE_FUZZ_TARGET").empty() ? 0 : 2);
}

Target& TheTarget() {
  static Target& target = *OpenOrExit().release();
  return target;
}

void WriteSeeds(const std::string& folder) {
  const std::vector<std::string> seeds = TheTarget().Seeds();
  for (size_t i = 0; i < seeds.size(); ++i) {
    std::ofstream(absl::StrCat(folder, "/seed-", i), std::ios::binary) << seeds[i];
  }
}

absl::string_view Text(const uint8_t* data, size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

}  // namespace
}  // namespace leye::fuzz

// NOLINTBEGIN(readability-identifier-naming): libFuzzer calls them by these names.
extern "C" int LLVMFuzzerInitialize(int* /*argc*/, char*** /*argv*/) {
  google::protobuf::SetLogHandler(nullptr);
  leye::fuzz::TheTarget();
  const std::string seeds = leye::fuzz::Environment("LEYE_FUZZ_SEEDS");
  if (!seeds.empty()) leye::fuzz::WriteSeeds(seeds);
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string wrong = leye::fuzz::TheTarget().Try(leye::fuzz::Text(data, size));
  if (wrong.empty()) return 0;
  std::cerr << "WRONG: " << wrong << "\n";
  std::abort();
}

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t most, unsigned seed) {
  leye::fuzz::Dice dice(seed);
  if (dice.OneIn(3)) return LLVMFuzzerMutate(data, size, most);
  const std::string mutant = leye::fuzz::TheTarget().Mutate(leye::fuzz::Text(data, size), dice);
  const size_t length = std::min(mutant.size(), most);
  std::copy_n(mutant.data(), length, data);
  return length;
}
// NOLINTEND(readability-identifier-naming)
