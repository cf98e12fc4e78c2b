#include <memory>

#include "leye/v1/match.grpc.pb.h"
#include "services/app/match_watch.h"
#include "services/rpc/handlers.h"
#include "services/rpc/use_case_handlers.h"

namespace leye::rpc {
namespace {

// Ranking reads memory and takes well under a millisecond; what may wait or count everybody goes to
// the pool.
Runs RunsOf(const v1::MatchOptions& options) {
  const bool long_or_waiting =
      options.min_revisions_size() > 0 || options.funnel() == v1::FUNNEL_MODE_EXACT;
  return long_or_waiting ? Runs::kOnPool : Runs::kInline;
}

class MatchHandlers final : public UseCaseHandlers<v1::MatchService, app::Matching> {
 public:
  MatchHandlers(const WatchSurroundings& around, const app::Matching& matching)
      : UseCaseHandlers(around.calls, matching), around_(around) {}

  Reactor* RankCandidates(Context* context, const v1::RankCandidatesRequest* request,
                          v1::RankCandidatesResponse* response) override {
    return Unary(context, request, response, &app::Matching::RankCandidates,
                 RunsOf(request->options()));
  }

  Reactor* RecommendPostings(Context* context, const v1::RecommendPostingsRequest* request,
                             v1::RecommendPostingsResponse* response) override {
    return Unary(context, request, response, &app::Matching::RecommendPostings,
                 RunsOf(request->options()));
  }

  Reactor* ExplainMatch(Context* context, const v1::ExplainMatchRequest* request,
                        v1::ExplainMatchResponse* response) override {
    return Unary(context, request, response, &app::Matching::ExplainMatch,
                 RunsOf(request->options()));
  }

  Reactor* ScorePairs(Context* context, const v1::ScorePairsRequest* request,
                      v1::ScorePairsResponse* response) override {
    return Unary(context, request, response, &app::Matching::ScorePairs,
                 RunsOf(request->options()));
  }

  grpc::ServerWriteReactor<v1::WatchMatchesResponse>* WatchMatches(
      Context* context, const v1::WatchMatchesRequest* request) override {
    return Watched(around_, *context, *request, &app::Matching::WatchMatches);
  }

 private:
  const WatchSurroundings around_;
};

}  // namespace

std::unique_ptr<grpc::Service> NewMatchHandlers(const Calls& calls, const app::Matching& matching,
                                                app::WatchHub& hub, const Clock& clock) {
  return std::make_unique<MatchHandlers>(WatchSurroundings{calls, hub, clock}, matching);
}

}  // namespace leye::rpc
