// How many requests the gateway has refused before they were calls, by reason. The gRPC server
// never sees them, so its figures have none of them.
//
//   figures.Add("MALFORMED_JSON");

#ifndef LEYE_SERVICES_GATEWAY_REFUSAL_FIGURES_H_
#define LEYE_SERVICES_GATEWAY_REFUSAL_FIGURES_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"

namespace leye::gateway {

// The reasons of the errors that callers are given. Those of the first four are in HTTP's status
// only: 403, 404, 405 and 415. MALFORMED_REQUEST are broken frames, base64, headers and timeouts;
// OTHER is none of these.
inline constexpr std::array<const char*, 12> kRefusalReasons = {
    "FOREIGN_HOST",    "UNKNOWN_METHOD",    "HTTP_METHOD",        "CONTENT_TYPE",
    "INVALID_FIELDS",  "MALFORMED_JSON",    "MALFORMED_REQUEST",  "NO_COMPRESSION",
    "UNKNOWN_VERSION", "REQUEST_TOO_LARGE", "STREAM_OF_REQUESTS", "OTHER"};

// Thread-safe.
class RefusalFigures {
 public:
  void Add(absl::string_view reason) {
    size_t i = 0;
    while (i + 1 < kRefusalReasons.size() && reason != kRefusalReasons[i]) ++i;
    counts_[i].fetch_add(1, std::memory_order_relaxed);
  }

  // Of the reason at that place of kRefusalReasons.
  int64_t count(size_t reason) const { return counts_[reason].load(std::memory_order_relaxed); }

 private:
  std::array<std::atomic<int64_t>, kRefusalReasons.size()> counts_ = {};
};

}  // namespace leye::gateway

#endif  // LEYE_SERVICES_GATEWAY_REFUSAL_FIGURES_H_
