#include "services/live/region_writer.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "matcher/parallel_for.h"

namespace leye::live {
namespace {

// True when a record of this number may be written over what the entry holds.
template <typename Entry>
bool IsCurrent(const Entry& entry, uint64_t number) {
  return number >= entry.number;
}

template <typename List>
void Erase(List& list, uint32_t slot) {
  const auto at = std::find(list.begin(), list.end(), slot);
  if (at != list.end()) list.erase(at);
}

bool SameArea(const std::optional<matcher::AreaProfile>& a,
              const std::optional<matcher::AreaProfile>& b) {
  if (!a.has_value() || !b.has_value()) return a.has_value() == b.has_value();
  return a->division == b->division && a->location == b->location;
}

}  // namespace

RegionWriter::RegionWriter(store::Region region, const World& world, matcher::Day day,
                           RegionTables tables)
    : region_(region),
      region_code_(static_cast<uint8_t>(region.number())),
      world_(world),
      travel_(region, world.areas, world.indexes.travel_times()),
      day_(day),
      tables_(std::move(tables)) {}

void RegionWriter::Put(RecordFacts record) {
  std::visit([&](auto& facts) { PutFacts(record, std::move(facts)); }, record.facts);
}

void RegionWriter::PutFacts(const RecordFacts& record, AreaFacts facts) {
  const matcher::AreaIndex index = world_.areas.Intern(record.name);
  if (index == kNowhere || !IsCurrent(world_.areas[index], record.number)) return;
  AreaEntry& entry = world_.areas.Mutable(index);
  if (facts.profile.has_value()) facts.profile->index = index;
  if (!SameArea(entry.profile, facts.profile)) touched_areas_.insert(index.value());
  entry.number = record.number;
  entry.display_name = std::move(facts.display_name);
  entry.profile = facts.profile;
  if (entry.profile.has_value()) {
    world_.indexes.Put(*entry.profile);
  } else {
    world_.indexes.Remove(index);
  }
}

void RegionWriter::PutFacts(const RecordFacts& record, const HouseholdFacts& facts) {
  const uint32_t slot = InternHousehold(record.name);
  if (slot == kNoSlot) return;
  const matcher::AreaIndex area = world_.areas.Intern(facts.area);
  HouseholdEntry& entry = tables_.households.entries.Mutable(slot);
  if (!IsCurrent(entry, record.number)) return;
  if (entry.number != 0 && entry.number != record.number) {
    world_.indexes.Remove(IdOf<matcher::HouseholdId>(entry.number));
  }
  const bool moved = entry.number != record.number || entry.area != area;
  if (moved && !entry.members.empty()) moved_households_.insert(slot);
  if (entry.standing != facts.standing) TouchMembers(entry);
  entry.number = record.number;
  entry.area = area;
  entry.standing = facts.standing;
  touched_households_.insert(slot);
}

void RegionWriter::PutFacts(const RecordFacts& record, std::unique_ptr<PersonFacts> facts) {
  const std::optional<NameParts> name = SplitName(record.name, "candidates");
  if (!name.has_value() || name->region != region_) return;
  const uint32_t slot = tables_.candidates.Intern(name->id);
  const uint64_t before = tables_.candidates.entries[slot].number;
  if (record.number < before) return;
  if (before != 0 && before != record.number) DeleteCandidate(slot);
  JoinHousehold(slot, InternHousehold(facts->household));
  CandidateEntry& entry = tables_.candidates.entries.Mutable(slot);
  entry.number = record.number;
  entry.member = facts->candidate.member;
  tables_.Remember(record.number, slot);
  Link(entry, facts->candidate.profile);
  world_.indexes.Put(std::move(facts->candidate.profile));
}

void RegionWriter::PutLoaded(LoadedPeople loaded) {
  PutAllHouseholds();
  ForgetTouched();
  loading_ = false;
  const auto people = std::make_shared<const LoadedPeople>(std::move(loaded));
  // Fastest area by area, unless all are loaded together.
  std::vector<uint32_t> order;
  if (!world_.indexes.LoadsTogether()) {
    order.resize(people->size());
    std::iota(order.begin(), order.end(), uint32_t{0});
    std::ranges::sort(order, {}, [&](uint32_t i) { return AreaOf(people->SlotOf(i)); });
  }
  world_.indexes.Put(people->size(), [this, people, order = std::move(order)](
                                         size_t i, matcher::CandidateProfile& profile) {
    const size_t person = order.empty() ? i : order[i];
    people->ProfileOf(person, profile);
    Link(tables_.candidates.entries[people->SlotOf(person)], profile);
  });
}

void RegionWriter::PutAllHouseholds() {
  auto& entries = tables_.households.entries;
  // No copy of the tables was shared yet, so that Mutable changes the entry and nothing else.
  constexpr size_t kOfTask = 4096;
  matcher::ParallelFor((entries.size() + kOfTask - 1) / kOfTask, Processors(), [&](size_t task) {
    const size_t end = std::min(entries.size(), (task + 1) * kOfTask);
    for (size_t slot = task * kOfTask; slot < end; ++slot) {
      HouseholdEntry& entry = entries.Mutable(slot);
      entry.counts = CountsOf(entry);
    }
  });
  if (world_.indexes.LoadsTogether()) world_.indexes.ExpectHouseholds(entries.size());
  for (size_t slot = 0; slot < entries.size(); ++slot) PutHousehold(entries[slot]);
}

matcher::AreaIndex RegionWriter::AreaOf(uint32_t slot) const {
  const uint32_t household = tables_.candidates.entries[slot].household;
  return household == kNoSlot ? kNowhere : tables_.households.entries[household].area;
}

void RegionWriter::PutFacts(const RecordFacts& record, EmployerFacts facts) {
  const uint32_t slot = InternEmployer(record.name);
  if (slot == kNoSlot) return;
  EmployerEntry& entry = tables_.employers.entries.Mutable(slot);
  if (!IsCurrent(entry, record.number)) return;
  const bool changed = entry.active != facts.active;
  entry.number = record.number;
  entry.display_name = std::move(facts.display_name);
  entry.active = facts.active;
  if (changed) ReopenPostings(entry);
}

void RegionWriter::PutFacts(const RecordFacts& record, std::unique_ptr<PostingFacts> facts) {
  const std::optional<NameParts> name = SplitName(record.name, "postings");
  if (!name.has_value() || name->region != region_) return;
  const uint32_t slot = tables_.postings.Intern(name->id);
  const uint64_t before = tables_.postings.entries[slot].number;
  if (record.number < before) return;
  if (before != 0 && before != record.number) DeletePosting(slot);
  JoinEmployer(slot, InternEmployer(facts->employer));
  PostingEntry& entry = tables_.postings.entries.Mutable(slot);
  entry.number = record.number;
  entry.open = facts->profile.open;
  entry.published = facts->published;
  entry.title = std::move(facts->title);
  entry.posted = facts->posted;
  SetHolds(entry, facts->profile);
  tables_.Remember(record.number, slot);
  facts->profile.id = IdOf<matcher::PostingId>(record.number);
  facts->profile.open = IsOpen(entry);
  world_.indexes.Put(std::move(facts->profile));
}

void RegionWriter::Delete(store::Kind kind, absl::string_view name, uint64_t number) {
  const auto remove = [&](auto& table, absl::string_view collection, auto how) {
    const std::optional<NameParts> parts = SplitName(name, collection);
    if (!parts.has_value() || parts->region != region_) return;
    const std::optional<uint32_t> slot = table.names.Find(parts->id);
    if (slot.has_value() && number != 0 && table.entries[*slot].number == number) {
      (this->*how)(*slot);
    }
  };
  switch (kind) {
    case store::Kind::kSettlementArea:
      return DeleteArea(name, number);
    case store::Kind::kHousehold:
      return remove(tables_.households, "households", &RegionWriter::DeleteHousehold);
    case store::Kind::kCandidate:
      return remove(tables_.candidates, "candidates", &RegionWriter::DeleteCandidate);
    case store::Kind::kEmployer:
      return remove(tables_.employers, "employers", &RegionWriter::DeleteEmployer);
    case store::Kind::kPosting:
      return remove(tables_.postings, "postings", &RegionWriter::DeletePosting);
    case store::Kind::kClaim:
    case store::Kind::kPlacement:
      return DeletePlacement(kind, name, number);
    case store::Kind::kHolds:
      return DeleteHolds(name, number);
    case store::Kind::kShowings:
      return DeleteShowings(name, number);
    case store::Kind::kTravelTimes:
      return travel_.Delete(name, number);
    default:
      return;
  }
}

void RegionWriter::DeleteArea(absl::string_view name, uint64_t number) {
  const matcher::AreaIndex index = world_.areas.Intern(name);
  if (index == kNowhere || world_.areas[index].number != number) return;
  AreaEntry& entry = world_.areas.Mutable(index);
  entry.number = 0;
  entry.profile.reset();
  entry.display_name.clear();
  world_.indexes.Remove(index);
  touched_areas_.insert(index.value());
}

void RegionWriter::DeleteHousehold(uint32_t slot) {
  HouseholdEntry& entry = tables_.households.entries.Mutable(slot);
  world_.indexes.Remove(IdOf<matcher::HouseholdId>(entry.number));
  entry.number = 0;
  entry.area = kNowhere;
  entry.standing = {};
  entry.counts = {};
  moved_households_.insert(slot);
}

void RegionWriter::DeleteCandidate(uint32_t slot) {
  LeaveHousehold(slot);
  CandidateEntry& entry = tables_.candidates.entries.Mutable(slot);
  world_.indexes.Remove(IdOf<matcher::CandidateId>(entry.number));
  tables_.slot_of_number.Mutable(entry.number) = kNoSlot;
  entry.number = 0;
  entry.member = {};
}

void RegionWriter::DeleteEmployer(uint32_t slot) {
  EmployerEntry& entry = tables_.employers.entries.Mutable(slot);
  entry.number = 0;
  entry.active = false;
  entry.display_name.clear();
  ReopenPostings(entry);
}

void RegionWriter::DeletePosting(uint32_t slot) {
  LeaveEmployer(slot);
  PostingEntry& entry = tables_.postings.entries.Mutable(slot);
  world_.indexes.Remove(IdOf<matcher::PostingId>(entry.number));
  tables_.slot_of_number.Mutable(entry.number) = kNoSlot;
  entry.number = 0;
  entry.open = false;
  entry.title.clear();
  entry.posted = {};
}

void RegionWriter::JoinHousehold(uint32_t candidate, uint32_t household) {
  if (tables_.candidates.entries[candidate].household != household) {
    LeaveHousehold(candidate);
    tables_.candidates.entries.Mutable(candidate).household = household;
    if (household != kNoSlot) {
      tables_.households.entries.Mutable(household).members.push_back(candidate);
    }
  }
  if (household != kNoSlot) touched_households_.insert(household);
}

void RegionWriter::LeaveHousehold(uint32_t candidate) {
  const uint32_t household = tables_.candidates.entries[candidate].household;
  if (household == kNoSlot) return;
  Erase(tables_.households.entries.Mutable(household).members, candidate);
  tables_.candidates.entries.Mutable(candidate).household = kNoSlot;
  touched_households_.insert(household);
}

void RegionWriter::JoinEmployer(uint32_t posting, uint32_t employer) {
  if (tables_.postings.entries[posting].employer == employer) return;
  LeaveEmployer(posting);
  tables_.postings.entries.Mutable(posting).employer = employer;
  if (employer != kNoSlot) tables_.employers.entries.Mutable(employer).postings.push_back(posting);
}

void RegionWriter::LeaveEmployer(uint32_t posting) {
  const uint32_t employer = tables_.postings.entries[posting].employer;
  if (employer == kNoSlot) return;
  Erase(tables_.employers.entries.Mutable(employer).postings, posting);
  tables_.postings.entries.Mutable(posting).employer = kNoSlot;
}

uint32_t RegionWriter::InternHousehold(absl::string_view name) {
  const std::optional<NameParts> parts = SplitName(name, "households");
  if (!parts.has_value() || parts->region != region_) return kNoSlot;
  return tables_.households.Intern(parts->id);
}

uint32_t RegionWriter::InternEmployer(absl::string_view name) {
  const std::optional<NameParts> parts = SplitName(name, "employers");
  if (!parts.has_value() || parts->region != region_) return kNoSlot;
  return tables_.employers.Intern(parts->id);
}

void RegionWriter::Link(const CandidateEntry& entry, matcher::CandidateProfile& profile) const {
  profile.id = IdOf<matcher::CandidateId>(entry.number);
  profile.household = {};
  profile.area = kNowhere;
  if (entry.household != kNoSlot) {
    const HouseholdEntry& household = tables_.households.entries[entry.household];
    if (household.number != 0) {
      profile.household = IdOf<matcher::HouseholdId>(household.number);
      profile.area = household.area;
    }
  }
  profile.employment.placed = entry.held();
  LinkToArea(profile, entry.member,
             world_.areas[profile.area].profile.value_or(matcher::AreaProfile()));
}

void RegionWriter::RelinkMembers(const HouseholdEntry& household) {
  for (const uint32_t slot : household.members) Relink(tables_.candidates.entries[slot]);
}

void RegionWriter::TouchMembers(const HouseholdEntry& household) {
  for (const uint32_t slot : household.members) {
    const uint64_t number = tables_.candidates.entries[slot].number;
    if (number != 0) world_.indexes.Touch(IdOf<matcher::CandidateId>(number));
  }
}

void RegionWriter::Relink(const CandidateEntry& entry) {
  if (loading_ || entry.number == 0) return;
  auto profile = world_.indexes.Find(IdOf<matcher::CandidateId>(entry.number));
  if (!profile.has_value()) return;
  Link(entry, *profile);
  world_.indexes.Put(*std::move(profile));
}

void RegionWriter::SetHolds(const PostingEntry& entry, matcher::PostingProfile& profile) {
  const auto of_group = std::ranges::count(entry.holder_groups, profile.reserved_for);
  SetOpeningsLeft(entry.posted, {.all = entry.holders, .of_group = of_group}, profile);
  profile.barred = entry.barred;
}

void RegionWriter::Reoffer(const PostingEntry& entry) {
  if (entry.number == 0) return;
  auto profile = world_.indexes.Find(IdOf<matcher::PostingId>(entry.number));
  if (!profile.has_value()) return;
  SetHolds(entry, *profile);
  world_.indexes.Put(*std::move(profile));
}

void RegionWriter::ReopenPostings(const EmployerEntry& employer) {
  for (const uint32_t slot : employer.postings) {
    const PostingEntry& entry = tables_.postings.entries[slot];
    auto profile = world_.indexes.Find(IdOf<matcher::PostingId>(entry.number));
    if (!profile.has_value() || profile->open == IsOpen(entry)) continue;
    profile->open = IsOpen(entry);
    world_.indexes.Put(*std::move(profile));
  }
}

bool RegionWriter::IsOpen(const PostingEntry& posting) const {
  return posting.open && posting.employer != kNoSlot &&
         tables_.employers.entries[posting.employer].active;
}

HouseholdCounts RegionWriter::CountsOf(const HouseholdEntry& household) const {
  HouseholdCounts counts;
  for (const uint32_t slot : household.members) {
    Add(tables_.candidates.entries[slot].member, day_, counts);
  }
  Add(household.held_posts, counts);
  return counts;
}

void RegionWriter::CountMembers(uint32_t household) {
  HouseholdEntry& entry = tables_.households.entries.Mutable(household);
  const HouseholdCounts counts = CountsOf(entry);
  if (entry.counts != counts) TouchMembers(entry);
  entry.counts = counts;
  PutHousehold(entry);
}

void RegionWriter::PutHousehold(const HouseholdEntry& household) {
  if (household.number == 0) return;
  world_.indexes.Put(ToHouseholdProfile(IdOf<matcher::HouseholdId>(household.number),
                                        household.standing, household.counts));
}

void RegionWriter::Finish() {
  if (!touched_areas_.empty()) {
    for (uint32_t slot = 0; slot < tables_.households.entries.size(); ++slot) {
      const matcher::AreaIndex area = tables_.households.entries[slot].area;
      if (touched_areas_.contains(area.value())) moved_households_.insert(slot);
    }
  }
  for (const uint32_t slot : moved_households_) RelinkMembers(tables_.households.entries[slot]);
  // In order: they lie side by side, and after a load they are all there are.
  std::vector<uint32_t> touched(touched_households_.begin(), touched_households_.end());
  std::sort(touched.begin(), touched.end());
  for (const uint32_t slot : touched) CountMembers(slot);
  ForgetTouched();
}

void RegionWriter::ForgetTouched() {
  touched_areas_.clear();
  moved_households_.clear();
  touched_households_.clear();
}

void RegionWriter::AdvanceTo(matcher::Day day) {
  if (day == day_) return;
  for (uint32_t slot = 0; slot < tables_.candidates.entries.size(); ++slot) {
    const CandidateEntry& entry = tables_.candidates.entries[slot];
    if (entry.household == kNoSlot) continue;
    if (entry.member.AbleOn(day) != entry.member.AbleOn(day_)) {
      touched_households_.insert(entry.household);
    }
  }
  day_ = day;
}

void RegionWriter::RemoveAllBut(const RegionWriter& after) {
  const auto remove = [&]<typename RecordId>(const auto& before, const auto& now, RecordId) {
    // By number alone: where history forked, another name may have it now.
    std::vector<bool> kept;
    for (uint32_t slot = 0; slot < now.entries.size(); ++slot) {
      const uint64_t number = now.entries[slot].number;
      if (number >= kept.size()) kept.resize(number + 1);
      kept[number] = true;
    }
    for (uint32_t slot = 0; slot < before.entries.size(); ++slot) {
      const uint64_t number = before.entries[slot].number;
      if (number == 0 || (number < kept.size() && kept[number])) continue;
      world_.indexes.Remove(IdOf<RecordId>(number));
    }
  };
  remove(tables_.candidates, after.tables_.candidates, matcher::CandidateId());
  remove(tables_.postings, after.tables_.postings, matcher::PostingId());
  remove(tables_.households, after.tables_.households, matcher::HouseholdId());
  travel_.RemoveAllBut(after.travel_);
}

}  // namespace leye::live
