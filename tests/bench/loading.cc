#include "tests/bench/loading.h"

#include <thread>

namespace leye::bench {

std::shared_ptr<const matcher::CandidateSnapshot> LoadPeople(const Dataset& data,
                                                             matcher::CandidateIndex& index) {
  for (uint32_t area = 0; area < data.areas.size(); ++area) {
    index.UpsertArea(AreaProfileOf(data, area));
  }
  index.Load(
      data.candidates.size(),
      [&](size_t i, matcher::CandidateProfile& profile) {
        MakeCandidate(data, data.candidates[i], profile);
      },
      std::thread::hardware_concurrency());
  return index.Publish();
}

std::shared_ptr<const matcher::PostingSnapshot> LoadPostings(const Dataset& data,
                                                             matcher::PostingIndex& index) {
  index.Load(
      data.postings.size(),
      [&](size_t i, matcher::PostingProfile& profile) {
        profile = PostingProfileOf(data.postings[i]);
      },
      std::thread::hardware_concurrency());
  return index.Publish();
}

}  // namespace leye::bench
