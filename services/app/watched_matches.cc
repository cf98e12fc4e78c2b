#include "services/app/watched_matches.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

#include "services/app/names.h"
#include "services/base/status.h"

namespace leye::app {
namespace {

// Watches that are looked at in a round, whether anybody reads them still.
constexpr size_t kLookedAt = 1'024;

absl::Status MatchSubjectGone(const std::string& name) {
  return WithMessageZh(Error(absl::StatusCode::kNotFound, "NOT_FOUND",
                             absl::StrCat("does not exist: ", name), {{"names", name}}),
                       absl::StrCat("记录不存在：", name));
}

absl::Status TooManyMatches() {
  return WithMessageZh(
      Error(absl::StatusCode::kFailedPrecondition, "TOO_MANY_MATCHES",
            "more than 1000 are of that score: raise min_score_micros, or rank instead"),
      "达到该分数的超过 1000 个：请提高 min_score_micros，或改用排序查询");
}

// Where history is another than the reader's (of another epoch), the list is put right all the
// same.
bool IncludesRevisions(const MatchWorld& world,
                       const std::vector<store::RegionRevision>& revisions) {
  return std::ranges::all_of(revisions, [&](const store::RegionRevision& revision) {
    const auto at = world.revisions().find(revision.region);
    return at != world.revisions().end() && !(at->second < revision.revision);
  });
}

}  // namespace

template <typename Direction>
void WatchedMatches<Direction>::Add(const std::shared_ptr<const MatchQuestion>& question,
                                    const std::vector<std::string>& known,
                                    const std::shared_ptr<MatchNews>& news) {
  auto watch = std::make_unique<Watch>();
  watch->region = RegionOfName(question->subject).value_or(store::Region::FromNumber(0));
  watch->question = question;
  watch->known = known;
  watch->news = news;
  stale_.push_back(watch.get());
  watches_.push_back(std::move(watch));
}

template <typename Direction>
void WatchedMatches<Direction>::Begin(const absl::CivilDay& today) {
  std::erase_if(untold_, [](Watch* watch) {
    watch->untold = watch->news->Withdraw();
    return !watch->untold;
  });
  LetGoOfSome();
  if (today != day_) MarkAllStale();
  day_ = today;
  MarkOutruled();
}

template <typename Direction>
void WatchedMatches<Direction>::MarkAllStale() {
  for (const auto& watch : watches_) MarkStale(*watch);
}

template <typename Direction>
void WatchedMatches<Direction>::MarkStale(Watch& watch) {
  if (!std::exchange(watch.stale, true)) stale_.push_back(&watch);
}

template <typename Direction>
void WatchedMatches<Direction>::MarkOutruled() {
  for (auto& [region, rules] : in_force_) {
    RulesetSource::Ruleset now = basis_.rulesets.InForce(region, day_);
    if (now == rules) continue;
    rules = std::move(now);
    for (const auto& watch : watches_) {
      if (watch->region == region) MarkStale(*watch);
    }
  }
}

template <typename Direction>
void WatchedMatches<Direction>::LetGoOfSome() {
  std::vector<Watch*> over;
  for (size_t i = std::min(kLookedAt, watches_.size()); i > 0; --i) {
    if (next_looked_at_ >= watches_.size()) next_looked_at_ = 0;
    Watch* watch = watches_[next_looked_at_++].get();
    if (watch->over || watch->news->closed()) over.push_back(watch);
  }
  if (!over.empty()) LetGo(over);
}

template <typename Direction>
void WatchedMatches<Direction>::LetGo(const std::vector<Watch*>& over) {
  const absl::flat_hash_set<Watch*> gone(over.begin(), over.end());
  for (Watch* watch : over) {
    for (const Other other : watch->list) Unlist(*watch, other);
    Leave(*watch);
  }
  const auto is_gone = [&](Watch* watch) { return gone.contains(watch); };
  std::erase_if(stale_, is_gone);
  std::erase_if(untold_, is_gone);
  std::erase_if(watches_, [&](const auto& watch) { return gone.contains(watch.get()); });
}

template <typename Direction>
matcher::FitContext WatchedMatches<Direction>::FitBy(const Group& group,
                                                     const MatchWorld& world) const {
  return {.ruleset = *group.rules,
          .catalogue = basis_.catalogue,
          .day = matcher::Day::FromCivil(day_),
          .travel_times = world.travel_times()};
}

template <typename Direction>
void WatchedMatches<Direction>::Apply(const matcher::ChangedIds& changed, const MatchWorld& world) {
  const auto& others = Direction::OthersIn(changed);
  LoseWhoIsAnother(changed, world);
  if (changed.everything() || others.size() > kJudgedPerWatch * watches_.size()) {
    MarkAllStale();
    return;
  }
  for (const Subject subject : Direction::SubjectsIn(changed)) {
    const auto watches = by_subject_.find(subject);
    if (watches == by_subject_.end()) continue;
    for (Watch* watch : watches->second) MarkStale(*watch);
  }
  for (auto& [key, group] : groups_) {
    if (std::exchange(group.changed, false)) group.snapshot = group.index.Publish();
  }
  for (const Other other : others) Judge(other, world);
}

template <typename Direction>
void WatchedMatches<Direction>::LoseWhoIsAnother(const matcher::ChangedIds& changed,
                                                 const MatchWorld& world) {
  std::vector<Other> others;
  const auto look = [&](Other other, const Listing& listing) {
    if (Direction::FindOther(world, listing.name) != other) others.push_back(other);
  };
  if (changed.everything()) {
    for (const auto& [other, listing] : listings_) look(other, listing);
  } else {
    for (const Other other : Direction::OthersIn(changed)) {
      const auto listing = listings_.find(other);
      if (listing != listings_.end()) look(other, listing->second);
    }
  }
  for (const Other other : others) {
    const auto watches = listings_.find(other)->second.watches;  // A copy: Lose changes it.
    for (Watch* watch : watches) Lose(*watch, other);
  }
}

template <typename Direction>
void WatchedMatches<Direction>::Judge(Other other, const MatchWorld& world) {
  ++judgement_;
  for (auto& [key, group] : groups_) {
    const matcher::FitContext fit = FitBy(group, world);
    const MatchSearch search{
        .k = group.watches.size(), .side = group.side, .least = group.least, .fit = fit};
    for (const auto& hit : Direction::FittedBy(world, other, *group.snapshot, search, ranker_)) {
      for (Watch* watch : by_subject_.at(hit.subject)) {
        if (watch->group == &group) Hit(*watch, other, hit.score, world);
      }
    }
  }
  const auto listing = listings_.find(other);
  if (listing == listings_.end()) return;
  const auto watches = listing->second.watches;  // A copy: Lose changes it.
  for (Watch* watch : watches) {
    if (!watch->stale && watch->right_in != judgement_) Lose(*watch, other);
  }
}

template <typename Direction>
void WatchedMatches<Direction>::Hit(Watch& watch, Other other, matcher::Score score,
                                    const MatchWorld& world) {
  if (watch.stale || score < watch.question->least) return;
  if (!Direction::MayList(MatchReach(watch.question->caller, world), other)) return;
  watch.right_in = judgement_;
  if (!watch.list.contains(other)) Gain(watch, other, world);
}

template <typename Direction>
void WatchedMatches<Direction>::WorkOut(size_t most, const MatchWorld& world) {
  bool done = false;
  for (size_t left = std::min(most, stale_.size()); left > 0; --left) {
    Watch* watch = stale_.front();
    stale_.pop_front();
    if (watch->over) continue;
    if (IncludesRevisions(world, watch->question->query.min_revisions)) {
      WorkOut(*watch, world);
      done = true;
    } else {
      stale_.push_back(watch);
    }
  }
  busy_ = done && !stale_.empty();
}

template <typename Direction>
void WatchedMatches<Direction>::WorkOut(Watch& watch, const MatchWorld& world) {
  const auto subject = Direction::FindSubject(world, watch.question->subject);
  const auto profile = subject.has_value() ? Direction::ProfileOf(world, *subject) : std::nullopt;
  const MatchReach reach(watch.question->caller, world);
  if (!profile.has_value() || !Direction::Covers(reach, *profile)) {
    End(watch, MatchSubjectGone(watch.question->subject));
    return;
  }
  if (watch.group == nullptr) TakeUpKnown(watch, world);
  Join(watch, *subject, *profile);
  const matcher::FitContext fit = FitBy(*watch.group, world);
  const auto right = Direction::Fitting(world, *profile, reach,
                                        {.k = kMostMatches + 1,
                                         .side = watch.group->side,
                                         .least = watch.question->least,
                                         .fit = fit},
                                        ranker_);
  if (!right.ok() || right->size() > kMostMatches) {
    End(watch, right.ok() ? TooManyMatches() : right.status());
    return;
  }
  watch.stale = false;
  Replace(watch, *right, world);
  MarkUntold(watch);
}

template <typename Direction>
void WatchedMatches<Direction>::TakeUpKnown(Watch& watch, const MatchWorld& world) {
  const std::vector<std::string> known = std::exchange(watch.known, {});
  for (const std::string& name : absl::flat_hash_set<std::string>(known.begin(), known.end())) {
    const auto other = Direction::FindOther(world, name);
    if (other.has_value()) {
      watch.list.insert(*other);
      List(watch, *other, world);
    } else {
      Tell(watch, {.name = name, .id = 0, .added = false});
    }
  }
}

template <typename Direction>
void WatchedMatches<Direction>::Join(Watch& watch, Subject subject,
                                     const typename Direction::Profile& profile) {
  RulesetSource::Ruleset& rules = in_force_[watch.region];
  if (rules == nullptr) rules = basis_.rulesets.InForce(watch.region, day_);
  const matcher::Side side = watch.question->query.side.value_or(Direction::SideOf(*rules));
  Group& group = groups_[{rules.get(), side}];
  if (watch.group != &group || watch.subject != subject) {
    Leave(watch);
    group.rules = rules;
    group.side = side;
    group.least = std::min(group.least, watch.question->least);
    ++group.watches[subject];
    by_subject_[subject].push_back(&watch);
    watch.group = &group;
    watch.subject = subject;
  }
  Direction::Put(profile, group.index);
  group.changed = true;
}

template <typename Direction>
void WatchedMatches<Direction>::Leave(Watch& watch) {
  if (watch.group == nullptr) return;
  Group& group = *std::exchange(watch.group, nullptr);
  std::vector<Watch*>& watches = by_subject_[watch.subject];
  std::erase(watches, &watch);
  if (watches.empty()) by_subject_.erase(watch.subject);
  if (--group.watches[watch.subject] > 0) return;
  group.watches.erase(watch.subject);
  Direction::Remove(watch.subject, group.index);
  group.changed = true;
  if (group.watches.empty()) groups_.erase({group.rules.get(), group.side});
}

template <typename Direction>
void WatchedMatches<Direction>::Replace(Watch& watch, const std::vector<Other>& right,
                                        const MatchWorld& world) {
  const absl::flat_hash_set<Other> wanted(right.begin(), right.end());
  const std::vector<Other> before(watch.list.begin(), watch.list.end());
  for (const Other other : before) {
    if (!wanted.contains(other)) Lose(watch, other);
  }
  for (const Other other : right) {
    if (!watch.list.contains(other)) Gain(watch, other, world);
  }
}

template <typename Direction>
void WatchedMatches<Direction>::List(Watch& watch, Other other, const MatchWorld& world) {
  Listing& listing = listings_[other];
  if (listing.name.empty()) listing.name = world.NameOf(other);
  listing.watches.push_back(&watch);
}

template <typename Direction>
std::string WatchedMatches<Direction>::Unlist(Watch& watch, Other other) {
  const auto listing = listings_.find(other);
  auto& watches = listing->second.watches;
  watches.erase(std::find(watches.begin(), watches.end(), &watch));
  std::string name = listing->second.name;
  if (watches.empty()) listings_.erase(listing);
  return name;
}

template <typename Direction>
void WatchedMatches<Direction>::Gain(Watch& watch, Other other, const MatchWorld& world) {
  watch.list.insert(other);
  List(watch, other, world);
  Tell(watch, {.name = listings_[other].name, .id = other.value(), .added = true});
  if (watch.list.size() > kMostMatches) End(watch, TooManyMatches());
}

template <typename Direction>
void WatchedMatches<Direction>::Lose(Watch& watch, Other other) {
  watch.list.erase(other);
  Tell(watch, {.name = Unlist(watch, other), .id = other.value(), .added = false});
}

template <typename Direction>
void WatchedMatches<Direction>::Tell(Watch& watch, MatchNotice notice) {
  if (watch.over) return;
  const absl::Status put = watch.news->Put(std::move(notice));
  if (put.ok()) {
    MarkUntold(watch);
  } else {
    End(watch, put);
  }
}

template <typename Direction>
void WatchedMatches<Direction>::MarkUntold(Watch& watch) {
  if (!std::exchange(watch.untold, true)) untold_.push_back(&watch);
}

template <typename Direction>
void WatchedMatches<Direction>::End(Watch& watch, const absl::Status& status) {
  watch.over = true;
  watch.stale = true;
  watch.news->End(status);
}

template <typename Direction>
void WatchedMatches<Direction>::Finish(const std::shared_ptr<const MatchWorld>& world,
                                       size_t most) {
  const matcher::Day day = matcher::Day::FromCivil(day_);
  for (Watch* watch : untold_) {
    if (watch->stale) continue;
    const bool awaited = watch->news->awaited();
    if (awaited && most == 0) {
      busy_ = true;
      continue;
    }
    const bool offered =
        watch->news->Offer({.world = world, .ruleset = watch->group->rules, .day = day});
    if (!offered || !awaited) continue;
    watch->news->Wake();
    --most;
  }
}

template <typename Direction>
void WatchedMatches<Direction>::StopReaders() {
  for (const auto& watch : watches_) watch->news->Stop();
}

template class WatchedMatches<PeopleForPosting>;
template class WatchedMatches<PostingsForPerson>;

}  // namespace leye::app
