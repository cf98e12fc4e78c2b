// Under which rules a benchmark asks.
#ifndef LEYE_TESTS_BENCH_RULES_H_
#define LEYE_TESTS_BENCH_RULES_H_

#include <cstdint>

#include "matcher/fit.h"

namespace leye::bench {

enum class Rules : uint8_t {
  kBenchmark,  // README.md's; skills relate to themselves alone
  kDefault,    // what the product ships: every rule and criterion, and credit for related trades
};

// A ruleset, a catalogue and the day, with stable addresses.
class Basis {
 public:
  explicit Basis(Rules rules);
  Basis(const Basis&) = delete;
  Basis& operator=(const Basis&) = delete;

  const matcher::FitContext& context() const { return context_; }

 private:
  matcher::Ruleset ruleset_;
  matcher::SkillCatalogue catalogue_;
  matcher::FitContext context_;
};

}  // namespace leye::bench

#endif  // LEYE_TESTS_BENCH_RULES_H_
