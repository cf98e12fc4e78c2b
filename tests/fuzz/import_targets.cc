// Files that people give leyectl: tables, workbooks, records, pages. What is made of them must be
// something that can be sent.

#include <zip.h>

#include <fstream>
#include <sstream>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

#include "leye/v1/employer.pb.h"
#include "leye/v1/household.pb.h"
#include "leye/v1/posting.pb.h"
#include "services/leyectl/files/hr_open.h"
#include "services/leyectl/files/hr_open_writer.h"
#include "services/leyectl/files/linked_data.h"
#include "services/leyectl/files/linked_data_writer.h"
#include "services/leyectl/item_source.h"
#include "services/leyectl/linked_source.h"
#include "services/leyectl/record_reader.h"
#include "services/leyectl/resource.h"
#include "services/leyectl/table_source.h"
#include "tests/e2e/client.h"
#include "tests/e2e/rpcs.h"
#include "tests/e2e/small_world.h"
#include "tests/fuzz/input_files.h"
#include "tests/fuzz/message_mutator.h"
#include "tests/fuzz/target.h"
#include "tests/testing/temp_dir.h"

namespace leye::fuzz {
namespace {

using ctl::ResourceKind;
using google::protobuf::Message;

// The collection that the first line names, postings when it names none, and what follows it.
struct Upload {
  const ResourceKind* kind;
  absl::string_view content;
};

Upload ReadUpload(absl::string_view input) {
  const std::pair<absl::string_view, absl::string_view> lines =
      absl::StrSplit(input, absl::MaxSplits('\n', 1));
  const ResourceKind* kind = ctl::FindKind(lines.first);
  const bool imported =
      kind != nullptr && kind->regional && kind->word != "referrals" && kind->word != "plans";
  return {imported ? kind : ctl::FindKind("postings"), lines.second};
}

// What a server would tell: an area, an employer, the skill of a trade.
ctl::files::MapperContext Context() {
  ctl::files::MapperContext context;
  context.today = absl::CivilDay(2026, 11, 27);
  context.identifiers = ctl::files::Identifiers("a key of a fuzz target");
  context.areas.Add("regions/13/settlementAreas/yian", "怡安社区");
  context.employers["怡安服装"] = "regions/13/employers/garment";
  context.skill_of_trade["6-18-02-04"] = "skills/welding-arc";
  e2e::Require(context.workplaces.AddBuiltIn().ok(), "places of work");
  return context;
}

// Whether protobuf reads again what it would send.
bool CanBeSent(const Message& message) {
  const std::unique_ptr<Message> received(message.New());
  return received->ParseFromString(message.SerializeAsString());
}

// Takes everything that the source gives.
std::string Drain(ctl::ItemSource& source, const google::protobuf::Descriptor& type) {
  const std::unique_ptr<Message> message = e2e::NewMessage(type);
  for (ctl::SourceItem item; source.Next(message.get(), item);) {
    if (item.problems.empty()) {
      if (!CanBeSent(*message)) return "an item that cannot be sent";
      continue;
    }
    for (const v1::ImportProblem& problem : source.Rejected(item, item.problems)) {
      if (!CanBeSent(problem)) return "a problem that cannot be shown";
      if (problem.description().empty()) return "a problem that says nothing";
    }
  }
  return "";
}

const google::protobuf::Descriptor* OwnersOf(const ResourceKind& kind) {
  if (kind.word == "candidates") return v1::Household::descriptor();
  return kind.word == "postings" ? v1::Employer::descriptor() : nullptr;
}

// A file as a table: owners first, then records, as leyectl's import goes over it.
class TableReader {
 public:
  TableReader() : headers_(*ctl::files::Headers::BuiltIn()), context_(Context()) {}

  std::string Read(const ResourceKind& kind, const std::string& file) const {
    ctl::SpillMap failed_owners;
    const ctl::TableImport import{.file = file,
                                  .collection = std::string(kind.word),
                                  .headers = headers_,
                                  .context = context_,
                                  .failed_owners = &failed_owners};
    using Pass = ctl::TableSource::Pass;
    const google::protobuf::Descriptor* owners = OwnersOf(kind);
    const std::string wrong = owners == nullptr ? "" : ReadPass(import, Pass::kOwners, *owners);
    return wrong.empty() ? ReadPass(import, Pass::kRecords, *kind.message()) : wrong;
  }

 private:
  static std::string ReadPass(const ctl::TableImport& import, ctl::TableSource::Pass pass,
                              const google::protobuf::Descriptor& type) {
    auto table = ctl::files::Table::Open(import.file, import.collection, import.headers, {});
    if (!table.ok()) return table.status().message().empty() ? "an error that says nothing" : "";
    ctl::TableSource source(import, *std::move(table), pass);
    return Drain(source, type);
  }

  const ctl::files::Headers headers_;
  const ctl::files::MapperContext context_;
};

// Input: the collection, and on the next lines the table.
class TableTarget final : public Target {
 public:
  std::string Try(absl::string_view input) override {
    const Upload upload = ReadUpload(input);
    const std::string file = folder_.File("table.csv");
    std::ofstream(file, std::ios::binary) << upload.content;
    return reader_.Read(*upload.kind, file);
  }

 private:
  testing::TempDir folder_;
  const TableReader reader_;
};

// Input: the files of the archive, each after a line `== NAME`; or the archive itself.
class WorkbookTarget final : public Target {
 public:
  std::string Try(absl::string_view input) override {
    const std::string file = folder_.File("list.xlsx");
    if (absl::StartsWith(input, kFileMark)) {
      Archive(input, file);
    } else {
      std::ofstream(file, std::ios::binary) << input;
    }
    return reader_.Read(*ctl::FindKind("postings"), file);
  }

 private:
  static void Archive(absl::string_view input, const std::string& path) {
    int error = 0;
    zip_t* archive = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &error);
    e2e::Require(archive != nullptr, path);
    // libzip reads them when it closes the archive.
    const std::vector<InputFile> files = FilesIn(input);
    for (const InputFile& file : files) {
      zip_source_t* content =
          zip_source_buffer(archive, file.content.data(), file.content.size(), 0);
      const auto added =
          zip_file_add(archive, file.name.c_str(), content, ZIP_FL_OVERWRITE | ZIP_FL_ENC_UTF_8);
      if (added < 0) zip_source_free(content);
    }
    if (zip_close(archive) != 0) zip_discard(archive);
  }

  testing::TempDir folder_;
  const TableReader reader_;
};

// Input: the collection, and on the next lines its records, which are read as JSON lines and as
// delimited protobuf.
class RecordFileTarget final : public Target {
 public:
  std::string Try(absl::string_view input) override {
    const Upload upload = ReadUpload(input);
    for (const auto format : {ctl::RecordFormat::kJsonLines, ctl::RecordFormat::kBinary}) {
      std::istringstream stream{std::string(upload.content)};
      ctl::RecordReader reader(stream, format);
      const std::string wrong = Read(reader, *upload.kind->message());
      if (!wrong.empty()) return wrong;
    }
    return "";
  }

  std::vector<std::string> Seeds() const override {
    std::string binary;
    ctl::AppendRecord(e2e::SomePosting(), ctl::RecordFormat::kBinary, &binary);
    std::string lines;
    ctl::AppendRecord(e2e::SomeCandidate(), ctl::RecordFormat::kJsonLines, &lines);
    return {absl::StrCat("postings\n", binary, binary), absl::StrCat("candidates\n", lines, lines)};
  }

 private:
  static std::string Read(ctl::RecordReader& reader, const google::protobuf::Descriptor& type) {
    const std::unique_ptr<Message> message = e2e::NewMessage(type);
    for (ctl::RawRecord record; reader.Next(record);) {
      const absl::Status parsed = ctl::ParseRecord(record, reader.format(), message.get());
      if (!parsed.ok()) {
        if (parsed.message().empty()) return "an error that says nothing";
        continue;
      }
      if (!CanBeSent(*message)) return "a record that cannot be sent";
      const std::string wrong = WriteAndRead(*message, reader.format());
      if (!wrong.empty()) return wrong;
    }
    return "";
  }

  static std::string WriteAndRead(const Message& message, ctl::RecordFormat format) {
    std::string bytes;
    ctl::AppendRecord(message, format, &bytes);
    std::istringstream stream{bytes};
    ctl::RecordReader reader(stream, format);
    ctl::RawRecord record;
    const std::unique_ptr<Message> again(message.New());
    if (!reader.Next(record) || !ctl::ParseRecord(record, format, again.get()).ok()) {
      return "does not read what it wrote";
    }
    return "";
  }
};

// Input: a page, JSON-LD, or openings of HR Open.
class LinkedDataTarget final : public Target {
 public:
  std::string Try(absl::string_view input) override {
    auto rows = ctl::files::ReadJobPostings(input, context_);
    if (!rows.ok()) rows = ctl::files::ReadPositionOpenings(input, context_);
    if (!rows.ok()) return rows.status().message().empty() ? "an error that says nothing" : "";
    ctl::LinkedSource owners("page.html", *rows, ctl::LinkedSource::Pass::kOwners);
    const std::string wrong = Drain(owners, *v1::Employer::descriptor());
    if (!wrong.empty()) return wrong;
    ctl::LinkedSource postings("page.html", *rows, ctl::LinkedSource::Pass::kRecords);
    const std::string unsent = Drain(postings, *v1::Posting::descriptor());
    return unsent.empty() ? WriteAndReadAll(*rows) : unsent;
  }

 private:
  // Both formats give the posting back that was written.
  std::string WriteAndReadAll(const std::vector<ctl::files::MappedRow>& rows) const {
    for (const ctl::files::MappedRow& row : rows) {
      const auto& posting = static_cast<const v1::Posting&>(*row.record);
      if (posting.employer().empty()) continue;
      const auto jobs = ctl::files::ReadJobPostings(
          absl::StrCat(ctl::files::kJobPostingsBegin, ctl::files::ToJobPosting(posting, {}),
                       ctl::files::kJobPostingsEnd),
          context_);
      const auto openings =
          ctl::files::ReadPositionOpenings(absl::StrCat(ctl::files::kPositionOpeningsBegin,
                                                        ctl::files::ToPositionOpening(posting, {}),
                                                        ctl::files::kPositionOpeningsEnd),
                                           context_);
      if (!jobs.ok() || !openings.ok()) return "does not read what it wrote";
      for (const auto* again : {&jobs->front(), &openings->front()}) {
        if (again->record->SerializeAsString() != posting.SerializeAsString()) {
          return "reads another posting than it wrote";
        }
      }
    }
    return "";
  }

  const ctl::files::MapperContext context_ = Context();
};

}  // namespace

std::unique_ptr<Target> NewTableTarget() { return std::make_unique<TableTarget>(); }
std::unique_ptr<Target> NewWorkbookTarget() { return std::make_unique<WorkbookTarget>(); }
std::unique_ptr<Target> NewRecordFileTarget() { return std::make_unique<RecordFileTarget>(); }
std::unique_ptr<Target> NewLinkedDataTarget() { return std::make_unique<LinkedDataTarget>(); }

}  // namespace leye::fuzz
