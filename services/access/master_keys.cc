#include "services/access/master_keys.h"

#include <algorithm>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "services/base/status.h"

namespace leye::access {
namespace {

constexpr size_t kMaxKeys = 100;
constexpr size_t kMaxIdBytes = 64;
constexpr size_t kHexDigits = 2 * kKeyBytes;
constexpr size_t kBase64Digits = 44;
constexpr absl::string_view kWrappingPurpose = "leye master key 1: wraps data keys";

bool IsMasterKeyId(absl::string_view text) {
  return text.size() <= kMaxIdBytes && absl::c_all_of(text, [](char c) {
           return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_' ||
                  c == '.';
         });
}

// The 32 bytes, empty when `text` is not 32 bytes in either form.
std::string Decode(absl::string_view text) {
  std::string bytes;
  if (text.size() == kHexDigits && absl::c_all_of(text, [](char c) {
        return absl::ascii_isxdigit(static_cast<unsigned char>(c));
      })) {
    bytes = absl::HexStringToBytes(text);
  } else if (text.size() == kBase64Digits && !absl::Base64Unescape(text, &bytes)) {
    Wipe(bytes);
  }
  if (bytes.size() != kKeyBytes) Wipe(bytes);
  return bytes;
}

// A key for one purpose: who learns it learns neither the line's bytes nor a key for another.
SecretKey Derive(absl::string_view master) {
  ShortKey derived;
  HMAC(EVP_sha256(), master.data(), static_cast<int>(master.size()),
       reinterpret_cast<const uint8_t*>(kWrappingPurpose.data()), kWrappingPurpose.size(),
       derived.bytes.data(), nullptr);
  return SecretKey({reinterpret_cast<const char*>(derived.bytes.data()), derived.bytes.size()});
}

// Reads one line after the other and collects what is wrong.
class Reader {
 public:
  void Take(int number, absl::string_view line);
  absl::StatusOr<std::vector<MasterKey>> Finish() &&;

 private:
  void Refuse(int number, absl::string_view what) {
    mistakes_.push_back(absl::StrCat("line ", number, ": ", what));
  }

  std::vector<MasterKey> keys_;
  std::vector<std::string> mistakes_;
};

void Reader::Take(int number, absl::string_view line) {
  const std::vector<absl::string_view> words =
      absl::StrSplit(line, absl::ByAnyChar(" \t\r"), absl::SkipEmpty());
  if (words.empty() || absl::StartsWith(words[0], "#")) return;
  if (words.size() != 2) return Refuse(number, "must be an id and a key");
  if (!IsMasterKeyId(words[0])) {
    return Refuse(number, "the id must be at most 64 letters, digits, '-', '_' and '.'");
  }
  std::string bytes = Decode(words[1]);
  const WipeAtEnd wipe(bytes);
  if (bytes.empty()) {
    return Refuse(number, "the key must be 32 bytes, as 64 hexadecimal digits or in base64");
  }
  if (absl::c_all_of(bytes, [&](char c) { return c == bytes[0]; })) {
    return Refuse(number, "the key is one byte 32 times, and no secret");
  }
  if (absl::c_any_of(keys_, [&](const MasterKey& key) { return key.id == words[0]; })) {
    return Refuse(number, absl::StrCat("the id ", words[0], " stands there twice"));
  }
  keys_.push_back({.id = std::string(words[0]), .wrapping = Derive(bytes)});
}

absl::StatusOr<std::vector<MasterKey>> Reader::Finish() && {
  if (mistakes_.empty() && keys_.empty()) mistakes_.emplace_back("there is no key");
  if (keys_.size() > kMaxKeys) {
    mistakes_.push_back(absl::StrCat("there are ", keys_.size(), " keys, more than ", kMaxKeys));
  }
  if (mistakes_.empty()) return std::move(keys_);
  return Error(absl::StatusCode::kInvalidArgument, "INVALID_FILE", absl::StrJoin(mistakes_, "; "));
}

}  // namespace

absl::StatusOr<MasterKeys> MasterKeys::Parse(absl::string_view text) {
  Reader reader;
  int number = 0;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) reader.Take(++number, line);
  MasterKeys keys;
  LEYE_ASSIGN_OR_RETURN(keys.keys_, std::move(reader).Finish());
  return keys;
}

const MasterKey* MasterKeys::Find(absl::string_view id) const {
  const auto found = absl::c_find_if(keys_, [&](const MasterKey& key) { return key.id == id; });
  return found == keys_.end() ? nullptr : &*found;
}

}  // namespace leye::access
