#include "services/access/api_keys.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include <openssl/rand.h>

#include "services/access/digest.h"
#include "services/access/identity.h"
#include "services/base/clock.h"
#include "services/base/status.h"

namespace leye::access {
namespace {

constexpr char kPrefix[] = "leye_";
constexpr size_t kApiKeyBytes = 32;
constexpr size_t kHashDigits = 64;

bool IsHash(absl::string_view text) {
  return text.size() == kHashDigits && std::all_of(text.begin(), text.end(), [](char c) {
           return absl::ascii_isdigit(static_cast<unsigned char>(c)) || (c >= 'a' && c <= 'f');
         });
}

absl::StatusOr<Principal> KeyHolder(absl::string_view identity) {
  LEYE_ASSIGN_OR_RETURN(Principal principal, ParseIdentity(identity));
  if (principal.role != Role::kEnterprise && principal.role != Role::kBureau) {
    return Error(absl::StatusCode::kInvalidArgument, "INVALID_IDENTITY",
                 "a key is for an enterprise or a bureau: an app acts by tokens, an operator and "
                 "an auditor by certificates");
  }
  return principal;
}

absl::Status BadLine(int number, absl::string_view what) {
  return Error(absl::StatusCode::kInvalidArgument, "INVALID_FILE",
               absl::StrCat("line ", number, ": ", what));
}

}  // namespace

absl::StatusOr<std::string> NewApiKey() {
  std::string bytes(kApiKeyBytes, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(bytes.size())) !=
      1) {
    return Error(absl::StatusCode::kInternal, "CRYPTO_ERROR", "no key could be made");
  }
  return absl::StrCat(kPrefix, absl::WebSafeBase64Escape(bytes));
}

absl::StatusOr<std::string> ApiKeyLine(absl::string_view key, absl::string_view identity) {
  LEYE_RETURN_IF_ERROR(KeyHolder(identity));
  return absl::StrCat(Sha256Hex(key), " ", identity);
}

absl::StatusOr<ApiKeys> ApiKeys::Parse(absl::string_view file) {
  ApiKeys keys;
  int number = 0;
  for (absl::string_view line : absl::StrSplit(file, '\n')) {
    ++number;
    const std::vector<absl::string_view> words =
        absl::StrSplit(line, absl::ByAnyChar(" \t\r"), absl::SkipEmpty());
    if (words.empty() || absl::StartsWith(words[0], "#")) continue;
    if (words.size() < 2 || words.size() > 3) {
      return BadLine(number, "must be a hash, an identity and perhaps a last day");
    }
    if (!IsHash(words[0])) return BadLine(number, "the hash must have 64 digits 0-9 and a-f");
    absl::StatusOr<Principal> principal = KeyHolder(words[1]);
    if (!principal.ok()) return BadLine(number, principal.status().message());
    Entry entry{.principal = *std::move(principal), .last_day = absl::CivilDay::max()};
    if (words.size() == 3 && !absl::ParseCivilTime(words[2], &entry.last_day)) {
      return BadLine(number, "the last day must be written YYYY-MM-DD");
    }
    if (!keys.entries_.emplace(std::string(words[0]), std::move(entry)).second) {
      return BadLine(number, "the hash stands there twice");
    }
  }
  return keys;
}

absl::StatusOr<Principal> ApiKeys::Find(absl::string_view key, absl::Time now) const {
  const auto entry = entries_.find(Sha256Hex(key));
  if (entry == entries_.end() || DayInChina(now) > entry->second.last_day) {
    return WithMessageZh(Error(absl::StatusCode::kUnauthenticated, "BAD_API_KEY",
                               "the key is not one that this server takes"),
                         "密钥无效");
  }
  return entry->second.principal;
}

}  // namespace leye::access
