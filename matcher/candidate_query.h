// A posting, compiled for the search of people: filters that drop only whom a hard rule turns away,
// and bounds that no score exceeds.
//
//   const CandidateQuery query(posting, side, basis);
//   if (query.MayHold(node.summary, nearest, Scope::kEverybody)) ... query.Bound(node.summary,
//   place, skills); query.Select(block, scope, nearest, rows);         // conservative
//   query.skills().KeepSkilled(block.skills(), rows);
//   CandidateOrder bound = bounds.Of(row);                     // SkillCredits and RowBounds
//
// "Conservative" everywhere: every rule is read from the ruleset, and a rule that is switched off,
// or that a filter does not understand in full, lets rows pass. ScorePair has the last word. The
// argument, rule by rule, is in ENGINE.md. Immutable; keeps references to what it was made from.
#ifndef LEYE_MATCHER_CANDIDATE_QUERY_H_
#define LEYE_MATCHER_CANDIDATE_QUERY_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "matcher/candidate_tables.h"
#include "matcher/fit.h"
#include "matcher/geo.h"
#include "matcher/row_mask.h"
#include "matcher/skill_query.h"

namespace leye::matcher {

// What nobody of a set comes closer than.
struct Nearest {
  double chord = 0;                // squared
  double minutes = kNeverMinutes;  // of those whose way is known; never: of nobody
};

// Which people of a block a visit is about: those who would go anywhere are met in the far
// arrangement where the work is far away.
enum class Scope : uint8_t { kEverybody, kNearOnly };

class CandidateQuery {
 public:
  // REQUIRES: a valid ruleset; the arguments outlive the query.
  CandidateQuery(const PostingProfile& posting, Side side, const FitContext& basis);

  const PostingProfile& posting() const { return posting_; }
  const FitContext& basis() const { return basis_; }
  const UnitVector& at() const { return at_; }
  Side side() const { return side_; }
  const SkillQuery& skills() const { return skills_; }

  // The posting takes nobody at all, whoever it is.
  bool TakesNobody() const { return takes_nobody_; }

  // From this squared chord on, people who go anywhere are left to the far arrangement; infinite if
  // the place does not matter. `far_from` is the distance that belongs to it.
  double far_chord() const { return far_chord_; }
  Kilometres far_from() const { return far_from_; }

  // The squared chord to an area; 0 for work at home.
  double ChordTo(const UnitVector& area) const {
    return posting_.home_based ? 0 : SquaredChord(area, at_);
  }
  // The way from an area at this squared chord, as TravelBetween has it.
  Travel TravelFrom(AreaIndex area, double squared_chord) const;
  // The same said of the area's people, and of everybody at this distance or farther.
  static Nearest NearestOf(const Travel& travel, double squared_chord);
  Nearest NearestBeyond(Kilometres distance, double squared_chord) const;

  // False if no person under the summary, none of whom is closer, can be eligible.
  bool MayHold(const CandidateSummary& summary, const Nearest& nearest, Scope scope) const;

  // False if nobody of the cell is near enough to be met by place.
  bool MayReach(const FloatCircle& seed) const {
    const double limit = reach_ + seed.radius_chord;
    return SquaredChord(seed.Centre(), at_) <= limit * limit;
  }

  // The same by distance alone, which is quicker; false if ways may be known in minutes.
  bool TooFar(const CandidateSummary& summary, double squared_chord, Scope scope) const {
    return basis_.travel_times == nullptr && !MayHold(summary, {.chord = squared_chord}, scope);
  }

  // The best place in the order that any person under the summary can have.
  // `place`: PlaceBounds; nobody has a better skills value than `skills`.
  CandidateOrder Bound(const CandidateSummary& summary, const Criteria& place, Score skills) const;

  // Keeps the rows that no rule which is looked at here turns away, skills apart. No row is closer.
  void Select(const CandidateBlock& block, Scope scope, const Nearest& nearest,
              RowMask& mask) const;

  // Criteria that are the same for all people of an area, as bounds: proximity without moving
  // there, and channel.
  Criteria PlaceBounds(const Travel& travel) const;
  // The same for all people at this distance or farther.
  Criteria PlaceBoundsBeyond(Kilometres nearest) const;

 private:
  friend class RowBounds;

  CandidateOrder OrderWith(const Criteria& bounds, Day waiting_since, CandidateId id) const;
  Score WishBound(const CandidateSummary& summary) const;
  Score WaitingBound(std::optional<Day> since) const;
  // The criterion has weight on the side that orders. One that has none need not be bounded.
  bool Matters(Criterion criterion) const { return matters_[static_cast<size_t>(criterion)]; }
  void FindWhatMatters();
  void CompileAges();
  void CompileReach();

  void SelectAges(const CandidateBlock& block, RowMask& mask) const;
  void SelectGroups(const CandidateBlock& block, RowMask& mask) const;
  void SelectReach(const CandidateBlock& block, const Nearest& nearest, RowMask& mask) const;
  Criteria PlaceBounds(Score proximity, Kilometres nearest) const;

  bool Enabled(RuleId rule) const { return basis_.ruleset.enabled.Contains(rule); }

  const PostingProfile& posting_;
  const FitContext& basis_;
  const Side side_;
  UnitVector at_;
  TravelTable::ToWork ways_;
  SkillQuery skills_;
  bool takes_nobody_ = false;
  double far_chord_ = 0;
  Kilometres far_from_;
  // Births outside are too young or too old; ordinals.
  uint32_t first_birth_ = 0;
  uint32_t last_birth_ = ~uint32_t{0};
  // REACH, where it is on: beyond these squared chords nobody, or nobody of the code, goes each
  // day.
  double radius_chord_ = 0;
  std::array<double, kReachCodes> reach_chords_{};
  double reach_ = 0;  // nobody is met by place beyond this chord, which is not squared
  std::optional<int32_t> pay_;
  std::array<bool, kEnumCount<Criterion>> matters_{};
};

// The best places that the rows of a block can have.
//
//   const RowBounds bounds(query, block, place);        // place: CandidateQuery::PlaceBounds
//   bounds.Of(row, skills)
//
// Looks up each column once for the block, and only those that matter. The arguments outlive it.
class RowBounds {
 public:
  RowBounds(const CandidateQuery& query, const CandidateBlock& block, const Criteria& place);

  // `skills` bounds the row's skills.
  CandidateOrder Of(size_t row, Score skills) const;

 private:
  Score WishOf(size_t row) const;

  const CandidateQuery& query_;
  const CandidateBlock& block_;
  const Criteria& place_;
  ColumnView id_;
  ColumnView flags_;
  ColumnView groups_;
  ColumnView wished_pay_;
  ColumnView work_forms_;
  std::array<ColumnView, kMaxWishedTrades> wished_trades_;
  ColumnView unemployed_since_;
};

}  // namespace leye::matcher

#endif  // LEYE_MATCHER_CANDIDATE_QUERY_H_
