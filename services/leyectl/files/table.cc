#include "services/leyectl/files/table.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "services/base/status.h"
#include "services/leyectl/files/csv_reader.h"
#include "services/leyectl/files/values.h"
#include "services/leyectl/files/xlsx_reader.h"

namespace leye::ctl::files {
namespace {

std::string CellAt(const Row& row, size_t index) {
  return index < row.cells.size() ? Tidy(row.cells[index]) : "";
}

// Of a header that stands in one row or was joined of two: then the lower part may be known alone.
std::string FieldOfHeader(absl::string_view collection, const Headers& headers,
                          const std::string& header) {
  std::string field = headers.FieldOf(collection, header);
  const size_t blank = header.rfind(' ');
  if (field.empty() && blank != std::string::npos) {
    field = headers.FieldOf(collection, header.substr(blank + 1));
  }
  return field;
}

// The columns of one row, or of two taken together.
std::vector<TableColumn> ColumnsOf(absl::string_view collection, const Headers& headers,
                                   const Row& upper, const Row* lower) {
  std::vector<TableColumn> columns;
  const size_t width = std::max(upper.cells.size(), lower != nullptr ? lower->cells.size() : 0);
  std::string over;  // The upper cell that stands over this column.
  for (size_t i = 0; i < width; ++i) {
    const std::string top = CellAt(upper, i);
    const std::string sub = lower != nullptr ? CellAt(*lower, i) : "";
    if (!top.empty() || sub.empty()) over = top;
    TableColumn column{
        .index = i, .header = top, .field = FieldOfHeader(collection, headers, top), .remark = {}};
    if (!sub.empty() && sub != top) {
      column.header = absl::StrCat(over, over.empty() ? "" : " ", sub);
      column.field = headers.FieldOf(collection, absl::StrCat(over, sub));
      if (column.field.empty()) column.field = headers.FieldOf(collection, sub);
    }
    if (!column.header.empty()) columns.push_back(std::move(column));
  }
  return columns;
}

size_t CountKnown(const std::vector<TableColumn>& columns) {
  return static_cast<size_t>(std::count_if(columns.begin(), columns.end(),
                                           [](const TableColumn& c) { return !c.field.empty(); }));
}

// A field has one column: the first.
void DropDoubles(std::vector<TableColumn>& columns) {
  absl::flat_hash_map<std::string, const TableColumn*> seen;
  for (TableColumn& column : columns) {
    if (column.field.empty() || column.field == "@ignored") continue;
    const auto [first, is_new] = seen.try_emplace(column.field, &column);
    if (is_new) continue;
    column.remark = absl::StrCat("same as column ", ColumnLetters(first->second->index));
    column.field.clear();
  }
}

absl::StatusOr<std::unique_ptr<RowReader>> OpenReader(const std::string& file,
                                                      const TableOptions& options,
                                                      std::string& source) {
  if (absl::EndsWithIgnoreCase(file, ".xlsx") || absl::EndsWithIgnoreCase(file, ".xlsm")) {
    LEYE_ASSIGN_OR_RETURN(auto reader, XlsxReader::Open(file, {.sheet = options.sheet}));
    source = reader->sheet();
    return reader;
  }
  LEYE_ASSIGN_OR_RETURN(auto reader, CsvReader::Open(file, {.encoding = options.encoding,
                                                            .separator = options.separator}));
  source = std::string(EncodingName(reader->encoding()));
  return reader;
}

}  // namespace

bool IsTableFile(absl::string_view file) {
  for (const absl::string_view extension : {".csv", ".tsv", ".txt", ".xlsx", ".xlsm"}) {
    if (absl::EndsWithIgnoreCase(file, extension)) return true;
  }
  return false;
}

absl::StatusOr<std::unique_ptr<Table>> Table::Open(const std::string& file,
                                                   absl::string_view collection,
                                                   const Headers& headers,
                                                   const TableOptions& options) {
  std::string source;
  LEYE_ASSIGN_OR_RETURN(auto reader, OpenReader(file, options, source));
  std::unique_ptr<Table> table(new Table(std::move(reader), std::move(source)));
  const absl::Status found = table->FindHeader(collection, headers);
  if (!found.ok()) return absl::Status(found.code(), absl::StrCat(file, ": ", found.message()));
  return table;
}

absl::Status Table::FindHeader(absl::string_view collection, const Headers& headers) {
  std::vector<Row> rows;
  for (Row row; rows.size() < kHeaderSearchRows && reader_->Next(row);) {
    if (!row.is_blank()) rows.push_back(row);
  }
  if (!reader_->status().ok() && rows.empty()) return reader_->status();
  size_t known = 0;
  size_t end = 0;
  // One row first: two must know more than any alone.
  for (const size_t height : {size_t{1}, size_t{2}}) {
    for (size_t i = 0; i + height <= rows.size(); ++i) {
      std::vector<TableColumn> columns =
          ColumnsOf(collection, headers, rows[i], height == 2 ? &rows[i + 1] : nullptr);
      const size_t count = CountKnown(columns);
      if (count <= known) continue;
      known = count;
      end = i + height;
      header_line_ = rows[i].line;
      columns_ = std::move(columns);
    }
  }
  if (known == 0) {
    return absl::InvalidArgumentError(absl::StrCat(
        "no header is known in the first ", kHeaderSearchRows,
        " rows; name the columns as in headers.tsv, by paths of fields, or with --mapping"));
  }
  DropDoubles(columns_);
  ahead_.assign(std::make_move_iterator(rows.begin() + static_cast<std::ptrdiff_t>(end)),
                std::make_move_iterator(rows.end()));
  return absl::OkStatus();
}

bool Table::IsPassedOver(const Row& row) const {
  if (row.is_blank()) return true;
  size_t filled = 0;
  size_t others = 0;  // Than the first: a merged cell stands in every column.
  size_t repeated = 0;
  absl::string_view first;
  for (const std::string& cell : row.cells) {
    if (cell.empty()) continue;
    if (first.empty()) first = cell;
    ++filled;
    if (cell != first) ++others;
  }
  for (const TableColumn& column : columns_) {
    if (column.index < row.cells.size() && !row.cells[column.index].empty() &&
        Tidy(row.cells[column.index]) == column.header) {
      ++repeated;
    }
  }
  if (repeated == filled) return true;
  const std::string bare = Bare(first);
  for (const absl::string_view word : {"合计", "总计", "小计"}) {
    if (absl::StartsWith(bare, word)) return true;
  }
  // A line of remarks under the table.
  return others == 0 && columns_.size() > 2 &&
         (absl::StartsWith(bare, "注:") || absl::StartsWith(bare, "备注:") ||
          absl::StartsWith(bare, "说明:") || absl::StartsWith(bare, "填表人") ||
          absl::StartsWith(bare, "制表"));
}

bool Table::Next(Row& row) {
  do {
    if (!ahead_.empty()) {
      row = std::move(ahead_.front());
      ahead_.pop_front();
    } else if (!reader_->Next(row)) {
      return false;
    }
  } while (IsPassedOver(row));
  return true;
}

const TableColumn* Table::Find(absl::string_view field) const {
  for (const TableColumn& column : columns_) {
    if (column.field == field) return &column;
  }
  return nullptr;
}

}  // namespace leye::ctl::files
