#include "services/app/households.h"

#include <utility>

#include "services/app/importer.h"
#include "services/app/record_service.h"
#include "services/app/resource_checks.h"

namespace leye::app {
namespace {

RecordKind HouseholdKind() {
  return {.kind = store::Kind::kHousehold,
          .collection = "households",
          .noun_zh = "户",
          .prototype = &v1::Household::default_instance(),
          .filter_fields = {{"settlement_area"},
                            {"category"},
                            {"monitoring"},
                            {"risk_removed"},
                            {"subsistence_allowance"},
                            {"create_time"},
                            {"update_time"},
                            {"external_id.source"},
                            {"external_id.id"}},
          .order_fields = {"name", "settlement_area", "create_time", "update_time"},
          .derived_fields = {"figures"}};
}

class HouseholdRules final : public RecordRules {
 public:
  explicit HouseholdRules(const HouseholdFiguresSource& figures)
      : RecordRules(HouseholdKind()), figures_(figures) {}

  void Check(const Message& message, const CheckScope& scope,
             Violations& violations) const override {
    const auto& household = static_cast<const v1::Household&>(message);
    if (household.risk_removed() && household.monitoring() == v1::MONITORING_KIND_UNSPECIFIED) {
      Checks(scope, violations)
          .Add("risk_removed", "CONTRADICTION", "goes only with a monitored household",
               "仅适用于监测对象");
    }
  }

  absl::Status Derive(store::Region, const std::vector<Message*>& messages) const override {
    for (Message* message : messages) {
      auto& household = static_cast<v1::Household&>(*message);
      if (auto figures = figures_.FiguresOf(household.name())) {
        *household.mutable_figures() = *std::move(figures);
      }
    }
    return absl::OkStatus();
  }

 private:
  const HouseholdFiguresSource& figures_;
};

}  // namespace

Households::Households(const Dependencies& dependencies, const HouseholdFiguresSource& figures)
    : records_(std::make_unique<RecordService>(dependencies,
                                               std::make_unique<HouseholdRules>(figures))) {}
Households::~Households() = default;

absl::StatusOr<v1::CreateHouseholdResponse> Households::CreateHousehold(
    const v1::CreateHouseholdRequest& request, const CallContext& context) const {
  return records_->Call<v1::CreateHouseholdResponse>(&RecordService::Create, request, context);
}

absl::StatusOr<v1::GetHouseholdResponse> Households::GetHousehold(
    const v1::GetHouseholdRequest& request, const CallContext& context) const {
  return records_->Call<v1::GetHouseholdResponse>(&RecordService::Get, request, context);
}

absl::StatusOr<v1::ListHouseholdsResponse> Households::ListHouseholds(
    const v1::ListHouseholdsRequest& request, const CallContext& context) const {
  return records_->Call<v1::ListHouseholdsResponse>(&RecordService::List, request, context);
}

absl::StatusOr<v1::UpdateHouseholdResponse> Households::UpdateHousehold(
    const v1::UpdateHouseholdRequest& request, const CallContext& context) const {
  return records_->Call<v1::UpdateHouseholdResponse>(&RecordService::Update, request, context);
}

std::unique_ptr<HouseholdImport> Households::ImportHouseholds(const CallContext& context) const {
  return NewImportSession<v1::ImportHouseholdsRequest, v1::ImportHouseholdsResponse>(
      *records_, context,
      [](v1::ImportHouseholdsRequest& request) { return request.mutable_households(); });
}

}  // namespace leye::app
