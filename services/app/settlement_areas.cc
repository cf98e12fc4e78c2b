#include "services/app/settlement_areas.h"

#include "leye/v1/household.pb.h"
#include "services/app/record_service.h"
#include "services/app/resource_checks.h"

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

}  // namespace

SettlementAreas::SettlementAreas(const Dependencies& dependencies)
    : records_(
          std::make_unique<RecordService>(dependencies, std::make_unique<SettlementAreaRules>())) {}
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

}  // namespace leye::app
