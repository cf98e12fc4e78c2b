#include "services/base/wire.h"

namespace leye::wire {
namespace {

constexpr uint64_t kVarint = 0;
constexpr uint64_t kFixed64 = 1;
constexpr uint64_t kLengthDelimited = 2;
constexpr uint64_t kFixed32 = 5;

void AppendVarint(uint64_t value, std::string& out) {
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<char>((value & 0x7f) | 0x80));
  out.push_back(static_cast<char>(value));
}

}  // namespace

void AppendField(int number, absl::string_view value, std::string& message) {
  AppendVarint(static_cast<uint64_t>(number) << 3 | kLengthDelimited, message);
  AppendVarint(value.size(), message);
  message.append(value.data(), value.size());
}

void AppendNumber(int number, uint64_t value, std::string& message) {
  AppendVarint(static_cast<uint64_t>(number) << 3 | kVarint, message);
  AppendVarint(value, message);
}

std::optional<Field> Reader::Next() {
  while (!rest_.empty()) {
    const std::optional<uint64_t> tag = ReadVarint();
    if (!tag) return std::nullopt;
    const uint64_t type = *tag & 7;
    if (type == kLengthDelimited) {
      const std::optional<uint64_t> size = ReadVarint();
      if (!size || *size > rest_.size()) return std::nullopt;
      const absl::string_view value = rest_.substr(0, *size);
      rest_.remove_prefix(*size);
      return Field{*tag >> 3, value};
    }
    const bool skipped = type == kVarint    ? ReadVarint().has_value()
                         : type == kFixed64 ? Skip(8)
                         : type == kFixed32 ? Skip(4)
                                            : false;
    if (!skipped) return std::nullopt;
  }
  return std::nullopt;
}

std::optional<uint64_t> Reader::ReadVarint() {
  uint64_t value = 0;
  for (int shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    value |= static_cast<uint64_t>(byte & 0x7f) << shift;
    if ((byte & 0x80) == 0) return value;
  }
  return std::nullopt;
}

bool Reader::Skip(uint64_t bytes) {
  if (bytes > rest_.size()) return false;
  rest_.remove_prefix(bytes);
  return true;
}

}  // namespace leye::wire
