// The use case of notices: see NoticeService in leye/v1/notice.proto.
#ifndef LEYE_SERVICES_APP_NOTICES_H_
#define LEYE_SERVICES_APP_NOTICES_H_

#include "absl/status/statusor.h"

#include "leye/v1/notice.pb.h"
#include "services/app/catalogue.h"
#include "services/app/context.h"
#include "services/app/phrase_normalizer.h"
#include "services/app/posting_lint.h"
#include "services/app/ruleset_source.h"
#include "services/app/validation.h"
#include "services/app/violations.h"
#include "services/base/clock.h"

namespace leye::app {

// Thread-safe. Answers the status and does what the RPC of the method's name documents.
class Notices {
 public:
  // All outlive this. `normalizer` is over `catalogue`.
  Notices(const Catalogue& catalogue, const PhraseNormalizer& normalizer,
          const RulesetSource& rulesets, const Clock& clock)
      : catalogue_(catalogue),
        normalizer_(normalizer),
        rulesets_(rulesets),
        clock_(clock),
        fields_(*v1::Posting::descriptor()) {}

  absl::StatusOr<v1::SuggestFromNoticeResponse> SuggestFromNotice(
      const v1::SuggestFromNoticeRequest& request, const CallContext& context) const;

 private:
  Violations Check(const v1::SuggestFromNoticeRequest& request, absl::CivilDay today) const;
  v1::NoticeSuggestions Suggest(const v1::Posting& posting, const text::Notice& notice,
                                const PostingLint& lint, int least) const;
  // The one of the posts that the posting is, by its trade or else its title; null where neither
  // says that of just one.
  const text::NoticePost* PostOf(const v1::Posting& posting, const text::Notice& notice) const;

  const Catalogue& catalogue_;
  const PhraseNormalizer& normalizer_;
  const RulesetSource& rulesets_;
  const Clock& clock_;
  const FieldValidator fields_;
};

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_NOTICES_H_
