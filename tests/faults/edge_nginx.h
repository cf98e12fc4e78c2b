// deploy/nginx/nginx.conf, as it is shipped, before a leyed of the test's: only folders and ports
// are the test's own.
//
//   EdgeNginx nginx(server.address());
//   Http2Connection connection({.address = nginx.address(), .tls_ca = nginx.authority_file()});

#ifndef LEYE_TESTS_FAULTS_EDGE_NGINX_H_
#define LEYE_TESTS_FAULTS_EDGE_NGINX_H_

#include <string>

#include <sys/types.h>

#include "tests/testing/temp_dir.h"

namespace leye::faults {

// Aborts when nginx cannot be started. Thread-compatible.
class EdgeNginx {
 public:
  // `leyed` is host:port of its gRPC.
  explicit EdgeNginx(const std::string& leyed);
  ~EdgeNginx();
  EdgeNginx(const EdgeNginx&) = delete;
  EdgeNginx& operator=(const EdgeNginx&) = delete;

  const std::string& address() const { return address_; }
  // PEM of who vouches for its certificate, which is localhost's.
  std::string authority_file() const { return folder_.File("authority.pem"); }

  // What its workers have in RAM, together.
  int64_t ResidentMegabytes() const;

 private:
  void Configure(const std::string& leyed);

  testing::TempDir folder_;
  std::string address_;
  pid_t pid_ = -1;
};

}  // namespace leye::faults

#endif  // LEYE_TESTS_FAULTS_EDGE_NGINX_H_
