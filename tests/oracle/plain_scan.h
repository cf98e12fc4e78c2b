// The ranker's stupid twin: judges every pair, sorts everything, counts everything.
//
//   const CandidateRanking expected = ScanCandidates(world, posting, request);
//
// Written for belief, not speed. Statistics stay empty.
#ifndef LEYE_TESTS_ORACLE_PLAIN_SCAN_H_
#define LEYE_TESTS_ORACLE_PLAIN_SCAN_H_

#include "matcher/ranker.h"
#include "tests/oracle/random_world.h"

namespace leye::matcher::oracle {

// The funnel is the exact one, whatever the request says.
CandidateRanking ScanCandidates(const World& world, const PostingProfile& posting,
                                const RankRequest& request);
PostingRanking ScanPostings(const World& world, const CandidateProfile& candidate,
                            const RecommendRequest& request);

// What the scans are made of: everybody who may take the posting, best first.
std::vector<RankedCandidate> EligibleCandidates(const World& world, const PostingProfile& posting,
                                                Side side, const Exposure* exposure = nullptr);
std::vector<RankedPosting> EligiblePostings(const World& world, const CandidateProfile& candidate,
                                            Side side);

}  // namespace leye::matcher::oracle

#endif  // LEYE_TESTS_ORACLE_PLAIN_SCAN_H_
