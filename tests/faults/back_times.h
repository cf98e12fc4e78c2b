// How long it took to be back after each fault of a run.

#ifndef LEYE_TESTS_FAULTS_BACK_TIMES_H_
#define LEYE_TESTS_FAULTS_BACK_TIMES_H_

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/str_format.h"
#include "absl/time/time.h"

namespace leye::faults {

// Thread-compatible.
class BackTimes {
 public:
  void Add(absl::Duration time) { times_.push_back(time); }
  size_t size() const { return times_.size(); }

  std::string Text() {
    if (times_.empty()) return "never away";
    std::sort(times_.begin(), times_.end());
    const size_t last = times_.size() - 1;
    const auto late = std::count_if(times_.begin(), times_.end(),
                                    [](absl::Duration time) { return time > absl::Seconds(5); });
    return absl::StrFormat("back in %.1f s (median), %.1f s (99 of 100), %.1f s (longest), %d late",
                           absl::ToDoubleSeconds(times_[last / 2]),
                           absl::ToDoubleSeconds(times_[last * 99 / 100]),
                           absl::ToDoubleSeconds(times_[last]), late);
  }

 private:
  std::vector<absl::Duration> times_;
};

}  // namespace leye::faults

#endif  // LEYE_TESTS_FAULTS_BACK_TIMES_H_
