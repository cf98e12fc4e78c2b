// A file as a table: its header found, its columns known, its rows one by one.
//
//   LEYE_ASSIGN_OR_RETURN(auto table, Table::Open("ledger.csv", "candidates", headers, {}));
//   for (Row row; table->Next(row);) ...
//
// The header is the row, of the first kHeaderSearchRows, in which most cells are known; rows above
// it are titles. Where the row below knows more still (两行表头), both are one header, the upper
// cells standing for all columns under them. Rows below that are blank, repeat the header, or are
// sums (合计) are passed over.

#ifndef LEYE_SERVICES_LEYECTL_FILES_TABLE_H_
#define LEYE_SERVICES_LEYECTL_FILES_TABLE_H_

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "services/leyectl/files/headers.h"
#include "services/leyectl/files/row.h"
#include "services/leyectl/files/text_decoder.h"

namespace leye::ctl::files {

inline constexpr size_t kHeaderSearchRows = 30;

struct TableOptions {
  Encoding encoding = Encoding::kDetect;  // Of CSV.
  char separator = '\0';                  // Of CSV; '\0': found.
  std::string sheet{};                    // Of a workbook; empty: the first that is visible.
};

struct TableColumn {
  size_t index = 0;
  std::string header;  // As it stands, tidied; both rows of a header joined.
  std::string field;   // As of Headers; empty: not known.
  std::string remark;  // Why a known column is not used; empty otherwise.
};

// Whether a file is read as a table, by its name: .csv, .tsv, .txt, .xlsx.
bool IsTableFile(absl::string_view file);

// Thread-compatible.
class Table {
 public:
  // Errors as of the readers; INVALID_ARGUMENT when no header is found. `headers` is only used
  // here.
  static absl::StatusOr<std::unique_ptr<Table>> Open(const std::string& file,
                                                     absl::string_view collection,
                                                     const Headers& headers,
                                                     const TableOptions& options);

  // The next row of data; false at the end.
  bool Next(Row& row);
  const absl::Status& status() const { return reader_->status(); }

  // All columns that have a header.
  const std::vector<TableColumn>& columns() const { return columns_; }
  // The column of a field; null when there is none.
  const TableColumn* Find(absl::string_view field) const;

  int64_t header_line() const { return header_line_; }
  // The encoding, or the sheet.
  const std::string& source() const { return source_; }

 private:
  Table(std::unique_ptr<RowReader> reader, std::string source)
      : reader_(std::move(reader)), source_(std::move(source)) {}

  absl::Status FindHeader(absl::string_view collection, const Headers& headers);
  bool IsPassedOver(const Row& row) const;

  std::unique_ptr<RowReader> reader_;
  const std::string source_;
  std::vector<TableColumn> columns_;
  int64_t header_line_ = 0;
  std::deque<Row> ahead_;  // Read while the header was looked for.
};

}  // namespace leye::ctl::files

#endif  // LEYE_SERVICES_LEYECTL_FILES_TABLE_H_
