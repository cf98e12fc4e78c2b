// Writes CSV that spreadsheets open as it is: UTF-8 with a byte order mark, CRLF, and no cell that
// they would compute.

#ifndef LEYE_SERVICES_LEYECTL_FILES_CSV_WRITER_H_
#define LEYE_SERVICES_LEYECTL_FILES_CSV_WRITER_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace leye::ctl::files {

inline constexpr absl::string_view kUtf8Mark = "\xEF\xBB\xBF";

// A cell that begins with = + - @, a tab or a line end is computed by spreadsheets (formula
// injection): an apostrophe before it makes it text. Disarmed(x) is read back by Armed.
std::string Disarmed(absl::string_view cell);
absl::string_view Armed(absl::string_view cell);

// Appends a row with its line end. Cells are written as they are, quoted where needed.
void AppendCsvRow(const std::vector<std::string>& cells, std::string* out);

}  // namespace leye::ctl::files

#endif  // LEYE_SERVICES_LEYECTL_FILES_CSV_WRITER_H_
