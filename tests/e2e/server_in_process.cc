#include "tests/e2e/server_in_process.h"

#include <cstdlib>
#include <iostream>
#include <utility>

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

namespace leye::e2e {
namespace {

std::unique_ptr<Leyed> StartOrAbort(const LeyedOptions& options, const Clock& clock,
                                    const Logger& log) {
  absl::StatusOr<std::unique_ptr<Leyed>> leyed = Leyed::Start(options, clock, log);
  if (!leyed.ok()) {
    std::cerr << "cannot start the server: " << leyed.status() << "\n";
    std::abort();
  }
  return *std::move(leyed);
}

}  // namespace

ServerInProcess::ServerInProcess(LeyedOptions options)
    : ServerInProcess(system_clock_, std::move(options)) {}

ServerInProcess::ServerInProcess(const Clock& clock, LeyedOptions options)
    : ServerInProcess(clock, own_log_, std::move(options)) {}

ServerInProcess::ServerInProcess(const Logger& log, LeyedOptions options)
    : ServerInProcess(system_clock_, log, std::move(options)) {}

ServerInProcess::ServerInProcess(const Clock& clock, const Logger& log, LeyedOptions options)
    : clock_(clock), log_(log), options_(std::move(options)) {
  options_.listen = "127.0.0.1:0";
  options_.data_dir = folder_.File("data");
  if (options_.audit_file.empty()) options_.audit_file = folder_.File("audit");
  if (options_.showings_interval == LeyedOptions().showings_interval) {
    options_.showings_interval = absl::ZeroDuration();
  }
  leyed_ = StartOrAbort(options_, clock_, log_);
}

ServerInProcess::~ServerInProcess() = default;

std::shared_ptr<grpc::Channel> ServerInProcess::channel() const { return Connect(address()); }

void ServerInProcess::Restart() {
  leyed_->Drain();
  leyed_.reset();
  leyed_ = StartOrAbort(options_, clock_, log_);
}

std::shared_ptr<grpc::Channel> Connect(const std::string& address) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetInt("grpc.enable_http_proxy", 0);
  arguments.SetMaxReceiveMessageSize(-1);
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
}

}  // namespace leye::e2e
