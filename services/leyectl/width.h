// How many columns of a terminal a text takes: Chinese characters take two.
//
//   DisplayWidth("缝纫工 A") == 8
//   Fit("康保县怡安社区", 9) == "康保县怡…"

#ifndef LEYE_SERVICES_LEYECTL_WIDTH_H_
#define LEYE_SERVICES_LEYECTL_WIDTH_H_

#include <string>

#include "absl/strings/string_view.h"

namespace leye::ctl {

// Columns of `utf8`: 2 for East Asian wide and full-width characters and emoji, 0 for combining
// marks and control characters, 1 for the rest. A malformed byte counts as 1, as terminals show it.
int DisplayWidth(absl::string_view utf8);

// `utf8` cut to at most `columns`, with "…" in the last one when something was cut.
// REQUIRES: columns >= 1.
std::string Fit(absl::string_view utf8, int columns);

// `utf8` with line breaks and other control characters made blanks: safe in a table, and it cannot
// send escape sequences to the terminal.
std::string Printable(absl::string_view utf8);

}  // namespace leye::ctl

#endif  // LEYE_SERVICES_LEYECTL_WIDTH_H_
