// The use cases of plans: see PlanService in leye/v1/plan.proto, and PLANS.md.
//
//   Plans plans(dependencies, source, referrals);
//   plans.CreatePlan(request, context);               // waits until PlanRuns takes it
//   plans.CommitPlan(request, context);
#ifndef LEYE_SERVICES_APP_PLANS_H_
#define LEYE_SERVICES_APP_PLANS_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "leye/v1/plan.pb.h"
#include "services/app/context.h"
#include "services/app/list.h"
#include "services/app/plan_records.h"
#include "services/app/plan_source.h"
#include "services/app/referrals.h"
#include "services/app/working_set.h"

namespace leye::app {

class Mutator;
class RecordService;
struct Attempt;

// Thread-safe. Every method answers the status and does what the RPC of its name documents.
class Plans {
 public:
  // What is given outlives this.
  Plans(const Dependencies& dependencies, const PlanSource& source, const Referrals& referrals);
  ~Plans();

  absl::StatusOr<v1::CreatePlanResponse> CreatePlan(const v1::CreatePlanRequest& request,
                                                    const CallContext& context) const;
  absl::StatusOr<v1::GetPlanResponse> GetPlan(const v1::GetPlanRequest& request,
                                              const CallContext& context) const;
  absl::StatusOr<v1::ListPlansResponse> ListPlans(const v1::ListPlansRequest& request,
                                                  const CallContext& context) const;
  absl::StatusOr<v1::ListPlanAssignmentsResponse> ListPlanAssignments(
      const v1::ListPlanAssignmentsRequest& request, const CallContext& context) const;
  absl::StatusOr<v1::ListPlanOutcomesResponse> ListPlanOutcomes(
      const v1::ListPlanOutcomesRequest& request, const CallContext& context) const;
  absl::StatusOr<v1::CancelPlanResponse> CancelPlan(const v1::CancelPlanRequest& request,
                                                    const CallContext& context) const;
  absl::StatusOr<v1::CommitPlanResponse> CommitPlan(const v1::CommitPlanRequest& request,
                                                    const CallContext& context) const;
  absl::StatusOr<v1::DeletePlanResponse> DeletePlan(const v1::DeletePlanRequest& request,
                                                    const CallContext& context) const;

 private:
  // Lines that are to be committed, and what refused them.
  struct Commitment;

  absl::StatusOr<Attempt> PrepareNew(const v1::Plan& plan, const CallContext& context,
                                     const Mutator& mutator) const;
  absl::Status CheckProblem(const v1::Plan& plan, const CallContext& context) const;
  absl::StatusOr<Attempt> PrepareCancel(const v1::CancelPlanRequest& request,
                                        const CallContext& context, const Mutator& mutator) const;
  absl::StatusOr<Attempt> PrepareCommit(const v1::CommitPlanRequest& request,
                                        const CallContext& context, const Mutator& mutator,
                                        Commitment& commitment) const;
  absl::Status CheckLines(const v1::CommitPlanRequest& request, const v1::Plan& plan) const;
  absl::StatusOr<std::vector<v1::PlanAssignment>> LinesToCommit(
      const v1::CommitPlanRequest& request, const v1::Plan& plan) const;
  absl::Status RefuseUnreached(const CallContext& context, Commitment& commitment) const;

  // The plan as the set has it. NOT_FOUND also when the caller does not reach it.
  absl::StatusOr<v1::Plan> ReadPlan(const std::string& name, const CallContext& context,
                                    WorkingSet& set) const;
  // The same of a plan that SUCCEEDED, by itself.
  absl::StatusOr<v1::Plan> ReadFinished(const std::string& name, const CallContext& context) const;
  // A page of what the plan found.
  // A page of what a plan found; `plan` becomes that plan. Defined where it is used.
  template <typename Response, typename Request>
  absl::StatusOr<Response> ListContent(const Request& request, const ListSchema& schema,
                                       PlanContent content, const CallContext& context,
                                       v1::Plan& plan) const;
  absl::StatusOr<ListResult> ListFound(const ListQuery& query, const v1::Plan& plan,
                                       PlanContent content, const CallContext& context) const;
  // Says of lines what the records and the referrals say now.
  void AddWords(const v1::Plan& plan, const CallContext& context,
                v1::ListPlanAssignmentsResponse& response) const;
  absl::Status AddReferrals(const v1::Plan& plan, v1::ListPlanAssignmentsResponse& response) const;

  const Dependencies dependencies_;
  const PlanSource& source_;
  const Referrals& referrals_;
  const std::unique_ptr<RecordService> records_;
  const ListSchema assignment_lists_;
  const ListSchema outcome_lists_;
};

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_PLANS_H_
