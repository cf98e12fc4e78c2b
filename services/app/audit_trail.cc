#include "services/app/audit_trail.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/civil_time.h"

#include "services/access/audit_reader.h"
#include "services/app/digest.h"
#include "services/app/formats.h"
#include "services/app/page_token.h"
#include "services/app/resource_checks.h"
#include "services/app/violations.h"
#include "services/base/clock.h"
#include "services/base/status.h"

namespace leye::app {
namespace {

constexpr int kUsualEntries = 50;
constexpr int kMostEntries = 1'000;
constexpr size_t kLongestAsked = 200;  // As what is written down.

void CheckAsked(const char* field, const std::string& text, Violations& violations) {
  if (text.size() <= kLongestAsked) return;
  violations.Add({field, "TOO_LONG", absl::StrCat("must be at most ", kLongestAsked, " long"),
                  absl::StrCat("长度不得超过 ", kLongestAsked)});
}

absl::Time BeginningOf(absl::CivilDay day) { return absl::FromCivil(day, ChinaStandardTime()); }

access::AuditQuery ReadAuditQuery(const v1::ListAuditEntriesRequest& request,
                                  Violations& violations) {
  CheckAsked("record", request.record(), violations);
  CheckAsked("principal", request.principal(), violations);
  CheckAsked("rpc", request.rpc(), violations);
  access::AuditQuery query{
      .record = request.record(), .principal = request.principal(), .rpc = request.rpc()};
  const absl::CivilDay from = ReadDay(request.from_date(), {}, "from_date", violations);
  const absl::CivilDay until = ReadDay(request.until_date(), {}, "until_date", violations);
  if (!request.from_date().empty()) query.from = BeginningOf(from);
  if (!request.until_date().empty()) query.until = BeginningOf(until + 1);
  if (query.from >= query.until) {
    violations.Add(
        {"until_date", "OUT_OF_RANGE", "must not be before from_date", "不得早于 from_date"});
  }
  return query;
}

std::string DigestOf(const v1::ListAuditEntriesRequest& request) {
  v1::ListAuditEntriesRequest query = request;
  query.clear_page_size();
  query.clear_page_token();
  return Sha256(absl::StrCat(v1::ListAuditEntriesRequest::descriptor()->full_name(), " ",
                             query.SerializeAsString()));
}

// A token carries where the last line begins as its name, and the line's hash as its sort key.
std::string TokenOf(const std::string& digest, const access::AuditPlace& place) {
  return EncodePageToken(digest, {.began = {.epoch = 0, .sequence = place.line.number},
                                  .sort_key = place.line.hash,
                                  .name = absl::StrCat(place.offset)});
}

access::AuditPlace PlaceIn(const std::string& token, const std::string& digest,
                           Violations& violations) {
  access::AuditPlace place;
  if (token.empty()) return place;
  const std::optional<PageCursor> cursor = DecodePageToken(digest, token);
  if (!cursor.has_value() || !absl::SimpleAtoi(cursor->name, &place.offset)) {
    violations.Add(BadPageToken());
    return place;
  }
  place.line = {.number = cursor->began.sequence, .hash = cursor->sort_key};
  return place;
}

v1::AuditEntry Told(access::SequencedEntry line) {
  v1::AuditEntry told;
  told.set_sequence(static_cast<int64_t>(line.at.number));
  *told.mutable_time() = ToTimestamp(line.entry.time);
  told.set_principal(line.entry.principal);
  told.set_rpc(std::string(absl::StripPrefix(line.entry.method, "/leye.v1.")));
  told.set_purpose(line.entry.purpose);
  told.set_outcome(line.entry.outcome);
  for (std::string& record : line.entry.records) told.add_records(std::move(record));
  told.set_hash(line.at.hash);
  return told;
}

}  // namespace

absl::StatusOr<v1::ListAuditEntriesResponse> AuditTrail::ListAuditEntries(
    const v1::ListAuditEntriesRequest& request, const CallContext& /*context*/) const {
  Violations violations;
  const access::AuditQuery query = ReadAuditQuery(request, violations);
  if (request.page_size() < 0) {
    violations.Add({"page_size", "OUT_OF_RANGE", "must not be negative", "不得为负"});
  }
  const std::string digest = DigestOf(request);
  const access::AuditPlace after = PlaceIn(request.page_token(), digest, violations);
  LEYE_RETURN_IF_ERROR(violations.ToStatus());
  if (audit_ == nullptr) {
    return WithMessageZh(Error(absl::StatusCode::kFailedPrecondition, "NO_AUDIT",
                               "this server keeps no audit: leyed --audit-file"),
                         "此服务器未开启审计记录");
  }
  const access::AuditHead head = audit_->head();
  access::AuditPageLimits limits;
  limits.lines = static_cast<size_t>(
      request.page_size() == 0 ? kUsualEntries : std::min(request.page_size(), kMostEntries));
  absl::StatusOr<access::AuditPage> page =
      access::ReadAuditPage(audit_->path(), head, query, after, limits);
  if (!page.ok()) return WithContext(page.status(), "the audit");
  v1::ListAuditEntriesResponse response;
  for (access::SequencedEntry& line : page->lines) *response.add_entries() = Told(std::move(line));
  if (page->more) response.set_next_page_token(TokenOf(digest, page->end));
  response.set_head_sequence(static_cast<int64_t>(head.number));
  response.set_head_hash(head.hash);
  return response;
}

}  // namespace leye::app
