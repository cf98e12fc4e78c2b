#include "services/text/notice_reader.h"

#include <algorithm>
#include <tuple>

#include "services/text/notice_finders.h"

namespace leye::text {
namespace {

// Everything but how sure it is and by which words.
auto ContentOf(const Suggestion& said) {
  return std::tie(said.field, said.least, said.most, said.number, said.sex, said.relaxable_to,
                  said.unit, said.measure, said.by_ability);
}

// Whether a posting can say both: it has several papers and groups, and one range of ages a sex.
bool CanStandTogether(const Suggestion& a, const Suggestion& b) {
  switch (a.field) {
    case NoticeField::kCertificate:
    case NoticeField::kPriority:
    case NoticeField::kEligible:
      return true;
    case NoticeField::kAges:
      return a.sex != b.sex;
    default:
      return false;
  }
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

}  // namespace

Notice ReadNotice(absl::string_view text, const Lexicon& lexicon) {
  Sentences sentences = SplitNotice(text, lexicon.characters);
  Suggestions found;
  FindTerms(sentences, found);
  FindAges(sentences, found);
  FindPay(sentences, found);
  FindHeadcounts(sentences, found);
  FindGroups(sentences, found);
  FindAsked(sentences, found);
  FindWork(sentences, lexicon, found);
  Notice notice{.suggestions = Merge(std::move(found))};
  MarkContradictions(notice.suggestions);
  MarkReserved(notice.suggestions);
  return notice;
}

}  // namespace leye::text
