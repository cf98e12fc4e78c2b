#include "services/leyectl/rejects_file.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "absl/strings/str_cat.h"

#include "services/leyectl/files/csv_writer.h"

namespace leye::ctl {
namespace {

void OpenForItsOwner(const std::string& file, std::ofstream& stream) {
  stream.open(file, std::ios::binary | std::ios::trunc);
  std::error_code error;
  std::filesystem::permissions(
      file, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write, error);
}

}  // namespace

std::string RejectsFileOf(const std::string& table_file) {
  return std::filesystem::path(table_file).replace_extension(".rejects.csv").string();
}

absl::StatusOr<std::string> CopyRejectedLines(const std::string& file,
                                              const std::vector<int64_t>& lines) {
  const std::string copy = std::filesystem::path(file).replace_extension(".rejects.jsonl");
  std::ifstream from(file, std::ios::binary);
  std::ofstream to;
  OpenForItsOwner(copy, to);
  auto next = lines.begin();
  std::string line;
  for (int64_t number = 1; next != lines.end() && std::getline(from, line); ++number) {
    if (number != *next) continue;
    to << line << '\n';
    ++next;
  }
  to.close();
  if (next == lines.end() && to) return copy;
  return absl::UnavailableError(absl::StrCat("cannot write the rejected lines to ", copy));
}

absl::StatusOr<std::string> WriteRejected(const std::string& file, absl::string_view extension,
                                          absl::string_view text) {
  std::filesystem::path rejects(file);
  rejects.replace_extension(absl::StrCat(".rejects", extension));
  std::ofstream stream;
  OpenForItsOwner(rejects, stream);
  stream << text;
  stream.close();
  if (stream) return rejects.string();
  return absl::UnavailableError(absl::StrCat("cannot write ", rejects.string()));
}

std::string ReasonsText(const std::vector<v1::ImportProblem>& problems, Language language) {
  std::string reasons;
  for (const v1::ImportProblem& problem : problems) {
    absl::StrAppend(&reasons, reasons.empty() ? "" : "; ", problem.field(),
                    problem.field().empty() ? "" : ": ",
                    Say(language, problem.description(), problem.description_zh()));
  }
  return reasons;
}

void RejectsFile::Open(const files::Table& table) {
  OpenForItsOwner(file_, stream_);
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
  cells.push_back(files::Disarmed(ReasonsText(problems, language_)));
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
