// leye_bench overload: what leyed does when more is asked of it than it can do. Runs leyed (from
// the folder of this program) with an invented world, finds by a closed loop how many
// RankCandidates a second it answers, and offers a half, once, twice and three times as many by an
// open loop (open_loop.h), then a half again; and all that in rounds.
#ifndef LEYE_TESTS_BENCH_OVERLOAD_COMMAND_H_
#define LEYE_TESTS_BENCH_OVERLOAD_COMMAND_H_

#include <cstdint>
#include <string>

namespace leye::bench {

struct OverloadOptions {
  int64_t people = 30'000;
  int areas = 60;
  int postings = 2'000;
  uint64_t seed = 1;
  // "bureau": with an API key, as a client of an office; "operator": without identities.
  std::string caller = "bureau";
  int page_size = 20;
  int connections = 16;
  int outstanding = 64;  // Calls under way in the closed loop.
  int rounds = 9;        // Ratios are their medians.
  int seconds = 1;       // Of each step of a round.
  int deadline_ms = 500;
  bool pin = true;  // leyed on all cores but the last, the client on the last.
};

// 0; 1 when the server failed.
int RunOverload(const OverloadOptions& options);

}  // namespace leye::bench

#endif  // LEYE_TESTS_BENCH_OVERLOAD_COMMAND_H_
