// Matching over a store and a follower, with a small readable town.
//
//   Town town;
//   auto ranked = town.Rank("sewing");          // ids, best first
//   auto answer = town.matching.RankCandidates(request, town.Caller());
#ifndef LEYE_TESTS_SERVICES_APP_MATCHING_WORLD_FIXTURE_H_
#define LEYE_TESTS_SERVICES_APP_MATCHING_WORLD_FIXTURE_H_

#include <optional>
#include <string>
#include <vector>

#include "services/app/matching.h"
#include "tests/services/app/app_fixture.h"
#include "tests/services/live/live_world.h"

namespace leye::app {

// The built-in catalogue as live's code book.
class CatalogueCodeBook final : public live::CodeBook {
 public:
  std::optional<matcher::SkillId> FindSkill(absl::string_view name) const override {
    return TestCatalogue().FindSkill(name);
  }
  std::optional<matcher::TradeId> FindTrade(absl::string_view code) const override {
    return TestCatalogue().FindTrade(code);
  }
};

// Area a (怡安社区) and b 60 km off; households ha (lifted from poverty) and hb; employer e.
//   wang   in ha, sewing machine operator of level 4
//   li     in ha, no skill
//   zhao   in hb, level 2, would leave home
//   old    in ha, 64 years old
//   quiet  in ha, no consent
// and postings: sewing (enterprise, level 3 welcome), cleaning (public welfare, rural),
// far (enterprise, with lodging, 900 km off), closed.
class Town {
 public:
  Town();

  CallContext Caller() const;
  // The names' last parts, best first.
  std::vector<std::string> Rank(const std::string& posting) const;
  std::vector<std::string> Recommend(const std::string& candidate) const;

  // Every pair judged by Fit: the eligible people of a posting in the total order.
  std::vector<std::string> RankByFit(const std::string& posting) const;

  static v1::RankCandidatesRequest RankRequest(const std::string& posting,
                                               const std::string& more = "");
  static v1::RecommendPostingsRequest RecommendRequest(const std::string& candidate,
                                                       const std::string& more = "");
  static std::string LastPart(const std::string& name);

  live::LiveWorld world;
  CatalogueCodeBook codes;
  live::FollowerRounds rounds;
  matcher::Ruleset ruleset = matcher::DefaultRuleset();
  OneRuleset rulesets{ruleset};
  Matching matching;

  void CatchUp();

 private:
  void AddPlaces();
  void AddPeople();
  void AddPostings();
};

}  // namespace leye::app

#endif  // LEYE_TESTS_SERVICES_APP_MATCHING_WORLD_FIXTURE_H_
