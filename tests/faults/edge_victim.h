// A client that behaves while others do not, and what it sees of that.
//
//   Victim victim({{.address = server.address()}});
//   ... victim.TakePhase();   // before
//   ... victim.TakePhase();   // while somebody attacks

#ifndef LEYE_TESTS_FAULTS_EDGE_VICTIM_H_
#define LEYE_TESTS_FAULTS_EDGE_VICTIM_H_

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include <sys/types.h>

#include "services/base/mutex.h"
#include "tests/testing/http2_client.h"

namespace leye::faults {

// What a victim saw in some time.
struct Phase {
  size_t calls = 0;
  size_t failures = 0;
  double p50_ms = 0;
  double p99_ms = 0;

  std::string Text() const;
};

// One call after the other, RankCandidates for `sewing` of the small world and GetPosting of it in
// turn, on connections that it keeps as long as it can. Thread-safe.
class Victim {
 public:
  // Each way has a connection; they are used in turn. A call every `pace` at most.
  explicit Victim(std::vector<testing::Http2Options> ways,
                  std::chrono::milliseconds pace = std::chrono::milliseconds(2));
  ~Victim();
  Victim(const Victim&) = delete;
  Victim& operator=(const Victim&) = delete;

  // Of the calls that have ended since the last time.
  Phase TakePhase() ABSL_LOCKS_EXCLUDED(mutex_);

  // After so long, of what has been since the last time.
  Phase Watch(std::chrono::milliseconds duration);

 private:
  void Run();

  const std::vector<testing::Http2Options> ways_;
  const std::chrono::milliseconds pace_;
  Mutex mutex_;
  std::vector<double> milliseconds_ ABSL_GUARDED_BY(mutex_);
  size_t failures_ ABSL_GUARDED_BY(mutex_) = 0;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

// The frame of a request that anybody may send to the small world.
testing::Http2Call RankCall();

// Whether a call on a connection of its own is answered OK within a second.
bool AnswersNewConnection(const testing::Http2Options& way);

// How long until one is, from now. Gives up after the most: it is that long at least then.
constexpr std::chrono::minutes kMostUntilHealthy(1);
std::chrono::duration<double> UntilHealthy(const testing::Http2Options& way);

// Memory of a process that is in RAM now, and the most that has been since the last
// ForgetPeakMemory.
int64_t ResidentMegabytes(pid_t process);
int64_t PeakMegabytes(pid_t process);
void ForgetPeakMemory(pid_t process);

}  // namespace leye::faults

#endif  // LEYE_TESTS_FAULTS_EDGE_VICTIM_H_
