// Makes records of the rows of a table.
//
//   auto mapper = NewRowMapper("candidates", table.columns(), constants, books);
//   MappedRow mapped;
//   mapper->Map(row, mapped);
//   for (const Phrase& phrase : mapped.phrases) mapper->Apply(phrase, read, mapped);
//
// A row may bring a second record, its owner: a person's household, a posting's employer. What is
// wrong with a row is all in `problems`; fields are named as in the record.

#ifndef LEYE_SERVICES_LEYECTL_FILES_ROW_MAPPER_H_
#define LEYE_SERVICES_LEYECTL_FILES_ROW_MAPPER_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include <google/protobuf/message.h>

#include "leye/v1/import.pb.h"
#include "leye/v1/skill.pb.h"
#include "services/leyectl/files/books.h"
#include "services/leyectl/files/flat_record.h"
#include "services/leyectl/files/headers.h"
#include "services/leyectl/files/identifiers.h"
#include "services/leyectl/files/table.h"

namespace leye::ctl::files {

// What rows are read with. Outlives the mappers.
struct MapperContext {
  std::string region = "13";
  std::string source = "ledger";  // Of external ids that are made here.
  absl::CivilDay today;
  Identifiers identifiers{""};
  AreaBook areas{};
  bool areas_known = true;  // False: areas are taken as they are written, to be shown.
  WorkplaceBook workplaces{};
  // Employers that the server has, by bare name.
  absl::flat_hash_map<std::string, std::string> employers{};
  // The only skill of a trade, by the trade's code.
  absl::flat_hash_map<std::string, std::string> skill_of_trade{};
};

// Free text for the normaliser.
struct Phrase {
  enum class Use { kSkills, kWish, kTitle };
  Use use = Use::kSkills;
  std::string text{};
};

struct MappedRow {
  std::unique_ptr<google::protobuf::Message> record;
  std::unique_ptr<google::protobuf::Message> owner;  // Null: there is none to be sent.
  std::string owner_name;  // The resource's name, under which it is or will be.
  std::vector<v1::ImportProblem> problems;
  std::vector<Phrase> phrases;
  std::vector<std::string> notes;  // Fields whose text was not understood, and is left out.
};

// Thread-compatible: a mapper keeps what rows take over from the row above.
class RowMapper {
 public:
  RowMapper(const google::protobuf::Descriptor* type, const Table& table, const Headers& headers,
            absl::string_view collection, const MapperContext& context);
  RowMapper(const RowMapper&) = delete;
  RowMapper& operator=(const RowMapper&) = delete;
  virtual ~RowMapper() = default;

  void Map(const Row& row, MappedRow& mapped);

  // Takes what the normaliser read in a phrase.
  virtual void Apply(const Phrase& phrase, const v1::NormalizedPhrase& read,
                     MappedRow& mapped) const;

 protected:
  // Completes the record when all plain columns are set.
  virtual void Finish(MappedRow& mapped);
  // Takes the cell of a column with an @, or not.
  virtual void TakeCell(const std::string& field, const std::string& cell, MappedRow& mapped);

  // The tidied cell of a field with an @; "" when there is no such column or constant.
  const std::string& Cell(absl::string_view field) const;
  // As of the column, for units.
  std::string HeaderOf(absl::string_view field) const;

  static void Wrong(MappedRow& mapped, absl::string_view field, const Fault& fault);
  // Sets a path of a message; what is wrong is said of `field`.
  static void Set(google::protobuf::Message* message, absl::string_view path,
                  const std::string& cell, absl::string_view field, MappedRow& mapped);
  // The name under which the server keeps what has this external id.
  std::string NameOf(absl::string_view collection, absl::string_view id) const;

  const MapperContext& context_;

 private:
  struct Target {
    size_t index = 0;
    std::string field{};
    std::string header{};
    std::optional<FlatField> flat{};  // Not set: a field with an @.
    bool exact = false;               // The header is the path: the text is taken as it stands.
  };
  void TakeColumn(const Target& target, absl::string_view raw, MappedRow& mapped);

  const google::protobuf::Descriptor* const type_;
  std::vector<Target> targets_;
  std::vector<std::pair<Target, std::string>> constants_;
  absl::flat_hash_map<std::string, std::string> cells_;  // Of fields with an @, by field.
};

// For areas, employers, households, candidates and postings. `table` outlives it.
std::unique_ptr<RowMapper> NewRowMapper(absl::string_view collection, const Table& table,
                                        const Headers& headers, const MapperContext& context);

}  // namespace leye::ctl::files

#endif  // LEYE_SERVICES_LEYECTL_FILES_ROW_MAPPER_H_
