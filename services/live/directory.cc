#include "services/live/directory.h"

#include "absl/strings/str_cat.h"

namespace leye::live {
namespace {

constexpr absl::string_view kPrefix = "regions/";
constexpr size_t kCollectionAt = kPrefix.size() + 3;  // "regions/13/"

template <typename Entry>
const Entry* FindEntry(const RecordTable<Entry>& table, absl::string_view id) {
  const std::optional<uint32_t> slot = table.names.Find(id);
  if (!slot.has_value()) return nullptr;
  const Entry& entry = table.entries[*slot];
  return entry.number == 0 ? nullptr : &entry;
}

// The entry of a full name in its region's table `table`; null when there is none.
template <typename Entry>
const Entry* FindIn(const Directory& directory, absl::string_view name,
                    absl::string_view collection, RecordTable<Entry> RegionTables::*table) {
  const std::optional<NameParts> parts = SplitName(name, collection);
  if (!parts.has_value()) return nullptr;
  const RegionTables* region = directory.region(parts->region);
  return region == nullptr ? nullptr : FindEntry(region->*table, parts->id);
}

template <typename RecordId>
RecordId MakeId(absl::string_view name, uint64_t number) {
  const auto region =
      static_cast<uint8_t>((name[kPrefix.size()] - '0') * 10 + (name[kPrefix.size() + 1] - '0'));
  return matcher::RegisteredId<RecordId>(matcher::RegionCode(region), number);
}

template <typename Tag>
store::Region StoreRegionOf(matcher::Id<Tag, uint64_t> id) {
  return store::Region::FromNumber(matcher::RegionOf(id).value());
}

template <typename Tag>
uint32_t SlotOf(const RegionTables& tables, matcher::Id<Tag, uint64_t> id) {
  return tables.slot_of_number[matcher::RegistrationNumberOf(id)];
}

}  // namespace

std::optional<NameParts> SplitName(absl::string_view name, absl::string_view collection) {
  if (name.size() < kCollectionAt + collection.size() + 2) return std::nullopt;
  if (name.substr(0, kPrefix.size()) != kPrefix || name[kCollectionAt - 1] != '/') {
    return std::nullopt;
  }
  const char tens = name[kPrefix.size()];
  const char units = name[kPrefix.size() + 1];
  if (tens < '0' || tens > '9' || units < '0' || units > '9') return std::nullopt;
  const absl::string_view rest = name.substr(kCollectionAt);
  if (rest.substr(0, collection.size()) != collection || rest[collection.size()] != '/') {
    return std::nullopt;
  }
  return NameParts{.region = store::Region::FromNumber((tens - '0') * 10 + (units - '0')),
                   .id = rest.substr(collection.size() + 1)};
}

void RegionTables::Remember(uint64_t number, uint32_t slot) {
  while (slot_of_number.size() <= number) slot_of_number.PushBack(kNoSlot);
  slot_of_number.Mutable(number) = slot;
}

RegionTables RegionTables::Share() {
  return {.households = households.Share(),
          .candidates = candidates.Share(),
          .employers = employers.Share(),
          .postings = postings.Share(),
          .shown = shown.Share(),
          .slot_of_number = slot_of_number.Share()};
}

size_t RegionTables::MemoryBytes() const {
  return households.MemoryBytes() + candidates.MemoryBytes() + employers.MemoryBytes() +
         postings.MemoryBytes() + shown.MemoryBytes() + slot_of_number.MemoryBytes();
}

std::optional<matcher::CandidateId> Directory::FindCandidate(absl::string_view name) const {
  const auto* entry = FindIn(*this, name, "candidates", &RegionTables::candidates);
  if (entry == nullptr) return std::nullopt;
  return MakeId<matcher::CandidateId>(name, entry->number);
}

std::optional<matcher::PostingId> Directory::FindPosting(absl::string_view name) const {
  const auto* entry = FindIn(*this, name, "postings", &RegionTables::postings);
  if (entry == nullptr) return std::nullopt;
  return MakeId<matcher::PostingId>(name, entry->number);
}

std::string Directory::NameOf(matcher::CandidateId id) const {
  const store::Region at = StoreRegionOf(id);
  const RegionTables& tables = *region(at);
  return absl::StrCat(kPrefix, at.code(), "/candidates/",
                      tables.candidates.names.NameOf(SlotOf(tables, id)));
}

std::string Directory::NameOf(matcher::PostingId id) const {
  const store::Region at = StoreRegionOf(id);
  const RegionTables& tables = *region(at);
  return absl::StrCat(kPrefix, at.code(), "/postings/",
                      tables.postings.names.NameOf(SlotOf(tables, id)));
}

const PostingEntry& Directory::Entry(matcher::PostingId id) const {
  const RegionTables& tables = *region(StoreRegionOf(id));
  return tables.postings.entries[SlotOf(tables, id)];
}

absl::string_view Directory::TitleOf(matcher::PostingId id) const { return Entry(id).title; }

bool Directory::IsPublished(matcher::PostingId id) const { return Entry(id).published; }

absl::string_view Directory::EmployerOf(matcher::PostingId id) const {
  const uint32_t employer = Entry(id).employer;
  if (employer == kNoSlot) return "";
  return region(StoreRegionOf(id))->employers.entries[employer].display_name;
}

std::string Directory::EmployerNameOf(matcher::PostingId id) const {
  const store::Region at = StoreRegionOf(id);
  const uint32_t employer = Entry(id).employer;
  if (employer == kNoSlot) return "";
  return absl::StrCat(kPrefix, at.code(), "/employers/",
                      region(at)->employers.names.NameOf(employer));
}

std::span<const matcher::Showing> Directory::ShowingsOf(matcher::CandidateId id) const {
  const RegionTables* tables = region(StoreRegionOf(id));
  const uint64_t number = matcher::RegistrationNumberOf(id);
  if (tables == nullptr || number >= tables->slot_of_number.size()) return {};
  const uint32_t slot = tables->slot_of_number[number];
  if (slot == kNoSlot) return {};
  const uint32_t shown = tables->candidates.entries[slot].shown;
  if (shown == kNoSlot || tables->shown[shown].showings == nullptr) return {};
  return *tables->shown[shown].showings;
}

void Directory::ForEachShown(
    store::Region region,
    absl::FunctionRef<void(matcher::CandidateId, std::span<const matcher::Showing>)> visit) const {
  const RegionTables* tables = this->region(region);
  if (tables == nullptr) return;
  const matcher::RegionCode code(static_cast<uint8_t>(region.number()));
  for (size_t slot = 0; slot < tables->candidates.entries.size(); ++slot) {
    const CandidateEntry& person = tables->candidates.entries[slot];
    if (person.number == 0 || person.shown == kNoSlot) continue;
    const auto& showings = tables->shown[person.shown].showings;
    if (showings == nullptr) continue;
    visit(matcher::RegisteredId<matcher::CandidateId>(code, person.number), *showings);
  }
}

const AreaEntry* Directory::FindArea(matcher::AreaIndex area) const {
  if (areas_ == nullptr || area.value() >= areas_->size()) return nullptr;
  const AreaEntry& entry = (*areas_)[area.value()];
  return entry.exists() ? &entry : nullptr;
}

std::optional<HouseholdCounts> Directory::CountsOf(absl::string_view household) const {
  const auto* entry = FindIn(*this, household, "households", &RegionTables::households);
  if (entry == nullptr) return std::nullopt;
  return entry->counts;
}

size_t Directory::MemoryBytes() const {
  size_t bytes = areas_ == nullptr ? 0 : areas_->MemoryBytes();
  for (const auto& tables : regions_) bytes += tables == nullptr ? 0 : tables->MemoryBytes();
  return bytes;
}

}  // namespace leye::live
