// Records without their personal parts, packed into one piece of memory: a start reads millions.
//
//   for (size_t i = 0; i < page.size(); ++i) Use(page[i].name, page[i].open);
//
// Thread-compatible.
#ifndef LEYE_SERVICES_STORE_OPEN_PAGE_H_
#define LEYE_SERVICES_STORE_OPEN_PAGE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "services/store/record.h"
#include "services/store/region.h"

namespace leye::store {

// All that a follower needs of a record.
struct OpenRecord {
  Kind kind;
  absl::string_view name;
  uint64_t number = 0;
  uint64_t version = 0;
  absl::string_view open;  // Envelope.open
  // What the personal part is sealed under: Sealed.key_id. Absent without a personal part.
  std::optional<absl::string_view> key_id = {};
};

class OpenPage {
 public:
  void Add(const OpenRecord& record) {
    const absl::string_view key = record.key_id.value_or("");
    places_.push_back({.number = record.number,
                       .version = record.version,
                       .letters = letters_.size(),
                       .open_size = static_cast<uint32_t>(record.open.size()),
                       .name_size = static_cast<uint16_t>(record.name.size()),
                       .key_size = static_cast<uint16_t>(key.size()),
                       .kind = record.kind,
                       .has_key = record.key_id.has_value()});
    for (const absl::string_view part : {record.name, key, record.open}) {
      letters_.append(part.data(), part.size());
    }
  }

  // All of it as bytes, of machines whose least byte stands first.
  std::string Pack() const;
  // What Pack gave. DATA_LOSS (STORE_CORRUPT) for what has not the sizes it says.
  static absl::StatusOr<OpenPage> Unpack(absl::string_view bytes);

  size_t size() const { return places_.size(); }
  bool empty() const { return places_.empty(); }
  // Views the page until it is changed.
  OpenRecord operator[](size_t i) const {
    const Place& place = places_[i];
    const absl::string_view letters = absl::string_view(letters_).substr(place.letters);
    const size_t open_at = size_t{place.name_size} + place.key_size;
    OpenRecord record{.kind = place.kind,
                      .name = letters.substr(0, place.name_size),
                      .number = place.number,
                      .version = place.version,
                      .open = letters.substr(open_at, place.open_size)};
    if (place.has_key) record.key_id = letters.substr(place.name_size, place.key_size);
    return record;
  }

 private:
  struct Place {
    uint64_t number;
    uint64_t version;
    size_t letters;  // Where the name begins in letters_; key and open part follow.
    uint32_t open_size;
    uint16_t name_size;
    uint16_t key_size;
    Kind kind;
    bool has_key;
  };

  std::vector<Place> places_;
  std::string letters_;
};

// A page of a region's records, as RegionScanPage without the personal parts.
struct OpenScanPage {
  OpenPage records;
  std::string next_cursor;
  Revision revision;
};

}  // namespace leye::store

#endif  // LEYE_SERVICES_STORE_OPEN_PAGE_H_
