#include "services/leyectl/table_import.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

#include "leye/v1/posting.pb.h"
#include "services/base/clock.h"
#include "services/base/status.h"
#include "services/leyectl/files/hr_open.h"
#include "services/leyectl/files/linked_data.h"
#include "services/leyectl/files/posting_mapper.h"
#include "services/leyectl/importer.h"
#include "services/leyectl/linked_source.h"
#include "services/leyectl/rejects_file.h"
#include "services/leyectl/table_preview.h"
#include "services/leyectl/table_source.h"

namespace leye::ctl {
namespace {

// Ids of a dry run are only shown.
constexpr absl::string_view kDryRunKey = "a dry run sends nothing";

absl::StatusOr<std::string> ReadWhole(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  std::string text(std::istreambuf_iterator<char>(stream), {});
  if (!stream.is_open() || stream.bad()) {
    return absl::NotFoundError(absl::StrCat("cannot read ", file));
  }
  return text;
}

absl::StatusOr<files::Headers> LoadHeaders(const TableFlags& flags) {
  LEYE_ASSIGN_OR_RETURN(files::Headers headers, files::Headers::BuiltIn());
  if (flags.mapping_file.empty()) return headers;
  LEYE_ASSIGN_OR_RETURN(const std::string text, ReadWhole(flags.mapping_file));
  LEYE_RETURN_IF_ERROR(headers.Add(text, flags.mapping_file));
  return headers;
}

absl::StatusOr<std::string> LoadKey(const TableFlags& flags) {
  if (flags.id_key_file.empty()) return std::string(flags.dry_run ? kDryRunKey : "");
  LEYE_ASSIGN_OR_RETURN(const std::string text, ReadWhole(flags.id_key_file));
  const std::string key(absl::StripAsciiWhitespace(text));
  if (key.size() < files::kIdKeyBytes) {
    return absl::InvalidArgumentError(absl::StrCat(
        flags.id_key_file, " must hold a key of at least ", files::kIdKeyBytes, " bytes"));
  }
  return key;
}

absl::StatusOr<files::MapperContext> NewContext(const Session& session, const ResourceKind& kind,
                                                const TableFlags& flags) {
  files::MapperContext context;
  context.region = session.settings.region;
  context.source = kind.word == "postings" || kind.word == "employers" ? "recruitment" : "ledger";
  if (!flags.source.empty()) context.source = flags.source;
  context.today = Today(SystemClock());
  LEYE_ASSIGN_OR_RETURN(std::string key, LoadKey(flags));
  context.identifiers = files::Identifiers(std::move(key));
  if (kind.word != "postings") return context;
  LEYE_RETURN_IF_ERROR(context.workplaces.AddBuiltIn());
  if (flags.places_file.empty()) return context;
  LEYE_ASSIGN_OR_RETURN(const std::string places, ReadWhole(flags.places_file));
  LEYE_RETURN_IF_ERROR(context.workplaces.AddTable(places, flags.places_file));
  return context;
}

const ResourceKind* OwnersOf(const ResourceKind& kind) {
  if (kind.word == "candidates") return FindKind("households");
  if (kind.word == "postings") return FindKind("employers");
  return nullptr;
}

// One file on its way in.
class TableRun {
 public:
  TableRun(Session& session, const ResourceKind& kind, const TableFlags& flags,
           ImportReport& report)
      : session_(session), kind_(kind), flags_(flags), report_(report), phrases_(session) {}

  ExitCode Run(const std::string& file) {
    absl::StatusOr<files::Headers> headers = LoadHeaders(flags_);
    if (!headers.ok()) return session_.Fail(ExitCode::kUsage, headers.status().message());
    absl::StatusOr<files::MapperContext> context = NewContext(session_, kind_, flags_);
    if (!context.ok()) return session_.Fail(ExitCode::kUsage, context.status().message());
    const grpc::Status loaded = LoadBooks(session_, kind_.word, *context);
    // A dry run without a server shows what can be seen without it.
    const bool offline =
        !loaded.ok() && flags_.dry_run && loaded.error_code() == grpc::StatusCode::UNAVAILABLE;
    if (!loaded.ok() && !offline) return session_.Fail(loaded);
    if (offline) context->areas_known = false;
    RejectsFile rejects(flags_.rejects.empty() ? RejectsFileOf(file) : flags_.rejects,
                        session_.settings.language);
    const bool keeps = !flags_.dry_run || !flags_.rejects.empty();
    const TableImport import{.file = file,
                             .collection = std::string(kind_.word),
                             .headers = *headers,
                             .context = *context,
                             .language = session_.settings.language,
                             .phrases = offline ? nullptr : &phrases_,
                             .rejects = keeps ? &rejects : nullptr,
                             .failed_owners = &failed_owners_};
    const ExitCode code = flags_.dry_run ? Show(import, offline) : Import(import);
    if (rejects.is_written()) {
      session_.err << session_.Say("rejected rows, to be mended and imported again: ",
                                   "被拒的行已存入下列文件，改正后可再次导入：")
                   << rejects.file() << "\n";
    }
    return code;
  }

 private:
  absl::StatusOr<std::unique_ptr<TableSource>> Open(const TableImport& import,
                                                    TableSource::Pass pass) const {
    LEYE_ASSIGN_OR_RETURN(
        auto table, files::Table::Open(import.file, kind_.word, import.headers, flags_.table));
    return std::make_unique<TableSource>(import, std::move(table), pass);
  }

  ExitCode Import(const TableImport& import) {
    const ResourceKind* owners = OwnersOf(kind_);
    if (owners != nullptr) {
      const auto source = Open(import, TableSource::Pass::kOwners);
      if (!source.ok()) return session_.Fail(ExitCode::kFile, source.status().message());
      const ExitCode code = ImportInto(session_, *owners, **source, {}, report_);
      if (code != ExitCode::kOk) return code;
    }
    const auto source = Open(import, TableSource::Pass::kRecords);
    if (!source.ok()) return session_.Fail(ExitCode::kFile, source.status().message());
    const ExitCode code =
        ImportInto(session_, kind_, **source, {.suggestions = flags_.suggestions}, report_);
    PrintNotes(session_, **source);
    return code;
  }

  ExitCode Show(const TableImport& import, bool offline) {
    const auto source = Open(import, TableSource::Pass::kRecords);
    if (!source.ok()) return session_.Fail(ExitCode::kFile, source.status().message());
    if (offline) {
      session_.err << session_.Say(
          "no server: areas, employers and trades are shown as they are written\n",
          "未连接服务器：安置区、用人单位和工种按原文显示\n");
    }
    return PreviewTable(session_, kind_, import, **source, report_);
  }

  Session& session_;
  const ResourceKind& kind_;
  const TableFlags& flags_;
  ImportReport& report_;
  PhraseReader phrases_;
  SpillMap failed_owners_;
};

// What the normaliser reads in titles and skills.
grpc::Status ReadPhrases(Session& session, const files::MapperContext& context,
                         std::vector<files::MappedRow>& rows) {
  PhraseReader reader(session);
  std::vector<std::string> phrases;
  for (const files::MappedRow& row : rows) {
    for (const files::Phrase& phrase : row.phrases) phrases.push_back(phrase.text);
  }
  const PhraseReader::Meanings* meanings = nullptr;
  const grpc::Status status = reader.Read(phrases, meanings);
  for (files::MappedRow& row : rows) {
    for (const files::Phrase& phrase : row.phrases) {
      const auto meaning = meanings == nullptr ? PhraseReader::Meanings::const_iterator()
                                               : meanings->find(phrase.text);
      if (meanings == nullptr || meaning == meanings->end()) continue;
      files::ApplyToPosting(context, phrase, meaning->second, row);
    }
  }
  return status;
}

ExitCode ShowPostings(Session& session, LinkedSource& source, ImportReport& report) {
  report.BeginDry("postings");
  v1::Posting posting;
  for (SourceItem item; source.Next(&posting, item);) {
    if (!item.problems.empty()) {
      report.Rejected(item.place, item.problems);
      continue;
    }
    report.Done(v1::IMPORT_OUTCOME_UNSPECIFIED);
    session.PrintJson(posting);
  }
  report.End();
  return ExitCode::kOk;
}

ExitCode KeepRejectedItems(Session& session, const std::string& file, absl::string_view text,
                           bool hr_open, const LinkedSource& postings) {
  if (postings.rejected().empty()) return ExitCode::kOk;
  std::map<int64_t, std::string> reasons;
  for (const auto& [position, problems] : postings.rejected()) {
    reasons[position] = ReasonsText(problems, session.settings.language);
  }
  const absl::StatusOr<std::string> kept =
      WriteRejected(file, hr_open ? ".json" : ".jsonld",
                    hr_open ? files::RejectedPositionOpenings(text, reasons)
                            : files::RejectedJobPostings(text, reasons));
  if (!kept.ok()) return session.Fail(ExitCode::kFile, kept.status().message());
  session.err << session.Say("rejected postings, to be mended and imported again: ",
                             "被拒的岗位已存入下列文件，改正后可再次导入：")
              << *kept << "\n";
  return ExitCode::kOk;
}

}  // namespace

ExitCode ImportLinkedData(Session& session, const std::string& file, const TableFlags& flags,
                          ImportReport& report) {
  const ResourceKind& kind = *FindKind("postings");
  absl::StatusOr<files::MapperContext> context = NewContext(session, kind, flags);
  if (!context.ok()) return session.Fail(ExitCode::kUsage, context.status().message());
  const absl::StatusOr<std::string> text = ReadWhole(file);
  if (!text.ok()) return session.Fail(ExitCode::kFile, text.status().message());
  grpc::Status status = LoadBooks(session, kind.word, *context);
  if (!status.ok()) return session.Fail(status);
  auto rows = flags.hr_open ? files::ReadPositionOpenings(*text, *context)
                            : files::ReadJobPostings(*text, *context);
  if (!rows.ok()) {
    return session.Fail(ExitCode::kFile, absl::StrCat(file, " ", rows.status().message()));
  }
  status = ReadPhrases(session, *context, *rows);
  if (!status.ok()) return session.Fail(status);
  LinkedSource postings(file, *rows, LinkedSource::Pass::kRecords);
  if (flags.dry_run) return ShowPostings(session, postings, report);
  LinkedSource employers(file, *rows, LinkedSource::Pass::kOwners);
  ExitCode code = ImportInto(session, *FindKind("employers"), employers, {}, report);
  if (code == ExitCode::kOk) {
    code = ImportInto(session, kind, postings, {.suggestions = flags.suggestions}, report);
  }
  return code == ExitCode::kOk ? KeepRejectedItems(session, file, *text, flags.hr_open, postings)
                               : code;
}

ExitCode ImportTable(Session& session, const ResourceKind& kind, const std::string& file,
                     const TableFlags& flags, ImportReport& report) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(file, error)) {
    return session.Fail(
        ExitCode::kFile,
        absl::StrCat(file, session.Say(" is no file: tables are read more than once",
                                       " 不是普通文件：表格需读取多次")));
  }
  if (std::filesystem::equivalent(file, flags.rejects, error)) {
    return session.Fail(ExitCode::kUsage,
                        session.Say("--rejects must be another file than the one that is imported",
                                    "--rejects 不能与导入的文件相同"));
  }
  return TableRun(session, kind, flags, report).Run(file);
}

}  // namespace leye::ctl
