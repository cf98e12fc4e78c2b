#include "tests/bench/loading.h"

#include <algorithm>
#include <numeric>
#include <vector>

namespace leye::bench {

std::shared_ptr<const matcher::CandidateSnapshot> LoadPeople(const Dataset& data,
                                                             matcher::CandidateIndex& index) {
  for (uint32_t area = 0; area < data.areas.size(); ++area) {
    index.UpsertArea(AreaProfileOf(data, area));
  }
  std::vector<uint32_t> by_area(data.candidates.size());
  std::iota(by_area.begin(), by_area.end(), 0U);
  std::stable_sort(by_area.begin(), by_area.end(), [&](uint32_t a, uint32_t b) {
    return data.candidates[a].area < data.candidates[b].area;
  });
  matcher::CandidateProfile profile;
  for (const uint32_t position : by_area) {
    MakeCandidate(data, data.candidates[position], profile);
    index.Upsert(profile);
  }
  return index.Publish();
}

std::shared_ptr<const matcher::PostingSnapshot> LoadPostings(const Dataset& data,
                                                             matcher::PostingIndex& index) {
  for (const PostingRecord& posting : data.postings) index.Upsert(PostingProfileOf(posting));
  return index.Publish();
}

}  // namespace leye::bench
