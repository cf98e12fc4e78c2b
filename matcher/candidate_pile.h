// People who wait to be put into an index all at once, packed: some 60 bytes each.
//
//   CandidatePile pile;
//   pile.Add(profile);        // is person 0, then 1, 2, ...
//   pile.Get(0, profile);     // as it was put in
//
// Thread-compatible: Get may be called from many threads at once.
#ifndef LEYE_MATCHER_CANDIDATE_PILE_H_
#define LEYE_MATCHER_CANDIDATE_PILE_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "matcher/byte_stream.h"
#include "matcher/profile.h"

namespace leye::matcher {

class CandidatePile {
 public:
  void Add(const CandidateProfile& candidate);
  // Overwrites `candidate`, whose memory is used again. REQUIRES: person < size().
  void Get(size_t person, CandidateProfile& candidate) const;

  size_t size() const { return places_.size(); }

 private:
  struct Place {
    uint32_t chunk;
    uint32_t at;
  };

  std::vector<ByteWriter> chunks_;
  std::vector<Place> places_;
};

}  // namespace leye::matcher

#endif  // LEYE_MATCHER_CANDIDATE_PILE_H_
