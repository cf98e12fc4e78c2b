#include "services/app/settlement_areas.h"

#include "absl/strings/str_cat.h"

#include "leye/v1/household.pb.h"
#include "services/app/digest.h"
#include "services/app/mutator.h"
#include "services/app/record_service.h"
#include "services/app/request_view.h"
#include "services/app/resource_checks.h"
#include "services/app/travel_import.h"
#include "services/base/status.h"

namespace leye::app {
namespace {

RecordKind SettlementAreaKind() {
  return {.kind = store::Kind::kSettlementArea,
          .collection = "settlementAreas",
          .noun_zh = "安置区",
          .prototype = &v1::SettlementArea::default_instance(),
          .filter_fields = {{"division_code"},
                            {"display_name"},
                            {"kind"},
                            {"create_time"},
                            {"update_time"},
                            {"external_id.source"},
                            {"external_id.id"}},
          .order_fields = {"name", "display_name", "division_code", "create_time", "update_time"}};
}

class SettlementAreaRules final : public RecordRules {
 public:
  SettlementAreaRules() : RecordRules(SettlementAreaKind()) {}

  void Normalise(Message& message) const override {
    auto& area = static_cast<v1::SettlementArea&>(message);
    if (area.has_location()) NormalisePoint(*area.mutable_location());
  }

  void Check(const Message& message, const CheckScope& scope,
             Violations& violations) const override {
    const auto& area = static_cast<const v1::SettlementArea&>(message);
    if (area.has_location()) Checks(scope, violations).PointIsSet(area.location(), "location");
  }

  std::optional<Dependents> dependents() const override {
    return Dependents{.kind = store::Kind::kHousehold,
                      .prototype = &v1::Household::default_instance(),
                      .field = "settlement_area",
                      .noun = "households",
                      .noun_zh = "户"};
  }
};

RecordKind TravelPlaceKind() {
  return {.kind = store::Kind::kTravelTimes,
          .collection = "travelPlaces",
          .noun_zh = "出行目的地",
          .prototype = &v1::TravelPlace::default_instance(),
          .filter_fields = {{"display_name"}, {"create_time"}, {"update_time"}},
          .order_fields = {"name", "display_name", "create_time", "update_time"}};
}

class TravelPlaceRules final : public RecordRules {
 public:
  TravelPlaceRules() : RecordRules(TravelPlaceKind()) {}

  // Places come by ImportTravelTimes only, which checks them.
  void Check(const Message&, const CheckScope&, Violations&) const override {}
};

}  // namespace

SettlementAreas::SettlementAreas(const Dependencies& dependencies)
    : dependencies_(dependencies),
      records_(
          std::make_unique<RecordService>(dependencies, std::make_unique<SettlementAreaRules>())),
      places_(std::make_unique<RecordService>(dependencies, std::make_unique<TravelPlaceRules>())),
      import_validator_(*v1::ImportTravelTimesRequest::descriptor()) {}
SettlementAreas::~SettlementAreas() = default;

absl::StatusOr<v1::CreateSettlementAreaResponse> SettlementAreas::CreateSettlementArea(
    const v1::CreateSettlementAreaRequest& request, const CallContext& context) const {
  return records_->Call<v1::CreateSettlementAreaResponse>(&RecordService::Create, request, context);
}

absl::StatusOr<v1::GetSettlementAreaResponse> SettlementAreas::GetSettlementArea(
    const v1::GetSettlementAreaRequest& request, const CallContext& context) const {
  return records_->Call<v1::GetSettlementAreaResponse>(&RecordService::Get, request, context);
}

absl::StatusOr<v1::ListSettlementAreasResponse> SettlementAreas::ListSettlementAreas(
    const v1::ListSettlementAreasRequest& request, const CallContext& context) const {
  return records_->Call<v1::ListSettlementAreasResponse>(&RecordService::List, request, context);
}

absl::StatusOr<v1::UpdateSettlementAreaResponse> SettlementAreas::UpdateSettlementArea(
    const v1::UpdateSettlementAreaRequest& request, const CallContext& context) const {
  return records_->Call<v1::UpdateSettlementAreaResponse>(&RecordService::Update, request, context);
}

absl::StatusOr<v1::DeleteSettlementAreaResponse> SettlementAreas::DeleteSettlementArea(
    const v1::DeleteSettlementAreaRequest& request, const CallContext& context) const {
  return records_->Call<v1::DeleteSettlementAreaResponse>(&RecordService::Delete, request, context);
}

absl::StatusOr<v1::GetTravelPlaceResponse> SettlementAreas::GetTravelPlace(
    const v1::GetTravelPlaceRequest& request, const CallContext& context) const {
  return places_->Call<v1::GetTravelPlaceResponse>(&RecordService::Get, request, context);
}

absl::StatusOr<v1::ListTravelPlacesResponse> SettlementAreas::ListTravelPlaces(
    const v1::ListTravelPlacesRequest& request, const CallContext& context) const {
  LEYE_ASSIGN_OR_RETURN(
      v1::ListTravelPlacesResponse response,
      places_->Call<v1::ListTravelPlacesResponse>(&RecordService::List, request, context));
  for (v1::TravelPlace& place : *response.mutable_travel_places()) {
    place.clear_settlement_areas();
    place.clear_rows();
  }
  return response;
}

absl::StatusOr<v1::DeleteTravelPlaceResponse> SettlementAreas::DeleteTravelPlace(
    const v1::DeleteTravelPlaceRequest& request, const CallContext& context) const {
  return places_->Call<v1::DeleteTravelPlaceResponse>(&RecordService::Delete, request, context);
}

absl::StatusOr<v1::ImportTravelTimesResponse> SettlementAreas::ImportTravelTimes(
    const v1::ImportTravelTimesRequest& request, const CallContext& context) const {
  constexpr int kMostAttempts = 20;
  Violations violations;
  const store::Region region = RecordService::RegionOfParent(RequestView(request), violations);
  // A place is nobody's county: its times go to all of the region.
  if (violations.empty() && !ReachOf(context, dependencies_, region).whole()) {
    return access::OutOfScope("parent", "parent");
  }
  const CheckScope scope{
      .region = region, .catalogue = dependencies_.catalogue, .path = "", .today = {}};
  import_validator_.Check(request, scope, violations);
  TravelImport::Check(request, scope, violations);
  Mutator(*places_, request, context, region).CheckRequest(violations);
  LEYE_RETURN_IF_ERROR(violations.ToStatus());
  for (int i = 0; i < kMostAttempts; ++i) {
    LEYE_RETURN_IF_ERROR(CheckAlive(context, dependencies_.clock));
    auto done = TryImport(request, region, context);
    if (done.ok() || !IsConflict(done.status())) return done;
  }
  return Contended();
}

absl::StatusOr<v1::ImportTravelTimesResponse> SettlementAreas::TryImport(
    const v1::ImportTravelTimesRequest& request, store::Region region,
    const CallContext& context) const {
  store::Store& store = dependencies_.store;
  const Mutator mutator(*places_, request, context, region);
  TravelImport import(request, region);
  LEYE_RETURN_IF_ERROR(import.Read(store));
  v1::ImportTravelTimesResponse response;
  import.Apply(response);
  if (request.validate_only()) return response;
  const std::string fingerprint =
      request.request_id().empty()
          ? ""
          : Sha256(absl::StrCat(context.principal.id, "\n", request.SerializeAsString()));
  if (!fingerprint.empty()) {
    LEYE_ASSIGN_OR_RETURN(const auto earlier,
                          store.FindRequest(region, request.request_id(), fingerprint));
    if (earlier.has_value()) {
      response.set_revision(store::FormatToken({region, earlier->revision}));
      return response;
    }
  }
  LEYE_ASSIGN_OR_RETURN(std::vector<store::Mutation> mutations, import.Mutations(mutator));
  if (mutations.empty()) return response;
  LEYE_ASSIGN_OR_RETURN(const store::CommitResult committed,
                        store.Commit({.region = region,
                                      .mutations = std::move(mutations),
                                      .request_id = request.request_id(),
                                      .fingerprint = fingerprint}));
  response.set_revision(store::FormatToken({region, committed.revision}));
  return response;
}

}  // namespace leye::app
