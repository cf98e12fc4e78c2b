// Records of people as they were parsed, packed: a start has millions of them on the way.
//
//   PeoplePage page;
//   page.Add(name, number, facts);
//   page[0].household;
//   std::move(page).TakeProfiles();      // in the same order
//
// Thread-compatible.
#ifndef LEYE_SERVICES_LIVE_PEOPLE_PAGE_H_
#define LEYE_SERVICES_LIVE_PEOPLE_PAGE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "matcher/candidate_pile.h"
#include "services/live/facts.h"
#include "services/live/profile.h"

namespace leye::live {

// What the directory keeps of a person.
struct PersonEntry {
  absl::string_view name;       // Full name.
  absl::string_view household;  // Full name.
  uint64_t number = 0;
  const MemberFacts& member;
};

class PeoplePage {
 public:
  void Add(absl::string_view name, uint64_t number, const PersonFacts& facts) {
    people_.push_back({.number = number,
                       .letters = letters_.size(),
                       .name_size = static_cast<uint32_t>(name.size()),
                       .household_size = static_cast<uint32_t>(facts.household.size()),
                       .member = facts.candidate.member});
    absl::StrAppend(&letters_, name, facts.household);
    profiles_.Add(facts.candidate.profile);
  }

  // Room for so many.
  void Reserve(size_t people) {
    constexpr size_t kLikelyLetters = 80;
    people_.reserve(people);
    letters_.reserve(people * kLikelyLetters);
  }

  size_t size() const { return people_.size(); }
  // Lives until the page is changed.
  PersonEntry operator[](size_t person) const {
    const Person& found = people_[person];
    const absl::string_view letters = absl::string_view(letters_).substr(found.letters);
    return {.name = letters.substr(0, found.name_size),
            .household = letters.substr(found.name_size, found.household_size),
            .number = found.number,
            .member = found.member};
  }
  matcher::CandidatePile TakeProfiles() && { return std::move(profiles_); }

 private:
  struct Person {
    uint64_t number;
    size_t letters;  // Where the name begins in letters_; the household's follows.
    uint32_t name_size;
    uint32_t household_size;
    MemberFacts member;
  };

  std::vector<Person> people_;
  std::string letters_;
  matcher::CandidatePile profiles_;
};

}  // namespace leye::live

#endif  // LEYE_SERVICES_LIVE_PEOPLE_PAGE_H_
