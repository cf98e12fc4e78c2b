#include "services/store/redis_watcher.h"

#include <chrono>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"

#include "services/base/status.h"
#include "services/store/redis_reads.h"

namespace leye::store::redis {
namespace {

constexpr int kRegions = 100;

// Every region there can be: no list of those that are would be right on every server of a cluster.
std::vector<Region> AllRegions() {
  std::vector<Region> all;
  for (int i = 0; i < kRegions; ++i) all.push_back(Region::FromNumber(i));
  return all;
}

// A message of the channel: {"message", channel, "<region> <epoch> <sequence>"}. Anything else is
// no head.
Heads HeadsOf(ReplyView message) {
  Heads heads;
  if (message[0].text() != "message") return heads;
  const std::vector<absl::string_view> words = absl::StrSplit(message[2].text(), ' ');
  Revision head;
  if (words.size() != 3 || !absl::SimpleAtoi(words[1], &head.epoch) ||
      !absl::SimpleAtoi(words[2], &head.sequence)) {
    return heads;
  }
  const absl::StatusOr<Region> region = Region::Parse(words[0]);
  if (region.ok()) heads.emplace(*region, head);
  return heads;
}

}  // namespace

absl::StatusOr<Heads> ReadAllHeads(Client& client, const StoreEnvironment& environment) {
  Heads heads;
  const std::vector<Region> regions = AllRegions();
  const auto read = ReadHeads(client, environment, regions);
  for (size_t i = 0; i < read.size(); ++i) {
    if (!read[i].ok()) return read[i].status();
    if (*read[i] != Revision()) heads.emplace(regions[i], *read[i]);
  }
  return heads;
}

void HeadWatcher::Start() {
  Refresh();
  thread_ = std::thread([this] { Run(); });
}

void HeadWatcher::Stop() {
  {
    MutexLock lock(mutex_);
    stopping_ = true;
    if (subscription_ != nullptr) subscription_->Interrupt();
  }
  stop_.NotifyAll();
  if (thread_.joinable()) thread_.join();
}

absl::Status HeadWatcher::health() const {
  MutexLock lock(mutex_);
  return health_;
}

absl::Status HeadWatcher::reachable() const {
  MutexLock lock(mutex_);
  return reachable_;
}

// Between two readings of all heads it listens, or waits when there is nobody to listen to.
// Whenever it begins to listen, all heads are read once more: what was told before is missed.
void HeadWatcher::Run() {
  bool listening = false;
  while (true) {
    if (!listening) listening = Subscribe().ok();
    Refresh();
    const SteadyTime until = SteadyDeadline(interval_);
    if (listening && !Listen(until).ok()) {
      HangUp();
      listening = false;
      if (!Pause(SteadyDeadline(interval_ / 10))) return;
    } else if (!Pause(listening ? SteadyDeadline(absl::ZeroDuration()) : until)) {
      return;
    }
  }
}

void HeadWatcher::Refresh() {
  Heads heads;
  absl::Status failure;
  size_t failures = 0;
  const std::vector<Region> regions = AllRegions();
  const auto read = ReadHeads(client_, environment_, regions);
  for (size_t i = 0; i < read.size(); ++i) {
    if (!read[i].ok()) {
      failure.Update(read[i].status());
      ++failures;
    } else if (*read[i] != Revision()) {
      heads.emplace(regions[i], *read[i]);
    }
  }
  board_.Raise(heads);
  MutexLock lock(mutex_);
  if (stopping_) return;
  if (failure.ok() != health_.ok()) {
    if (failure.ok()) {
      environment_.logger.Info("Redis is back");
    } else {
      environment_.logger.Error("Redis does not answer",
                                {{"regions", failures}, {"error", failure.ToString()}});
    }
  }
  health_ = failure;
  reachable_ = failures == read.size() ? failure : absl::OkStatus();
}

absl::Status HeadWatcher::Subscribe() {
  LEYE_ASSIGN_OR_RETURN(std::unique_ptr<Connection> connection,
                        client_.ConnectTo(Region::FromNumber(0)));
  const SteadyTime deadline = SteadyDeadline(interval_);
  LEYE_RETURN_IF_ERROR(connection->Send({"SUBSCRIBE", kHeadsChannel}, deadline));
  LEYE_ASSIGN_OR_RETURN(const std::optional<Reply> confirmed, connection->Receive(deadline));
  if (!confirmed || confirmed->view().is_error()) {
    return absl::UnavailableError("the subscription was refused");
  }
  last_heard_ = std::chrono::steady_clock::now();
  MutexLock lock(mutex_);
  if (stopping_) return absl::CancelledError();
  subscription_ = std::move(connection);
  return absl::OkStatus();
}

// Takes messages until `until`. An error when the connection broke, or was silent for several
// intervals: it is asked for a sign of life in each.
absl::Status HeadWatcher::Listen(SteadyTime until) {
  constexpr int kSilentIntervals = 3;
  Connection* connection = nullptr;
  {
    MutexLock lock(mutex_);
    connection = subscription_.get();
  }
  const auto patience = absl::ToChronoNanoseconds(kSilentIntervals * interval_);
  if (std::chrono::steady_clock::now() > last_heard_ + patience) {
    return absl::UnavailableError("silence");
  }
  LEYE_RETURN_IF_ERROR(connection->Send({"PING"}, until));
  while (true) {
    LEYE_ASSIGN_OR_RETURN(const std::optional<Reply> message, connection->Receive(until));
    if (!message) return absl::OkStatus();
    last_heard_ = std::chrono::steady_clock::now();
    const Heads heads = HeadsOf(message->view());
    if (!heads.empty()) board_.Raise(heads);
  }
}

void HeadWatcher::HangUp() {
  MutexLock lock(mutex_);
  subscription_.reset();
}

// False when it is time to end.
bool HeadWatcher::Pause(SteadyTime until) {
  MutexLock lock(mutex_);
  while (!stopping_ && stop_.WaitUntil(mutex_, until)) {
  }
  return !stopping_;
}

}  // namespace leye::store::redis
