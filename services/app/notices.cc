#include "services/app/notices.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "services/app/formats.h"
#include "services/app/names.h"
#include "services/app/notice_suggestions.h"
#include "services/base/status.h"
#include "services/text/notice_reader.h"

namespace leye::app {
namespace {

constexpr int kMaxNotices = 100;
constexpr size_t kMaxNoticeLength = 20'000;  // As long as `original_text` may be.
constexpr int kDefaultOfNotices = 50;        // Percent.
constexpr absl::string_view kSexLimitField = "conditions.sex_limit";

// What is said of a posting must be right; what it does not say is what is asked for.
void CheckSaid(const v1::Posting& posting, const FieldValidator& fields, const CheckScope& scope,
               Violations& violations) {
  Violations all;
  fields.Check(posting, scope, all);
  const std::string text = absl::StrCat(scope.path, ".original_text");
  for (const Violation& violation : all.all()) {
    if (violation.reason != "REQUIRED" && violation.field != text) violations.Add(violation);
  }
}

}  // namespace

Violations Notices::Check(const v1::SuggestFromNoticeRequest& request, absl::CivilDay today) const {
  Violations violations;
  const std::optional<store::Region> region = ParseParent(request.parent());
  if (!region.has_value()) {
    violations.Add(
        {"parent", "INVALID_NAME", "must be regions/{region}", "须形如 regions/{region}"});
  }
  if (request.postings().empty() || request.postings_size() > kMaxNotices) {
    violations.Add(
        {"postings", "OUT_OF_RANGE", "must be 1 to 100 postings", "须有 1 至 100 个岗位"});
  }
  for (int i = 0; i < std::min(request.postings_size(), kMaxNotices); ++i) {
    const std::string path = absl::StrCat("postings[", i, "]");
    if (region.has_value()) {
      CheckSaid(request.postings(i), fields_,
                {.region = *region, .catalogue = catalogue_, .path = path, .today = today},
                violations);
    }
    const std::optional<size_t> length = CountCodePoints(request.postings(i).original_text());
    if (length.has_value() && *length > 0 && *length <= kMaxNoticeLength) continue;
    violations.Add({absl::StrCat(path, ".original_text"), "OUT_OF_RANGE",
                    "must have 1 to 20,000 characters of valid UTF-8", "须为 1 至 20000 个字符"});
  }
  if (request.min_confidence_percent() < 0 || request.min_confidence_percent() > 99) {
    violations.Add({"min_confidence_percent", "OUT_OF_RANGE", "must be 1 to 99, or 0 for 50",
                    "须为 1 至 99，0 表示 50"});
  }
  return violations;
}

namespace {

// What the posting would refuse: a household's cap goes with public welfare alone.
bool CanStandIn(const v1::Posting& posting, const v1::NoticeSuggestion& suggestion) {
  if (SaysField(posting, suggestion.field())) return false;
  const bool is_other_channel = posting.channel_case() != v1::Posting::CHANNEL_NOT_SET &&
                                posting.channel_case() != v1::Posting::kPublicWelfare;
  return !is_other_channel || suggestion.field() != "conditions.household_cap";
}

bool HasSexLimit(const std::vector<v1::LintFinding>& findings) {
  return std::any_of(findings.begin(), findings.end(), [](const v1::LintFinding& finding) {
    return finding.code() == v1::LINT_CODE_SEX_LIMIT && finding.field() == kSexLimitField;
  });
}

// The only one of the posts of which `is` is true.
template <typename Predicate>
const text::NoticePost* OnlyOne(const std::vector<text::NoticePost>& posts, Predicate is) {
  const auto first = std::find_if(posts.begin(), posts.end(), is);
  if (first == posts.end() || std::any_of(first + 1, posts.end(), is)) return nullptr;
  return &*first;
}

std::vector<v1::LintFinding> FindingsWith(v1::Posting posting,
                                          const std::vector<v1::NoticeSuggestion>& suggestions,
                                          const PostingLint& lint) {
  for (const v1::NoticeSuggestion& suggestion : suggestions) {
    // Whether a sex may be asked for is for the lint to say, also where the notice is of two minds.
    const bool counts = !suggestion.contradicted() || suggestion.field() == kSexLimitField;
    if (counts) posting.MergeFrom(suggestion.value());
  }
  return lint.Find(posting, "");
}

// `answer` is NoticeSuggestions or NoticePost.
template <typename Answer>
void Fill(std::vector<v1::NoticeSuggestion> suggestions,
          const std::vector<v1::LintFinding>& findings, Answer& answer) {
  const bool is_unlawful = HasSexLimit(findings);
  for (v1::NoticeSuggestion& suggestion : suggestions) {
    if (is_unlawful && suggestion.field() == kSexLimitField) continue;
    *answer.add_suggestions() = std::move(suggestion);
  }
  answer.mutable_findings()->Add(findings.begin(), findings.end());
}

}  // namespace

const text::NoticePost* Notices::PostOf(const v1::Posting& posting,
                                        const text::Notice& notice) const {
  const auto has_trade = [&](const text::NoticePost& post) {
    return std::ranges::any_of(post.suggestions, [&](const text::Suggestion& said) {
      const matcher::TradeId trade(static_cast<uint16_t>(said.number));
      return said.field == text::NoticeField::kTrade && !said.contradicted &&
             catalogue_.trade(trade).code() == posting.trade_code();
    });
  };
  if (const text::NoticePost* post = OnlyOne(notice.posts, has_trade)) return post;
  return OnlyOne(notice.posts, [&](const text::NoticePost& post) {
    return absl::StrContains(posting.title(), post.title.In(posting.original_text()));
  });
}

v1::NoticeSuggestions Notices::Suggest(const v1::Posting& posting, const text::Notice& notice,
                                       const PostingLint& lint, int least) const {
  const std::string& text = posting.original_text();
  const auto described = [&](const std::vector<text::Suggestion>& said) {
    std::vector<v1::NoticeSuggestion> suggestions = DescribeNotice(catalogue_, text, said);
    std::erase_if(suggestions, [&](const v1::NoticeSuggestion& suggestion) {
      return suggestion.confidence_percent() < least || !CanStandIn(posting, suggestion);
    });
    return suggestions;
  };
  const text::NoticePost* const own = PostOf(posting, notice);
  const auto said = described(own == nullptr ? notice.suggestions : text::SaidOfPost(notice, *own));
  v1::NoticeSuggestions answer;
  Fill(said, FindingsWith(posting, said, lint), answer);
  if (own != nullptr) return answer;
  v1::Posting alone = posting;
  for (const text::NoticePost& post : notice.posts) {
    v1::NoticePost& made = *answer.add_posts();
    *made.mutable_span() = SpanOf(text, post.words);
    made.set_title(std::string(post.title.In(text)));
    alone.set_original_text(made.span().text());
    Fill(described(post.suggestions),
         FindingsWith(alone, described(text::SaidOfPost(notice, post)), lint), made);
  }
  return answer;
}

absl::StatusOr<v1::SuggestFromNoticeResponse> Notices::SuggestFromNotice(
    const v1::SuggestFromNoticeRequest& request, const CallContext& context) const {
  const absl::CivilDay today = Today(clock_);
  LEYE_RETURN_IF_ERROR(Check(request, today).ToStatus());
  const int least =
      request.min_confidence_percent() == 0 ? kDefaultOfNotices : request.min_confidence_percent();
  LEYE_ASSIGN_OR_RETURN(
      const PostingLint lint,
      PostingLint::Make(rulesets_.InForce(*ParseParent(request.parent()), today), today));
  LEYE_ASSIGN_OR_RETURN(const text::Normalizer* normalizer, normalizer_.Get());
  v1::SuggestFromNoticeResponse response;
  for (const v1::Posting& posting : request.postings()) {
    LEYE_RETURN_IF_ERROR(CheckAlive(context, clock_));
    *response.add_postings() =
        Suggest(posting, normalizer->ReadNotice(posting.original_text()), lint, least);
  }
  return response;
}

}  // namespace leye::app
