// leyed as a child process, and what the system says of it.
//
//   GrpcServer server({"--data-dir=" + folder});   // serves when this returns
//   const int64_t bytes = server.ResidentBytes();
//   server.End();                                  // SIGTERM, waits
#ifndef LEYE_TESTS_BENCH_GRPC_SERVER_H_
#define LEYE_TESTS_BENCH_GRPC_SERVER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <grpcpp/channel.h>
#include <sys/types.h>

namespace leye::bench {

// Ends the program with 1 and this message.
[[noreturn]] void Fail(const std::string& what);

// Thread-compatible. Exits the program with 1 when leyed cannot be started.
class GrpcServer {
 public:
  // `store` are the arguments that say where the records are.
  explicit GrpcServer(const std::vector<std::string>& store);
  ~GrpcServer() { End(); }
  GrpcServer(const GrpcServer&) = delete;
  GrpcServer& operator=(const GrpcServer&) = delete;

  // host:port.
  const std::string& address() const { return address_; }

  // A connection of its own.
  std::shared_ptr<grpc::Channel> Connect() const;

  // From the start of the process until it said that it serves.
  double start_seconds() const { return start_seconds_; }

  // Memory that is in RAM now, and the most that has been.
  int64_t ResidentBytes() const;
  int64_t PeakResidentBytes() const;

  void End();

 private:
  int64_t StatusBytes(const std::string& key) const;

  pid_t pid_ = -1;
  std::string address_;
  double start_seconds_ = 0;
};

}  // namespace leye::bench

#endif  // LEYE_TESTS_BENCH_GRPC_SERVER_H_
