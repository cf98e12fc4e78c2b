#include "services/base/outcome_figures.h"

#include <algorithm>

namespace leye {

void OutcomeFigures::Add(absl::StatusCode code, absl::Duration took) {
  const auto number = static_cast<size_t>(code);
  const size_t known = number < kCodes ? number : static_cast<size_t>(absl::StatusCode::kUnknown);
  by_code_[known].fetch_add(1, std::memory_order_relaxed);
  const double seconds = absl::ToDoubleSeconds(took);
  const auto bucket = std::lower_bound(kBounds.begin(), kBounds.end(), seconds) - kBounds.begin();
  by_bucket_[static_cast<size_t>(bucket)].fetch_add(1, std::memory_order_relaxed);
  nanoseconds_.fetch_add(absl::ToInt64Nanoseconds(took), std::memory_order_relaxed);
}

OutcomeFigures::Reading OutcomeFigures::Read() const {
  Reading reading;
  for (size_t i = 0; i < by_code_.size(); ++i) {
    reading.by_code[i] = by_code_[i].load(std::memory_order_relaxed);
  }
  for (size_t i = 0; i < by_bucket_.size(); ++i) {
    reading.by_bucket[i] = by_bucket_[i].load(std::memory_order_relaxed);
  }
  reading.seconds =
      absl::ToDoubleSeconds(absl::Nanoseconds(nanoseconds_.load(std::memory_order_relaxed)));
  return reading;
}

}  // namespace leye
