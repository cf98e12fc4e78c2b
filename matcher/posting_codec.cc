#include "matcher/posting_codec.h"

#include <algorithm>
#include <bit>

#include "matcher/byte_stream.h"

namespace leye::matcher {
namespace {

using Column = PostingColumn;
using Flag = PostingFlag;

constexpr uint64_t kAnyAge = 255;

template <typename T>
uint64_t OrAbsent(const std::optional<T>& value) {
  return value.has_value() ? 1 + static_cast<uint64_t>(*value) : 0;
}
template <typename T>
std::optional<T> Present(uint64_t value) {
  if (value == 0) return std::nullopt;
  return static_cast<T>(value - 1);
}

void PutDay(Day day, ByteWriter& out) { out.PutSigned(day.number()); }
Day GetDay(ByteReader& in) { return Day::FromNumber(static_cast<int32_t>(in.GetSigned())); }

void PutOptionalDay(const std::optional<Day>& day, ByteWriter& out) {
  out.Put(day.has_value() ? 1 : 0);
  if (day.has_value()) PutDay(*day, out);
}
std::optional<Day> GetOptionalDay(ByteReader& in) {
  if (in.Get() == 0) return std::nullopt;
  return GetDay(in);
}

void PutLimits(const AgeLimits& limits, ByteWriter& out) {
  out.Put(OrAbsent(limits.min_years));
  out.Put(OrAbsent(limits.max_years));
  out.Put(OrAbsent(limits.relaxable_to_years));
}
AgeLimits GetLimits(ByteReader& in) {
  AgeLimits limits;
  limits.min_years = Present<uint8_t>(in.Get());
  limits.max_years = Present<uint8_t>(in.Get());
  limits.relaxable_to_years = Present<uint8_t>(in.Get());
  return limits;
}

void PutSkillList(const std::vector<SkillId>& skills, ByteWriter& out) {
  out.Put(skills.size());
  for (const SkillId skill : skills) out.Put(skill.value());
}
void GetSkillList(ByteReader& in, std::vector<SkillId>& skills) {
  skills.resize(in.Get());
  for (SkillId& skill : skills) skill = SkillId(in.GetAs<uint16_t>());
}

// Conditions on the person other than skills.
void PutConditions(const PostingProfile& posting, ByteWriter& out) {
  out.Put(posting.age_ranges.size());
  for (const AgeRange& range : posting.age_ranges) {
    PutLimits(range.limits, out);
    out.Put(static_cast<uint64_t>(range.sex));
    out.Put(range.groups.bits());
  }
  PutSkillList(posting.required_papers, out);
  out.Put(OrAbsent(posting.experience_min_months));
  out.Put(posting.residence.size());
  for (const DivisionCode division : posting.residence) out.Put(division.twelve_digits());
  out.Put(posting.eligible_groups.size());
  for (const EligibleGroup& group : posting.eligible_groups) {
    out.Put(group.all_of.bits());
    PutLimits(group.limits, out);
    PutSkillList(group.papers, out);
  }
  out.Put(posting.excluded_groups.bits());
  out.Put(posting.excluded_households.bits());
  out.Put(posting.unemployment_registration_required ? 1 : 0);
  out.Put(static_cast<uint64_t>(posting.sex_as_posted));
  out.Put(posting.suitable_disabilities.bits());
  out.Put(posting.disabled_only ? 1 : 0);
}
void GetConditions(ByteReader& in, PostingProfile& posting) {
  posting.age_ranges.resize(in.Get());
  for (AgeRange& range : posting.age_ranges) {
    range.limits = GetLimits(in);
    range.sex = in.GetAs<Sex>();
    range.groups = GroupSet::FromBits(in.GetAs<uint32_t>());
  }
  GetSkillList(in, posting.required_papers);
  posting.experience_min_months = Present<uint16_t>(in.Get());
  posting.residence.resize(in.Get());
  for (DivisionCode& division : posting.residence) division = DivisionCode::FromNumber(in.Get());
  posting.eligible_groups.resize(in.Get());
  for (EligibleGroup& group : posting.eligible_groups) {
    group.all_of = GroupSet::FromBits(in.GetAs<uint32_t>());
    group.limits = GetLimits(in);
    GetSkillList(in, group.papers);
  }
  posting.excluded_groups = GroupSet::FromBits(in.GetAs<uint32_t>());
  posting.excluded_households = HouseholdExclusionSet::FromBits(in.GetAs<uint32_t>());
  posting.unemployment_registration_required = in.Get() != 0;
  posting.sex_as_posted = in.GetAs<Sex>();
  posting.suitable_disabilities = DisabilitySet::FromBits(in.GetAs<uint32_t>());
  posting.disabled_only = in.Get() != 0;
}

void PutBarred(const std::vector<BarredPerson>& barred, ByteWriter& out) {
  out.Put(barred.size());
  for (const BarredPerson& person : barred) {
    out.Put(person.candidate.value());
    PutOptionalDay(person.refused, out);
  }
}
void GetBarred(ByteReader& in, std::vector<BarredPerson>& barred) {
  barred.resize(in.Get());
  for (BarredPerson& person : barred) {
    person.candidate = CandidateId(in.Get());
    person.refused = GetOptionalDay(in);
  }
}

// The seat, the strain and the hours.
void PutWork(const PostingProfile& posting, ByteWriter& out) {
  out.Put(static_cast<uint64_t>(posting.public_welfare.scheme));
  out.Put(static_cast<uint64_t>(posting.public_welfare.kind));
  out.Put(posting.public_welfare.first_placement_only ? 1 : 0);
  out.Put(OrAbsent(posting.public_welfare.household_cap));
  out.Put(posting.division.twelve_digits());
  PutDay(posting.window.first, out);
  PutDay(posting.window.last, out);
  out.Put(posting.reserved_openings_left);
  out.Put(static_cast<uint64_t>(posting.reserved_for));
  out.Put(posting.labour_intensity);
  out.Put(posting.hazards.bits());
  out.Put(posting.shifts.bits());
  out.Put(static_cast<uint64_t>(posting.shift_demand));
  out.Put(OrAbsent(posting.min_hours_per_day));
  out.Put(OrAbsent(posting.max_hours_per_day));
  PutOptionalDay(posting.start, out);
  PutOptionalDay(posting.end, out);
  out.Put(static_cast<uint64_t>(posting.work_form));
}
void GetWork(ByteReader& in, PostingProfile& posting) {
  posting.public_welfare.scheme = in.GetAs<PublicWelfareScheme>();
  posting.public_welfare.kind = in.GetAs<PublicWelfareKind>();
  posting.public_welfare.first_placement_only = in.Get() != 0;
  posting.public_welfare.household_cap = Present<uint8_t>(in.Get());
  posting.division = DivisionCode::FromNumber(in.Get());
  posting.window.first = GetDay(in);
  posting.window.last = GetDay(in);
  posting.reserved_openings_left = in.GetAs<uint16_t>();
  posting.reserved_for = in.GetAs<Group>();
  posting.labour_intensity = in.GetAs<uint8_t>();
  posting.hazards = HazardSet::FromBits(in.GetAs<uint32_t>());
  posting.shifts = ShiftSet::FromBits(in.GetAs<uint32_t>());
  posting.shift_demand = in.GetAs<ShiftDemand>();
  posting.min_hours_per_day = Present<uint8_t>(in.Get());
  posting.max_hours_per_day = Present<uint8_t>(in.Get());
  posting.start = GetOptionalDay(in);
  posting.end = GetOptionalDay(in);
  posting.work_form = in.GetAs<WorkForm>();
}

uint64_t FlagsOf(const PostingProfile& posting) {
  const auto bit = [](Flag flag, bool set) {
    return set ? uint64_t{1} << static_cast<int>(flag) : 0;
  };
  return bit(Flag::kOpen, posting.open) | bit(Flag::kHomeBased, posting.home_based) |
         bit(Flag::kLodging, posting.lodging_given) |
         bit(Flag::kTransport, posting.transport_given);
}

// The ages outside which AGE-RANGE admits nobody: where some range speaks of everybody, everybody
// is judged by one of the ranges.
void EncodeAges(const PostingProfile& posting, PostingValues& values) {
  const bool all_judged = std::ranges::any_of(posting.age_ranges, [](const AgeRange& range) {
    return range.sex == Sex::kUnknown && range.groups.empty();
  });
  uint64_t least = all_judged ? kAnyAge : 0;
  uint64_t most = all_judged ? 0 : kAnyAge;
  for (const AgeRange& range : posting.age_ranges) {
    const AgeLimits& limits = range.limits;
    least = std::min<uint64_t>(least, limits.min_years.value_or(0));
    most = std::max<uint64_t>(
        most, std::max(limits.max_years.value_or(kAnyAge), limits.relaxable_to_years.value_or(0)));
  }
  values[ColumnOf(Column::kLeastAge)] = least;
  values[ColumnOf(Column::kMostAge)] = most;
}

uint64_t YuanValue(std::optional<int32_t> yuan) {
  return yuan.has_value() ? 1 + uint64_t{static_cast<uint32_t>(*yuan)} : 0;
}

}  // namespace

std::optional<int32_t> PostedYuan(uint64_t value) {
  if (value == 0) return std::nullopt;
  return static_cast<int32_t>(static_cast<uint32_t>(value - 1));
}

std::optional<Kilometres> PostedRadius(uint64_t value) {
  if (value == 0) return std::nullopt;
  return Kilometres::Of(std::bit_cast<double>(value - 1));
}

GeoPoint PostedLocation(uint64_t latitude, uint64_t longitude) {
  return ClampedPoint(std::bit_cast<double>(latitude), std::bit_cast<double>(longitude));
}

std::span<const ColumnForm, kPostingColumns> PostingForms() {
  static constexpr auto kForms = [] {
    std::array<ColumnForm, kPostingColumns> forms{};
    for (size_t i = 0; i < forms.size(); ++i) {
      forms[i] = i < ColumnOf(Column::kId) ? ColumnForm::kPlanes : ColumnForm::kPacked;
    }
    return forms;
  }();
  return kForms;
}

PostingRow EncodePosting(const PostingProfile& posting) {
  PostingRow row;
  const auto put = [&row](Column column, uint64_t value) { row.values[ColumnOf(column)] = value; };
  put(Column::kTakesPeople, posting.open && posting.openings_left > 0 ? 1 : 0);
  put(Column::kChannel, static_cast<uint64_t>(posting.channel));
  put(Column::kFlags, FlagsOf(posting));
  put(Column::kEducation, OrAbsent(posting.education_min));
  EncodeAges(posting, row.values);
  put(Column::kId, posting.id.value());
  put(Column::kLatitude, std::bit_cast<uint64_t>(posting.location.latitude_degrees()));
  put(Column::kLongitude, std::bit_cast<uint64_t>(posting.location.longitude_degrees()));
  if (posting.radius.has_value()) {
    put(Column::kRadius, 1 + std::bit_cast<uint64_t>(posting.radius->km()));
  }
  put(Column::kTrade, posting.trade.has_value() ? 1 + uint64_t{posting.trade->value()} : 0);
  put(Column::kLeastPay, YuanValue(posting.min_yuan_per_month));
  put(Column::kMostPay, YuanValue(posting.max_yuan_per_month));
  put(Column::kOpenings, posting.openings_left);
  row.asks = PackAsks(posting);
  ByteWriter conditions;
  PutConditions(posting, conditions);
  PutWork(posting, conditions);
  PutBarred(posting.barred, conditions);
  row.conditions = conditions.bytes();
  return row;
}

void DecodePosting(std::span<const uint64_t, kPostingColumns> values,
                   std::span<const uint32_t> asks, const uint8_t* conditions,
                   PostingProfile& posting) {
  const auto get = [values](Column column) { return values[ColumnOf(column)]; };
  const auto has = [flags = get(Column::kFlags)](Flag flag) {
    return ((flags >> static_cast<int>(flag)) & 1) != 0;
  };
  posting.id = PostingId(get(Column::kId));
  posting.channel = static_cast<Channel>(get(Column::kChannel));
  posting.open = has(Flag::kOpen);
  posting.home_based = has(Flag::kHomeBased);
  posting.lodging_given = has(Flag::kLodging);
  posting.transport_given = has(Flag::kTransport);
  posting.education_min = Present<Education>(get(Column::kEducation));
  posting.location = PostedLocation(get(Column::kLatitude), get(Column::kLongitude));
  posting.radius = PostedRadius(get(Column::kRadius));
  posting.trade.reset();
  if (get(Column::kTrade) != 0) {
    posting.trade = TradeId(static_cast<uint16_t>(get(Column::kTrade) - 1));
  }
  posting.min_yuan_per_month = PostedYuan(get(Column::kLeastPay));
  posting.max_yuan_per_month = PostedYuan(get(Column::kMostPay));
  posting.openings_left = static_cast<uint16_t>(get(Column::kOpenings));
  UnpackAsks(asks, posting);
  ByteReader in(conditions);
  GetConditions(in, posting);
  GetWork(in, posting);
  GetBarred(in, posting.barred);
}

}  // namespace leye::matcher
