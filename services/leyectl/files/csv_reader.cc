#include "services/leyectl/files/csv_reader.h"

#include <array>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace leye::ctl::files {
namespace {

constexpr int kEnd = -1;
constexpr absl::string_view kTextAfterQuote = "text follows a closing quote";

// The candidate that occurs in most of the first lines, and there most often; quoted text is passed
// over.
char DetectSeparator(absl::string_view text) {
  constexpr std::array<char, 3> kCandidates = {',', ';', '\t'};
  std::array<int, 3> total = {};
  bool quoted = false;
  for (const char byte : text) {
    if (byte == '"') quoted = !quoted;
    if (quoted) continue;
    for (size_t i = 0; i < kCandidates.size(); ++i) total[i] += byte == kCandidates[i] ? 1 : 0;
  }
  size_t best = 0;
  for (size_t i = 1; i < kCandidates.size(); ++i) {
    if (total[i] > total[best]) best = i;
  }
  return kCandidates[best];
}

}  // namespace

std::string ColumnLetters(size_t column) {
  std::string letters;
  for (size_t rest = column + 1; rest > 0; rest = (rest - 1) / 26) {
    letters.insert(letters.begin(), static_cast<char>('A' + (rest - 1) % 26));
  }
  return letters;
}

absl::StatusOr<std::unique_ptr<CsvReader>> CsvReader::Open(const std::string& file,
                                                           const CsvOptions& options) {
  auto decoder = TextDecoder::Open(file, options.encoding);
  if (!decoder.ok()) return decoder.status();
  std::unique_ptr<CsvReader> reader(new CsvReader(*std::move(decoder), options.separator));
  reader->decoder_->Read(reader->chunk_);
  if (options.separator == '\0') reader->separator_ = DetectSeparator(reader->chunk_);
  return reader;
}

int CsvReader::Peek() {
  if (at_ >= chunk_.size()) {
    at_ = 0;
    if (!decoder_->Read(chunk_)) {
      chunk_.clear();
      return kEnd;
    }
  }
  return static_cast<unsigned char>(chunk_[at_]);
}

void CsvReader::Take() { ++at_; }

void CsvReader::Append(char byte) {
  cell_ += byte;
  if (cell_.size() > kMaxCellBytes || ++row_bytes_ > kMaxRowBytes) {
    status_ = absl::InvalidArgumentError(
        absl::StrCat("line ", line_, ": a cell of more than ", kMaxCellBytes,
                     " bytes, or a row of more than ", kMaxRowBytes, ": is a quote not closed?"));
  }
}

// Line ends inside become one LF each.
void CsvReader::ReadQuoted(Row& row) {
  was_quoted_ = true;
  Take();
  while (status_.ok()) {
    const int next = Peek();
    if (next == kEnd) {
      status_ = absl::InvalidArgumentError(
          absl::StrCat("the quote that opens in the row of line ", row.line, " is never closed"));
      return;
    }
    Take();
    if (next == '"') {
      if (Peek() != '"') return;
      Take();
    }
    if (next == '\n' || next == '\r') ++line_;
    if (next == '\r') {
      if (Peek() == '\n') Take();
      Append('\n');
      continue;
    }
    Append(static_cast<char>(next));
  }
}

void CsvReader::ReadCell(Row& row) {
  cell_.clear();
  was_quoted_ = false;
  if (Peek() == '"') ReadQuoted(row);
  while (status_.ok()) {
    const int next = Peek();
    if (next == kEnd || next == separator_ || next == '\n' || next == '\r') break;
    if (was_quoted_) row.problem = kTextAfterQuote;
    if (next == '"' && cell_ == "=") {  // ="013": a text that looks like a number.
      cell_.clear();
      ReadQuoted(row);
      continue;
    }
    Take();
    Append(static_cast<char>(next));
  }
  EndCell(row);
}

void CsvReader::EndCell(Row& row) {
  row.cells.push_back(cell_);
  if (row.cells.size() > kMaxColumns) {
    status_ = absl::InvalidArgumentError(
        absl::StrCat("line ", line_, ": more than ", kMaxColumns, " columns"));
  }
}

bool CsvReader::TakeSeparator() {
  const int next = Peek();
  if (next == kEnd) return false;
  Take();
  if (next == separator_) return true;
  ++line_;
  if (next == '\r' && Peek() == '\n') Take();
  return false;
}

bool CsvReader::Next(Row& row) {
  row.cells.clear();
  row.problem = {};
  row.line = line_;
  row_bytes_ = 0;
  if (!status_.ok() || Peek() == kEnd) return false;
  do {
    ReadCell(row);
  } while (status_.ok() && TakeSeparator());
  return status_.ok();
}

}  // namespace leye::ctl::files
