// What a bureau decides about a posting, and what that makes of it.
#ifndef LEYE_SERVICES_APP_POSTING_REVIEWS_H_
#define LEYE_SERVICES_APP_POSTING_REVIEWS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"

#include "leye/v1/posting.pb.h"
#include "services/app/violations.h"

namespace leye::app {

// A single request as one of many.
v1::PostingVerdict VerdictOf(const v1::ApprovePostingRequest& request);
v1::PostingVerdict VerdictOf(const v1::RejectPostingRequest& request);

// What is wrong with a decision by itself. `prefix` stands before the names of its fields.
void CheckVerdict(const v1::PostingVerdict& verdict, const std::string& prefix,
                  Violations& violations);

struct Decision {
  const v1::PostingVerdict& verdict;
  const std::string& reviewer;
  absl::Time time;
};

// Notes the decision in `posting`, whose findings are those of today. FAILED_PRECONDITION:
// NOTHING_TO_REVIEW, or FINDINGS_NOT_ACCEPTED naming the codes.
absl::Status ApplyVerdict(const Decision& decision, v1::Posting& posting);

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_POSTING_REVIEWS_H_
