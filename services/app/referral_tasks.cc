#include "services/app/referral_tasks.h"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "services/app/formats.h"
#include "services/app/referral_ledger.h"
#include "services/base/status.h"

namespace leye::app {
namespace {

constexpr absl::Duration kDay = absl::Hours(24);

absl::Time LastVisit(const v1::Referral& referral) {
  absl::Time last = ToTime(referral.onboard_time());
  for (const v1::ReferralStep& step : referral.steps()) {
    if (step.event() == v1::REFERRAL_EVENT_FOLLOW_UP) last = std::max(last, ToTime(step.time()));
  }
  return last;
}

v1::ReferralTaskKind KindOf(v1::ReferralState state) {
  switch (state) {
    case v1::REFERRAL_STATE_PUSHED:
      return v1::REFERRAL_TASK_KIND_ANSWER;
    case v1::REFERRAL_STATE_ACCEPTED:
      return v1::REFERRAL_TASK_KIND_REFER;
    case v1::REFERRAL_STATE_PUBLICITY:
      return v1::REFERRAL_TASK_KIND_APPROVE;
    case v1::REFERRAL_STATE_HIRED:
      return v1::REFERRAL_TASK_KIND_ARRIVAL;
    default:
      return v1::REFERRAL_TASK_KIND_DECIDE;
  }
}

void FillFrom(const v1::Referral& referral, v1::ReferralTask& task) {
  task.set_referral(referral.name());
  task.set_state(referral.state());
  task.set_candidate(referral.candidate());
  task.set_posting(referral.posting());
  task.set_settlement_area(referral.settlement_area());
  task.set_clerk(referral.clerk());
}

}  // namespace

HouseholdWatch WatchOf(const v1::Household& household) {
  return household.monitoring() == v1::MONITORING_KIND_UNSPECIFIED ? HouseholdWatch::kUsual
                                                                   : HouseholdWatch::kMonitored;
}

absl::Status ReadWatches(store::Store& store, store::Region region,
                         std::map<std::string, HouseholdWatch>& watches) {
  std::vector<store::RecordKey> keys;
  for (const auto& [name, watch] : watches) keys.push_back({store::Kind::kHousehold, name});
  for (size_t first = 0; first < keys.size(); first += store::kMaxMutations) {
    const size_t end = std::min(keys.size(), first + store::kMaxMutations);
    const std::vector<store::RecordKey> some(keys.begin() + static_cast<std::ptrdiff_t>(first),
                                             keys.begin() + static_cast<std::ptrdiff_t>(end));
    LEYE_ASSIGN_OR_RETURN(const auto records, store.BatchGet(region, some));
    for (size_t i = 0; i < some.size(); ++i) {
      v1::Household household;
      if (records[i].has_value()) household.ParseFromString(records[i]->envelope.open());
      watches[some[i].name] = WatchOf(household);
    }
  }
  return absl::OkStatus();
}

std::optional<absl::Time> NextFollowUp(const v1::Referral& referral, HouseholdWatch watch,
                                       const matcher::ReferralParameters& rules) {
  if (StateFactsOf(referral.state()).phase != ReferralPhase::kAtWork) return std::nullopt;
  const absl::Time began = ToTime(referral.onboard_time());
  const absl::Duration done = LastVisit(referral) - began;
  std::optional<absl::Duration> next;
  for (const int days : rules.follow_up_days) {
    if (days * kDay <= done) continue;
    next = days * kDay;
    break;
  }
  if (watch == HouseholdWatch::kMonitored) {
    const absl::Duration period = rules.monitored_every_days * kDay;
    const absl::Duration monthly = absl::Floor(done, period) + period;
    next = next.has_value() ? std::min(*next, monthly) : monthly;
  }
  if (!next.has_value()) return std::nullopt;
  return began + *next;
}

std::optional<v1::ReferralTask> TaskOf(const v1::Referral& referral, HouseholdWatch watch,
                                       const matcher::ReferralParameters& rules) {
  v1::ReferralTask task;
  if (const auto visit = NextFollowUp(referral, watch, rules); visit.has_value()) {
    task.set_kind(v1::REFERRAL_TASK_KIND_FOLLOW_UP);
    *task.mutable_due_time() = ToTimestamp(*visit);
  } else if (referral.has_due_time()) {
    task.set_kind(KindOf(referral.state()));
    *task.mutable_due_time() = referral.state() == v1::REFERRAL_STATE_PUBLICITY
                                   ? referral.publicity_end_time()
                                   : referral.due_time();
  } else {
    return std::nullopt;
  }
  FillFrom(referral, task);
  return task;
}

v1::ReferralTask TaskOfLoss(const v1::Referral& left, FirstHelp help,
                            const matcher::ReferralParameters& rules) {
  v1::ReferralTask task;
  const bool given = help == FirstHelp::kGiven;
  task.set_kind(given ? v1::REFERRAL_TASK_KIND_WORK_AGAIN : v1::REFERRAL_TASK_KIND_FIRST_HELP);
  const int days = given ? rules.work_again_days : rules.first_help_days;
  *task.mutable_due_time() = ToTimestamp(ToTime(left.end_time()) + days * kDay);
  FillFrom(left, task);
  return task;
}

}  // namespace leye::app
