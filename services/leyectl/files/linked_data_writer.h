// Writes postings as JobPostings of schema.org, which ReadJobPostings takes again.

#ifndef LEYE_SERVICES_LEYECTL_FILES_LINKED_DATA_WRITER_H_
#define LEYE_SERVICES_LEYECTL_FILES_LINKED_DATA_WRITER_H_

#include <string>

#include "absl/strings/string_view.h"
#include <nlohmann/json_fwd.hpp>

#include "leye/v1/posting.pb.h"
#include "services/leyectl/files/page_json.h"

namespace leye::ctl::files {

// What begins and ends a document of JSON-LD. Between stand its jobs, parted by commas.
inline constexpr absl::string_view kJobPostingsBegin =
    R"({"@context":["https://schema.org",{"leye":"urn:leye:v1:"}],"@graph":[)";
inline constexpr absl::string_view kJobPostingsEnd = "]}";

// A job, with its names and the whole posting.
std::string ToJobPosting(const v1::Posting& posting, const PostingNames& names);

// The members that schema.org has words for, but for the names.
nlohmann::json PublicJobOf(const v1::Posting& posting);

// Whether schema.org has words for the field of a posting that has this path.
bool JobPostingSays(absl::string_view path);

}  // namespace leye::ctl::files

#endif  // LEYE_SERVICES_LEYECTL_FILES_LINKED_DATA_WRITER_H_
