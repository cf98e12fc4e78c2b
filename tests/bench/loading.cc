#include "tests/bench/loading.h"

#include <algorithm>
#include <string>
#include <thread>

#include "tests/oracle/dice.h"

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

std::shared_ptr<const matcher::TravelTable> MakeTravelTimes(const Dataset& data, size_t places,
                                                            const matcher::Ruleset& ruleset) {
  constexpr double kMostMinutes = 1440;
  const double minutes_a_km = ruleset.proximity.half_minutes / ruleset.proximity.half_distance.km();
  matcher::oracle::Dice dice(1);
  matcher::TravelIndex index;
  for (uint32_t area = 0; area < data.areas.size(); ++area) {
    index.PutArea(AreaProfileOf(data, area));
  }
  for (size_t i = 0; i < std::min(places, data.postings.size()); ++i) {
    matcher::TravelIndex::PlaceTimes place;
    place.at = data.postings[i].at;
    for (uint32_t area = 0; area < data.areas.size(); ++area) {
      const double km = DistanceBetween(data.areas[area].at, place.at).km();
      const double minutes = km * minutes_a_km * (0.8 + 0.4 * dice.Unit());
      if (minutes > kMostMinutes) continue;
      place.times.push_back({.area = matcher::AreaIndex(area),
                             .mode = matcher::TravelMode::kCar,
                             .minutes = static_cast<uint16_t>(1 + minutes)});
    }
    index.PutPlace(matcher::RegionCode(13), std::to_string(i), place);
  }
  return index.Publish();
}

}  // namespace leye::bench
