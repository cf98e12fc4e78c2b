// Reads a sheet of an XLSX workbook, row by row, without holding it.
//
//   LEYE_ASSIGN_OR_RETURN(auto reader, XlsxReader::Open("list.xlsx", {}));
//   for (Row row; reader->Next(row);) ...
//
// Cells with a date's format become YYYY-MM-DD. Numbers are written in full up to 15 digits, which
// is all that a spreadsheet keeps; larger ones stay in scientific notation, so that whoever reads
// an identity number sees that its end is lost. A merged cell stands in each of its cells. Hidden
// sheets are read only by name.

#ifndef LEYE_SERVICES_LEYECTL_FILES_XLSX_READER_H_
#define LEYE_SERVICES_LEYECTL_FILES_XLSX_READER_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "services/leyectl/files/row.h"
#include "services/leyectl/files/xlsx_workbook.h"
#include "services/leyectl/files/xml_file.h"

namespace leye::ctl::files {

struct XlsxOptions {
  std::string sheet{};  // Empty: the first that is not hidden.
};

// Cells shown as one, from 0, ends included.
struct MergedCells {
  uint32_t first_row = 0;
  uint32_t first_column = 0;
  uint32_t last_row = 0;
  uint32_t last_column = 0;
};

// Thread-compatible.
class XlsxReader final : public RowReader {
 public:
  // NOT_FOUND when there is no such file or sheet; INVALID_ARGUMENT when it is no workbook.
  static absl::StatusOr<std::unique_ptr<XlsxReader>> Open(const std::string& file,
                                                          const XlsxOptions& options);
  ~XlsxReader() override;

  bool Next(Row& row) override;
  const absl::Status& status() const override { return status_; }

  const std::string& sheet() const { return sheet_; }

 private:
  class SheetHandler;

  XlsxReader(Workbook workbook, std::string sheet, std::vector<MergedCells> merged);
  void FillMerged(Row& row);

  const Workbook workbook_;
  const std::string sheet_;
  std::vector<MergedCells> merged_;  // Ascending by first row.
  size_t next_merged_ = 0;
  struct Filling {
    MergedCells cells;
    std::string value;
  };
  std::vector<Filling> filling_;  // Those that reach the present row.
  std::unique_ptr<SheetHandler> handler_;
  std::unique_ptr<XmlFile> file_;
  absl::Status status_;
};

}  // namespace leye::ctl::files

#endif  // LEYE_SERVICES_LEYECTL_FILES_XLSX_READER_H_
