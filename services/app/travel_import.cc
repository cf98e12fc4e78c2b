#include "services/app/travel_import.h"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "leye/v1/posting.pb.h"
#include "leye/v1/settlement_area.pb.h"
#include "services/app/names.h"
#include "services/app/resource_checks.h"
#include "services/base/status.h"

namespace leye::app {

using store::Kind;

namespace {

constexpr size_t kMaxAreas = 10'000;
constexpr size_t kMaxPlaces = 1'000;
constexpr int kMaxMinutes = 1'440;
constexpr int kMaxCostFen = 10'000'000;
constexpr absl::string_view kAreaCollection = "settlementAreas";
constexpr absl::string_view kPlaceCollection = "travelPlaces";
constexpr absl::string_view kPostingCollection = "postings";

// A point where a posting lies is a place of its own, as wide as its coordinates are rounded.
constexpr absl::string_view kPointPrefix = "at--";
constexpr double kPartsOfDegree = 1e6;
constexpr int kPointRadiusM = 1;

// What nobody exceeds over the great circle, in km an hour, by mode.
constexpr std::array<double, matcher::kEnumCount<matcher::TravelMode>> kMostKmAnHour = {8, 45, 100,
                                                                                        130, 120};
// Coordinates of an area and of a place are no better than this.
constexpr double kSlackKm = 1;
// Nobody takes longer than an hour and walking five times the great circle at 4 km an hour.
constexpr double kMostMinutesFirst = 60;
constexpr double kMostMinutesEachKm = 75;

std::optional<matcher::GeoPoint> PointOf(const v1::GeoPoint& point) {
  const auto made = matcher::GeoPoint::FromDegrees(point.latitude(), point.longitude());
  if (!made.ok()) return std::nullopt;
  return *made;
}

bool IsOf(absl::string_view name, absl::string_view collection, store::Region region) {
  const std::optional<ResourceName> parsed = ParseName(name, collection);
  return parsed.has_value() && parsed->region == region;
}

// "n41870000", for an id.
std::string RoundedText(double degrees, absl::string_view positive, absl::string_view negative) {
  const int64_t parts = std::llround(degrees * kPartsOfDegree);
  return absl::StrCat(parts < 0 ? negative : positive, std::abs(parts));
}

double Rounded(double degrees) { return std::round(degrees * kPartsOfDegree) / kPartsOfDegree; }

// The place of the point, without its name.
v1::TravelPlace PlaceAt(const matcher::GeoPoint& point) {
  v1::TravelPlace place;
  place.mutable_location()->set_latitude(Rounded(point.latitude_degrees()));
  place.mutable_location()->set_longitude(Rounded(point.longitude_degrees()));
  NormalisePoint(*place.mutable_location());
  place.set_radius_m(kPointRadiusM);
  return place;
}

std::string PlaceIdAt(const matcher::GeoPoint& point) {
  return absl::StrCat(kPointPrefix, RoundedText(point.latitude_degrees(), "n", "s"), "-",
                      RoundedText(point.longitude_degrees(), "e", "w"));
}

void Report(const Violation& violation, v1::ImportTravelTimesResponse& response) {
  v1::ImportProblem& problem = *response.add_problems();
  problem.set_field(violation.field);
  problem.set_reason(violation.reason);
  problem.set_description(violation.description);
  problem.set_description_zh(violation.description_zh);
}

std::string LastPart(absl::string_view name) {
  return std::string(name.substr(name.rfind('/') + 1));
}

absl::StatusOr<std::vector<std::optional<store::Record>>> ReadAll(
    store::Store& store, store::Region region, Kind kind, const std::vector<std::string>& names) {
  std::vector<store::RecordKey> keys;
  for (const std::string& name : names) keys.push_back({kind, name});
  return store.BatchGet(region, keys);
}

}  // namespace

void TravelImport::Check(const v1::ImportTravelTimesRequest& request, const CheckScope& scope,
                         Violations& violations) {
  const Checks checks(scope, violations);
  for (int i = 0; i < request.places_size(); ++i) {
    const std::string field = absl::StrCat("places[", i, "]");
    const v1::TravelPlace& place = request.places(i);
    if (!IsOf(place.name(), kPlaceCollection, scope.region)) {
      violations.Add(BadName(absl::StrCat(field, ".name"), kPlaceCollection));
    } else if (absl::StartsWith(LastPart(place.name()), kPointPrefix)) {
      violations.Add({absl::StrCat(field, ".name"), "NOT_ALLOWED",
                      "must not begin with at--: such places stand where postings lie",
                      "不得以 at-- 开头：该类地点由岗位的坐标生成"});
    }
    if (place.has_location()) {
      checks.PointIsSet(place.location(), absl::StrCat(field, ".location"));
    }
  }
  absl::flat_hash_set<absl::string_view> areas;
  absl::flat_hash_set<absl::string_view> places;
  for (const v1::TravelTime& time : request.times()) {
    areas.insert(time.settlement_area());
    places.insert(time.place());
  }
  if (areas.size() > kMaxAreas || places.size() > kMaxPlaces) {
    violations.Add({"times", "OUT_OF_RANGE",
                    "must be from at most 10000 areas to at most 1000 places",
                    "最多涉及 10000 个安置区和 1000 个地点"});
  }
}

TravelImport::TravelImport(const v1::ImportTravelTimesRequest& request, store::Region region)
    : request_(request), region_(region) {}

absl::Status TravelImport::Read(store::Store& store) {
  for (const v1::TravelPlace& place : request_.places()) places_[place.name()];
  for (const v1::TravelTime& time : request_.times()) {
    if (IsOf(time.settlement_area(), kAreaCollection, region_)) areas_[time.settlement_area()];
    if (IsOf(time.place(), kPlaceCollection, region_)) places_[time.place()];
    if (IsOf(time.place(), kPostingCollection, region_)) postings_[time.place()];
  }
  LEYE_RETURN_IF_ERROR(ReadAreas(store));
  LEYE_RETURN_IF_ERROR(ReadPostings(store));
  return ReadPlaces(store);
}

absl::Status TravelImport::ReadAreas(store::Store& store) {
  std::vector<std::string> names;
  for (const auto& [name, point] : areas_) names.push_back(name);
  LEYE_ASSIGN_OR_RETURN(const auto areas, ReadAll(store, region_, Kind::kSettlementArea, names));
  for (size_t i = 0; i < names.size(); ++i) {
    v1::SettlementArea area;
    if (!areas[i].has_value() || !area.ParseFromString(areas[i]->envelope.open())) continue;
    areas_[names[i]] = PointOf(area.location());
  }
  return absl::OkStatus();
}

absl::Status TravelImport::ReadPostings(store::Store& store) {
  std::vector<std::string> names;
  for (const auto& [name, place] : postings_) names.push_back(name);
  LEYE_ASSIGN_OR_RETURN(const auto records, ReadAll(store, region_, Kind::kPosting, names));
  for (size_t i = 0; i < names.size(); ++i) {
    v1::Posting posting;
    if (!records[i].has_value() || !posting.ParseFromString(records[i]->envelope.open())) continue;
    std::string& place = postings_[names[i]].emplace();
    const auto point = PointOf(posting.place().location());
    if (!posting.place().has_location() || !point.has_value()) continue;
    place = FormatName(region_, kPlaceCollection, PlaceIdAt(*point));
    places_[place].resource = PlaceAt(*point);
  }
  return absl::OkStatus();
}

absl::Status TravelImport::ReadPlaces(store::Store& store) {
  std::vector<std::string> names;
  for (const auto& [name, place] : places_) names.push_back(name);
  LEYE_ASSIGN_OR_RETURN(auto places, ReadAll(store, region_, Kind::kTravelTimes, names));
  for (size_t i = 0; i < names.size(); ++i) {
    if (!places[i].has_value()) continue;
    Place& place = places_[names[i]];
    LEYE_RETURN_IF_ERROR(DecodeOpenInto(*places[i], place.resource));
    place.stored = std::move(places[i]);
    place.exists = true;
    ReadTimes(place);
  }
  return absl::OkStatus();
}

void TravelImport::ReadTimes(Place& place) {
  const v1::TravelPlace& resource = place.resource;
  for (const v1::TravelRow& row : resource.rows()) {
    const int mode = static_cast<int>(row.mode()) - 1;
    if (mode < 0 || mode >= matcher::kEnumCount<matcher::TravelMode>) continue;
    for (int i = 0; i < std::min(resource.settlement_areas_size(), row.minutes_size()); ++i) {
      Time& time = place.from[resource.settlement_areas(i)][static_cast<size_t>(mode)];
      time.minutes = row.minutes(i);
      if (i < row.costs_fen_size()) time.cost_fen = row.costs_fen(i);
    }
  }
}

void TravelImport::WriteTimes(Place& place) {
  v1::TravelPlace& resource = place.resource;
  resource.clear_settlement_areas();
  resource.clear_rows();
  for (const auto& [area, times] : place.from) resource.add_settlement_areas(area);
  for (size_t mode = 0; mode < Times().size(); ++mode) {
    v1::TravelRow row;
    row.set_mode(static_cast<v1::TravelMode>(mode + 1));
    bool any = false;
    bool any_cost = false;
    for (const auto& [area, times] : place.from) {
      row.add_minutes(times[mode].minutes);
      row.add_costs_fen(times[mode].cost_fen);
      any = any || times[mode].minutes > 0;
      any_cost = any_cost || times[mode].cost_fen >= 0;
    }
    if (!any_cost) row.clear_costs_fen();
    if (any) *resource.add_rows() = std::move(row);
  }
}

void TravelImport::Apply(v1::ImportTravelTimesResponse& response) {
  for (const v1::TravelPlace& place : request_.places()) ApplyPlace(place);
  FindContradictions();
  for (int i = 0; i < request_.times_size(); ++i) ApplyTime(i, response);
}

void TravelImport::ApplyPlace(const v1::TravelPlace& given) {
  Place& place = places_.find(given.name())->second;
  place.exists = true;
  place.resource.set_display_name(given.display_name());
  *place.resource.mutable_location() = given.location();
  NormalisePoint(*place.resource.mutable_location());
  place.resource.clear_radius_m();
  if (given.has_radius_m()) place.resource.set_radius_m(given.radius_m());
}

void TravelImport::FindContradictions() {
  absl::flat_hash_map<std::tuple<absl::string_view, absl::string_view, int>, int> first;
  contradicted_.assign(static_cast<size_t>(request_.times_size()), false);
  for (int i = 0; i < request_.times_size(); ++i) {
    const v1::TravelTime& time = request_.times(i);
    const auto [at, fresh] = first.try_emplace(
        std::tuple(absl::string_view(PlaceNameOf(time)), absl::string_view(time.settlement_area()),
                   static_cast<int>(time.mode())),
        i);
    const v1::TravelTime& other = request_.times(at->second);
    const bool alike = time.minutes() == other.minutes() &&
                       time.has_cost_fen() == other.has_cost_fen() &&
                       time.cost_fen() == other.cost_fen();
    if (fresh || alike) continue;
    contradicted_[static_cast<size_t>(i)] = true;
    contradicted_[static_cast<size_t>(at->second)] = true;
  }
}

std::optional<Violation> TravelImport::Fault(int index) const {
  const v1::TravelTime& time = request_.times(index);
  if (!IsOf(time.settlement_area(), kAreaCollection, region_)) {
    return BadName("settlement_area", kAreaCollection);
  }
  if (!areas_.at(time.settlement_area()).has_value()) {
    return Violation{"settlement_area", "UNKNOWN_AREA", "is not on record", "安置区未登记"};
  }
  if (std::optional<Violation> wrong = PlaceFault(time)) return wrong;
  if (time.mode() <= v1::TRAVEL_MODE_UNSPECIFIED || time.mode() > v1::TRAVEL_MODE_COACH) {
    return Violation{"mode", "REQUIRED", "must be one of the modes of travel", "须为出行方式之一"};
  }
  if (time.minutes() < 1 || time.minutes() > kMaxMinutes) {
    return Violation{"minutes", "OUT_OF_RANGE", "must be 1 to 1440", "须为 1 至 1440"};
  }
  if (time.has_cost_fen() && (time.cost_fen() < 0 || time.cost_fen() > kMaxCostFen)) {
    return Violation{"cost_fen", "OUT_OF_RANGE", "must be 0 to 10000000", "须为 0 至 10000000"};
  }
  if (contradicted_[static_cast<size_t>(index)]) {
    return Violation{"minutes", "CONTRADICTORY",
                     "another item of this request says otherwise of the same way and mode",
                     "同一起讫点和出行方式给出了不同的值"};
  }
  return SpeedFault(time);
}

const std::string& TravelImport::PlaceNameOf(const v1::TravelTime& time) const {
  const auto posting = postings_.find(time.place());
  if (posting == postings_.end() || !posting->second.has_value()) return time.place();
  return *posting->second;
}

std::optional<Violation> TravelImport::PlaceFault(const v1::TravelTime& time) const {
  const auto posting = postings_.find(time.place());
  if (posting != postings_.end()) {
    if (!posting->second.has_value()) {
      return Violation{"place", "UNKNOWN_POSTING", "is not on record", "岗位未登记"};
    }
    if (posting->second->empty()) {
      return Violation{"place", "NO_LOCATION", "must be a posting with a point (place.location)",
                       "该岗位没有坐标（place.location）"};
    }
    return std::nullopt;
  }
  const auto place = places_.find(time.place());
  if (place == places_.end()) {
    return Violation{"place", "INVALID_NAME",
                     absl::StrCat("must be ", FormatName(region_, kPlaceCollection, "{id}"), " or ",
                                  FormatName(region_, kPostingCollection, "{id}")),
                     absl::StrCat("须形如 ", FormatName(region_, kPlaceCollection, "{id}"), " 或 ",
                                  FormatName(region_, kPostingCollection, "{id}"))};
  }
  if (!place->second.exists) {
    return Violation{"place", "UNKNOWN_PLACE",
                     "is not on record, and not among this request's places", "地点未登记"};
  }
  return std::nullopt;
}

std::optional<Violation> TravelImport::SpeedFault(const v1::TravelTime& time) const {
  const std::optional<matcher::GeoPoint> place =
      PointOf(places_.find(PlaceNameOf(time))->second.resource.location());
  if (!place.has_value()) return std::nullopt;
  const double km = DistanceBetween(*areas_.at(time.settlement_area()), *place).km();
  const double most = kMostKmAnHour[static_cast<size_t>(time.mode()) - 1];
  if ((km - kSlackKm) * 60 > most * time.minutes()) {
    return Violation{
        "minutes", "TOO_FAST",
        absl::StrCat("must not be faster than ", most, " km an hour: it is ", static_cast<int>(km),
                     " km"),
        absl::StrCat("距离约 ", static_cast<int>(km), " 公里，时速不得超过 ", most, " 公里")};
  }
  if (time.minutes() > kMostMinutesFirst + kMostMinutesEachKm * km) {
    return Violation{"minutes", "TOO_SLOW",
                     absl::StrCat("must not be slower than walking a long detour: it is ",
                                  static_cast<int>(km), " km"),
                     absl::StrCat("距离约 ", static_cast<int>(km), " 公里，比绕行步行还慢")};
  }
  return std::nullopt;
}

void TravelImport::ApplyTime(int index, v1::ImportTravelTimesResponse& response) {
  std::optional<Violation> fault = Fault(index);
  if (fault.has_value()) {
    fault->field = absl::StrCat("times[", index, "].", fault->field);
    return Report(*fault, response);
  }
  const v1::TravelTime& given = request_.times(index);
  Place& place = places_.find(PlaceNameOf(given))->second;
  place.exists = true;
  place.from[LastPart(given.settlement_area())][static_cast<size_t>(given.mode()) - 1] = {
      .minutes = given.minutes(), .cost_fen = given.has_cost_fen() ? given.cost_fen() : -1};
  response.set_taken_times(response.taken_times() + 1);
}

absl::StatusOr<std::vector<store::Mutation>> TravelImport::Mutations(const Mutator& mutator) {
  std::vector<store::Mutation> mutations;
  for (auto& [name, place] : places_) {
    if (!place.exists) continue;
    WriteTimes(place);
    const store::Record* stored = place.stored.has_value() ? &*place.stored : nullptr;
    LEYE_ASSIGN_OR_RETURN(store::Mutation put, mutator.Put(name, place.resource, stored));
    if (stored != nullptr && stored->envelope.open() == put.envelope.open()) continue;
    mutations.push_back(std::move(put));
  }
  return mutations;
}

}  // namespace leye::app
