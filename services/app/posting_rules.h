// What is particular to postings: their fields in lists, what must agree within one, and whether it
// is published (posting_publication.h).
#ifndef LEYE_SERVICES_APP_POSTING_RULES_H_
#define LEYE_SERVICES_APP_POSTING_RULES_H_

#include <memory>

#include "services/app/record_rules.h"
#include "services/app/ruleset_source.h"

namespace leye::app {

// `rulesets` outlives the rules.
std::unique_ptr<RecordRules> NewPostingRules(const RulesetSource& rulesets);

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_POSTING_RULES_H_
