// What has become of an operation so far: how often it ended with each code, and how long it took.
//
//   OutcomeFigures commits;
//   commits.Add(absl::StatusCode::kOk, absl::Milliseconds(3));
//   OutcomeFigures::Reading now = commits.Read();
//
// Counting takes no lock and is done on every call; whoever reads does so when Prometheus asks.

#ifndef LEYE_SERVICES_BASE_OUTCOME_FIGURES_H_
#define LEYE_SERVICES_BASE_OUTCOME_FIGURES_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace leye {

// Thread-safe.
class OutcomeFigures {
 public:
  // The codes of gRPC and Abseil, by number; others are counted as UNKNOWN.
  static constexpr size_t kCodes = 17;

  // Upper bounds of the buckets, in seconds; a last bucket has what took longer.
  static constexpr std::array<double, 16> kBounds = {
      0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30};

  struct Reading {
    std::array<uint64_t, kCodes> by_code{};
    std::array<uint64_t, kBounds.size() + 1> by_bucket{};  // Not cumulative.
    double seconds = 0;                                    // All that was taken.
  };

  void Add(absl::StatusCode code, absl::Duration took);

  // Each figure is right; additions meanwhile may be in some and not yet in others.
  Reading Read() const;

 private:
  std::array<std::atomic<uint64_t>, kCodes> by_code_{};
  std::array<std::atomic<uint64_t>, kBounds.size() + 1> by_bucket_{};
  std::atomic<int64_t> nanoseconds_{0};
};

}  // namespace leye

#endif  // LEYE_SERVICES_BASE_OUTCOME_FIGURES_H_
