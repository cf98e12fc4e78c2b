// Writes postings as position openings of HR Open, which ReadPositionOpenings takes again.

#ifndef LEYE_SERVICES_LEYECTL_FILES_HR_OPEN_WRITER_H_
#define LEYE_SERVICES_LEYECTL_FILES_HR_OPEN_WRITER_H_

#include <string>

#include "absl/strings/string_view.h"
#include <nlohmann/json_fwd.hpp>

#include "leye/v1/posting.pb.h"
#include "services/leyectl/files/page_json.h"

namespace leye::ctl::files {

// What begins and ends a file of openings. Between they stand, parted by commas.
inline constexpr absl::string_view kPositionOpeningsBegin = R"({"positionOpenings":[)";
inline constexpr absl::string_view kPositionOpeningsEnd = "]}";

// An opening of one profile, with the employer's name and the whole posting (in userArea).
std::string ToPositionOpening(const v1::Posting& posting, const PostingNames& names);

// The members of a profile, but for the names and userArea.
nlohmann::json PublicProfileOf(const v1::Posting& posting);

// Whether a profile has words for the field of a posting that has this path.
bool PositionProfileSays(absl::string_view path);

}  // namespace leye::ctl::files

#endif  // LEYE_SERVICES_LEYECTL_FILES_HR_OPEN_WRITER_H_
