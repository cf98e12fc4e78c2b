// Import of travel times: a table of ways as CSV, or the table that a routing engine answers.
//
// CSV has a header: settlement_area (安置区), place (地点), mode (方式), minutes (分钟) and, if
// known, cost_yuan (费用). A place may be a posting, as postings/ID. A file ending in .json is what
// OSRM's table service answers with durations in seconds; its sources are the rows of the table of
// areas, its destinations those of the table of places, in their order. Tables of places have place
// (地点), latitude (纬度), longitude (经度) and, if wished, display_name (名称) and radius_m
// (半径); tables of areas have settlement_area.

#ifndef LEYE_SERVICES_LEYECTL_TRAVEL_TIMES_H_
#define LEYE_SERVICES_LEYECTL_TRAVEL_TIMES_H_

#include <string>

#include "absl/functional/function_ref.h"
#include <grpcpp/support/status.h>

#include "leye/v1/travel.pb.h"
#include "services/leyectl/import_report.h"
#include "services/leyectl/session.h"

namespace leye::ctl {

struct TravelTimesFlags {
  std::string places_file{};  // Places that are new or have changed; empty: none.
  std::string areas_file{};   // Of a routing engine's table: its sources.
  std::string mode = "car";   // Of a routing engine's table.
  bool validate_only = false;
};

// Sends the ways place by place; every one that is left out is reported by its row.
ExitCode ImportTravelTimes(Session& session, const std::string& file, const TravelTimesFlags& flags,
                           ImportReport& report);

// Makes one call of the import.
using TravelTimesCall = absl::FunctionRef<grpc::Status(const v1::ImportTravelTimesRequest& request,
                                                       v1::ImportTravelTimesResponse& response)>;

// The same by another way than to the session's server.
ExitCode ImportTravelTimesBy(TravelTimesCall call, Session& session, const std::string& file,
                             const TravelTimesFlags& flags, ImportReport& report);

}  // namespace leye::ctl

#endif  // LEYE_SERVICES_LEYECTL_TRAVEL_TIMES_H_
