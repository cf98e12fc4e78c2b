// Whether a posting is published: what its findings, what has been accepted of them, and what a
// bureau has decided make of it.
//
// A finding that keeps a posting back is accepted once; it asks again only when it comes back with
// another evidence, so an edit of something else asks nobody. A rejected posting stays rejected
// until something that findings or bureaus look at is changed; then it waits for the bureau again,
// whatever is still found.
#ifndef LEYE_SERVICES_APP_POSTING_PUBLICATION_H_
#define LEYE_SERVICES_APP_POSTING_PUBLICATION_H_

#include <memory>
#include <vector>

#include "absl/time/time.h"

#include "leye/v1/posting.pb.h"
#include "services/app/record_rules.h"
#include "services/app/ruleset_source.h"
#include "services/base/clock.h"

namespace leye::app {

// Sets findings, publication and what follows from them, and keeps the list of twins. `rulesets`
// and `store` outlive it.
std::unique_ptr<Settlement> NewPostingSettlement(const RulesetSource& rulesets, store::Store& store,
                                                 store::Region region, const Clock& clock);

// Whether `review` has accepted the finding as it is.
bool IsAccepted(const v1::LintFinding& finding, const v1::PostingReview& review);

// The findings that keep the posting back and that nobody has accepted, blocking ones included.
std::vector<v1::LintFinding> OpenFindings(const v1::Posting& posting);

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_POSTING_PUBLICATION_H_
