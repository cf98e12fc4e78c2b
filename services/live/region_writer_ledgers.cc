// RegionWriter: records that stand beside a person, a posting or a household, under its name. They
// come and go by themselves, before it, with it or after it.
#include <utility>

#include "services/live/region_writer.h"

namespace leye::live {

CandidateEntry* RegionWriter::EntryOfPerson(absl::string_view name) {
  const std::optional<NameParts> parts = SplitName(name, "candidates");
  if (!parts.has_value() || parts->region != region_) return nullptr;
  return &tables_.candidates.entries.Mutable(tables_.candidates.Intern(parts->id));
}

PostingEntry* RegionWriter::EntryOfPosting(absl::string_view name) {
  const std::optional<NameParts> parts = SplitName(name, "postings");
  if (!parts.has_value() || parts->region != region_) return nullptr;
  return &tables_.postings.entries.Mutable(tables_.postings.Intern(parts->id));
}

HouseholdEntry* RegionWriter::EntryOfHousehold(absl::string_view name) {
  const uint32_t slot = InternHousehold(name);
  if (slot == kNoSlot) return nullptr;
  touched_households_.insert(slot);
  return &tables_.households.entries.Mutable(slot);
}

void RegionWriter::PutFacts(const RecordFacts& record, const PlacementFacts& facts) {
  CandidateEntry* entry = EntryOfPerson(record.name);
  if (entry == nullptr) return;
  uint64_t& held = facts.kind == store::Kind::kClaim ? entry->claim : entry->placement;
  if (record.number <= held) return;
  held = record.number;
  Relink(*entry);
}

void RegionWriter::DeletePlacement(store::Kind kind, absl::string_view name, uint64_t number) {
  CandidateEntry* entry = EntryOfPerson(name);
  if (entry == nullptr) return;
  uint64_t& held = kind == store::Kind::kClaim ? entry->claim : entry->placement;
  if (held != number) return;
  held = 0;
  Relink(*entry);
}

void RegionWriter::PutFacts(const RecordFacts& record, HoldsFacts facts) {
  if (PostingEntry* posting = EntryOfPosting(record.name); posting != nullptr) {
    if (record.number < posting->holds) return;
    posting->holds = record.number;
    posting->holders = facts.holders;
    posting->holder_groups = std::move(facts.holder_groups);
    posting->barred = std::move(facts.barred);
    return Reoffer(*posting);
  }
  HouseholdEntry* household = EntryOfHousehold(record.name);
  if (household == nullptr || record.number < household->holds) return;
  household->holds = record.number;
  household->held_posts = facts.public_welfare_posts;
}

void RegionWriter::DeleteHolds(absl::string_view name, uint64_t number) {
  if (PostingEntry* posting = EntryOfPosting(name); posting != nullptr) {
    if (posting->holds != number) return;
    posting->holds = 0;
    posting->holders = 0;
    posting->holder_groups.clear();
    posting->barred.clear();
    return Reoffer(*posting);
  }
  HouseholdEntry* household = EntryOfHousehold(name);
  if (household == nullptr || household->holds != number) return;
  household->holds = 0;
  household->held_posts = {};
}

void RegionWriter::PutFacts(const RecordFacts& record, ShowingsFacts facts) {
  CandidateEntry* person = EntryOfPerson(record.name);
  if (person == nullptr) return;
  if (person->shown == kNoSlot) {
    person->shown = static_cast<uint32_t>(tables_.shown.size());
    tables_.shown.PushBack({});
  }
  ShownEntry& entry = tables_.shown.Mutable(person->shown);
  if (record.number < entry.number) return;
  entry.number = record.number;
  entry.showings = std::make_shared<const std::vector<matcher::Showing>>(std::move(facts.showings));
}

void RegionWriter::DeleteShowings(absl::string_view name, uint64_t number) {
  const CandidateEntry* person = EntryOfPerson(name);
  if (person == nullptr || person->shown == kNoSlot) return;
  ShownEntry& entry = tables_.shown.Mutable(person->shown);
  if (entry.number != number) return;
  entry.number = 0;
  entry.showings = nullptr;
}

}  // namespace leye::live
