// What the reader of notices found, as fields of a posting.
#ifndef LEYE_SERVICES_APP_NOTICE_SUGGESTIONS_H_
#define LEYE_SERVICES_APP_NOTICE_SUGGESTIONS_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

#include "leye/v1/notice.pb.h"
#include "leye/v1/posting.pb.h"
#include "services/app/catalogue.h"
#include "services/text/notice.h"

namespace leye::app {

// In the order of `said`, which was read from `text` over `catalogue`; what says two fields (2-3人)
// is two suggestions.
std::vector<v1::NoticeSuggestion> DescribeNotice(const Catalogue& catalogue, absl::string_view text,
                                                 const std::vector<text::Suggestion>& said);

// Whether the posting says something in the field at the path: "conditions.ages".
bool SaysField(const v1::Posting& posting, absl::string_view path);

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_NOTICE_SUGGESTIONS_H_
