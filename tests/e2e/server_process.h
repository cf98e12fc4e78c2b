// The program itself, as a child process.
//
//   testing::TempDir folder;
//   ServerProcess server({"--listen=127.0.0.1:0", "--data-dir=" + folder.File("data")});
//   ASSERT_TRUE(server.WaitUntilServing()) << server.errors();
//   Client client(Connect(server.address()));
//   server.Signal(SIGTERM);
//   EXPECT_EQ(server.WaitForExit(), 0);

#ifndef LEYE_TESTS_E2E_SERVER_PROCESS_H_
#define LEYE_TESTS_E2E_SERVER_PROCESS_H_

#include <map>
#include <string>
#include <vector>

#include <sys/types.h>

#include "tests/testing/temp_dir.h"

namespace leye::e2e {

using ExtraEnvironment = std::map<std::string, std::string>;

// Killed at the end of its scope when it still runs. Thread-compatible.
class ServerProcess {
 public:
  // Starts `leyed` of the build with these arguments. Aborts when it cannot be started at all.
  explicit ServerProcess(const std::vector<std::string>& arguments,
                         const ExtraEnvironment& environment = {});
  ~ServerProcess();
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  // Waits for the line "leyed is serving on HOST:PORT"; false when the program ends before it.
  bool WaitUntilServing();
  // HOST:PORT of that line.
  const std::string& address() const { return address_; }

  void Signal(int signal) const;

  // Waits for the end. The exit status, or minus the signal that ended it.
  int WaitForExit();

  pid_t pid() const { return pid_; }
  // All of its standard output, once it has ended; what it has said on standard error so far.
  std::string output();
  std::string errors() const;

 private:
  testing::TempDir folder_;
  pid_t pid_ = -1;
  int output_ = -1;  // Reading end of its standard output.
  std::string said_;
  std::string address_;
  bool ended_ = false;
  int exit_status_ = 0;
};

}  // namespace leye::e2e

#endif  // LEYE_TESTS_E2E_SERVER_PROCESS_H_
