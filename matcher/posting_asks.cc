#include "matcher/posting_asks.h"

#include <algorithm>

namespace leye::matcher {
namespace {

void Put(const AskedSkill& asked, AskRole role, uint32_t weight, AskWords& words) {
  const auto level = static_cast<uint32_t>(asked.min_level.value() + 1);
  const uint32_t small = std::min(weight, Ask::kWeightAside);
  words.push_back(asked.skill.value() | level << 16 | static_cast<uint32_t>(role) << 20 |
                  small << 22);
  if (small == Ask::kWeightAside) words.push_back(weight);
}

}  // namespace

AskedSkill Ask::asked() const {
  AskedSkill asked;
  asked.skill = skill();
  if (level_code() > 0) asked.min_level = SkillLevel::Of(static_cast<int>(level_code()) - 1);
  return asked;
}

AskWords PackAsks(const PostingProfile& posting) {
  AskWords words;
  for (const RequiredSkillGroup& group : posting.required_skills) {
    for (const AskedSkill& asked : group.any_of) {
      const bool first = &asked == &group.any_of.front();
      Put(asked, first ? AskRole::kRequired : AskRole::kAlternative, first ? group.weight : 0,
          words);
    }
  }
  for (const PreferredSkill& preferred : posting.preferred_skills) {
    Put(preferred.asked, AskRole::kPreferred, preferred.weight, words);
  }
  return words;
}

void UnpackAsks(std::span<const uint32_t> words, PostingProfile& posting) {
  auto& groups = posting.required_skills;
  size_t group_count = 0;
  posting.preferred_skills.clear();
  ForEachAsk(words, [&](const Ask& ask) {
    const auto weight = static_cast<uint16_t>(ask.weight());
    if (ask.role() == AskRole::kPreferred) {
      posting.preferred_skills.push_back({.asked = ask.asked(), .weight = weight});
      return;
    }
    if (ask.role() == AskRole::kRequired) {
      if (group_count == groups.size()) groups.emplace_back();
      groups[group_count].any_of.clear();
      groups[group_count++].weight = weight;
    }
    groups[group_count - 1].any_of.push_back(ask.asked());
  });
  groups.resize(group_count);
}

void CountAsks(std::span<const uint32_t> words, SkillCounts& counts) {
  ForEachAsk(words, [&](const Ask& ask) { ++counts[ask.skill().value()]; });
}

AskKey ChooseKey(std::span<const uint32_t> words, const SkillCounts& counts) {
  AskKey key;
  bool requires_something = false;
  const auto take_rarer = [&](AskKind kind, SkillId skill) {
    const bool better = key.kind != kind || counts[skill.value()] < counts[key.skill.value()];
    if (better) key = {.kind = kind, .skill = skill};
  };
  for (size_t at = 0; at < words.size();) {
    const Ask ask(&words[at]);
    at += ask.words();
    if (ask.role() == AskRole::kPreferred) {
      if (!requires_something && ask.weight() > 0) take_rarer(AskKind::kPreferred, ask.skill());
      continue;
    }
    requires_something = true;
    const bool alone = ask.role() == AskRole::kRequired &&
                       (at == words.size() || Ask(&words[at]).role() != AskRole::kAlternative);
    if (alone) take_rarer(AskKind::kRequired, ask.skill());
  }
  return key;
}

Score MostWithout(std::span<const uint32_t> words, const AskKey& key) {
  int64_t all = 0;
  int64_t without = 0;
  ForEachAsk(words, [&](const Ask& ask) {
    all += ask.weight();
    if (ask.skill() != key.skill) without += ask.weight();
  });
  return all == 0 ? Score::One() : Score::FromRatio(without, all);
}

void AskSummary::Range::Add(const Range& other) {
  least = std::min(least, other.least);
  greatest = std::max(greatest, other.greatest);
}

AskSummary AskSummary::Of(std::span<const uint32_t> words, const AskKey& key) {
  AskSummary summary;
  const Range range{.least = key.skill, .greatest = key.skill};
  switch (key.kind) {
    case AskKind::kKeyless:
      summary.any_keyless = true;
      break;
    case AskKind::kPreferred:
      summary.any_preferred = true;
      summary.preferred = range;
      summary.most_without = MostWithout(words, key);
      break;
    case AskKind::kRequired:
      summary.any_required = true;
      summary.required = range;
      break;
  }
  return summary;
}

void AskSummary::Merge(const AskSummary& other) {
  any_keyless = any_keyless || other.any_keyless;
  any_preferred = any_preferred || other.any_preferred;
  any_required = any_required || other.any_required;
  preferred.Add(other.preferred);
  required.Add(other.required);
  most_without = std::max(most_without, other.most_without);
}

}  // namespace leye::matcher
