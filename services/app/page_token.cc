#include "services/app/page_token.h"

#include <cstdint>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "services/app/digest.h"

namespace leye::app {
namespace {

constexpr size_t kCheckBytes = 12;
constexpr absl::string_view kVersion = "1";

std::string CheckSum(absl::string_view query_digest, absl::string_view body) {
  return Sha256(absl::StrCat("page token", query_digest, body)).substr(0, kCheckBytes);
}

// "<length>:<bytes>", so that any bytes can follow each other.
void AppendField(std::string& body, absl::string_view field) {
  absl::StrAppend(&body, field.size(), ":", field);
}

std::optional<absl::string_view> TakeField(absl::string_view& body) {
  const size_t colon = body.find(':');
  uint64_t length = 0;
  if (colon == absl::string_view::npos || !absl::SimpleAtoi(body.substr(0, colon), &length) ||
      length > body.size() - colon - 1) {
    return std::nullopt;
  }
  const absl::string_view field = body.substr(colon + 1, length);
  body.remove_prefix(colon + 1 + length);
  return field;
}

}  // namespace

std::string EncodePageToken(absl::string_view query_digest, const PageCursor& cursor) {
  std::string body(kVersion);
  AppendField(body, absl::StrCat(cursor.began.epoch));
  AppendField(body, absl::StrCat(cursor.began.sequence));
  AppendField(body, cursor.sort_key);
  AppendField(body, cursor.name);
  return absl::WebSafeBase64Escape(absl::StrCat(CheckSum(query_digest, body), body));
}

std::optional<PageCursor> DecodePageToken(absl::string_view query_digest, absl::string_view token) {
  std::string bytes;
  if (!absl::WebSafeBase64Unescape(token, &bytes) || bytes.size() <= kCheckBytes) {
    return std::nullopt;
  }
  absl::string_view body = absl::string_view(bytes).substr(kCheckBytes);
  if (CheckSum(query_digest, body) != bytes.substr(0, kCheckBytes) ||
      !absl::ConsumePrefix(&body, kVersion)) {
    return std::nullopt;
  }
  const auto epoch = TakeField(body);
  const auto sequence = TakeField(body);
  const auto sort_key = TakeField(body);
  const auto name = TakeField(body);
  PageCursor cursor;
  if (!epoch || !sequence || !sort_key || !name || !absl::SimpleAtoi(*epoch, &cursor.began.epoch) ||
      !absl::SimpleAtoi(*sequence, &cursor.began.sequence)) {
    return std::nullopt;
  }
  cursor.sort_key = std::string(*sort_key);
  cursor.name = std::string(*name);
  return cursor;
}

Violation BadPageToken() {
  return {"page_token", "INVALID_PAGE_TOKEN",
          "must be the next_page_token of the same request; begin again without it",
          "须为同一请求返回的 next_page_token；请不带此项重新开始"};
}

}  // namespace leye::app
