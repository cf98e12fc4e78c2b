// Reads the tables of words: tab-separated cells, lists within a cell, braces within an item.
//
//   ExpandBraces("{氩弧,二保}焊{工,}");   // 氩弧焊工, 氩弧焊, 二保焊工, 二保焊
#ifndef LEYE_SERVICES_TEXT_WORD_LIST_H_
#define LEYE_SERVICES_TEXT_WORD_LIST_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace leye::text {

struct TableRow {
  int line = 0;  // From 1.
  std::vector<absl::string_view> cells;
};

struct Table {
  std::vector<TableRow> rows;
  std::vector<std::string> mistakes;  // "titles.tsv:17: expected 4 cells, not 3"
};

// The rows under a header of exactly `columns`; empty lines are skipped. `name` is for messages.
// Views of `text`.
Table ReadTable(absl::string_view name, absl::string_view text,
                const std::vector<std::string>& columns);

// Every text that `pattern` stands for, in order. {a,b} stands for a and for b; braces do not
// nest. INVALID_ARGUMENT when they do or do not close.
absl::StatusOr<std::vector<std::string>> ExpandBraces(absl::string_view pattern);

}  // namespace leye::text

#endif  // LEYE_SERVICES_TEXT_WORD_LIST_H_
