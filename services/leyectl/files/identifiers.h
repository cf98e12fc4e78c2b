// Ids for records whose file gives none: made of what does not change, so that a file imported
// twice changes nothing.
//
//   const Identifiers ids(key);
//   ids.Personal("p", {"139900..."})   // p- and 32 letters from a to p
//
// What is personal goes through HMAC-SHA-256 under a key of the bureau's own, cut to 128 bits: of
// an identity number only some 10^11 are possible for a county, so a digest without a key could be
// undone by trying. Without the key nobody can tell whose id it is; with another key the same
// people are other records. What is not personal goes through SHA-256. Letters, for long runs of
// digits look like somebody's number.

#ifndef LEYE_SERVICES_LEYECTL_FILES_IDENTIFIERS_H_
#define LEYE_SERVICES_LEYECTL_FILES_IDENTIFIERS_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace leye::ctl::files {

// Least length of a key, in bytes.
inline constexpr size_t kIdKeyBytes = 16;

// Immutable but for assignment.
class Identifiers {
 public:
  explicit Identifiers(std::string key) : key_(std::move(key)) {}

  bool has_key() const { return !key_.empty(); }

  // `kind` keeps ids of persons and households apart, and begins them.
  std::string Personal(absl::string_view kind, const std::vector<std::string>& parts) const;

  static std::string Public(absl::string_view kind, const std::vector<std::string>& parts);

 private:
  std::string key_;
};

}  // namespace leye::ctl::files

#endif  // LEYE_SERVICES_LEYECTL_FILES_IDENTIFIERS_H_
