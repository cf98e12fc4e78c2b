#include "services/app/employers.h"

#include "services/app/formats.h"
#include "services/app/record_service.h"
#include "services/app/resource_checks.h"

namespace leye::app {
namespace {

using google::protobuf::Message;

constexpr size_t kMaxReason = 500;

RecordKind EmployerKind() {
  return {.kind = store::Kind::kEmployer,
          .collection = "employers",
          .noun_zh = "用人单位",
          .prototype = &v1::Employer::default_instance(),
          .filter_fields = {{"display_name"},
                            {"kind"},
                            {"state"},
                            {"division_code"},
                            {"credit_code"},
                            {"create_time"},
                            {"update_time"},
                            {"external_id.source"},
                            {"external_id.id"}},
          .order_fields = {"name", "display_name", "create_time", "update_time"}};
}

class EmployerRules final : public RecordRules {
 public:
  EmployerRules() : RecordRules(EmployerKind()) {}

  void Normalise(Message& message) const override {
    auto& employer = static_cast<v1::Employer&>(message);
    if (employer.has_location()) NormalisePoint(*employer.mutable_location());
  }

  void Initialise(Message& message) const override {
    static_cast<v1::Employer&>(message).set_state(v1::EMPLOYER_STATE_ACTIVE);
  }

  void Check(const Message& message, const CheckScope& scope,
             Violations& violations) const override {
    const auto& employer = static_cast<const v1::Employer&>(message);
    const Checks checks(scope, violations);
    if (!employer.credit_code().empty() && !IsCreditCode(employer.credit_code())) {
      checks.Add("credit_code", "INVALID_FORMAT",
                 "must be 18 digits and capitals with a right check character",
                 "须为 18 位统一社会信用代码且校验码正确");
    }
    if (employer.has_location()) checks.PointIsSet(employer.location(), "location");
    checks.Phone(employer.contact().phone(), "contact.phone");
  }
};

}  // namespace

Employers::Employers(const Dependencies& dependencies)
    : records_(std::make_unique<RecordService>(dependencies, std::make_unique<EmployerRules>())) {}
Employers::~Employers() = default;

absl::StatusOr<v1::CreateEmployerResponse> Employers::CreateEmployer(
    const v1::CreateEmployerRequest& request, const CallContext& context) const {
  return records_->Call<v1::CreateEmployerResponse>(&RecordService::Create, request, context);
}

absl::StatusOr<v1::GetEmployerResponse> Employers::GetEmployer(
    const v1::GetEmployerRequest& request, const CallContext& context) const {
  return records_->Call<v1::GetEmployerResponse>(&RecordService::Get, request, context);
}

absl::StatusOr<v1::ListEmployersResponse> Employers::ListEmployers(
    const v1::ListEmployersRequest& request, const CallContext& context) const {
  return records_->Call<v1::ListEmployersResponse>(&RecordService::List, request, context);
}

absl::StatusOr<v1::UpdateEmployerResponse> Employers::UpdateEmployer(
    const v1::UpdateEmployerRequest& request, const CallContext& context) const {
  return records_->Call<v1::UpdateEmployerResponse>(&RecordService::Update, request, context);
}

absl::StatusOr<v1::SuspendEmployerResponse> Employers::SuspendEmployer(
    const v1::SuspendEmployerRequest& request, const CallContext& context) const {
  Violations violations;
  CheckReason(request.reason(), {.least = 1, .greatest = kMaxReason}, violations);
  const auto suspend = [&](Message& message) {
    auto& employer = static_cast<v1::Employer&>(message);
    if (employer.state() != v1::EMPLOYER_STATE_ACTIVE) {
      return WrongState(employer.name(), "ACTIVE", "正常");
    }
    employer.set_state(v1::EMPLOYER_STATE_SUSPENDED);
    employer.set_suspension_reason(request.reason());
    return absl::OkStatus();
  };
  v1::SuspendEmployerResponse response;
  absl::Status status = records_->Change(request, context, violations, suspend, response);
  if (!status.ok()) return status;
  return response;
}

absl::StatusOr<v1::ReinstateEmployerResponse> Employers::ReinstateEmployer(
    const v1::ReinstateEmployerRequest& request, const CallContext& context) const {
  const auto reinstate = [](Message& message) {
    auto& employer = static_cast<v1::Employer&>(message);
    if (employer.state() != v1::EMPLOYER_STATE_SUSPENDED) {
      return WrongState(employer.name(), "SUSPENDED", "暂停");
    }
    employer.set_state(v1::EMPLOYER_STATE_ACTIVE);
    employer.clear_suspension_reason();
    return absl::OkStatus();
  };
  v1::ReinstateEmployerResponse response;
  absl::Status status = records_->Change(request, context, {}, reinstate, response);
  if (!status.ok()) return status;
  return response;
}

}  // namespace leye::app
