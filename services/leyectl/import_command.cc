// import: files of one collection, or a folder with all of them.

#include <array>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include <CLI/App.hpp>

#include "services/leyectl/commands.h"
#include "services/leyectl/importer.h"
#include "services/leyectl/json.h"

namespace leye::ctl {
namespace {

// In the order in which one refers to the other.
constexpr std::array<absl::string_view, 5> kCollections = {"areas", "employers", "households",
                                                           "candidates", "postings"};

struct ImportFlags {
  std::vector<std::string> words;  // COLLECTION FILE..., or DIR.
  std::string rejects;
  std::string format;
  bool validate_only = false;
};

ImportOptions Options(const ImportFlags& flags) {
  ImportOptions options{.validate_only = flags.validate_only};
  if (flags.format == "jsonl") options.format = RecordFormat::kJsonLines;
  if (flags.format == "binary") options.format = RecordFormat::kBinary;
  return options;
}

ExitCode ImportFiles(Session& session, absl::string_view collection,
                     const std::vector<std::string>& files, const ImportOptions& options,
                     ImportReport& report) {
  const ResourceKind* kind = FindKind(collection);
  const bool has_stream =
      FindMethod(*kind, "List") != nullptr &&
      FindMethod(*kind, "List")
              ->service()
              ->FindMethodByName(absl::StrCat("Import", kind->plural)) != nullptr;
  return has_stream ? ImportByStream(session, *kind, files, options, report)
                    : ImportByCalls(session, *kind, files, options, report);
}

// DIR/candidates.binpb before DIR/candidates.jsonl; empty when there is neither.
std::string FileIn(const std::string& folder, absl::string_view collection) {
  for (const char* extension : {".binpb", ".jsonl"}) {
    const std::string file = absl::StrCat(folder, "/", collection, extension);
    if (std::filesystem::exists(file)) return file;
  }
  return "";
}

ExitCode ImportFolder(Session& session, const std::string& folder, const ImportOptions& options,
                      ImportReport& report) {
  bool found = false;
  for (const absl::string_view collection : kCollections) {
    const std::string file = FileIn(folder, collection);
    if (file.empty()) continue;
    found = true;
    const ExitCode code = ImportFiles(session, collection, {file}, options, report);
    if (code != ExitCode::kOk) return code;
  }
  if (found) return ExitCode::kOk;
  return session.Fail(
      ExitCode::kFile,
      absl::StrCat(session.Say("nothing to import in ", "没有可导入的文件："), folder));
}

bool IsCollection(const std::string& word) {
  const ResourceKind* kind = FindKind(word);
  return kind != nullptr && kind->regional;
}

// What a reader of this import's changes waits for.
void PrintRevision(const Session& session, const ImportReport& report) {
  if (report.revision().empty()) return;
  if (session.settings.json) {
    session.out << "{\"revision\":" << JsonString(report.revision()) << "}\n";
  } else {
    session.out << session.Say("revision ", "修订号 ") << report.revision() << "\n";
  }
}

// What leyed export writes begins with this.
constexpr absl::string_view kRegionFileBeginning = "leyereg1";

bool IsRegionFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string beginning(kRegionFileBeginning.size(), '\0');
  file.read(beginning.data(), static_cast<std::streamsize>(beginning.size()));
  return file.good() && beginning == kRegionFileBeginning;
}

ExitCode Import(Session& session, const ImportFlags& flags) {
  if (IsRegionFile(flags.words.back())) {
    return session.Fail(
        ExitCode::kUsage,
        absl::StrCat(flags.words.back(),
                     session.Say(" is the export of a whole region: stop leyed, then leyed import",
                                 " 是整个区域的导出文件：请先停止 leyed，再用 leyed import 导入")));
  }
  ImportReport report(session);
  if (!flags.rejects.empty()) {
    const absl::Status opened = report.OpenRejects(flags.rejects);
    if (!opened.ok()) return session.Fail(ExitCode::kFile, opened.message());
  }
  ExitCode code = ExitCode::kOk;
  if (flags.words.size() == 1 && std::filesystem::is_directory(flags.words[0])) {
    code = ImportFolder(session, flags.words[0], Options(flags), report);
  } else if (flags.words.size() >= 2 && IsCollection(flags.words[0])) {
    const std::vector<std::string> files(flags.words.begin() + 1, flags.words.end());
    code = ImportFiles(session, flags.words[0], files, Options(flags), report);
  } else {
    return session.Fail(ExitCode::kUsage, session.Say("import DIR, or import COLLECTION FILE...",
                                                      "用法：import 目录，或 import 种类 文件…"));
  }
  PrintRevision(session, report);
  if (code == ExitCode::kOk && report.total().rejected > 0) return ExitCode::kSomeRejected;
  return code;
}

}  // namespace

void AddImportCommand(CLI::App& app, Invocation& invocation) {
  const Session& session = invocation.session;
  auto flags = std::make_shared<ImportFlags>();
  CLI::App* import = app.add_subcommand(
      "import",
      std::string(session.Say(
          "Imports JSON lines or .binpb: a folder (areas, employers, households, candidates, "
          "postings), or one collection from files; - is standard input",
          "导入 JSON 行或 .binpb：一个目录（areas、employers、households、candidates、postings），"
          "或某一种类的文件；- 为标准输入")));
  import->add_option("WHAT", flags->words, "DIR | COLLECTION FILE...")->required();
  import->add_option(
      "--rejects", flags->rejects,
      std::string(session.Say("Write every rejected item's place, field and reason here",
                              "把每个被拒条目的位置、字段和原因写入此文件")));
  import
      ->add_option("--format", flags->format,
                   std::string(session.Say("jsonl or binary; else by the file's name",
                                           "jsonl 或 binary；默认看文件名")))
      ->check(CLI::IsMember({"jsonl", "binary"}));
  import->add_flag("--validate-only", flags->validate_only,
                   std::string(session.Say("Check, change nothing", "只检查，不改动")));
  import->callback(
      [&invocation, flags] { invocation.exit_code = Import(invocation.session, *flags);
});
}  // namespace leye::ctl

}  // namespace leye::ctl
