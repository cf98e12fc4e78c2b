// A watch of matches as its reader has it: see WatchMatches in leye/v1/match.proto.
//
//   LEYE_ASSIGN_OR_RETURN(auto watch, match_watches.WatchMatches(request, context));
//   watch->WakeBy(watcher);                           // when there may be something
//   LEYE_ASSIGN_OR_RETURN(auto events, watch->Next(clock.Now()));
#ifndef LEYE_SERVICES_APP_MATCH_WATCH_H_
#define LEYE_SERVICES_APP_MATCH_WATCH_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "leye/v1/match.pb.h"
#include "services/app/catalogue.h"
#include "services/app/match_news.h"
#include "services/app/matching_query.h"
#include "services/app/watch_hub.h"

namespace leye::app {

class Showings;

// What is watched.
struct MatchQuestion {
  std::string subject;  // The full name of a posting or a person.
  bool of_posting = false;
  matcher::Score least;  // Of the side that orders.
  MatchQuery query;      // Its ruleset is not looked at: that in force is used.
  CallContext caller;    // Decides who may be told of.
};

// Thread-compatible.
class MatchWatch {
 public:
  using Response = v1::WatchMatchesResponse;

  // `catalogue` and `showings`, if it is not null, outlive the watch.
  MatchWatch(std::shared_ptr<const MatchQuestion> question, std::shared_ptr<MatchNews> news,
             const Catalogue& catalogue, Showings* showings = nullptr)
      : question_(std::move(question)),
        news_(std::move(news)),
        catalogue_(catalogue),
        showings_(showings) {}
  ~MatchWatch() { news_->Close(); }
  MatchWatch(const MatchWatch&) = delete;
  MatchWatch& operator=(const MatchWatch&) = delete;

  // Wakes `watcher` now and whenever Next may have something again, for as long as it lives.
  void WakeBy(const std::shared_ptr<Watcher>& watcher) { news_->WakeBy(watcher); }

  // What the list lacks to be right, up to some 30 changes; none when it is, or when that is not
  // known yet. Does not wait, whatever the deadline. Errors are those of the RPC that end a stream.
  absl::StatusOr<std::vector<Response>> Next(absl::Time deadline);

 private:
  const std::shared_ptr<const MatchQuestion> question_;
  const std::shared_ptr<MatchNews> news_;
  const Catalogue& catalogue_;
  Showings* const showings_;
};

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_MATCH_WATCH_H_
