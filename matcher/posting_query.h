// A person, compiled for the search of postings: filters that drop only postings that a hard rule
// closes to this person, and bounds that no score exceeds. As candidate_query.h, seen from the
// other side. Immutable; keeps references to what it was made from.
#ifndef LEYE_MATCHER_POSTING_QUERY_H_
#define LEYE_MATCHER_POSTING_QUERY_H_

#include <cstdint>

#include "matcher/fit.h"
#include "matcher/posting_tables.h"
#include "matcher/ranker.h"
#include "matcher/row_mask.h"

namespace leye::matcher {

class PostingQuery {
 public:
  // REQUIRES: a valid ruleset; the arguments outlive the query.
  PostingQuery(const Person& person, Side side, const FitContext& basis);

  const Person& person() const { return person_; }
  const FitContext& basis() const { return basis_; }
  Side side() const { return side_; }

  // The person can take no posting at all.
  bool TakesNothing() const { return takes_nothing_; }

  double ChordTo(const UnitVector& place) const { return SquaredChord(at_, place); }
  // A squared chord that nothing in the circle is nearer than.
  double LeastChordTo(const Circle& circle) const;

  // False if no posting under the summary, at this squared chord or farther, can be eligible.
  bool MayHold(const PostingSummary& summary, double squared_chord) const;

  // The best place in the order that any posting under the summary, no nearer than this, can have.
  // `at_home`: the summary is of work at home.
  PostingOrder Bound(const PostingSummary& summary, Kilometres nearest, bool at_home) const;

  // The rows that no rule which is looked at here closes to the person.
  RowMask Select(const PostingBlock& block) const;
  // Whether the person holds what alone meets the posting's first required group, at some level.
  bool MayHaveSkills(const PostingBlock& block, size_t row) const;
  PostingOrder RowBound(const PostingBlock& block, size_t row, Kilometres distance) const;

 private:
  bool Enabled(RuleId rule) const { return basis_.ruleset.enabled.Contains(rule); }
  Score BestOf(EnumSet<Channel> channels, const Criteria& bounds) const;

  const Person& person_;
  const FitContext& basis_;
  const Side side_;
  UnitVector at_;
  bool takes_nothing_ = false;
  double reach_chord_ = 0;  // beyond, nothing is within reach
  int age_years_ = 0;
  Score priority_;
  Score waiting_;
};

}  // namespace leye::matcher

#endif  // LEYE_MATCHER_POSTING_QUERY_H_
