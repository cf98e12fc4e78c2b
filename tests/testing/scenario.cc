#include "tests/testing/scenario.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

#include "tests/testing/scenario_text.h"

namespace leye::matcher::testing {
namespace {

constexpr std::array<absl::string_view, 9> kSkillNames = {"welder",    "cutter",     "fitter",
                                                          "cook",      "sewer",      "cert-welding",
                                                          "cert-cook", "licence-c1", "licence-a2"};
constexpr std::array<absl::string_view, 4> kTradeNames = {"welding", "fitting", "cooking",
                                                          "sewing"};

SkillCatalogue MakeCatalogue() {
  SkillCatalogue::Builder builder;
  for (const auto& [trade, small_class] : {std::pair{"welding", 0}, std::pair{"fitting", 0},
                                           std::pair{"cooking", 1}, std::pair{"sewing", 2}}) {
    builder.AddTrade({.id = TradeNamed(trade),
                      .small_class = SmallClassId(static_cast<uint16_t>(small_class)),
                      .operation_certificate = {}});
  }
  const auto add = [&](absl::string_view name, SkillKind kind,
                       std::optional<absl::string_view> trade) -> SkillDefinition {
    SkillDefinition skill;
    skill.id = SkillNamed(name);
    skill.kind = kind;
    if (trade.has_value()) skill.trade = TradeNamed(*trade);
    return skill;
  };
  SkillDefinition welder = add("welder", SkillKind::kSkill, "welding");
  welder.operation_certificate = SkillNamed("cert-welding");
  SkillDefinition cert_welding = add("cert-welding", SkillKind::kCertificate, "welding");
  cert_welding.special_operation = true;
  builder.AddSkill(welder)
      .AddSkill(add("cutter", SkillKind::kSkill, "welding"))
      .AddSkill(add("fitter", SkillKind::kSkill, "fitting"))
      .AddSkill(add("cook", SkillKind::kSkill, "cooking"))
      .AddSkill(add("sewer", SkillKind::kSkill, "sewing"))
      .AddSkill(cert_welding)
      .AddSkill(add("cert-cook", SkillKind::kCertificate, "cooking"))
      .AddSkill(add("licence-c1", SkillKind::kLicence, std::nullopt))
      .AddSkill(add("licence-a2", SkillKind::kLicence, std::nullopt))
      .AddNeighbour({.asked = SkillNamed("cook"),
                     .held = SkillNamed("sewer"),
                     .credit = Score::FromRatio(4, 10)})
      .AddNeighbour({.asked = SkillNamed("licence-c1"),
                     .held = SkillNamed("licence-a2"),
                     .credit = Score::One()});
  absl::StatusOr<SkillCatalogue> built = std::move(builder).Build();
  if (!built.ok()) BadScenario(built.status().message());
  return *std::move(built);
}

template <size_t kCount>
uint16_t IndexOf(absl::string_view name, const std::array<absl::string_view, kCount>& names) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) BadScenario(absl::StrCat("unknown name ", name));
  return static_cast<uint16_t>(found - names.begin());
}

template <typename Name, typename Items>
std::string Join(const Items& items, Name name) {
  return absl::StrJoin(
      items, " ", [&](std::string* out, const auto& item) { absl::StrAppend(out, name(item)); });
}

std::string CauseOf(const Finding& finding) { return std::string(CauseName(finding.cause)); }

}  // namespace

Day ScenarioDay() { return Day::FromCivil(2026, 6, 1); }

const SkillCatalogue& ScenarioCatalogue() {
  static const SkillCatalogue& catalogue = *new SkillCatalogue(MakeCatalogue());
  return catalogue;
}

SkillId SkillNamed(absl::string_view name) { return SkillId(IndexOf(name, kSkillNames)); }
TradeId TradeNamed(absl::string_view name) { return TradeId(IndexOf(name, kTradeNames)); }

Day Date(absl::string_view text) {
  absl::CivilDay day;
  if (!absl::ParseCivilTime(text, &day)) BadScenario(absl::StrCat("no date: ", text));
  return Day::FromCivil(day);
}

Scenario& Scenario::Candidate(absl::string_view text) {
  candidate_ = testing::Candidate(text);
  return *this;
}

Scenario& Scenario::Household(absl::string_view text) {
  household_ = testing::Household(text);
  return *this;
}

Scenario& Scenario::Posting(absl::string_view text) {
  posting_ = testing::Posting(text);
  return *this;
}

Scenario& Scenario::DistanceKm(double km) {
  travel_.distance = Kilometres::Of(km);
  return *this;
}

Scenario& Scenario::Minutes(uint16_t minutes) {
  travel_.minutes = minutes;
  return *this;
}

Scenario& Scenario::On(absl::string_view date) {
  day_ = Date(date);
  return *this;
}

Scenario& Scenario::Under(const Ruleset& ruleset) {
  ruleset_ = ruleset;
  return *this;
}

FitResult Scenario::Fit() const {
  return matcher::Fit(
      {.candidate = candidate_, .household = household_, .posting = posting_, .travel = travel_},
      {.ruleset = ruleset_, .catalogue = ScenarioCatalogue(), .day = day_});
}

PairScore Scenario::Quick() const {
  return ScorePair(
      {.candidate = candidate_, .household = household_, .posting = posting_, .travel = travel_},
      {.ruleset = ruleset_, .catalogue = ScenarioCatalogue(), .day = day_});
}

std::string Scenario::Failed() const {
  const RuleSet failed = Fit().failed;
  std::vector<RuleId> rules;
  for (RuleSet left = failed; !left.empty(); left.Remove(left.first())) {
    rules.push_back(left.first());
  }
  return Join(rules, RuleName);
}

std::string Scenario::Causes() const { return Join(Fit().failures, CauseOf); }
std::string Scenario::Notes() const { return Join(Fit().notes, CauseOf); }

}  // namespace leye::matcher::testing
