#include "services/access/audit.h"

#include <algorithm>
#include <deque>
#include <filesystem>
#include <iterator>
#include <span>
#include <system_error>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "google/protobuf/descriptor.h"

#include "services/access/audit_line.h"
#include "services/base/status.h"

namespace leye::access {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

namespace {

constexpr size_t kRecordsPerLine = 1'000;  // Far below kLongestAuditLine.
constexpr size_t kLongestWord = 200;
constexpr uint64_t kTellEvery = 1'000;  // Lines.

// An id, a name or a code: nothing that a person could have typed into it.
bool IsPlain(absl::string_view word) {
  return !word.empty() && word.size() <= kLongestWord &&
         std::all_of(word.begin(), word.end(), [](char c) {
           return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_' ||
                  c == '/' || c == '.';
         });
}

std::string Plain(absl::string_view word) { return IsPlain(word) ? std::string(word) : "-"; }

std::string FieldsOf(uint64_t number, const AuditEntry& entry,
                     std::span<const std::string> records) {
  return absl::StrCat(number, "\t", AuditTime(entry.time), "\t", Plain(entry.principal), "\t",
                      Plain(entry.method), "\t", Plain(entry.purpose), "\t", Plain(entry.outcome),
                      "\t", records.empty() ? "-" : absl::StrJoin(records, " "));
}

absl::Status Unwritable(const std::string& what) {
  return WithMessageZh(Error(absl::StatusCode::kUnavailable, "AUDIT_FAILED", what),
                       "审计记录无法写入，服务暂不可用");
}

// Cuts off what stands behind the last line feed, and reads the line before it.
absl::StatusOr<AuditHead> LastLine(const std::string& path) {
  std::error_code error;
  const auto size = static_cast<std::streamoff>(std::filesystem::file_size(path, error));
  if (error || size == 0) return NoAuditLine();
  std::ifstream file(path, std::ios::binary);
  const std::streamoff from = std::max<std::streamoff>(0, size - std::streamoff{kLongestAuditLine});
  file.seekg(from);
  std::string tail(static_cast<size_t>(size - from), '\0');
  file.read(tail.data(), size - from);
  const size_t end = tail.rfind('\n');
  const size_t kept = end == std::string::npos ? 0 : end + 1;
  if (kept < tail.size()) {
    std::filesystem::resize_file(path, static_cast<std::uintmax_t>(from) + kept, error);
    if (error) return Unwritable(absl::StrCat("cannot cut a torn line off ", path));
  }
  if (kept == 0) return NoAuditLine();
  const size_t before = end == 0 ? std::string::npos : tail.rfind('\n', end - 1);
  const size_t begin = before == std::string::npos ? 0 : before + 1;
  LEYE_ASSIGN_OR_RETURN(const AuditLine line,
                        ParseAuditLine(absl::string_view(tail).substr(begin, end - begin)));
  return line.head;
}

class RecordCollector {
 public:
  void Visit(const Message& message) {
    const Reflection& reflection = *message.GetReflection();
    std::vector<const FieldDescriptor*> fields;
    reflection.ListFields(message, &fields);
    for (const FieldDescriptor* field : fields) VisitField(message, *field);
  }

  std::vector<std::string> Take() { return std::move(names_); }

 private:
  static bool NamesARecord(const FieldDescriptor& field) {
    return field.cpp_type() == FieldDescriptor::CPPTYPE_STRING &&
           (field.name() == "name" || field.name() == "names" || field.name() == "candidate" ||
            field.name() == "posting" || field.name() == "household" || field.name() == "record");
  }

  void VisitField(const Message& message, const FieldDescriptor& field) {
    const Reflection& reflection = *message.GetReflection();
    const int count = field.is_repeated() ? reflection.FieldSize(message, &field) : 1;
    const bool message_field = field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
    if (!message_field && !NamesARecord(field)) return;
    for (int i = 0; i < count; ++i) {
      if (message_field) {
        Visit(field.is_repeated() ? reflection.GetRepeatedMessage(message, &field, i)
                                  : reflection.GetMessage(message, &field));
      } else {
        Add(field.is_repeated() ? reflection.GetRepeatedString(message, &field, i)
                                : reflection.GetString(message, &field));
      }
    }
  }

  void Add(std::string name) {
    if (!absl::StartsWith(name, "regions/") || !IsPlain(name)) return;
    if (seen_.insert(name).second) names_.push_back(std::move(name));
  }

  std::vector<std::string> names_;
  absl::flat_hash_set<std::string> seen_;
};

}  // namespace

std::vector<std::string> RecordsIn(const std::vector<const Message*>& messages) {
  RecordCollector collector;
  for (const Message* message : messages) collector.Visit(*message);
  return collector.Take();
}

AuditLog::AuditLog(const std::string& path, const AuditHead& head, const Logger& log)
    : path_(path), log_(log), file_(path, std::ios::binary | std::ios::app), head_(head) {}

absl::StatusOr<std::unique_ptr<AuditLog>> AuditLog::Open(const std::string& path,
                                                         const Logger& log) {
  absl::StatusOr<AuditHead> head = LastLine(path);
  if (!head.ok()) return WithContext(head.status(), absl::StrCat("the last line of ", path));
  std::unique_ptr<AuditLog> audit(new AuditLog(path, *head, log));
  if (!audit->writable()) return Unwritable(absl::StrCat("cannot write ", path));
  return audit;
}

bool AuditLog::writable() const {
  MutexLock lock(mutex_);
  return static_cast<bool>(file_);
}

AuditLog::~AuditLog() {
  MutexLock lock(mutex_);
  TellHead();
}

absl::Status AuditLog::Append(const AuditEntry& entry) {
  std::vector<std::string> names;
  std::copy_if(entry.records.begin(), entry.records.end(), std::back_inserter(names), IsPlain);
  const std::span<const std::string> records(names);
  MutexLock lock(mutex_);
  size_t written = 0;
  do {
    const auto of_line =
        records.subspan(written, std::min(records.size() - written, kRecordsPerLine));
    LEYE_RETURN_IF_ERROR(AddLine(FieldsOf(head_.number + 1, entry, of_line)));
    written += of_line.size();
  } while (written < records.size());
  return absl::OkStatus();
}

absl::Status AuditLog::AddLine(const std::string& fields) {
  const std::string hash = AuditHashOf(head_.hash, fields);
  file_ << fields << '\t' << hash << '\n' << std::flush;
  if (!file_) return Unwritable("the audit cannot be written");
  head_ = {.number = head_.number + 1, .hash = hash};
  if (head_.number % kTellEvery == 0) TellHead();
  return absl::OkStatus();
}

AuditHead AuditLog::head() const {
  MutexLock lock(mutex_);
  return head_;
}

void AuditLog::TellHead() const {
  log_.Info("audit head", {{"number", head_.number}, {"hash", head_.hash}});
}

absl::StatusOr<AuditExcerpt> ReadAuditAbout(const std::string& path, const std::string& record,
                                            size_t most) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return Unwritable(absl::StrCat("cannot read ", path));
  std::deque<AuditEntry> last;
  AuditExcerpt excerpt;
  std::string text;
  while (std::getline(file, text)) {
    // Most lines are about others: the whole is looked at before it is taken apart.
    if (!absl::StrContains(text, record)) continue;
    const absl::StatusOr<AuditLine> line = ParseAuditLine(text);
    if (!line.ok() || !line->Names(record)) continue;
    absl::StatusOr<AuditEntry> entry = line->Entry();
    if (!entry.ok()) continue;
    last.push_back(*std::move(entry));
    if (last.size() <= most) continue;
    last.pop_front();
    excerpt.truncated = true;
  }
  excerpt.entries.assign(std::make_move_iterator(last.begin()),
                         std::make_move_iterator(last.end()));
  return excerpt;
}

absl::StatusOr<AuditHead> VerifyAudit(std::istream& file, const AuditHead& expected) {
  AuditHead last = NoAuditLine();
  bool met = expected.number == 0;
  std::string text;
  while (std::getline(file, text)) {
    const uint64_t number = last.number + 1;
    if (file.eof()) return AuditBroken(number, "is torn");
    absl::StatusOr<AuditLine> line = ParseAuditLine(text);
    if (!line.ok()) return AuditBroken(number, line.status().message());
    LEYE_RETURN_IF_ERROR(CheckFollows(*line, last));
    last = std::move(line->head);
    met = met || last == expected;
  }
  if (!met) {
    return Error(absl::StatusCode::kDataLoss, "AUDIT_BROKEN",
                 absl::StrCat("line ", expected.number, " with the hash told is not there"));
  }
  return last;
}

}  // namespace leye::access
