// Reads a whole recruitment notice: what it says of the posting, as suggestions.
#ifndef LEYE_SERVICES_TEXT_NOTICE_READER_H_
#define LEYE_SERVICES_TEXT_NOTICE_READER_H_

#include "absl/strings/string_view.h"

#include "services/text/lexicon.h"
#include "services/text/notice.h"

namespace leye::text {

// Any bytes. What is said twice alike is given once; of what contradicts itself all is given, with
// `contradicted` set. Linear.
Notice ReadNotice(absl::string_view text, const Lexicon& lexicon);

}  // namespace leye::text

#endif  // LEYE_SERVICES_TEXT_NOTICE_READER_H_
