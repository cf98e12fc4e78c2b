// Calls that come when they come, as those of many clients do: each at its time of a schedule,
// whether the ones before it have been answered or not. Its latency counts from that time, so a
// server that falls behind cannot hide it by holding up the client (coordinated omission).
//
//   LoadDriver driver(address, {.method = "/leye.v1.MatchService/RankCandidates",
//                               .messages = {...}, .connections = 16});
//   const double most = driver.Closed(64, 5).GoodPerSecond();
//   const LoadResult thrice = driver.Open(3 * most, 5);
//
// One thread over libnghttp2, so that it costs a small part of what the server's side does.
#ifndef LEYE_TESTS_BENCH_OPEN_LOOP_H_
#define LEYE_TESTS_BENCH_OPEN_LOOP_H_

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "tests/bench/stopwatch.h"
#include "tests/testing/http2_client.h"

namespace leye::bench {

struct LoadOptions {
  std::string method;                 // "/leye.v1.MatchService/RankCandidates".
  std::vector<std::string> messages;  // Serialised requests, asked in turn.
  std::vector<std::pair<std::string, std::string>> headers;  // Who calls.
  int connections = 16;
  std::chrono::milliseconds deadline{500};  // Of a call; the client gives up then.
  uint64_t seed = 1;                        // Of the gaps between calls.
};

// What became of the calls of one step.
struct LoadResult {
  double seconds = 0;
  int64_t offered = 0;
  int64_t good = 0;       // OK within the deadline.
  int64_t shed = 0;       // RESOURCE_EXHAUSTED.
  int64_t with_hint = 0;  // Of those, with google.rpc.RetryInfo.
  int64_t late = 0;       // Given up.
  int64_t failed = 0;     // Anything else.
  std::vector<double> good_ms;
  std::vector<double> shed_ms;
  std::vector<double> good_at;  // Seconds from the step's begin to the times of `good_ms`.

  double GoodPerSecond() const { return static_cast<double>(good) / seconds; }
};

// Thread-compatible. Ends the program with 1 when it cannot connect.
class LoadDriver {
 public:
  LoadDriver(const std::string& address, LoadOptions options);
  ~LoadDriver();

  // So many calls under way all the time: the next one begins when one ends.
  LoadResult Closed(int outstanding, double seconds);

  // So many a second, with exponential gaps. Returns when all have ended.
  LoadResult Open(double calls_per_second, double seconds);

 private:
  struct Sent {
    Clock::time_point scheduled;
    size_t connection;
    int32_t stream;
    bool ended = false;
  };

  void Ask(Clock::time_point scheduled);
  void Take(const testing::Http2Answer& answer);
  void GiveUpLate();
  // Until `then` at most.
  void Exchange(Clock::time_point then);
  void Begin();
  void FinishAll();

  const LoadOptions options_;
  std::vector<std::unique_ptr<testing::Http2Connection>> connections_;
  std::mt19937_64 random_;
  uint64_t asked_ = 0;
  // Of the step under way.
  LoadResult result_;
  Clock::time_point began_;
  std::deque<Sent> sent_;    // In order of time; the oldest may have ended.
  uint64_t first_sent_ = 0;  // The number of its front.
  int64_t under_way_ = 0;
};

}  // namespace leye::bench

#endif  // LEYE_TESTS_BENCH_OPEN_LOOP_H_
