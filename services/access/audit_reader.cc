#include "services/access/audit_reader.h"

#include <fstream>
#include <memory>
#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

#include "services/access/audit_line.h"
#include "services/base/status.h"

namespace leye::access {

namespace {

constexpr absl::Duration kClockSetBack = absl::Minutes(10);

// The bounds of a query as lines have them. Empty: none.
struct TimeTexts {
  std::string from;
  std::string until;       // Exclusive.
  std::string from_early;  // The search's: no line before it is looked for.
  std::string until_late;  // Nor any from it on.
};

TimeTexts TextsOf(const AuditQuery& query) {
  TimeTexts texts;
  if (query.from != absl::InfinitePast()) {
    texts.from = AuditTime(query.from);
    texts.from_early = AuditTime(query.from - kClockSetBack);
  }
  if (query.until != absl::InfiniteFuture()) {
    texts.until = AuditTime(query.until);
    texts.until_late = AuditTime(query.until + kClockSetBack);
  }
  return texts;
}

bool IsOfPrincipal(absl::string_view principal, absl::string_view wanted) {
  return absl::ConsumePrefix(&principal, wanted) &&
         (principal.empty() || absl::StartsWith(principal, "/"));
}

class PageReader {
 public:
  PageReader(const std::string& path, const AuditHead& head, const AuditQuery& query)
      : file_(path, std::ios::binary), head_(head), query_(query), times_(TextsOf(query)) {}

  bool opened() const { return file_.is_open(); }

  // Goes to the line after `place`.
  absl::Status GoOnAfter(const AuditPlace& place) {
    Seek(place.offset);
    if (place.line.number == 0) return absl::OkStatus();
    const std::optional<AuditLine> line = ReadLine();
    if (!line.has_value() || line->head != place.line) {
      return AuditBroken(place.line.number, "is not the one that was read before");
    }
    place_ = place;
    return absl::OkStatus();
  }

  // Goes to the first line that may be of the query's time. Looks at O(log(size)) lines.
  absl::Status GoToFrom() {
    if (times_.from_early.empty()) return absl::OkStatus();
    file_.seekg(0, std::ios::end);
    AuditPlace early;                                  // The last line known to be too early.
    uint64_t low = 0;                                  // Where the line after it begins.
    auto high = static_cast<uint64_t>(file_.tellg());  // No line from here on is too early.
    while (low < high) {
      const uint64_t middle = low + (high - low) / 2;
      SeekLine(middle);
      const std::optional<AuditLine> line = ReadLine();
      if (!line.has_value() && !torn_) {
        return AuditBroken(early.line.number + 1, "or one after it is none");
      }
      if (torn_ || begin_ >= high || line->time >= times_.from_early) {
        high = middle;
      } else {
        early = {.offset = begin_, .line = line->head};
        low = next_;
      }
    }
    return GoOnAfter(early);
  }

  absl::StatusOr<AuditPage> Read(const AuditPageLimits& limits) {
    AuditPage page;
    const uint64_t began = next_;
    uint64_t found = 0;
    bool over = false;
    while (!over && place_.line.number < head_.number && page.lines.size() < limits.lines &&
           next_ - began < limits.bytes && found < limits.found_bytes) {
      const uint64_t number = place_.line.number + 1;
      std::optional<AuditLine> line = ReadLine();
      if (!line.has_value()) {
        return AuditBroken(number, torn_ ? "is not there, though it was written" : "is none");
      }
      LEYE_RETURN_IF_ERROR(CheckFollows(*line, CheckedBefore()));
      place_ = {.offset = begin_, .line = line->head};
      over = !times_.until_late.empty() && line->time >= times_.until_late;
      if (over || !IsWanted(*line)) continue;
      LEYE_ASSIGN_OR_RETURN(AuditEntry entry, line->Entry());
      if (line->records != "-") entry.records = absl::StrSplit(line->records, ' ');
      page.lines.push_back({line->head, std::move(entry)});
      found += line->fields.size();
    }
    page.end = place_;
    page.more = !over && place_.line.number < head_.number;
    return page;
  }

 private:
  AuditHead CheckedBefore() const { return place_.line.number == 0 ? NoAuditLine() : place_.line; }

  bool IsWanted(const AuditLine& line) const {
    return line.time >= times_.from && (times_.until.empty() || line.time < times_.until) &&
           (query_.principal.empty() || IsOfPrincipal(line.principal, query_.principal)) &&
           (query_.rpc.empty() || absl::StripPrefix(line.method, "/leye.v1.") == query_.rpc) &&
           (query_.record.empty() || line.Names(query_.record));
  }

  void Seek(uint64_t offset) {
    file_.clear();
    file_.seekg(static_cast<std::streamoff>(offset));
    next_ = offset;
  }

  // Goes to the first line that begins at `offset` or after it.
  void SeekLine(uint64_t offset) {
    Seek(offset == 0 ? 0 : offset - 1);
    if (offset > 0) static_cast<void>(ReadText());
  }

  // The line at `next_`, which views `buffer_`. Nothing where there is none, or only a part
  // (`torn_`).
  std::optional<AuditLine> ReadLine() {
    const std::optional<absl::string_view> text = ReadText();
    if (!text.has_value()) return std::nullopt;
    absl::StatusOr<AuditLine> line = ParseAuditLine(*text);
    if (!line.ok()) return std::nullopt;
    return *std::move(line);
  }

  std::optional<absl::string_view> ReadText() {
    begin_ = next_;
    file_.getline(buffer_.get(), std::streamsize{kLongestAuditLine});
    torn_ = file_.eof();
    if (!file_ || torn_) return std::nullopt;
    const auto length = static_cast<size_t>(file_.gcount()) - 1;
    next_ = begin_ + length + 1;
    return absl::string_view(buffer_.get(), length);
  }

  std::ifstream file_;
  const AuditHead& head_;
  const AuditQuery& query_;
  const TimeTexts times_;
  const std::unique_ptr<char[]> buffer_ = std::make_unique_for_overwrite<char[]>(kLongestAuditLine);
  AuditPlace place_;    // The last line that was checked.
  uint64_t begin_ = 0;  // Of the line read last.
  uint64_t next_ = 0;   // Of the one after it.
  bool torn_ = false;   // The file ended before a line feed came.
};

}  // namespace

absl::StatusOr<AuditPage> ReadAuditPage(const std::string& path, const AuditHead& head,
                                        const AuditQuery& query, const AuditPlace& after,
                                        const AuditPageLimits& limits) {
  PageReader reader(path, head, query);
  if (!reader.opened()) {
    return WithMessageZh(
        Error(absl::StatusCode::kUnavailable, "AUDIT_FAILED", absl::StrCat("cannot read ", path)),
        "审计记录无法读取");
  }
  LEYE_RETURN_IF_ERROR(after.line.number == 0 ? reader.GoToFrom() : reader.GoOnAfter(after));
  return reader.Read(limits);
}

}  // namespace leye::access
