// One step of one referral: what it does to the referral and to what the referral holds.
//
//   WorkingSet set(store, region, now);
//   LEYE_RETURN_IF_ERROR(steps.Begin({.actor = caller}, referral, set));       // a new referral
//   LEYE_RETURN_IF_ERROR(steps.Take({.event = event, .actor = caller}, referral, set));
//
// Both change `referral` and put the changes of ledgers, of the person's employment and of what is
// due into the set; whoever calls adds the referral itself and commits. Nothing else is written but
// where the posting is of another region: an opening that is taken there is claimed at once (app/
// claims.h), so whoever calls ends with Claims::Undo, which gives back what did not come to a
// placement or is one no more.
#ifndef LEYE_SERVICES_APP_REFERRAL_STEPS_H_
#define LEYE_SERVICES_APP_REFERRAL_STEPS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "leye/storage/v1/claim.pb.h"
#include "leye/v1/referral.pb.h"
#include "services/app/claims.h"
#include "services/app/pair_judge.h"
#include "services/app/referral_machine.h"
#include "services/app/working_set.h"
#include "services/store/region.h"

namespace leye::app {

// Who takes which step, and why.
struct AskedStep {
  v1::ReferralEvent event = v1::REFERRAL_EVENT_CREATE;
  std::string actor;
  std::string reason = {};
  v1::LeavingReason leaving_reason = v1::LEAVING_REASON_UNSPECIFIED;
  absl::Time deadline = absl::InfiniteFuture();  // Of the call.
  bool validate_only = false;                    // Nothing is to be claimed in another region.
  bool by_hand = false;                          // Of one person whom somebody has chosen.
};

// Puts the referral itself, without what comes from the record.
void PutReferral(const v1::Referral& referral, WorkingSet& set);

// Whether person and posting are of different regions.
bool IsElsewhere(const v1::Referral& referral);

// Immutable, safe for concurrent use.
class ReferralSteps {
 public:
  // `judge` and `claims` outlive this.
  ReferralSteps(const PairJudge& judge, const Claims& claims) : judge_(judge), claims_(claims) {}

  // The rules of the referral's steps, now. Never null.
  RulesetSource::Ruleset RulesOf(const v1::Referral& referral) const {
    return judge_.RulesFor(referral.posting());
  }

  // Begins a referral that has its name, person, posting, and the state to begin in.
  //   NOT_FOUND            (NOT_FOUND) the person or the posting
  //   ALREADY_EXISTS       (PAIR_OPEN) the pair has a referral that has not ended
  //   FAILED_PRECONDITION  (NOT_ELIGIBLE, NO_OPENING, PERSON_HELD, AREA_UNKNOWN, NO_CONSENT)
  // and what the judge answers.
  absl::Status Begin(const AskedStep& asked, absl::Time now, v1::Referral& referral,
                     WorkingSet& set) const;

  // Takes a step of a stored referral.
  //   FAILED_PRECONDITION  (WRONG_STATE, TOO_EARLY, OVERDUE, CHANNEL_CHANGED; as above where an
  //                        opening is taken)
  absl::Status Take(const AskedStep& asked, absl::Time now, v1::Referral& referral,
                    WorkingSet& set) const;

  // The referrals whose time is over and which hold the person, or openings of the posting, and the
  // pair's own, whose time may be over: to be ended, if it is, before anybody else is refused
  // because of them. Reads the ledgers into the set.
  absl::StatusOr<std::vector<std::string>> OverdueInTheWay(const v1::Referral& referral,
                                                           absl::Time now, WorkingSet& set) const;

 private:
  struct Change;

  absl::Status Enter(const Change& change, v1::Referral& referral, WorkingSet& set) const;
  absl::Status TakeOpening(const AskedStep& asked, absl::Time now, const v1::Referral& referral,
                           WorkingSet& set) const;
  absl::Status ClaimOpening(absl::Time now, const v1::Referral& referral,
                            const storage::v1::Hold& hold, WorkingSet& set) const;
  absl::StatusOr<bool> CheckPair(const AskedStep& asked, const v1::Referral& referral,
                                 WorkingSet& set) const;
  absl::Status UpdateHolds(const Change& change, const v1::Referral& referral,
                           WorkingSet& set) const;
  absl::Status UpdateClaim(const Change& change, const v1::Referral& referral,
                           WorkingSet& set) const;
  absl::Status UpdateHousehold(const Change& change, const v1::Referral& referral,
                               WorkingSet& set) const;

  const PairJudge& judge_;
  const Claims& claims_;
};

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_REFERRAL_STEPS_H_
