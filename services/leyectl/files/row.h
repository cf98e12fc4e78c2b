// Rows of cells: what a CSV file and a sheet of a workbook have in common.

#ifndef LEYE_SERVICES_LEYECTL_FILES_ROW_H_
#define LEYE_SERVICES_LEYECTL_FILES_ROW_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace leye::ctl::files {

// What bounds memory, whatever a file says. Excel itself allows 32,767 characters a cell and 16,384
// columns.
inline constexpr size_t kMaxCellBytes = 128 << 10;
inline constexpr size_t kMaxColumns = 2'048;
inline constexpr size_t kMaxRowBytes = 1 << 20;

struct Row {
  int64_t line = 0;                // Of the file where it begins, or of the sheet; from 1.
  std::vector<std::string> cells;  // UTF-8. Dates are YYYY-MM-DD, numbers as they are written.
  absl::string_view problem = {};  // A constant; why the row cannot be read as it is, or empty.

  bool is_blank() const {
    return std::all_of(cells.begin(), cells.end(), [](const std::string& cell) {
      return cell.find_first_not_of(" \t\r\n") == std::string::npos;
    });
  }
};

// Thread-compatible.
class RowReader {
 public:
  RowReader() = default;
  RowReader(const RowReader&) = delete;
  RowReader& operator=(const RowReader&) = delete;
  virtual ~RowReader() = default;

  // The next row; false at the end, or where the file cannot be read any further (see `status`).
  virtual bool Next(Row& row) = 0;

  // OK, or why reading ended early.
  virtual const absl::Status& status() const = 0;
};

// `A`, `B`, ..., `Z`, `AA`: how spreadsheets call a column. From 0.
std::string ColumnLetters(size_t column);

}  // namespace leye::ctl::files

#endif  // LEYE_SERVICES_LEYECTL_FILES_ROW_H_
