#include "tests/bench/rules.h"

#include <utility>

#include "tests/bench/dataset.h"
#include "tests/oracle/benchmark_ruleset.h"

namespace leye::bench {
namespace {

// The data's skills as a catalogue: five to a trade and four trades to a small class, so that an
// asked skill has four relatives that are worth more and fifteen that are worth less.
matcher::SkillCatalogue RelatedSkills() {
  constexpr int kSkills = 2000;
  constexpr int kSkillsATrade = 5;
  constexpr int kTradesAClass = 4;
  matcher::SkillCatalogue::Builder builder;
  for (int trade = 0; trade < kSkills / kSkillsATrade; ++trade) {
    matcher::TradeDefinition definition;
    definition.id = matcher::TradeId(static_cast<uint16_t>(trade));
    definition.small_class = matcher::SmallClassId(static_cast<uint16_t>(trade / kTradesAClass));
    builder.AddTrade(definition);
  }
  for (int skill = 0; skill < kSkills; ++skill) {
    matcher::SkillDefinition definition;
    definition.id = matcher::SkillId(static_cast<uint16_t>(skill));
    definition.trade = matcher::TradeId(static_cast<uint16_t>(skill / kSkillsATrade));
    builder.AddSkill(definition);
  }
  return std::move(builder).Build().value();
}

}  // namespace

Basis::Basis(Rules rules)
    : ruleset_(rules == Rules::kDefault ? matcher::DefaultRuleset()
                                        : matcher::oracle::BenchmarkRuleset()),
      catalogue_(rules == Rules::kDefault ? RelatedSkills() : matcher::SkillCatalogue()),
      context_{.ruleset = ruleset_, .catalogue = catalogue_, .day = BenchmarkDay()} {}

}  // namespace leye::bench
