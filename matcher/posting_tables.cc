#include "matcher/posting_tables.h"

#include <algorithm>
#include <cmath>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"

#include "matcher/criteria.h"

namespace leye::matcher {
namespace {

using Column = PostingColumn;

constexpr double kSquaresPerDegree = 2;
constexpr int32_t kSquaresPerCircle = 1024;

constexpr double kNoLimit = std::numeric_limits<double>::infinity();

GeoPoint LocationOf(const PostingRow& row) {
  return PostedLocation(row.values[ColumnOf(Column::kLatitude)],
                        row.values[ColumnOf(Column::kLongitude)]);
}

absl::string_view BytesOf(const std::vector<uint8_t>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

template <typename T>
void Bring(std::span<const T> values) {
  constexpr size_t kLine = 64;
  const auto* bytes = reinterpret_cast<const char*>(values.data());
  for (size_t at = 0; at < values.size_bytes(); at += kLine) __builtin_prefetch(bytes + at);
}

}  // namespace

double RadiusChord(std::optional<Kilometres> radius) {
  // Half a great circle, and a little more.
  constexpr double kEverywhereKm = 20015.2;
  if (!radius.has_value() || radius->km() >= kEverywhereKm) return kNoLimit;
  return SquaredChordOf(*radius) * kChordSlack + kChordFloor;
}

std::optional<int32_t> MapSquareOf(const PostingRow& row) {
  const uint64_t flags = row.values[ColumnOf(Column::kFlags)];
  if (((flags >> static_cast<int>(PostingFlag::kHomeBased)) & 1) != 0) return std::nullopt;
  const GeoPoint at = LocationOf(row);
  const auto line = static_cast<int32_t>(std::floor(at.latitude_degrees() * kSquaresPerDegree));
  const auto column = static_cast<int32_t>(std::floor(at.longitude_degrees() * kSquaresPerDegree));
  return line * kSquaresPerCircle + column;
}

PostingSummary PostingSummary::Of(const PostingRow& row) {
  const auto get = [&row](Column column) { return row.values[ColumnOf(column)]; };
  const std::optional<int32_t> posted =
      PostedPay(PostedYuan(get(Column::kLeastPay)), PostedYuan(get(Column::kMostPay)));
  PostingSummary summary;
  summary.least_id = row.id();
  if (posted.has_value()) summary.greatest_pay = *posted;
  summary.channels.Insert(static_cast<Channel>(get(Column::kChannel)));
  summary.any_without_pay = !posted.has_value();
  summary.any_lodging = ((get(Column::kFlags) >> static_cast<int>(PostingFlag::kLodging)) & 1) != 0;
  summary.any_takes_people = get(Column::kTakesPeople) != 0;
  summary.least_education = static_cast<uint8_t>(get(Column::kEducation));
  summary.least_age = static_cast<uint8_t>(get(Column::kLeastAge));
  summary.most_age = static_cast<uint8_t>(get(Column::kMostAge));
  summary.radius_chord = RadiusChord(PostedRadius(get(Column::kRadius)));
  summary.asks = AskSummary::Of(row.asks, row.key);
  return summary;
}

void PostingSummary::Merge(const PostingSummary& other) {
  least_id = std::min(least_id, other.least_id);
  greatest_pay = std::max(greatest_pay, other.greatest_pay);
  channels = channels | other.channels;
  any_without_pay = any_without_pay || other.any_without_pay;
  any_lodging = any_lodging || other.any_lodging;
  any_takes_people = any_takes_people || other.any_takes_people;
  least_education = std::min(least_education, other.least_education);
  least_age = std::min(least_age, other.least_age);
  most_age = std::max(most_age, other.most_age);
  radius_chord = std::max(radius_chord, other.radius_chord);
  asks.Merge(other.asks);
}

Circle Enclosing(std::span<const UnitVector> points) {
  UnitVector sum{.x = 0, .y = 0, .z = 0};
  for (const UnitVector& point : points) {
    sum.x += point.x;
    sum.y += point.y;
    sum.z += point.z;
  }
  Circle circle;
  const double length = std::sqrt(sum.x * sum.x + sum.y * sum.y + sum.z * sum.z);
  if (length > 0) circle.centre = {.x = sum.x / length, .y = sum.y / length, .z = sum.z / length};
  double greatest = 0;
  for (const UnitVector& point : points) {
    greatest = std::max(greatest, SquaredChord(circle.centre, point));
  }
  circle.radius_chord = std::sqrt(greatest) * kChordSlack;
  return circle;
}

PostingCellSeed PostingCellSeed::Of(const PostingCellNode& node) {
  PostingCellSeed seed;
  seed.circle = FloatCircle::Around(node.circle.centre, node.circle.radius_chord);
  seed.reach_chord = RoundedUp(std::sqrt(node.summary.radius_chord) + seed.circle.radius_chord);
  seed.takes_people = node.summary.any_takes_people;
  seed.least_education = node.summary.least_education;
  seed.least_age = node.summary.least_age;
  seed.most_age = node.summary.most_age;
  return seed;
}

PostingBlock::PostingBlock(std::span<const PostingRow> rows) {
  std::vector<UnitVector> places;
  places.reserve(rows.size());
  ask_starts_.reserve(rows.size() + 1);
  for (const PostingRow& row : rows) {
    AddAsks(row);
    summary_.Merge(PostingSummary::Of(row));
    places.push_back(ToUnitVector(LocationOf(row)));
  }
  ask_starts_.push_back(static_cast<uint32_t>(asks_.size()));
  asks_.shrink_to_fit();
  runs_.shrink_to_fit();
  AddPlaces(places);
  AddConditions(rows);
}

void PostingBlock::AddAsks(const PostingRow& row) {
  ask_starts_.push_back(static_cast<uint32_t>(asks_.size()));
  asks_.insert(asks_.end(), row.asks.begin(), row.asks.end());
  if (runs_.empty() || runs_.back().key != row.key) runs_.push_back({.key = row.key});
  runs_.back().end = static_cast<uint16_t>(ask_starts_.size());
}

void PostingBlock::AddPlaces(std::span<const UnitVector> places) {
  constexpr double kMostSteps = std::numeric_limits<int16_t>::max();
  circle_ = Enclosing(places);
  step_ = circle_.radius_chord / kMostSteps;
  const auto steps = [this](double offset) {
    return static_cast<int16_t>(step_ > 0 ? std::lround(offset / step_) : 0);
  };
  offsets_.reserve(places.size());
  for (const UnitVector& place : places) {
    offsets_.push_back({steps(place.x - circle_.centre.x), steps(place.y - circle_.centre.y),
                        steps(place.z - circle_.centre.z)});
  }
}

// Conditions that are the same are kept once.
void PostingBlock::AddConditions(std::span<const PostingRow> rows) {
  absl::flat_hash_map<absl::string_view, uint64_t> numbers;
  std::vector<uint64_t> values;
  values.reserve(rows.size() * kPostingColumns);
  for (const PostingRow& row : rows) {
    const auto [found, inserted] = numbers.try_emplace(BytesOf(row.conditions), numbers.size());
    if (inserted) {
      condition_starts_.push_back(static_cast<uint32_t>(conditions_.size()));
      conditions_.insert(conditions_.end(), row.conditions.begin(), row.conditions.end());
    }
    values.insert(values.end(), row.values.begin(), row.values.end());
    values[values.size() - kPostingColumns + ColumnOf(Column::kConditions)] = found->second;
  }
  condition_starts_.push_back(static_cast<uint32_t>(conditions_.size()));
  condition_starts_.shrink_to_fit();
  conditions_.shrink_to_fit();
  columns_ = ColumnTable(PostingForms(), values, rows.size());
}

void PostingBlock::Prefetch() const {
  Bring(std::span(runs_));
  Bring(std::span(ask_starts_));
}

void PostingBlock::PrefetchRows(size_t first, size_t end) const {
  Bring(std::span(asks_).subspan(ask_starts_[first], ask_starts_[end] - ask_starts_[first]));
  Bring(std::span(offsets_).subspan(first, end - first));
}

UnitVector PostingBlock::PlaceOf(size_t row) const {
  return ToUnitVector(PostedLocation(Get(Column::kLatitude, row), Get(Column::kLongitude, row)));
}

double PostingBlock::LeastChord(size_t row, const UnitVector& from) const {
  // Half the diagonal of a cube of steps, and the rounding of the sums below.
  const double error = step_ * 0.867 + 1e-12;
  const auto& [x, y, z] = offsets_[row];
  const UnitVector about{.x = circle_.centre.x + step_ * x,
                         .y = circle_.centre.y + step_ * y,
                         .z = circle_.centre.z + step_ * z};
  const double least = std::max(0.0, std::sqrt(SquaredChord(from, about)) - error);
  return least * least;
}

std::optional<size_t> PostingBlock::FindRow(PostingId id) const {
  return columns_.FindRow(ColumnOf(Column::kId), id.value());
}

void PostingBlock::Decode(size_t row, PostingProfile& posting) const {
  PostingValues values;
  columns_.ReadRow(row, values);
  const uint32_t start = condition_starts_[values[ColumnOf(Column::kConditions)]];
  DecodePosting(values, AsksOf(row), conditions_.data() + start, posting);
}

PostingRow PostingBlock::Row(size_t row) const {
  PostingRow result;
  columns_.ReadRow(row, result.values);
  uint64_t& number = result.values[ColumnOf(Column::kConditions)];
  result.conditions.assign(conditions_.begin() + condition_starts_[number],
                           conditions_.begin() + condition_starts_[number + 1]);
  number = 0;
  const auto run =
      std::ranges::upper_bound(runs_, row, {}, [](const AskRun& r) { return size_t{r.end}; });
  result.key = run->key;
  const auto asks = AsksOf(row);
  result.asks.assign(asks.begin(), asks.end());
  return result;
}

std::vector<PostingRow> PostingBlock::AllRows() const {
  std::vector<PostingRow> all;
  all.reserve(rows());
  for (size_t row = 0; row < rows(); ++row) all.push_back(Row(row));
  return all;
}

size_t PostingBlock::MemoryBytes() const {
  return sizeof(*this) + columns_.MemoryBytes() + ask_starts_.capacity() * sizeof(uint32_t) +
         asks_.capacity() * sizeof(uint32_t) + runs_.capacity() * sizeof(AskRun) +
         offsets_.capacity() * sizeof(Offset) + condition_starts_.capacity() * sizeof(uint32_t) +
         conditions_.capacity();
}

}  // namespace leye::matcher
