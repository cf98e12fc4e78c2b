// People before the first snapshot that has any: they wait until all are there, and are loaded at
// once.
//
//   FirstPeople people(threads);
//   people.Put(count, person);          // a region's; asked for when they are needed
//   people.Put(profile);  people.Remove(id);  people.Find(id);
//   people.LoadInto(index);
//
// A region's people stay where they are until they are loaded, for that is all that happens to them
// in a start without writers. Put, Remove and Find of one person pack everybody first, some 80
// bytes each. Thread-compatible.
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
  // Fills in person i. Called from several threads.
  using Person = std::function<void(size_t, matcher::CandidateProfile&)>;

  explicit FirstPeople(size_t threads) : threads_(threads) {}

  void Put(const matcher::CandidateProfile& profile);
  // Many, no id twice among all that were put like this since they were last packed.
  void Put(size_t count, Person person);
  void Remove(matcher::CandidateId id);
  std::optional<matcher::CandidateProfile> Find(matcher::CandidateId id);
  bool empty() const { return groups_.empty() && place_.empty(); }

  // Packs everybody: no Person that was given is called again.
  void Settle();

  // REQUIRES: nobody is in.
  void LoadInto(matcher::CandidateIndex& index);

 private:
  struct Group {
    size_t count;
    Person person;
  };
  struct Place {
    uint32_t pile;
    uint32_t person;
  };

  void Pack(const Group& group);
  void LoadGroupsInto(matcher::CandidateIndex& index) const;

  const size_t threads_;
  std::vector<Group> groups_;  // Not packed yet.
  std::vector<matcher::CandidatePile> piles_;
  absl::flat_hash_map<matcher::CandidateId, Place> place_;
};

}  // namespace leye::live

#endif  // LEYE_SERVICES_LIVE_FIRST_PEOPLE_H_
