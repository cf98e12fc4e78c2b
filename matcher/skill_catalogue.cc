#include "matcher/skill_catalogue.h"

#include <algorithm>
#include <numeric>
#include <string>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace leye::matcher {
namespace {

using Problems = std::vector<std::string>;

// Definitions sorted by id must be numbered 0, 1, 2, ...
template <typename Definition>
void CheckDense(const std::vector<Definition>& sorted, absl::string_view what, Problems& problems) {
  for (size_t i = 0; i < sorted.size(); ++i) {
    const size_t id = sorted[i].id.value();
    if (i > 0 && sorted[i - 1].id == sorted[i].id) {
      problems.push_back(absl::StrCat(what, " ", id, " is defined twice"));
    } else if (id >= sorted.size()) {
      problems.push_back(
          absl::StrCat(what, " ", id, " is not below the number of them, ", sorted.size()));
    }
  }
}

const SkillDefinition* Find(const std::vector<SkillDefinition>& sorted, SkillId id) {
  const auto found = std::ranges::lower_bound(sorted, id, {}, &SkillDefinition::id);
  return found != sorted.end() && found->id == id ? &*found : nullptr;
}

const TradeDefinition* Find(const std::vector<TradeDefinition>& sorted, TradeId id) {
  const auto found = std::ranges::lower_bound(sorted, id, {}, &TradeDefinition::id);
  return found != sorted.end() && found->id == id ? &*found : nullptr;
}

void CheckOperationCertificate(const std::vector<SkillDefinition>& skills, SkillId certificate,
                               absl::string_view whose, Problems& problems) {
  const SkillDefinition* found = Find(skills, certificate);
  if (found == nullptr) {
    problems.push_back(
        absl::StrCat(whose, ": certificate ", certificate.value(), " does not exist"));
  } else if (found->kind != SkillKind::kCertificate || !found->special_operation) {
    problems.push_back(absl::StrCat(whose, ": skill ", certificate.value(),
                                    " is no special-operation certificate"));
  }
}

void CheckSkill(const std::vector<SkillDefinition>& skills,
                const std::vector<TradeDefinition>& trades, const SkillDefinition& skill,
                Problems& problems) {
  const std::string whose = absl::StrCat("skill ", skill.id.value());
  if (skill.trade.has_value() && Find(trades, *skill.trade) == nullptr) {
    problems.push_back(absl::StrCat(whose, ": trade ", skill.trade->value(), " does not exist"));
  }
  if (skill.special_operation && skill.kind != SkillKind::kCertificate) {
    problems.push_back(absl::StrCat(whose, ": only a certificate can be a special-operation one"));
  }
  if (skill.operation_certificate.has_value()) {
    CheckOperationCertificate(skills, *skill.operation_certificate, whose, problems);
  }
}

void CheckNeighbours(const std::vector<SkillDefinition>& skills,
                     const std::vector<NeighbourDefinition>& neighbours, Problems& problems) {
  absl::flat_hash_set<std::pair<SkillId, SkillId>> named;
  for (const NeighbourDefinition& neighbour : neighbours) {
    const std::string whose =
        absl::StrCat("neighbour ", neighbour.asked.value(), " <- ", neighbour.held.value());
    for (const SkillId id : {neighbour.asked, neighbour.held}) {
      if (Find(skills, id) != nullptr) continue;
      problems.push_back(absl::StrCat(whose, ": skill ", id.value(), " does not exist"));
    }
    if (neighbour.asked == neighbour.held) {
      problems.push_back(absl::StrCat(whose, ": a skill is no neighbour of itself"));
    }
    if (!named.insert({neighbour.asked, neighbour.held}).second) {
      problems.push_back(absl::StrCat(whose, " is named twice"));
    }
  }
}

}  // namespace

Score RelatedSkill::Credit(const RelationCredits& credits) const {
  switch (relation) {
    case SkillRelation::kSame:
      return Score::One();
    case SkillRelation::kNeighbour:
      return neighbour_credit;
    case SkillRelation::kSameTrade:
      return credits.same_trade;
    case SkillRelation::kSameSmallClass:
      return credits.same_small_class;
    case SkillRelation::kNone:
      break;
  }
  return Score::Zero();
}

RelatedSkill SkillCatalogue::Relation(SkillId asked, SkillId held) const {
  if (asked == held) {
    return {.held = held, .relation = SkillRelation::kSame, .neighbour_credit = {}};
  }
  const std::span<const RelatedSkill> related = RelatedTo(asked);
  const auto found = std::ranges::lower_bound(related, held, {}, &RelatedSkill::held);
  if (found != related.end() && found->held == held) return *found;
  return {.held = held, .relation = SkillRelation::kNone, .neighbour_credit = {}};
}

Score SkillCatalogue::Credit(SkillId asked, SkillId held, const RelationCredits& credits) const {
  return Relation(asked, held).Credit(credits);
}

bool SkillCatalogue::Covers(SkillId asked, SkillId held) const {
  return asked == held || std::ranges::binary_search(CoveringOf(asked), held);
}

std::span<const RelatedSkill> SkillCatalogue::RelatedTo(SkillId asked) const {
  if (!Has(asked)) return {};
  const size_t start = related_starts_[asked.value()];
  const size_t end = related_starts_[asked.value() + size_t{1}];
  return std::span(related_).subspan(start, end - start);
}

std::span<const SkillId> SkillCatalogue::CoveringOf(SkillId asked) const {
  if (!Has(asked)) return {};
  const size_t start = covering_starts_[asked.value()];
  const size_t end = covering_starts_[asked.value() + size_t{1}];
  return std::span(covering_).subspan(start, end - start);
}

std::span<const SkillId> SkillCatalogue::ServedBy(SkillId held) const {
  if (!Has(held)) return {};
  const size_t start = served_starts_[held.value()];
  const size_t end = served_starts_[held.value() + size_t{1}];
  return std::span(served_).subspan(start, end - start);
}

bool SkillCatalogue::SameSmallClass(TradeId a, TradeId b) const {
  return Has(a) && Has(b) && trade(a).small_class == trade(b).small_class;
}

SkillCatalogue::Builder& SkillCatalogue::Builder::AddTrade(const TradeDefinition& trade) {
  trades_.push_back(trade);
  return *this;
}

SkillCatalogue::Builder& SkillCatalogue::Builder::AddSkill(const SkillDefinition& skill) {
  skills_.push_back(skill);
  return *this;
}

SkillCatalogue::Builder& SkillCatalogue::Builder::AddNeighbour(
    const NeighbourDefinition& neighbour) {
  neighbours_.push_back(neighbour);
  return *this;
}

absl::Status SkillCatalogue::Builder::Check() const {
  Problems problems;
  CheckDense(trades_, "trade", problems);
  CheckDense(skills_, "skill", problems);
  for (const TradeDefinition& trade : trades_) {
    if (!trade.operation_certificate.has_value()) continue;
    CheckOperationCertificate(skills_, *trade.operation_certificate,
                              absl::StrCat("trade ", trade.id.value()), problems);
  }
  for (const SkillDefinition& skill : skills_) CheckSkill(skills_, trades_, skill, problems);
  CheckNeighbours(skills_, neighbours_, problems);
  if (problems.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrJoin(problems, "\n"));
}

absl::StatusOr<SkillCatalogue> SkillCatalogue::Builder::Build() && {
  std::ranges::sort(trades_, {}, &TradeDefinition::id);
  std::ranges::sort(skills_, {}, &SkillDefinition::id);
  std::ranges::sort(neighbours_, [](const NeighbourDefinition& a, const NeighbourDefinition& b) {
    return std::pair(a.asked, a.held) < std::pair(b.asked, b.held);
  });
  const absl::Status checked = Check();
  if (!checked.ok()) return checked;

  SkillCatalogue catalogue;
  catalogue.skills_ = std::move(skills_);
  catalogue.trades_ = std::move(trades_);
  catalogue.ListRelations(neighbours_);
  catalogue.ListServed();
  return catalogue;
}

void SkillCatalogue::ListRelations(std::span<const NeighbourDefinition> sorted_neighbours) {
  auto neighbour = sorted_neighbours.begin();
  for (const SkillDefinition& asked : skills_) {
    const auto first = neighbour;
    while (neighbour != sorted_neighbours.end() && neighbour->asked == asked.id) ++neighbour;
    const std::span<const NeighbourDefinition> own(first, neighbour);

    related_starts_.push_back(static_cast<uint32_t>(related_.size()));
    covering_starts_.push_back(static_cast<uint32_t>(covering_.size()));
    for (const SkillDefinition& held : skills_) {
      const RelatedSkill related = Relate(asked, held, own);
      if (related.relation == SkillRelation::kNone) continue;
      related_.push_back(related);
      const bool covers = related.relation == SkillRelation::kSame ||
                          (related.relation == SkillRelation::kNeighbour &&
                           related.neighbour_credit == Score::One());
      if (covers) covering_.push_back(held.id);
    }
  }
  related_starts_.push_back(static_cast<uint32_t>(related_.size()));
  covering_starts_.push_back(static_cast<uint32_t>(covering_.size()));
}

// Counts how often each skill is the held one, then files the asked ones there.
void SkillCatalogue::ListServed() {
  served_starts_.assign(skills_.size() + 1, 0);
  for (const RelatedSkill& related : related_) ++served_starts_[related.held.value() + size_t{1}];
  std::partial_sum(served_starts_.begin(), served_starts_.end(), served_starts_.begin());
  served_.resize(related_.size());
  std::vector<uint32_t> next = served_starts_;
  for (const SkillDefinition& asked : skills_) {
    for (const RelatedSkill& related : RelatedTo(asked.id)) {
      served_[next[related.held.value()]++] = asked.id;
    }
  }
}

RelatedSkill SkillCatalogue::Relate(const SkillDefinition& asked, const SkillDefinition& held,
                                    std::span<const NeighbourDefinition> neighbours) const {
  RelatedSkill related{.held = held.id, .relation = SkillRelation::kNone, .neighbour_credit = {}};
  const auto named = std::ranges::lower_bound(neighbours, held.id, {}, &NeighbourDefinition::held);
  if (asked.id == held.id) {
    related.relation = SkillRelation::kSame;
  } else if (named != neighbours.end() && named->held == held.id) {
    related.relation = SkillRelation::kNeighbour;
    related.neighbour_credit = named->credit;
  } else if (asked.kind == SkillKind::kSkill && held.kind == SkillKind::kSkill && asked.trade &&
             held.trade) {
    if (*asked.trade == *held.trade) {
      related.relation = SkillRelation::kSameTrade;
    } else if (SameSmallClass(*asked.trade, *held.trade)) {
      related.relation = SkillRelation::kSameSmallClass;
    }
  }
  return related;
}

}  // namespace leye::matcher
