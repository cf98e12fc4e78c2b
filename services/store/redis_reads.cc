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

// What kCommitScript wrote; redis_keys.h tells the layout.
absl::StatusOr<Record> DecodeRecord(RecordKey key, absl::string_view value, Parts parts) {
  constexpr size_t kHeaderBytes = 16;
  if (value.size() < kHeaderBytes) return StoreCorrupt("a record has no header");
  const absl::string_view content = value.substr(kHeaderBytes);
  const uint64_t open_bytes = BigEndian(value.substr(12, 4));
  if (open_bytes > content.size()) return StoreCorrupt("a record is cut off");
  Record record{key.kind, std::move(key.name), BigEndian(value.substr(0, 6)),
                BigEndian(value.substr(6, 6)), Envelope()};
  const absl::string_view sealed = parts == Parts::kAll ? content.substr(open_bytes) : "";
  LEYE_ASSIGN_OR_RETURN(record.envelope, DecodeEnvelope(content.substr(0, open_bytes), sealed));
  return record;
}

struct PageBounds {
  std::string from;  // As ZRANGEBYLEX takes them.
  std::string to;
  int limit;
  Parts parts;
};

struct Page {
  std::vector<Record> records;
  bool more = false;
  std::string last_member;
  Revision revision;
};

absl::StatusOr<Page> ReadPage(Client& client, Region region, const PageBounds& bounds) {
  LEYE_ASSIGN_OR_RETURN(
      const Answer answer,
      client.Read(
          {.region = region,
           .script = &kPageScript,
           .keys = {MetaKey(region), NamesKey(region)},
           .arguments = {bounds.from, bounds.to, absl::StrCat(std::min(bounds.limit, kMaxPageSize)),
                         absl::StrCat(kMaxPageBytes), bounds.parts == Parts::kOpen ? "open" : "all",
                         RecordPrefix(region)}}));
  constexpr size_t kFirstRecord = 3;
  const ReplyView reply = answer.reply.view();
  Page page;
  page.revision = {reply[0].number(), reply[1].number()};
  page.more = reply[2].number() != 0;
  page.records.reserve(reply.size() / 2);
  for (size_t i = kFirstRecord; i + 1 < reply.size(); i += 2) {
    LEYE_ASSIGN_OR_RETURN(RecordKey key, ParseMember(reply[i].text()));
    LEYE_ASSIGN_OR_RETURN(Record record,
                          DecodeRecord(std::move(key), reply[i + 1].text(), Parts::kAll));
    page.records.push_back(std::move(record));
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
absl::StatusOr<bool> AppendRecords(Client& client, Region region, Parts parts,
                                   std::span<const std::string> members, Page& page) {
  constexpr size_t kChunk = 256;
  size_t bytes = 0;
  for (size_t first = 0; first < members.size() && bytes <= kMaxPageBytes; first += kChunk) {
    const auto chunk = members.subspan(first, std::min(kChunk, members.size() - first));
    LEYE_ASSIGN_OR_RETURN(const Answer answer, ReadValues(client, region, chunk));
    for (size_t i = 0; i < chunk.size(); ++i) {
      if (bytes > kMaxPageBytes) break;
      const ReplyView value = answer.reply.view()[i];
      if (value.type() == ReplyType::kNil) return false;
      LEYE_ASSIGN_OR_RETURN(RecordKey key, ParseMember(chunk[i]));
      LEYE_ASSIGN_OR_RETURN(Record record, DecodeRecord(std::move(key), value.text(), parts));
      page.records.push_back(std::move(record));
      bytes += chunk[i].size() + value.text().size();
    }
  }
  return true;
}

// A page by plain commands, which cost the server a third of what the script does; the sealed parts
// come along, wanted or not. Nullopt when something was committed meanwhile: then it need not be at
// one revision.
absl::StatusOr<std::optional<Page>> ReadQuietPage(Client& client, Region region,
                                                  const PageBounds& bounds) {
  Page page;
  LEYE_ASSIGN_OR_RETURN(page.revision, ReadRevision(client, region));
  LEYE_ASSIGN_OR_RETURN(const std::vector<std::string> members,
                        ReadMembers(client, region, bounds));
  const size_t most =
      std::min(members.size(), static_cast<size_t>(std::min(bounds.limit, kMaxPageSize)));
  page.records.reserve(most);
  LEYE_ASSIGN_OR_RETURN(const bool complete, AppendRecords(client, region, bounds.parts,
                                                           std::span(members).first(most), page));
  LEYE_ASSIGN_OR_RETURN(const Revision after, ReadRevision(client, region));
  if (!complete || after != page.revision) return std::nullopt;
  page.more = page.records.size() < members.size();
  if (!page.records.empty()) page.last_member = members[page.records.size() - 1];
  return page;
}

// A cursor is a token of the region's epoch (the sequence says nothing), '/', and the last member
// read.
std::string FormatCursor(Region region, const Page& page) {
  return absl::StrCat(FormatToken({region, {page.revision.epoch, 0}}), "/", page.last_member);
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
    LEYE_ASSIGN_OR_RETURN(Record record, DecodeRecord(keys[i], value.text(), Parts::kAll));
    records.emplace_back(std::move(record));
  }
  return records;
}

absl::StatusOr<ScanPage> Scan(Client& client, const ScanRequest& request) {
  LEYE_ASSIGN_OR_RETURN(
      Page page, ReadPage(client, request.region,
                          {.from = absl::StrCat("(", MemberOf(request.kind, request.after_name)),
                           .to = absl::StrCat("(", EndOfKind(request.kind)),
                           .limit = request.limit,
                           .parts = Parts::kAll}));
  return ScanPage{std::move(page.records), page.more, page.revision};
}

absl::StatusOr<RegionScanPage> ScanRegion(Client& client, const RegionScanRequest& request) {
  PageBounds bounds{.from = "-", .to = "+", .limit = request.limit, .parts = request.parts};
  std::optional<Cursor> cursor;
  if (!request.cursor.empty()) {
    LEYE_ASSIGN_OR_RETURN(cursor, ParseCursor(request));
    bounds.from = absl::StrCat("(", cursor->member);
  }
  LEYE_ASSIGN_OR_RETURN(std::optional<Page> quiet, ReadQuietPage(client, request.region, bounds));
  if (!quiet) {
    LEYE_ASSIGN_OR_RETURN(quiet, ReadPage(client, request.region, bounds));
  }
  Page& page = *quiet;
  if (cursor && cursor->epoch != page.revision.epoch) {
    return MustScanAgain("EPOCH_CHANGED", request.region, {cursor->epoch, 0});
  }
  RegionScanPage result{.records = {}, .next_cursor = {}, .revision = page.revision};
  if (page.more) result.next_cursor = FormatCursor(request.region, page);
  result.records = std::move(page.records);
  return result;
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
