#include "services/leyectl/rejects_file.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "absl/strings/str_cat.h"

#include "services/leyectl/files/csv_writer.h"

namespace leye::ctl {

std::string RejectsFileOf(const std::string& table_file) {
  return std::filesystem::path(table_file).replace_extension(".rejects.csv").string();
}

void RejectsFile::Open(const files::Table& table) {
  stream_.open(file_, std::ios::binary | std::ios::trunc);
  std::error_code error;
  std::filesystem::permissions(
      file_, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write, error);
  std::vector<std::string> header;
  for (const files::TableColumn& column : table.columns()) {
    header.resize(std::max(header.size(), column.index + 1));
    header[column.index] = column.header;
  }
  width_ = header.size();
  header.push_back(absl::StrCat(files::kOwnColumnPrefix, Say(language_, "row", "行号")));
  header.push_back(absl::StrCat(files::kOwnColumnPrefix, Say(language_, "reason", "原因")));
  std::string text(files::kUtf8Mark);
  files::AppendCsvRow(header, &text);
  stream_ << text;
}

void RejectsFile::Add(const files::Table& table, const files::Row& row,
                      const std::vector<v1::ImportProblem>& problems) {
  if (failed_) return;
  if (!stream_.is_open()) Open(table);
  std::vector<std::string> cells;
  for (size_t i = 0; i < width_; ++i) {
    const std::string cell = i < row.cells.size() ? row.cells[i] : "";
    // What was disarmed before stays as it is.
    cells.push_back(files::Disarmed(files::Armed(cell)));
  }
  cells.push_back(absl::StrCat(row.line));
  std::string reasons;
  for (const v1::ImportProblem& problem : problems) {
    absl::StrAppend(&reasons, reasons.empty() ? "" : "; ", problem.field(),
                    problem.field().empty() ? "" : ": ",
                    Say(language_, problem.description(), problem.description_zh()));
  }
  cells.push_back(files::Disarmed(reasons));
  std::string text;
  files::AppendCsvRow(cells, &text);
  stream_ << text << std::flush;
  failed_ = !stream_;
}

absl::Status RejectsFile::status() const {
  if (!failed_) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat("cannot write ", file_));
}

}  // namespace leye::ctl
