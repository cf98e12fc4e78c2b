#include "services/leyed/scan_clock.h"

#include "services/base/status.h"

namespace leye {

ScanClock::ScanClock(absl::Duration interval, store::Store& store, const Logger& logger)
    : store_(store), logger_(logger), thread_(interval, [this] { Round(); }) {}

void ScanClock::Round() {
  const absl::Status done = PrepareAll();
  if (done.ok()) return;
  logger_.Warning("the next start is not prepared", {{"error", done.ToString()}});
}

absl::Status ScanClock::PrepareAll() {
  LEYE_ASSIGN_OR_RETURN(const store::Heads regions, store_.ListRegions());
  absl::Status first_error;
  for (const auto& [region, head] : regions) {
    first_error.Update(store_.PrepareScan(region, [this] { return !stopping_; }));
  }
  return first_error;
}

}  // namespace leye
