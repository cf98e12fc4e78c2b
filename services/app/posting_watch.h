// The changes of a region's postings after a revision, pulled.
//
//   LEYE_ASSIGN_OR_RETURN(auto watch, postings.WatchPostings(request, context));
//   while (!context.cancelled()) {
//     LEYE_ASSIGN_OR_RETURN(auto events, watch->Next(clock.Now() + absl::Seconds(1)));
//     Write(events);
//   }
//
// No gap and no repetition: whoever resumes from the revision of an event with `last` set gets
// exactly the events that follow it. Personal parts are never included.
#ifndef LEYE_SERVICES_APP_POSTING_WATCH_H_
#define LEYE_SERVICES_APP_POSTING_WATCH_H_

#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "leye/v1/posting.pb.h"
#include "services/base/clock.h"
#include "services/store/store.h"

namespace leye::app {

// Thread-compatible.
class PostingWatch {
 public:
  // Events after `from`. `store` and `clock` outlive the watch.
  PostingWatch(store::Store& store, const Clock& clock, store::RegionRevision from);

  // The next events, whole commits at a time; waits for one until `deadline`, then answers none.
  // OUT_OF_RANGE when the changes that follow are no longer kept, or history has forked: list
  // again, then watch from the listing's revision.
  absl::StatusOr<std::vector<v1::WatchPostingsResponse>> Next(absl::Time deadline);

  // Everything up to here has been given out.
  store::RegionRevision position() const { return position_; }

 private:
  absl::StatusOr<std::vector<v1::WatchPostingsResponse>> ReadOn();

  store::Store& store_;
  const Clock& clock_;
  store::RegionRevision position_;
};

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_POSTING_WATCH_H_
