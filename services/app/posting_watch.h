// The changes of a region's postings (record_watch.h), without their contacts.
#ifndef LEYE_SERVICES_APP_POSTING_WATCH_H_
#define LEYE_SERVICES_APP_POSTING_WATCH_H_

#include "leye/v1/posting.pb.h"
#include "services/app/record_watch.h"

namespace leye::app {

// Thread-compatible.
class PostingWatch final : public RecordWatch<v1::WatchPostingsResponse> {
 public:
  // Events after `from` of what `caller` reaches. What the dependencies name outlives the watch.
  PostingWatch(const Dependencies& dependencies, const CallContext& caller,
               store::RegionRevision from);
};

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_POSTING_WATCH_H_
