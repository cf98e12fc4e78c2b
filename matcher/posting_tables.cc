#include "matcher/posting_tables.h"

#include <algorithm>
#include <cmath>

#include "matcher/criteria.h"

namespace leye::matcher {
namespace {

using Column = PostingColumn;

// Small squares: a twentieth of a degree.
constexpr double kSquaresPerDegree = 20;
constexpr int32_t kSquaresPerCircle = 8192;

ColumnTable ColumnsOf(std::span<const PostingRow> rows) {
  std::vector<uint64_t> values;
  values.reserve(rows.size() * kPostingColumns);
  for (const PostingRow& row : rows) {
    values.insert(values.end(), row.values.begin(), row.values.end());
  }
  return ColumnTable(PostingForms(), values, rows.size());
}

GeoPoint LocationOf(const PostingRow& row) {
  return PostedLocation(row.values[ColumnOf(Column::kLatitude)],
                        row.values[ColumnOf(Column::kLongitude)]);
}

}  // namespace

PostingSummary PostingSummary::Of(const PostingRow& row) {
  const auto get = [&row](Column column) { return row.values[ColumnOf(column)]; };
  PostingProfile pay;
  pay.min_yuan_per_month = PostedYuan(get(Column::kLeastPay));
  pay.max_yuan_per_month = PostedYuan(get(Column::kMostPay));
  const std::optional<int32_t> posted = PostedPay(pay);
  PostingSummary summary;
  summary.least_id = row.id();
  if (posted.has_value()) summary.greatest_pay = *posted;
  summary.channels.Insert(static_cast<Channel>(get(Column::kChannel)));
  summary.any_without_pay = !posted.has_value();
  summary.any_lodging = ((get(Column::kFlags) >> static_cast<int>(PostingFlag::kLodging)) & 1) != 0;
  summary.any_takes_people = get(Column::kTakesPeople) != 0;
  return summary;
}

void PostingSummary::Merge(const PostingSummary& other) {
  least_id = std::min(least_id, other.least_id);
  greatest_pay = std::max(greatest_pay, other.greatest_pay);
  channels = channels | other.channels;
  any_without_pay = any_without_pay || other.any_without_pay;
  any_lodging = any_lodging || other.any_lodging;
  any_takes_people = any_takes_people || other.any_takes_people;
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

PlaceKey PlaceKey::Of(const PostingRow& row) {
  const GeoPoint at = LocationOf(row);
  const auto line = static_cast<int32_t>(std::floor(at.latitude_degrees() * kSquaresPerDegree));
  const auto column = static_cast<int32_t>(std::floor(at.longitude_degrees() * kSquaresPerDegree));
  return {.square = line * kSquaresPerCircle + column, .id = row.id()};
}

PostingBlock::PostingBlock(std::span<const PostingRow> rows) : columns_(ColumnsOf(rows)) {
  size_t bytes = 0;
  for (const PostingRow& row : rows) bytes += row.rest.size();
  rest_.reserve(bytes);
  starts_.reserve(rows.size() + 1);
  std::vector<UnitVector> places;
  for (const PostingRow& row : rows) {
    starts_.push_back(static_cast<uint32_t>(rest_.size()));
    rest_.insert(rest_.end(), row.rest.begin(), row.rest.end());
    summary_.Merge(PostingSummary::Of(row));
    places.push_back(ToUnitVector(LocationOf(row)));
  }
  starts_.push_back(static_cast<uint32_t>(rest_.size()));
  circle_ = Enclosing(places);
}

UnitVector PostingBlock::PlaceOf(size_t row) const {
  return ToUnitVector(PostedLocation(Get(Column::kLatitude, row), Get(Column::kLongitude, row)));
}

std::optional<size_t> PostingBlock::FindRow(PostingId id) const {
  return columns_.FindRow(ColumnOf(Column::kId), id.value());
}

void PostingBlock::Decode(size_t row, PostingProfile& posting) const {
  PostingValues values;
  columns_.ReadRow(row, values);
  DecodePosting(values, rest_.data() + starts_[row], posting);
}

PostingRow PostingBlock::Row(size_t row) const {
  PostingRow result;
  columns_.ReadRow(row, result.values);
  result.rest.assign(rest_.begin() + starts_[row], rest_.begin() + starts_[row + 1]);
  return result;
}

std::vector<PostingRow> PostingBlock::AllRows() const {
  std::vector<PostingRow> all;
  all.reserve(rows());
  for (size_t row = 0; row < rows(); ++row) all.push_back(Row(row));
  return all;
}

size_t PostingBlock::MemoryBytes() const {
  return sizeof(*this) + columns_.MemoryBytes() + rest_.capacity() +
         starts_.capacity() * sizeof(uint32_t);
}

}  // namespace leye::matcher
