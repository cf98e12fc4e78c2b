#include "tests/fuzz/session.h"

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

#include "tests/e2e/client.h"

namespace leye::fuzz {
namespace {

constexpr size_t kMostBytes = 16 << 10;  // Of a mutant: nothing grows without end.
constexpr size_t kMostKept = 500;

// That this process has had of the processor.
absl::Duration ProcessorTime() {
  return absl::Seconds(static_cast<double>(std::clock()) / CLOCKS_PER_SEC);
}

}  // namespace

Outcome Fuzz(Target& target, std::vector<std::string> inputs, const Limits& limits) {
  Outcome outcome;
  for (const std::string& input : inputs) {
    ++outcome.inputs;
    outcome.wrong = target.Try(input);
    if (outcome.wrong.empty()) continue;
    outcome.input = input;
    return outcome;
  }
  if (inputs.empty()) inputs.emplace_back();
  const absl::Duration end = ProcessorTime() + limits.most_time;
  Dice dice(limits.seed);
  const bool bounded = limits.most_time != absl::InfiniteDuration();
  for (int64_t i = 0; i < limits.most_inputs && absl::Now() < limits.end; ++i) {
    if (bounded && ProcessorTime() >= end) break;
    std::string mutant = target.Mutate(dice.OneOf(inputs), dice);
    if (mutant.size() > kMostBytes) continue;
    ++outcome.inputs;
    outcome.wrong = target.Try(mutant);
    if (!outcome.wrong.empty()) {
      outcome.input = mutant;
      return outcome;
    }
    if (dice.OneIn(8) && inputs.size() < kMostKept) inputs.push_back(std::move(mutant));
  }
  outcome.wrong = target.Finish();
  return outcome;
}

std::vector<std::string> InputsIn(const std::string& folder) {
  std::vector<std::filesystem::path> files;
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(folder, none)) {
    files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  std::vector<std::string> inputs;
  for (const std::filesystem::path& path : files) {
    std::ifstream file(path, std::ios::binary);
    inputs.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  return inputs;
}

std::vector<std::string> CorpusOf(const std::string& name, const Target& target) {
  std::vector<std::string> inputs = target.Seeds();
  const char* source = std::getenv("LEYE_SOURCE_DIR");
  e2e::Require(source != nullptr, "LEYE_SOURCE_DIR is not set");
  for (std::string& input : InputsIn(absl::StrCat(source, "/tests/fuzz/corpus/", name))) {
    inputs.push_back(std::move(input));
  }
  return inputs;
}

}  // namespace leye::fuzz
