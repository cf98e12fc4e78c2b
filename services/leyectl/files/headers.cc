#include "services/leyectl/files/headers.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

#include "services/base/status.h"
#include "services/leyectl/files/built_in_tables.h"
#include "services/leyectl/files/flat_record.h"
#include "services/leyectl/files/values.h"
#include "services/leyectl/resource.h"

namespace leye::ctl::files {
namespace {

// Whether the collection's record has such a field, or the readers of rows know it.
bool IsField(absl::string_view collection, absl::string_view field) {
  if (absl::StartsWith(field, "@")) return true;
  const ResourceKind* kind = FindKind(collection);
  return kind != nullptr && FindFlatField(kind->message(), field).has_value();
}

// What stands in the last brackets: full_name of 姓名(full_name).
absl::string_view InBrackets(absl::string_view bare) {
  if (!absl::EndsWith(bare, ")")) return "";
  const size_t open = bare.rfind('(');
  if (open == absl::string_view::npos) return "";
  return bare.substr(open + 1, bare.size() - open - 2);
}

}  // namespace

std::string BareHeader(absl::string_view cell) {
  std::string bare;
  int depth = 0;
  for (const char c : Bare(cell)) {
    if (c == '(' || c == '[') ++depth;
    if (depth == 0 && c != '*' && c != ':') bare += c;
    if ((c == ')' || c == ']') && depth > 0) --depth;
  }
  // Brackets of their own in Chinese: 【必填】.
  const size_t open = bare.find("【");
  const size_t close = bare.find("】");
  if (open != std::string::npos && close != std::string::npos && open < close) {
    bare.erase(open, close + std::string("】").size() - open);
  }
  return bare;
}

absl::StatusOr<Headers> Headers::BuiltIn() {
  Headers headers;
  LEYE_RETURN_IF_ERROR(headers.Add(kHeadersTsv, "headers.tsv"));
  return headers;
}

absl::Status Headers::Add(absl::string_view tsv, absl::string_view name) {
  int line = 0;
  for (absl::string_view row : absl::StrSplit(tsv, '\n')) {
    ++line;
    row = absl::StripSuffix(row, "\r");
    if (line == 1) row = absl::StripPrefix(row, "\xEF\xBB\xBF");
    if (row.empty() || absl::StartsWith(row, "#") || row == "collection\tfield\theaders") continue;
    const std::vector<std::string> cells = absl::StrSplit(row, '\t');
    const ResourceKind* kind = cells.size() == 3 ? FindKind(cells[0]) : nullptr;
    if (kind == nullptr || cells[2].empty()) {
      return absl::InvalidArgumentError(
          absl::StrCat(name, ":", line, ": must be collection, field, headers, parted by tabs"));
    }
    const std::string collection(kind->word);
    if (!IsField(collection, cells[1])) {
      return absl::InvalidArgumentError(
          absl::StrCat(name, ":", line, ": ", collection, " have no field ", cells[1]));
    }
    if (absl::StartsWith(cells[2], "=")) {
      constants_[collection].push_back({.field = cells[1], .value = cells[2].substr(1)});
      continue;
    }
    for (const absl::string_view header : absl::StrSplit(cells[2], '|', absl::SkipEmpty())) {
      headers_.try_emplace(Key(collection, cells[1]), header);
      fields_[Key(collection, BareHeader(header))] = cells[1];
    }
  }
  return absl::OkStatus();
}

std::string Headers::FieldOf(absl::string_view collection, absl::string_view header) const {
  const std::string bare = Bare(header);
  if (absl::StartsWith(bare, kOwnColumnPrefix)) return "@ignored";
  for (const absl::string_view path : {InBrackets(bare), absl::string_view(bare)}) {
    const bool is_path = !path.empty() && path[0] != '@' && IsField(collection, path);
    if (is_path || path == kRestColumn) return std::string(path);
  }
  return FieldOfWords(std::string(collection), BareHeader(header));
}

// 技能/特长 is known when what is known of its words is one field.
std::string Headers::FieldOfWords(const std::string& collection, const std::string& bare) const {
  const auto whole = fields_.find(Key(collection, bare));
  if (whole != fields_.end()) return whole->second;
  std::string field;
  const std::string words = absl::StrReplaceAll(bare, {{"、", "/"}, {"及", "/"}, {"或", "/"}});
  for (const absl::string_view word : absl::StrSplit(words, '/', absl::SkipEmpty())) {
    const auto found = fields_.find(Key(collection, std::string(word)));
    if (found == fields_.end()) continue;
    if (!field.empty() && field != found->second) return "";
    field = found->second;
  }
  return field;
}

std::string Headers::HeaderOf(absl::string_view collection, absl::string_view field) const {
  const auto found = headers_.find(Key(std::string(collection), std::string(field)));
  return found == headers_.end() ? "" : found->second;
}

std::vector<Headers::Constant> Headers::ConstantsOf(absl::string_view collection) const {
  const auto found = constants_.find(collection);
  return found == constants_.end() ? std::vector<Constant>{} : found->second;
}

}  // namespace leye::ctl::files
