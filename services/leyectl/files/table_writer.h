// Writes rows of cells into a file: CSV, or a workbook with one sheet.
//
//   LEYE_ASSIGN_OR_RETURN(auto writer, NewXlsxWriter("people.xlsx", "candidates"));
//   writer->Add({"姓名", "性别"});
//   LEYE_RETURN_IF_ERROR(writer->Close());
//
// All cells are text, and disarmed (csv_writer.h) in both: a workbook is often saved as CSV later.
// Memory does not grow with the rows.

#ifndef LEYE_SERVICES_LEYECTL_FILES_TABLE_WRITER_H_
#define LEYE_SERVICES_LEYECTL_FILES_TABLE_WRITER_H_

#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace leye::ctl::files {

// Thread-compatible.
class TableWriter {
 public:
  TableWriter() = default;
  TableWriter(const TableWriter&) = delete;
  TableWriter& operator=(const TableWriter&) = delete;
  virtual ~TableWriter() = default;

  // OUT_OF_RANGE when a sheet can hold no more rows or not so long a cell (32,767 characters).
  virtual absl::Status Add(const std::vector<std::string>& cells) = 0;

  // Ends the file. UNAVAILABLE when it could not be written.
  virtual absl::Status Close() = 0;
};

// `stream` outlives the writer.
std::unique_ptr<TableWriter> NewCsvWriter(std::ostream& stream);

// UNAVAILABLE when the file cannot be written.
absl::StatusOr<std::unique_ptr<TableWriter>> NewXlsxWriter(const std::string& file,
                                                           const std::string& sheet);

}  // namespace leye::ctl::files

#endif  // LEYE_SERVICES_LEYECTL_FILES_TABLE_WRITER_H_
