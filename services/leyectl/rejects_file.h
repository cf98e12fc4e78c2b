// The rows of a table that were rejected, as they stood, with the reasons behind them: a CSV file
// to be mended and imported again.

#ifndef LEYE_SERVICES_LEYECTL_REJECTS_FILE_H_
#define LEYE_SERVICES_LEYECTL_REJECTS_FILE_H_

#include <fstream>
#include <string>
#include <vector>

#include "absl/status/status.h"

#include "leye/v1/import.pb.h"
#include "services/leyectl/files/row.h"
#include "services/leyectl/files/table.h"
#include "services/leyectl/language.h"

namespace leye::ctl {

// FILE.rejects.csv beside ledger.csv.
std::string RejectsFileOf(const std::string& table_file);

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
