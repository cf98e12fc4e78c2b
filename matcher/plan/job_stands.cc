#include "matcher/plan/job_stands.h"

#include <algorithm>
#include <tuple>

namespace leye::matcher::plan {
namespace {

// Of more preferences, pairs would be too many.
constexpr size_t kMostPaired = 4;

}  // namespace

JobStands::JobStands(std::span<const uint32_t> asks, const SkillCounts& counts,
                     bool requires_skills) {
  const AskKey key = ChooseKey(asks, counts);
  if (key.kind == AskKind::kKeyless) return;
  if (key.kind == AskKind::kRequired) {
    if (!requires_skills) return;
    kind_ = Kind::kRequired;
    required_ = key.skill;
    ReadRequired(asks, counts);
  } else {
    kind_ = Kind::kPreferred;
  }
  ReadPreferred(asks, counts);
}

void JobStands::ReadRequired(std::span<const uint32_t> asks, const SkillCounts& counts) {
  for (size_t at = 0; at < asks.size();) {
    const Ask ask(&asks[at]);
    at += ask.words();
    const bool alone = ask.role() == AskRole::kRequired &&
                       (at == asks.size() || Ask(&asks[at]).role() != AskRole::kAlternative);
    if (!alone) continue;
    if (ask.skill() == required_) {
      level_code_ = static_cast<uint8_t>(ask.level_code());
      continue;
    }
    const bool rarer = counts[ask.skill().value()] < counts[second_.value()];
    if (!requires_second_ || rarer) second_ = ask.skill();
    requires_second_ = true;
  }
}

void JobStands::ReadPreferred(std::span<const uint32_t> asks, const SkillCounts& counts) {
  ForEachAsk(asks, [&](const Ask& ask) {
    all_ += ask.weight();
    const bool earned = kind_ == Kind::kRequired && ask.skill() == required_;
    if (ask.role() != AskRole::kPreferred || ask.weight() == 0 || earned) return;
    const auto same = std::ranges::find(preferences_, ask.skill(), &Preference::skill);
    if (same == preferences_.end()) {
      preferences_.push_back({.skill = ask.skill(), .weight = ask.weight()});
    } else {
      same->weight += ask.weight();
    }
  });
  std::ranges::sort(preferences_, {}, [&](const Preference& preference) {
    return std::tuple(counts[preference.skill.value()], preference.skill);
  });
}

std::vector<AskLists::Stand> JobStands::ByOne() const {
  if (kind_ == Kind::kOpen) return {{.list = AskLists::IdOf(kind_), .most = Score::One()}};
  if (kind_ == Kind::kRequired) {
    return {{.list = AskLists::IdOf(kind_, required_), .most = Score::One()}};
  }
  std::vector<AskLists::Stand> stands;
  int64_t lost = 0;
  for (const Preference& preference : preferences_) {
    stands.push_back({.list = AskLists::IdOf(kind_, preference.skill), .most = Without(lost)});
    lost += preference.weight;
  }
  stands.push_back({.list = AskLists::IdOf(Kind::kWithout), .most = Without(lost)});
  return stands;
}

std::vector<AskLists::Stand> JobStands::ByTwo() const {
  std::vector<AskLists::Stand> stands;
  // Those of who has the skill, if so much is lost already; and perhaps one of the preferences from
  // `next` on.
  const auto add = [&](SkillId skill, size_t next, int64_t lost) {
    for (size_t i = next; i < preferences_.size(); ++i) {
      stands.push_back(
          {.list = AskLists::IdOf(kind_, skill, preferences_[i].skill), .most = Without(lost)});
      lost += preferences_[i].weight;
    }
    stands.push_back({.list = AskLists::IdOf(kind_, skill), .most = Without(lost)});
  };
  if (kind_ == Kind::kRequired && requires_second_) {
    return {{.list = AskLists::IdOf(kind_, required_, second_), .most = Score::One()}};
  }
  if (kind_ == Kind::kOpen || preferences_.size() > kMostPaired) return ByOne();
  if (kind_ == Kind::kRequired) {
    if (all_ == 0) return ByOne();
    add(required_, 0, 0);
    return stands;
  }
  int64_t lost = 0;
  for (size_t i = 0; i < preferences_.size(); ++i) {
    add(preferences_[i].skill, i + 1, lost);
    lost += preferences_[i].weight;
  }
  stands.push_back({.list = AskLists::IdOf(Kind::kWithout), .most = Without(lost)});
  return stands;
}

}  // namespace leye::matcher::plan
