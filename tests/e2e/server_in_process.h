// The whole server in this process, on a port and a folder of its own.
//
//   ServerInProcess server;
//   Client client(server.channel());
//
// Everything is real but the process: gRPC over loopback, SQLite, the followers, the built-in
// catalogue, the machine's clock unless another is given.

#ifndef LEYE_TESTS_E2E_SERVER_IN_PROCESS_H_
#define LEYE_TESTS_E2E_SERVER_IN_PROCESS_H_

#include <memory>
#include <string>

#include <grpcpp/channel.h>

#include "services/base/clock.h"
#include "services/base/logging.h"
#include "services/leyed/leyed.h"
#include "services/leyed/options.h"
#include "tests/testing/temp_dir.h"

namespace leye::e2e {

// Aborts when the server cannot be started. Thread-compatible.
class ServerInProcess {
 public:
  // `listen` and `data_dir` of `options` are the fixture's own, and `audit_file` when it is empty.
  // Nobody counts who is shown unless `showings_interval` is not the usual one: tests compare
  // revisions before and after reads.
  explicit ServerInProcess(LeyedOptions options = {});
  // With another logger, which outlives the server.
  ServerInProcess(const Logger& log, LeyedOptions options);
  // By another clock than the machine's, which outlives the server.
  explicit ServerInProcess(const Clock& clock, LeyedOptions options = {});
  ~ServerInProcess();

  const std::string& address() const { return leyed_->address(); }

  // Where HTTP is served, when `options.http` said so ("127.0.0.1:0").
  std::string http_address() const { return leyed_->http_address(); }

  // Where metrics are served, when `options.metrics_listen` said so.
  std::string metrics_address() const { return leyed_->metrics_address(); }

  // A connection of its own, not shared with other channels.
  std::shared_ptr<grpc::Channel> channel() const;

  // Ends the server as SIGTERM does. It stays as it is then until Restart.
  void Drain() { leyed_->Drain(); }

  // Ends the server and starts another on the same data and a new port.
  void Restart();

 private:
  ServerInProcess(const Clock& clock, const Logger& log, LeyedOptions options);

  testing::TempDir folder_;
  SystemClock system_clock_;
  const Clock& clock_;
  const Logger own_log_ = Logger::ToStderr(LogLevel::kWarning);
  const Logger& log_;
  LeyedOptions options_;
  std::unique_ptr<Leyed> leyed_;
};

// A new connection to `address`.
std::shared_ptr<grpc::Channel> Connect(const std::string& address);

}  // namespace leye::e2e

#endif  // LEYE_TESTS_E2E_SERVER_IN_PROCESS_H_
