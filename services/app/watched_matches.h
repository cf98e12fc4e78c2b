// The watched subjects of one direction, and who is in the list of each.
//
//   WatchedMatches<PeopleForPosting> postings({rulesets, catalogue});
//   postings.Add(question, known, news);
//   postings.Begin(today);                           // no reader takes anything until Finish
//   postings.Apply(changes.changed, *changes.world);
//   postings.WorkOut(64, *changes.world);
//   postings.Finish(changes.world, 64);
//
// A list is fresh, and then right in every world applied so far, or stale, and then it is worked
// out as a whole when its turn comes, in the world of that round. Of fresh lists only what changed
// is judged again: the watched subjects stand in an index of their own, and a person who has
// changed asks that index for what fits, as if it were all there is. So a change costs one search
// among the watched, and no work for those whom it does not concern.
//
// Thread-compatible. In which order watches are told of a change is not said.
#ifndef LEYE_SERVICES_APP_WATCHED_MATCHES_H_
#define LEYE_SERVICES_APP_WATCHED_MATCHES_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/container/inlined_vector.h"
#include "absl/status/status.h"
#include "absl/time/civil_time.h"

#include "services/app/match_directions.h"
#include "services/app/match_news.h"
#include "services/app/match_watch.h"
#include "services/store/region.h"

namespace leye::app {

struct WatchedBasis {
  const RulesetSource& rulesets;
  const matcher::SkillCatalogue& catalogue;
};

// For PeopleForPosting and PostingsForPerson.
template <typename Direction>
class WatchedMatches {
 public:
  // A list has no more: that many are not watched but ranked.
  static constexpr size_t kMostMatches = 1'000;
  // Where more have changed for each watch, all lists are worked out again: it costs less.
  static constexpr size_t kJudgedPerWatch = 32;

  explicit WatchedMatches(const WatchedBasis& basis) : basis_(basis) {}

  size_t size() const { return watches_.size(); }
  // There is more to do in the same world.
  bool busy() const { return busy_; }

  // `known`: the names in the reader's list.
  void Add(const std::shared_ptr<const MatchQuestion>& question,
           const std::vector<std::string>& known, const std::shared_ptr<MatchNews>& news);

  // Takes back what was offered and not taken, and lets go of watches that are over. All lists are
  // stale after a change of date, those of a region after one of its rules.
  void Begin(const absl::CivilDay& today);
  // Judges who has changed against the subjects of fresh lists.
  void Apply(const matcher::ChangedIds& changed, const MatchWorld& world);
  // Works out up to `most` stale lists.
  void WorkOut(size_t most, const MatchWorld& world);
  // Lets readers take what has come of it, and wakes up to `most` of those who wait.
  void Finish(const std::shared_ptr<const MatchWorld>& world, size_t most);

  // The server is about to end.
  void StopReaders();

 private:
  using Subject = typename Direction::Subject;
  using Other = typename Direction::Other;
  using GroupKey = std::pair<const matcher::Ruleset*, matcher::Side>;

  // Subjects that are judged by one ruleset, for one side.
  struct Group {
    RulesetSource::Ruleset rules;
    matcher::Side side = matcher::Side::kForward;
    matcher::Score least = matcher::Score::One();  // Of all that have come in.
    absl::flat_hash_map<Subject, size_t> watches;  // How many each subject has.
    typename Direction::Index index;
    std::shared_ptr<const typename Direction::Snapshot> snapshot;
    bool changed = true;  // Since the snapshot.
  };

  struct Watch {
    std::shared_ptr<const MatchQuestion> question;
    std::vector<std::string> known;  // Until the list was worked out for the first time.
    std::shared_ptr<MatchNews> news;
    store::Region region = store::Region::FromNumber(0);  // Of the subject's name.
    Group* group = nullptr;           // Null until the list was worked out for the first time.
    Subject subject{};                // Means something with a group.
    absl::flat_hash_set<Other> list;  // The reader's, once all news is read.
    bool stale = true;
    bool untold = false;  // Is in untold_.
    bool over = false;
    uint64_t right_in = 0;  // The last judgement that found somebody right for it.
  };

  // In whose lists somebody is. The name stays known when the record is gone.
  struct Listing {
    std::string name;
    absl::InlinedVector<Watch*, 2> watches;
  };

  void MarkAllStale();
  void MarkStale(Watch& watch);
  void MarkOutruled();
  void LetGoOfSome();
  void LetGo(const std::vector<Watch*>& over);

  matcher::FitContext FitBy(const Group& group, const MatchWorld& world) const;
  // Takes out of all lists who is no more, before somebody else is judged under the same id: after
  // a fork of the store's history a lost number is given again.
  void LoseWhoIsAnother(const matcher::ChangedIds& changed, const MatchWorld& world);
  void Judge(Other other, const MatchWorld& world);
  // `watch` is right for somebody who fits its subject, if also the score is enough.
  void Hit(Watch& watch, Other other, matcher::Score score, const MatchWorld& world);

  void WorkOut(Watch& watch, const MatchWorld& world);
  // The reader's list is taken as it is; who is not in the world is removed from it at once.
  void TakeUpKnown(Watch& watch, const MatchWorld& world);
  // Puts the subject, as it is, into the index of those that are judged by the same rules.
  void Join(Watch& watch, Subject subject, const typename Direction::Profile& profile);
  void Leave(Watch& watch);
  // Makes the list that of `right`.
  void Replace(Watch& watch, const std::vector<Other>& right, const MatchWorld& world);

  void List(Watch& watch, Other other, const MatchWorld& world);
  std::string Unlist(Watch& watch, Other other);  // The name.
  void Gain(Watch& watch, Other other, const MatchWorld& world);
  void Lose(Watch& watch, Other other);
  void Tell(Watch& watch, MatchNotice notice);
  void MarkUntold(Watch& watch);
  // Stale for good, until it is let go of.
  void End(Watch& watch, const absl::Status& status);

  const WatchedBasis basis_;
  absl::CivilDay day_;
  std::vector<std::unique_ptr<Watch>> watches_;
  size_t next_looked_at_ = 0;                                 // Whether it is over.
  std::map<store::Region, RulesetSource::Ruleset> in_force_;  // Of the regions that are watched.
  std::map<GroupKey, Group> groups_;
  absl::flat_hash_map<Subject, std::vector<Watch*>> by_subject_;
  absl::flat_hash_map<Other, Listing> listings_;
  std::deque<Watch*> stale_;
  std::deque<Watch*> untold_;
  bool busy_ = false;
  uint64_t judgement_ = 0;
  matcher::Ranker ranker_;
};

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_WATCHED_MATCHES_H_
