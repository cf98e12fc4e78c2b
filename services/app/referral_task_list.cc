// Referrals::ListReferralTasks; the other use cases are in referrals.cc.
#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

#include "services/app/digest.h"
#include "services/app/formats.h"
#include "services/app/household_losses.h"
#include "services/app/list.h"
#include "services/app/names.h"
#include "services/app/page_token.h"
#include "services/app/record_service.h"
#include "services/app/referral_ledger.h"
#include "services/app/referral_tasks.h"
#include "services/app/referrals.h"
#include "services/base/status.h"

namespace leye::app {

using store::Kind;
using store::Region;

namespace {

constexpr int kDefaultPage = 50;
constexpr int kMaxPage = 1'000;
constexpr size_t kMaxClerk = 60;  // As a referral's.

// A task with its place in the list.
struct Placed {
  std::string due;  // Sorts by time.
  v1::ReferralTask task;

  friend bool operator<(const Placed& a, const Placed& b) {
    return a.due != b.due ? a.due < b.due : a.task.referral() < b.task.referral();
  }
};

std::string SortableTime(const google::protobuf::Timestamp& time) {
  return absl::StrFormat("%012d.%09d", time.seconds(), time.nanos());
}

bool IsAskedFor(const v1::ListReferralTasksRequest& request, const v1::Referral& referral) {
  return (request.clerk().empty() || request.clerk() == referral.clerk()) &&
         (request.settlement_area().empty() ||
          request.settlement_area() == referral.settlement_area());
}

// What a household's record says, of those that were asked for.
using Watches = std::map<std::string, HouseholdWatch>;

// Reads the households of those who work that are not in `watches` yet.
absl::Status AddWatches(store::Store& store, Region region,
                        const std::vector<v1::Referral>& referrals, Watches& watches) {
  Watches missing;
  for (const v1::Referral& referral : referrals) {
    const bool works = StateFactsOf(referral.state()).phase == ReferralPhase::kAtWork;
    if (works && !watches.contains(referral.household())) {
      missing.emplace(referral.household(), HouseholdWatch::kUsual);
    }
  }
  LEYE_RETURN_IF_ERROR(ReadWatches(store, region, missing));
  watches.merge(missing);
  return absl::OkStatus();
}

// What of `request` a page token goes with.
std::string DigestOf(const v1::ListReferralTasksRequest& request) {
  v1::ListReferralTasksRequest alone = request;
  alone.clear_page_size();
  alone.clear_page_token();
  return Sha256(alone.SerializeAsString());
}

void CheckTasksRequest(const v1::ListReferralTasksRequest& request, std::optional<Region> region,
                       Violations& violations) {
  if (!region.has_value()) {
    violations.Add({"parent", "INVALID_NAME", "must be regions/{region}", "须形如 regions/13"});
  }
  const std::string& area = request.settlement_area();
  const std::optional<ResourceName> name = ParseName(area, "settlementAreas");
  if (!area.empty() && !name.has_value()) {
    violations.Add(BadName("settlement_area", "settlementAreas"));
  } else if (name.has_value() && region.has_value() && name->region != *region) {
    violations.Add({"settlement_area", "WRONG_REGION", "must be of the parent's region",
                    "须属于 parent 地区"});
  }
  const std::optional<size_t> length = CountCodePoints(request.clerk());
  if (!length.has_value() || *length > kMaxClerk) {
    violations.Add({"clerk", "OUT_OF_RANGE", "must have at most 60 characters of valid UTF-8",
                    "最多 60 个字符"});
  }
  if (request.page_size() < 0) {
    violations.Add({"page_size", "OUT_OF_RANGE", "must not be negative", "不得为负"});
  }
}

// The first tasks after a cursor that are due by a time, in memory of a page.
class TaskPage {
 public:
  TaskPage(const std::optional<PageCursor>& cursor, size_t size, absl::Time now, absl::Time due_by)
      : size_(size), now_(now), due_by_(due_by) {
    if (!cursor.has_value()) return;
    after_.emplace(Placed{.due = cursor->sort_key, .task = {}});
    after_->task.set_referral(cursor->name);
  }

  void Add(v1::ReferralTask task) {
    const absl::Time due_time = ToTime(task.due_time());
    if (due_time > due_by_) return;
    task.set_overdue(due_time <= now_);
    std::string due = SortableTime(task.due_time());
    Placed placed{.due = std::move(due), .task = std::move(task)};
    if (after_.has_value() && !(*after_ < placed)) return;
    tasks_.push_back(std::move(placed));
    if (tasks_.size() >= 2 * (size_ + 1)) KeepFirst();
  }

  // The page. `digest` is what its token goes with.
  v1::ListReferralTasksResponse Take(const std::string& digest) {
    KeepFirst();
    v1::ListReferralTasksResponse response;
    if (tasks_.size() > size_) {
      tasks_.pop_back();
      response.set_next_page_token(EncodePageToken(
          digest,
          {.began = {}, .sort_key = tasks_.back().due, .name = tasks_.back().task.referral()}));
    }
    for (Placed& placed : tasks_) *response.add_tasks() = std::move(placed.task);
    return response;
  }

 private:
  // One more than the page: whether there are more.
  void KeepFirst() {
    std::sort(tasks_.begin(), tasks_.end());
    if (tasks_.size() > size_ + 1) tasks_.resize(size_ + 1);
  }

  const size_t size_;
  const absl::Time now_;
  const absl::Time due_by_;
  std::optional<Placed> after_;
  std::vector<Placed> tasks_;
};

}  // namespace

absl::StatusOr<v1::ListReferralTasksResponse> Referrals::ListReferralTasks(
    const v1::ListReferralTasksRequest& request, const CallContext& context) const {
  Violations violations;
  const std::optional<Region> region = ParseParent(request.parent());
  CheckTasksRequest(request, region, violations);
  const std::string digest = DigestOf(request);
  std::optional<PageCursor> cursor;
  if (!request.page_token().empty()) {
    cursor = DecodePageToken(digest, request.page_token());
    if (!cursor.has_value()) {
      violations.Add(BadPageToken());
    }
  }
  LEYE_RETURN_IF_ERROR(violations.ToStatus());

  access::Reach reach = ReachOf(context, dependencies_, *region);
  const int asked = request.page_size() == 0 ? kDefaultPage : request.page_size();
  TaskPage tasks(cursor, static_cast<size_t>(std::min(asked, kMaxPage)), dependencies_.clock.Now(),
                 request.has_due_by() ? ToTime(request.due_by()) : absl::InfiniteFuture());
  Watches watches;
  HouseholdLosses losses(figures_);
  store::ScanRequest scan{
      .region = *region, .kind = Kind::kReferral, .after_name = "", .limit = kRecordsPerRead};
  for (bool more = true; more;) {
    LEYE_RETURN_IF_ERROR(CheckAlive(context, dependencies_.clock));
    LEYE_ASSIGN_OR_RETURN(const store::ScanPage page, dependencies_.store.Scan(scan));
    std::vector<v1::Referral> referrals;
    for (const store::Record& record : page.records) {
      LEYE_RETURN_IF_ERROR(DecodeOpenInto(record, referrals.emplace_back()));
      LEYE_ASSIGN_OR_RETURN(const bool covered, reach.Covers(referrals.back()));
      if (covered) losses.Add(referrals.back());
      const bool open = StateFactsOf(referrals.back().state()).phase != ReferralPhase::kEnded;
      if (!covered || !open || !IsAskedFor(request, referrals.back())) referrals.pop_back();
    }
    LEYE_RETURN_IF_ERROR(AddWatches(dependencies_.store, *region, referrals, watches));
    for (const v1::Referral& referral : referrals) {
      std::optional<v1::ReferralTask> task =
          TaskOf(referral, watches[referral.household()], steps_.RulesOf(referral)->referral);
      if (task.has_value()) tasks.Add(*std::move(task));
    }
    more = page.more && !page.records.empty();
    if (more) scan.after_name = page.records.back().name;
  }
  for (const HouseholdLosses::Loss& loss : losses.All()) {
    if (!IsAskedFor(request, loss.left)) continue;
    tasks.Add(TaskOfLoss(loss.left, loss.help, steps_.RulesOf(loss.left)->referral));
  }
  return tasks.Take(digest);
}

}  // namespace leye::app
