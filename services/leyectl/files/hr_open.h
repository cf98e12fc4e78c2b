// Reads position openings of HR Open Standards (HR-JSON 4), as HR systems hand them to each other:
// one opening, a list of them, or a list under `positionOpenings`. Each of its positionProfiles is
// a posting; openings that are closed or not complete are passed over.
//
// Read of a profile are positionId, positionTitle, positionFormattedDescriptions,
// positionOrganizations, positionLocation, positionOpenQuantity, positionScheduleTypeCodes,
// postingInstructions (start and end of the first) and the base pay of offeredRemunerationPackage;
// and in userArea, which the standard leaves to whoever writes, the posting that an export carries
// (page_json.h).
//
// Sources: the exports of JazzHR (github.com/JazzHR/api-doc, "HROpen PositionOpenings Array") and
// the API of SEEK (developer.seek.com/schema, PositionProfile, RemunerationRange and Location,
// whose contextualName is read where there is no address), which both follow the standard.

#ifndef LEYE_SERVICES_LEYECTL_FILES_HR_OPEN_H_
#define LEYE_SERVICES_LEYECTL_FILES_HR_OPEN_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "services/leyectl/files/row_mapper.h"

namespace leye::ctl::files {

// The postings of a text, in its order. INVALID_ARGUMENT when it is no JSON, or holds no opening.
absl::StatusOr<std::vector<MappedRow>> ReadPositionOpenings(absl::string_view text,
                                                            const MapperContext& context);

// The profiles that have a reason, by the number of the posting from 1, as they stand in the text
// and with the reason, each in an opening of its own: a text for ReadPositionOpenings, to be
// mended. REQUIRES: ReadPositionOpenings takes `text`.
std::string RejectedPositionOpenings(absl::string_view text,
                                     const std::map<int64_t, std::string>& reasons);

}  // namespace leye::ctl::files

#endif  // LEYE_SERVICES_LEYECTL_FILES_HR_OPEN_H_
