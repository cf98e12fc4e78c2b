// One connection to one Redis server: commands out, replies in, each within a time.
//
//   LEYE_ASSIGN_OR_RETURN(auto connection, Connection::Open(address, login, deadline));
//   LEYE_ASSIGN_OR_RETURN(auto replies, connection->Run({{"GET", key}, {"PING"}}, deadline));
//
// hiredis bounds single system calls only, and after a time-out its context is out of step with the
// server: so every wait is a poll() here, and a connection that failed once is good for nothing.
// hiredis connects and parses; it does not write, because it would do so without MSG_NOSIGNAL.

#ifndef LEYE_SERVICES_STORE_REDIS_CONNECTION_H_
#define LEYE_SERVICES_STORE_REDIS_CONNECTION_H_

#include <compare>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "services/base/mutex.h"
#include "services/store/redis_reply.h"

struct redisContext;

namespace leye::store::redis {

// Where a server listens: a host (name or address) with a port, or with port 0 the path of a Unix
// socket.
struct Address {
  std::string host;
  int port = 0;

  // "host:port" or "unix:/path"; INVALID_ARGUMENT for anything else.
  static absl::StatusOr<Address> Parse(absl::string_view text);
  std::string text() const;

  friend auto operator<=>(const Address&, const Address&) = default;
};

// An empty password: the server asks for none.
struct Login {
  std::string user = "default";
  std::string password = {};
};

using Command = std::vector<std::string>;

struct FreeContext {
  void operator()(redisContext* context) const;
};

// Thread-compatible.
class Connection {
 public:
  // Connects and logs in. UNAVAILABLE (STORE_IO_ERROR) when that fails or takes too long.
  static absl::StatusOr<std::unique_ptr<Connection>> Open(const Address& address,
                                                          const Login& login, SteadyTime deadline);

  // Sends `commands` together and reads their replies, in order. A reply may be an error. When Run
  // itself fails (UNAVAILABLE, STORE_IO_ERROR) the server may have carried out any of them, and the
  // connection is broken.
  absl::StatusOr<std::vector<Reply>> Run(const std::vector<Command>& commands, SteadyTime deadline);

  // Sends without waiting for a reply, and takes the next reply that comes, nullopt when none has
  // come until `deadline`: for subscriptions, and to have several commands on their way. Errors
  // break the connection.
  absl::Status Send(const Command& command, SteadyTime deadline);
  absl::StatusOr<std::optional<Reply>> Receive(SteadyTime deadline);

  // Send in steps, for a long command, without a copy of each argument. An argument may come in two
  // pieces. What was begun goes out with Flush.
  void Begin(size_t arguments);
  void Argument(absl::string_view begin, absl::string_view end = {});
  absl::Status Flush(SteadyTime deadline);

  // Makes a Run or Receive of another thread fail at once. The only method that may be called while
  // another runs.
  void Interrupt();

  // False once anything failed, when the server has hung up meanwhile, or while it owes a reply.
  bool usable() const;

 private:
  explicit Connection(redisContext* context);

  absl::Status FinishConnecting(SteadyTime deadline);
  absl::Status LogIn(const Login& login, SteadyTime deadline);
  void Append(const Command& command);
  absl::StatusOr<bool> ReadSome(SteadyTime deadline);
  absl::Status Fail(absl::string_view what);

  std::unique_ptr<redisContext, FreeContext> context_;
  std::string output_;  // Not yet sent.
  Reply incoming_;
  int owed_ = 0;  // Replies that have not come.
  bool broken_ = false;
};

}  // namespace leye::store::redis

#endif  // LEYE_SERVICES_STORE_REDIS_CONNECTION_H_
