// Reads schema.org JobPostings, as HR systems publish them: JSON-LD objects, arrays and @graph,
// alone or inside the script elements of a page.
//
// Read are title, description, identifier, datePosted, validThrough, employmentType,
// totalJobOpenings, hiringOrganization, jobLocation, jobLocationType, baseSalary, skills,
// educationRequirements and experienceRequirements; what else there is is left out. All is in
// memory: at most kMaxPageBytes.

#ifndef LEYE_SERVICES_LEYECTL_FILES_LINKED_DATA_H_
#define LEYE_SERVICES_LEYECTL_FILES_LINKED_DATA_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "services/leyectl/files/row_mapper.h"

namespace leye::ctl::files {

inline constexpr size_t kMaxPageBytes = 64 << 20;

// Whether a file is read so, by its name: .jsonld, .html, .htm.
bool IsLinkedDataFile(absl::string_view file);

// The JobPostings of a text, in its order. INVALID_ARGUMENT when it is no JSON, or holds none.
absl::StatusOr<std::vector<MappedRow>> ReadJobPostings(absl::string_view text,
                                                       const MapperContext& context);

}  // namespace leye::ctl::files

#endif  // LEYE_SERVICES_LEYECTL_FILES_LINKED_DATA_H_
