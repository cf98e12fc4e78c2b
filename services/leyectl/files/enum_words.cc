#include "services/leyectl/files/enum_words.h"

#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

#include "services/leyectl/files/built_in_tables.h"
#include "services/leyectl/files/values.h"
#include "services/leyectl/words.h"

namespace leye::ctl::files {
namespace {

using Words = absl::flat_hash_map<std::pair<std::string, std::string>, std::string>;

// From the enum's name and the bare word to the value's name.
const Words& TableOfWords() {
  static const Words* const words = [] {
    auto* table = new Words();
    for (const absl::string_view row : absl::StrSplit(kWordsTsv, '\n', absl::SkipEmpty())) {
      const std::vector<std::string> cells = absl::StrSplit(row, '\t');
      for (const absl::string_view word : absl::StrSplit(cells.at(2), '|')) {
        table->emplace(std::make_pair(cells[0], Bare(word)), cells[1]);
      }
    }
    return table;
  }();
  return *words;
}

}  // namespace

std::optional<int> ReadEnum(const google::protobuf::EnumDescriptor& type, absl::string_view cell) {
  const std::string bare = Bare(cell);
  const auto listed = TableOfWords().find(std::make_pair(type.name(), bare));
  if (listed != TableOfWords().end()) return type.FindValueByName(listed->second)->number();
  for (int i = 0; i < type.value_count(); ++i) {
    const google::protobuf::EnumValueDescriptor& value = *type.value(i);
    if (value.number() == 0) continue;
    if (bare == Bare(value.name()) || bare == Bare(EnumWord(value, Language::kChinese)) ||
        bare == Bare(EnumWord(value, Language::kEnglish))) {
      return value.number();
    }
  }
  return std::nullopt;
}

std::string EnumChoices(const google::protobuf::EnumDescriptor& type) {
  std::vector<std::string> words;
  for (int i = 0; i < type.value_count(); ++i) {
    if (type.value(i)->number() != 0) words.push_back(EnumWord(*type.value(i), Language::kChinese));
  }
  return absl::StrJoin(words, "、");
}

}  // namespace leye::ctl::files
