// What is fuzzed: named targets that take bytes. The registry is the one list of them, for the
// libFuzzer program (fuzz_main.cc), the short run of CI (fuzz_test.cc) and `run` alike.
//
//   std::unique_ptr<Target> target = FindTarget("page_tokens")->open();
//   std::string wrong = target->Try(input);            // "" when all is well
//   std::string next = target->Mutate(input, dice);    // another one like it

#ifndef LEYE_TESTS_FUZZ_TARGET_H_
#define LEYE_TESTS_FUZZ_TARGET_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

#include "tests/fuzz/text_mutator.h"
#include "tests/oracle/dice.h"

namespace leye::fuzz {

using matcher::oracle::Dice;

// Thread-compatible.
class Target {
 public:
  Target() = default;
  Target(const Target&) = delete;
  Target& operator=(const Target&) = delete;
  virtual ~Target() = default;

  // Feeds the product with `input`, which may be anything. What is wrong with what came of it, ""
  // when nothing is; a crash says the rest.
  virtual std::string Try(absl::string_view input) = 0;

  // What is wrong with what all inputs have left behind. Nothing is tried afterwards.
  virtual std::string Finish() { return ""; }

  // Inputs to begin with, beside the corpus: what would go stale in a file.
  virtual std::vector<std::string> Seeds() const { return {}; }

  // A variant of `input`, which may be anything. Where inputs have a structure it is kept, mostly.
  virtual std::string Mutate(absl::string_view input, Dice& dice) const {
    return MutateText(input, dice);
  }
};

struct NamedTarget {
  std::string name;  // Also of its folder in corpus/.
  std::string about;
  std::unique_ptr<Target> (*open)();
};

// All that a run goes through.
const std::vector<NamedTarget>& AllTargets();

// One of them, or `planted`, whose fault every run must find. Null when there is none.
const NamedTarget* FindTarget(absl::string_view name);

// Of the file that has them.
std::unique_ptr<Target> NewRpcTarget();
std::unique_ptr<Target> NewJsonTarget();
std::unique_ptr<Target> NewHttpTarget();
std::unique_ptr<Target> NewTableTarget();
std::unique_ptr<Target> NewWorkbookTarget();
std::unique_ptr<Target> NewRecordFileTarget();
std::unique_ptr<Target> NewLinkedDataTarget();
std::unique_ptr<Target> NewTravelTimesTarget();
std::unique_ptr<Target> NewRulesetTarget();
std::unique_ptr<Target> NewNoticeTarget();
std::unique_ptr<Target> NewPageTokenTarget();
std::unique_ptr<Target> NewSignedTokenTarget();
std::unique_ptr<Target> NewKeyFileTarget();
std::unique_ptr<Target> NewStoredRecordTarget();
std::unique_ptr<Target> NewChangeLogTarget();
std::unique_ptr<Target> NewRegionFileTarget();

}  // namespace leye::fuzz

#endif  // LEYE_TESTS_FUZZ_TARGET_H_
