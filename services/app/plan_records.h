// The records of a plan beside its own, and how they are named.
//
//   kPlan      regions/13/plans/x                 what is asked, how far it is, what it is worth
//   kPlanRun   regions/13/plans/x                 while it waits or runs: who works it out
//   kPlanPart  regions/13/plans/x/lines/00000     the lines 1 to 200
//   kPlanPart  regions/13/plans/x/outcomes/00000  the first 200 postings
//
// Parts are what the plan record says that there are: `lines` lines and `figures.postings` outcomes
// once it SUCCEEDED. What else lies under the plan's name was left by a run that was interrupted.
#ifndef LEYE_SERVICES_APP_PLAN_RECORDS_H_
#define LEYE_SERVICES_APP_PLAN_RECORDS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "leye/storage/v1/plan.pb.h"
#include "leye/v1/plan.pb.h"
#include "services/app/working_set.h"
#include "services/store/store.h"

namespace leye::app {

inline constexpr int kPerPart = 200;  // Lines, or outcomes.

enum class PlanContent { kLines, kOutcomes };

store::RecordKey PlanKey(const std::string& plan);
store::RecordKey PlanRunKey(const std::string& plan);
store::RecordKey PlanPartKey(absl::string_view plan, PlanContent content, int part);

// The full name of the referral of a line.
std::string ReferralOfLine(const v1::Plan& plan, int line);

// Puts a plan without what comes from its record or is worked out for answers.
void PutPlan(const v1::Plan& plan, WorkingSet& set);

// The parts `first` to `first + count - 1`, those that there are, at one revision.
absl::StatusOr<std::vector<storage::v1::PlanPart>> ReadPlanParts(store::Store& store,
                                                                 const std::string& plan,
                                                                 PlanContent content, int first,
                                                                 int count);

// What there is under a plan's name, whoever left it there.
absl::StatusOr<std::vector<store::RecordKey>> FindPlanParts(store::Store& store,
                                                            const std::string& plan);

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_PLAN_RECORDS_H_
