// What was rejected, as it stood, to be mended and imported again: the rows of a table with the
// reasons behind them, as CSV; the lines of a file of JSON lines; the jobs and openings of a page
// or a file of HR Open.

#ifndef LEYE_SERVICES_LEYECTL_REJECTS_FILE_H_
#define LEYE_SERVICES_LEYECTL_REJECTS_FILE_H_

#include <cstdint>
#include <fstream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "leye/v1/import.pb.h"
#include "services/leyectl/files/row.h"
#include "services/leyectl/files/table.h"
#include "services/leyectl/language.h"

namespace leye::ctl {

// FILE.rejects.csv beside ledger.csv.
std::string RejectsFileOf(const std::string& table_file);

// Copies these lines, from 1 and ascending, to FILE.rejects.jsonl, whose name it returns. Only its
// owner may read that. UNAVAILABLE when one of the two files cannot be read or written.
absl::StatusOr<std::string> CopyRejectedLines(const std::string& file,
                                              const std::vector<int64_t>& lines);

// Writes `text` to FILE.rejects and the extension, whose name it returns. Only its owner may read
// that. UNAVAILABLE when it cannot be written.
absl::StatusOr<std::string> WriteRejected(const std::string& file, absl::string_view extension,
                                          absl::string_view text);

// `title: must be given; pay: ...`
std::string ReasonsText(const std::vector<v1::ImportProblem>& problems, Language language);

// Written when the first row comes, readable only by its owner: it holds personal data.
// Thread-compatible.
class RejectsFile {
 public:
  RejectsFile(std::string file, Language language) : file_(std::move(file)), language_(language) {}

  void Add(const files::Table& table, const files::Row& row,
           const std::vector<v1::ImportProblem>& problems);

  const std::string& file() const { return file_; }
  bool is_written() const { return stream_.is_open(); }
  // UNAVAILABLE when the file could not be written.
  absl::Status status() const;

 private:
  void Open(const files::Table& table);

  const std::string file_;
  const Language language_;
  std::ofstream stream_;
  size_t width_ = 0;
  bool failed_ = false;
};

}  // namespace leye::ctl

#endif  // LEYE_SERVICES_LEYECTL_REJECTS_FILE_H_
