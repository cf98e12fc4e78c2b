// The normaliser of phrases over this catalogue's trades and skills.
#ifndef LEYE_SERVICES_APP_PHRASE_NORMALIZER_H_
#define LEYE_SERVICES_APP_PHRASE_NORMALIZER_H_

#include <optional>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "leye/v1/skill.pb.h"
#include "services/app/catalogue.h"
#include "services/base/mutex.h"
#include "services/text/normalizer.h"

namespace leye::app {

// What it finds is numbered as in `catalogue`: TradeFound::trade by TradeId, SkillFound::skill by
// SkillId. Uses the titles and words of `tables`, whose catalogue is `catalogue`. Errors as
// text::Normalizer::Build.
absl::StatusOr<text::Normalizer> BuildNormalizer(const Catalogue& catalogue,
                                                 const CatalogueTables& tables);

// One that is built when it is asked for first: that takes a second, which a server that nobody
// asks need not spend. Thread-safe.
class PhraseNormalizer {
 public:
  // As BuildNormalizer; `catalogue` outlives this. `built`, if given, is that of `tables`, which
  // then are not read again.
  PhraseNormalizer(const Catalogue& catalogue, CatalogueTables tables,
                   std::optional<text::Normalizer> built = std::nullopt)
      : catalogue_(catalogue), tables_(std::move(tables)), built_(std::move(built)) {}

  // Stays where it is. Errors as BuildNormalizer.
  absl::StatusOr<const text::Normalizer*> Get() const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  const Catalogue& catalogue_;
  mutable Mutex mutex_;
  mutable CatalogueTables tables_ ABSL_GUARDED_BY(mutex_);  // Empty once it is built.
  mutable std::optional<text::Normalizer> built_ ABSL_GUARDED_BY(mutex_);
};

// What was read out of `phrase`, with names of the catalogue; trades that are less sure than
// `min_confidence` percent are left out. REQUIRES: `read` comes from a normaliser over `catalogue`.
v1::NormalizedPhrase DescribePhrase(const Catalogue& catalogue, absl::string_view phrase,
                                    const text::Normalized& read, int min_confidence);

// The same of the words alone, of any text.
v1::TextSpan SpanOf(absl::string_view text, text::Words words);

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_PHRASE_NORMALIZER_H_
