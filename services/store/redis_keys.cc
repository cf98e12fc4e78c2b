#include "services/store/redis_keys.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

#include "services/store/errors.h"

namespace leye::store::redis {
namespace {

constexpr size_t kKindBytes = 3;  // Two digits and a colon.

std::string KeyOf(Region region, absl::string_view rest) {
  return absl::StrCat("{r", region.code(), "}:", rest);
}

uint16_t Crc16(absl::string_view bytes) {
  constexpr uint16_t kPolynomial = 0x1021;
  uint16_t crc = 0;
  for (const char c : bytes) {
    crc = static_cast<uint16_t>(crc ^ (static_cast<uint8_t>(c) << 8));
    for (int bit = 0; bit < 8; ++bit) {
      const bool carry = (crc & 0x8000) != 0;
      crc = static_cast<uint16_t>(crc << 1);
      if (carry) crc = crc ^ kPolynomial;
    }
  }
  return crc;
}

}  // namespace

std::string MetaKey(Region region) { return KeyOf(region, "meta"); }
std::string LogKey(Region region) { return KeyOf(region, "log"); }
std::string NamesKey(Region region) { return KeyOf(region, "names"); }
std::string RequestsKey(Region region) { return KeyOf(region, "requests"); }
std::string HoldsKey(Region region) { return KeyOf(region, "holds"); }
std::string ImagingKey(Region region) { return KeyOf(region, "imaging"); }
std::string ImagePageKey(Region region, absl::string_view buffer, uint64_t page) {
  return KeyOf(region, absl::StrCat("image:", buffer, ":", page));
}
std::string RequestPrefix(Region region) { return KeyOf(region, "request:"); }
std::string RecordPrefix(Region region) { return KeyOf(region, "record:"); }

std::string MemberOf(Kind kind, absl::string_view name) {
  return absl::StrCat(absl::StrFormat("%02d:", static_cast<int>(kind)), name);
}

std::string EndOfKind(Kind kind) {
  std::string end = MemberOf(kind, "");
  ++end.back();
  return end;
}

absl::StatusOr<Member> ParseMember(absl::string_view member) {
  int kind = 0;
  if (member.size() <= kKindBytes || member[kKindBytes - 1] != ':' ||
      !absl::SimpleAtoi(member.substr(0, kKindBytes - 1), &kind)) {
    return StoreCorrupt("a listed name is malformed");
  }
  return Member{static_cast<Kind>(kind), member.substr(kKindBytes)};
}

std::string StreamId(Revision revision) {
  return absl::StrCat(revision.epoch, "-", revision.sequence);
}

absl::StatusOr<Revision> ParseStreamId(absl::string_view id) {
  Revision revision;
  const size_t dash = id.find('-');
  if (dash == absl::string_view::npos || !absl::SimpleAtoi(id.substr(0, dash), &revision.epoch) ||
      !absl::SimpleAtoi(id.substr(dash + 1), &revision.sequence)) {
    return StoreCorrupt("a log entry has no id");
  }
  return revision;
}

int SlotOf(Region region) { return SlotOfKey(MetaKey(region)); }

int SlotOfKey(absl::string_view key) {
  const size_t open = key.find('{');
  if (open != absl::string_view::npos) {
    const size_t close = key.find('}', open + 1);
    if (close != absl::string_view::npos && close != open + 1) {
      key = key.substr(open + 1, close - open - 1);
    }
  }
  return Crc16(key) % kSlots;
}

}  // namespace leye::store::redis
