// Reads schema.org JobPostings, as HR systems publish them: JSON-LD objects, arrays and @graph,
// alone or inside the script elements of a page.
//
// Read are title, description, identifier, datePosted, validThrough, employmentType,
// totalJobOpenings, hiringOrganization, jobLocation, jobLocationType, baseSalary, skills,
// educationRequirements, experienceRequirements and applicationContact; what else there is is left
// out. A job that leyectl has exported is the posting that it carries (page_json.h), with what was
// changed of these members; its employer, trade and skills are those of the posting. All is in
// memory: at most kMaxPageBytes.

#ifndef LEYE_SERVICES_LEYECTL_FILES_LINKED_DATA_H_
#define LEYE_SERVICES_LEYECTL_FILES_LINKED_DATA_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "services/leyectl/files/row_mapper.h"

namespace leye::ctl::files {

// Whether a file is read so, by its name: .jsonld, .html, .htm.
bool IsLinkedDataFile(absl::string_view file);

// The JobPostings of a text, in its order. INVALID_ARGUMENT when it is no JSON, or holds none.
absl::StatusOr<std::vector<MappedRow>> ReadJobPostings(absl::string_view text,
                                                       const MapperContext& context);

// The jobs that have a reason, by their number from 1, as they stand in the text and with the
// reason: a text for ReadJobPostings, to be mended. REQUIRES: ReadJobPostings takes `text`.
std::string RejectedJobPostings(absl::string_view text,
                                const std::map<int64_t, std::string>& reasons);

}  // namespace leye::ctl::files

#endif  // LEYE_SERVICES_LEYECTL_FILES_LINKED_DATA_H_
