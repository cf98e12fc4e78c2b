// People before the first snapshot that has any: they wait until all are there, and are loaded at
// once.
//
//   FirstPeople people;
//   people.Put(profile);  people.Remove(id);  people.Find(id);
//   people.LoadInto(index, threads);
//
// Some 80 bytes a person. Thread-compatible.
#ifndef LEYE_SERVICES_LIVE_FIRST_PEOPLE_H_
#define LEYE_SERVICES_LIVE_FIRST_PEOPLE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "absl/container/flat_hash_map.h"

#include "matcher/candidate_index.h"
#include "matcher/candidate_pile.h"

namespace leye::live {

class FirstPeople {
 public:
  // Fills in person i. Called from up to `threads` threads.
  using Person = std::function<void(size_t, matcher::CandidateProfile&)>;

  void Put(const matcher::CandidateProfile& profile);
  // The same one after the other; of two with one id the later stays.
  void Put(size_t count, const Person& person, size_t threads);
  void Remove(matcher::CandidateId id) { place_.erase(id); }
  std::optional<matcher::CandidateProfile> Find(matcher::CandidateId id) const;
  bool empty() const { return place_.empty(); }

  // REQUIRES: nobody is in.
  void LoadInto(matcher::CandidateIndex& index, size_t threads) const;

 private:
  struct Place {
    uint32_t pile;
    uint32_t person;
  };

  std::vector<matcher::CandidatePile> piles_;
  absl::flat_hash_map<matcher::CandidateId, Place> place_;
};

}  // namespace leye::live

#endif  // LEYE_SERVICES_LIVE_FIRST_PEOPLE_H_
