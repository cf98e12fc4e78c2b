// The normaliser over the shipped catalogue, and what it reads in the words of the tests.
#ifndef LEYE_TESTS_SERVICES_TEXT_SHIPPED_NORMALIZER_H_
#define LEYE_TESTS_SERVICES_TEXT_SHIPPED_NORMALIZER_H_

#include <string>
#include <vector>

#include "services/app/catalogue.h"
#include "services/text/normalizer.h"

namespace leye::text {

const app::Catalogue& ShippedCatalogue();
const Normalizer& ShippedNormalizer();

// The codes of the trades of which the normaliser is as sure as the default asks (60 percent).
std::vector<std::string> TradesOf(const std::string& phrase);
// The ids of skills and papers.
std::vector<std::string> SkillsOf(const std::string& phrase);
// The words of the findings of one kind.
std::vector<std::string> WordsOf(const std::string& phrase, FindingKind kind);

}  // namespace leye::text

#endif  // LEYE_TESTS_SERVICES_TEXT_SHIPPED_NORMALIZER_H_
