// The use cases of households: see HouseholdService in leye/v1/household.proto.
#ifndef LEYE_SERVICES_APP_HOUSEHOLDS_H_
#define LEYE_SERVICES_APP_HOUSEHOLDS_H_

#include <memory>

#include "absl/status/statusor.h"

#include "leye/v1/household.pb.h"
#include "services/app/context.h"
#include "services/app/household_figures.h"
#include "services/app/import_session.h"

namespace leye::app {

class RecordService;

// Thread-safe. Every method answers the status and does what the RPC of its name documents.
class Households {
 public:
  // `figures` answers for the derived figures and outlives this.
  Households(const Dependencies& dependencies, const HouseholdFiguresSource& figures);
  ~Households();

  absl::StatusOr<v1::CreateHouseholdResponse> CreateHousehold(
      const v1::CreateHouseholdRequest& request, const CallContext& context) const;
  absl::StatusOr<v1::GetHouseholdResponse> GetHousehold(const v1::GetHouseholdRequest& request,
                                                        const CallContext& context) const;
  absl::StatusOr<v1::ListHouseholdsResponse> ListHouseholds(
      const v1::ListHouseholdsRequest& request, const CallContext& context) const;
  absl::StatusOr<v1::UpdateHouseholdResponse> UpdateHousehold(
      const v1::UpdateHouseholdRequest& request, const CallContext& context) const;

  // `context` is copied.
  std::unique_ptr<HouseholdImport> ImportHouseholds(const CallContext& context) const;

 private:
  std::unique_ptr<RecordService> records_;
};

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_HOUSEHOLDS_H_
