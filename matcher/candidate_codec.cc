#include "matcher/candidate_codec.h"

#include <algorithm>
#include <bit>
#include <limits>

namespace leye::matcher {
namespace {

using Column = CandidateColumn;
using Flag = CandidateFlag;

constexpr uint32_t FlagBit(Flag flag) { return uint32_t{1} << static_cast<int>(flag); }

// A number that may be absent: 0 is absent.
template <typename T>
constexpr uint64_t OrAbsent(const std::optional<T>& value) {
  return value.has_value() ? 1 + static_cast<uint64_t>(*value) : 0;
}
template <typename T>
constexpr std::optional<T> Present(uint64_t value) {
  if (value == 0) return std::nullopt;
  return static_cast<T>(value - 1);
}

// A day whose usual value, `usual`, is written as 0.
constexpr uint64_t DayValue(Day day, Day usual) {
  return day == usual ? 0 : 1 + uint64_t{DayOrdinal(day)};
}
constexpr Day DayOf(uint64_t value, Day usual) {
  return value == 0 ? usual : DayOfOrdinal(static_cast<uint32_t>(value - 1));
}

constexpr uint32_t kBirthDayMask = (uint32_t{1} << kBirthSpanBits) - 1;

constexpr uint64_t Byte(uint64_t packed, int index) { return (packed >> (8 * index)) & 0xff; }

constexpr std::array<double, kReachCodes> kReachKm = {
    0,  5,   10,  15,  20,  30,  40,   50,
    75, 100, 150, 200, 300, 500, 1000, std::numeric_limits<double>::infinity()};

uint32_t FlagsOf(const CandidateProfile& candidate) {
  uint32_t flags = 0;
  const auto put = [&flags](Flag flag, bool set) {
    if (set) flags |= FlagBit(flag);
  };
  put(Flag::kSeeking, candidate.seeking);
  put(Flag::kWilling, candidate.willing);
  put(Flag::kPlaced, candidate.employment.placed);
  put(Flag::kLeavesHome, candidate.willing_to_leave_home);
  put(Flag::kNeedsLodging, candidate.needs_lodging);
  put(Flag::kNeedsTransport, candidate.needs_transport);
  put(Flag::kWantsToGoOut, candidate.wants_to_go_out);
  put(Flag::kRegisteredUnemployed, candidate.registered_unemployed);
  put(Flag::kMaternityProtection, candidate.maternity_protection);
  put(Flag::kOutsideHomeCounty, candidate.employment.outside_home_county);
  put(Flag::kRankingDeclined, candidate.ranking_declined);
  put(Flag::kShownToEmployers, candidate.shown_to_employers);
  return flags;
}

void ReadFlags(uint64_t flags, CandidateProfile& candidate) {
  const auto has = [flags](Flag flag) { return (flags & FlagBit(flag)) != 0; };
  candidate.seeking = has(Flag::kSeeking);
  candidate.willing = has(Flag::kWilling);
  candidate.employment.placed = has(Flag::kPlaced);
  candidate.willing_to_leave_home = has(Flag::kLeavesHome);
  candidate.needs_lodging = has(Flag::kNeedsLodging);
  candidate.needs_transport = has(Flag::kNeedsTransport);
  candidate.wants_to_go_out = has(Flag::kWantsToGoOut);
  candidate.registered_unemployed = has(Flag::kRegisteredUnemployed);
  candidate.maternity_protection = has(Flag::kMaternityProtection);
  candidate.employment.outside_home_county = has(Flag::kOutsideHomeCounty);
  candidate.ranking_declined = has(Flag::kRankingDeclined);
  candidate.shown_to_employers = has(Flag::kShownToEmployers);
}

bool IsReady(const CandidateProfile& candidate) {
  return candidate.seeking && candidate.willing && !candidate.employment.placed;
}

bool IsFar(const CandidateProfile& candidate) {
  return candidate.willing_to_leave_home || ReachCode(candidate.max_distance) == kReachCodes - 1;
}

// As MeritKey says.
uint8_t StandingOf(GroupSet groups, bool stands_last) {
  constexpr std::array<Group, 6> kNeed = {Group::kZeroEmploymentHousehold,
                                          Group::kMonitoredAtRisk,
                                          Group::kWeakLabour,
                                          Group::kMonitored,
                                          Group::kLiftedFromPoverty,
                                          Group::kRelocated};
  const auto need = std::find_if(kNeed.begin(), kNeed.end(),
                                 [groups](Group group) { return groups.Contains(group); });
  const auto least = static_cast<size_t>(need - kNeed.begin());
  return static_cast<uint8_t>(stands_last ? least + kNeed.size() + 1 : least);
}

// Who the person is, and what the rules of age and health look at.
void EncodePerson(const CandidateProfile& candidate, CandidateRow& row) {
  const auto put = [&row](Column column, uint64_t value) { row.values[ColumnOf(column)] = value; };
  put(Column::kId, candidate.id.value());
  put(Column::kHousehold, candidate.household.value());
  put(Column::kArea, candidate.area.value());
  put(Column::kResidence, candidate.residence_division.twelve_digits());
  const uint32_t birth = DayOrdinal(candidate.birth);
  put(Column::kBirthSpan, BirthSpan(birth));
  put(Column::kBirthDay, birth & kBirthDayMask);
  put(Column::kSex, static_cast<uint64_t>(candidate.sex));
  put(Column::kRetirementCategory, static_cast<uint64_t>(candidate.retirement_category));
  put(Column::kEducation, OrAbsent(candidate.education));
  put(Column::kLabourClass, static_cast<uint64_t>(candidate.labour_class));
  put(Column::kDisability,
      (static_cast<uint64_t>(candidate.disability.kind) << 8) | candidate.disability.grade);
  put(Column::kIntensityLimit, candidate.intensity_limit);
  put(Column::kGroups, candidate.groups.bits());
}

// Where the person stands in work.
void EncodeStanding(const CandidateProfile& candidate, CandidateRow& row) {
  const auto put = [&row](Column column, uint64_t value) { row.values[ColumnOf(column)] = value; };
  const Employment& employment = candidate.employment;
  const bool ready = IsReady(candidate);
  put(Column::kReady, ready ? 1 : 0);
  put(Column::kStandsLast, ready ? 0 : 1);
  put(Column::kConsentFirst, DayValue(candidate.consent.first, Day::Min()));
  put(Column::kConsentLast, DayValue(candidate.consent.last, Day::Max()));
  put(Column::kEmployment, static_cast<uint64_t>(employment.state) |
                               (OrAbsent(employment.channel) << 8) |
                               (static_cast<uint64_t>(employment.public_welfare_kind) << 16));
  put(Column::kPublicWelfare,
      candidate.public_welfare.months_used | (uint64_t{candidate.public_welfare.placements} << 16));
  put(Column::kUnemployedSince, candidate.unemployed_since.has_value()
                                    ? 1 + uint64_t{DayOrdinal(*candidate.unemployed_since)}
                                    : 0);
}

// What the person wishes and can do.
void EncodeWishes(const CandidateProfile& candidate, CandidateRow& row) {
  const auto put = [&row](Column column, uint64_t value) { row.values[ColumnOf(column)] = value; };
  put(Column::kReach, ReachCode(candidate.max_distance));
  put(Column::kFar, IsFar(candidate) ? 1 : 0);
  for (size_t i = 0; i < candidate.wished_trades.size() && i < kMaxWishedTrades; ++i) {
    row.values[ColumnOf(Column::kWishedTrade1) + i] = 1 + candidate.wished_trades[i].value();
  }
  if (candidate.wished_yuan_per_month.has_value()) {
    put(Column::kWishedPay, 1 + uint64_t{static_cast<uint32_t>(*candidate.wished_yuan_per_month)});
  }
  if (candidate.max_distance.has_value()) {
    put(Column::kMaxDistance, 1 + std::bit_cast<uint64_t>(candidate.max_distance->km()));
  }
  put(Column::kMaxMinutes, OrAbsent(candidate.max_travel_minutes));
  put(Column::kAvailableFirst, DayValue(candidate.available.first, Day::Min()));
  put(Column::kAvailableLast, DayValue(candidate.available.last, Day::Max()));
  put(Column::kShiftsNotFree, ShiftSet::All().bits() & ~candidate.shifts.bits());
  put(Column::kMaxHours, OrAbsent(candidate.max_hours_per_day));
  put(Column::kWorkForms, candidate.work_forms.bits());
  put(Column::kExperience, OrAbsent(candidate.experience_months));
}

void EncodeHouseholdFacts(const HouseholdProfile& household, CandidateRow& row) {
  const auto put = [&row](Column column, uint64_t value) { row.values[ColumnOf(column)] = value; };
  put(Column::kHouseholdCounts, household.members | (uint64_t{household.able_members} << 8) |
                                    (uint64_t{household.earners} << 16));
  put(Column::kHouseholdGroups, household.groups.bits());
  put(Column::kHouseholdExclusions, household.exclusions.bits());
  std::array<uint64_t, 2> holders{};
  for (size_t kind = 0; kind < household.public_welfare_holders.size(); ++kind) {
    holders[kind / 8] |= uint64_t{household.public_welfare_holders[kind]} << (8 * (kind % 8));
  }
  put(Column::kHouseholdHolders, holders[0]);
  put(Column::kHouseholdHoldersRest, holders[1]);
}

void DecodeHousehold(const auto& get, HouseholdProfile& household) {
  const uint64_t counts = get(Column::kHouseholdCounts);
  household.id = HouseholdId(get(Column::kHousehold));
  household.members = static_cast<uint8_t>(Byte(counts, 0));
  household.able_members = static_cast<uint8_t>(Byte(counts, 1));
  household.earners = static_cast<uint8_t>(Byte(counts, 2));
  household.groups = GroupSet::FromBits(static_cast<uint32_t>(get(Column::kHouseholdGroups)));
  household.exclusions =
      HouseholdExclusionSet::FromBits(static_cast<uint32_t>(get(Column::kHouseholdExclusions)));
  for (size_t kind = 0; kind < household.public_welfare_holders.size(); ++kind) {
    const uint64_t packed =
        get(kind < 8 ? Column::kHouseholdHolders : Column::kHouseholdHoldersRest);
    household.public_welfare_holders[kind] =
        static_cast<uint8_t>(Byte(packed, static_cast<int>(kind % 8)));
  }
}

void DecodeStanding(const auto& get, CandidateProfile& candidate) {
  const uint64_t employment = get(Column::kEmployment);
  candidate.consent = {.first = DayOf(get(Column::kConsentFirst), Day::Min()),
                       .last = DayOf(get(Column::kConsentLast), Day::Max())};
  candidate.employment.state = static_cast<EmploymentState>(Byte(employment, 0));
  candidate.employment.channel = Present<Channel>(Byte(employment, 1));
  candidate.employment.public_welfare_kind = static_cast<PublicWelfareKind>(Byte(employment, 2));
  const uint64_t history = get(Column::kPublicWelfare);
  candidate.public_welfare.months_used = static_cast<uint16_t>(history);
  candidate.public_welfare.placements = static_cast<uint8_t>(history >> 16);
  candidate.unemployed_since = UnemployedSince(get(Column::kUnemployedSince));
}

void DecodeWishes(const auto& get, CandidateProfile& candidate) {
  candidate.wished_trades.clear();
  for (const Column column :
       {Column::kWishedTrade1, Column::kWishedTrade2, Column::kWishedTrade3}) {
    const uint64_t trade = get(column);
    if (trade != 0) candidate.wished_trades.push_back(TradeId(static_cast<uint16_t>(trade - 1)));
  }
  candidate.wished_yuan_per_month = WishedPay(get(Column::kWishedPay));
  const uint64_t distance = get(Column::kMaxDistance);
  candidate.max_distance.reset();
  if (distance != 0) candidate.max_distance = Kilometres::Of(std::bit_cast<double>(distance - 1));
  candidate.max_travel_minutes = Present<uint16_t>(get(Column::kMaxMinutes));
  candidate.available = {.first = DayOf(get(Column::kAvailableFirst), Day::Min()),
                         .last = DayOf(get(Column::kAvailableLast), Day::Max())};
  candidate.shifts = ShiftSet::FromBits(~static_cast<uint32_t>(get(Column::kShiftsNotFree)));
  candidate.max_hours_per_day = Present<uint8_t>(get(Column::kMaxHours));
  candidate.work_forms = WorkFormSet::FromBits(static_cast<uint32_t>(get(Column::kWorkForms)));
  candidate.experience_months = Present<uint16_t>(get(Column::kExperience));
}

}  // namespace

AreaIndex CandidateRow::area() const {
  return AreaIndex(static_cast<uint32_t>(values[ColumnOf(Column::kArea)]));
}

std::span<const ColumnForm, kCandidateColumns> CandidateForms() {
  static constexpr auto kForms = [] {
    std::array<ColumnForm, kCandidateColumns> forms{};
    for (size_t i = 0; i < forms.size(); ++i) {
      forms[i] = i < ColumnOf(Column::kId) ? ColumnForm::kPlanes : ColumnForm::kPacked;
    }
    return forms;
  }();
  return kForms;
}

CandidateRow EncodeCandidate(const CandidateProfile& candidate, const HouseholdProfile& household) {
  CandidateRow row;
  EncodePerson(candidate, row);
  EncodeStanding(candidate, row);
  EncodeWishes(candidate, row);
  row.values[ColumnOf(Column::kFlags)] = FlagsOf(candidate);
  EncodeHouseholdFacts(household, row);
  row.values[ColumnOf(Column::kStandingGroups)] = StandingGroups(candidate, household).bits();
  row.skills.assign(candidate.skills.begin(), candidate.skills.end());
  row.wished_divisions.assign(candidate.wished_divisions.begin(), candidate.wished_divisions.end());
  return row;
}

void EncodeHousehold(const HouseholdProfile& household, CandidateRow& row) {
  EncodeHouseholdFacts(household, row);
  CandidateRecord record;
  DecodeCandidate(row.values, record);
  row.values[ColumnOf(Column::kStandingGroups)] =
      StandingGroups(record.candidate, household).bits();
}

void DecodeCandidate(std::span<const uint64_t, kCandidateColumns> values, CandidateRecord& record) {
  const auto get = [values](Column column) { return values[ColumnOf(column)]; };
  CandidateProfile& candidate = record.candidate;
  candidate.id = CandidateId(get(Column::kId));
  candidate.household = HouseholdId(get(Column::kHousehold));
  candidate.area = AreaIndex(static_cast<uint32_t>(get(Column::kArea)));
  candidate.residence_division = DivisionCode::FromNumber(get(Column::kResidence));
  candidate.birth = DayOfOrdinal(
      static_cast<uint32_t>((get(Column::kBirthSpan) << kBirthSpanBits) | get(Column::kBirthDay)));
  candidate.sex = static_cast<Sex>(get(Column::kSex));
  candidate.retirement_category = static_cast<RetirementCategory>(get(Column::kRetirementCategory));
  candidate.education = Present<Education>(get(Column::kEducation));
  candidate.labour_class = static_cast<LabourClass>(get(Column::kLabourClass));
  candidate.disability.kind = static_cast<DisabilityKind>(Byte(get(Column::kDisability), 1));
  candidate.disability.grade = static_cast<uint8_t>(Byte(get(Column::kDisability), 0));
  candidate.intensity_limit = static_cast<uint8_t>(get(Column::kIntensityLimit));
  candidate.groups = GroupSet::FromBits(static_cast<uint32_t>(get(Column::kGroups)));
  ReadFlags(get(Column::kFlags), candidate);
  DecodeStanding(get, candidate);
  DecodeWishes(get, candidate);
  DecodeHousehold(get, record.household);
}

void PackRow(const CandidateRow& row, ByteWriter& writer) {
  // Most columns are 0, so it is said first which are not.
  uint64_t said = 0;
  for (size_t column = 0; column < kCandidateColumns; ++column) {
    said |= uint64_t{row.values[column] != 0} << column;
  }
  const size_t most = 3 + kCandidateColumns + 3 * row.skills.size() + row.wished_divisions.size();
  writer.PutMany(most, [&](const auto& put) {
    put(said);
    for (uint64_t left = said; left != 0; left &= left - 1) {
      put(row.values[static_cast<size_t>(std::countr_zero(left))]);
    }
    put(row.skills.size());
    for (const HeldSkill& held : row.skills) {
      put(held.skill.value());
      put(static_cast<uint64_t>(held.level.value()) + 1);
      put(DayValue(held.expires, Day::Max()));
    }
    put(row.wished_divisions.size());
    for (const DivisionCode division : row.wished_divisions) put(division.twelve_digits());
  });
}

void UnpackRow(ByteReader reader, CandidateRow& row) {
  row.values.fill(0);
  for (uint64_t left = reader.Get(); left != 0; left &= left - 1) {
    row.values[static_cast<size_t>(std::countr_zero(left))] = reader.Get();
  }
  row.skills.clear();
  for (auto left = reader.GetAs<size_t>(); left > 0; --left) {
    HeldSkill held;
    held.skill = SkillId(reader.GetAs<uint16_t>());
    const auto level = reader.GetAs<int>();
    if (level > 0) held.level = SkillLevel::Of(level - 1);
    held.expires = DayOf(reader.Get(), Day::Max());
    row.skills.push_back(held);
  }
  row.wished_divisions.clear();
  for (auto left = reader.GetAs<size_t>(); left > 0; --left) {
    row.wished_divisions.push_back(DivisionCode::FromNumber(reader.Get()));
  }
}

std::optional<Day> UnemployedSince(uint64_t value) {
  if (value == 0) return std::nullopt;
  return DayOfOrdinal(static_cast<uint32_t>(value - 1));
}

std::optional<int32_t> WishedPay(uint64_t value) {
  if (value == 0) return std::nullopt;
  return static_cast<int32_t>(static_cast<uint32_t>(value - 1));
}

uint32_t ReachCode(std::optional<Kilometres> max_distance) {
  if (!max_distance.has_value()) return 0;
  const auto at = std::lower_bound(kReachKm.begin() + 1, kReachKm.end(), max_distance->km());
  return static_cast<uint32_t>(std::min(at, kReachKm.end() - 1) - kReachKm.begin());
}

Kilometres ReachLimit(uint32_t code) { return Kilometres::Of(kReachKm[code]); }

MeritKey MeritOf(const CandidateRow& row) {
  const GroupSet groups = GroupSet::FromBits(static_cast<uint32_t>(row[Column::kStandingGroups]));
  return {.standing = StandingOf(groups, row.stands_last()),
          .waiting_since = UnemployedSince(row[Column::kUnemployedSince]).value_or(Day::Max()),
          .id = row.id()};
}

CandidatePlacement PlacementOf(const CandidateRow& row) {
  return {
      .key = MeritOf(row), .area = row.area(), .stands_last = row.stands_last(), .far = row.far()};
}

}  // namespace leye::matcher
