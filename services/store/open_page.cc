#include "services/store/open_page.h"

#include <bit>
#include <cstring>
#include <limits>
#include <utility>

#include "services/store/errors.h"

namespace leye::store {
namespace {

static_assert(std::endian::native == std::endian::little);

template <typename... Numbers>
constexpr size_t kBytesOf = (sizeof(Numbers) + ...);

template <typename... Numbers>
void PutNumbers(std::string& bytes, Numbers... numbers) {
  (bytes.append(reinterpret_cast<const char*>(&numbers), sizeof(numbers)), ...);
}

// REQUIRES: that many bytes.
template <typename... Numbers>
const char* TakeNumbers(const char* bytes, Numbers&... numbers) {
  ((std::memcpy(&numbers, bytes, sizeof(numbers)), bytes += sizeof(numbers)), ...);
  return bytes;
}

// Bits of a record's last byte: has_key, over the kind.
constexpr uint8_t kHasKey = 0x80;

// What a place takes: number, version, three sizes, kind.
constexpr size_t kPlaceBytes = kBytesOf<uint64_t, uint64_t, uint32_t, uint16_t, uint16_t, uint8_t>;

}  // namespace

std::string OpenPage::Pack() const {
  std::string bytes;
  bytes.reserve(sizeof(uint32_t) + places_.size() * kPlaceBytes + letters_.size());
  PutNumbers(bytes, static_cast<uint32_t>(places_.size()));
  for (const Place& place : places_) {
    const auto kind = static_cast<uint8_t>(place.kind);
    PutNumbers(bytes, place.number, place.version, place.open_size, place.name_size, place.key_size,
               static_cast<uint8_t>(place.has_key ? kind | kHasKey : kind));
  }
  return bytes += letters_;
}

absl::StatusOr<OpenPage> OpenPage::Unpack(absl::string_view bytes) {
  uint32_t count = 0;
  if (bytes.size() < sizeof(count)) return StoreCorrupt("a packed page has no size");
  const char* next = TakeNumbers(bytes.data(), count);
  const char* const end = bytes.data() + bytes.size();
  if (static_cast<size_t>(end - next) / kPlaceBytes < count) {
    return StoreCorrupt("a packed page is cut off");
  }
  OpenPage page;
  page.places_.reserve(count);
  size_t letters = 0;
  for (uint32_t i = 0; i < count; ++i) {
    Place place{};
    uint8_t kind = 0;
    next = TakeNumbers(next, place.number, place.version, place.open_size, place.name_size,
                       place.key_size, kind);
    place.has_key = (kind & kHasKey) != 0;
    place.kind = static_cast<Kind>(kind & ~kHasKey);
    place.letters = letters;
    letters += size_t{place.name_size} + place.key_size + place.open_size;
    page.places_.push_back(place);
  }
  page.letters_.assign(next, end);
  if (page.letters_.size() != letters) return StoreCorrupt("a packed page has other sizes");
  return page;
}

}  // namespace leye::store
