// A table for people: columns stand under each other also where Chinese and Latin letters mix.
//
//   Table table({{.title = "score", .align = Align::kRight}, {.title = "posting", .max_width =
//   30}}); table.Add({"87.2 %", "急招缝纫工（包吃住）"}); std::cout << table.Render({});

#ifndef LEYE_SERVICES_LEYECTL_TABLE_H_
#define LEYE_SERVICES_LEYECTL_TABLE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace leye::ctl {

enum class Align { kLeft, kRight };

struct Column {
  std::string title;
  Align align = Align::kLeft;
  int max_width = 0;  // In columns of the terminal; 0: no limit. Longer cells are cut with "…".
};

struct TableStyle {
  bool color = false;    // Titles in bold.
  std::string indent{};  // Before each line.
};

// Thread-compatible.
class Table {
 public:
  explicit Table(std::vector<Column> columns);

  // REQUIRES: as many cells as columns. Control characters become blanks.
  void Add(std::vector<std::string> cells);

  bool empty() const { return rows_.empty(); }

  // Titles and rows, a line each, without blanks at line ends. A column whose cells are all empty
  // is left out.
  std::string Render(const TableStyle& style) const;

 private:
  std::vector<int> Widths() const;
  std::string Line(const std::vector<std::string>& cells, const std::vector<int>& widths) const;

  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

// A bar of `columns` for a share in millionths, in eighths of a character: "█████▍   ".
std::string Bar(int micros, int columns);

// Millionths as a percentage with one decimal, rounded down so that 100.0 % means all: "87.2 %".
std::string Percent(int micros);

// A number with a comma after each thousand.
std::string Grouped(int64_t number);

}  // namespace leye::ctl

#endif  // LEYE_SERVICES_LEYECTL_TABLE_H_
