#include "services/leyectl/files/xlsx_reader.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"

#include "services/base/status.h"
#include "services/leyectl/files/values.h"

namespace leye::ctl::files {
namespace {

constexpr size_t kMaxMerged = 2'000'000;
constexpr double kExactDigits = 1e15;
constexpr absl::string_view kErrorCell = "a cell holds a spreadsheet's error, such as #N/A";

struct CellPlace {
  uint32_t row = 0;
  uint32_t column = 0;
};

// B12 -> {11, 1}. False when it is no such name.
bool ParsePlace(absl::string_view name, CellPlace& place) {
  uint64_t column = 0;
  size_t at = 0;
  for (; at < name.size() && absl::ascii_isupper(static_cast<unsigned char>(name[at])); ++at) {
    column = column * 26 + static_cast<uint64_t>(name[at] - 'A' + 1);
    if (column > 20'000) return false;
  }
  uint32_t row = 0;
  if (at == 0 || !absl::SimpleAtoi(name.substr(at), &row) || row == 0) return false;
  place = {.row = row - 1, .column = static_cast<uint32_t>(column - 1)};
  return true;
}

// Collects mergeCell elements, which stand behind the rows.
class MergedHandler final : public XmlHandler {
 public:
  bool Start(absl::string_view name, const Attributes& attributes) override {
    if (name != "mergeCell") return true;
    const absl::string_view range = attributes.Get("ref");
    const size_t colon = range.find(':');
    CellPlace first;
    CellPlace last;
    if (colon == absl::string_view::npos || !ParsePlace(range.substr(0, colon), first) ||
        !ParsePlace(range.substr(colon + 1), last)) {
      return true;
    }
    if (merged.size() >= kMaxMerged) {
      too_many = true;
      return false;
    }
    merged.push_back({first.row, first.column, last.row, last.column});
    return true;
  }
  bool End(absl::string_view /*name*/) override { return true; }
  void Text(absl::string_view /*text*/) override {}

  std::vector<MergedCells> merged;
  bool too_many = false;
};

// Whether the entry speaks of merged cells at all: much cheaper than to read it as XML.
absl::StatusOr<bool> HasMerged(const ZipArchive& archive, const std::string& name) {
  LEYE_ASSIGN_OR_RETURN(ZipEntry entry, ZipEntry::Open(archive, name));
  constexpr absl::string_view kWord = "mergeCell";
  std::string seam;  // The end of the piece before.
  while (true) {
    LEYE_ASSIGN_OR_RETURN(const absl::string_view bytes, entry.Read());
    if (bytes.empty()) return false;
    absl::StrAppend(&seam, bytes.substr(0, kWord.size()));
    if (absl::StrContains(bytes, kWord) || absl::StrContains(seam, kWord)) return true;
    seam = std::string(bytes.substr(bytes.size() - std::min(bytes.size(), kWord.size())));
  }
}

absl::StatusOr<std::vector<MergedCells>> ReadMerged(const ZipArchive& archive,
                                                    const std::string& name) {
  LEYE_ASSIGN_OR_RETURN(const bool has_merged, HasMerged(archive, name));
  if (!has_merged) return std::vector<MergedCells>{};
  LEYE_ASSIGN_OR_RETURN(ZipEntry entry, ZipEntry::Open(archive, name));
  MergedHandler handler;
  XmlFile file(std::move(entry), handler);
  while (file.Step() && !handler.too_many) continue;
  LEYE_RETURN_IF_ERROR(file.status());
  if (handler.too_many) {
    return absl::ResourceExhaustedError(
        absl::StrCat("the sheet has more than ", kMaxMerged, " merged cells: save it as CSV"));
  }
  std::stable_sort(
      handler.merged.begin(), handler.merged.end(),
      [](const MergedCells& a, const MergedCells& b) { return a.first_row < b.first_row; });
  return std::move(handler.merged);
}

std::string NumberText(absl::string_view raw, bool is_date, bool system_1904) {
  double number = 0;
  if (!absl::SimpleAtod(raw, &number) || !std::isfinite(number)) return std::string(raw);
  if (is_date) {
    const std::optional<Date> date =
        DateOfSerial(static_cast<int64_t>(std::clamp(std::floor(number), -1.0, 1e6)), system_1904);
    if (date.has_value()) return date->ToString();
  }
  if (std::abs(number) >= kExactDigits) return absl::StrFormat("%.14E", number);
  return absl::StrFormat("%.15g", number);
}

}  // namespace

// Rows and cells of xl/worksheets/sheetN.xml. Pauses behind each row.
class XlsxReader::SheetHandler final : public XmlHandler {
 public:
  explicit SheetHandler(const Workbook& workbook) : workbook_(workbook) {}

  bool Start(absl::string_view name, const Attributes& attributes) override {
    if (name == "row") return StartRow(attributes);
    if (name == "c") return StartCell(attributes);
    if (name == "rPh") in_sound_ = true;
    in_value_ = in_cell_ && (name == "v" || (name == "t" && !in_sound_));
    return true;
  }

  bool End(absl::string_view name) override {
    in_value_ = false;
    if (name == "rPh") in_sound_ = false;
    if (name == "c") {
      in_cell_ = false;
      TakeCell();
      return status.ok();
    }
    if (name != "row") return true;
    has_row = true;
    return false;
  }

  void Text(absl::string_view text) override {
    if (!in_value_ || !status.ok()) return;
    absl::StrAppend(&value_, text);
    if (value_.size() > kMaxCellBytes) Refuse("a cell is too large");
  }

  Row row;
  bool has_row = false;
  absl::Status status;

 private:
  void Refuse(absl::string_view what) {
    status = absl::InvalidArgumentError(absl::StrCat("row ", row.line, ": ", what));
  }

  bool StartRow(const Attributes& attributes) {
    int64_t number = 0;
    const bool numbered = absl::SimpleAtoi(attributes.Get("r"), &number) && number > 0;
    row.line = numbered ? number : row.line + 1;
    row.cells.clear();
    row.problem = {};
    row_bytes_ = 0;
    column_ = 0;
    return true;
  }

  bool StartCell(const Attributes& attributes) {
    CellPlace place;
    if (ParsePlace(attributes.Get("r"), place)) column_ = place.column;
    type_ = std::string(attributes.Get("t"));
    style_ = 0;
    (void)absl::SimpleAtoi(attributes.Get("s"), &style_);
    value_.clear();
    in_cell_ = true;
    return true;
  }

  std::string CellText() {
    if (value_.empty()) return "";
    if (type_ == "s") {
      size_t index = 0;
      if (!absl::SimpleAtoi(value_, &index) || index >= workbook_.texts.size()) {
        Refuse("a cell names a text that the workbook does not have");
        return "";
      }
      return std::string(workbook_.texts.At(index));
    }
    if (type_ == "inlineStr" || type_ == "str") return WithoutEscapes(value_);
    if (type_ == "e") {
      row.problem = kErrorCell;
      return value_;
    }
    if (type_ == "b") return value_ == "1" ? "TRUE" : "FALSE";
    if (type_ == "d") return value_.substr(0, 10);
    const bool is_date = style_ < workbook_.date_styles.size() && workbook_.date_styles[style_];
    return NumberText(value_, is_date, workbook_.system_1904);
  }

  void TakeCell() {
    const size_t column = column_++;
    std::string text = CellText();
    if (text.empty() || !status.ok()) return;
    row_bytes_ += text.size();
    if (column >= kMaxColumns) return Refuse("has too many columns");
    if (row_bytes_ > kMaxRowBytes) return Refuse("is too large");
    if (row.cells.size() <= column) row.cells.resize(column + 1);
    row.cells[column] = std::move(text);
  }

  const Workbook& workbook_;
  size_t column_ = 0;
  size_t row_bytes_ = 0;
  std::string type_;
  size_t style_ = 0;
  std::string value_;
  bool in_cell_ = false;
  bool in_value_ = false;
  bool in_sound_ = false;
};

XlsxReader::XlsxReader(Workbook workbook, std::string sheet, std::vector<MergedCells> merged)
    : workbook_(std::move(workbook)),
      sheet_(std::move(sheet)),
      merged_(std::move(merged)),
      handler_(std::make_unique<SheetHandler>(workbook_)) {}

XlsxReader::~XlsxReader() = default;

absl::StatusOr<std::unique_ptr<XlsxReader>> XlsxReader::Open(const std::string& file,
                                                             const XlsxOptions& options) {
  LEYE_ASSIGN_OR_RETURN(const ZipArchive archive, ZipArchive::Open(file));
  LEYE_ASSIGN_OR_RETURN(Workbook workbook, ReadWorkbook(archive));
  const auto chosen = std::find_if(
      workbook.sheets.begin(), workbook.sheets.end(), [&options](const Workbook::Sheet& sheet) {
        return options.sheet.empty() ? !sheet.hidden : sheet.name == options.sheet;
      });
  if (chosen == workbook.sheets.end()) {
    const std::string names = absl::StrJoin(
        workbook.sheets, ", ",
        [](std::string* out, const Workbook::Sheet& sheet) { out->append(sheet.name); });
    return absl::NotFoundError(absl::StrCat(file, " has no such sheet; it has: ", names));
  }
  const std::string name = chosen->name;
  const std::string entry_name = chosen->entry;
  LEYE_ASSIGN_OR_RETURN(std::vector<MergedCells> merged, ReadMerged(archive, entry_name));
  LEYE_ASSIGN_OR_RETURN(ZipEntry entry, ZipEntry::Open(archive, entry_name));
  std::unique_ptr<XlsxReader> reader(new XlsxReader(std::move(workbook), name, std::move(merged)));
  reader->file_ = std::make_unique<XmlFile>(std::move(entry), *reader->handler_);
  return reader;
}

void XlsxReader::FillMerged(Row& row) {
  if (merged_.empty()) return;
  const auto number = static_cast<uint32_t>(row.line - 1);
  std::erase_if(filling_, [number](const Filling& f) { return f.cells.last_row < number; });
  for (; next_merged_ < merged_.size() && merged_[next_merged_].first_row <= number;
       ++next_merged_) {
    const MergedCells& cells = merged_[next_merged_];
    // Where the row of its value was left out, it is empty.
    if (cells.first_row != number || cells.first_column >= row.cells.size()) continue;
    if (filling_.size() >= kMaxColumns) continue;  // Overlapping ones, which Office never writes.
    filling_.push_back({.cells = cells, .value = row.cells[cells.first_column]});
  }
  size_t bytes = 0;
  for (const Filling& filling : filling_) {
    const size_t end = std::min<size_t>(filling.cells.last_column + size_t{1}, kMaxColumns);
    if (row.cells.size() < end) row.cells.resize(end);
    for (size_t i = filling.cells.first_column; i < end && bytes < kMaxRowBytes; ++i) {
      if (!row.cells[i].empty()) continue;
      row.cells[i] = filling.value;
      bytes += filling.value.size();
    }
  }
}

bool XlsxReader::Next(Row& row) {
  if (!status_.ok()) return false;
  handler_->has_row = false;
  while (file_->Step() && handler_->status.ok() && !handler_->has_row) continue;
  if (!handler_->status.ok() || !handler_->has_row) {
    status_ = handler_->status.ok() ? file_->status() : handler_->status;
    return false;
  }
  std::swap(row, handler_->row);
  handler_->row.line = row.line;
  FillMerged(row);
  return true;
}

}  // namespace leye::ctl::files
