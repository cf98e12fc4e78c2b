#include "services/store/redis_restore.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

#include "services/base/status.h"
#include "services/store/errors.h"
#include "services/store/limits.h"
#include "services/store/record_codec.h"
#include "services/store/redis_commit.h"
#include "services/store/redis_keys.h"

namespace leye::store::redis {
namespace {

// The word before the first space; `text` keeps what stands behind it.
absl::string_view TakeWord(absl::string_view& text) {
  const absl::string_view word = text.substr(0, text.find(' '));
  text.remove_prefix(std::min(word.size() + 1, text.size()));
  return word;
}

// What kCommitScript wrote; redis_keys.h tells the layout of both texts.
absl::StatusOr<RememberedRequest> DecodeRequest(absl::string_view entry, absl::string_view value,
                                                absl::string_view changes) {
  RememberedRequest request;
  int64_t time_ms = 0;
  if (!absl::SimpleAtoi(TakeWord(entry), &time_ms)) {
    return StoreCorrupt("a remembered request has no time");
  }
  request.time = absl::FromUnixMillis(time_ms);
  LEYE_ASSIGN_OR_RETURN(const Revision at, ParseStreamId(TakeWord(entry)));
  request.sequence = at.sequence;
  request.request_id = std::string(entry);
  TakeWord(value);
  request.fingerprint = std::string(value);
  LEYE_ASSIGN_OR_RETURN(request.changes, DecodeChanges(changes));
  return request;
}

void AppendBigEndian(uint64_t value, int bytes, std::string& out) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
    out.push_back(static_cast<char>(value >> shift & 0xff));
  }
}

// As kCommitScript writes it.
std::string EncodeRecord(const Record& record) {
  const EncodedEnvelope envelope = EncodeEnvelope(record.envelope);
  std::string value;
  AppendBigEndian(record.number, 6, value);
  AppendBigEndian(record.version, 6, value);
  AppendBigEndian(envelope.open.size(), 4, value);
  return absl::StrCat(value, envelope.open, envelope.sealed);
}

Call MakeCall(const RestoreStep& step, int replicas) {
  const Region region = step.region;
  Call call{.region = region, .script = &kRestoreScript, .replicas = replicas};
  call.keys = {MetaKey(region), LogKey(region), NamesKey(region), RequestsKey(region)};
  call.arguments = {absl::StrCat(step.revision.epoch),
                    absl::StrCat(step.revision.sequence),
                    absl::StrCat(step.next_number),
                    region.code(),
                    step.restore_id,
                    absl::StrCat(step.index),
                    step.last ? "last" : "",
                    absl::StrCat(step.records.size())};
  for (const Record& record : step.records) {
    std::string member = MemberOf(record.kind, record.name);
    call.keys.push_back(absl::StrCat(RecordPrefix(region), member));
    call.arguments.push_back(std::move(member));
    call.arguments.push_back(EncodeRecord(record));
  }
  for (const RememberedRequest& request : step.requests) {
    call.keys.push_back(absl::StrCat(RequestPrefix(region), request.request_id));
    for (std::string& argument : std::vector<std::string>{
             absl::StrCat(std::max<int64_t>(absl::ToUnixMillis(request.time), 0)),
             absl::StrCat(request.sequence), request.request_id, request.fingerprint,
             EncodeChanges(request.changes)}) {
      call.arguments.push_back(std::move(argument));
    }
  }
  return call;
}

// The record or request that is there already.
absl::Status Twice(const RestoreStep& step, size_t index) {
  if (index < step.records.size()) return RestoredTwice("records.name", step.records[index].name);
  index -= step.records.size();
  if (index >= step.requests.size()) return StoreCorrupt("a step has less than it is told of");
  return RestoredTwice("requests.request_id", step.requests[index].request_id);
}

}  // namespace

absl::StatusOr<RequestPage> ScanRequests(Client& client, const RequestScan& scan, int replicas) {
  // How many requests come before; none is forgotten while the region stands still.
  uint64_t before = 0;
  if (!scan.cursor.empty() && (!absl::SimpleAtoi(scan.cursor, &before) || before > kMaxCounter)) {
    return InvalidCursor();
  }
  const Region region = scan.region;
  LEYE_ASSIGN_OR_RETURN(
      const Answer answer,
      client.Read(
          {.region = region,
           .script = &kScanRequestsScript,
           .keys = {MetaKey(region), LogKey(region), RequestsKey(region)},
           .arguments = {absl::StrCat(before), absl::StrCat(std::min(scan.limit, kMaxPageSize)),
                         absl::StrCat(kMaxPageBytes), RequestPrefix(region)},
           .replicas = replicas}));
  LEYE_RETURN_IF_ERROR(CheckReplicas(answer, replicas));
  constexpr size_t kFirstRequest = 4;
  const ReplyView reply = answer.reply.view();
  RequestPage page{.revision = {reply[0].number(), reply[1].number()},
                   .next_number = reply[2].number()};
  for (size_t i = kFirstRequest; i + 2 < reply.size(); i += 3) {
    LEYE_ASSIGN_OR_RETURN(RememberedRequest request,
                          DecodeRequest(reply[i].text(), reply[i + 1].text(), reply[i + 2].text()));
    page.requests.push_back(std::move(request));
  }
  if (reply[3].number() != 0) page.next_cursor = absl::StrCat(before + page.requests.size());
  return page;
}

absl::StatusOr<uint64_t> Restore(Client& client, const RestoreStep& step, int replicas) {
  LEYE_ASSIGN_OR_RETURN(const Answer answer, client.Run(MakeCall(step, replicas)));
  const ReplyView reply = answer.reply.view();
  const absl::string_view outcome = reply[0].text();
  if (outcome == "used") {
    return RegionNotEmpty(step.region, {reply[1].number(), reply[2].number()});
  }
  if (outcome == "another") return RestoreUnfinished(step.region);
  if (outcome == "gap") return RestoreGap(step.region, step.index, reply[1].number());
  if (outcome == "twice") return Twice(step, reply[1].number());
  if (outcome == "disorder") {
    return RestoredOutOfOrder(step.requests.front().sequence, reply[1].number());
  }
  LEYE_RETURN_IF_ERROR(CheckReplicas(answer, replicas));
  return reply[1].number();
}

absl::StatusOr<int> Reseal(Client& client, Region region, const std::vector<ResealedPart>& parts,
                           int replicas) {
  if (parts.empty()) return 0;
  Call call{.region = region,
            .script = &kResealScript,
            .keys = {MetaKey(region), ImagingKey(region)},
            .replicas = replicas};
  for (const ResealedPart& part : parts) {
    call.keys.push_back(absl::StrCat(RecordPrefix(region), MemberOf(part.key.kind, part.key.name)));
    call.arguments.push_back(part.before.SerializeAsString());
    call.arguments.push_back(part.after.SerializeAsString());
  }
  LEYE_ASSIGN_OR_RETURN(const Answer answer, client.Run(call));
  LEYE_RETURN_IF_ERROR(CheckReplicas(answer, replicas));
  return static_cast<int>(answer.reply.view().number());
}

}  // namespace leye::store::redis
