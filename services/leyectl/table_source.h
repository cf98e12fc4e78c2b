// The rows of a table as an import's records.

#ifndef LEYE_SERVICES_LEYECTL_TABLE_SOURCE_H_
#define LEYE_SERVICES_LEYECTL_TABLE_SOURCE_H_

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "services/leyectl/files/row_mapper.h"
#include "services/leyectl/files/table.h"
#include "services/leyectl/item_source.h"
#include "services/leyectl/rejects_file.h"
#include "services/leyectl/server_books.h"
#include "services/leyectl/spill_map.h"

namespace leye::ctl {

// What both passes over a file share. All outlive the source.
struct TableImport {
  std::string file;
  std::string collection;
  const files::Headers& headers;
  const files::MapperContext& context;
  Language language = Language::kEnglish;
  PhraseReader* phrases = nullptr;  // Null: free text is not read.
  RejectsFile* rejects = nullptr;   // Null: rejected rows are kept nowhere.
  // Why owners (households, employers) were rejected, by hash of the name, as ImportReceipts: their
  // rows go with them.
  SpillMap* failed_owners = nullptr;
};

// Field by field as its column is called: `C 身份证号 (17 digits)`.
std::vector<v1::ImportProblem> InColumns(const files::Table& table, const files::Row* row,
                                         std::vector<v1::ImportProblem> problems);

// Memory: the rows in flight. What is kept of each record and each owner grows on disk.
class TableSource final : public ItemSource {
 public:
  // kOwners gives each owner once, and passes over rows that are wrong; kRecords the records.
  enum class Pass { kOwners, kRecords };

  TableSource(const TableImport& import, std::unique_ptr<files::Table> table, Pass pass);

  bool Next(google::protobuf::Message* message, SourceItem& item) override;
  absl::Status status() const override;
  std::vector<v1::ImportProblem> Rejected(const SourceItem& item,
                                          std::vector<v1::ImportProblem> problems) override;

  const files::Table& table() const { return *table_; }
  // How often free text of a field was not understood, so far.
  const std::map<std::string, int64_t>& notes() const { return notes_; }

 private:
  struct Ready {
    files::MappedRow mapped;
    std::shared_ptr<const files::Row> row;
  };

  // Reads and maps the next rows; false when there are none.
  bool FillReady();
  bool ReadPhrases();
  void CheckOwner(Ready& ready);
  void CheckDouble(Ready& ready);
  bool GiveOwner(Ready& ready, google::protobuf::Message* message, SourceItem& item);
  std::vector<v1::ImportProblem> ProblemsOfOwner(const google::protobuf::Message& record) const;

  const TableImport import_;
  std::unique_ptr<files::Table> table_;
  const Pass pass_;
  std::unique_ptr<files::RowMapper> mapper_;
  std::deque<Ready> ready_;
  SpillMap owners_;   // Hash of the area and line, by hash of the name.
  SpillMap records_;  // Line, by hash of name or external id.
  std::map<std::string, int64_t> notes_;
  absl::Status status_;
};

}  // namespace leye::ctl

#endif  // LEYE_SERVICES_LEYECTL_TABLE_SOURCE_H_
