#include "services/text/word_list.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

#include "services/base/status.h"

namespace leye::text {
namespace {

absl::Status BadBraces(absl::string_view pattern) {
  return Error(absl::StatusCode::kInvalidArgument, "CATALOGUE_INVALID",
               absl::StrCat("the braces of ", pattern, " nest or do not close"));
}

}  // namespace

Table ReadTable(absl::string_view name, absl::string_view text,
                const std::vector<std::string>& columns) {
  Table table;
  const std::string header = absl::StrJoin(columns, "\t");
  int line = 0;
  for (absl::string_view content : absl::StrSplit(text, '\n')) {
    ++line;
    if (line == 1) {
      if (content == header) continue;
      table.mistakes.push_back(absl::StrCat(name, ":1: expected the header ", header));
      continue;
    }
    if (content.empty()) continue;
    TableRow row{line, absl::StrSplit(content, '\t')};
    if (row.cells.size() == columns.size()) {
      table.rows.push_back(std::move(row));
      continue;
    }
    table.mistakes.push_back(absl::StrCat(name, ":", line, ": expected ", columns.size(),
                                          " cells, not ", row.cells.size()));
  }
  return table;
}

absl::StatusOr<std::vector<std::string>> ExpandBraces(absl::string_view pattern) {
  std::vector<std::string> made = {""};
  absl::string_view rest = pattern;
  while (!rest.empty()) {
    const size_t open = rest.find('{');
    const absl::string_view plain = rest.substr(0, open);
    if (plain.find('}') != absl::string_view::npos) return BadBraces(pattern);
    for (std::string& text : made) absl::StrAppend(&text, plain);
    if (open == absl::string_view::npos) break;
    const size_t close = rest.find('}', open);
    if (close == absl::string_view::npos) return BadBraces(pattern);
    const absl::string_view inside = rest.substr(open + 1, close - open - 1);
    if (inside.find('{') != absl::string_view::npos) return BadBraces(pattern);
    std::vector<std::string> longer;
    for (const std::string& text : made) {
      for (absl::string_view choice : absl::StrSplit(inside, ',')) {
        longer.push_back(absl::StrCat(text, choice));
      }
    }
    made = std::move(longer);
    rest.remove_prefix(close + 1);
  }
  return made;
}

}  // namespace leye::text
