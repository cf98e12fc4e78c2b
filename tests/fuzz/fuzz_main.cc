// The libFuzzer program of all targets, built in preset fuzz; `run` starts it.
//
//   LEYE_FUZZ_TARGET=rulesets build/fuzz/bin/leye_fuzz CORPUS_DIR... -max_total_time=60
//   LEYE_FUZZ_TARGET=rulesets build/fuzz/bin/leye_fuzz FILE        # tries one input again
//   LEYE_FUZZ_TARGET= build/fuzz/bin/leye_fuzz                     # names all targets
//
//   LEYE_FUZZ_TARGET=rulesets LEYE_FUZZ_BLIND=60 build/fuzz/bin/leye_fuzz CORPUS_DIR...
//
// The last is without libFuzzer's eyes, for 60 seconds: mutants of what is in the folders, several
// times as many as libFuzzer has time for, as it looks at every branch of the program after each.
// The one that was wrong or crashed is written to LEYE_FUZZ_FOUND.
//
// LEYE_FUZZ_SEEDS names a folder into which the target's own seeds are written first.

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <limits>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include <google/protobuf/stubs/logging.h>
#include <sanitizer/common_interface_defs.h>

#include "tests/fuzz/session.h"
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

void WriteFound(absl::string_view input) {
  const std::string path = Environment("LEYE_FUZZ_FOUND");
  if (!path.empty()) std::ofstream(path, std::ios::binary) << input;
}

// Keeps what is tried when the process dies of it.
class Kept final : public Target {
 public:
  explicit Kept(Target& target) : target_(target) {
    __sanitizer_set_death_callback([] { WriteFound(input_); });
    std::signal(SIGABRT, [](int /*signal*/) {
      WriteFound(input_);
      std::_Exit(1);
    });
  }

  std::string Try(absl::string_view input) override {
    input_ = input;
    std::string wrong = target_.Try(input);
    input_ = "";
    return wrong;
  }
  std::string Finish() override { return target_.Finish(); }
  std::string Mutate(absl::string_view input, Dice& dice) const override {
    return target_.Mutate(input, dice);
  }

 private:
  static inline absl::string_view input_;
  Target& target_;
};

// Does not return.
void RunBlind(absl::Duration duration, const std::vector<std::string>& folders) {
  std::vector<std::string> inputs = TheTarget().Seeds();
  for (const std::string& folder : folders) {
    for (std::string& input : InputsIn(folder)) inputs.push_back(std::move(input));
  }
  const absl::Time now = absl::Now();
  Kept kept(TheTarget());
  const Outcome outcome = Fuzz(kept, std::move(inputs),
                               {.seed = static_cast<uint64_t>(absl::ToUnixNanos(now)),
                                .most_inputs = std::numeric_limits<int64_t>::max(),
                                .end = now + duration});
  std::cerr << "stat::blind_executions: " << outcome.inputs << "\n";
  if (!outcome.wrong.empty()) {
    std::cerr << "WRONG: " << outcome.wrong << "\n";
    WriteFound(outcome.input);
  }
  std::_Exit(outcome.wrong.empty() ? 0 : 1);
}

absl::string_view Text(const uint8_t* data, size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

}  // namespace
}  // namespace leye::fuzz

// NOLINTBEGIN(readability-identifier-naming,readability-non-const-parameter): libFuzzer's form
extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  google::protobuf::SetLogHandler(nullptr);
  leye::fuzz::TheTarget();
  const std::string seeds = leye::fuzz::Environment("LEYE_FUZZ_SEEDS");
  if (!seeds.empty()) leye::fuzz::WriteSeeds(seeds);
  int seconds = 0;
  if (absl::SimpleAtoi(leye::fuzz::Environment("LEYE_FUZZ_BLIND"), &seconds)) {
    leye::fuzz::RunBlind(absl::Seconds(seconds), {*argv + 1, *argv + *argc});
  }
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
// NOLINTEND(readability-identifier-naming,readability-non-const-parameter)
