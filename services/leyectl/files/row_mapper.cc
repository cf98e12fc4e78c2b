#include "services/leyectl/files/row_mapper.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "services/leyectl/fields.h"
#include "services/leyectl/files/csv_writer.h"
#include "services/leyectl/files/person_mapper.h"
#include "services/leyectl/files/posting_mapper.h"
#include "services/leyectl/resource.h"

namespace leye::ctl::files {
namespace {

constexpr Fault kUnreadable = {"UNREADABLE_CHARACTER",
                               "holds a character that was lost: is --encoding right?",
                               "含有无法识别的字符：请检查 --encoding"};

v1::ImportProblem RowProblem(absl::string_view problem) {
  v1::ImportProblem wrong;
  wrong.set_reason("MALFORMED");
  wrong.set_description(std::string(problem));
  wrong.set_description_zh(absl::StrCat("无法读取：", problem));
  return wrong;
}

// What is kept as it was written, but for blanks around it; all else is read, or is short.
bool IsKept(absl::string_view field) {
  for (const absl::string_view text : {"original_text", "remarks", "title", "display_name",
                                       "address", "text", "project", "@workplace", "health_note"}) {
    if (field == text || absl::EndsWith(field, absl::StrCat(".", text))) return true;
  }
  return false;
}

std::string TrimmedLines(absl::string_view cell) {
  const size_t begin = cell.find_first_not_of(" \t\r\n");
  if (begin == absl::string_view::npos) return "";
  return std::string(cell.substr(begin, cell.find_last_not_of(" \t\r\n") - begin + 1));
}

// Areas, employers and households: their columns are their fields, but for a household's area.
class PlainMapper final : public RowMapper {
 public:
  using RowMapper::RowMapper;

 protected:
  void Finish(MappedRow& mapped) override {
    const std::string& area = Cell("@area");
    if (area.empty()) return;
    if (!context_.areas_known) {
      SetString(mapped.record.get(), "settlement_area", area);
      return;
    }
    const Read<std::string> found = context_.areas.Find(area);
    if (!found.ok()) return Wrong(mapped, "@area", found.fault());
    SetString(mapped.record.get(), "settlement_area", *found);
  }
};

}  // namespace

RowMapper::RowMapper(const google::protobuf::Descriptor* type, const Table& table,
                     const Headers& headers, absl::string_view collection,
                     const MapperContext& context)
    : context_(context), type_(type) {
  for (const TableColumn& column : table.columns()) {
    if (column.field.empty() || column.field == "@ignored") continue;
    const bool exact = absl::StrContains(Bare(column.header), column.field);
    targets_.push_back({.index = column.index,
                        .field = column.field,
                        .header = column.header,
                        .flat = FindFlatField(type, column.field),
                        .exact = exact});
  }
  for (Headers::Constant& constant : headers.ConstantsOf(collection)) {
    Target target{.field = constant.field, .flat = FindFlatField(type, constant.field)};
    constants_.emplace_back(std::move(target), std::move(constant.value));
  }
}

void RowMapper::Map(const Row& row, MappedRow& mapped) {
  mapped = {};
  mapped.record = NewMessage(type_);
  cells_.clear();
  if (!row.problem.empty()) mapped.problems.push_back(RowProblem(row.problem));
  const std::string* rest = nullptr;
  std::vector<absl::string_view> given;  // Fields; needed for constants alone.
  for (const Target& target : targets_) {
    if (target.index >= row.cells.size() || row.cells[target.index].empty()) continue;
    if (!constants_.empty()) given.push_back(target.field);
    if (target.field == kRestColumn) {
      rest = &row.cells[target.index];
    } else {
      TakeColumn(target, Armed(row.cells[target.index]), mapped);
    }
  }
  for (const auto& [target, value] : constants_) {
    if (std::find(given.begin(), given.end(), target.field) == given.end()) {
      TakeColumn(target, value, mapped);
    }
  }
  Finish(mapped);
  if (rest == nullptr) return;
  const std::optional<v1::ImportProblem> wrong = ApplyRest(Armed(*rest), mapped.record.get());
  if (wrong.has_value()) mapped.problems.push_back(*wrong);
}

void RowMapper::TakeColumn(const Target& target, absl::string_view raw, MappedRow& mapped) {
  if (absl::StrContains(raw, "\xEF\xBF\xBD")) return Wrong(mapped, target.field, kUnreadable);
  std::string cell(raw);
  if (!target.exact) cell = IsKept(target.field) ? TrimmedLines(raw) : Tidy(raw);
  if (cell.empty()) return;
  if (!target.flat.has_value()) return TakeCell(target.field, cell, mapped);
  std::optional<v1::ImportProblem> wrong = SetFromText(*target.flat, cell, mapped.record.get());
  if (wrong.has_value()) mapped.problems.push_back(*std::move(wrong));
}

void RowMapper::Finish(MappedRow& /*mapped*/) {}

void RowMapper::Apply(const Phrase& /*phrase*/, const v1::NormalizedPhrase& /*read*/,
                      MappedRow& /*mapped*/) const {}

void RowMapper::TakeCell(const std::string& field, const std::string& cell, MappedRow& /*mapped*/) {
  cells_[field] = cell;
}

const std::string& RowMapper::Cell(absl::string_view field) const {
  static const std::string* const kNone = new std::string();
  const auto found = cells_.find(field);
  return found == cells_.end() ? *kNone : found->second;
}

std::string RowMapper::HeaderOf(absl::string_view field) const {
  for (const Target& target : targets_) {
    if (target.field == field) return target.header;
  }
  return "";
}

void RowMapper::Wrong(MappedRow& mapped, absl::string_view field, const Fault& fault) {
  mapped.problems.push_back(ProblemOf(field, fault));
}

void RowMapper::Set(google::protobuf::Message* message, absl::string_view path,
                    const std::string& cell, absl::string_view field, MappedRow& mapped) {
  const std::optional<FlatField> flat = FindFlatField(message->GetDescriptor(), path);
  std::optional<v1::ImportProblem> wrong = SetFromText(*flat, cell, message);
  if (!wrong.has_value()) return;
  wrong->set_field(std::string(field));
  mapped.problems.push_back(*std::move(wrong));
}

std::string RowMapper::NameOf(absl::string_view collection, absl::string_view id) const {
  return FullName(id, collection, context_.region);
}

std::unique_ptr<RowMapper> NewRowMapper(absl::string_view collection, const Table& table,
                                        const Headers& headers, const MapperContext& context) {
  if (collection == "candidates") return NewPersonMapper(table, headers, context);
  if (collection == "postings") return NewPostingMapper(table, headers, context);
  const ResourceKind* kind = FindKind(collection);
  return std::make_unique<PlainMapper>(kind->message(), table, headers, collection, context);
}

}  // namespace leye::ctl::files
