#include "services/store/redis_reads.h"

#include <cstdint>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

#include "services/base/status.h"
#include "services/store/errors.h"
#include "services/store/record_codec.h"
#include "services/store/redis_keys.h"
#include "services/store/redis_page.h"

namespace leye::store::redis {
namespace {

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
  PageBounds bounds{.limit = request.limit};
  std::optional<Cursor> cursor;
  if (!request.cursor.empty()) {
    LEYE_ASSIGN_OR_RETURN(cursor, ParseCursor(request));
    bounds.from = absl::StrCat("(", cursor->member);
    bounds.first = false;
  }
  LEYE_ASSIGN_OR_RETURN(Page<Records> page,
                        ReadPageQuickly<Records>(client, request.region, bounds));
  if (cursor && cursor->epoch != page.revision.epoch) {
    return MustScanAgain("EPOCH_CHANGED", request.region, {cursor->epoch, 0});
  }
  ScanPage result;
  result.revision = page.revision;
  if (page.more) {
    result.next_cursor = FormatCursor(request.region, page.revision.epoch, page.last_member);
  }
  result.records = std::move(page.records);
  return result;
}

Call HeadCall(Region region, const StoreEnvironment& environment) {
  return {.region = region,
          .script = &kHeadScript,
          .keys = {MetaKey(region)},
          .arguments = {absl::StrCat(EpochCandidate(environment.clock, environment.random)),
                        region.code()}};
}

}  // namespace

absl::StatusOr<std::vector<std::optional<Record>>> BatchGet(Client& client, Region region,
                                                            const std::vector<RecordKey>& keys) {
  std::vector<std::optional<Record>> records;
  if (keys.empty()) return records;
  Command command = {"MGET"};
  command.reserve(1 + keys.size());
  for (const RecordKey& key : keys) {
    command.push_back(absl::StrCat(RecordPrefix(region), MemberOf(key.kind, key.name)));
  }
  LEYE_ASSIGN_OR_RETURN(const Answer answer,
                        client.Read({.region = region, .arguments = std::move(command)}));
  records.reserve(keys.size());
  for (size_t i = 0; i < keys.size(); ++i) {
    const ReplyView value = answer.reply.view()[i];
    if (value.type() == ReplyType::kNil) {
      records.emplace_back(std::nullopt);
      continue;
    }
    LEYE_ASSIGN_OR_RETURN(const StoredRecord record,
                          RecordIn(keys[i].kind, keys[i].name, value.text()));
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
