// The use cases of settlement areas, and of the travel times from them: see SettlementAreaService
// in leye/v1/settlement_area.proto.
#ifndef LEYE_SERVICES_APP_SETTLEMENT_AREAS_H_
#define LEYE_SERVICES_APP_SETTLEMENT_AREAS_H_

#include <memory>

#include "absl/status/statusor.h"

#include "leye/v1/settlement_area.pb.h"
#include "leye/v1/travel.pb.h"
#include "services/app/context.h"
#include "services/app/validation.h"

namespace leye::app {

class RecordService;

// Thread-safe. Every method answers the status and does what the RPC of its name documents.
class SettlementAreas {
 public:
  explicit SettlementAreas(const Dependencies& dependencies);
  ~SettlementAreas();

  absl::StatusOr<v1::CreateSettlementAreaResponse> CreateSettlementArea(
      const v1::CreateSettlementAreaRequest& request, const CallContext& context) const;
  absl::StatusOr<v1::GetSettlementAreaResponse> GetSettlementArea(
      const v1::GetSettlementAreaRequest& request, const CallContext& context) const;
  absl::StatusOr<v1::ListSettlementAreasResponse> ListSettlementAreas(
      const v1::ListSettlementAreasRequest& request, const CallContext& context) const;
  absl::StatusOr<v1::UpdateSettlementAreaResponse> UpdateSettlementArea(
      const v1::UpdateSettlementAreaRequest& request, const CallContext& context) const;
  // FAILED_PRECONDITION (reason HAS_DEPENDENTS) while households live in it.
  absl::StatusOr<v1::DeleteSettlementAreaResponse> DeleteSettlementArea(
      const v1::DeleteSettlementAreaRequest& request, const CallContext& context) const;

  // PERMISSION_DENIED (OUT_OF_SCOPE) for who acts for less than the region.
  absl::StatusOr<v1::ImportTravelTimesResponse> ImportTravelTimes(
      const v1::ImportTravelTimesRequest& request, const CallContext& context) const;
  absl::StatusOr<v1::GetTravelPlaceResponse> GetTravelPlace(
      const v1::GetTravelPlaceRequest& request, const CallContext& context) const;
  absl::StatusOr<v1::ListTravelPlacesResponse> ListTravelPlaces(
      const v1::ListTravelPlacesRequest& request, const CallContext& context) const;
  absl::StatusOr<v1::DeleteTravelPlaceResponse> DeleteTravelPlace(
      const v1::DeleteTravelPlaceRequest& request, const CallContext& context) const;

 private:
  // One attempt of a checked request.
  absl::StatusOr<v1::ImportTravelTimesResponse> TryImport(
      const v1::ImportTravelTimesRequest& request, store::Region region,
      const CallContext& context) const;

  const Dependencies dependencies_;
  std::unique_ptr<RecordService> records_;
  std::unique_ptr<RecordService> places_;
  const FieldValidator import_validator_;
};

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_SETTLEMENT_AREAS_H_
