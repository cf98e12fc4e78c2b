#include "services/leyectl/files/identifiers.h"

#include "absl/strings/str_cat.h"

#include "services/access/digest.h"

namespace leye::ctl::files {
namespace {

constexpr size_t kBlockBytes = 64;  // Of SHA-256.
constexpr size_t kIdBytes = 16;

std::string Padded(std::string key, char with) {
  if (key.size() > kBlockBytes) key = access::Sha256(key);
  key.resize(kBlockBytes, '\0');
  for (char& byte : key) byte = static_cast<char>(byte ^ with);
  return key;
}

// RFC 2104
std::string HmacSha256(const std::string& key, absl::string_view text) {
  return access::Sha256(
      absl::StrCat(Padded(key, 0x5C), access::Sha256(absl::StrCat(Padded(key, 0x36), text))));
}

// With lengths, so that no two lists of parts make the same text.
std::string Joined(absl::string_view kind, const std::vector<std::string>& parts) {
  std::string text(kind);
  for (const std::string& part : parts) absl::StrAppend(&text, ":", part.size(), ":", part);
  return text;
}

std::string IdOf(absl::string_view kind, const std::string& digest) {
  std::string id = absl::StrCat(kind, "-");
  for (size_t i = 0; i < kIdBytes; ++i) {
    const auto byte = static_cast<unsigned char>(digest[i]);
    id += static_cast<char>('a' + (byte >> 4U));
    id += static_cast<char>('a' + (byte & 0xFU));
  }
  return id;
}

}  // namespace

std::string Identifiers::Personal(absl::string_view kind,
                                  const std::vector<std::string>& parts) const {
  return IdOf(kind, HmacSha256(key_, Joined(kind, parts)));
}

std::string Identifiers::Public(absl::string_view kind, const std::vector<std::string>& parts) {
  return IdOf(kind, access::Sha256(Joined(kind, parts)));
}

}  // namespace leye::ctl::files
