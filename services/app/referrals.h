// The use cases of referrals: see ReferralService in leye/v1/referral.proto, and REFERRALS.md.
//
//   Referrals referrals(dependencies, judge, figures);
//   referrals.CreateReferral(request, context);
//   referrals.ExpireDue(region, 100);              // by the clock, now and then
#ifndef LEYE_SERVICES_APP_REFERRALS_H_
#define LEYE_SERVICES_APP_REFERRALS_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"

#include "leye/v1/candidate.pb.h"
#include "leye/v1/referral.pb.h"
#include "services/app/context.h"
#include "services/app/household_figures.h"
#include "services/app/pair_judge.h"
#include "services/app/referral_machine.h"
#include "services/app/referral_steps.h"
#include "services/app/referral_watch.h"
#include "services/app/violations.h"

namespace leye::app {

class RecordService;
struct Attempt;
class Mutator;

// Thread-safe. Every method answers the status and does what the RPC of its name documents.
class Referrals {
 public:
  // `judge`, `figures` and what the dependencies name outlive this.
  Referrals(const Dependencies& dependencies, const PairJudge& judge,
            const HouseholdFiguresSource& figures);
  ~Referrals();

  absl::StatusOr<v1::CreateReferralResponse> CreateReferral(
      const v1::CreateReferralRequest& request, const CallContext& context) const;
  absl::StatusOr<v1::BatchCreateReferralsResponse> BatchCreateReferrals(
      const v1::BatchCreateReferralsRequest& request, const CallContext& context) const;
  absl::StatusOr<v1::GetReferralResponse> GetReferral(const v1::GetReferralRequest& request,
                                                      const CallContext& context) const;
  absl::StatusOr<v1::ListReferralsResponse> ListReferrals(const v1::ListReferralsRequest& request,
                                                          const CallContext& context) const;
  absl::StatusOr<v1::TransitionReferralResponse> TransitionReferral(
      const v1::TransitionReferralRequest& request, const CallContext& context) const;
  absl::StatusOr<v1::ListReferralTasksResponse> ListReferralTasks(
      const v1::ListReferralTasksRequest& request, const CallContext& context) const;

  // Begins several referrals, which have their names, in one working set, to be committed with
  // whatever else is in it. Who cannot begin changes nothing in the set. An error is not about any
  // one of them. REQUIRES: all of the set's region, person and posting.
  struct Refusal {
    size_t index;  // In what was asked.
    absl::Status why;
  };
  enum class Refusals { kFirst, kAll };  // Whether to go on after the first.
  struct Beginning {
    std::string reason;
    bool validate_only = false;
    Refusals refusals = Refusals::kFirst;
    bool by_hand = false;  // Not from a ranking: see PairQuestion.
  };
  absl::StatusOr<std::vector<Refusal>> BeginEach(const Beginning& how, const CallContext& context,
                                                 absl::Span<v1::Referral> referrals,
                                                 WorkingSet& set) const;

  // The watch may outlive the call but not the dependencies.
  absl::StatusOr<std::unique_ptr<ReferralWatch>> WatchReferrals(
      const v1::WatchReferralsRequest& request, const CallContext& context) const;

  // Cancels, in the set, every referral of `person` that has not led to work and that the consent
  // which stands there does not cover today, and answers with them. To be committed with the
  // change of the consent, and then concluded. What is overdue is left to ExpireDue.
  absl::StatusOr<std::vector<v1::Referral>> CancelUnconsented(const std::string& person,
                                                              const CallContext& context,
                                                              WorkingSet& set) const;
  // The same for everybody in the region whose consent has ended by the clock, by an update or an
  // import: how many referrals were cancelled. Reads all referrals of the region.
  absl::StatusOr<int> CancelAllUnconsented(store::Region region) const;

  // Ends a call for these: gives back the openings of other regions that did not come to a
  // placement, or are one no more. What cannot be given back now, ExpireDue gives back.
  void Conclude(absl::Span<const v1::Referral> referrals) const;

  // Ends the region's referrals whose time is over, some `most` of them; how many have ended. An
  // error is the first one's; the others are ended all the same. And brings to an end what calls
  // that died have left claimed in other regions. May run in several processes at once.
  absl::StatusOr<int> ExpireDue(store::Region region, int most) const;

 private:
  // Referrals that are to begin, named, and what is wrong with the request by itself.
  struct Newcomers {
    store::Region region;
    std::vector<v1::Referral> referrals;
    std::vector<std::string> paths;  // Where each stands in the request.
    std::string reason;
    bool by_hand = false;
    Violations violations;
  };

  // Adds a resource of a request, checked and named.
  void Add(const v1::Referral& given, const std::string& path, const std::string& id,
           Newcomers& newcomers) const;
  absl::Status BeginAll(const google::protobuf::Message& request, const CallContext& context,
                        Newcomers& newcomers, google::protobuf::Message& response) const;
  // Of a checked request.
  absl::StatusOr<v1::TransitionReferralResponse> Step(const v1::TransitionReferralRequest& request,
                                                      store::Region region,
                                                      const CallContext& context) const;
  absl::StatusOr<Attempt> PrepareNew(const Newcomers& newcomers, const CallContext& context,
                                     const Mutator& mutator) const;
  absl::StatusOr<Attempt> PrepareStep(const v1::TransitionReferralRequest& request, WorkingSet set,
                                      const CallContext& context, const Mutator& mutator) const;
  absl::StatusOr<v1::Referral> ReadReferral(const std::string& name, WorkingSet& set) const;
  // INVALID_ARGUMENT for all that is wrong, references that lead nowhere included.
  absl::Status CheckRequest(const Newcomers& newcomers, const CallContext& context) const;
  // NOT_FOUND when the caller does not reach the referral, PERMISSION_DENIED (STEP_NOT_ALLOWED)
  // when the step is another's.
  absl::Status Authorise(const v1::Referral& referral, v1::ReferralEvent event,
                         const CallContext& context) const;
  // Ends what is overdue and in the way of these.
  absl::Status ClearTheWay(store::Region region, absl::Span<const v1::Referral> referrals) const;
  absl::Status Expire(const std::string& referral) const;
  // Cancels one referral in the set unless `consent` covers it, and adds it to `cancelled`.
  absl::Status CancelStep(const std::string& name, const v1::Consent& consent,
                          const CallContext& context, WorkingSet& set,
                          std::vector<v1::Referral>& cancelled) const;
  // Commits what CancelUnconsented does for one person; how many.
  absl::StatusOr<int> CancelOf(const std::string& person, store::Region region) const;

  const Dependencies dependencies_;
  const HouseholdFiguresSource& figures_;
  const Claims claims_;
  const ReferralSteps steps_;
  std::unique_ptr<RecordService> records_;
};

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_REFERRALS_H_
