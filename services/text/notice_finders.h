// What is looked for in a notice, a kind a file. Each appends what it finds, in the order of the
// text; notice_reader.h calls them all and settles what contradicts itself.
#ifndef LEYE_SERVICES_TEXT_NOTICE_FINDERS_H_
#define LEYE_SERVICES_TEXT_NOTICE_FINDERS_H_

#include <vector>

#include "services/text/lexicon.h"
#include "services/text/notice.h"
#include "services/text/notice_sentence.h"

namespace leye::text {

using Sentences = std::vector<Sentence>;
using Suggestions = std::vector<Suggestion>;

// From when until when, for how long. Marks the numbers that are days and months of the calendar,
// so it comes first.
void FindTerms(Sentences& sentences, Suggestions& found);

void FindAges(const Sentences& sentences, Suggestions& found);

// Pay, and the minimum wage that it is tied to.
void FindPay(const Sentences& sentences, Suggestions& found);

// Openings, those that are reserved, and how many of a household.
void FindHeadcounts(const Sentences& sentences, Suggestions& found);

// The size of what ends a title at `at`: 工, 员; 0: none ends there.
size_t SizeOfTitleEnd(const Sentence& sentence, size_t at);

// Who goes first, and who alone is taken.
void FindGroups(const Sentences& sentences, Suggestions& found);

// Sex, education, and what is given besides pay.
void FindAsked(const Sentences& sentences, Suggestions& found);

// Trades and papers, by the lexicon.
void FindWork(const Sentences& sentences, const Lexicon& lexicon, Suggestions& found);

// The group that is named from `at` on, by its number in leye.v1.Group, with the size of its name.
struct GroupNamed {
  int64_t number = 0;
  size_t size = 0;  // 0: none is named.
};
GroupNamed GroupAt(const Sentence& sentence, size_t at);

}  // namespace leye::text

#endif  // LEYE_SERVICES_TEXT_NOTICE_FINDERS_H_
