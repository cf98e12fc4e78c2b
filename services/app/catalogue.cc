#include "services/app/catalogue.h"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <tuple>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

#include "services/app/catalogue_loader.h"
#include "services/base/status.h"

namespace leye::app {
namespace {

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (!file || !(text << file.rdbuf())) {
    return Error(absl::StatusCode::kNotFound, "FILE_UNREADABLE", absl::StrCat("cannot read ", path),
                 {{"path", path}});
  }
  return text.str();
}

// How well an entry matches: less is better.
struct Rank {
  int grade;  // 0 equal, 1 begins with the query, 2 contains all its words.
  int is_trade;
  size_t length;
  std::string name;

  friend bool operator<(const Rank& a, const Rank& b) {
    return std::tie(a.grade, a.is_trade, a.length, a.name) <
           std::tie(b.grade, b.is_trade, b.length, b.name);
  }
};

struct Hit {
  Rank rank;
  v1::SkillMatch match;
};

// A query, taken apart once.
class QueryWords {
 public:
  explicit QueryWords(absl::string_view query)
      : whole_(absl::AsciiStrToLower(absl::StripAsciiWhitespace(query))),
        words_(absl::StrSplit(whole_, absl::ByAnyChar(" \t"), absl::SkipEmpty())) {}

  // The grade of `text`, or -1 when a word is missing.
  int Grade(absl::string_view text) const {
    const std::string lower = absl::AsciiStrToLower(text);
    if (words_.empty()) return -1;
    for (const std::string& word : words_) {
      if (!absl::StrContains(lower, word)) return -1;
    }
    if (lower == whole_) return 0;
    return absl::StartsWith(lower, whole_) ? 1 : 2;
  }

 private:
  std::string whole_;
  std::vector<std::string> words_;
};

// Adds an entry if any of its `texts` matches, with the best of them.
template <typename Entry>
void AddHit(const QueryWords& words, const Entry& entry,
            const std::vector<absl::string_view>& texts, std::vector<Hit>& hits) {
  constexpr bool kIsTrade = std::is_same_v<Entry, v1::Trade>;
  bool found = false;
  Hit best;
  for (absl::string_view text : texts) {
    const int grade = words.Grade(text);
    if (grade < 0) continue;
    Rank rank{grade, kIsTrade ? 1 : 0, text.size(), entry.name()};
    if (found && !(rank < best.rank)) continue;
    found = true;
    best.rank = std::move(rank);
    best.match.set_matched(std::string(text));
  }
  if (!found) return;
  if constexpr (kIsTrade) {
    *best.match.mutable_trade() = entry;
  } else {
    *best.match.mutable_skill() = entry;
  }
  hits.push_back(std::move(best));
}

}  // namespace

absl::StatusOr<CatalogueTables> ReadTables(const std::string& directory) {
  CatalogueTables tables;
  LEYE_ASSIGN_OR_RETURN(tables.trades, ReadFile(directory + "/trades.tsv"));
  LEYE_ASSIGN_OR_RETURN(tables.skills, ReadFile(directory + "/skills.tsv"));
  LEYE_ASSIGN_OR_RETURN(tables.relations, ReadFile(directory + "/relations.tsv"));
  LEYE_ASSIGN_OR_RETURN(tables.titles, ReadFile(directory + "/titles.tsv"));
  LEYE_ASSIGN_OR_RETURN(tables.words, ReadFile(directory + "/words.tsv"));
  return tables;
}

absl::StatusOr<Catalogue> Catalogue::Parse(const CatalogueTables& tables) {
  return CatalogueLoader().Load(tables);
}

absl::StatusOr<Catalogue> Catalogue::LoadBuiltIn() { return Parse(BuiltInTables()); }

absl::StatusOr<Catalogue> Catalogue::LoadDirectory(const std::string& directory) {
  LEYE_ASSIGN_OR_RETURN(const CatalogueTables tables, ReadTables(directory));
  return Parse(tables);
}

std::optional<matcher::SkillId> Catalogue::FindSkill(absl::string_view name) const {
  const auto found = skill_ids_.find(name);
  if (found == skill_ids_.end()) return std::nullopt;
  return found->second;
}

std::optional<matcher::TradeId> Catalogue::FindTrade(absl::string_view code) const {
  const auto found = trade_ids_.find(code);
  if (found == trade_ids_.end()) return std::nullopt;
  return found->second;
}

const v1::Trade* Catalogue::FindTradeEntry(absl::string_view code) const {
  const auto found = trade_entries_.find(code);
  return found == trade_entries_.end() ? nullptr : &trades_[found->second];
}

std::vector<v1::SkillMatch> Catalogue::Search(absl::string_view query, int limit) const {
  const QueryWords words(query);
  std::vector<Hit> hits;
  for (const v1::Skill& skill : skills_) {
    std::vector<absl::string_view> texts = {skill.display_name_zh(), skill.display_name_en()};
    for (const std::string& alias : skill.aliases()) texts.emplace_back(alias);
    AddHit(words, skill, texts, hits);
  }
  for (const v1::Trade& trade : trades_) {
    std::vector<absl::string_view> texts = {trade.display_name_zh()};
    for (const std::string& alias : trade.aliases()) texts.emplace_back(alias);
    AddHit(words, trade, texts, hits);
  }
  std::sort(hits.begin(), hits.end(), [](const Hit& a, const Hit& b) { return a.rank < b.rank; });
  std::vector<v1::SkillMatch> matches;
  for (Hit& hit : hits) {
    if (matches.size() == static_cast<size_t>(limit)) break;
    matches.push_back(std::move(hit.match));
  }
  return matches;
}

}  // namespace leye::app
