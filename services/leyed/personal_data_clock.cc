#include "services/leyed/personal_data_clock.h"

#include <string>
#include <vector>

#include "services/app/clock_context.h"
#include "services/base/status.h"

namespace leye {

PersonalDataClock::PersonalDataClock(const PersonalDataClockOptions& options, const Parts& parts)
    : parts_(parts), thread_(options.interval, [this] { Round(); }) {}

void PersonalDataClock::Round() {
  const absl::StatusOr<store::Heads> regions = parts_.store.ListRegions();
  absl::Status first_error = regions.status();
  if (regions.ok()) {
    const absl::CivilDay today = Today(parts_.clock);
    for (const auto& [region, head] : *regions) {
      first_error.Update(Visit(region, head, today));  // A region keeps no other.
    }
  }
  if (first_error.ok()) return;
  parts_.log.Warning("consent and retention wait", {{"error", first_error.ToString()}});
}

absl::Status PersonalDataClock::Visit(store::Region region, const store::Revision& head,
                                      absl::CivilDay today) {
  Seen& seen = seen_[region];
  if (seen.head != head || seen.cancelled != today) {
    LEYE_ASSIGN_OR_RETURN(const int cancelled, parts_.referrals.CancelAllUnconsented(region));
    seen.head = head;
    seen.cancelled = today;
    if (cancelled > 0) {
      parts_.log.Info("referrals without consent are cancelled",
                      {{"region", region.code()}, {"count", cancelled}});
    }
  }
  if (seen.erased == today) return absl::OkStatus();
  LEYE_RETURN_IF_ERROR(Erase(region));
  seen.erased = today;
  return absl::OkStatus();
}

absl::Status PersonalDataClock::Erase(store::Region region) {
  LEYE_ASSIGN_OR_RETURN(const std::vector<std::string> erased,
                        parts_.retention.EraseExpired(region));
  if (erased.empty()) return absl::OkStatus();
  parts_.log.Info("records past their retention are erased",
                  {{"region", region.code()}, {"count", erased.size()}});
  if (parts_.audit == nullptr) return absl::OkStatus();
  return parts_.audit->Append({.time = parts_.clock.Now(),
                               .principal = app::kClockActor,
                               .method = "retention",
                               .outcome = "OK",
                               .records = erased});
}

}  // namespace leye
