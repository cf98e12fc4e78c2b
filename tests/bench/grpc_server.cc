#include "tests/bench/grpc_server.h"

#include <fcntl.h>
#include <spawn.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include <fmt/core.h>
#include <grpcpp/create_channel.h>
#include <sys/wait.h>

namespace leye::bench {

void Fail(const std::string& what) {
  fmt::print(stderr, "leye_bench: {}\n", what);
  std::exit(1);
}

namespace {

std::string Program() {
  const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe");
  return (self.parent_path() / "leyed").string();
}

// Reads up to the first line's end; "" at the end of the file.
std::string ReadLine(int file) {
  std::string line;
  char byte = 0;
  while (read(file, &byte, 1) == 1 && byte != '\n') line.push_back(byte);
  return line;
}

}  // namespace

GrpcServer::GrpcServer(const std::vector<std::string>& store) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) Fail("no pipe");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  std::vector<std::string> words = {Program(), "--listen=127.0.0.1:0", "--log-level=warning"};
  words.insert(words.end(), store.begin(), store.end());
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const auto began = std::chrono::steady_clock::now();
  const int error = posix_spawn(&pid_, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  if (error != 0) Fail(absl::StrCat("cannot start ", words[0]));
  const std::string said = ReadLine(ends[0]);
  start_seconds_ = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  close(ends[0]);
  absl::string_view line = said;
  if (!absl::ConsumePrefix(&line, "leyed is serving on ")) Fail("leyed does not serve");
  address_ = std::string(line);
}

std::shared_ptr<grpc::Channel> GrpcServer::Connect() const {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetInt("grpc.enable_http_proxy", 0);
  return grpc::CreateCustomChannel(address_, grpc::InsecureChannelCredentials(), arguments);
}

int64_t GrpcServer::StatusBytes(const std::string& key) const {
  constexpr int64_t kBytesPerKilobyte = 1'024;
  std::ifstream file(absl::StrCat("/proc/", pid_, "/status"));
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    std::string name;
    int64_t kilobytes = 0;
    if (words >> name >> kilobytes && name == key) return kilobytes * kBytesPerKilobyte;
  }
  return 0;
}

int64_t GrpcServer::ResidentBytes() const { return StatusBytes("VmRSS:"); }
int64_t GrpcServer::PeakResidentBytes() const { return StatusBytes("VmHWM:"); }

void GrpcServer::End() {
  if (pid_ < 0) return;
  kill(pid_, SIGTERM);
  int status = 0;
  waitpid(pid_, &status, 0);
  pid_ = -1;
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) Fail("leyed did not end in order");
}

}  // namespace leye::bench
