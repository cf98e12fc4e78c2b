#include "matcher/skill_catalogue.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/testing/scenario.h"

namespace leye::matcher {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::HasSubstr;
using testing::ScenarioCatalogue;
using testing::SkillNamed;
using testing::TradeNamed;

SkillRelation RelationOf(absl::string_view asked, absl::string_view held) {
  return ScenarioCatalogue().Relation(SkillNamed(asked), SkillNamed(held)).relation;
}

Score CreditOf(absl::string_view asked, absl::string_view held) {
  return ScenarioCatalogue().Credit(SkillNamed(asked), SkillNamed(held), RelationCredits{});
}

std::vector<SkillId> HeldBy(std::span<const RelatedSkill> related) {
  std::vector<SkillId> held;
  for (const RelatedSkill& skill : related) held.push_back(skill.held);
  return held;
}

TEST(SkillCatalogue, RelatesByTradeThenSmallClass) {
  EXPECT_EQ(RelationOf("welder", "welder"), SkillRelation::kSame);
  EXPECT_EQ(RelationOf("welder", "cutter"), SkillRelation::kSameTrade);
  EXPECT_EQ(RelationOf("welder", "fitter"), SkillRelation::kSameSmallClass);
  EXPECT_EQ(RelationOf("welder", "cook"), SkillRelation::kNone);
}

TEST(SkillCatalogue, NamesNeighboursInOneDirection) {
  EXPECT_EQ(RelationOf("cook", "sewer"), SkillRelation::kNeighbour);
  EXPECT_EQ(RelationOf("sewer", "cook"), SkillRelation::kNone);
}

TEST(SkillCatalogue, CreditsRelationsByTheRuleset) {
  EXPECT_EQ(CreditOf("welder", "welder"), Score::One());
  EXPECT_EQ(CreditOf("welder", "cutter"), RelationCredits{}.same_trade);
  EXPECT_EQ(CreditOf("welder", "fitter"), RelationCredits{}.same_small_class);
  EXPECT_EQ(CreditOf("cook", "sewer"), Score::FromRatio(4, 10));
  EXPECT_EQ(CreditOf("welder", "cook"), Score::Zero());
}

TEST(SkillCatalogue, ReplacesACertificateByNothingOfItsTrade) {
  EXPECT_EQ(RelationOf("cert-cook", "cook"), SkillRelation::kNone);
  EXPECT_EQ(RelationOf("welder", "cert-welding"), SkillRelation::kNone);
}

TEST(SkillCatalogue, CoversByFullCreditOnly) {
  const SkillCatalogue& catalogue = ScenarioCatalogue();
  EXPECT_TRUE(catalogue.Covers(SkillNamed("licence-c1"), SkillNamed("licence-a2")));
  EXPECT_FALSE(catalogue.Covers(SkillNamed("licence-a2"), SkillNamed("licence-c1")));
  EXPECT_FALSE(catalogue.Covers(SkillNamed("cook"), SkillNamed("sewer")));
  EXPECT_THAT(catalogue.CoveringOf(SkillNamed("licence-c1")),
              ElementsAre(SkillNamed("licence-c1"), SkillNamed("licence-a2")));
}

TEST(SkillCatalogue, ListsAllRelatedSkills) {
  EXPECT_THAT(HeldBy(ScenarioCatalogue().RelatedTo(SkillNamed("welder"))),
              ElementsAre(SkillNamed("welder"), SkillNamed("cutter"), SkillNamed("fitter")));
}

TEST(SkillCatalogue, ListsRelationsFromBothEnds) {
  const SkillCatalogue& catalogue = ScenarioCatalogue();
  const auto skills = static_cast<uint16_t>(catalogue.skill_count());
  for (uint16_t held = 0; held < skills; ++held) {
    std::vector<SkillId> serves;
    for (uint16_t asked = 0; asked < skills; ++asked) {
      const RelatedSkill related = catalogue.Relation(SkillId(asked), SkillId(held));
      if (related.relation != SkillRelation::kNone) serves.emplace_back(asked);
    }
    EXPECT_THAT(catalogue.ServedBy(SkillId(held)), ElementsAreArray(serves));
  }
  EXPECT_THAT(catalogue.ServedBy(SkillNamed("licence-a2")), Contains(SkillNamed("licence-c1")));
}

TEST(SkillCatalogue, KnowsTradesOfOneSmallClass) {
  EXPECT_TRUE(ScenarioCatalogue().SameSmallClass(TradeNamed("welding"), TradeNamed("fitting")));
  EXPECT_FALSE(ScenarioCatalogue().SameSmallClass(TradeNamed("welding"), TradeNamed("cooking")));
  EXPECT_FALSE(ScenarioCatalogue().SameSmallClass(TradeId(99), TradeId(99)));
}

TEST(SkillCatalogue, RelatesAnUnknownSkillToItselfAlone) {
  const SkillCatalogue empty;
  EXPECT_EQ(empty.Credit(SkillId(7), SkillId(7), RelationCredits{}), Score::One());
  EXPECT_EQ(empty.Credit(SkillId(7), SkillId(8), RelationCredits{}), Score::Zero());
  EXPECT_TRUE(empty.Covers(SkillId(7), SkillId(7)));
  EXPECT_TRUE(empty.RelatedTo(SkillId(7)).empty());
  EXPECT_TRUE(empty.CoveringOf(SkillId(7)).empty());
  EXPECT_TRUE(empty.ServedBy(SkillId(7)).empty());
}

SkillDefinition Skill(uint16_t id) {
  SkillDefinition skill;
  skill.id = SkillId(id);
  return skill;
}

TEST(SkillCatalogueBuilder, ListsEveryProblemAtOnce) {
  SkillDefinition stray = Skill(1);
  stray.trade = TradeId(9);
  stray.operation_certificate = SkillId(0);
  SkillCatalogue::Builder builder;
  builder.AddSkill(Skill(0)).AddSkill(stray).AddSkill(Skill(1)).AddSkill(Skill(7));
  builder.AddNeighbour({.asked = SkillId(0), .held = SkillId(0), .credit = Score::One()});
  builder.AddNeighbour({.asked = SkillId(0), .held = SkillId(5), .credit = Score::One()});
  const absl::StatusOr<SkillCatalogue> built = std::move(builder).Build();
  ASSERT_EQ(built.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(built.status().message()),
              AllOf(HasSubstr("skill 1 is defined twice"), HasSubstr("skill 7 is not below"),
                    HasSubstr("trade 9 does not exist"),
                    HasSubstr("skill 0 is no special-operation certificate"),
                    HasSubstr("no neighbour of itself"), HasSubstr("skill 5 does not exist")));
}

TEST(SkillCatalogueBuilder, RefusesANeighbourNamedTwice) {
  SkillCatalogue::Builder builder;
  builder.AddSkill(Skill(0)).AddSkill(Skill(1));
  builder.AddNeighbour({.asked = SkillId(0), .held = SkillId(1), .credit = Score::One()});
  builder.AddNeighbour({.asked = SkillId(0), .held = SkillId(1), .credit = Score::Zero()});
  EXPECT_THAT(std::string(std::move(builder).Build().status().message()), HasSubstr("named twice"));
}

TEST(SkillCatalogueBuilder, TakesDefinitionsInAnyOrder) {
  SkillCatalogue::Builder builder;
  builder.AddSkill(Skill(1)).AddSkill(Skill(0));
  EXPECT_EQ(std::move(builder).Build()->skill_count(), 2u);
}

}  // namespace
}  // namespace leye::matcher
