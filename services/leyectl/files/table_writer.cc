#include "services/leyectl/files/table_writer.h"

#include <xlsxwriter.h>

#include <fstream>
#include <utility>

#include "absl/strings/str_cat.h"

#include "services/leyectl/files/csv_writer.h"

namespace leye::ctl::files {
namespace {

class CsvTableWriter final : public TableWriter {
 public:
  explicit CsvTableWriter(std::ostream& stream) : stream_(stream) { stream_ << kUtf8Mark; }

  absl::Status Add(const std::vector<std::string>& cells) override {
    std::vector<std::string> disarmed;
    disarmed.reserve(cells.size());
    for (const std::string& cell : cells) disarmed.push_back(Disarmed(cell));
    text_.clear();
    AppendCsvRow(disarmed, &text_);
    stream_ << text_;
    return Written();
  }

  absl::Status Close() override {
    stream_ << std::flush;
    return Written();
  }

 private:
  absl::Status Written() const {
    return stream_ ? absl::OkStatus() : absl::UnavailableError("the output cannot be written");
  }

  std::ostream& stream_;
  std::string text_;
};

class XlsxTableWriter final : public TableWriter {
 public:
  XlsxTableWriter(lxw_workbook* workbook, const std::string& sheet)
      : workbook_(workbook), sheet_(workbook_add_worksheet(workbook, sheet.c_str())) {}
  ~XlsxTableWriter() override {
    if (workbook_ != nullptr) workbook_close(workbook_);
  }

  absl::Status Add(const std::vector<std::string>& cells) override {
    for (size_t i = 0; i < cells.size(); ++i) {
      if (cells[i].empty()) continue;
      const lxw_error error = worksheet_write_string(sheet_, row_, static_cast<lxw_col_t>(i),
                                                     Disarmed(cells[i]).c_str(), nullptr);
      if (error != LXW_NO_ERROR) {
        return absl::OutOfRangeError(absl::StrCat("row ", row_ + 1, ", column ", i + 1, ": ",
                                                  lxw_strerror(error), "; export as csv"));
      }
    }
    ++row_;
    return absl::OkStatus();
  }

  absl::Status Close() override {
    const lxw_error error = workbook_close(std::exchange(workbook_, nullptr));
    if (error == LXW_NO_ERROR) return absl::OkStatus();
    return absl::UnavailableError(
        absl::StrCat("the workbook cannot be written: ", lxw_strerror(error)));
  }

 private:
  lxw_workbook* workbook_;
  lxw_worksheet* sheet_;
  lxw_row_t row_ = 0;
};

}  // namespace

std::unique_ptr<TableWriter> NewCsvWriter(std::ostream& stream) {
  return std::make_unique<CsvTableWriter>(stream);
}

absl::StatusOr<std::unique_ptr<TableWriter>> NewXlsxWriter(const std::string& file,
                                                           const std::string& sheet) {
  // The library writes the file at its end, and says only then that it cannot.
  if (!std::ofstream(file, std::ios::binary)) {
    return absl::UnavailableError(absl::StrCat("cannot write ", file));
  }
  lxw_workbook_options options = {};
  options.constant_memory = LXW_TRUE;
  lxw_workbook* workbook = workbook_new_opt(file.c_str(), &options);
  if (workbook == nullptr) return absl::UnavailableError(absl::StrCat("cannot write ", file));
  return std::make_unique<XlsxTableWriter>(workbook, sheet);
}

}  // namespace leye::ctl::files
