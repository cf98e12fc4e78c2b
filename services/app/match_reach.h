// Which people and postings of a world the caller of a match reaches: access/reach.h, asked of what
// matching knows instead of the store.
//
//   const MatchReach reach(context, *world);
//   if (!reach.Covers(posting)) return NotFound({name});
#ifndef LEYE_SERVICES_APP_MATCH_REACH_H_
#define LEYE_SERVICES_APP_MATCH_REACH_H_

#include "services/app/context.h"
#include "services/app/matching_world.h"

namespace leye::app {

// Thread-compatible. Views both.
class MatchReach {
 public:
  MatchReach(const CallContext& caller, const MatchWorld& world) : caller_(caller), world_(world) {}

  // Nothing is out of reach, in any region.
  bool whole() const;

  bool Covers(const matcher::CandidateProfile& person) const;
  bool Covers(const matcher::PostingProfile& posting) const;

  // Whether the person may be in the answer about a posting that the caller reaches: to an employer
  // anybody who agreed to that, as little as it is shown of them.
  bool MayList(matcher::CandidateId person) const;

 private:
  const CallContext& caller_;
  const MatchWorld& world_;
};

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_MATCH_REACH_H_
