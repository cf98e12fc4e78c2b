#include "services/app/match_news.h"

#include <utility>

#include "services/base/status.h"

namespace leye::app {
namespace {

absl::Status ReaderTooSlow() {
  return WithMessageZh(Error(absl::StatusCode::kOutOfRange, "READER_TOO_SLOW",
                             "too many changes were not read: watch again, with what you have"),
                       "未读取的变化过多：请带上已有名单重新订阅");
}

}  // namespace

bool MatchNews::Withdraw() {
  MutexLock lock(mutex_);
  offer_.reset();
  return !right_ || !notices_.empty();
}

absl::Status MatchNews::Put(MatchNotice notice) {
  MutexLock lock(mutex_);
  if (++unread_ > kMostUnread) return ReaderTooSlow();
  // The opposite of what was to be told: the list is right as it is.
  if (notices_.erase(notice.name) > 0) return absl::OkStatus();
  const std::string name = notice.name;
  notices_.emplace(name, std::move(notice));
  return absl::OkStatus();
}

bool MatchNews::Offer(const MatchState& state) {
  MutexLock lock(mutex_);
  if (right_ && notices_.empty()) return false;
  offer_ = state;
  awaited_ = false;
  return true;
}

bool MatchNews::awaited() const {
  MutexLock lock(mutex_);
  return awaited_;
}

void MatchNews::Wake() {
  const std::shared_ptr<Watcher> reader = watcher();
  if (reader != nullptr) reader->Wake();
}

void MatchNews::End(const absl::Status& status) {
  {
    MutexLock lock(mutex_);
    end_.Update(status);
    notices_.clear();
    offer_.reset();
  }
  Wake();
}

bool MatchNews::closed() const {
  MutexLock lock(mutex_);
  return closed_;
}

void MatchNews::Stop() {
  {
    MutexLock lock(mutex_);
    stopped_ = true;
  }
  const std::shared_ptr<Watcher> reader = watcher();
  if (reader != nullptr) reader->Stop();
}

void MatchNews::WakeBy(const std::shared_ptr<Watcher>& watcher) {
  bool stopped = false;
  {
    MutexLock lock(mutex_);
    watcher_ = watcher;
    stopped = stopped_;
  }
  if (stopped) {
    watcher->Stop();
  } else {
    watcher->Wake();
  }
}

absl::StatusOr<std::optional<MatchNews::Batch>> MatchNews::Take() {
  MutexLock lock(mutex_);
  if (!end_.ok()) return end_;
  awaited_ = !offer_.has_value();
  if (awaited_) return std::nullopt;
  Batch batch{.notices = {}, .state = *offer_};
  while (!notices_.empty() && batch.notices.size() < kMostAtOnce) {
    batch.notices.push_back(std::move(notices_.extract(notices_.begin()).mapped()));
  }
  batch.last = right_ = notices_.empty();
  if (right_) offer_.reset();
  unread_ = 0;
  return batch;
}

void MatchNews::Close() {
  MutexLock lock(mutex_);
  closed_ = true;
}

std::shared_ptr<Watcher> MatchNews::watcher() const {
  MutexLock lock(mutex_);
  return watcher_.lock();
}

}  // namespace leye::app
