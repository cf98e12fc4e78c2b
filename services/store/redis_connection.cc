#include "services/store/redis_connection.h"

#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include <hiredis/hiredis.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "services/base/status.h"
#include "services/store/errors.h"

namespace leye::store::redis {
namespace {

constexpr char kUnixPrefix[] = "unix:";

// Waits until `events` are possible on `descriptor`; false when `deadline` came first. Anything
// wrong with the descriptor counts as possible: the next call on it says what it is.
bool WaitFor(int descriptor, int16_t events, SteadyTime deadline) {
  while (true) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    const auto milliseconds = std::clamp<int64_t>(left.count(), 0, 60'000);
    pollfd waited{descriptor, events, 0};
    const int ready = poll(&waited, 1, static_cast<int>(milliseconds));
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return true;
    if (std::chrono::steady_clock::now() >= deadline) return false;
  }
}

}  // namespace

absl::StatusOr<Address> Address::Parse(absl::string_view text) {
  absl::string_view path = text;
  if (absl::ConsumePrefix(&path, kUnixPrefix)) {
    if (!path.empty()) return Address{std::string(path), 0};
  } else {
    const size_t colon = text.rfind(':');
    int port = 0;
    if (colon != absl::string_view::npos && colon > 0 &&
        absl::SimpleAtoi(text.substr(colon + 1), &port) && port > 0 && port < 65'536) {
      return Address{std::string(text.substr(0, colon)), port};
    }
  }
  return Error(absl::StatusCode::kInvalidArgument, "INVALID_ADDRESS",
               absl::StrCat("'", text, "' is no address: expected host:port or unix:/path"));
}

std::string Address::text() const {
  return port == 0 ? absl::StrCat(kUnixPrefix, host) : absl::StrCat(host, ":", port);
}

void FreeContext::operator()(redisContext* context) const { redisFree(context); }

Connection::Connection(redisContext* context) : context_(context) {
  context_->reader->fn = Reply::Functions();
  context_->reader->privdata = &incoming_;
}

absl::StatusOr<std::unique_ptr<Connection>> Connection::Open(const Address& address,
                                                             const Login& login,
                                                             SteadyTime deadline) {
  redisContext* context = address.port == 0
                              ? redisConnectUnixNonBlock(address.host.c_str())
                              : redisConnectNonBlock(address.host.c_str(), address.port);
  if (context == nullptr) return StoreIoError("no memory for a connection");
  std::unique_ptr<Connection> connection(new Connection(context));
  absl::Status opened = connection->FinishConnecting(deadline);
  if (opened.ok()) opened = connection->LogIn(login, deadline);
  if (!opened.ok()) return WithContext(opened, address.text());
  return connection;
}

absl::Status Connection::FinishConnecting(SteadyTime deadline) {
  if (context_->err != 0) return Fail(context_->errstr);
  if (!WaitFor(context_->fd, POLLOUT, deadline)) return Fail("connecting took too long");
  int error = 0;
  socklen_t size = sizeof error;
  if (getsockopt(context_->fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0) error = errno;
  if (error != 0) return Fail(std::strerror(error));
  if (context_->connection_type == REDIS_CONN_TCP) {
    const int yes = 1;
    setsockopt(context_->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    setsockopt(context_->fd, SOL_SOCKET, SO_KEEPALIVE, &yes, sizeof yes);
  }
  context_->flags |= REDIS_CONNECTED;
  return absl::OkStatus();
}

absl::Status Connection::LogIn(const Login& login, SteadyTime deadline) {
  if (login.password.empty()) return absl::OkStatus();
  LEYE_ASSIGN_OR_RETURN(const std::vector<Reply> replies,
                        Run({{"AUTH", login.user, login.password}}, deadline));
  if (!replies[0].view().is_error()) return absl::OkStatus();
  return Fail(absl::StrCat("login refused: ", replies[0].view().text()));
}

absl::StatusOr<std::vector<Reply>> Connection::Run(const std::vector<Command>& commands,
                                                   SteadyTime deadline) {
  for (const Command& command : commands) Append(command);
  LEYE_RETURN_IF_ERROR(Flush(deadline));
  std::vector<Reply> replies;
  replies.reserve(commands.size());
  while (replies.size() < commands.size()) {
    LEYE_ASSIGN_OR_RETURN(std::optional<Reply> reply, Receive(deadline));
    if (!reply) return Fail("no answer in time");
    replies.push_back(*std::move(reply));
  }
  return replies;
}

absl::Status Connection::Send(const Command& command, SteadyTime deadline) {
  Append(command);
  return Flush(deadline);
}

absl::StatusOr<std::optional<Reply>> Connection::Receive(SteadyTime deadline) {
  while (!broken_) {
    void* reply = nullptr;
    if (redisGetReplyFromReader(context_.get(), &reply) != REDIS_OK) return Fail(context_->errstr);
    if (reply != nullptr) {
      --owed_;
      return std::exchange(incoming_, {});
    }
    LEYE_ASSIGN_OR_RETURN(const bool came, ReadSome(deadline));
    if (!came) return std::nullopt;
  }
  return Fail("the connection is broken");
}

// False when nothing came until `deadline`. Not by redisBufferRead: that takes 16 KB a call.
absl::StatusOr<bool> Connection::ReadSome(SteadyTime deadline) {
  std::array<char, 64 << 10> bytes;  // NOLINT(cppcoreguidelines-pro-type-member-init): written next
  while (true) {
    const ssize_t size = recv(context_->fd, bytes.data(), bytes.size(), 0);
    if (size > 0) {
      redisReaderFeed(context_->reader, bytes.data(), static_cast<size_t>(size));
      return true;
    }
    if (size == 0) return Fail("the server has closed the connection");
    if (errno != EAGAIN && errno != EINTR) return Fail(std::strerror(errno));
    if (!WaitFor(context_->fd, POLLIN, deadline)) return false;
  }
}

void Connection::Interrupt() { shutdown(context_->fd, SHUT_RDWR); }

bool Connection::usable() const {
  if (broken_ || owed_ != 0) return false;
  // Nothing was asked: readable means that the server has closed.
  pollfd waited{context_->fd, POLLIN, 0};
  return poll(&waited, 1, 0) == 0;
}

void Connection::Begin(size_t arguments) {
  ++owed_;
  absl::StrAppend(&output_, "*", arguments, "\r\n");
}

void Connection::Argument(absl::string_view begin, absl::string_view end) {
  absl::StrAppend(&output_, "$", begin.size() + end.size(), "\r\n", begin, end, "\r\n");
}

void Connection::Append(const Command& command) {
  Begin(command.size());
  for (const std::string& argument : command) Argument(argument);
}

// Not by redisBufferWrite: a server that has hung up would end this process with SIGPIPE.
absl::Status Connection::Flush(SteadyTime deadline) {
  absl::string_view rest = output_;
  while (!rest.empty()) {
    if (broken_) return Fail("the connection is broken");
    if (!WaitFor(context_->fd, POLLOUT, deadline)) return Fail("sending took too long");
    const ssize_t sent = send(context_->fd, rest.data(), rest.size(), MSG_NOSIGNAL);
    if (sent >= 0) {
      rest.remove_prefix(static_cast<size_t>(sent));
    } else if (errno != EAGAIN && errno != EINTR) {
      return Fail(std::strerror(errno));
    }
  }
  output_.clear();
  return absl::OkStatus();
}

absl::Status Connection::Fail(absl::string_view what) {
  broken_ = true;
  return StoreIoError(what);
}

}  // namespace leye::store::redis
