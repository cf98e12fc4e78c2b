#include "services/leyectl/travel_times.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include <nlohmann/json.hpp>

#include "leye/v1/travel.pb.h"
#include "services/base/status.h"
#include "services/leyectl/files/csv_reader.h"
#include "services/leyectl/files/values.h"
#include "services/leyectl/resource.h"

namespace leye::ctl {
namespace {

// A request stays well below the 4 MB that a server takes.
constexpr size_t kTimesACall = 20'000;
constexpr int kPlacesACall = 500;

struct NamedColumn {
  absl::string_view english;
  absl::string_view chinese;
  bool required = true;
};
constexpr NamedColumn kWayColumns[] = {{"settlement_area", "安置区"},
                                       {"place", "地点"},
                                       {"mode", "方式"},
                                       {"minutes", "分钟"},
                                       {"cost_yuan", "费用", false}};
constexpr NamedColumn kPlaceColumns[] = {{"place", "地点"},
                                         {"latitude", "纬度"},
                                         {"longitude", "经度"},
                                         {"display_name", "名称", false},
                                         {"radius_m", "半径", false}};
constexpr NamedColumn kAreaColumns[] = {{"settlement_area", "安置区"}};

struct ModeWord {
  absl::string_view english;
  absl::string_view chinese;
  v1::TravelMode mode;
};
constexpr ModeWord kModeWords[] = {{"foot", "步行", v1::TRAVEL_MODE_FOOT},
                                   {"e-bike", "电动车", v1::TRAVEL_MODE_ELECTRIC_BIKE},
                                   {"bus", "公交", v1::TRAVEL_MODE_BUS},
                                   {"car", "驾车", v1::TRAVEL_MODE_CAR},
                                   {"coach", "专车", v1::TRAVEL_MODE_COACH}};

v1::TravelMode ModeOf(absl::string_view word) {
  for (const ModeWord& known : kModeWords) {
    if (word == known.english || word == known.chinese) return known.mode;
  }
  return v1::TRAVEL_MODE_UNSPECIFIED;
}

using Cells = std::vector<std::string>;

// Calls `visit` for each row with the cells of `columns`, in their order; "" where there is none.
absl::Status ReadCsv(const std::string& file, absl::Span<const NamedColumn> columns,
                     absl::FunctionRef<void(int64_t line, const Cells& cells)> visit) {
  LEYE_ASSIGN_OR_RETURN(const auto reader, files::CsvReader::Open(file, {}));
  files::Row row;
  std::vector<size_t> at;
  if (!reader->Next(row)) return absl::InvalidArgumentError(absl::StrCat(file, ": is empty"));
  for (const NamedColumn& column : columns) {
    const auto named = std::find_if(row.cells.begin(), row.cells.end(), [&](const auto& cell) {
      const std::string header = files::Bare(cell);
      return header == column.english || header == column.chinese;
    });
    if (named == row.cells.end() && column.required) {
      return absl::InvalidArgumentError(
          absl::StrCat(file, ": has no column ", column.english, " (", column.chinese, ")"));
    }
    at.push_back(static_cast<size_t>(named - row.cells.begin()));
  }
  while (reader->Next(row)) {
    if (row.is_blank()) continue;
    Cells cells;
    for (const size_t index : at) {
      cells.push_back(index < row.cells.size() ? files::Tidy(row.cells[index]) : "");
    }
    visit(row.line, cells);
  }
  return reader->status();
}

v1::ImportProblem NotReadable(absl::string_view field, absl::string_view english,
                              absl::string_view chinese) {
  v1::ImportProblem problem;
  problem.set_field(std::string(field));
  problem.set_reason("NOT_READABLE");
  problem.set_description(std::string(english));
  problem.set_description_zh(std::string(chinese));
  return problem;
}

// Names by small numbers, so that a province's table takes little memory.
class NamePool {
 public:
  uint32_t Intern(const std::string& name) {
    const auto [at, fresh] = numbers_.try_emplace(name, static_cast<uint32_t>(names_.size()));
    if (fresh) names_.push_back(name);
    return at->second;
  }
  const std::string& operator[](uint32_t number) const { return names_[number]; }

 private:
  std::vector<std::string> names_;
  absl::flat_hash_map<std::string, uint32_t> numbers_;
};

// One way, and where it stands in the file.
struct Way {
  uint32_t area = 0;
  uint32_t place = 0;
  v1::TravelMode mode = v1::TRAVEL_MODE_UNSPECIFIED;
  int32_t minutes = 0;
  int32_t cost_fen = -1;
  int32_t column = -1;  // Of a routing engine's table: of the destination, from 0.
  int64_t row = 0;      // From 1.
};

class TravelTimesFile {
 public:
  TravelTimesFile(const Settings& settings, const std::string& file, const TravelTimesFlags& flags,
                  ImportReport& report)
      : settings_(settings), file_(file), flags_(flags), report_(report) {}

  absl::Status Read() {
    if (!flags_.places_file.empty()) LEYE_RETURN_IF_ERROR(ReadPlaces());
    LEYE_RETURN_IF_ERROR(absl::EndsWith(file_, ".json") ? ReadRouted() : ReadWays());
    // A way that is said twice must be in one request with itself.
    std::stable_sort(ways_.begin(), ways_.end(),
                     [](const Way& a, const Way& b) { return a.place < b.place; });
    return absl::OkStatus();
  }

  // The first call that fails ends it. Ways that the server leaves out are reported.
  grpc::Status Send(TravelTimesCall call) {
    for (size_t first = 0; first < ways_.size();) {
      const size_t end = EndOfBatch(first);
      const grpc::Status sent = SendBatch(call, absl::MakeSpan(ways_).subspan(first, end - first));
      if (!sent.ok()) return sent;
      first = end;
    }
    while (!places_.empty()) {  // Those to which there is no way.
      const grpc::Status sent = SendBatch(call, {});
      if (!sent.ok()) return sent;
    }
    return grpc::Status::OK;
  }

  // Pairs between which a routing engine has found no way.
  int64_t unknown() const { return unknown_; }

 private:
  std::string NameOf(const std::string& id, absl::string_view collection) const {
    return FullName(id, collection, settings_.region);
  }

  // Of a place, which may be a posting: "postings/job-1".
  std::string PlaceNameOf(const std::string& id) const {
    return NameOf(id, absl::StartsWith(id, "postings/") ? "postings" : "travelPlaces");
  }

  absl::Status ReadPlaces() {
    return ReadCsv(flags_.places_file, kPlaceColumns, [this](int64_t line, const Cells& cells) {
      v1::TravelPlace place;
      place.set_name(PlaceNameOf(cells[0]));
      place.set_display_name(cells[3]);
      destinations_.push_back(place.name());
      if (absl::StrContains(place.name(), "/postings/")) return;  // Says itself where it is.
      double latitude = 0;
      double longitude = 0;
      int32_t radius = 0;
      const bool reads = absl::SimpleAtod(cells[1], &latitude) &&
                         absl::SimpleAtod(cells[2], &longitude) &&
                         (cells[4].empty() || absl::SimpleAtoi(cells[4], &radius));
      if (!reads) {
        report_.Rejected({flags_.places_file, line},
                         {NotReadable("latitude", "latitude, longitude and radius_m are numbers",
                                      "纬度、经度、半径须为数字")});
        return;
      }
      place.mutable_location()->set_latitude(latitude);
      place.mutable_location()->set_longitude(longitude);
      if (!cells[4].empty()) place.set_radius_m(radius);
      places_.insert_or_assign(place.name(), place);
    });
  }

  absl::Status ReadWays() {
    return ReadCsv(file_, kWayColumns, [this](int64_t line, const Cells& cells) {
      Way way{.area = names_.Intern(NameOf(cells[0], "settlementAreas")),
              .place = names_.Intern(PlaceNameOf(cells[1])),
              .mode = ModeOf(cells[2]),
              .row = line};
      double yuan = 0;
      constexpr double kMostYuan = 1e6;
      if (way.mode == v1::TRAVEL_MODE_UNSPECIFIED) {
        report_.Rejected({file_, line},
                         {NotReadable("mode", "mode is foot, e-bike, bus, car or coach",
                                      "方式须为步行、电动车、公交、驾车或专车")});
      } else if (!absl::SimpleAtoi(cells[3], &way.minutes)) {
        report_.Rejected({file_, line},
                         {NotReadable("minutes", "minutes is a whole number", "分钟须为整数")});
      } else if (!cells[4].empty() &&
                 !(absl::SimpleAtod(cells[4], &yuan) && yuan >= 0 && yuan < kMostYuan)) {
        report_.Rejected({file_, line},
                         {NotReadable("cost_yuan", "cost_yuan is a number, 0 or more",
                                      "费用须为不小于 0 的数字")});
      } else {
        if (!cells[4].empty()) way.cost_fen = static_cast<int32_t>(std::lround(yuan * 100));
        ways_.push_back(way);
      }
    });
  }

  absl::Status ReadRouted() {
    std::vector<std::string> sources;
    LEYE_RETURN_IF_ERROR(ReadCsv(flags_.areas_file, kAreaColumns, [&](int64_t, const Cells& cells) {
      sources.push_back(NameOf(cells[0], "settlementAreas"));
    }));
    std::ifstream stream(file_, std::ios::binary);
    const nlohmann::json table = nlohmann::json::parse(stream, nullptr, false);
    const auto durations = table.is_object() ? table.find("durations") : table.end();
    const bool fits = table.is_object() && durations != table.end() && durations->is_array() &&
                      durations->size() == sources.size() &&
                      std::all_of(durations->begin(), durations->end(), [this](const auto& row) {
                        return row.is_array() && row.size() == destinations_.size();
                      });
    if (!fits) {
      return absl::InvalidArgumentError(
          absl::StrCat(file_, ": must be JSON with durations of ", sources.size(), " sources, as ",
                       flags_.areas_file, " has, and ", destinations_.size(), " destinations, as ",
                       flags_.places_file, " has"));
    }
    for (size_t source = 0; source < sources.size(); ++source) {
      for (size_t destination = 0; destination < destinations_.size(); ++destination) {
        AddRouted((*durations)[source][destination],
                  {.area = names_.Intern(sources[source]),
                   .place = names_.Intern(destinations_[destination]),
                   .mode = ModeOf(flags_.mode),
                   .column = static_cast<int32_t>(destination),
                   .row = static_cast<int64_t>(source) + 1});
      }
    }
    return absl::OkStatus();
  }

  void AddRouted(const nlohmann::json& seconds, Way way) {
    constexpr double kMostSeconds = 1e7;
    if (seconds.is_null()) {
      ++unknown_;
      return;
    }
    if (!seconds.is_number() || !(std::abs(seconds.get<double>()) < kMostSeconds)) {
      report_.Rejected({file_, way.row},
                       {NotReadable(FieldOf(way, ""), "is a number of seconds", "须为秒数")});
      return;
    }
    // A minute that has begun counts; so do those that are at the place already.
    const double minutes = std::ceil(seconds.get<double>() / 60);
    way.minutes = seconds.get<double>() < 0 ? -1 : std::max(1, static_cast<int32_t>(minutes));
    ways_.push_back(way);
  }

  size_t EndOfBatch(size_t first) const {
    size_t end = first;
    int places = 0;
    while (end < ways_.size() && end - first < kTimesACall && places < kPlacesACall) {
      const uint32_t place = ways_[end].place;
      while (end < ways_.size() && ways_[end].place == place) ++end;
      ++places;
    }
    return end;
  }

  grpc::Status SendBatch(TravelTimesCall call, absl::Span<const Way> ways) {
    v1::ImportTravelTimesRequest request;
    request.set_parent(RegionName(settings_.region));
    request.set_validate_only(flags_.validate_only);
    const auto give_place = [&](std::map<std::string, v1::TravelPlace>::iterator place) {
      *request.add_places() = std::move(place->second);
      places_.erase(place);
    };
    for (const Way& way : ways) {
      const auto place = places_.find(names_[way.place]);
      if (place != places_.end()) give_place(place);
      v1::TravelTime& time = *request.add_times();
      time.set_settlement_area(names_[way.area]);
      time.set_place(names_[way.place]);
      time.set_mode(way.mode);
      time.set_minutes(way.minutes);
      if (way.cost_fen >= 0) time.set_cost_fen(way.cost_fen);
    }
    while (ways.empty() && !places_.empty() && request.places_size() < kPlacesACall) {
      give_place(places_.begin());
    }
    v1::ImportTravelTimesResponse response;
    grpc::Status status = call(request, response);
    if (status.ok()) Tell(response, ways);
    return status;
  }

  void Tell(const v1::ImportTravelTimesResponse& response, absl::Span<const Way> ways) {
    const bool unchanged = response.revision().empty() && !flags_.validate_only;
    for (int i = 0; i < response.taken_times(); ++i) {
      report_.Done(unchanged ? v1::IMPORT_OUTCOME_UNCHANGED : v1::IMPORT_OUTCOME_UPDATED,
                   response.revision());
    }
    for (v1::ImportProblem problem : response.problems()) {
      // "times[12].minutes".
      const std::string& field = problem.field();
      const size_t close = field.find("].");
      size_t index = 0;
      if (!absl::StartsWith(field, "times[") || close == std::string::npos ||
          !absl::SimpleAtoi(field.substr(6, close - 6), &index) || index >= ways.size()) {
        continue;
      }
      problem.set_field(FieldOf(ways[index], field.substr(close + 2)));
      report_.Rejected({file_, ways[index].row}, {problem});
    }
  }

  static std::string FieldOf(const Way& way, absl::string_view field) {
    if (way.column < 0) return std::string(field);
    return absl::StrCat("durations[", way.row - 1, "][", way.column, "]");
  }

  const Settings& settings_;
  const std::string& file_;
  const TravelTimesFlags& flags_;
  ImportReport& report_;
  NamePool names_;
  std::map<std::string, v1::TravelPlace> places_;  // Still to be sent, by name.
  std::vector<std::string> destinations_;          // The table of places, in its order.
  std::vector<Way> ways_;
  int64_t unknown_ = 0;
};

}  // namespace

ExitCode ImportTravelTimes(Session& session, const std::string& file, const TravelTimesFlags& flags,
                           ImportReport& report) {
  return ImportTravelTimesBy(
      [&session](const v1::ImportTravelTimesRequest& request,
                 v1::ImportTravelTimesResponse& response) {
        return session.Call(Rpc("SettlementAreaService.ImportTravelTimes"), request, &response);
      },
      session, file, flags, report);
}

ExitCode ImportTravelTimesBy(TravelTimesCall call, Session& session, const std::string& file,
                             const TravelTimesFlags& flags, ImportReport& report) {
  if (ModeOf(flags.mode) == v1::TRAVEL_MODE_UNSPECIFIED) {
    return session.Fail(ExitCode::kUsage, session.Say("--mode: foot, e-bike, bus, car or coach",
                                                      "--mode：foot、e-bike、bus、car 或 coach"));
  }
  const bool routed = absl::EndsWith(file, ".json");
  if (routed && (flags.areas_file.empty() || flags.places_file.empty())) {
    return session.Fail(
        ExitCode::kUsage,
        session.Say("a routing engine's table needs --areas and --places, in its order",
                    "路径规划表须同时给出 --areas 与 --places，顺序与表一致"));
  }
  report.Begin("travel-times");
  TravelTimesFile table(session.settings, file, flags, report);
  const absl::Status read = table.Read();
  if (!read.ok()) return session.Fail(ExitCode::kFile, read.message());
  const grpc::Status sent = table.Send(call);
  if (table.unknown() > 0) {
    session.err << file << ": " << table.unknown()
                << session.Say(" pairs without a way: not known\n", " 对没有可行路线，未登记\n");
  }
  report.End();
  return sent.ok() ? ExitCode::kOk : session.Fail(sent);
}

}  // namespace leye::ctl
