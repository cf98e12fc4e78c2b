// Reads a whole recruitment notice: what it says of the posting, as suggestions.
#ifndef LEYE_SERVICES_TEXT_NOTICE_READER_H_
#define LEYE_SERVICES_TEXT_NOTICE_READER_H_

#include <vector>

#include "absl/strings/string_view.h"

#include "services/text/lexicon.h"
#include "services/text/notice.h"

namespace leye::text {

// Any bytes. What is said twice alike is given once; of what contradicts itself all is given, with
// `contradicted` set. Where it lists several posts each is read by itself. Linear.
Notice ReadNotice(absl::string_view text, const Lexicon& lexicon);

// All that `notice` says of one of its posts, by field: what it says of that one and, where that
// leaves the field open or adds to it, of all.
std::vector<Suggestion> SaidOfPost(const Notice& notice, const NoticePost& post);

}  // namespace leye::text

#endif  // LEYE_SERVICES_TEXT_NOTICE_READER_H_
