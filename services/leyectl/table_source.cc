#include "services/leyectl/table_source.h"

#include <array>
#include <utility>

#include "absl/hash/hash.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

#include "services/base/status.h"
#include "services/leyectl/fields.h"
#include "services/leyectl/files/values.h"

namespace leye::ctl {
namespace {

constexpr size_t kRowsAtOnce = 500;
constexpr size_t kBytesAtOnce = 8 << 20;

size_t BytesOf(const files::Row& row) {
  size_t bytes = 0;
  for (const std::string& cell : row.cells) bytes += sizeof(cell) + cell.size();
  return bytes;
}

// Paths that the server speaks of, and the columns they are made of.
struct MadeOf {
  absl::string_view path;
  absl::string_view column;
};
constexpr std::array<MadeOf, 9> kMadeOf = {{{"settlement_area", "@area"},
                                            {"household", "@household_number"},
                                            {"employer", "@employer.display_name"},
                                            {"place", "@workplace"},
                                            {"openings", "@headcount"},
                                            {"pay", "@pay"},
                                            {"conditions.ages", "@ages"},
                                            {"skills", "@skills"},
                                            {"preferences.trades", "@wish"}}};

const files::TableColumn* ColumnOf(const files::Table& table, absl::string_view field) {
  for (const absl::string_view item :
       {"candidate.", "household.", "posting.", "employer.", "settlement_area."}) {
    if (absl::ConsumePrefix(&field, item)) break;
  }
  for (absl::string_view path = field; !path.empty();) {
    const files::TableColumn* column = table.Find(path);
    if (column == nullptr) column = table.Find(absl::StrCat("@household.", path));
    for (const MadeOf& made : kMadeOf) {
      if (column == nullptr && path == made.path) column = table.Find(made.column);
    }
    if (column != nullptr) return column;
    const size_t end = path.find_last_of(".[");
    path = path.substr(0, end == absl::string_view::npos ? 0 : end);
  }
  return nullptr;
}

template <typename... Parts>
uint64_t HashOf(const Parts&... parts) {
  return absl::HashOf(parts...);
}

v1::ImportProblem Problem(absl::string_view field, absl::string_view reason,
                          const std::string& english, const std::string& chinese) {
  v1::ImportProblem problem;
  problem.set_field(std::string(field));
  problem.set_reason(std::string(reason));
  problem.set_description(english);
  problem.set_description_zh(chinese);
  return problem;
}

}  // namespace

std::vector<v1::ImportProblem> InColumns(const files::Table& table, const files::Row* row,
                                         std::vector<v1::ImportProblem> problems) {
  for (v1::ImportProblem& problem : problems) {
    const files::TableColumn* column = ColumnOf(table, problem.field());
    if (column == nullptr) continue;
    const std::string cell =
        row != nullptr && column->index < row->cells.size() ? row->cells[column->index] : "";
    problem.set_field(absl::StrCat(files::ColumnLetters(column->index), " ", column->header, " (",
                                   files::ClassOf(cell), ")"));
  }
  return problems;
}

TableSource::TableSource(const TableImport& import, std::unique_ptr<files::Table> table, Pass pass)
    : import_(import),
      table_(std::move(table)),
      pass_(pass),
      mapper_(files::NewRowMapper(import.collection, *table_, import.headers, import.context)) {}

absl::Status TableSource::status() const {
  LEYE_RETURN_IF_ERROR(status_);
  LEYE_RETURN_IF_ERROR(owners_.status());
  LEYE_RETURN_IF_ERROR(records_.status());
  if (import_.failed_owners != nullptr) LEYE_RETURN_IF_ERROR(import_.failed_owners->status());
  if (!table_->status().ok()) {
    return absl::Status(table_->status().code(),
                        absl::StrCat(import_.file, ": ", table_->status().message()));
  }
  return import_.rejects == nullptr ? absl::OkStatus() : import_.rejects->status();
}

bool TableSource::FillReady() {
  files::Row row;
  size_t bytes = 0;
  while (ready_.size() < kRowsAtOnce && bytes < kBytesAtOnce && table_->Next(row)) {
    bytes += BytesOf(row);
    Ready& ready = ready_.emplace_back();
    mapper_->Map(row, ready.mapped);
    ready.row = std::make_shared<const files::Row>(std::move(row));
    row = {};
  }
  return !ready_.empty() && (pass_ == Pass::kOwners || ReadPhrases());
}

bool TableSource::ReadPhrases() {
  if (import_.phrases == nullptr) return true;
  std::vector<std::string> phrases;
  for (const Ready& ready : ready_) {
    for (const files::Phrase& phrase : ready.mapped.phrases) phrases.push_back(phrase.text);
  }
  const PhraseReader::Meanings* meanings = nullptr;
  const grpc::Status read = import_.phrases->Read(phrases, meanings);
  if (!read.ok()) {
    status_ = absl::UnavailableError(absl::StrCat("NormalizeSkills: ", read.error_message()));
    return false;
  }
  for (Ready& ready : ready_) {
    for (const files::Phrase& phrase : ready.mapped.phrases) {
      const auto meaning = meanings->find(phrase.text);
      if (meaning != meanings->end()) mapper_->Apply(phrase, meaning->second, ready.mapped);
    }
    for (const std::string& field : ready.mapped.notes) ++notes_[field];
  }
  return true;
}

// Rows of one household must agree on where it lives.
void TableSource::CheckOwner(Ready& ready) {
  if (ready.mapped.owner == nullptr) return;
  const std::string area = absl::StrCat(HashOf(GetString(*ready.mapped.owner, "settlement_area")));
  const std::optional<std::string> seen = owners_.PutIfAbsent(
      HashOf(ready.mapped.owner_name), absl::StrCat(area, " ", ready.row->line));
  if (!seen.has_value()) return;
  ready.mapped.owner.reset();
  const std::pair<std::string, std::string> area_and_line = absl::StrSplit(*seen, ' ');
  if (area_and_line.first == area) return;
  const std::string& line = area_and_line.second;
  ready.mapped.problems.push_back(
      Problem("@area", "CONTRADICTION",
              absl::StrCat("differs from that of the same household in row ", line),
              absl::StrCat("与第 ", line, " 行同一户的安置区不一致")));
}

void TableSource::CheckDouble(Ready& ready) {
  const google::protobuf::Message& record = *ready.mapped.record;
  const std::string name = GetString(record, "name");
  const FieldStyle style{.region = import_.context.region};
  const uint64_t hash = name.empty() ? HashOf(FieldText(record, "external_id.source", style),
                                              FieldText(record, "external_id.id", style))
                                     : HashOf(name);
  if (name.empty() && FieldText(record, "external_id.id", style).empty()) return;
  const std::optional<std::string> line = records_.PutIfAbsent(hash, absl::StrCat(ready.row->line));
  if (!line.has_value()) return;
  ready.mapped.problems.push_back(
      Problem(name.empty() ? "external_id.id" : "", "DUPLICATE",
              absl::StrCat("is the same record as row ", *line, ": leave one"),
              absl::StrCat("与第 ", *line, " 行重复，请只保留一行")));
}

bool TableSource::GiveOwner(Ready& ready, google::protobuf::Message* message, SourceItem& item) {
  if (!ready.mapped.problems.empty()) return false;
  CheckOwner(ready);
  if (ready.mapped.owner == nullptr) return false;
  message->CopyFrom(*ready.mapped.owner);
  item = {.place = {.file = import_.file, .position = ready.row->line},
          .bytes = message->ByteSizeLong() + BytesOf(*ready.row),
          .problems = {},
          .row = ready.row,
          .name = ready.mapped.owner_name};
  return true;
}

std::vector<v1::ImportProblem> TableSource::ProblemsOfOwner(
    const google::protobuf::Message& record) const {
  if (import_.failed_owners == nullptr) return {};
  for (const absl::string_view owner : {"household", "employer"}) {
    const std::optional<std::string> failed =
        import_.failed_owners->Find(HashOf(GetString(record, owner)));
    v1::ImportReceipt receipt;
    if (!failed.has_value() || !receipt.ParseFromString(*failed)) continue;
    return {receipt.problems().begin(), receipt.problems().end()};
  }
  return {};
}

bool TableSource::Next(google::protobuf::Message* message, SourceItem& item) {
  // Not status(): that of the failed owners is for when Rejected is called no more.
  while (status_.ok() && owners_.status().ok() && records_.status().ok()) {
    if (ready_.empty() && !FillReady()) return false;
    Ready ready = std::move(ready_.front());
    ready_.pop_front();
    if (pass_ == Pass::kOwners) {
      if (GiveOwner(ready, message, item)) return true;
      continue;
    }
    CheckOwner(ready);
    if (ready.mapped.problems.empty()) CheckDouble(ready);
    message->CopyFrom(*ready.mapped.record);
    item = {.place = {.file = import_.file, .position = ready.row->line},
            .bytes = message->ByteSizeLong() + BytesOf(*ready.row),
            .problems = std::move(ready.mapped.problems),
            .row = ready.row};
    if (item.problems.empty()) item.problems = ProblemsOfOwner(*message);
    return true;
  }
  return false;
}

std::vector<v1::ImportProblem> TableSource::Rejected(const SourceItem& item,
                                                     std::vector<v1::ImportProblem> problems) {
  if (pass_ == Pass::kOwners) {
    // Told with the rows of the second pass.
    v1::ImportReceipt receipt;
    receipt.mutable_problems()->Assign(problems.begin(), problems.end());
    import_.failed_owners->PutIfAbsent(HashOf(item.name), receipt.SerializeAsString());
    return {};
  }
  problems = InColumns(*table_, item.row.get(), std::move(problems));
  if (import_.rejects != nullptr) import_.rejects->Add(*table_, *item.row, problems);
  return problems;
}

}  // namespace leye::ctl
