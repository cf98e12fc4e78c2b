#include "tests/services/text/shipped_normalizer.h"

#include "absl/strings/strip.h"

#include "services/app/phrase_normalizer.h"

namespace leye::text {

const app::Catalogue& ShippedCatalogue() {
  static const app::Catalogue& catalogue =
      *new app::Catalogue(*app::Catalogue::Parse(app::BuiltInTables()));
  return catalogue;
}

const Normalizer& ShippedNormalizer() {
  static const Normalizer& normalizer =
      *new Normalizer(*app::BuildNormalizer(ShippedCatalogue(), app::BuiltInTables()));
  return normalizer;
}

std::vector<std::string> TradesOf(const std::string& phrase) {
  constexpr Percent kSure = 60;
  std::vector<std::string> codes;
  for (const TradeFound& found : ShippedNormalizer().Normalize(phrase).trades) {
    const matcher::TradeId id(static_cast<uint16_t>(found.trade));
    if (found.confidence >= kSure) codes.push_back(ShippedCatalogue().trade(id).code());
  }
  return codes;
}

std::vector<std::string> SkillsOf(const std::string& phrase) {
  std::vector<std::string> ids;
  for (const SkillFound& found : ShippedNormalizer().Normalize(phrase).skills) {
    const matcher::SkillId id(static_cast<uint16_t>(found.skill));
    ids.emplace_back(absl::StripPrefix(ShippedCatalogue().skill(id).name(), "skills/"));
  }
  return ids;
}

std::vector<std::string> WordsOf(const std::string& phrase, FindingKind kind) {
  std::vector<std::string> words;
  for (const Finding& found : ShippedNormalizer().Normalize(phrase).findings) {
    if (found.kind == kind) words.emplace_back(found.words.In(phrase));
  }
  return words;
}

}  // namespace leye::text
