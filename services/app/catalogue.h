// The trades, skills, certificates and licences there are, with their names.
//
//   LEYE_ASSIGN_OR_RETURN(app::Catalogue catalogue, app::Catalogue::LoadBuiltIn());
//   catalogue.FindSkill("skills/welding-arc");         // matcher::SkillId
//   catalogue.skill(*id).display_name_zh();            // 手工电弧焊
//   catalogue.matcher_catalogue().Credit(...);
//
// The tables of deploy/catalogue are compiled in; a directory of such tables may be loaded instead.
// The catalogue numbers skills and the trades of level 4 densely, in the order of the tables, for
// the matcher. Immutable, safe for concurrent use.
#ifndef LEYE_SERVICES_APP_CATALOGUE_H_
#define LEYE_SERVICES_APP_CATALOGUE_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "leye/v1/skill.pb.h"
#include "matcher/ids.h"
#include "matcher/skill_catalogue.h"

namespace leye::app {

// The text of the tables, as deploy/catalogue/README.md describes them. The catalogue is made of
// the first three; the others are the words by which phrases are read (phrase_normalizer.h).
struct CatalogueTables {
  std::string trades;
  std::string skills;
  std::string relations;
  std::string titles;
  std::string words;
};

// The tables that were compiled in, or those of `directory` (trades.tsv, ...); of the latter
// NOT_FOUND when one cannot be read.
CatalogueTables BuiltInTables();
absl::StatusOr<CatalogueTables> ReadTables(const std::string& directory);

class Catalogue {
 public:
  Catalogue(Catalogue&&) = default;
  Catalogue& operator=(Catalogue&&) = default;

  // Of BuiltInTables() and of ReadTables(directory).
  static absl::StatusOr<Catalogue> LoadBuiltIn();
  static absl::StatusOr<Catalogue> LoadDirectory(const std::string& directory);

  // INVALID_ARGUMENT with every mistake, one a line: "skills.tsv:17: trade 6-18-02-99 is not in
  // trades.tsv".
  static absl::StatusOr<Catalogue> Parse(const CatalogueTables& tables);

  const matcher::SkillCatalogue& matcher_catalogue() const { return matcher_catalogue_; }

  // By number. REQUIRES: the number is one of this catalogue.
  const v1::Skill& skill(matcher::SkillId id) const { return skills_[id.value()]; }
  const v1::Trade& trade(matcher::TradeId id) const { return trades_[trade_rows_[id.value()]]; }

  // By resource name ("skills/welding-arc") and by code ("6-18-02-04", level 4 only); nullopt when
  // there is none.
  std::optional<matcher::SkillId> FindSkill(absl::string_view name) const;
  std::optional<matcher::TradeId> FindTrade(absl::string_view code) const;

  // The entry of a classification code of any level; null when there is none.
  const v1::Trade* FindTradeEntry(absl::string_view code) const;

  // All skills ascending by name, and all trades (of every level) ascending by code.
  const std::vector<const v1::Skill*>& skills_by_name() const { return skills_by_name_; }
  const std::vector<v1::Trade>& trades() const { return trades_; }

  // The skills and trades one of whose names or aliases has all words of `query`, best first: equal
  // before beginning before containing, skills before trades, shorter texts first, then by name.
  std::vector<v1::SkillMatch> Search(absl::string_view query, int limit) const;

 private:
  friend class CatalogueLoader;
  Catalogue() = default;

  std::vector<v1::Skill> skills_;                                 // By SkillId.
  std::vector<const v1::Skill*> skills_by_name_;                  // Into skills_.
  std::vector<v1::Trade> trades_;                                 // Ascending by code.
  std::vector<uint32_t> trade_rows_;                              // By TradeId, into trades_.
  absl::flat_hash_map<std::string, matcher::SkillId> skill_ids_;  // By resource name.
  absl::flat_hash_map<std::string, matcher::TradeId> trade_ids_;  // By code, level 4.
  absl::flat_hash_map<std::string, uint32_t> trade_entries_;      // By code, all levels.
  matcher::SkillCatalogue matcher_catalogue_;
};

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_CATALOGUE_H_
