#include "services/text/notice_reader.h"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

#include "services/text/notice_finders.h"
#include "services/text/notice_posts.h"

namespace leye::text {
namespace {

// Everything but how sure it is and by which words.
auto ContentOf(const Suggestion& said) {
  return std::tie(said.field, said.least, said.most, said.number, said.sex, said.relaxable_to,
                  said.unit, said.measure, said.by_ability);
}

// Whether a posting has several: papers and groups.
bool AddsUp(NoticeField field) {
  return field == NoticeField::kCertificate || field == NoticeField::kPriority ||
         field == NoticeField::kEligible;
}

// Whether a posting can say both: there is one range of ages a sex.
bool CanStandTogether(const Suggestion& a, const Suggestion& b) {
  return AddsUp(a.field) || (a.field == NoticeField::kAges && a.sex != b.sex);
}

void Contradict(Suggestion& said) {
  said.contradicted = true;
  said.confidence = std::min(said.confidence, kOfContradicted);
}

// `found` is by field, and there are few of a field.
void MarkContradictions(Suggestions& found) {
  for (size_t i = 0; i < found.size(); ++i) {
    for (size_t j = i + 1; j < found.size() && found[j].field == found[i].field; ++j) {
      if (CanStandTogether(found[i], found[j])) continue;
      Contradict(found[i]);
      Contradict(found[j]);
    }
  }
}

// More openings are kept for a group than there are.
void MarkReserved(Suggestions& found) {
  for (const Suggestion& openings : found) {
    if (openings.field != NoticeField::kOpenings || !openings.least.has_value()) continue;
    for (Suggestion& reserved : found) {
      if (reserved.field != NoticeField::kReserved || *reserved.least <= *openings.least) continue;
      Contradict(reserved);
    }
  }
}

// What says the same is kept once, where it is said first. More than anybody says is not kept.
Suggestions Merge(Suggestions found) {
  constexpr size_t kMostOfField = 16;
  std::ranges::stable_sort(found, {}, [](const Suggestion& said) { return said.field; });
  Suggestions merged;
  size_t of_field = 0;
  for (Suggestion& said : found) {
    const bool is_new_field = merged.empty() || merged.back().field != said.field;
    of_field = is_new_field ? 0 : of_field;
    const auto same = std::find_if(
        merged.end() - static_cast<std::ptrdiff_t>(of_field), merged.end(),
        [&said](const Suggestion& before) { return ContentOf(before) == ContentOf(said); });
    if (same != merged.end()) {
      same->confidence = std::max(same->confidence, said.confidence);
    } else if (of_field < kMostOfField) {
      merged.push_back(std::move(said));
      ++of_field;
    }
  }
  return merged;
}

// All but trades and papers, which take most of the time.
Suggestions FindConditions(Sentences& sentences) {
  Suggestions found;
  FindTerms(sentences, found);
  FindAges(sentences, found);
  FindPay(sentences, found);
  FindHeadcounts(sentences, found);
  FindGroups(sentences, found);
  FindAsked(sentences, found);
  return found;
}

Suggestions Settle(Suggestions found) {
  Suggestions settled = Merge(std::move(found));
  MarkContradictions(settled);
  MarkReserved(settled);
  return settled;
}

bool IsIn(Words words, Words part) { return words.begin >= part.begin && words.end <= part.end; }

// What tells posts apart. Found in the whole: 招 before the first title is said of all of them.
bool IsOfOnePost(const Suggestion& said) {
  return said.field == NoticeField::kTrade || said.field == NoticeField::kOpenings;
}

// What the parts say, but for trades and openings. Papers are as in the whole: a clause says them.
Suggestions FindIn(const std::vector<Words>& parts, const Suggestions& whole,
                   absl::string_view text, const Lexicon& lexicon) {
  Sentences sentences;
  for (const Words part : parts) SplitNotice(text, part, lexicon.characters, sentences);
  Suggestions found = FindConditions(sentences);
  std::erase_if(found, IsOfOnePost);
  for (const Suggestion& said : whole) {
    if (said.field != NoticeField::kCertificate) continue;
    const auto part = std::ranges::lower_bound(parts, said.words.end, {}, &Words::end);
    if (part != parts.end() && IsIn(said.words, *part)) found.push_back(said);
  }
  return found;
}

Notice ReadPosts(const PostParts& cut, const Suggestions& whole, absl::string_view text,
                 const Lexicon& lexicon) {
  Suggestions common = FindIn(cut.common, whole, text, lexicon);
  std::erase_if(common,
                [](const Suggestion& said) { return said.field == NoticeField::kReserved; });
  Notice notice{.suggestions = Settle(std::move(common))};
  for (const PostParts::Post& post : cut.posts) {
    const Words words = post.parts.front();
    Suggestions found = FindIn(post.parts, whole, text, lexicon);
    std::ranges::copy_if(whole, std::back_inserter(found), [words](const Suggestion& said) {
      return IsOfOnePost(said) && IsIn(said.words, words);
    });
    notice.posts.push_back(
        {.words = words, .title = post.title, .suggestions = Settle(std::move(found))});
  }
  return notice;
}

}  // namespace

Notice ReadNotice(absl::string_view text, const Lexicon& lexicon) {
  Sentences sentences;
  SplitNotice(text, {0, text.size()}, lexicon.characters, sentences);
  Suggestions found = FindConditions(sentences);
  FindWork(sentences, lexicon, found);
  const PostParts cut = FindPosts(text, sentences, found);
  if (!cut.posts.empty()) return ReadPosts(cut, found, text, lexicon);
  return {.suggestions = Settle(std::move(found))};
}

std::vector<Suggestion> SaidOfPost(const Notice& notice, const NoticePost& post) {
  Suggestions said = post.suggestions;
  for (const Suggestion& of_all : notice.suggestions) {
    const bool is_said = std::ranges::any_of(post.suggestions, [&](const Suggestion& own) {
      return own.field == of_all.field &&
             (!AddsUp(own.field) || ContentOf(own) == ContentOf(of_all));
    });
    if (!is_said) said.push_back(of_all);
  }
  std::ranges::stable_sort(said, {}, [](const Suggestion& each) { return each.field; });
  return said;
}

}  // namespace leye::text
