#include "tests/testing/redis_server.h"

#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <thread>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "services/store/redis_connection.h"

namespace leye::testing {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(60);

void Require(bool holds, absl::string_view what) {
  if (holds) return;
  std::cerr << "redis-server for tests: " << what << "\n";
  std::abort();
}

const std::map<std::string, std::string>& SafeSettings() {
  static const std::map<std::string, std::string>& settings =
      *new std::map<std::string, std::string>{{"appendonly", "yes"},
                                              {"appendfsync", "always"},
                                              {"maxmemory-policy", "noeviction"},
                                              {"save", ""},
                                              {"repl-backlog-ttl", "0"},
                                              {"repl-diskless-sync-delay", "0"},
                                              {"enable-debug-command", "local"}};
  return settings;
}

// Starts a program whose standard output goes to `output`; it ends with this process.
pid_t Spawn(std::vector<std::string> arguments,
            const std::map<std::string, std::string>& environment, int output) {
  std::vector<char*> pointers;
  for (std::string& argument : arguments) pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  const pid_t parent = getpid();
  const pid_t child = fork();
  Require(child >= 0, "fork");
  if (child > 0) return child;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(1);
  for (const auto& [name, value] : environment) setenv(name.c_str(), value.c_str(), 1);
  dup2(output, STDOUT_FILENO);
  dup2(output, STDERR_FILENO);
  execvp(pointers[0], pointers.data());
  _exit(127);
}

std::string ContentOf(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

bool SaysReady(const std::string& log) {
  return absl::StrContains(log, "eady to accept connections") ||
         absl::StrContains(log, "Sentinel ID is");
}

void AppendText(store::redis::ReplyView reply, std::string& text) {
  if (reply.type() == store::redis::ReplyType::kInteger) {
    absl::StrAppend(&text, static_cast<int64_t>(reply.number()), "\n");
  } else if (reply.type() == store::redis::ReplyType::kArray) {
    for (size_t i = 0; i < reply.size(); ++i) AppendText(reply[i], text);
  } else {
    absl::StrAppend(&text, reply.text(), "\n");
  }
}

bool IsFree(int port) {
  const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  Require(descriptor >= 0, "socket");
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<uint16_t>(port));
  const bool bound =
      bind(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  close(descriptor);
  return bound;
}

}  // namespace

int FreePort() {
  // Below those that outgoing connections get, and so is the port of a cluster's own, 10,000 above.
  constexpr int kFirst = 11'000;
  constexpr int kPorts = 11'000;
  constexpr int kClusterPort = 10'000;
  static int next = static_cast<int>(getpid()) * 37 % kPorts;
  while (true) {
    const int port = kFirst + next++ % kPorts;
    if (IsFree(port) && IsFree(port + kClusterPort)) return port;
  }
}

RedisServer::RedisServer(RedisServerOptions options) : options_(std::move(options)) {
  if (options_.port == kAnyPort) options_.port = FreePort();
  if (!options_.config.empty()) {
    std::ofstream config(File("sentinel.conf"));
    for (const std::string& line : options_.config) config << line << "\n";
  }
  Start();
}

RedisServer::~RedisServer() {
  if (pid_ > 0) Kill();
}

std::string RedisServer::address() const {
  return options_.port == 0 ? absl::StrCat("unix:", File("socket"))
                            : absl::StrCat("127.0.0.1:", options_.port);
}

std::vector<std::string> RedisServer::Arguments() const {
  std::vector<std::string> arguments = {"redis-server"};
  if (!options_.config.empty()) arguments.push_back(File("sentinel.conf"));
  if (!options_.config_file.empty()) arguments.push_back(options_.config_file);
  arguments.insert(arguments.end(), {"--dir", dir_.path(), "--port", absl::StrCat(options_.port),
                                     "--bind", "127.0.0.1"});
  if (options_.port == 0) arguments.insert(arguments.end(), {"--unixsocket", File("socket")});
  if (!options_.config.empty()) {
    arguments.emplace_back("--sentinel");
    return arguments;
  }
  std::map<std::string, std::string> settings = options_.settings;
  if (options_.config_file.empty()) settings.insert(SafeSettings().begin(), SafeSettings().end());
  for (const auto& [name, value] : settings) {
    arguments.push_back(absl::StrCat("--", name));
    arguments.push_back(value);
  }
  return arguments;
}

void RedisServer::Start() {
  Require(pid_ < 0, "it runs already");
  const std::string path = File("redis.log");
  const int log = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  Require(log >= 0, "its log");
  pid_ = Spawn(Arguments(), options_.environment, log);
  close(log);
  bool ready = false;
  Eventually([&] {
    const bool ended = waitpid(pid_, nullptr, WNOHANG) != 0;
    ready = SaysReady(ContentOf(path));
    return ready || ended;
  });
  Require(ready, ContentOf(path));
}

void RedisServer::Kill() {
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

void RedisServer::Pause() { kill(pid_, SIGSTOP); }

void RedisServer::Resume() { kill(pid_, SIGCONT); }

std::string RedisServer::Ask(const std::vector<std::string>& command) const {
  const auto address = store::redis::Address::Parse(this->address());
  const SteadyTime deadline = SteadyDeadline(kPatience);
  const auto connection = store::redis::Connection::Open(*address, {}, deadline);
  if (!connection.ok()) return "(no answer)";
  const auto replies = (*connection)->Run({command}, deadline);
  if (!replies.ok()) return "(no answer)";
  std::string text;
  AppendText((*replies)[0].view(), text);
  return text;
}

bool Eventually(const std::function<bool()>& condition) {
  const SteadyTime deadline = SteadyDeadline(kPatience);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

}  // namespace leye::testing
