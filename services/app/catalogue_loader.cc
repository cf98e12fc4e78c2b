#include "services/app/catalogue_loader.h"

#include <algorithm>
#include <cstdint>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

#include "services/app/names.h"
#include "services/base/status.h"

namespace leye::app {

using matcher::SkillId;
using matcher::TradeId;

namespace {

constexpr absl::string_view kTrades = "trades.tsv";
constexpr absl::string_view kSkills = "skills.tsv";
constexpr absl::string_view kRelations = "relations.tsv";
constexpr int kMicros = 1'000'000;
constexpr size_t kSmallClassCharacters = 7;  // "6-18-02" of "6-18-02-04".

std::vector<std::string> WordsOfCell(absl::string_view cell) {
  return absl::StrSplit(cell, '|', absl::SkipEmpty());
}

// "D-DD-DD-DD".
bool IsTradeCode(absl::string_view code) {
  constexpr absl::string_view kShape = "0-00-00-00";
  if (code.size() != kShape.size()) return false;
  for (size_t i = 0; i < code.size(); ++i) {
    if (kShape[i] == '-' ? code[i] != '-' : !absl::ascii_isdigit(code[i])) return false;
  }
  return true;
}

v1::SkillKind KindOf(absl::string_view word) {
  if (word == "skill") return v1::SKILL_KIND_SKILL;
  if (word == "certificate") return v1::SKILL_KIND_CERTIFICATE;
  if (word == "licence") return v1::SKILL_KIND_LICENCE;
  return v1::SKILL_KIND_UNSPECIFIED;
}

matcher::SkillKind ToMatcher(v1::SkillKind kind) {
  switch (kind) {
    case v1::SKILL_KIND_CERTIFICATE:
      return matcher::SkillKind::kCertificate;
    case v1::SKILL_KIND_LICENCE:
      return matcher::SkillKind::kLicence;
    default:
      return matcher::SkillKind::kSkill;
  }
}

}  // namespace

void CatalogueLoader::Wrong(absl::string_view file, int line, absl::string_view what) {
  mistakes_.push_back(absl::StrCat(file, ":", line, ": ", what));
}

std::vector<CatalogueLoader::Row> CatalogueLoader::Rows(absl::string_view file,
                                                        absl::string_view text,
                                                        const std::vector<std::string>& columns) {
  std::vector<Row> rows;
  const std::string header = absl::StrJoin(columns, "\t");
  int line = 0;
  for (absl::string_view content : absl::StrSplit(text, '\n')) {
    ++line;
    if (line == 1) {
      if (content != header) Wrong(file, line, absl::StrCat("expected the header ", header));
      continue;
    }
    if (content.empty()) continue;
    Row row{line, absl::StrSplit(content, '\t')};
    if (row.cells.size() != columns.size()) {
      Wrong(file, line,
            absl::StrCat("expected ", columns.size(), " cells, not ", row.cells.size()));
      continue;
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

void CatalogueLoader::ReadTrades(absl::string_view text) {
  for (const Row& row : Rows(kTrades, text, {"level", "code", "name_zh", "name_en", "aliases"})) {
    v1::Trade trade;
    int level = 0;
    if (!absl::SimpleAtoi(row.cells[0], &level) || level < 1 || level > 4) {
      Wrong(kTrades, row.line, "the level must be 1 to 4");
    }
    if (!IsTradeCode(row.cells[1])) Wrong(kTrades, row.line, "the code must be D-DD-DD-DD");
    if (row.cells[2].empty()) Wrong(kTrades, row.line, "the trade has no name");
    trade.set_level(level);
    trade.set_code(std::string(row.cells[1]));
    trade.set_name(absl::StrCat("trades/", row.cells[1]));
    trade.set_display_name_zh(std::string(row.cells[2]));
    for (std::string& alias : WordsOfCell(row.cells[4])) trade.add_aliases(std::move(alias));
    if (!made_.trade_entries_.emplace(trade.code(), 0).second) {
      Wrong(kTrades, row.line, absl::StrCat("the code ", trade.code(), " occurs twice"));
    }
    made_.trades_.push_back(std::move(trade));
  }
  NumberTrades();
}

void CatalogueLoader::NumberTrades() {
  std::sort(made_.trades_.begin(), made_.trades_.end(),
            [](const v1::Trade& a, const v1::Trade& b) { return a.code() < b.code(); });
  absl::flat_hash_map<std::string, uint16_t> classes;
  for (uint32_t row = 0; row < made_.trades_.size(); ++row) {
    const v1::Trade& trade = made_.trades_[row];
    made_.trade_entries_[trade.code()] = row;
    if (trade.level() != 4) continue;
    const TradeId id(static_cast<uint16_t>(made_.trade_rows_.size()));
    made_.trade_ids_[trade.code()] = id;
    made_.trade_rows_.push_back(row);
    const auto small_class = classes.emplace(trade.code().substr(0, kSmallClassCharacters),
                                             static_cast<uint16_t>(classes.size()));
    trades_.push_back({.id = id,
                       .small_class = matcher::SmallClassId(small_class.first->second),
                       .operation_certificate = std::nullopt});
  }
}

void CatalogueLoader::ReadSkills(absl::string_view text) {
  for (const Row& row : Rows(kSkills, text,
                             {"id", "kind", "name_zh", "name_en", "trade_code", "max_level",
                              "special_operation", "aliases", "requires", "covers"})) {
    ReadSkill(row);
  }
}

void CatalogueLoader::ReadSkill(const Row& row) {
  const SkillId id(static_cast<uint16_t>(made_.skills_.size()));
  v1::Skill skill;
  skill.set_name(absl::StrCat("skills/", row.cells[0]));
  skill.set_kind(KindOf(row.cells[1]));
  skill.set_display_name_zh(std::string(row.cells[2]));
  skill.set_display_name_en(std::string(row.cells[3]));
  skill.set_trade_code(std::string(row.cells[4]));
  skill.set_special_operation(row.cells[6] == "1");
  for (std::string& alias : WordsOfCell(row.cells[7])) skill.add_aliases(std::move(alias));
  int max_level = 0;
  if (!absl::SimpleAtoi(row.cells[5], &max_level) || max_level < 0 || max_level > 7) {
    Wrong(kSkills, row.line, "max_level must be 0 to 7");
  }
  skill.set_max_level(max_level);
  if (!IsValidId(row.cells[0])) Wrong(kSkills, row.line, "the id must be of a-z, 0-9 and -");
  if (skill.kind() == v1::SKILL_KIND_UNSPECIFIED) {
    Wrong(kSkills, row.line, "the kind must be skill, certificate or licence");
  }
  if (skill.display_name_zh().empty() || skill.display_name_en().empty()) {
    Wrong(kSkills, row.line, "both names must be given");
  }
  const std::optional<TradeId> trade = made_.FindTrade(skill.trade_code());
  if (!skill.trade_code().empty() && !trade.has_value()) {
    Wrong(kSkills, row.line, absl::StrCat("trade ", skill.trade_code(), " is not in trades.tsv"));
  }
  if (!made_.skill_ids_.emplace(skill.name(), id).second) {
    Wrong(kSkills, row.line, absl::StrCat("the id ", row.cells[0], " occurs twice"));
  }
  skills_.push_back(
      {.id = id,
       .kind = ToMatcher(skill.kind()),
       .trade = trade,
       .max_level =
           max_level > 0 ? matcher::SkillLevel::Of(max_level) : matcher::SkillLevel::Unknown(),
       .special_operation = skill.special_operation() && skill.kind() == v1::SKILL_KIND_CERTIFICATE,
       .operation_certificate = std::nullopt});
  ties_.push_back({row.line, WordsOfCell(row.cells[8]), WordsOfCell(row.cells[9])});
  made_.skills_.push_back(std::move(skill));
}

void CatalogueLoader::AddRelated(SkillId asked, SkillId held, int credit_micros) {
  neighbours_.push_back(
      {.asked = asked, .held = held, .credit = matcher::Score::FromRatio(credit_micros, kMicros)});
  v1::RelatedSkill& related = *made_.skills_[asked.value()].add_related();
  related.set_skill(made_.skills_[held.value()].name());
  related.set_credit_micros(credit_micros);
}

void CatalogueLoader::ReadRelations(absl::string_view text) {
  for (const Row& row : Rows(kRelations, text, {"skill_a", "skill_b", "credit_ppm"})) {
    AddRelation(row);
  }
}

void CatalogueLoader::AddRelation(const Row& row) {
  const auto a = made_.FindSkill(absl::StrCat("skills/", row.cells[0]));
  const auto b = made_.FindSkill(absl::StrCat("skills/", row.cells[1]));
  int credit = 0;
  if (!absl::SimpleAtoi(row.cells[2], &credit) || credit < 1 || credit >= kMicros) {
    return Wrong(kRelations, row.line, "credit_ppm must be 1 to 999999");
  }
  if (!a.has_value() || !b.has_value() || a == b) {
    return Wrong(kRelations, row.line, "both must be different skills of skills.tsv");
  }
  AddRelated(*a, *b, credit);
  AddRelated(*b, *a, credit);
}

// Whoever holds a licence holds those that it covers.
void CatalogueLoader::AddCovers() {
  for (const matcher::SkillDefinition& skill : skills_) {
    const Ties& ties = ties_[skill.id.value()];
    for (const std::string& covered : ties.covers) {
      const auto id = made_.FindSkill(absl::StrCat("skills/", covered));
      if (!id.has_value()) {
        Wrong(kSkills, ties.line, absl::StrCat("covers ", covered, ", which is not there"));
      } else {
        AddRelated(*id, skill.id, kMicros);
      }
    }
    for (const std::string& paper : ties.papers) {
      if (made_.FindSkill(absl::StrCat("skills/", paper)).has_value()) continue;
      Wrong(kSkills, ties.line, absl::StrCat("requires ", paper, ", which is not there"));
    }
  }
}

// The first of the papers that permit it. The matcher knows one paper a skill, and only those of
// special operations: people with one of the rarer alternatives are told to show the first.
std::optional<SkillId> CatalogueLoader::OperationCertificate(SkillId skill) const {
  if (!made_.skills_[skill.value()].special_operation()) return std::nullopt;
  for (const std::string& paper : ties_[skill.value()].papers) {
    const auto id = made_.FindSkill(absl::StrCat("skills/", paper));
    if (id.has_value() && skills_[id->value()].special_operation) return id;
  }
  return std::nullopt;
}

absl::Status CatalogueLoader::BuildMatcherCatalogue() {
  // A trade needs a certificate when each skill in it needs that same one.
  std::vector<bool> settled(trades_.size());
  for (matcher::SkillDefinition& skill : skills_) {
    if (skill.kind != matcher::SkillKind::kSkill) continue;
    skill.operation_certificate = OperationCertificate(skill.id);
    if (!skill.trade.has_value()) continue;
    matcher::TradeDefinition& trade = trades_[skill.trade->value()];
    if (!settled[skill.trade->value()]) {
      trade.operation_certificate = skill.operation_certificate;
      settled[skill.trade->value()] = true;
    } else if (trade.operation_certificate != skill.operation_certificate) {
      trade.operation_certificate = std::nullopt;
    }
  }
  matcher::SkillCatalogue::Builder builder;
  for (const matcher::TradeDefinition& trade : trades_) builder.AddTrade(trade);
  for (const matcher::SkillDefinition& skill : skills_) builder.AddSkill(skill);
  for (const matcher::NeighbourDefinition& near : neighbours_) builder.AddNeighbour(near);
  LEYE_ASSIGN_OR_RETURN(made_.matcher_catalogue_, std::move(builder).Build());
  return absl::OkStatus();
}

void CatalogueLoader::SortByName() {
  for (const v1::Skill& skill : made_.skills_) made_.skills_by_name_.push_back(&skill);
  std::sort(made_.skills_by_name_.begin(), made_.skills_by_name_.end(),
            [](const v1::Skill* a, const v1::Skill* b) { return a->name() < b->name(); });
}

absl::StatusOr<Catalogue> CatalogueLoader::Load(const CatalogueTables& tables) {
  ReadTrades(tables.trades);
  ReadSkills(tables.skills);
  ReadRelations(tables.relations);
  AddCovers();
  if (!mistakes_.empty()) {
    return Error(absl::StatusCode::kInvalidArgument, "CATALOGUE_INVALID",
                 absl::StrJoin(mistakes_, "\n"));
  }
  LEYE_RETURN_IF_ERROR(BuildMatcherCatalogue());
  SortByName();
  return std::move(made_);
}

}  // namespace leye::app
