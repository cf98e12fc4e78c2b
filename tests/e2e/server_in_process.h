// The whole server in this process, on a port and a folder of its own.
//
//   ServerInProcess server;
//   Client client(server.channel());
//
// Everything is real but the process: gRPC over loopback, SQLite, the followers, the built-in
// catalogue, the machine's clock.

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
  // `listen` and `data_dir` of `options` are the fixture's own.
  explicit ServerInProcess(LeyedOptions options = {});
  ~ServerInProcess();

  const std::string& address() const { return leyed_->address(); }

  // A connection of its own, not shared with other channels.
  std::shared_ptr<grpc::Channel> channel() const;

  // Ends the server as SIGTERM does. It stays as it is then until Restart.
  void Drain() { leyed_->Drain(); }

  // Ends the server and starts another on the same data and a new port.
  void Restart();

 private:
  testing::TempDir folder_;
  SystemClock clock_;
  Logger log_ = Logger::ToStderr(LogLevel::kWarning);
  LeyedOptions options_;
  std::unique_ptr<Leyed> leyed_;
};

// A new connection to `address`.
std::shared_ptr<grpc::Channel> Connect(const std::string& address);

}  // namespace leye::e2e

#endif  // LEYE_TESTS_E2E_SERVER_IN_PROCESS_H_
