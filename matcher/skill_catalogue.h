// The skills there are, the trades they belong to, and how near one skill is to another.
//
//   SkillCatalogue::Builder builder;
//   builder.AddTrade({.id = TradeId(0), .small_class = SmallClassId(0)});
//   builder.AddSkill({.id = SkillId(0), .trade = TradeId(0)});
//   builder.AddSkill({.id = SkillId(1), .trade = TradeId(0)});
//   builder.AddNeighbour({.asked = SkillId(0), .held = SkillId(1), .credit = Score::FromRatio(7,
//   10)}); absl::StatusOr<SkillCatalogue> catalogue = std::move(builder).Build();
//   catalogue->Credit(SkillId(0), SkillId(1), credits);   // 0.7
//
// The catalogue holds ids only; names, aliases and codes stay with whoever numbers them. Skills and
// trades are numbered densely from 0. Immutable and safe for concurrent use.
#ifndef LEYE_MATCHER_SKILL_CATALOGUE_H_
#define LEYE_MATCHER_SKILL_CATALOGUE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "absl/status/statusor.h"

#include "matcher/ids.h"
#include "matcher/skill_level.h"
#include "matcher/units.h"

namespace leye::matcher {

enum class SkillKind : uint8_t {
  kSkill,        // something one can do, at a level
  kCertificate,  // 证书
  kLicence,      // 驾驶证, 操作证
};

struct TradeDefinition {
  TradeId id;
  SmallClassId small_class;
  // 特种作业: whoever works in this trade needs this certificate.
  std::optional<SkillId> operation_certificate;
};

struct SkillDefinition {
  SkillId id;
  SkillKind kind = SkillKind::kSkill;
  std::optional<TradeId> trade;
  SkillLevel max_level = SkillLevel::Of(SkillLevel::kMax);  // unknown: the skill has no levels
  // Of a certificate: a special-operation certificate (特种作业操作证).
  bool special_operation = false;
  // Of a skill: whoever works with it needs this certificate.
  std::optional<SkillId> operation_certificate;
};

// Who is asked for `asked` and holds `held` gets `credit` in the skills criterion. Directed. Full
// credit means that `held` covers `asked` in hard rules too (a lorry licence covers a car's).
struct NeighbourDefinition {
  SkillId asked;
  SkillId held;
  Score credit;
};

// What relations without a credit of their own are worth; part of the ruleset.
struct RelationCredits {
  Score same_trade = Score::FromRatio(6, 10);
  Score same_small_class = Score::FromRatio(3, 10);
};

enum class SkillRelation : uint8_t { kSame, kNeighbour, kSameTrade, kSameSmallClass, kNone };

struct RelatedSkill {
  SkillId held;
  SkillRelation relation = SkillRelation::kNone;
  Score neighbour_credit;  // only for kNeighbour

  Score Credit(const RelationCredits& credits) const;
};

class SkillCatalogue {
 public:
  class Builder;

  // No skills and no trades.
  SkillCatalogue() = default;

  size_t skill_count() const { return skills_.size(); }
  size_t trade_count() const { return trades_.size(); }
  bool Has(SkillId skill) const { return skill.value() < skills_.size(); }
  bool Has(TradeId trade) const { return trade.value() < trades_.size(); }

  // REQUIRES: Has(id).
  const SkillDefinition& skill(SkillId id) const { return skills_[id.value()]; }
  const TradeDefinition& trade(TradeId id) const { return trades_[id.value()]; }

  // How `held` relates to `asked`: the same, a named neighbour, one trade, one small class, in this
  // order. Trade and class relate skills only: a certificate or licence is replaced by nothing but
  // a named neighbour. Skills that the catalogue does not have relate to themselves alone.
  RelatedSkill Relation(SkillId asked, SkillId held) const;

  // The credit of that relation, 0..1.
  Score Credit(SkillId asked, SkillId held, const RelationCredits& credits) const;

  // True if holding `held` is as good as holding `asked` in a hard rule: the same skill or a named
  // neighbour with full credit.
  bool Covers(SkillId asked, SkillId held) const;

  // Every skill with a relation to `asked` other than kNone, itself included, ascending by `held`.
  // An unknown skill has none. The view lives as long as the catalogue.
  std::span<const RelatedSkill> RelatedTo(SkillId asked) const;

  // The skills that cover `asked`, itself included, ascending. As above.
  std::span<const SkillId> CoveringOf(SkillId asked) const;

  // RelatedTo the other way round: every skill that `held` is related to when that one is asked,
  // itself included, ascending. As above.
  std::span<const SkillId> ServedBy(SkillId held) const;

  // Do two trades belong to one small class? False if the catalogue lacks either.
  bool SameSmallClass(TradeId a, TradeId b) const;

 private:
  // Fills the lists below. Quadratic in the number of skills, once.
  void ListRelations(std::span<const NeighbourDefinition> sorted_neighbours);
  void ListServed();
  RelatedSkill Relate(const SkillDefinition& asked, const SkillDefinition& held,
                      std::span<const NeighbourDefinition> neighbours) const;

  std::vector<SkillDefinition> skills_;  // by id
  std::vector<TradeDefinition> trades_;  // by id
  // Lists of all skills one after the other; skill s has [starts[s], starts[s + 1]).
  std::vector<RelatedSkill> related_;
  std::vector<uint32_t> related_starts_;
  std::vector<SkillId> covering_;
  std::vector<uint32_t> covering_starts_;
  std::vector<SkillId> served_;
  std::vector<uint32_t> served_starts_;
};

// Collects definitions in any order; Build checks them together.
class SkillCatalogue::Builder {
 public:
  Builder& AddTrade(const TradeDefinition& trade);
  Builder& AddSkill(const SkillDefinition& skill);
  Builder& AddNeighbour(const NeighbourDefinition& neighbour);

  // INVALID_ARGUMENT with every problem, one a line: ids that are not dense or occur twice, trades
  // and certificates that do not exist, an operation certificate that is no special-operation
  // certificate, a neighbour that is the skill itself or is named twice.
  absl::StatusOr<SkillCatalogue> Build() &&;

 private:
  // REQUIRES: everything sorted.
  absl::Status Check() const;

  std::vector<TradeDefinition> trades_;
  std::vector<SkillDefinition> skills_;
  std::vector<NeighbourDefinition> neighbours_;
};

}  // namespace leye::matcher

#endif  // LEYE_MATCHER_SKILL_CATALOGUE_H_
