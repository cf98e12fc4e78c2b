// An import of travel times: what each way says against what is stored, one by one, and the records
// of places that follow. A way to a posting is one to the place of the point where it lies now.
//
//   TravelImport import(request, region);
//   LEYE_RETURN_IF_ERROR(import.Read(store));
//   import.Apply(response);                          // counts, and says what is left out
//   LEYE_ASSIGN_OR_RETURN(auto mutations, import.Mutations(mutator));
//
// Thread-compatible: one attempt. Views the request.
#ifndef LEYE_SERVICES_APP_TRAVEL_IMPORT_H_
#define LEYE_SERVICES_APP_TRAVEL_IMPORT_H_

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "leye/v1/travel.pb.h"
#include "matcher/geo.h"
#include "matcher/vocabulary.h"
#include "services/app/mutator.h"
#include "services/app/validation.h"
#include "services/app/violations.h"
#include "services/store/store.h"

namespace leye::app {

class TravelImport {
 public:
  // What is wrong with the request itself, beyond what its fields say: the names of its places, and
  // how much it asks for.
  static void Check(const v1::ImportTravelTimesRequest& request, const CheckScope& scope,
                    Violations& violations);

  // REQUIRES: nothing is wrong with the request.
  TravelImport(const v1::ImportTravelTimesRequest& request, store::Region region);

  // Reads what the items name. Errors are the store's.
  absl::Status Read(store::Store& store);

  // Takes in what is right. REQUIRES: Read.
  void Apply(v1::ImportTravelTimesResponse& response);

  // Puts of the places that are other than before.
  absl::StatusOr<std::vector<store::Mutation>> Mutations(const Mutator& mutator);

 private:
  struct Time {
    int32_t minutes = 0;  // 0: not known
    int32_t cost_fen = -1;
  };
  using Times = std::array<Time, matcher::kEnumCount<matcher::TravelMode>>;  // by mode

  struct Place {
    std::optional<store::Record> stored = {};
    v1::TravelPlace resource = {};
    std::map<std::string, Times> from = {};  // by the last part of the area's name
    bool exists = false;
  };

  absl::Status ReadAreas(store::Store& store);
  absl::Status ReadPostings(store::Store& store);
  absl::Status ReadPlaces(store::Store& store);
  static void ReadTimes(Place& place);
  static void WriteTimes(Place& place);

  void ApplyPlace(const v1::TravelPlace& given);
  void ApplyTime(int index, v1::ImportTravelTimesResponse& response);
  // Marks the times that contradict each other.
  void FindContradictions();
  // What is wrong with a way; nullopt: nothing.
  std::optional<Violation> Fault(int index) const;
  std::optional<Violation> PlaceFault(const v1::TravelTime& time) const;
  std::optional<Violation> SpeedFault(const v1::TravelTime& time) const;
  // The full name of the place that a way leads to, be it named by a posting.
  const std::string& PlaceNameOf(const v1::TravelTime& time) const;

  const v1::ImportTravelTimesRequest& request_;
  const store::Region region_;
  // By full name. An area without a usable location has none.
  absl::flat_hash_map<std::string, std::optional<matcher::GeoPoint>> areas_;
  // Those that are named as places, by full name: the name of the place where it lies, "" where it
  // has no point. nullopt: it is not on record.
  absl::flat_hash_map<std::string, std::optional<std::string>> postings_;
  std::map<std::string, Place, std::less<>> places_;
  std::vector<bool> contradicted_;  // by time
};

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_TRAVEL_IMPORT_H_
