// Everything that is wrong with a request, gathered and told at once, in English and Chinese.
//
//   Violations violations;
//   violations.Add({"posting.openings", "OUT_OF_RANGE", "must be at least 1", "不得小于 1"});
//   LEYE_RETURN_IF_ERROR(violations.ToStatus());
//
// No text may hold the value that was sent: it may be personal data.
#ifndef LEYE_SERVICES_APP_VIOLATIONS_H_
#define LEYE_SERVICES_APP_VIOLATIONS_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace leye::app {

struct Violation {
  std::string field;   // Path within the request: "candidate.skills[2].skill".
  std::string reason;  // UPPER_SNAKE: "OUT_OF_RANGE".
  std::string description;
  std::string description_zh;
};

// Thread-compatible.
class Violations {
 public:
  void Add(Violation violation) { all_.push_back(std::move(violation)); }

  bool empty() const { return all_.empty(); }
  const std::vector<Violation>& all() const { return all_; }

  // INVALID_ARGUMENT naming every violation, or OK. A status travels in HTTP/2 trailers, of which
  // clients take 8 KB: beyond some 40 violations the last one says how many more there are.
  absl::Status ToStatus() const;

 private:
  std::vector<Violation> all_;
};

// The name in `field` is not one of `collection`.
Violation BadName(absl::string_view field, absl::string_view collection);

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_VIOLATIONS_H_
