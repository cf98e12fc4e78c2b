// The use cases of employers: see EmployerService in leye/v1/employer.proto.
#ifndef LEYE_SERVICES_APP_EMPLOYERS_H_
#define LEYE_SERVICES_APP_EMPLOYERS_H_

#include <memory>

#include "absl/status/statusor.h"

#include "leye/v1/employer.pb.h"
#include "services/app/context.h"

namespace leye::app {

class RecordService;

// Thread-safe. Every method answers the status and does what the RPC of its name documents.
class Employers {
 public:
  explicit Employers(const Dependencies& dependencies);
  ~Employers();

  absl::StatusOr<v1::CreateEmployerResponse> CreateEmployer(
      const v1::CreateEmployerRequest& request, const CallContext& context) const;
  absl::StatusOr<v1::GetEmployerResponse> GetEmployer(const v1::GetEmployerRequest& request,
                                                      const CallContext& context) const;
  absl::StatusOr<v1::ListEmployersResponse> ListEmployers(const v1::ListEmployersRequest& request,
                                                          const CallContext& context) const;
  absl::StatusOr<v1::UpdateEmployerResponse> UpdateEmployer(
      const v1::UpdateEmployerRequest& request, const CallContext& context) const;
  // ACTIVE -> SUSPENDED -> ACTIVE; FAILED_PRECONDITION (reason WRONG_STATE) from another state.
  absl::StatusOr<v1::SuspendEmployerResponse> SuspendEmployer(
      const v1::SuspendEmployerRequest& request, const CallContext& context) const;
  absl::StatusOr<v1::ReinstateEmployerResponse> ReinstateEmployer(
      const v1::ReinstateEmployerRequest& request, const CallContext& context) const;

 private:
  std::unique_ptr<RecordService> records_;
};

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_EMPLOYERS_H_
