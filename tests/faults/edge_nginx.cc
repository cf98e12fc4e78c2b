#include "tests/faults/edge_nginx.h"

#include <spawn.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include <sys/wait.h>

#include "tests/e2e/certificates.h"
#include "tests/e2e/client.h"
#include "tests/faults/edge_victim.h"
#include "tests/testing/http2_client.h"
#include "tests/testing/redis_server.h"

namespace leye::faults {
namespace {

std::string ShippedFile(const std::string& name) {
  const char* source = std::getenv("LEYE_SOURCE_DIR");
  e2e::Require(source != nullptr, "LEYE_SOURCE_DIR is not set: run the test by ctest");
  return absl::StrCat(source, "/deploy/nginx/", name);
}

std::string TextOf(const std::string& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  e2e::Require(!text.str().empty(), file);
  return text.str();
}

}  // namespace

EdgeNginx::EdgeNginx(const std::string& leyed)
    : address_(absl::StrCat("127.0.0.1:", testing::FreePort())) {
  const e2e::Authority authority;
  const e2e::Certificate certificate = authority.Issue({.dns = "localhost"});
  std::ofstream(authority_file()) << authority.pem();
  std::ofstream(folder_.File("edge.pem")) << certificate.pem;
  std::ofstream(folder_.File("edge-key.pem")) << certificate.key_pem;
  for (const char* file : {"answers-http.conf", "answers-server.conf"}) {
    std::filesystem::copy(ShippedFile(file), folder_.File(file));
  }
  Configure(leyed);
  std::vector<std::string> words = {"nginx", "-c", folder_.File("nginx.conf"), "-e",
                                    folder_.File("start.log")};
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  e2e::Require(posix_spawnp(&pid_, "nginx", nullptr, nullptr, arguments.data(), environ) == 0,
               "nginx cannot be started");
  e2e::Require(
      testing::Eventually([this] {
        return testing::Http2Connection({.address = address_, .tls_ca = authority_file()}).alive();
      }),
      "nginx does not serve");
}

EdgeNginx::~EdgeNginx() {
  kill(pid_, SIGTERM);
  waitpid(pid_, nullptr, 0);
}

void EdgeNginx::Configure(const std::string& leyed) {
  std::string folders = "\nhttp {\n";
  for (const char* kind : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"}) {
    absl::StrAppend(&folders, kind, "_temp_path ", folder_.File(kind), ";\n");
  }
  std::ofstream(folder_.File("nginx.conf"))
      << "daemon off;\n"
      << absl::StrReplaceAll(TextOf(ShippedFile("nginx.conf")),
                             {{"\nhttp {\n", folders},
                              {"listen 443", absl::StrCat("listen ", address_)},
                              {"127.0.0.1:7400", leyed},
                              {"/etc/leye", folder_.path()},
                              {"/run", folder_.path()},
                              {"/var/log/nginx", folder_.path()}});
}

int64_t EdgeNginx::ResidentMegabytes() const {
  int64_t megabytes = 0;
  std::ifstream children(absl::StrCat("/proc/", pid_, "/task/", pid_, "/children"));
  for (pid_t child = 0; children >> child;) megabytes += faults::ResidentMegabytes(child);
  return megabytes;
}

}  // namespace leye::faults
