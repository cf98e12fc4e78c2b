// The changes of a region's records of one kind after a revision, pulled.
//
//   LEYE_ASSIGN_OR_RETURN(auto watch, postings.WatchPostings(request, context));
//   while (!context.cancelled()) {
//     LEYE_ASSIGN_OR_RETURN(auto events, watch->Next(clock.Now() + absl::Seconds(1)));
//     Write(events);
//   }
//
// No gap and no repetition: whoever resumes from the revision of an event with `last` set gets
// exactly the events that follow it. Personal parts are never included.
#ifndef LEYE_SERVICES_APP_RECORD_WATCH_H_
#define LEYE_SERVICES_APP_RECORD_WATCH_H_

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "services/app/context.h"
#include "services/base/clock.h"
#include "services/base/status.h"
#include "services/store/store.h"

namespace leye::app {

// A record as a change left it, without its personal part; absent when it was deleted.
struct ChangedRecord {
  std::string revision;
  std::string name;
  std::optional<store::Record> record;
  bool last = false;  // Of its commit.
};

// The changes of one kind, as they stand in the log. Thread-compatible.
class ChangeFeed {
 public:
  // Changes after `from` of what `caller` reaches; of a deletion everybody of the region is told.
  // `store` and `clock` outlive the feed.
  ChangeFeed(const Dependencies& dependencies, const CallContext& caller, store::Kind kind,
             store::RegionRevision from)
      : store_(dependencies.store),
        clock_(dependencies.clock),
        principal_(caller.principal),
        scope_(caller.scope),
        kind_(kind),
        position_(from) {}

  // The next changes, whole commits at a time; waits for one until `deadline`, then answers none.
  // OUT_OF_RANGE when the changes that follow are no longer kept, or history has forked.
  absl::StatusOr<std::vector<ChangedRecord>> Next(absl::Time deadline);

  // Everything up to here has been given out.
  store::RegionRevision position() const { return position_; }

 private:
  absl::StatusOr<std::vector<ChangedRecord>> ReadOn();
  absl::StatusOr<std::vector<ChangedRecord>> Reached(std::vector<ChangedRecord> changes) const;

  store::Store& store_;
  const Clock& clock_;
  const access::Principal principal_;
  const access::Scope scope_;
  const store::Kind kind_;
  store::RegionRevision position_;
};

// Where a watch begins: after `revision`, or now when that is empty. INVALID_ARGUMENT naming what
// is wrong.
absl::StatusOr<store::RegionRevision> WatchFrom(const std::string& parent,
                                                const std::string& revision, store::Store& store);

// A watch as a stream's responses. `Response` has revision, name, last, and the record's message,
// which `fill` sets. Thread-compatible.
template <typename ResponseType>
class RecordWatch {
 public:
  using Response = ResponseType;
  using Fill = absl::Status (*)(const store::Record& record, Response& response);

  RecordWatch(ChangeFeed feed, Fill fill) : feed_(std::move(feed)), fill_(fill) {}

  // As ChangeFeed::Next.
  absl::StatusOr<std::vector<Response>> Next(absl::Time deadline) {
    LEYE_ASSIGN_OR_RETURN(const std::vector<ChangedRecord> changes, feed_.Next(deadline));
    std::vector<Response> responses;
    responses.reserve(changes.size());
    for (const ChangedRecord& change : changes) {
      Response& response = responses.emplace_back();
      response.set_revision(change.revision);
      response.set_name(change.name);
      response.set_last(change.last);
      if (change.record.has_value()) LEYE_RETURN_IF_ERROR(fill_(*change.record, response));
    }
    return responses;
  }

  store::RegionRevision position() const { return feed_.position(); }

 private:
  ChangeFeed feed_;
  const Fill fill_;
};

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_RECORD_WATCH_H_
