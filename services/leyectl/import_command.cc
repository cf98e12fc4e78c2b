// import: files of one collection, or a folder with all of them.

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include <CLI/App.hpp>

#include "services/base/file_marks.h"
#include "services/leyectl/commands.h"
#include "services/leyectl/files/linked_data.h"
#include "services/leyectl/importer.h"
#include "services/leyectl/json.h"
#include "services/leyectl/rejects_file.h"
#include "services/leyectl/table_import.h"
#include "services/leyectl/travel_times.h"

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
  std::string encoding;
  std::string separator;
  TableFlags table = {};
  TravelTimesFlags travel = {};
};

RecordFormat FormatOf(const ImportFlags& flags) {
  if (flags.format == "jsonl") return RecordFormat::kJsonLines;
  return flags.format == "binary" ? RecordFormat::kBinary : RecordFormat::kByName;
}

bool IsTable(const ImportFlags& flags, const std::string& file) {
  return flags.format.empty() && files::IsTableFile(file);
}

// Nothing of what is given by a pipe, or is no text.
ExitCode KeepRejectedLines(Session& session, const std::string& file, RecordFormat format,
                           const ImportReport& report) {
  const bool binary = format == RecordFormat::kBinary ||
                      (format == RecordFormat::kByName && absl::EndsWith(file, ".binpb"));
  const std::vector<int64_t> lines = report.RejectedOf(file);
  if (lines.empty() || binary || !std::filesystem::is_regular_file(file)) return ExitCode::kOk;
  const absl::StatusOr<std::string> kept = CopyRejectedLines(file, lines);
  if (!kept.ok()) return session.Fail(ExitCode::kFile, kept.status().message());
  session.err << session.Say("rejected lines, to be mended and imported again: ",
                             "被拒的行已存入下列文件，改正后可再次导入：")
              << *kept << "\n";
  return ExitCode::kOk;
}

ExitCode ImportRecords(Session& session, const ResourceKind& kind,
                       const std::vector<std::string>& files, const ImportFlags& flags,
                       ImportReport& report) {
  if (flags.table.dry_run) {
    return session.Fail(
        ExitCode::kUsage,
        session.Say("--dry-run is for tables; records are checked by the server "
                    "with --validate-only",
                    "--dry-run 仅用于表格；记录文件请用 --validate-only 由服务器检查"));
  }
  RecordFiles source(files, FormatOf(flags));
  report.KeepPlaces();
  ExitCode code = ImportInto(
      session, kind, source,
      {.validate_only = flags.validate_only, .suggestions = flags.table.suggestions}, report);
  for (size_t i = 0; i < files.size() && code == ExitCode::kOk && !flags.validate_only; ++i) {
    code = KeepRejectedLines(session, files[i], FormatOf(flags), report);
  }
  return code;
}

ExitCode ImportFiles(Session& session, absl::string_view collection,
                     const std::vector<std::string>& paths, const ImportFlags& flags,
                     ImportReport& report) {
  const ResourceKind& kind = *FindKind(collection);
  const bool is_linked = flags.format == "jsonld" || flags.table.hr_open ||
                         (flags.format.empty() && files::IsLinkedDataFile(paths[0]));
  if (is_linked && kind.word == "postings" && paths.size() == 1 && !flags.validate_only) {
    return ImportLinkedData(session, paths[0], flags.table, report);
  }
  if (is_linked) {
    return session.Fail(ExitCode::kUsage,
                        session.Say("JSON-LD, pages and HR Open: one file of postings, without "
                                    "--validate-only (--dry-run checks)",
                                    "JSON-LD、网页与 HR Open：一次一个岗位文件，不能用 "
                                    "--validate-only（可用 --dry-run）"));
  }
  const auto tables = std::count_if(paths.begin(), paths.end(), [&flags](const std::string& file) {
    return IsTable(flags, file);
  });
  if (tables == 0) return ImportRecords(session, kind, paths, flags, report);
  if (paths.size() > 1) {
    return session.Fail(ExitCode::kUsage,
                        session.Say("import one table at a time", "一次只能导入一个表格"));
  }
  if (flags.validate_only) {
    return session.Fail(ExitCode::kUsage, session.Say("tables are checked with --dry-run",
                                                      "表格请用 --dry-run 检查"));
  }
  return ImportTable(session, kind, paths[0], flags.table, report);
}

// DIR/candidates.binpb before DIR/candidates.jsonl before tables; empty when there is none.
std::string FileIn(const std::string& folder, absl::string_view collection) {
  for (const char* extension : {".binpb", ".jsonl", ".csv", ".xlsx"}) {
    const std::string file = absl::StrCat(folder, "/", collection, extension);
    if (std::filesystem::exists(file)) return file;
  }
  return "";
}

ExitCode ImportFolder(Session& session, const std::string& folder, const ImportFlags& flags,
                      ImportReport& report) {
  bool found = false;
  for (const absl::string_view collection : kCollections) {
    const std::string file = FileIn(folder, collection);
    if (file.empty()) continue;
    found = true;
    const ExitCode code = ImportFiles(session, collection, {file}, flags, report);
    if (code != ExitCode::kOk) return code;
  }
  if (found) return ExitCode::kOk;
  return session.Fail(
      ExitCode::kFile,
      absl::StrCat(session.Say("nothing to import in ", "没有可导入的文件："), folder));
}

bool IsCollection(const std::string& word) {
  const ResourceKind* kind = FindKind(word);
  return kind != nullptr && kind->regional && FindMethod(*kind, "Create") != nullptr;
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

// What a pipe gives is given once: it is left to the import.
bool IsRegionFile(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) return false;
  std::ifstream file(path, std::ios::binary);
  std::string beginning(kRegionFileMark.size(), '\0');
  file.read(beginning.data(), static_cast<std::streamsize>(beginning.size()));
  return file.good() && beginning == kRegionFileMark;
}

// What the flags of tables say; empty when all is well.
std::string ReadTableFlags(ImportFlags& flags) {
  flags.table.rejects = flags.rejects;
  flags.table.hr_open = flags.format == "hropen";
  if (!flags.encoding.empty()) {
    const std::optional<files::Encoding> encoding = files::ParseEncoding(flags.encoding);
    if (!encoding.has_value()) {
      return "--encoding: utf-8, gb18030, utf-16le or utf-16be, not " + flags.encoding;
    }
    flags.table.table.encoding = *encoding;
  }
  if (flags.separator == "comma") flags.table.table.separator = ',';
  if (flags.separator == "semicolon") flags.table.table.separator = ';';
  if (flags.separator == "tab") flags.table.table.separator = '\t';
  return "";
}

ExitCode Import(Session& session, ImportFlags flags) {
  const std::string mistake = ReadTableFlags(flags);
  if (!mistake.empty()) return session.Fail(ExitCode::kUsage, mistake);
  if (IsRegionFile(flags.words.back())) {
    return session.Fail(
        ExitCode::kUsage,
        absl::StrCat(flags.words.back(),
                     session.Say(" is the export of a whole region: stop leyed, then leyed import",
                                 " 是整个区域的导出文件：请先停止 leyed，再用 leyed import 导入")));
  }
  ImportReport report(session);
  // Of a table the rejected rows are kept themselves.
  const bool rows_are_kept = IsTable(flags, flags.words.back()) && flags.words[0] != "travel-times";
  if (!flags.rejects.empty() && !rows_are_kept) {
    const absl::Status opened = report.OpenRejects(flags.rejects);
    if (!opened.ok()) return session.Fail(ExitCode::kFile, opened.message());
  }
  ExitCode code = ExitCode::kOk;
  if (flags.words.size() == 1 && std::filesystem::is_directory(flags.words[0])) {
    code = ImportFolder(session, flags.words[0], flags, report);
  } else if (flags.words.size() == 2 && flags.words[0] == "travel-times") {
    flags.travel.places_file = flags.table.places_file;
    flags.travel.validate_only = flags.validate_only;
    code = ImportTravelTimes(session, flags.words[1], flags.travel, report);
  } else if (flags.words.size() >= 2 && IsCollection(flags.words[0])) {
    const std::vector<std::string> files(flags.words.begin() + 1, flags.words.end());
    code = ImportFiles(session, flags.words[0], files, flags, report);
  } else {
    return session.Fail(ExitCode::kUsage, session.Say("import DIR, or import COLLECTION FILE...",
                                                      "用法：import 目录，或 import 种类 文件…"));
  }
  PrintRevision(session, report);
  if (code == ExitCode::kOk && report.total().rejected > 0) return ExitCode::kSomeRejected;
  return code;
}

void AddTableFlags(CLI::App* command, const Session& session, ImportFlags& flags) {
  TableFlags& table = flags.table;
  command->add_flag("--dry-run", table.dry_run,
                    std::string(session.Say("Of a table: show what each column is taken for, the "
                                            "first records and what is wrong; send nothing",
                                            "表格：显示各列含义、前几条记录和问题，不导入")));
  command->add_option(
      "--encoding", flags.encoding,
      std::string(session.Say("Of CSV: utf-8, gb18030, utf-16le or utf-16be; else "
                              "found",
                              "CSV 编码：utf-8、gb18030、utf-16le、utf-16be；默认自动识别")));
  command
      ->add_option("--separator", flags.separator,
                   std::string(session.Say("Of CSV: comma, semicolon or tab; else found",
                                           "CSV 分隔符：comma、semicolon、tab；默认自动识别")))
      ->check(CLI::IsMember({"comma", "semicolon", "tab"}));
  command->add_option("--sheet", table.table.sheet,
                      std::string(session.Say("Of a workbook; else the first that is not hidden",
                                              "工作表名称；默认第一个未隐藏的工作表")));
  command->add_option(
      "--mapping", table.mapping_file,
      std::string(session.Say("Table of further headers and constants: collection, "
                              "field, headers parted by |",
                              "补充表头与常量的对照表：种类、字段、以 | 分隔的表头")));
  command->add_option("--places", table.places_file,
                      std::string(session.Say("Table of places of work: name, division_code, "
                                              "latitude, longitude; of travel times: place, "
                                              "latitude, longitude, display_name, radius_m",
                                              "工作地点表：名称、区划代码、纬度、经度；"
                                              "通勤时间：地点、纬度、经度、名称、半径")));
  command->add_option(
      "--id-key-file", table.id_key_file,
      std::string(session.Say("Key from which ids are made where the table has none; "
                              "keep it, always use the same",
                              "表中没有编号时生成标识所用的密钥文件；须妥善保存并始终使用同一个")));
  command->add_option(
      "--source", table.source,
      std::string(session.Say("Source system of the table's ids; ledger, or "
                              "recruitment for postings",
                              "表中编号所属的来源系统；默认 ledger，岗位为 recruitment")));
}

void AddTravelTimesFlags(CLI::App* command, const Session& session, TravelTimesFlags& flags) {
  command->add_option(
      "--areas", flags.areas_file,
      std::string(session.Say("Of travel times as OSRM prints them: table of the sources, with "
                              "settlement_area; --places has the destinations",
                              "OSRM 通勤时间表：起点表（安置区）；终点用 --places")));
  command->add_option("--mode", flags.mode,
                      std::string(session.Say("Of travel times as OSRM prints them: foot, e-bike, "
                                              "bus, car or coach; else car",
                                              "OSRM 通勤时间表的出行方式：foot、e-bike、bus、car、"
                                              "coach；默认 car")));
}

}  // namespace

void AddImportCommand(CLI::App& app, Invocation& invocation) {
  const Session& session = invocation.session;
  auto flags = std::make_shared<ImportFlags>();
  CLI::App* command = app.add_subcommand(
      "import",
      std::string(session.Say(
          "Imports CSV, XLSX, JSON lines, .binpb or (postings) JSON-LD and HR Open: a folder "
          "(areas, "
          "employers, households, "
          "candidates, postings), or one collection from files; - is standard input (JSON lines). "
          "travel-times: CSV, or the JSON of OSRM's table service",
          "导入 CSV、XLSX、JSON 行、.binpb "
          "或（岗位）JSON-LD、HR Open：一个目录（areas、employers、households、candidates、"
          "postings），或某一种类的文件；- 为标准输入（JSON 行）。travel-times：CSV 或 OSRM table "
          "的 JSON")));
  command->add_option("WHAT", flags->words, "DIR | COLLECTION FILE... | travel-times FILE")
      ->required();
  command->add_option("--rejects", flags->rejects,
                      std::string(session.Say(
                          "Write every rejected item's place, field and reason here; of a "
                          "table the rejected rows with reasons, else FILE.rejects.csv",
                          "把每个被拒条目的位置、字段和原因写入此文件；表格则写入被拒的行和原因，"
                          "默认 FILE.rejects.csv")));
  command
      ->add_option("--format", flags->format,
                   std::string(session.Say(
                       "jsonl, binary, jsonld or hropen; else by the file's name (not HR Open's)",
                       "jsonl、binary、jsonld 或 hropen；默认看文件名（hropen 须写明）")))
      ->check(CLI::IsMember({"jsonl", "binary", "jsonld", "hropen"}));
  command->add_option("--suggestions", flags->table.suggestions,
                      std::string(session.Say(
                          "Of postings: write here what their texts say besides, as suggestions; "
                          "the postings stay as they are",
                          "岗位：把原文中读出的字段建议写入此文件，岗位本身不改动")));
  command->add_flag("--validate-only", flags->validate_only,
                    std::string(session.Say("Check, change nothing", "只检查，不改动")));
  AddTableFlags(command, session, *flags);
  AddTravelTimesFlags(command, session, flags->travel);
  command->callback(
      [&invocation, flags] { invocation.exit_code = Import(invocation.session, *flags); });
}

}  // namespace leye::ctl
