// Match answers as people read them: tables with score bars, distances and the reasons in words.

#ifndef LEYE_SERVICES_LEYECTL_MATCH_TEXT_H_
#define LEYE_SERVICES_LEYECTL_MATCH_TEXT_H_

#include <string>

#include "leye/v1/match.pb.h"
#include "services/leyectl/session.h"

namespace leye::ctl {

std::string MatchText(const v1::RankCandidatesResponse& response, const Settings& settings);
std::string MatchText(const v1::RecommendPostingsResponse& response, const Settings& settings);
std::string MatchText(const v1::ExplainMatchResponse& response, const Settings& settings);
std::string MatchText(const v1::ScorePairsResponse& response, const Settings& settings);

// `1.3 km`, `45 min`; a dash for work at home.
std::string DistanceText(const v1::Travel& travel);

// `2600–3500`; empty when the posting does not say.
std::string PayText(const v1::PostingSummary& posting);

}  // namespace leye::ctl

#endif  // LEYE_SERVICES_LEYECTL_MATCH_TEXT_H_
