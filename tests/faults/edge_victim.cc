#include "tests/faults/edge_victim.h"

#include <algorithm>
#include <fstream>
#include <memory>
#include <optional>
#include <sstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

#include "leye/v1/match.pb.h"
#include "leye/v1/posting.pb.h"

namespace leye::faults {
namespace {

using Seconds = std::chrono::duration<double>;

constexpr char kPosting[] = "regions/13/postings/sewing";

testing::Http2Call GetCall() {
  v1::GetPostingRequest request;
  request.set_name(kPosting);
  return {.path = "/leye.v1.PostingService/GetPosting",
          .body = testing::GrpcFrame(request.SerializeAsString())};
}

// Whether the call was answered OK before `patience` was over.
bool AnswersOk(testing::Http2Connection& connection, const testing::Http2Call& call,
               std::chrono::milliseconds patience) {
  const SteadyTime end = std::chrono::steady_clock::now() + patience;
  std::optional<int> status;
  connection.on_answer = [&](const testing::Http2Answer& answer) { status = answer.grpc_status; };
  connection.Call(call);
  while (!status.has_value() && connection.alive()) {
    const auto left = end - std::chrono::steady_clock::now();
    if (left <= std::chrono::nanoseconds::zero()) break;
    connection.Exchange(left);
  }
  connection.on_answer = nullptr;
  return status == 0;
}

double At(const std::vector<double>& sorted, double share) {
  if (sorted.empty()) return 0;
  return sorted[static_cast<size_t>(share * static_cast<double>(sorted.size() - 1))];
}

// Of /proc/<process>/status, in kilobytes there.
int64_t StatusMegabytes(pid_t process, const std::string& key) {
  constexpr int64_t kKilobytes = 1'000;
  std::ifstream file(absl::StrCat("/proc/", process, "/status"));
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    std::string name;
    int64_t kilobytes = 0;
    if (words >> name >> kilobytes && name == key) return kilobytes / kKilobytes;
  }
  return 0;
}

}  // namespace

std::string Phase::Text() const {
  return absl::StrFormat("%5d calls, %d failed, p50 %.2f ms, p99 %.2f ms", calls, failures, p50_ms,
                         p99_ms);
}

testing::Http2Call RankCall() {
  v1::RankCandidatesRequest request;
  request.set_posting(kPosting);
  return {.path = "/leye.v1.MatchService/RankCandidates",
          .body = testing::GrpcFrame(request.SerializeAsString())};
}

Victim::Victim(std::vector<testing::Http2Options> ways, std::chrono::milliseconds pace)
    : ways_(std::move(ways)), pace_(pace), thread_([this] { Run(); }) {}

Victim::~Victim() {
  stopping_ = true;
  thread_.join();
}

void Victim::Run() {
  constexpr std::chrono::seconds kPatience(10);
  std::vector<std::unique_ptr<testing::Http2Connection>> connections(ways_.size());
  for (size_t i = 0; !stopping_; ++i) {
    std::unique_ptr<testing::Http2Connection>& connection = connections[i % ways_.size()];
    const SteadyTime began = std::chrono::steady_clock::now();
    if (connection == nullptr || !connection->alive()) {
      connection = std::make_unique<testing::Http2Connection>(ways_[i % ways_.size()]);
    }
    const bool ok = AnswersOk(*connection, i % 2 == 0 ? RankCall() : GetCall(), kPatience);
    const auto took = std::chrono::steady_clock::now() - began;
    {
      MutexLock lock(mutex_);
      milliseconds_.push_back(std::chrono::duration<double, std::milli>(took).count());
      failures_ += ok ? 0 : 1;
    }
    std::this_thread::sleep_until(began + pace_);
  }
}

Phase Victim::TakePhase() {
  std::vector<double> taken;
  Phase phase;
  {
    MutexLock lock(mutex_);
    taken = std::exchange(milliseconds_, {});
    phase.failures = std::exchange(failures_, 0);
  }
  std::sort(taken.begin(), taken.end());
  phase.calls = taken.size();
  phase.p50_ms = At(taken, 0.50);
  phase.p99_ms = At(taken, 0.99);
  return phase;
}

Phase Victim::Watch(std::chrono::milliseconds duration) {
  std::this_thread::sleep_for(duration);
  return TakePhase();
}

bool AnswersNewConnection(const testing::Http2Options& way) {
  testing::Http2Connection connection(way);
  return AnswersOk(connection, GetCall(), std::chrono::seconds(1));
}

std::chrono::duration<double> UntilHealthy(const testing::Http2Options& way) {
  const SteadyTime began = std::chrono::steady_clock::now();
  while (!AnswersNewConnection(way) &&
         std::chrono::steady_clock::now() - began < kMostUntilHealthy) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return std::chrono::steady_clock::now() - began;
}

int64_t ResidentMegabytes(pid_t process) { return StatusMegabytes(process, "VmRSS:"); }
int64_t PeakMegabytes(pid_t process) { return StatusMegabytes(process, "VmHWM:"); }

void ForgetPeakMemory(pid_t process) {
  std::ofstream(absl::StrCat("/proc/", process, "/clear_refs")) << 5;
}

}  // namespace leye::faults
