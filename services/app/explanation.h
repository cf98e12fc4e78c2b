// Why a pair scores as it does, in words: one short sentence a criterion, with the numbers.
//
//   const Explainer explainer({.catalogue = catalogue, .ruleset = rules, .day = today}, language);
//   explainer.Evidence(matcher::Criterion::kProximity, view);   // "距怡安社区 3.2 公里"
//
// Failures and notes of hard rules: explanation_findings.h. Nothing here identifies a person.
#ifndef LEYE_SERVICES_APP_EXPLANATION_H_
#define LEYE_SERVICES_APP_EXPLANATION_H_

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "matcher/congestion.h"
#include "matcher/fit.h"
#include "services/app/catalogue.h"
#include "services/app/explanation_words.h"

namespace leye::app {

// A pair and all that was said of it.
struct PairView {
  const matcher::CandidateProfile& candidate;
  const matcher::HouseholdProfile& household;
  const matcher::PostingProfile& posting;
  const matcher::FitResult& fit;
  absl::string_view area_name;  // Of the settlement area, in words.
};

struct ExplanationBasis {
  const Catalogue& catalogue;
  const matcher::Ruleset& ruleset;
  matcher::Day day;
};

// Immutable; views what it is made from.
class Explainer {
 public:
  Explainer(const ExplanationBasis& basis, Language language)
      : basis_(basis), language_(language) {}

  // Never empty.
  std::string Evidence(matcher::Criterion criterion, const PairView& pair) const;

  std::string Text(const matcher::Finding& finding) const;
  std::string Text(const matcher::Congestion& congestion) const;

 private:
  std::string Skills(const PairView& pair) const;
  std::string Proximity(const PairView& pair) const;
  std::string Priority(const PairView& pair) const;
  std::string Wage(const PairView& pair) const;
  std::string Wish(const PairView& pair) const;
  std::string Waiting(const PairView& pair) const;
  std::string Channel(const PairView& pair) const;

  void AppendMatch(std::string& text, const matcher::SkillMatch& match) const;
  void AppendWay(std::string& text, const matcher::Travel& travel) const;
  void AppendTradeWish(std::string& text, const PairView& pair) const;
  void Say(std::string& text, const Words& words) const { absl::StrAppend(&text, In(words)); }
  absl::string_view In(const Words& words) const { return words.In(language_); }
  std::string Said(const Words& words) const { return std::string(In(words)); }

  const ExplanationBasis basis_;
  const Language language_;
};

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_EXPLANATION_H_
