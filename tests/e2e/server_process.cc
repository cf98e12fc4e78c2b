#include "tests/e2e/server_process.h"

#include <fcntl.h>
#include <spawn.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include <sys/wait.h>

#include "services/base/config.h"
#include "tests/e2e/client.h"

namespace leye::e2e {
namespace {

std::string Program() {
  const char* folder = std::getenv("LEYE_BIN_DIR");
  Require(folder != nullptr, "LEYE_BIN_DIR is not set: run the test by ctest");
  return absl::StrCat(folder, "/leyed");
}

std::vector<char*> Pointers(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

// This process's variables with `extra` over them. None of leyed's own prefix: it would be
// configured by whoever runs the tests, and it refuses those that it does not know (LEYE_BIN_DIR,
// LEYE_PRESET).
std::vector<std::string> Variables(const ExtraEnvironment& extra) {
  std::map<std::string, std::string> all = ProcessEnvironment();
  std::erase_if(all, [](const auto& variable) { return variable.first.starts_with("LEYE_"); });
  for (const auto& [key, value] : extra) all[key] = value;
  std::vector<std::string> lines;
  for (const auto& [key, value] : all) lines.push_back(absl::StrCat(key, "=", value));
  return lines;
}

}  // namespace

ServerProcess::ServerProcess(const std::vector<std::string>& arguments,
                             const ExtraEnvironment& environment) {
  int pipe_ends[2];
  Require(pipe2(pipe_ends, O_CLOEXEC) == 0, "pipe");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, pipe_ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, folder_.File("errors").c_str(),
                                   O_WRONLY | O_CREAT | O_APPEND, 0600);
  std::vector<std::string> texts = {Program()};
  texts.insert(texts.end(), arguments.begin(), arguments.end());
  std::vector<std::string> variables = Variables(environment);
  const int error = posix_spawn(&pid_, texts[0].c_str(), &actions, nullptr, Pointers(texts).data(),
                                Pointers(variables).data());
  posix_spawn_file_actions_destroy(&actions);
  close(pipe_ends[1]);
  output_ = pipe_ends[0];
  Require(error == 0, absl::StrCat("cannot start ", texts[0]));
}

ServerProcess::~ServerProcess() {
  if (!ended_) {
    Signal(SIGKILL);
    WaitForExit();
  }
  close(output_);
}

bool ServerProcess::WaitUntilServing() {
  char byte = 0;
  while (said_.find('\n') == std::string::npos) {
    if (read(output_, &byte, 1) != 1) return false;
    said_.push_back(byte);
  }
  absl::string_view line = absl::StripSuffix(said_, "\n");
  if (!absl::ConsumePrefix(&line, "leyed is serving on ")) return false;
  address_ = std::string(line);
  return true;
}

void ServerProcess::Signal(int signal) const { kill(pid_, signal); }

int ServerProcess::WaitForExit() {
  if (ended_) return exit_status_;
  int status = 0;
  waitpid(pid_, &status, 0);
  ended_ = true;
  exit_status_ = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  return exit_status_;
}

std::string ServerProcess::output() {
  char byte = 0;
  while (read(output_, &byte, 1) == 1) said_.push_back(byte);
  return said_;
}

std::string ServerProcess::errors() const {
  std::ostringstream text;
  text << std::ifstream(folder_.File("errors")).rdbuf();
  return text.str();
}

}  // namespace leye::e2e
