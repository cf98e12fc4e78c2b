#include "services/store/redis_reads.h"

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

#include "services/base/status.h"
#include "services/store/errors.h"
#include "services/store/record_codec.h"
#include "services/store/redis_commit.h"
#include "services/store/redis_keys.h"

namespace leye::store::redis {
namespace {

uint64_t BigEndian(absl::string_view bytes) {
  uint64_t value = 0;
  for (const char byte : bytes) value = value << 8 | static_cast<uint8_t>(byte);
  return value;
}

// What kCommitScript wrote; redis_keys.h tells the layout. Views `value` and the key.
absl::StatusOr<StoredRecord> StoredIn(const RecordKey& key, absl::string_view value) {
  constexpr size_t kHeaderBytes = 16;
  if (value.size() < kHeaderBytes) return StoreCorrupt("a record has no header");
  const absl::string_view content = value.substr(kHeaderBytes);
  const uint64_t open_bytes = BigEndian(value.substr(12, 4));
  if (open_bytes > content.size()) return StoreCorrupt("a record is cut off");
  return StoredRecord{.kind = key.kind,
                      .name = key.name,
                      .number = BigEndian(value.substr(0, 6)),
                      .version = BigEndian(value.substr(6, 6)),
                      .open = content.substr(0, open_bytes),
                      .sealed = content.substr(open_bytes)};
}

// Adds the record of `member` to a page.
template <typename Records>
absl::Status AppendMember(absl::string_view member, absl::string_view value, Records& records) {
  LEYE_ASSIGN_OR_RETURN(const RecordKey key, ParseMember(member));
  LEYE_ASSIGN_OR_RETURN(const StoredRecord record, StoredIn(key, value));
  return Append(record, records);
}

struct PageBounds {
  std::string from;  // As ZRANGEBYLEX takes them.
  std::string to;
  int limit;
};

template <typename Records>
struct Page {
  Records records;
  bool more = false;
  std::string last_member;
  Revision revision;
};

template <typename Records>
absl::StatusOr<Page<Records>> ReadPage(Client& client, Region region, const PageBounds& bounds) {
  LEYE_ASSIGN_OR_RETURN(
      const Answer answer,
      client.Read(
          {.region = region,
           .script = &kPageScript,
           .keys = {MetaKey(region), NamesKey(region)},
           .arguments = {bounds.from, bounds.to, absl::StrCat(std::min(bounds.limit, kMaxPageSize)),
                         absl::StrCat(kMaxPageBytes), RecordPrefix(region)}}));
  constexpr size_t kFirstRecord = 3;
  const ReplyView reply = answer.reply.view();
  Page<Records> page;
  page.revision = {reply[0].number(), reply[1].number()};
  page.more = reply[2].number() != 0;
  for (size_t i = kFirstRecord; i + 1 < reply.size(); i += 2) {
    LEYE_RETURN_IF_ERROR(AppendMember(reply[i].text(), reply[i + 1].text(), page.records));
    page.last_member = std::string(reply[i].text());
  }
  return page;
}

// The values of the records with these members, nil where there is none.
absl::StatusOr<Answer> ReadValues(Client& client, Region region,
                                  std::span<const std::string> members) {
  Command command = {"MGET"};
  command.reserve(1 + members.size());
  for (const std::string& member : members) {
    command.push_back(absl::StrCat(RecordPrefix(region), member));
  }
  return client.Read({.region = region, .arguments = std::move(command)});
}

absl::StatusOr<Revision> ReadRevision(Client& client, Region region) {
  LEYE_ASSIGN_OR_RETURN(
      const Answer answer,
      client.Read({.region = region, .arguments = {"HMGET", MetaKey(region), "epoch", "head"}}));
  const ReplyView reply = answer.reply.view();
  return Revision{reply[0].number(), reply[1].number()};
}

// The names of a page, and one more if there are more.
absl::StatusOr<std::vector<std::string>> ReadMembers(Client& client, Region region,
                                                     const PageBounds& bounds) {
  const int limit = std::min(bounds.limit, kMaxPageSize);
  LEYE_ASSIGN_OR_RETURN(
      const Answer answer,
      client.Read({.region = region,
                   .arguments = {"ZRANGEBYLEX", NamesKey(region), bounds.from, bounds.to, "LIMIT",
                                 "0", absl::StrCat(limit + 1)}}));
  const ReplyView reply = answer.reply.view();
  std::vector<std::string> members;
  members.reserve(reply.size());
  for (size_t i = 0; i < reply.size(); ++i) members.emplace_back(reply[i].text());
  return members;
}

// Adds the records of `members` to the page until it has kMaxPageBytes; false when one is missing.
template <typename Records>
absl::StatusOr<bool> AppendRecords(Client& client, Region region,
                                   std::span<const std::string> members, Records& records) {
  constexpr size_t kChunk = 256;
  size_t bytes = 0;
  for (size_t first = 0; first < members.size() && bytes <= kMaxPageBytes; first += kChunk) {
    const auto chunk = members.subspan(first, std::min(kChunk, members.size() - first));
    LEYE_ASSIGN_OR_RETURN(const Answer answer, ReadValues(client, region, chunk));
    for (size_t i = 0; i < chunk.size(); ++i) {
      if (bytes > kMaxPageBytes) break;
      const ReplyView value = answer.reply.view()[i];
      if (value.type() == ReplyType::kNil) return false;
      LEYE_RETURN_IF_ERROR(AppendMember(chunk[i], value.text(), records));
      bytes += chunk[i].size() + value.text().size();
    }
  }
  return true;
}

// A page by plain commands, which cost the server a third of what the script does. Nullopt when
// something was committed meanwhile: then it need not be at one revision.
template <typename Records>
absl::StatusOr<std::optional<Page<Records>>> ReadQuietPage(Client& client, Region region,
                                                           const PageBounds& bounds) {
  Page<Records> page;
  LEYE_ASSIGN_OR_RETURN(page.revision, ReadRevision(client, region));
  LEYE_ASSIGN_OR_RETURN(const std::vector<std::string> members,
                        ReadMembers(client, region, bounds));
  const size_t most =
      std::min(members.size(), static_cast<size_t>(std::min(bounds.limit, kMaxPageSize)));
  LEYE_ASSIGN_OR_RETURN(
      const bool complete,
      AppendRecords(client, region, std::span(members).first(most), page.records));
  LEYE_ASSIGN_OR_RETURN(const Revision after, ReadRevision(client, region));
  if (!complete || after != page.revision) return std::nullopt;
  page.more = page.records.size() < members.size();
  if (!page.records.empty()) page.last_member = members[page.records.size() - 1];
  return page;
}

// A cursor is a token of the region's epoch (the sequence says nothing), '/', and the last member
// read.
std::string FormatCursor(Region region, uint64_t epoch, absl::string_view last_member) {
  return absl::StrCat(FormatToken({region, {epoch, 0}}), "/", last_member);
}

struct Cursor {
  uint64_t epoch;
  std::string member;
};

absl::StatusOr<Cursor> ParseCursor(const RegionScanRequest& request) {
  const absl::string_view text = request.cursor;
  const size_t slash = text.find('/');
  const absl::StatusOr<RegionRevision> token = ParseToken(text.substr(0, slash));
  if (slash == absl::string_view::npos || !token.ok() || token->region != request.region) {
    return InvalidCursor();
  }
  return Cursor{token->revision.epoch, std::string(text.substr(slash + 1))};
}

template <typename ScanPage>
absl::StatusOr<ScanPage> ScanInto(Client& client, const RegionScanRequest& request) {
  using Records = decltype(ScanPage::records);
  PageBounds bounds{.from = "-", .to = "+", .limit = request.limit};
  std::optional<Cursor> cursor;
  if (!request.cursor.empty()) {
    LEYE_ASSIGN_OR_RETURN(cursor, ParseCursor(request));
    bounds.from = absl::StrCat("(", cursor->member);
  }
  LEYE_ASSIGN_OR_RETURN(std::optional<Page<Records>> page,
                        ReadQuietPage<Records>(client, request.region, bounds));
  if (!page) {
    LEYE_ASSIGN_OR_RETURN(page, ReadPage<Records>(client, request.region, bounds));
  }
  if (cursor && cursor->epoch != page->revision.epoch) {
    return MustScanAgain("EPOCH_CHANGED", request.region, {cursor->epoch, 0});
  }
  ScanPage result;
  result.revision = page->revision;
  if (page->more) {
    result.next_cursor = FormatCursor(request.region, page->revision.epoch, page->last_member);
  }
  result.records = std::move(page->records);
  return result;
}

Call HeadCall(Region region, const StoreEnvironment& environment) {
  return {.region = region,
          .script = &kHeadScript,
          .keys = {MetaKey(region)},
          .arguments = {absl::StrCat(EpochCandidate(environment)), region.code()}};
}

}  // namespace

absl::StatusOr<std::vector<std::optional<Record>>> BatchGet(Client& client, Region region,
                                                            const std::vector<RecordKey>& keys) {
  std::vector<std::optional<Record>> records;
  if (keys.empty()) return records;
  std::vector<std::string> members;
  members.reserve(keys.size());
  for (const RecordKey& key : keys) members.push_back(MemberOf(key.kind, key.name));
  LEYE_ASSIGN_OR_RETURN(const Answer answer, ReadValues(client, region, members));
  records.reserve(keys.size());
  for (size_t i = 0; i < keys.size(); ++i) {
    const ReplyView value = answer.reply.view()[i];
    if (value.type() == ReplyType::kNil) {
      records.emplace_back(std::nullopt);
      continue;
    }
    LEYE_ASSIGN_OR_RETURN(const StoredRecord record, StoredIn(keys[i], value.text()));
    LEYE_ASSIGN_OR_RETURN(Record decoded, DecodeRecord(record));
    records.emplace_back(std::move(decoded));
  }
  return records;
}

absl::StatusOr<ScanPage> Scan(Client& client, const ScanRequest& request) {
  LEYE_ASSIGN_OR_RETURN(Page<std::vector<Record>> page,
                        ReadPage<std::vector<Record>>(
                            client, request.region,
                            {.from = absl::StrCat("(", MemberOf(request.kind, request.after_name)),
                             .to = absl::StrCat("(", EndOfKind(request.kind)),
                             .limit = request.limit}));
  return ScanPage{std::move(page.records), page.more, page.revision};
}

absl::StatusOr<RegionScanPage> ScanRegion(Client& client, const RegionScanRequest& request) {
  return ScanInto<RegionScanPage>(client, request);
}

absl::StatusOr<OpenScanPage> ScanOpen(Client& client, const RegionScanRequest& request) {
  return ScanInto<OpenScanPage>(client, request);
}

std::vector<absl::StatusOr<Revision>> ReadHeads(Client& client, const StoreEnvironment& environment,
                                                const std::vector<Region>& regions) {
  std::vector<Call> calls;
  calls.reserve(regions.size());
  for (const Region region : regions) calls.push_back(HeadCall(region, environment));
  std::vector<absl::StatusOr<Revision>> heads;
  for (absl::StatusOr<Answer>& answer : client.ReadEach(calls)) {
    if (!answer.ok()) {
      heads.emplace_back(answer.status());
      continue;
    }
    const ReplyView reply = answer->reply.view();
    heads.emplace_back(Revision{reply[0].number(), reply[1].number()});
  }
  return heads;
}

}  // namespace leye::store::redis
