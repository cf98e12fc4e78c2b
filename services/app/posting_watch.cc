#include "services/app/posting_watch.h"

#include "services/app/record_codec.h"

namespace leye::app {
namespace {

absl::Status FillPosting(const store::Record& record, v1::WatchPostingsResponse& response) {
  v1::Posting& posting = *response.mutable_posting();
  LEYE_RETURN_IF_ERROR(DecodeOpenInto(record, posting));
  posting.clear_contact();  // Its texts are sealed; an empty one would say that there is none.
  return absl::OkStatus();
}

}  // namespace

PostingWatch::PostingWatch(const Dependencies& dependencies, const CallContext& caller,
                           store::RegionRevision from)
    : RecordWatch(ChangeFeed(dependencies, caller, store::Kind::kPosting, from), FillPosting) {}

}  // namespace leye::app
