#include "services/leyed/adapters.h"

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace leye {
namespace {

std::string RevisionOf(const live::LiveSnapshot& snapshot, absl::string_view household) {
  const std::optional<live::NameParts> name = live::SplitName(household, "households");
  if (!name.has_value()) return {};
  const auto revision = snapshot.revisions.find(name->region);
  if (revision == snapshot.revisions.end()) return {};
  return store::FormatToken({name->region, revision->second});
}

// The people of a region, put together area by area.
class PeopleByArea {
 public:
  PeopleByArea(const live::Directory& directory, const live::RegionTables& tables,
               store::Region region, matcher::Day day)
      : directory_(directory), tables_(tables), region_(region), day_(day) {}

  void AddHouseholds() {
    for (size_t slot = 0; slot < tables_.households.entries.size(); ++slot) {
      const live::HouseholdEntry& household = tables_.households.entries[slot];
      if (household.number != 0) Add(household.counts, AreaOf(household).figures);
    }
  }

  void AddSeekers() {
    for (size_t slot = 0; slot < tables_.candidates.entries.size(); ++slot) {
      const live::CandidateEntry& person = tables_.candidates.entries[slot];
      if (person.number == 0 || person.household == live::kNoSlot) continue;
      const live::HouseholdEntry& household = tables_.households.entries[person.household];
      if (household.number == 0) continue;
      const live::MemberFacts& member = person.member;
      if (!member.AbleOn(day_) || !member.willing || member.earner) continue;
      app::AreaPeople& area = AreaOf(household);
      area.seekers.push_back(
          absl::StrCat("regions/", region_.code(), "/candidates/",
                       tables_.candidates.names.NameOf(static_cast<uint32_t>(slot))));
      area.figures.set_seekers(area.figures.seekers() + 1);
    }
  }

  std::vector<app::AreaPeople> Take() {
    std::map<std::string, app::AreaPeople> by_name;
    for (auto& [index, area] : areas_) by_name[area.area] = std::move(area);
    std::vector<app::AreaPeople> all;
    for (auto& [name, people] : by_name) all.push_back(std::move(people));
    return all;
  }

 private:
  app::AreaPeople& AreaOf(const live::HouseholdEntry& household) {
    const auto* entry = directory_.FindArea(household.area);
    const bool exists = entry != nullptr && entry->exists();
    const auto [there, fresh] =
        areas_.try_emplace(exists ? household.area.value() : live::kNowhere.value());
    app::AreaPeople& people = there->second;
    if (fresh && exists) {
      people.area = entry->name;
      people.display_name = entry->display_name;
      if (entry->profile.has_value() && entry->profile->division.known()) {
        constexpr uint64_t kSixDigits = 1'000'000;  // Of twelve.
        people.division =
            absl::StrFormat("%06d", entry->profile->division.twelve_digits() / kSixDigits);
      }
    }
    return people;
  }

  static void Add(const live::HouseholdCounts& counts, v1::CoverageFigures& sum) {
    const bool willing = counts.able_and_willing > 0;
    sum.set_households(sum.households() + 1);
    sum.set_willing_households(sum.willing_households() + (willing ? 1 : 0));
    sum.set_zero_employment_households(sum.zero_employment_households() +
                                       (counts.ZeroEmployment() ? 1 : 0));
    sum.set_working_households(sum.working_households() + (counts.earners > 0 ? 1 : 0));
    sum.set_people(sum.people() + counts.members);
    sum.set_able(sum.able() + counts.able);
    sum.set_able_and_willing(sum.able_and_willing() + counts.able_and_willing);
    sum.set_earners(sum.earners() + counts.earners);
    int64_t holders = 0;
    for (const uint8_t of_kind : counts.public_welfare_holders) holders += of_kind;
    sum.set_public_welfare_holders(sum.public_welfare_holders() + holders);
  }

  const live::Directory& directory_;
  const live::RegionTables& tables_;
  const store::Region region_;
  const matcher::Day day_;
  std::map<uint64_t, app::AreaPeople> areas_;
};

}  // namespace

std::optional<v1::HouseholdFigures> LiveHouseholdFigures::FiguresOf(
    absl::string_view household) const {
  const std::shared_ptr<const live::LiveSnapshot> snapshot = holder_.Get();
  if (snapshot == nullptr) return std::nullopt;
  const std::optional<live::HouseholdCounts> counts = snapshot->directory.CountsOf(household);
  if (!counts.has_value()) return std::nullopt;
  v1::HouseholdFigures figures;
  figures.set_members(counts->members);
  figures.set_able_members(counts->able);
  figures.set_earners(counts->earners);
  figures.set_zero_employment(counts->ZeroEmployment());
  figures.set_revision(RevisionOf(*snapshot, household));
  return figures;
}

std::optional<app::RegionPeople> LiveRegionPeople::PeopleOf(store::Region region,
                                                            absl::CivilDay today) const {
  const std::shared_ptr<const live::LiveSnapshot> snapshot = holder_.Get();
  if (snapshot == nullptr) return std::nullopt;
  app::RegionPeople people;
  const auto revision = snapshot->revisions.find(region);
  if (revision != snapshot->revisions.end()) {
    people.revision = store::FormatToken({region, revision->second});
  }
  const live::RegionTables* tables = snapshot->directory.region(region);
  if (tables == nullptr) return people;
  PeopleByArea by_area(snapshot->directory, *tables, region, matcher::Day::FromCivil(today));
  by_area.AddHouseholds();
  by_area.AddSeekers();
  people.areas = by_area.Take();
  return people;
}

}  // namespace leye
