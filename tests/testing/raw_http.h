// A client's TCP connection to a server on loopback, byte for byte.
//
//   RawConnection client(server.address());
//   client.Send("GET / HTTP/1.1\r\nhost: a\r\n\r\n");
//   RawAnswer answer = client.Receive();

#ifndef LEYE_TESTS_TESTING_RAW_HTTP_H_
#define LEYE_TESTS_TESTING_RAW_HTTP_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

namespace leye::testing {

struct RawAnswer {
  int status = 0;    // 0: the connection ended before an answer did.
  std::string head;  // With the status line.
  std::string body;  // Without the chunks' marks.
};

// "POST /path HTTP/1.1" with a host, a length and further lines, each ended by "\r\n".
std::string RawPost(absl::string_view path, absl::string_view lines, absl::string_view body);

// Aborts when it cannot connect. Thread-compatible.
class RawConnection {
 public:
  explicit RawConnection(const std::string& address);
  ~RawConnection();
  RawConnection(const RawConnection&) = delete;
  RawConnection& operator=(const RawConnection&) = delete;

  // False when the server has closed the connection.
  bool Send(absl::string_view bytes);

  // Reads one whole answer. Waits for a minute at most.
  RawAnswer Receive();

  // Reads until the received bytes that were not asked for yet hold `mark`, and gives everything to
  // its end; what has come when the connection ends first.
  std::string ReceiveUntil(absl::string_view mark);

  // True once the server closes; what it sends before is dropped.
  bool WaitForClose();

  // As a client does that goes away.
  void Close();

 private:
  bool ReadMore();
  std::string Take(size_t count);

  int socket_ = -1;
  std::string received_;
};

}  // namespace leye::testing

#endif  // LEYE_TESTS_TESTING_RAW_HTTP_H_
