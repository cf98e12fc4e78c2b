#include "services/leyectl/files/csv_writer.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace leye::ctl::files {
namespace {

constexpr absl::string_view kComputed = "=+-@\t\r\n";

// Behind apostrophes, which an earlier disarming may have left, stands what is computed.
bool IsComputed(absl::string_view cell) {
  const size_t first = cell.find_first_not_of('\'');
  return first != absl::string_view::npos && kComputed.find(cell[first]) != absl::string_view::npos;
}

}  // namespace

std::string Disarmed(absl::string_view cell) {
  return IsComputed(cell) ? absl::StrCat("'", cell) : std::string(cell);
}

absl::string_view Armed(absl::string_view cell) {
  if (!cell.empty() && cell[0] == '\'' && IsComputed(cell)) cell.remove_prefix(1);
  return cell;
}

void AppendCsvRow(const std::vector<std::string>& cells, std::string* out) {
  for (size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) *out += ',';
    const std::string& cell = cells[i];
    // A row of one empty cell would be an empty line.
    if (cell.find_first_of(",;\t\"\r\n") == std::string::npos &&
        !(cells.size() == 1 && cell.empty())) {
      *out += cell;
    } else {
      absl::StrAppend(out, "\"", absl::StrReplaceAll(cell, {{"\"", "\"\""}}), "\"");
    }
  }
  *out += "\r\n";
}

}  // namespace leye::ctl::files
