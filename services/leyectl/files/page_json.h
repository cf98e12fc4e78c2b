// What JobPostings of pages and openings of HR Open share as JSON.
//
// Neither has words for much of a posting. What is exported therefore carries the whole of it too,
// as kWholePosting: an import goes by that, and by the other members where somebody changed them.

#ifndef LEYE_SERVICES_LEYECTL_FILES_PAGE_JSON_H_
#define LEYE_SERVICES_LEYECTL_FILES_PAGE_JSON_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include <nlohmann/json_fwd.hpp>

#include "leye/v1/posting.pb.h"

namespace leye::ctl::files {

inline constexpr size_t kMaxPageBytes = 64 << 20;

// The member that holds a posting as proto JSON.
inline constexpr char kWholePosting[] = "leye:posting";
// The member that tells people why an item was rejected. Not read.
inline constexpr char kRejectedBecause[] = "leye:rejected";

// What a posting refers to, as people read it.
struct PostingNames {
  std::string employer{};
  std::vector<std::string> skills{};
};

// Reads a text of at most kMaxPageBytes; what is nested deeper than anything here is left out.
// INVALID_ARGUMENT when it is no JSON.
absl::StatusOr<nlohmann::json> ParsePage(absl::string_view text);

// On one line, and safe inside a page's script element.
std::string PageText(const nlohmann::json& value);

// Plain text as HTML.
std::string AsMarkup(absl::string_view text);

// As proto JSON, for kWholePosting.
nlohmann::json WholeOf(const v1::Posting& posting);

// Takes the members away that are as they were written: those are left that somebody changed.
void LeaveChanged(const nlohmann::json& as_written, nlohmann::json& object);

// HOUR of PAY_UNIT_HOUR; "" of pay that is by no time, or says no amount.
std::string TimeUnitOf(const v1::Pay& pay);

}  // namespace leye::ctl::files

#endif  // LEYE_SERVICES_LEYECTL_FILES_PAGE_JSON_H_
