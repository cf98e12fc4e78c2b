// The server, put together: the only place that names a concrete store.
//
//   LEYE_ASSIGN_OR_RETURN(std::unique_ptr<Leyed> leyed, Leyed::Start(options, clock, log));
//   leyed->address();     // "127.0.0.1:7400"
//   leyed->Drain();
//
// main.cc runs one as a program; tests and benchmarks run it in their own process.

#ifndef LEYE_SERVICES_LEYED_LEYED_H_
#define LEYE_SERVICES_LEYED_LEYED_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"

#include "services/base/clock.h"
#include "services/base/logging.h"
#include "services/leyed/options.h"

namespace leye {

// Thread-compatible; what it serves is called from many threads.
class Leyed {
 public:
  // Opens the store, follows it until the snapshot holds everything that is in it, and listens.
  // Health says SERVING when this returns. `clock` and `log` outlive it. Errors are those of what
  // could not be opened, with what it was before the message.
  static absl::StatusOr<std::unique_ptr<Leyed>> Start(const LeyedOptions& options,
                                                      const Clock& clock, const Logger& log);

  // Drains.
  ~Leyed();
  Leyed(const Leyed&) = delete;
  Leyed& operator=(const Leyed&) = delete;

  // host:port as bound.
  const std::string& address() const;
  // The same for HTTP; empty when options.http is.
  std::string http_address() const;
  // The same for metrics; empty when options.metrics_listen is, and after the drain.
  std::string metrics_address() const;

  // Health says NOT_SERVING, watches end, calls under way have options.drain to finish; then the
  // store is closed. Idempotent.
  void Drain();

 private:
  struct Parts;
  explicit Leyed(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace leye

#endif  // LEYE_SERVICES_LEYED_LEYED_H_
