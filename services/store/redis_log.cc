#include "services/store/redis_log.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

#include "services/base/status.h"
#include "services/store/errors.h"
#include "services/store/limits.h"
#include "services/store/record_codec.h"
#include "services/store/redis_keys.h"

namespace leye::store::redis {

absl::StatusOr<std::vector<LogEntry>> ReadLog(Client& client, Region region, Revision after,
                                              int limit) {
  const std::string from = after == Revision() ? "-" : absl::StrCat("(", StreamId(after));
  LEYE_ASSIGN_OR_RETURN(
      const Answer answer,
      client.Read({.region = region,
                   .script = &kReadLogScript,
                   .keys = {MetaKey(region), LogKey(region)},
                   .arguments = {from, absl::StrCat(std::min(limit, kMaxPageSize)),
                                 absl::StrCat(kMaxPageBytes)}}));
  constexpr size_t kFirstEntry = 3;
  const ReplyView reply = answer.reply.view();
  const Revision head{reply[0].number(), reply[1].number()};
  LEYE_RETURN_IF_ERROR(CheckFollows({head, reply[2].number()}, region, after));
  std::vector<LogEntry> entries;
  Revision expected{head.epoch, after.sequence + 1};
  for (size_t i = kFirstEntry; i + 1 < reply.size(); i += 2) {
    LEYE_ASSIGN_OR_RETURN(const Revision at, ParseStreamId(reply[i].text()));
    // Nothing but the numbers tells that a stream has lost entries.
    if (at != expected) return MustScanAgain("LOG_TRIMMED", region, after);
    LEYE_ASSIGN_OR_RETURN(std::vector<Change> changes, DecodeChanges(reply[i + 1].text()));
    entries.push_back({at, std::move(changes)});
    ++expected.sequence;
  }
  if (entries.empty() && after.sequence < head.sequence) {
    return MustScanAgain("LOG_TRIMMED", region, after);
  }
  return entries;
}

absl::Status HoldLog(Client& client, const LogHold& hold, absl::Time now) {
  std::string held = absl::StrCat(hold.from, " ", absl::ToUnixMillis(now + hold.lease));
  return client
      .Read({.region = hold.region,
             .arguments = {"HSET", HoldsKey(hold.region), hold.holder, std::move(held)}})
      .status();
}

absl::Status TrimLog(Client& client, Region region, uint64_t keep_from, absl::Time now) {
  LEYE_ASSIGN_OR_RETURN(
      const Answer answer,
      client.Read({.region = region,
                   .script = &kTrimLogScript,
                   .keys = {MetaKey(region), LogKey(region), RequestsKey(region), HoldsKey(region)},
                   .arguments = {absl::StrCat(keep_from), absl::StrCat(absl::ToUnixMillis(now)),
                                 absl::StrCat(absl::ToUnixMillis(now - kRequestMemory)),
                                 RequestPrefix(region)}}));
  if (answer.reply.view()[0].text() == "done") return absl::OkStatus();
  return KeepFromBeyondHead(keep_from, answer.reply.view()[1].number());
}

}  // namespace leye::store::redis
