// The rulesets that are in force, by region and day, in memory: so that matching never asks a
// store.
//
//   RulesetBook book(store);
//   LEYE_RETURN_IF_ERROR(book.Refresh());       // at the start, and every second or so
//   book.InForce(region, day)->version;
//
// What a region has activated are records of the region: the schedule, one record, and the rulesets
// that it names. Until a region has activated one, `rulesets/hebei-2026` is in force.
#ifndef LEYE_SERVICES_APP_RULESET_BOOK_H_
#define LEYE_SERVICES_APP_RULESET_BOOK_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "leye/v1/ruleset.pb.h"
#include "services/app/ruleset_source.h"
#include "services/base/mutex.h"
#include "services/store/store.h"

namespace leye::app {

inline constexpr char kDefaultRulesetName[] = "rulesets/hebei-2026";

// The record that says what a region has activated.
store::RecordKey RulesetScheduleKey(store::Region region);

// The ruleset in force on a day; kDefaultRulesetName before the first activation.
std::string InForceOn(const v1::RulesetSchedule& schedule, absl::string_view date);

// Thread-safe.
class RulesetBook final : public RulesetSource {
 public:
  // `store` outlives the book.
  explicit RulesetBook(store::Store& store);

  // Reads what the regions have activated. A region that cannot be read keeps what it had; the
  // error is the first one's.
  absl::Status Refresh() ABSL_LOCKS_EXCLUDED(refreshing_, mutex_);

  Ruleset InForce(store::Region region, absl::CivilDay day) const override
      ABSL_LOCKS_EXCLUDED(mutex_);

  // By name, from the store unless leyed brings it along. NOT_FOUND when there is none.
  absl::StatusOr<Ruleset> Find(const std::string& name) const;

 private:
  struct RegionRules {
    uint64_t version = 0;                    // Of the schedule's record.
    std::map<absl::CivilDay, Ruleset> from;  // By the first day.
  };
  using Regions = std::map<store::Region, std::shared_ptr<const RegionRules>>;

  absl::StatusOr<std::shared_ptr<const RegionRules>> Read(
      store::Region region, const std::shared_ptr<const RegionRules>& known) const;
  std::shared_ptr<const Regions> Current() const ABSL_LOCKS_EXCLUDED(mutex_);

  store::Store& store_;
  const Ruleset default_;
  Mutex refreshing_;  // Held through a whole Refresh: what is read later is kept.
  mutable Mutex mutex_;
  std::shared_ptr<const Regions> regions_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_RULESET_BOOK_H_
