// Which leye a program is.

#ifndef LEYE_SERVICES_BASE_VERSION_H_
#define LEYE_SERVICES_BASE_VERSION_H_

#include "absl/strings/string_view.h"

namespace leye {

// "0.1.0", or "0.1.0 (c07c02d4a1b2)" with the commit where whoever built it said that.
absl::string_view Version();

}  // namespace leye

#endif  // LEYE_SERVICES_BASE_VERSION_H_
