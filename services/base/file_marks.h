// How files begin that more than one program has to tell apart.
#ifndef LEYE_SERVICES_BASE_FILE_MARKS_H_
#define LEYE_SERVICES_BASE_FILE_MARKS_H_

#include "absl/strings/string_view.h"

namespace leye {

// The export of a region: leyed writes and reads it, leyectl says who does.
inline constexpr absl::string_view kRegionFileMark = "leyereg1";

}  // namespace leye

#endif  // LEYE_SERVICES_BASE_FILE_MARKS_H_
