// How a posting is written into a block, and read back without loss: what filters and bounds look
// at as columns, the skills asked as words (posting_asks.h), all other conditions as a string of
// bytes that many postings share and that is read only for postings worth judging.
//
// Pure functions.
#ifndef LEYE_MATCHER_POSTING_CODEC_H_
#define LEYE_MATCHER_POSTING_CODEC_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "matcher/column_table.h"
#include "matcher/posting_asks.h"
#include "matcher/posting_profile.h"

namespace leye::matcher {

enum class PostingColumn : uint8_t {
  // Planes.
  kTakesPeople,  // open, with openings left
  kChannel,
  kFlags,      // PostingFlag
  kEducation,  // 0 = none asked, otherwise 1 + enumerator
  kLeastAge,   // derived: nobody under, or over, is admitted by AGE-RANGE
  kMostAge,
  // Packed.
  kId,
  kLatitude,
  kLongitude,
  kRadius,    // 0 = none
  kTrade,     // 0 = none, otherwise 1 + trade
  kLeastPay,  // 0 = none
  kMostPay,
  kOpenings,
  kConditions,  // the number of its conditions in the block; given by the block
  kCount,
};
inline constexpr size_t kPostingColumns = static_cast<size_t>(PostingColumn::kCount);
using PostingValues = std::array<uint64_t, kPostingColumns>;

constexpr size_t ColumnOf(PostingColumn column) { return static_cast<size_t>(column); }

enum class PostingFlag : uint8_t { kOpen, kHomeBased, kLodging, kTransport };

struct PostingRow {
  PostingValues values{};
  AskKey key;
  AskWords asks;
  std::vector<uint8_t> conditions;

  PostingId id() const { return PostingId(values[ColumnOf(PostingColumn::kId)]); }
};

std::span<const ColumnForm, kPostingColumns> PostingForms();

// The row without its key.
PostingRow EncodePosting(const PostingProfile& posting);
// Overwrites `posting`, whose memory is used again.
void DecodePosting(std::span<const uint64_t, kPostingColumns> values,
                   std::span<const uint32_t> asks, const uint8_t* conditions,
                   PostingProfile& posting);

// Of columns kLeastPay and kMostPay; of kRadius; of kLatitude and kLongitude.
std::optional<int32_t> PostedYuan(uint64_t value);
std::optional<Kilometres> PostedRadius(uint64_t value);
GeoPoint PostedLocation(uint64_t latitude, uint64_t longitude);

}  // namespace leye::matcher

#endif  // LEYE_MATCHER_POSTING_CODEC_H_
