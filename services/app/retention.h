// Erases by itself what is over for longer than the region's ruleset lets it be kept
// (leye.v1.RetentionRules), and lists it beforehand.
//
//   LEYE_ASSIGN_OR_RETURN(auto erased, retention.EraseExpired(region));      // once a day
//
// What is over is worked out anew each time from the records and the clock, so nothing is lost by a
// restart and a second run finds nothing. People and postings go by the same deletion as when
// somebody asks for it, with the personal part and its key; a referral takes what the posting's
// ledger remembers of the pair with it. Nothing that a referral which has not ended names is
// touched. Each run reads all people, postings and referrals of the region, and keeps a name and a
// day for each person with referrals.
#ifndef LEYE_SERVICES_APP_RETENTION_H_
#define LEYE_SERVICES_APP_RETENTION_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"

#include "leye/v1/candidate.pb.h"
#include "leye/v1/personal_data.pb.h"
#include "leye/v1/referral.pb.h"
#include "matcher/ruleset.h"
#include "services/app/candidates.h"
#include "services/app/context.h"
#include "services/app/postings.h"
#include "services/app/ruleset_source.h"

namespace leye::app {

// Since when a person's record is over, seen from `day`; nullopt: it is not. `referrals` are all of
// the person's.
std::optional<absl::CivilDay> OverSince(const v1::Candidate& person,
                                        const std::vector<v1::Referral>& referrals,
                                        absl::CivilDay day);

// Thread-safe.
class Retention {
 public:
  // All outlive this.
  Retention(const Dependencies& dependencies, const RulesetSource& rulesets,
            const Candidates& candidates, const Postings& postings)
      : dependencies_(dependencies),
        rulesets_(rulesets),
        candidates_(candidates),
        postings_(postings) {}

  absl::StatusOr<v1::ListExpiredRecordsResponse> ListExpiredRecords(
      const v1::ListExpiredRecordsRequest& request, const CallContext& context) const;

  // The names of what was erased. Of what fails the first error is answered in the end; a record
  // that somebody changes or holds meanwhile is left for the next time.
  absl::StatusOr<std::vector<std::string>> EraseExpired(store::Region region) const;

 private:
  struct Expired;
  class Search;

  absl::StatusOr<std::vector<Expired>> Find(store::Region region, absl::CivilDay day,
                                            const CallContext& context) const;
  absl::Status Erase(const Expired& expired, store::Region region) const;
  absl::Status EraseReferral(const Expired& expired, store::Region region) const;

  const Dependencies dependencies_;
  const RulesetSource& rulesets_;
  const Candidates& candidates_;
  const Postings& postings_;
};

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_RETENTION_H_
