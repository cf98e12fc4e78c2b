// The gRPC services of leye.v1: a thin handler each, which guards, calls the use case and converts.
//
//   std::unique_ptr<grpc::Service> service = NewPostingHandlers(calls, postings, hub, clock);
//
// What is passed in outlives the service, and the service outlives the server. Thread-safe.

#ifndef LEYE_SERVICES_RPC_HANDLERS_H_
#define LEYE_SERVICES_RPC_HANDLERS_H_

#include <memory>

#include <grpcpp/impl/codegen/service_type.h>

#include "services/app/audit_trail.h"
#include "services/app/candidates.h"
#include "services/app/data_subjects.h"
#include "services/app/employers.h"
#include "services/app/households.h"
#include "services/app/matching.h"
#include "services/app/notices.h"
#include "services/app/plans.h"
#include "services/app/postings.h"
#include "services/app/referrals.h"
#include "services/app/reports.h"
#include "services/app/rulesets.h"
#include "services/app/settlement_areas.h"
#include "services/app/skills.h"
#include "services/app/watch_hub.h"
#include "services/base/clock.h"
#include "services/rpc/calls.h"

namespace leye::rpc {

std::unique_ptr<grpc::Service> NewSettlementAreaHandlers(const Calls& calls,
                                                         const app::SettlementAreas& areas);
std::unique_ptr<grpc::Service> NewHouseholdHandlers(const Calls& calls,
                                                    const app::Households& households);
std::unique_ptr<grpc::Service> NewCandidateHandlers(const Calls& calls,
                                                    const app::Candidates& candidates);
std::unique_ptr<grpc::Service> NewEmployerHandlers(const Calls& calls,
                                                   const app::Employers& employers);
std::unique_ptr<grpc::Service> NewPostingHandlers(const Calls& calls, const app::Postings& postings,
                                                  app::WatchHub& hub, const Clock& clock);
std::unique_ptr<grpc::Service> NewSkillHandlers(const Calls& calls, const app::Skills& skills);
std::unique_ptr<grpc::Service> NewNoticeHandlers(const Calls& calls, const app::Notices& notices);
std::unique_ptr<grpc::Service> NewMatchHandlers(const Calls& calls, const app::Matching& matching,
                                                app::WatchHub& hub, const Clock& clock);
std::unique_ptr<grpc::Service> NewReferralHandlers(const Calls& calls,
                                                   const app::Referrals& referrals,
                                                   app::WatchHub& hub, const Clock& clock);

std::unique_ptr<grpc::Service> NewPersonalDataHandlers(const Calls& calls,
                                                       const app::DataSubjects& subjects);
std::unique_ptr<grpc::Service> NewAuditHandlers(const Calls& calls, const app::AuditTrail& trail);
std::unique_ptr<grpc::Service> NewPlanHandlers(const Calls& calls, const app::Plans& plans);
std::unique_ptr<grpc::Service> NewRulesetHandlers(const Calls& calls,
                                                  const app::Rulesets& rulesets);
std::unique_ptr<grpc::Service> NewReportHandlers(const Calls& calls, const app::Reports& reports);

}  // namespace leye::rpc

#endif  // LEYE_SERVICES_RPC_HANDLERS_H_
