// The records that one decision reads and changes, and the commit's mutations that make its changes
// if nothing it has read has changed since. Records of other regions than the set's can be read
// too, but neither changed nor kept from changing: no commit spans regions (app/claims.h).
//
//   WorkingSet set(store, region, now);
//   LEYE_RETURN_IF_ERROR(set.Read({{Kind::kHolds, posting}, {Kind::kPlacement, person}}));
//   LEYE_ASSIGN_OR_RETURN(auto holds, set.Parse<storage::v1::Holds>({Kind::kHolds, posting}));
//   ...
//   set.Put({Kind::kHolds, posting}, holds);
//   attempt.mutations = set.Mutations();    // puts and deletions, and a check of all else read
//
// A record is changed any number of times and written once. Personal parts stay as they are.
#ifndef LEYE_SERVICES_APP_WORKING_SET_H_
#define LEYE_SERVICES_APP_WORKING_SET_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "google/protobuf/message.h"

#include "services/base/status.h"
#include "services/store/store.h"

namespace leye::app {

// Thread-compatible.
class WorkingSet {
 public:
  // `store` outlives the set.
  WorkingSet(store::Store& store, store::Region region, absl::Time now)
      : store_(store), region_(region), now_(now) {}

  store::Region region() const { return region_; }
  absl::Time now() const { return now_; }  // When the changes are made.

  // Reads those of `keys` that were not read before, those of a region at one revision.
  absl::Status Read(const std::vector<store::RecordKey>& keys);

  // Reads the record again, which somebody else may have changed. REQUIRES: it was not changed
  // here.
  absl::Status ReadAgain(const store::RecordKey& key);

  // The record as it was read; null when there was none. REQUIRES: read.
  const store::Record* Find(const store::RecordKey& key) const;

  // What the record says now, changes of this set included; the default when there is none.
  // REQUIRES: read.
  template <typename M>
  absl::StatusOr<M> Parse(const store::RecordKey& key) const {
    return ParseAs<M>(key, entries_.at(key).open.value_or(""));
  }

  // The same without this set's changes.
  template <typename M>
  absl::StatusOr<M> ParseStored(const store::RecordKey& key) const {
    const store::Record* record = Find(key);
    return ParseAs<M>(key, record == nullptr ? "" : record->envelope.open());
  }

  // Whether the record is there, changes of this set included. REQUIRES: read.
  bool Has(const store::RecordKey& key) const { return entries_.at(key).open.has_value(); }

  // Of the set's region. REQUIRES: read, unless the record must not be there.
  void Put(const store::RecordKey& key, const google::protobuf::Message& content);
  void Delete(const store::RecordKey& key);

  // What makes the changes; checks come last.
  std::vector<store::Mutation> Mutations() const;

 private:
  struct Entry {
    std::optional<store::Record> record;  // As read.
    std::optional<std::string> open;      // As it is to be.
  };

  template <typename M>
  static absl::StatusOr<M> ParseAs(const store::RecordKey& key, const std::string& open) {
    M message;
    if (!message.ParseFromString(open)) {
      return Error(absl::StatusCode::kDataLoss, "RECORD_CORRUPT", "a record cannot be read",
                   {{"name", key.name}});
    }
    return message;
  }

  store::Region RegionOf(const store::RecordKey& key) const;
  store::Mutation MutationOf(const store::RecordKey& key, const Entry& entry) const;

  store::Store& store_;
  const store::Region region_;
  const absl::Time now_;
  std::map<store::RecordKey, Entry> entries_;
};

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_WORKING_SET_H_
