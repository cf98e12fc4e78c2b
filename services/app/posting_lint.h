// What is wrong with a posting that is well-formed: the findings of leye/v1/lint.proto, by a
// ruleset's parameters.
//
//   LEYE_ASSIGN_OR_RETURN(const PostingLint lint, PostingLint::Make(rules, today));
//   for (const v1::LintFinding& finding : lint.Find(posting, twin)) ...
//
// Words are looked for in titles and texts as people write them: of any width, with blanks between,
// in traditional characters; not where one of the ruleset's denials stands right before. Pay is
// judged only where it is under the minimum wage whatever the hours are, as far as they are said.
// A finding repeats words of the ruleset, never of the posting, so it holds nobody's data.
#ifndef LEYE_SERVICES_APP_POSTING_LINT_H_
#define LEYE_SERVICES_APP_POSTING_LINT_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"

#include "leye/v1/posting.pb.h"
#include "services/app/ruleset_source.h"
#include "services/text/characters.h"

namespace leye::app {

// Immutable, safe for concurrent use.
class PostingLint {
 public:
  // FAILED_PRECONDITION as text::Characters::Load.
  static absl::StatusOr<PostingLint> Make(RulesetSource::Ruleset rules, absl::CivilDay today);

  // By code, then by field. `twin` names an earlier posting of the same employer, place and title;
  // "": there is none.
  std::vector<v1::LintFinding> Find(const v1::Posting& posting, absl::string_view twin) const;

 private:
  // A ruleset's words as they are looked for, each with its form in the ruleset.
  struct Words {
    std::vector<std::u32string> folded;
    std::vector<std::string> written;
  };

  PostingLint(RulesetSource::Ruleset rules, absl::CivilDay today,
              const text::Characters& characters);

  class Search;

  Words FoldAll(const std::vector<std::string>& words) const;
  // Those of `words` that stand in the text and are not denied, joined; "" when there are none.
  std::string FoundIn(const std::u32string& text, const Words& words) const;
  bool IsDenied(const std::u32string& text, size_t at) const;
  // Work that the law closes to women may say that it is for men.
  bool IsForMenByLaw(const v1::Posting& posting) const;

  RulesetSource::Ruleset rules_;
  absl::CivilDay today_;
  const text::Characters& characters_;
  Words sex_words_;
  Words ethnic_words_;
  Words residence_words_;
  Words bait_words_;
  Words training_loan_words_;
  Words denials_;
};

// Labour pay in the central funds of a work-for-relief project, in per cent.
struct LabourPay {
  double percent = 0;
  std::optional<int> asked;  // By the ruleset, in the year the posting takes applications.
};

// nullopt where the project does not say it.
std::optional<LabourPay> LabourPayOf(const v1::Posting& posting,
                                     const matcher::LintParameters& lint, absl::CivilDay today);

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_POSTING_LINT_H_
