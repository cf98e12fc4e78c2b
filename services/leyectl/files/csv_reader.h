// Reads CSV as RFC 4180 has it: quoted cells with doubled quotes, separators and line ends inside,
// CRLF or LF (or CR) between rows; besides, semicolons and tabs as separators.
//
//   LEYE_ASSIGN_OR_RETURN(auto reader, CsvReader::Open("ledger.csv", {}));
//   for (Row row; reader->Next(row);) ...
//
// A quote inside a cell that did not begin with one is a character like any other. Text behind a
// closing quote is kept, and the row said to be wrong. Spreadsheets' `="013"`, which keeps digits
// as text, is read as 013. Memory is bounded by kMaxRowBytes.

#ifndef LEYE_SERVICES_LEYECTL_FILES_CSV_READER_H_
#define LEYE_SERVICES_LEYECTL_FILES_CSV_READER_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"

#include "services/leyectl/files/row.h"
#include "services/leyectl/files/text_decoder.h"

namespace leye::ctl::files {

struct CsvOptions {
  Encoding encoding = Encoding::kDetect;
  char separator = '\0';  // '\0': of comma, semicolon and tab the one that the first lines have.
};

// Thread-compatible.
class CsvReader final : public RowReader {
 public:
  // Errors as of TextDecoder::Open.
  static absl::StatusOr<std::unique_ptr<CsvReader>> Open(const std::string& file,
                                                         const CsvOptions& options);

  bool Next(Row& row) override;

  // INVALID_ARGUMENT when a quote is never closed or a row is too large.
  const absl::Status& status() const override { return status_; }

  Encoding encoding() const { return decoder_->encoding(); }
  char separator() const { return separator_; }

 private:
  CsvReader(std::unique_ptr<TextDecoder> decoder, char separator)
      : decoder_(std::move(decoder)), separator_(separator) {}

  // The next character without taking it, or kEnd.
  int Peek();
  void Take();
  void ReadCell(Row& row);
  void ReadQuoted(Row& row);
  void Append(char byte);
  void EndCell(Row& row);
  // Takes a separator (true: another cell follows) or a line end.
  bool TakeSeparator();

  std::unique_ptr<TextDecoder> decoder_;
  char separator_;
  std::string chunk_;
  size_t at_ = 0;
  std::string cell_;
  size_t row_bytes_ = 0;
  bool was_quoted_ = false;
  int64_t line_ = 1;
  absl::Status status_;
};

}  // namespace leye::ctl::files

#endif  // LEYE_SERVICES_LEYECTL_FILES_CSV_READER_H_
