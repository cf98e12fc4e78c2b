// Which master keys the records of a store need, and sealing them all anew under the newest.
//
//   LEYE_ASSIGN_OR_RETURN(SealCensus census, CensusOf(store, follower.status().seals));
//   LEYE_RETURN_IF_ERROR(CheckSeals(census, sealer));
//   LEYE_ASSIGN_OR_RETURN(census, ResealAll({.store = store, .sealer = *sealer, .log = log}));
//   census.by_key;      // {"k2026-12": 31415}: no other key is needed any more
//
// Only the wrapped data keys change; contents stay as they were sealed, and versions, etags and the
// log stay too (Store::Reseal). So it may run while others read and write, be stopped and begin
// anew: what it has done it finds done.
#ifndef LEYE_SERVICES_LEYED_RESEALER_H_
#define LEYE_SERVICES_LEYED_RESEALER_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"

#include "services/access/keyed_sealer.h"
#include "services/base/interval_thread.h"
#include "services/base/logging.h"
#include "services/base/mutex.h"
#include "services/live/region_load.h"
#include "services/store/store.h"

namespace leye {

struct SealCensus {
  std::map<std::string, int64_t> by_key;          // Records with a personal part; "": not sealed.
  std::map<std::string, store::Record> examples;  // One of each key, without its open part.
  int64_t resealed = 0;
  int64_t skipped = 0;  // Written by others meanwhile, under the key of whoever did.
  int64_t failed = 0;   // Not renewed: the key is missing, or the seal is broken.
};

// Reads everything once. The errors of the store.
absl::StatusOr<SealCensus> CountSeals(store::Store& store);

// The same from what a follower has read, but for one record of each key. Where that one is sealed
// otherwise by now, everything is read after all.
absl::StatusOr<SealCensus> CensusOf(store::Store& store,
                                    const std::map<store::Region, live::SealsByKey>& seals);

// OK when `sealer` (null: none) has every key that records need, with the right bytes, tried on one
// record each. FAILED_PRECONDITION (SEAL_KEY_MISSING) naming all that are missing;
// DATA_LOSS (SEAL_BROKEN).
absl::Status CheckSeals(const SealCensus& census, const access::KeyedSealer* sealer);

struct ResealRequest {
  store::Store& store;
  const access::KeyedSealer& sealer;
  const Logger& log;
  int page_size = 500;
  // Called after each page; false ends it: ABORTED (RESEAL_STOPPED).
  std::function<bool()> go_on = [] { return true; };
};

// Reads everything and seals anew what is not under the active master key. The census is of what it
// left. Records that cannot be renewed are counted, told to the log (the first hundred) and left.
absl::StatusOr<SealCensus> ResealAll(const ResealRequest& request);

// Seals everything anew in the background: at the start unless `census` shows that there is nothing
// to do, whenever the master keys change, and again a minute later until it has found nothing to do
// (an hour later where records could not be renewed). Thread-safe; all that is given outlives it.
class Resealer {
 public:
  Resealer(store::Store& store, const access::KeyedSealer& sealer, const Logger& log,
           SealCensus census);
  ~Resealer();

  // Of the last whole reading.
  SealCensus census() const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  void Round() ABSL_LOCKS_EXCLUDED(mutex_);
  std::optional<absl::Duration> RunPass(const std::string& active) ABSL_LOCKS_EXCLUDED(mutex_);
  bool Rest();

  store::Store& store_;
  const access::KeyedSealer& sealer_;
  const Logger& log_;
  std::atomic<bool> stopping_ = false;
  // Used by the thread only.
  std::string keys_seen_;  // Their ids.
  SteadyTime next_pass_ = SteadyTime::min();
  SteadyTime page_began_;
  mutable Mutex mutex_;
  SealCensus census_ ABSL_GUARDED_BY(mutex_);
  IntervalThread thread_;  // Ends first.
};

}  // namespace leye

#endif  // LEYE_SERVICES_LEYED_RESEALER_H_
