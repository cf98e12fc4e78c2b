#include "services/leyectl/table_preview.h"

#include <memory>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "services/leyectl/fields.h"
#include "services/leyectl/json.h"

namespace leye::ctl {
namespace {

constexpr int kShownRecords = 5;

void PrintColumnsJson(const Session& session, const files::Table& table) {
  for (const files::TableColumn& column : table.columns()) {
    session.out << "{\"column\":" << JsonString(files::ColumnLetters(column.index))
                << ",\"header\":" << JsonString(column.header)
                << ",\"field\":" << JsonString(column.field) << "}\n";
  }
}

void PrintColumns(const Session& session, const std::string& file, const files::Table& table) {
  if (session.settings.json) return PrintColumnsJson(session, table);
  session.out << file << ": " << table.source() << session.Say(", header in row ", "，表头在第 ")
              << table.header_line() << session.Say("\n", " 行\n");
  Table columns({{.title = std::string(session.Say("column", "列"))},
                 {.title = std::string(session.Say("header", "表头")), .max_width = 32},
                 {.title = std::string(session.Say("field", "字段"))},
                 {.title = std::string(session.Say("remark", "说明"))}});
  for (const files::TableColumn& column : table.columns()) {
    std::string remark = column.remark;
    if (column.field.empty() && remark.empty()) {
      remark = std::string(session.Say("not known, left out", "未识别，不导入"));
    }
    if (column.field == "@ignored") {
      remark = std::string(session.Say("passed over", "不导入"));
    }
    columns.Add({files::ColumnLetters(column.index), column.header,
                 column.field == "@ignored" ? "" : column.field, remark});
  }
  session.out << columns.Render(session.table_style());
}

}  // namespace

void PrintNotes(const Session& session, const TableSource& source) {
  for (const auto& [field, count] : source.notes()) {
    const files::TableColumn* column = source.table().Find(field);
    session.err << session.Say("not understood and left out: ", "未能识别而略去：") << count
                << session.Say(" cells of ", " 个单元格，列 ")
                << (column == nullptr
                        ? field
                        : absl::StrCat(files::ColumnLetters(column->index), " ", column->header))
                << "\n";
  }
}

ExitCode PreviewTable(Session& session, const ResourceKind& kind, const TableImport& import,
                      TableSource& source, ImportReport& report) {
  PrintColumns(session, import.file, source.table());
  report.BeginDry(kind.word);
  const std::unique_ptr<google::protobuf::Message> record = NewMessage(kind.message());
  int shown = 0;
  for (SourceItem item; source.Next(record.get(), item);) {
    if (!item.problems.empty()) {
      report.Rejected(item.place, source.Rejected(item, item.problems));
      continue;
    }
    report.Done(v1::IMPORT_OUTCOME_UNSPECIFIED);
    if (++shown > kShownRecords) continue;
    if (!session.settings.json) {
      session.out << session.Say("row ", "第 ") << item.place.position
                  << session.Say(": ", " 行：");
    }
    session.PrintJson(*record);
  }
  report.End();
  PrintNotes(session, source);
  if (!source.status().ok()) return session.Fail(ExitCode::kFile, source.status().message());
  return ExitCode::kOk;
}

}  // namespace leye::ctl
