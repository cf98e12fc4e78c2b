#include "tests/bench/open_loop.h"

#include <poll.h>

#include <algorithm>
#include <ctime>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include <grpcpp/support/status.h>

#include "tests/bench/grpc_server.h"

namespace leye::bench {
namespace {

double MillisecondsBetween(Clock::time_point from, Clock::time_point to) {
  return std::chrono::duration<double, std::milli>(to - from).count();
}

Clock::duration SecondsLong(double seconds) {
  return std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
}

bool HasRetryDelay(const testing::Http2Answer& answer) {
  std::string bytes;
  google::rpc::Status status;
  if (!absl::Base64Unescape(answer.details, &bytes) || !status.ParseFromString(bytes)) return false;
  return std::any_of(status.details().begin(), status.details().end(),
                     [](const google::protobuf::Any& detail) {
                       google::rpc::RetryInfo retry;
                       return detail.UnpackTo(&retry) && retry.has_retry_delay();
                     });
}

}  // namespace

LoadDriver::LoadDriver(const std::string& address, LoadOptions options)
    : options_(std::move(options)), random_(options_.seed) {
  for (int i = 0; i < options_.connections; ++i) {
    connections_.push_back(
        std::make_unique<testing::Http2Connection>(testing::Http2Options{.address = address}));
    if (!connections_.back()->alive()) Fail(absl::StrCat("no connection to ", address));
    connections_.back()->on_answer = [this](const testing::Http2Answer& answer) { Take(answer); };
    // The server's settings.
    connections_.back()->Exchange(std::chrono::seconds(5));
  }
}

LoadDriver::~LoadDriver() {
  for (const auto& connection : connections_) connection->on_answer = nullptr;
}

void LoadDriver::Begin() {
  result_ = {};
  first_sent_ += sent_.size();
  sent_.clear();
  began_ = Clock::now();
}

LoadResult LoadDriver::Closed(int outstanding, double seconds) {
  Begin();
  const Clock::time_point end = began_ + SecondsLong(seconds);
  while (Clock::now() < end) {
    while (under_way_ < outstanding) Ask(Clock::now());
    Exchange(end);
  }
  result_.seconds = SecondsSince(began_);
  LoadResult result = result_;  // What ends later is not counted.
  FinishAll();
  return result;
}

LoadResult LoadDriver::Open(double calls_per_second, double seconds) {
  Begin();
  std::exponential_distribution<double> gap(calls_per_second);
  const Clock::time_point end = began_ + SecondsLong(seconds);
  Clock::time_point next = began_ + SecondsLong(gap(random_));
  while (next < end) {
    for (const Clock::time_point now = Clock::now(); next <= now && next < end;
         next += SecondsLong(gap(random_))) {
      Ask(next);
    }
    Exchange(std::min(next, end));
  }
  result_.seconds = seconds;
  FinishAll();
  return std::move(result_);
}

void LoadDriver::FinishAll() {
  while (under_way_ > 0) Exchange(Clock::now() + options_.deadline);
}

void LoadDriver::Ask(Clock::time_point scheduled) {
  const uint64_t number = asked_++;
  const size_t at = number % connections_.size();
  testing::Http2Call call{
      .path = options_.method,
      .body = testing::GrpcFrame(options_.messages[number % options_.messages.size()]),
      .headers = options_.headers,
      .tag = first_sent_ + sent_.size()};
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
      scheduled + options_.deadline - Clock::now());
  call.headers.emplace_back("grpc-timeout", absl::StrCat(std::max<int64_t>(left.count(), 1), "m"));
  sent_.push_back({.scheduled = scheduled, .connection = at, .stream = 0});
  ++under_way_;
  ++result_.offered;
  sent_.back().stream = connections_[at]->Call(call);
}

void LoadDriver::Take(const testing::Http2Answer& answer) {
  --under_way_;
  if (answer.tag < first_sent_) return;
  Sent& call = sent_[answer.tag - first_sent_];
  call.ended = true;
  const Clock::time_point now = Clock::now();
  const double milliseconds = MillisecondsBetween(call.scheduled, now);
  if (answer.grpc_status == grpc::StatusCode::OK && now <= call.scheduled + options_.deadline) {
    ++result_.good;
    result_.good_ms.push_back(milliseconds);
    result_.good_at.push_back(MillisecondsBetween(began_, call.scheduled) / 1'000);
  } else if (answer.grpc_status == grpc::StatusCode::RESOURCE_EXHAUSTED) {
    ++result_.shed;
    result_.shed_ms.push_back(milliseconds);
    result_.with_hint += HasRetryDelay(answer) ? 1 : 0;
  } else if (now >= call.scheduled + options_.deadline) {
    ++result_.late;
  } else {
    ++result_.failed;
  }
}

void LoadDriver::GiveUpLate() {
  const Clock::time_point now = Clock::now();
  while (!sent_.empty() &&
         (sent_.front().ended || sent_.front().scheduled + options_.deadline < now)) {
    const Sent& oldest = sent_.front();
    if (!oldest.ended) {
      ++result_.late;
      connections_[oldest.connection]->Reset(oldest.stream);
    }
    sent_.pop_front();
    ++first_sent_;
  }
}

void LoadDriver::Exchange(Clock::time_point then) {
  GiveUpLate();
  std::vector<pollfd> waited;
  for (const auto& connection : connections_) {
    connection->Send();
    if (!connection->alive()) Fail("the server has closed a connection");
    constexpr int16_t kBoth = POLLIN | POLLOUT;
    waited.push_back({.fd = connection->socket(),
                      .events = connection->wants_to_send() ? kBoth : int16_t{POLLIN},
                      .revents = 0});
  }
  Clock::time_point until = then;
  if (!sent_.empty()) until = std::min(until, sent_.front().scheduled + options_.deadline);
  const auto nanoseconds = std::chrono::duration_cast<std::chrono::nanoseconds>(
                               std::max(until - Clock::now(), Clock::duration::zero()))
                               .count();
  constexpr int64_t kInASecond = 1'000'000'000;
  const timespec patience{.tv_sec = nanoseconds / kInASecond, .tv_nsec = nanoseconds % kInASecond};
  ppoll(waited.data(), waited.size(), &patience, nullptr);
  for (size_t i = 0; i < connections_.size(); ++i) {
    if ((waited[i].revents & ~POLLOUT) != 0) connections_[i]->Receive();
  }
}

}  // namespace leye::bench
