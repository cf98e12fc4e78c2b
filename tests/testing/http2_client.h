// An HTTP/2 client that does what no stock client of gRPC does: many calls from one thread at times
// of one's own, streams that are reset at once, answers that are never read, headers and frames
// that are wrong. Over libnghttp2, on TCP or TLS.
//
//   Http2Connection connection({.address = server.address()});
//   connection.on_answer = [](const Http2Answer& answer) { ... answer.grpc_status ... };
//   connection.Call({.path = "/leye.v1.SkillService/GetSkill", .body = GrpcFrame(bytes)});
//   while (connection.calls_under_way() > 0 && connection.Exchange(100ms)) continue;

#ifndef LEYE_TESTS_TESTING_HTTP2_CLIENT_H_
#define LEYE_TESTS_TESTING_HTTP2_CLIENT_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include <sys/types.h>

struct nghttp2_session;

namespace leye::testing {

// `message` as gRPC sends it: a byte that says whether it is compressed, its length, its bytes.
std::string GrpcFrame(absl::string_view message, bool compressed = false);

struct Http2Call {
  std::string path;
  std::string body;                                               // As is: GrpcFrame for gRPC.
  std::vector<std::pair<std::string, std::string>> headers = {};  // Beside gRPC's own.
  uint64_t tag = 0;                                               // For the caller.
};

struct Http2Answer {
  uint64_t tag = 0;
  int32_t stream = 0;
  int http_status = 0;       // 0: none came.
  int grpc_status = -1;      // -1: none came.
  std::string grpc_message;  // As on the wire.
  std::string details;       // grpc-status-details-bin, as on the wire (Base64).
  size_t body_bytes = 0;
  uint32_t error = 0;  // Of HTTP/2, with which the stream ended.
};

struct Http2Options {
  std::string address;      // host:port, both numbers.
  std::string from = {};    // Local address to come from; empty: any.
  std::string tls_ca = {};  // File with the authority of the server's certificate; empty: no TLS.
  std::string host = "localhost";
  // How much of each answer the server may send before it is allowed more. It is allowed more as
  // soon as that has been read, unless `reads` is false.
  int32_t window_bytes = 65'535;
  bool reads = true;
};

// Thread-compatible. A connection that fails or ends says so by alive().
class Http2Connection {
 public:
  explicit Http2Connection(const Http2Options& options);
  ~Http2Connection();
  Http2Connection(const Http2Connection&) = delete;
  Http2Connection& operator=(const Http2Connection&) = delete;

  // Called from Receive and Exchange for each call that has ended, however it did.
  std::function<void(const Http2Answer&)> on_answer;

  bool alive() const { return alive_; }
  int socket() const { return socket_; }
  size_t calls_under_way() const { return calls_.size(); }

  // Begins a call: its bytes go out with the next Send. Its stream.
  int32_t Call(const Http2Call& call);

  // Gives a call up (RST_STREAM).
  void Reset(int32_t stream);

  // Frames come to be bytes in the order in which they were asked for, a call before the reset that
  // follows.
  void Frame();

  // Bytes that are no frame of libnghttp2's making.
  void AddRawBytes(absl::string_view bytes);

  // Sends as much as the socket takes, reads what is there. Both return at once.
  void Send();
  void Receive();
  bool wants_to_send() const { return !unsent_.empty(); }

  // Both, after waiting that long at most for the server; alive().
  bool Exchange(std::chrono::nanoseconds patience);

 private:
  struct Pending;
  struct Tls;
  friend struct Http2Callbacks;

  bool Connect();
  bool StartTls();
  void StartSession();
  void Fail();
  // Bytes moved; 0: none for now; negative: the connection is over.
  ssize_t Write(const char* bytes, size_t count);
  ssize_t Read(char* bytes, size_t count);

  const Http2Options options_;
  int socket_ = -1;
  bool alive_ = false;
  std::unique_ptr<Tls> tls_;
  nghttp2_session* session_ = nullptr;
  std::map<int32_t, std::unique_ptr<Pending>> calls_;
  std::string unsent_;
};

}  // namespace leye::testing

#endif  // LEYE_TESTS_TESTING_HTTP2_CLIENT_H_
