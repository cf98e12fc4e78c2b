#include "services/leyectl/table.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstddef>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

#include "services/leyectl/width.h"

namespace leye::ctl {
namespace {

constexpr char kGap[] = "  ";

std::string Padded(const std::string& cell, int width, Align align) {
  const std::string blanks(static_cast<size_t>(std::max(0, width - DisplayWidth(cell))), ' ');
  return align == Align::kRight ? blanks + cell : cell + blanks;
}

}  // namespace

Table::Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

void Table::Add(std::vector<std::string> cells) {
  assert(cells.size() == columns_.size());
  for (size_t i = 0; i < cells.size(); ++i) {
    cells[i] = Printable(cells[i]);
    if (columns_[i].max_width > 0) cells[i] = Fit(cells[i], columns_[i].max_width);
  }
  rows_.push_back(std::move(cells));
}

// The width of each column; 0 for one that is left out.
std::vector<int> Table::Widths() const {
  std::vector<int> widths(columns_.size(), 0);
  for (const std::vector<std::string>& row : rows_) {
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], DisplayWidth(row[i]));
  }
  for (size_t i = 0; i < columns_.size(); ++i) {
    if (widths[i] > 0 || rows_.empty()) {
      widths[i] = std::max(widths[i], DisplayWidth(columns_[i].title));
    }
  }
  return widths;
}

std::string Table::Line(const std::vector<std::string>& cells,
                        const std::vector<int>& widths) const {
  std::string line;
  for (size_t i = 0; i < cells.size(); ++i) {
    if (widths[i] == 0) continue;
    if (!line.empty()) line += kGap;
    line += Padded(cells[i], widths[i], columns_[i].align);
  }
  absl::StripTrailingAsciiWhitespace(&line);
  return line;
}

std::string Table::Render(const TableStyle& style) const {
  const std::vector<int> widths = Widths();
  std::vector<std::string> titles;
  for (const Column& column : columns_) titles.push_back(column.title);
  const std::string head = Line(titles, widths);
  std::string out =
      absl::StrCat(style.indent, style.color ? "\x1b[1m" : "", head, style.color ? "\x1b[0m" : "");
  out += '\n';
  for (const std::vector<std::string>& row : rows_) {
    absl::StrAppend(&out, style.indent, Line(row, widths), "\n");
  }
  return out;
}

std::string Bar(int micros, int columns) {
  static constexpr std::array<const char*, 8> kParts = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  const int bounded = std::clamp(micros, 0, 1'000'000);
  const auto eighths = static_cast<size_t>(static_cast<int64_t>(bounded) * columns * 8 / 1'000'000);
  std::string bar;
  for (size_t i = 0; i < eighths / 8; ++i) bar += "█";
  bar += kParts[eighths % 8];
  return Padded(bar, columns, Align::kLeft);
}

std::string Percent(int micros) {
  return absl::StrFormat("%d.%d %%", micros / 10'000, micros / 1'000 % 10);
}

std::string Grouped(int64_t number) {
  const std::string digits = absl::StrCat(number < 0 ? -number : number);
  std::string grouped = number < 0 ? "-" : "";
  for (size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) grouped += ',';
    grouped += digits[i];
  }
  return grouped;
}

}  // namespace leye::ctl
