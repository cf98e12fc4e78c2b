#include "services/text/normalizer.h"

#include <algorithm>
#include <utility>

#include "services/base/status.h"
#include "services/text/lexicon.h"
#include "services/text/lexicon_builder.h"
#include "services/text/notice_reader.h"
#include "services/text/reader.h"

namespace leye::text {

Normalizer::Normalizer(std::unique_ptr<const Lexicon> lexicon) : lexicon_(std::move(lexicon)) {}
Normalizer::Normalizer(Normalizer&&) noexcept = default;
Normalizer& Normalizer::operator=(Normalizer&&) noexcept = default;
Normalizer::~Normalizer() = default;

absl::StatusOr<Normalizer> Normalizer::Build(const NormalizerSources& sources) {
  LEYE_ASSIGN_OR_RETURN(Characters characters, Characters::Load());
  LEYE_ASSIGN_OR_RETURN(Lexicon lexicon, LexiconBuilder(std::move(characters)).Build(sources));
  return Normalizer(std::make_unique<const Lexicon>(std::move(lexicon)));
}

Normalized Normalizer::Normalize(absl::string_view phrase) const {
  return Reader(*lexicon_, Fold(phrase, lexicon_->characters)).Read();
}

Notice Normalizer::ReadNotice(absl::string_view text) const {
  return text::ReadNotice(text, *lexicon_);
}

size_t Normalizer::word_count() const { return lexicon_->terms.size(); }

size_t Normalizer::title_count() const {
  const auto& terms = lexicon_->terms;
  return static_cast<size_t>(std::count_if(terms.begin(), terms.end(), [](const Term& term) {
    return !term.meanings.empty() && term.meanings.front().trade < Meaning::kNoTrade;
  }));
}

}  // namespace leye::text
