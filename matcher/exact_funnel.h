// The funnel by counting: every rule for every pair. Linear in the population, about a microsecond
// a pair. And what makes an honest funnel of the counts that a search made by the way.
#ifndef LEYE_MATCHER_EXACT_FUNNEL_H_
#define LEYE_MATCHER_EXACT_FUNNEL_H_

#include <cstdint>

#include "matcher/ranker.h"

namespace leye::matcher {

Funnel ExactFunnel(const CandidateSnapshot& people, const PostingProfile& posting,
                   const FitContext& basis);
Funnel ExactFunnel(const PostingSnapshot& postings, const Person& person, const FitContext& basis);

// The same of whole blocks until `most_pairs` are counted: what an empty answer of a search that
// skips who cannot enter does not know. Lower bounds, unless that were all.
Funnel PartialFunnel(const CandidateSnapshot& people, const PostingProfile& posting,
                     const FitContext& basis, int64_t most_pairs);
Funnel PartialFunnel(const PostingSnapshot& postings, const Person& person, const FitContext& basis,
                     int64_t most_pairs);

// Counts one judged pair.
void CountPair(const PairScore& score, Funnel& funnel);

// Says which counts of a search are exact: `eligible` as the search knows, the rules' counts only
// where the search looked at everybody, or where OPEN turns everybody away.
void FinishBoundedFunnel(int64_t considered, bool takes_nobody, Funnel& funnel);

}  // namespace leye::matcher

#endif  // LEYE_MATCHER_EXACT_FUNNEL_H_
