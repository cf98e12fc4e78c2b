#include "tests/bench/column_scan.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <optional>

#include "matcher/top_k.h"

namespace leye::bench {
namespace {

using matcher::Kilometres;
using matcher::Score;

constexpr size_t kBlockRows = 1024;
using BlockRows = std::array<uint32_t, kBlockRows>;

constexpr float kUnlimited = std::numeric_limits<float>::infinity();
// Longer than the longest squared chord, which is 4.
constexpr double kBeyondTheGlobe = 5;

struct Order {
  int32_t score_micros = 0;
  uint64_t id = 0;

  friend bool operator<(const Order& a, const Order& b) {
    return a.score_micros != b.score_micros ? a.score_micros > b.score_micros : a.id < b.id;
  }
};

struct Found {
  Order order;
};

using Top = matcher::TopK<Order, Found>;

std::vector<Answer::Entry> EntriesOf(Top top) {
  std::vector<Answer::Entry> entries;
  for (const Found& found : std::move(top).Take()) {
    entries.push_back({.id = found.order.id, .score_micros = found.order.score_micros});
  }
  return entries;
}

float LimitOf(float km) { return km >= kAnywhereKm ? kUnlimited : km; }

// No pair whose squared chord is larger is within `km` of each other.
double ReachOf(float km) {
  if (km >= kAnywhereKm) return kBeyondTheGlobe;
  return matcher::SquaredChordOf(Kilometres::Of(km)) * matcher::kChordSlack + matcher::kChordFloor;
}

// The least float that is not below `km`: comparing floats with it is comparing them with `km`.
float AtLeast(double km) {
  const auto rounded = static_cast<float>(km);
  return rounded < km ? std::nextafter(rounded, kUnlimited) : rounded;
}

uint16_t LevelOf(std::span<const SkillEntry> skills, uint16_t skill) {
  for (const SkillEntry& held : skills) {
    if (held.skill == skill) return held.level_or_weight;
  }
  return 0;
}

bool HoldsAll(std::span<const SkillEntry> held, std::span<const SkillEntry> required) {
  return std::ranges::all_of(required, [&](const SkillEntry& asked) {
    return LevelOf(held, asked.skill) >= asked.level_or_weight;
  });
}

// REQUIRES: everything required is held.
Score SkillsScore(std::span<const SkillEntry> held, size_t required,
                  std::span<const SkillEntry> preferred) {
  auto credit = static_cast<int64_t>(required);
  int64_t most = credit;
  for (const SkillEntry& wish : preferred) {
    most += wish.level_or_weight;
    if (LevelOf(held, wish.skill) != 0) credit += wish.level_or_weight;
  }
  return most == 0 ? Score::One() : Score::FromRatio(credit, most);
}

Score NearScore(double km) {
  constexpr double kHalfKm = 20 * std::numbers::ln2;
  return Score::FromUnit(std::exp2(-(km / kHalfKm)));
}

int32_t Total(Score skills, Score near, uint8_t priority) {
  const int64_t need = Score::FromRatio(priority, 3).micros();
  return static_cast<int32_t>(
      (600'000LL * skills.micros() + 300'000LL * near.micros() + 100'000LL * need + 500'000) /
      1'000'000);
}

template <typename... Columns>
size_t BytesOf(const Columns&... columns) {
  return (... + (columns.capacity() * sizeof(typename Columns::value_type)));
}

// Where each area's people begin when people stand area by area; one more at the end.
std::vector<uint32_t> AreaBegins(const Dataset& data) {
  std::vector<uint32_t> begins(data.areas.size() + 1);
  for (const CandidateRecord& record : data.candidates) ++begins[record.area + 1];
  for (size_t area = 0; area < data.areas.size(); ++area) begins[area + 1] += begins[area];
  return begins;
}

// Positions of data.candidates, area by area.
std::vector<uint32_t> InAreaOrder(const Dataset& data, std::vector<uint32_t> next) {
  std::vector<uint32_t> order(data.candidates.size());
  for (uint32_t i = 0; i < order.size(); ++i) order[next[data.candidates[i].area]++] = i;
  return order;
}

}  // namespace

PeopleColumns::PeopleColumns(const Dataset& data) : area_begin_(AreaBegins(data)) {
  for (const AreaRecord& area : data.areas) places_.push_back(matcher::ToUnitVector(area.at));
  const size_t people = data.candidates.size();
  id_.reserve(people);
  standing_.reserve(people);
  age_.reserve(people);
  priority_.reserve(people);
  willing_km_.reserve(people);
  skills_begin_.reserve(people + 1);
  skills_.reserve(data.skills.size());
  for (const uint32_t position : InAreaOrder(data, area_begin_)) {
    const CandidateRecord& record = data.candidates[position];
    id_.push_back(record.id);
    standing_.push_back(record.available ? static_cast<uint8_t>(record.education + 1) : 0);
    age_.push_back(record.age);
    priority_.push_back(record.priority);
    willing_km_.push_back(LimitOf(record.willing_km));
    skills_begin_.push_back(static_cast<uint32_t>(skills_.size()));
    const auto skills = data.SkillsOf(record);
    skills_.insert(skills_.end(), skills.begin(), skills.end());
  }
  skills_begin_.push_back(static_cast<uint32_t>(skills_.size()));
}

size_t PeopleColumns::MemoryBytes() const {
  return BytesOf(places_, area_begin_, id_, standing_, age_, priority_, willing_km_, skills_begin_,
                 skills_);
}

// One pass over the people for one posting.
class PeopleColumns::Query {
 public:
  Query(const PeopleColumns& columns, const PostingRecord& posting, size_t k)
      : columns_(columns), posting_(posting), top_(k) {}

  Answer Run() && {
    const matcher::UnitVector at = matcher::ToUnitVector(posting_.at);
    const double reach = ReachOf(posting_.radius_km);
    const double radius_km = LimitOf(posting_.radius_km);
    for (size_t area = 0; area < columns_.places_.size(); ++area) {
      const double chord = matcher::SquaredChord(columns_.places_[area], at);
      if (chord > reach) continue;
      const double km = matcher::DistanceOf(chord).km();
      if (km <= radius_km) ScanArea(area, km);
    }
    answer_.entries = EntriesOf(std::move(top_));
    return std::move(answer_);
  }

 private:
  void ScanArea(size_t area, double km) {
    ++answer_.statistics.places_bounded;
    std::optional<Score> near;
    const size_t end = columns_.area_begin_[area + 1];
    for (size_t first = columns_.area_begin_[area]; first < end; first += kBlockRows) {
      const size_t count = Filter(first, std::min(end, first + kBlockRows), AtLeast(km));
      if (count > 0 && !near.has_value()) near = NearScore(km);
      for (size_t i = 0; i < count; ++i) Offer(rows_[i], *near);
    }
  }

  // Writes the rows that pass all but the required skills into rows_; returns how many.
  size_t Filter(size_t first, size_t last, float km) {
    const uint8_t* const standing = columns_.standing_.data();
    const uint8_t* const age = columns_.age_.data();
    const float* const willing_km = columns_.willing_km_.data();
    const uint8_t education_min = posting_.education_min;
    const uint8_t age_min = posting_.age_min;
    const uint8_t age_max = posting_.age_max;
    size_t count = 0;
    for (size_t row = first; row < last; ++row) {
      rows_[count] = static_cast<uint32_t>(row);
      const int passes =
          static_cast<int>(standing[row] > education_min) & static_cast<int>(age[row] >= age_min) &
          static_cast<int>(age[row] <= age_max) & static_cast<int>(willing_km[row] >= km);
      count += static_cast<size_t>(passes);
    }
    ++answer_.statistics.blocks_opened;
    answer_.statistics.rows_filtered += static_cast<int64_t>(last - first);
    return count;
  }

  void Offer(uint32_t row, Score near) {
    const std::span<const SkillEntry> held(
        columns_.skills_.data() + columns_.skills_begin_[row],
        columns_.skills_.data() + columns_.skills_begin_[row + 1]);
    if (!HoldsAll(held, posting_.required)) return;
    ++answer_.statistics.pairs_evaluated;
    const Score skills = SkillsScore(held, posting_.required.size(), posting_.preferred);
    top_.Push({.order = {.score_micros = Total(skills, near, columns_.priority_[row]),
                         .id = columns_.id_[row]}});
  }

  const PeopleColumns& columns_;
  const PostingRecord& posting_;
  Top top_;
  BlockRows rows_;
  Answer answer_;
};

Answer PeopleColumns::Best(const PostingRecord& posting, size_t k) const {
  return Query(*this, posting, k).Run();
}

PostingColumns::PostingColumns(const Dataset& data) {
  for (const PostingRecord& record : data.postings) {
    id_.push_back(record.id);
    age_min_.push_back(record.age_min);
    age_max_.push_back(record.age_max);
    education_min_.push_back(record.education_min);
    places_.push_back(matcher::ToUnitVector(record.at));
    reach_.push_back(ReachOf(record.radius_km));
    radius_km_.push_back(LimitOf(record.radius_km));
    ask_begin_.push_back(static_cast<uint32_t>(asks_.size()));
    required_.push_back(static_cast<uint8_t>(record.required.size()));
    asks_.insert(asks_.end(), record.required.begin(), record.required.end());
    asks_.insert(asks_.end(), record.preferred.begin(), record.preferred.end());
  }
  ask_begin_.push_back(static_cast<uint32_t>(asks_.size()));
}

size_t PostingColumns::MemoryBytes() const {
  return BytesOf(id_, age_min_, age_max_, education_min_, places_, reach_, radius_km_, ask_begin_,
                 required_, asks_);
}

// One pass over the postings for one person.
class PostingColumns::Query {
 public:
  Query(const PostingColumns& columns, const CandidateRecord& person,
        std::span<const SkillEntry> skills, size_t k)
      : columns_(columns), person_(person), skills_(skills), top_(k) {}

  Answer Run(const matcher::GeoPoint& home) && {
    const matcher::UnitVector at = matcher::ToUnitVector(home);
    const size_t end = person_.available ? columns_.id_.size() : 0;
    for (size_t first = 0; first < end; first += kBlockRows) {
      const size_t count = KeepNear(Filter(first, std::min(end, first + kBlockRows)), at);
      for (size_t i = 0; i < count; ++i) Offer(rows_[i], at);
    }
    answer_.entries = EntriesOf(std::move(top_));
    return std::move(answer_);
  }

 private:
  // Writes the rows that ask for no other age or education into rows_; returns how many.
  size_t Filter(size_t first, size_t last) {
    const uint8_t* const age_min = columns_.age_min_.data();
    const uint8_t* const age_max = columns_.age_max_.data();
    const uint8_t* const education_min = columns_.education_min_.data();
    const uint8_t age = person_.age;
    const uint8_t education = person_.education;
    size_t count = 0;
    for (size_t row = first; row < last; ++row) {
      rows_[count] = static_cast<uint32_t>(row);
      const int passes = static_cast<int>(age_min[row] <= age) &
                         static_cast<int>(age_max[row] >= age) &
                         static_cast<int>(education_min[row] <= education);
      count += static_cast<size_t>(passes);
    }
    ++answer_.statistics.blocks_opened;
    answer_.statistics.rows_filtered += static_cast<int64_t>(last - first);
    return count;
  }

  // Of the first `count` of rows_, those that may be within both limits.
  size_t KeepNear(size_t count, const matcher::UnitVector& at) {
    const double reach = ReachOf(person_.willing_km);
    size_t kept = 0;
    for (size_t i = 0; i < count; ++i) {
      const uint32_t row = rows_[i];
      const double chord = matcher::SquaredChord(at, columns_.places_[row]);
      rows_[kept] = row;
      kept += static_cast<size_t>(chord <= std::min(reach, columns_.reach_[row]));
    }
    return kept;
  }

  void Offer(uint32_t row, const matcher::UnitVector& at) {
    const std::span<const SkillEntry> asks(columns_.asks_.data() + columns_.ask_begin_[row],
                                           columns_.asks_.data() + columns_.ask_begin_[row + 1]);
    const size_t required = columns_.required_[row];
    if (!HoldsAll(skills_, asks.first(required))) return;
    const double km = matcher::DistanceBetween(at, columns_.places_[row]).km();
    if (km > LimitOf(person_.willing_km) || km > columns_.radius_km_[row]) return;
    ++answer_.statistics.pairs_evaluated;
    const Score skills = SkillsScore(skills_, required, asks.subspan(required));
    top_.Push({.order = {.score_micros = Total(skills, NearScore(km), person_.priority),
                         .id = columns_.id_[row]}});
  }

  const PostingColumns& columns_;
  const CandidateRecord& person_;
  std::span<const SkillEntry> skills_;
  Top top_;
  BlockRows rows_;
  Answer answer_;
};

Answer PostingColumns::Best(const CandidateRecord& person, std::span<const SkillEntry> skills,
                            const matcher::GeoPoint& home, size_t k) const {
  return Query(*this, person, skills, k).Run(home);
}

}  // namespace leye::bench
