// The benchmark's ruleset: eligible iff available, of the age, educated, skilled and near enough;
// score 0.6 S + 0.3 exp(-km / 20) + 0.1 priority / 3; ties by id. The same for all channels.
//
// A benchmark candidate of priority p carries BenchmarkGroups(p); its other facts are the profile's
// defaults, with seeking, willing and consent as `available` says. Use it with an empty catalogue:
// no skill is related to another.
#ifndef LEYE_TESTS_ORACLE_BENCHMARK_RULESET_H_
#define LEYE_TESTS_ORACLE_BENCHMARK_RULESET_H_

#include "matcher/ruleset.h"

namespace leye::matcher::oracle {

Ruleset BenchmarkRuleset();

// REQUIRES: 0 <= priority <= 3.
GroupSet BenchmarkGroups(int priority);

}  // namespace leye::matcher::oracle

#endif  // LEYE_TESTS_ORACLE_BENCHMARK_RULESET_H_
