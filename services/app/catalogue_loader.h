// Reads the catalogue's tables, checks them, and numbers their entries.
#ifndef LEYE_SERVICES_APP_CATALOGUE_LOADER_H_
#define LEYE_SERVICES_APP_CATALOGUE_LOADER_H_

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "services/app/catalogue.h"

namespace leye::app {

// Used once. Thread-compatible.
class CatalogueLoader {
 public:
  absl::StatusOr<Catalogue> Load(const CatalogueTables& tables);

 private:
  // A line of a table: where it stands, and its cells.
  struct Row {
    int line;
    std::vector<absl::string_view> cells;
  };
  // What a skill's row says of others; looked up once all skills are known.
  struct Ties {
    int line;
    std::vector<std::string> papers;
    std::vector<std::string> covers;
  };

  // The rows under a header of exactly `columns`.
  std::vector<Row> Rows(absl::string_view file, absl::string_view text,
                        const std::vector<std::string>& columns);
  void ReadTrades(absl::string_view text);
  void ReadSkills(absl::string_view text);
  void ReadSkill(const Row& row);
  void NumberTrades();
  void ReadRelations(absl::string_view text);
  void AddRelation(const Row& row);
  void AddRelated(matcher::SkillId asked, matcher::SkillId held, int credit_micros);
  void AddCovers();
  void SortByName();
  absl::Status BuildMatcherCatalogue();
  // The certificate without which the work of a skill may not be done.
  std::optional<matcher::SkillId> OperationCertificate(matcher::SkillId skill) const;

  void Wrong(absl::string_view file, int line, absl::string_view what);

  Catalogue made_;
  std::vector<Ties> ties_;  // By SkillId.
  std::vector<matcher::SkillDefinition> skills_;
  std::vector<matcher::TradeDefinition> trades_;  // By TradeId.
  std::vector<matcher::NeighbourDefinition> neighbours_;
  std::vector<std::string> mistakes_;
};

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_CATALOGUE_LOADER_H_
