// What is particular to postings: their fields in lists, and what must agree within one.
#ifndef LEYE_SERVICES_APP_POSTING_RULES_H_
#define LEYE_SERVICES_APP_POSTING_RULES_H_

#include <memory>

#include "services/app/record_rules.h"

namespace leye::app {

std::unique_ptr<RecordRules> NewPostingRules();

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_POSTING_RULES_H_
