#include "services/live/log_upkeep.h"

#include "services/base/status.h"

namespace leye::live {

absl::Status LogUpkeep::BeforeLoad(store::Region region) {
  LEYE_ASSIGN_OR_RETURN(const store::Revision head, store_.Head(region));
  return Hold(region, head.sequence + 1);
}

void LogUpkeep::Keep(store::Region region, store::Revision at) {
  absl::Time& next = next_.emplace(region, absl::InfinitePast()).first->second;
  if (clock_.Now() < next) return;
  next = clock_.Now() + options_.interval;
  absl::Status done = Hold(region, at.sequence + 1);
  // Even if the hold was refused: a full store takes none, and trimming is what makes room.
  if (at.sequence > options_.spare_entries) {
    done.Update(store_.TrimLog(region, at.sequence + 1 - options_.spare_entries));
  }
  if (!done.ok()) Log(region, done);
}

void LogUpkeep::Renew() {
  for (const auto& [region, held] : held_) {
    if (clock_.Now() < held.renew) continue;
    if (const absl::Status done = Hold(region, held.from); !done.ok()) Log(region, done);
  }
}

void LogUpkeep::Log(store::Region region, const absl::Status& error) const {
  logger_.Warning("the log is not kept up",
                  {{"region", region.code()}, {"error", error.ToString()}});
}

absl::Status LogUpkeep::Hold(store::Region region, uint64_t from) {
  held_[region] = {.from = from, .renew = clock_.Now() + options_.interval};
  return store_.HoldLog(
      {.region = region, .holder = options_.holder, .from = from, .lease = options_.lease});
}

}  // namespace leye::live
