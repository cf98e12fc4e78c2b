// Where a notice offers several posts one by one: 1.电焊工2名，月薪6000元；2.保安3名，月薪4000元。
#ifndef LEYE_SERVICES_TEXT_NOTICE_POSTS_H_
#define LEYE_SERVICES_TEXT_NOTICE_POSTS_H_

#include <cstddef>
#include <vector>

#include "absl/strings/string_view.h"

#include "services/text/notice_finders.h"

namespace leye::text {

// More than anybody lists in one text: such a notice is read as a whole.
inline constexpr size_t kMostPosts = 50;

// The parts of a notice, ascending and apart.
struct PostParts {
  struct Post {
    Words title;               // 电焊工
    std::vector<Words> parts;  // Where it is listed, then further sentences that name it.
  };

  std::vector<Post> posts;    // Two at least, or none.
  std::vector<Words> common;  // What is of no post alone.
};

// A post begins with its title and its headcount, in one clause or with a label
// (岗位：保安，人数：3人); the titles are not all the same, and one at least is a known trade. It
// is a line or a block of them, a sentence, or as many clauses as fit, as the posts before it are.
// `found` are the trades and openings, among others, that stand in the sentences of the notice.
// Linear.
PostParts FindPosts(absl::string_view notice, const Sentences& sentences, const Suggestions& found);

}  // namespace leye::text

#endif  // LEYE_SERVICES_TEXT_NOTICE_POSTS_H_
