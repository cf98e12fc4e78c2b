// People and postings in a tiny text language, so that a test reads as a specification.
//
//   EXPECT_EQ(Scenario().Candidate("age 35; skill cook:3; max 10 km")
//                 .Posting("needs cook:2; pay 5000").DistanceKm(4).Failed(), "");
//   const CandidateProfile c = Candidate("age 35 11; sex f; groups relocated");
//
// A text is clauses between semicolons, each a key and words. Without any clause a candidate is 35,
// seeks work, is willing and has consented, and a posting is an open enterprise job with one
// opening that asks for nothing: each fits the other. Day, catalogue and words are fixed (below).
// A text that is wrong ends the program with a message. Everything here is thread-compatible.
//
// Candidate, the person:
//   id N, household N, area N, age YEARS [MONTHS], born DATE, sex f/m, retires men/women55/women50,
//   education N, labour WORD, disabled KIND [GRADE], intensity N, maternity, groups WORD...,
//   residence CODE, experience N, skill NAME[:LEVEL][@EXPIRY]...
// Candidate, standing:
//   not-seeking, unwilling, consent none, consent FROM TO, declines-ranking, employed,
//   self-employed, student, works CHANNEL, holds KIND, away, placed, welfare MONTHS PLACEMENTS,
//   since DATE, registered
// Candidate, wishes:
//   wishes TRADE..., wage N, max N km, minutes N, leaves-home, needs lodging/transport...,
//   goes-out, places CODE..., free FROM TO, shifts WORD..., hours N, forms WORD...
// Household:
//   id N, members N, able N, earners N, groups WORD..., excluded WORD..., holds KIND N
// Posting, the seat:
//   id N, channel WORD, urban, kind WORD, first-placement, cap N, home-based, at LAT LON,
//   division CODE, closed, window FROM TO, openings N [RESERVED], reserved-for GROUP
// Posting, conditions:
//   trade NAME, needs NAME[:LEVEL]... (any one of them), likes NAME[:LEVEL][*WEIGHT]...,
//   papers NAME..., ages MIN MAX [relax N] [sex f/m] [GROUP...], education N, experience N,
//   residence CODE..., for GROUP... [ages MIN MAX] [papers NAME...], not-for GROUP...,
//   not-households WORD..., registered, posted-sex f/m, intensity N, hazards WORD..., suits
//   KIND..., disabled-only
// Posting, the offer:
//   shifts WORD..., any-shift WORD..., hours MIN MAX, start DATE, end DATE, form WORD, lodging,
//   transport, radius N km, pay MIN [MAX]
// DATE is YYYY-MM-DD; MIN, MAX, FROM and TO may be `-`, not said.
#ifndef LEYE_TESTS_TESTING_SCENARIO_H_
#define LEYE_TESTS_TESTING_SCENARIO_H_

#include <string>

#include "absl/strings/string_view.h"

#include "matcher/fit.h"

namespace leye::matcher::testing {

// 2026-06-01.
Day ScenarioDay();

// Trades welding (0) and fitting (1) of one small class, cooking (2) and sewing (3) of others.
// Skills, numbered in this order: welder, cutter (both welding), fitter (fitting), cook, sewer; a
// neighbour: asked cook, held sewer, credit 0.4. Certificates: cert-welding, without which nobody
// may work as a welder, and cert-cook. Licences: licence-c1, licence-a2, which covers licence-c1.
const SkillCatalogue& ScenarioCatalogue();
// REQUIRES: one of these names.
SkillId SkillNamed(absl::string_view name);
TradeId TradeNamed(absl::string_view name);

CandidateProfile Candidate(absl::string_view text = "");
HouseholdProfile Household(absl::string_view text = "");
PostingProfile Posting(absl::string_view text = "");

// YYYY-MM-DD.
Day Date(absl::string_view text);

// One pair under the default ruleset, each part replaceable.
class Scenario {
 public:
  Scenario& Candidate(absl::string_view text);
  Scenario& Household(absl::string_view text);
  Scenario& Posting(absl::string_view text);
  Scenario& DistanceKm(double km);
  Scenario& Minutes(uint16_t minutes);
  Scenario& On(absl::string_view date);
  Scenario& Under(const Ruleset& ruleset);

  FitResult Fit() const;
  PairScore Quick() const;
  // The failed rules by name, "AGE-MIN REACH"; "" if eligible.
  std::string Failed() const;
  // The causes of all failures, respectively notes, by name with spaces between.
  std::string Causes() const;
  std::string Notes() const;

 private:
  CandidateProfile candidate_ = testing::Candidate();
  HouseholdProfile household_ = testing::Household();
  PostingProfile posting_ = testing::Posting();
  Travel travel_;
  Day day_ = ScenarioDay();
  Ruleset ruleset_ = DefaultRuleset();
};

}  // namespace leye::matcher::testing

#endif  // LEYE_TESTS_TESTING_SCENARIO_H_
