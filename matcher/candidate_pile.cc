#include "matcher/candidate_pile.h"

#include "matcher/candidate_codec.h"

namespace leye::matcher {
namespace {

// A chunk is never moved to be made larger, so memory is never held twice. Piles of a few thousand
// people are common: what is left of the last chunk must not count.
constexpr size_t kChunkBytes = size_t{64} << 10;
constexpr size_t kFullBytes = kChunkBytes - (size_t{4} << 10);

}  // namespace

void CandidatePile::Add(const CandidateProfile& candidate) {
  if (chunks_.empty() || chunks_.back().bytes().size() >= kFullBytes) {
    chunks_.emplace_back().Reserve(kChunkBytes);
  }
  ByteWriter& chunk = chunks_.back();
  places_.push_back({.chunk = static_cast<uint32_t>(chunks_.size() - 1),
                     .at = static_cast<uint32_t>(chunk.bytes().size())});
  PackRow(EncodeCandidate(candidate, HouseholdProfile()), chunk);
}

void CandidatePile::Get(size_t person, CandidateProfile& candidate) const {
  thread_local CandidateRow row;
  thread_local CandidateRecord record;
  const Place place = places_[person];
  UnpackRow(ByteReader(chunks_[place.chunk].bytes().data() + place.at), row);
  DecodeCandidate(row.values, record);
  candidate = record.candidate;
  candidate.skills.assign(row.skills.begin(), row.skills.end());
  candidate.wished_divisions.assign(row.wished_divisions.begin(), row.wished_divisions.end());
}

}  // namespace leye::matcher
