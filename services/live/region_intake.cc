#include "services/live/region_intake.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>

namespace leye::live {
namespace {

// Names are looked for all over a large table: a little ahead, so that memory has time.
constexpr size_t kAhead = 8;

// The id in a name of that collection of `region`; empty for another name.
absl::string_view IdIn(absl::string_view name, absl::string_view collection, store::Region region) {
  const std::optional<NameParts> parts = SplitName(name, collection);
  return parts.has_value() && parts->region == region ? parts->id : absl::string_view();
}

}  // namespace

void RegionIntake::TakeHouseholds(std::span<const RecordFacts> page) {
  for (size_t i = 0; i < page.size(); ++i) {
    if (i + kAhead < page.size()) {
      tables_.households.names.Prefetch(IdIn(page[i + kAhead].name, "households", region_));
    }
    const auto* facts = std::get_if<HouseholdFacts>(&page[i].facts);
    if (facts != nullptr) Take(page[i], *facts);
  }
}

void RegionIntake::Take(const RecordFacts& record, const HouseholdFacts& facts) {
  const uint32_t slot = InternHousehold(record.name);
  if (slot == kNoSlot) return;
  HouseholdEntry& entry = tables_.households.entries.Mutable(slot);
  if (record.number < entry.number) return;
  entry.number = record.number;
  entry.area = areas_.Intern(facts.area);
  entry.standing = facts.standing;
}

void RegionIntake::Take(PeoplePage page) {
  for (size_t i = 0; i < page.size(); ++i) {
    if (i + kAhead < page.size()) {
      tables_.candidates.names.Prefetch(IdIn(page[i + kAhead].name, "candidates", region_));
    }
    Take(page[i], static_cast<uint32_t>(i));
  }
  people_.piles_.push_back(std::move(page).TakeProfiles());
}

void RegionIntake::Take(const PersonEntry& person, uint32_t at) {
  const absl::string_view id = IdIn(person.name, "candidates", region_);
  if (id.empty()) return;
  const uint32_t slot = tables_.candidates.Intern(id);
  CandidateEntry& entry = tables_.candidates.entries.Mutable(slot);
  if (person.number < entry.number) return;
  if (entry.number != 0) {
    any_twice_ = true;
    tables_.slot_of_number.Mutable(entry.number) = kNoSlot;
  }
  entry.number = person.number;
  entry.member = person.member;
  Join(slot, InternHousehold(person.household));
  tables_.Remember(person.number, slot);
  people_.people_.push_back(
      {.slot = slot, .pile = static_cast<uint32_t>(people_.piles_.size()), .at = at});
}

uint32_t RegionIntake::InternHousehold(absl::string_view name) {
  const absl::string_view id = IdIn(name, "households", region_);
  return id.empty() ? kNoSlot : tables_.households.Intern(id);
}

void RegionIntake::DropEarlierOnes() {
  if (!any_twice_) return;
  std::vector<LoadedPeople::Person>& people = people_.people_;
  std::vector<bool> seen(tables_.candidates.entries.size());
  const auto is_earlier = [&seen](const LoadedPeople::Person& person) {
    const bool earlier = seen[person.slot];
    seen[person.slot] = true;
    return earlier;
  };
  const auto kept = std::remove_if(people.rbegin(), people.rend(), is_earlier);
  people.erase(people.begin(), kept.base());
}

void RegionIntake::Join(uint32_t person, uint32_t household) {
  uint32_t& joined = tables_.candidates.entries.Mutable(person).household;
  if (joined == household) return;
  if (joined != kNoSlot) {
    auto& members = tables_.households.entries.Mutable(joined).members;
    members.erase(std::find(members.begin(), members.end(), person));
  }
  joined = household;
  if (household != kNoSlot) tables_.households.entries.Mutable(household).members.push_back(person);
}

RegionIntake::Result RegionIntake::Finish() && {
  DropEarlierOnes();
  return {.tables = std::move(tables_), .people = std::move(people_)};
}

}  // namespace leye::live
