// A person, compiled for the search of postings: filters that drop only postings that a hard rule
// closes to this person, and bounds that no score exceeds. As candidate_query.h, seen from the
// other side. Thread-compatible; keeps references to what it was made from.
#ifndef LEYE_MATCHER_POSTING_QUERY_H_
#define LEYE_MATCHER_POSTING_QUERY_H_

#include <cstdint>
#include <optional>

#include "matcher/fit.h"
#include "matcher/offered_skills.h"
#include "matcher/posting_tables.h"
#include "matcher/ranker.h"
#include "matcher/row_mask.h"

namespace leye::matcher {

// Bounds of the criteria for a set of postings, but for skills.
struct PostingFrame {
  Criteria bounds;
  EnumSet<Channel> channels;
  PostingId least_id;
  Kilometres nearest;
  bool at_home = false;
  bool any_lodging = false;
};

class PostingQuery {
 public:
  // REQUIRES: a valid ruleset; the arguments outlive the query; `skills` serves nobody else.
  PostingQuery(const Person& person, Side side, const FitContext& basis, OfferedSkills& skills);

  const Person& person() const { return person_; }
  const FitContext& basis() const { return basis_; }
  Side side() const { return side_; }

  // The person can take no posting at all.
  bool TakesNothing() const { return takes_nothing_; }

  double ChordTo(const UnitVector& place) const { return SquaredChord(at_, place); }
  // The way to a workplace, as TravelBetween has it.
  Travel TravelTo(const UnitVector& work) const {
    return TravelOver(DistanceOf(ChordTo(work)), ways_.To(work));
  }
  // No way from the person's area can be known: what bounds say of distance is exact.
  bool KnowsNoWays() const { return ways_.empty(); }
  // A squared chord that nothing in the circle, or the row, is nearer than.
  double LeastChordTo(const Circle& circle) const;
  double LeastChordTo(const PostingBlock& block, size_t row) const {
    return block.LeastChord(row, at_);
  }
  // Whether the person may go so far, a squared chord or more.
  bool MayGo(double squared_chord) const { return squared_chord <= reach_chord_; }
  // Whether the posting may take somebody who is no nearer than this.
  bool MayTake(const PostingBlock& block, size_t row, Kilometres nearest) const {
    if (!limits_reach_) return true;
    const auto radius = PostedRadius(block.Get(PostingColumn::kRadius, row));
    return !radius.has_value() || nearest <= *radius;
  }

  // Whether the rules on age and education admit the person, as the columns and summaries have it.
  bool MayAdmit(uint32_t least_age, uint32_t most_age, uint32_t least_education) const;
  // False if no posting of the cell can be eligible; a first look.
  bool MayHold(const PostingCellSeed& seed) const;
  // False if no posting under the summary, at this squared chord or farther, can be eligible.
  bool MayHold(const PostingSummary& summary, double squared_chord) const;

  // The most that the skills criterion can be under the summary; nullopt: nobody's required skills
  // can be met.
  std::optional<Score> BestSkills(const AskSummary& asks) const;
  // Whether the required skills of rows with this key can be met; whether the key earns anything.
  bool MayMeet(const AskKey& key) { return !requires_skills_ || skills_.Meets(key.skill); }
  bool MayEarn(const AskKey& key) { return skills_.Earns(key.skill); }
  // The skills criterion of a row, and whether required skills leave it open to the person.
  OfferedSkills::Verdict SkillsOf(const PostingBlock& block, size_t row) {
    OfferedSkills::Verdict verdict = skills_.Weigh(block.AsksOf(row));
    verdict.meets = verdict.meets || !requires_skills_;
    return verdict;
  }

  // Bounds of a set of postings, no nearer than this. `at_home`: they are work at home.
  PostingFrame FrameOf(const PostingSummary& summary, Kilometres nearest, bool at_home) const;
  // The same for those of them that are no nearer than this.
  PostingFrame FrameAt(const PostingFrame& frame, Kilometres nearest) const;
  // The same for one row of them, at that distance or farther.
  PostingFrame FrameOf(const PostingFrame& frame, const PostingBlock& block, size_t row) const;
  // The same once the row's way is known.
  PostingFrame FrameOf(const PostingFrame& own, const Travel& travel) const;
  // The best place in the order that any of them can have with no more of the skills criterion.
  PostingOrder Bound(const PostingFrame& frame, Score skills) const;

  // The rows that no rule which is looked at here closes to the person.
  RowMask Select(const PostingBlock& block) const;

 private:
  bool Enabled(RuleId rule) const { return basis_.ruleset.enabled.Contains(rule); }
  Score WishBound() const;
  Score Proximity(Kilometres nearest, bool at_home, bool lodging) const;
  Score ChannelBound(Channel channel, const PostingFrame& frame) const;
  Score ScoreOf(Channel channel, const Criteria& bounds) const;

  const Person& person_;
  const FitContext& basis_;
  const Side side_;
  OfferedSkills& skills_;
  UnitVector at_;
  TravelTable::FromArea ways_;
  bool takes_nothing_ = false;
  bool limits_reach_ = false;  // the rules REACH and SKILL-REQ are on
  bool requires_skills_ = false;
  double reach_chord_ = 0;  // squared; beyond, nothing is within reach
  double reach_ = 0;        // its root
  uint32_t age_ = 0;        // as in the columns
  uint32_t education_ = 0;
  bool wage_matters_ = true;     // to any score
  bool channel_matters_ = true;  // likewise, by weights or as a criterion
  Criteria person_bounds_;       // what does not depend on the posting
};

}  // namespace leye::matcher

#endif  // LEYE_MATCHER_POSTING_QUERY_H_
