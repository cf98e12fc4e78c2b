// export: a region's records of one kind as CSV, XLSX or JSON lines, postings as JobPostings of
// schema.org or openings of HR Open too. Import takes them all again.

#include <fstream>
#include <memory>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include <CLI/App.hpp>

#include "services/base/status.h"
#include "services/leyectl/commands.h"
#include "services/leyectl/fields.h"
#include "services/leyectl/files/flat_record.h"
#include "services/leyectl/files/headers.h"
#include "services/leyectl/files/table_writer.h"
#include "services/leyectl/json.h"
#include "services/leyectl/linked_export.h"
#include "services/leyectl/record_writer.h"
#include "services/leyectl/resource.h"

namespace leye::ctl {
namespace {

using google::protobuf::Message;
using google::protobuf::MethodDescriptor;

struct ExportFlags {
  std::string collection;
  std::string format;
  std::string out = "-";
  std::string filter;
};

class JsonLines final : public RecordWriter {
 public:
  explicit JsonLines(std::ostream& stream) : stream_(stream) {}

  absl::Status Add(Message* record) override {
    files::KeepGiven(record);
    stream_ << ToJson(*record) << "\n";
    return stream_ ? absl::OkStatus() : absl::UnavailableError("the output cannot be written");
  }
  absl::Status Close() override {
    stream_ << std::flush;
    return stream_ ? absl::OkStatus() : absl::UnavailableError("the output cannot be written");
  }

 private:
  std::ostream& stream_;
};

// A column for each field, and one for what they cannot say.
class TableRecords final : public RecordWriter {
 public:
  TableRecords(std::unique_ptr<files::TableWriter> writer, const ResourceKind& kind,
               Language language)
      : writer_(std::move(writer)),
        fields_(files::FlatFields(kind.message())),
        language_(language),
        rebuilt_(NewMessage(kind.message())) {}

  absl::Status AddHeader(const files::Headers& headers, const ResourceKind& kind) {
    std::vector<std::string> cells;
    for (const files::FlatField& field : fields_) {
      const std::string word = headers.HeaderOf(kind.word, field.path);
      cells.push_back(word.empty() || language_ != Language::kChinese
                          ? field.path
                          : absl::StrCat(word, "（", field.path, "）"));
    }
    cells.emplace_back(files::kRestColumn);
    return writer_->Add(cells);
  }

  absl::Status Add(Message* record) override {
    files::KeepGiven(record);
    std::vector<std::string> cells;
    cells.reserve(fields_.size() + 1);
    rebuilt_->Clear();
    for (const files::FlatField& field : fields_) {
      std::string cell = files::TextOf(*record, field, language_);
      // What does not come back as it was is said as JSON at the end.
      if (!cell.empty() && files::SetFromText(field, cell, rebuilt_.get()).has_value()) {
        cell.clear();
      }
      cells.push_back(std::move(cell));
    }
    cells.push_back(files::RestOf(*rebuilt_, *record));
    return writer_->Add(cells);
  }

  absl::Status Close() override { return writer_->Close(); }

 private:
  const std::unique_ptr<files::TableWriter> writer_;
  const std::vector<files::FlatField>& fields_;
  const Language language_;
  const std::unique_ptr<Message> rebuilt_;
};

bool IsLinked(const ExportFlags& flags) {
  return flags.format == "jsonld" || flags.format == "hropen";
}

absl::StatusOr<std::unique_ptr<RecordWriter>> NewWriter(const Session& session,
                                                        const ResourceKind& kind,
                                                        const ExportFlags& flags,
                                                        NamesOfResources names,
                                                        std::ofstream& file) {
  std::unique_ptr<files::TableWriter> table;
  if (flags.format == "xlsx") {
    LEYE_ASSIGN_OR_RETURN(table, files::NewXlsxWriter(flags.out, std::string(kind.word)));
  } else if (flags.out != "-") {
    file.open(flags.out, std::ios::binary | std::ios::trunc);
    if (!file) return absl::UnavailableError(absl::StrCat("cannot write ", flags.out));
  }
  std::ostream& stream = flags.out == "-" ? session.out : file;
  if (flags.format == "jsonl") return std::make_unique<JsonLines>(stream);
  if (IsLinked(flags)) {
    return std::make_unique<LinkedPostings>(session,
                                            flags.format == "hropen"
                                                ? LinkedPostings::Format::kHrOpen
                                                : LinkedPostings::Format::kJobPosting,
                                            std::move(names), stream);
  }
  if (table == nullptr) table = files::NewCsvWriter(stream);
  LEYE_ASSIGN_OR_RETURN(const files::Headers headers, files::Headers::BuiltIn());
  auto records = std::make_unique<TableRecords>(std::move(table), kind, session.settings.language);
  LEYE_RETURN_IF_ERROR(records->AddHeader(headers, kind));
  return records;
}

// Every page of the list, into `writer`.
ExitCode WriteAll(Session& session, const ResourceKind& kind, const std::string& filter,
                  RecordWriter& writer, int64_t& count) {
  const MethodDescriptor* method = FindMethod(kind, "List");
  const auto request = NewMessage(method->input_type());
  SetString(request.get(), "parent", RegionName(session.settings.region));
  SetString(request.get(), "filter", filter);
  SetInt32(request.get(), "page_size", 1'000);
  std::string token;
  do {
    SetString(request.get(), "page_token", token);
    const auto response = NewMessage(method->output_type());
    const grpc::Status status = session.Call(*method, *request, response.get());
    if (!status.ok()) return session.Fail(status);
    const google::protobuf::FieldDescriptor* items = response->GetDescriptor()->field(0);
    const int size = response->GetReflection()->FieldSize(*response, items);
    for (int i = 0; i < size; ++i) {
      Message* record = response->GetReflection()->MutableRepeatedMessage(response.get(), items, i);
      const absl::Status written = writer.Add(record);
      if (!written.ok()) return session.Fail(ExitCode::kFile, written.message());
    }
    count += size;
    token = GetString(*response, "next_page_token");
  } while (!token.empty());
  return ExitCode::kOk;
}

std::string FormatOf(const ExportFlags& flags) {
  if (!flags.format.empty()) return flags.format;
  if (absl::EndsWithIgnoreCase(flags.out, ".xlsx")) return "xlsx";
  if (absl::EndsWithIgnoreCase(flags.out, ".jsonld")) return "jsonld";
  return absl::EndsWithIgnoreCase(flags.out, ".csv") ? "csv" : "jsonl";
}

ExitCode Export(Session& session, ExportFlags flags) {
  const ResourceKind* kind = FindKind(flags.collection);
  if (kind == nullptr || !kind->regional || FindMethod(*kind, "List") == nullptr) {
    return session.Fail(ExitCode::kUsage,
                        session.Say("export areas, households, candidates, employers or postings",
                                    "可导出 areas、households、candidates、employers、postings"));
  }
  flags.format = FormatOf(flags);
  if (IsLinked(flags) && kind->word != "postings") {
    return session.Fail(ExitCode::kUsage, session.Say("jsonld and hropen are for postings",
                                                      "jsonld、hropen 仅用于 postings"));
  }
  if (flags.format == "xlsx" && flags.out == "-") {
    return session.Fail(ExitCode::kUsage,
                        session.Say("a workbook needs --out FILE", "xlsx 须用 --out 指定文件"));
  }
  NamesOfResources names;
  const grpc::Status loaded = IsLinked(flags) ? LoadNames(session, names) : grpc::Status::OK;
  if (!loaded.ok()) return session.Fail(loaded);
  std::ofstream file;
  auto writer = NewWriter(session, *kind, flags, std::move(names), file);
  if (!writer.ok()) return session.Fail(ExitCode::kFile, writer.status().message());
  int64_t count = 0;
  const ExitCode code = WriteAll(session, *kind, flags.filter, **writer, count);
  if (code != ExitCode::kOk) return code;
  const absl::Status closed = (*writer)->Close();
  if (!closed.ok()) return session.Fail(ExitCode::kFile, closed.message());
  session.err << kind->word << " " << Grouped(count) << "\n";
  return ExitCode::kOk;
}

}  // namespace

void AddExportCommand(CLI::App& app, Invocation& invocation) {
  const Session& session = invocation.session;
  auto flags = std::make_shared<ExportFlags>();
  CLI::App* command = app.add_subcommand(
      "export",
      std::string(session.Say(
          "Writes areas, households, candidates, employers or postings as CSV, XLSX or "
          "JSON lines, postings also as JSON-LD (schema.org) or HR Open; import of the same "
          "changes nothing",
          "将 areas、households、candidates、employers 或 postings 导出为 CSV、XLSX 或 JSON "
          "行，岗位还可导出为 JSON-LD（schema.org）或 HR Open；原样导入不会产生变化")));
  command
      ->add_option("COLLECTION", flags->collection,
                   std::string(session.Say("What to write", "种类")))
      ->required();
  command
      ->add_option("--format", flags->format,
                   std::string(session.Say(
                       "csv, xlsx, jsonl, jsonld or hropen; else by the file's name (not "
                       "HR Open's)",
                       "csv、xlsx、jsonl、jsonld 或 "
                       "hropen；默认看文件名（hropen 须写明）")))
      ->check(CLI::IsMember({"csv", "xlsx", "jsonl", "jsonld", "hropen"}));
  command
      ->add_option("--out", flags->out,
                   std::string(session.Say("File; - is standard output", "文件；- 为标准输出")))
      ->capture_default_str();
  command->add_option("--filter", flags->filter,
                      std::string(session.Say("As of list", "与 list 相同")));
  command->callback(
      [&invocation, flags] { invocation.exit_code = Export(invocation.session, *flags); });
}

}  // namespace leye::ctl
