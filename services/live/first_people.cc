#include "services/live/first_people.h"

#include <algorithm>
#include <utility>

#include "matcher/parallel_for.h"

namespace leye::live {
namespace {

constexpr size_t kPeopleOfPile = 20'000;

}  // namespace

void FirstPeople::Put(const matcher::CandidateProfile& profile) {
  Settle();
  if (piles_.empty() || piles_.back().size() >= kPeopleOfPile) piles_.emplace_back();
  matcher::CandidatePile& pile = piles_.back();
  place_[profile.id] = {.pile = static_cast<uint32_t>(piles_.size() - 1),
                        .person = static_cast<uint32_t>(pile.size())};
  pile.Add(profile);
}

void FirstPeople::Put(size_t count, Person person) {
  groups_.push_back({.count = count, .person = std::move(person)});
}

void FirstPeople::Remove(matcher::CandidateId id) {
  Settle();
  place_.erase(id);
}

std::optional<matcher::CandidateProfile> FirstPeople::Find(matcher::CandidateId id) {
  Settle();
  const auto found = place_.find(id);
  if (found == place_.end()) return std::nullopt;
  matcher::CandidateProfile profile;
  piles_[found->second.pile].Get(found->second.person, profile);
  return profile;
}

void FirstPeople::Settle() {
  for (const Group& group : groups_) Pack(group);
  groups_.clear();
}

// Of two with one id the later stays.
void FirstPeople::Pack(const Group& group) {
  const size_t count = group.count;
  const size_t first_pile = piles_.size();
  const size_t new_piles = (count + kPeopleOfPile - 1) / kPeopleOfPile;
  piles_.resize(first_pile + new_piles);
  std::vector<matcher::CandidateId> ids(count);
  matcher::ParallelFor(new_piles, threads_, [&](size_t pile) {
    matcher::CandidateProfile profile;
    for (size_t i = pile * kPeopleOfPile; i < std::min(count, (pile + 1) * kPeopleOfPile); ++i) {
      group.person(i, profile);
      piles_[first_pile + pile].Add(profile);
      ids[i] = profile.id;
    }
  });
  place_.reserve(place_.size() + count);
  for (size_t i = 0; i < count; ++i) {
    place_[ids[i]] = {.pile = static_cast<uint32_t>(first_pile + i / kPeopleOfPile),
                      .person = static_cast<uint32_t>(i % kPeopleOfPile)};
  }
}

void FirstPeople::LoadGroupsInto(matcher::CandidateIndex& index) const {
  std::vector<size_t> firsts;  // Of each group, among all.
  size_t count = 0;
  for (const Group& group : groups_) {
    firsts.push_back(count);
    count += group.count;
  }
  index.Load(
      count,
      [&](size_t i, matcher::CandidateProfile& profile) {
        const auto after = std::upper_bound(firsts.begin(), firsts.end(), i);
        const auto group = static_cast<size_t>(after - firsts.begin()) - 1;
        groups_[group].person(i - firsts[group], profile);
      },
      threads_);
}

void FirstPeople::LoadInto(matcher::CandidateIndex& index) {
  if (place_.empty()) return LoadGroupsInto(index);
  Settle();
  std::vector<Place> places;
  places.reserve(place_.size());
  for (const auto& [id, place] : place_) places.push_back(place);
  // So that piles are read from one end to the other.
  std::sort(places.begin(), places.end(), [](const Place& a, const Place& b) {
    return a.pile != b.pile ? a.pile < b.pile : a.person < b.person;
  });
  index.Load(
      places.size(),
      [&](size_t i, matcher::CandidateProfile& profile) {
        piles_[places[i].pile].Get(places[i].person, profile);
      },
      threads_);
}

}  // namespace leye::live
