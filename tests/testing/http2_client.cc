#include "tests/testing/http2_client.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>

#include "absl/strings/numbers.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <nghttp2/nghttp2.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <sys/time.h>

namespace leye::testing {
namespace {

constexpr size_t kReadBytes = 65'536;

sockaddr_in AddressOf(const std::string& host, int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  inet_pton(AF_INET, host.c_str(), &address.sin_addr);
  return address;
}

nghttp2_nv HeaderLine(absl::string_view name, absl::string_view value) {
  auto* const name_bytes = reinterpret_cast<uint8_t*>(const_cast<char*>(name.data()));
  auto* const value_bytes = reinterpret_cast<uint8_t*>(const_cast<char*>(value.data()));
  return {name_bytes, value_bytes, name.size(), value.size(), NGHTTP2_NV_FLAG_NONE};
}

int NumberIn(absl::string_view text) {
  int number = -1;
  static_cast<void>(absl::SimpleAtoi(text, &number));
  return number;
}

}  // namespace

std::string GrpcFrame(absl::string_view message, bool compressed) {
  std::string frame(1, compressed ? '\1' : '\0');
  const uint32_t length = htonl(static_cast<uint32_t>(message.size()));
  frame.append(reinterpret_cast<const char*>(&length), sizeof length);
  frame.append(message.data(), message.size());
  return frame;
}

struct Http2Connection::Pending {
  Http2Answer answer;
  std::string body;
  size_t sent = 0;
};

struct Http2Connection::Tls {
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context{SSL_CTX_new(TLS_client_method()),
                                                            &SSL_CTX_free};
  std::unique_ptr<SSL, decltype(&SSL_free)> session{nullptr, &SSL_free};
};

// What libnghttp2 calls; `user` is the connection.
struct Http2Callbacks {
  using Connection = Http2Connection;

  static Connection::Pending* Find(void* user, int32_t stream) {
    auto& calls = static_cast<Connection*>(user)->calls_;
    const auto call = calls.find(stream);
    return call == calls.end() ? nullptr : call->second.get();
  }

  // NOLINTNEXTLINE(readability-function-size): the signature is libnghttp2's
  static int OnHeader(nghttp2_session*, const nghttp2_frame* frame, const uint8_t* name_bytes,
                      size_t name_size, const uint8_t* value_bytes, size_t value_size, uint8_t,
                      void* user) {
    Connection::Pending* const call = Find(user, frame->hd.stream_id);
    if (call == nullptr) return 0;
    const absl::string_view name(reinterpret_cast<const char*>(name_bytes), name_size);
    const absl::string_view value(reinterpret_cast<const char*>(value_bytes), value_size);
    Http2Answer& answer = call->answer;
    if (name == ":status") answer.http_status = NumberIn(value);
    if (name == "grpc-status") answer.grpc_status = NumberIn(value);
    if (name == "grpc-message") answer.grpc_message = std::string(value);
    if (name == "grpc-status-details-bin") answer.details = std::string(value);
    return 0;
  }

  static int OnData(nghttp2_session*, uint8_t, int32_t stream, const uint8_t*, size_t size,
                    void* user) {
    if (Connection::Pending* const call = Find(user, stream)) call->answer.body_bytes += size;
    return 0;
  }

  static int OnClose(nghttp2_session*, int32_t stream, uint32_t error, void* user) {
    auto* const connection = static_cast<Connection*>(user);
    const auto node = connection->calls_.extract(stream);
    if (node.empty()) return 0;
    node.mapped()->answer.error = error;
    if (connection->on_answer) connection->on_answer(node.mapped()->answer);
    return 0;
  }

  // NOLINTNEXTLINE(readability-function-size): the signature is libnghttp2's
  static ssize_t ReadBody(nghttp2_session*, int32_t stream, uint8_t* bytes, size_t size,
                          uint32_t* flags, nghttp2_data_source*, void* user) {
    Connection::Pending* const call = Find(user, stream);
    if (call == nullptr) return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
    const size_t count = std::min(size, call->body.size() - call->sent);
    std::copy_n(call->body.data() + call->sent, count, bytes);
    call->sent += count;
    if (call->sent == call->body.size()) *flags |= NGHTTP2_DATA_FLAG_EOF;
    return static_cast<ssize_t>(count);
  }
};

Http2Connection::Http2Connection(const Http2Options& options) : options_(options) {
  alive_ = Connect() && (options_.tls_ca.empty() || StartTls());
  StartSession();
  if (!alive_) return;
  fcntl(socket_, F_SETFL, fcntl(socket_, F_GETFL) | O_NONBLOCK);
  Send();
}

Http2Connection::~Http2Connection() {
  nghttp2_session_del(session_);
  if (socket_ >= 0) close(socket_);
}

bool Http2Connection::Connect() {
  const size_t colon = options_.address.rfind(':');
  socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket_ < 0 || colon == std::string::npos) return false;
  const int yes = 1;
  setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  const timeval patience{.tv_sec = 30, .tv_usec = 0};
  setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  if (!options_.from.empty()) {
    const sockaddr_in from = AddressOf(options_.from, 0);
    if (bind(socket_, reinterpret_cast<const sockaddr*>(&from), sizeof from) != 0) return false;
  }
  const sockaddr_in to =
      AddressOf(options_.address.substr(0, colon), NumberIn(options_.address.substr(colon + 1)));
  return connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0;
}

bool Http2Connection::StartTls() {
  constexpr std::array<unsigned char, 3> kHttp2 = {2, 'h', '2'};
  tls_ = std::make_unique<Tls>();
  SSL_CTX* const context = tls_->context.get();
  if (SSL_CTX_load_verify_locations(context, options_.tls_ca.c_str(), nullptr) != 1) return false;
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  tls_->session.reset(SSL_new(context));
  SSL* const session = tls_->session.get();
  SSL_set_tlsext_host_name(session, options_.host.c_str());
  SSL_set1_host(session, options_.host.c_str());
  SSL_set_alpn_protos(session, kHttp2.data(), kHttp2.size());
  SSL_set_fd(session, socket_);
  return SSL_connect(session) == 1;
}

void Http2Connection::StartSession() {
  nghttp2_session_callbacks* callbacks = nullptr;
  nghttp2_session_callbacks_new(&callbacks);
  nghttp2_session_callbacks_set_on_header_callback(callbacks, &Http2Callbacks::OnHeader);
  nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, &Http2Callbacks::OnData);
  nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, &Http2Callbacks::OnClose);
  nghttp2_option* options = nullptr;
  nghttp2_option_new(&options);
  nghttp2_option_set_no_auto_window_update(options, options_.reads ? 0 : 1);
  nghttp2_session_client_new2(&session_, callbacks, this, options);
  nghttp2_option_del(options);
  nghttp2_session_callbacks_del(callbacks);
  const nghttp2_settings_entry window = {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE,
                                         static_cast<uint32_t>(options_.window_bytes)};
  nghttp2_submit_settings(session_, NGHTTP2_FLAG_NONE, &window, 1);
  if (!options_.reads) return;
  constexpr int32_t kConnectionWindowBytes = 64 << 20;
  nghttp2_session_set_local_window_size(session_, NGHTTP2_FLAG_NONE, 0, kConnectionWindowBytes);
}

void Http2Connection::Fail() {
  alive_ = false;
  auto calls = std::move(calls_);
  calls_.clear();
  for (const auto& [stream, call] : calls) {
    if (on_answer) on_answer(call->answer);
  }
}

int32_t Http2Connection::Call(const Http2Call& call) {
  std::vector<nghttp2_nv> lines = {
      HeaderLine(":method", "POST"),        HeaderLine(":scheme", tls_ ? "https" : "http"),
      HeaderLine(":path", call.path),       HeaderLine(":authority", options_.host),
      HeaderLine("te", "trailers"),         HeaderLine("content-type", "application/grpc"),
      HeaderLine("user-agent", "leye-test")};
  for (const auto& [name, value] : call.headers) lines.push_back(HeaderLine(name, value));
  nghttp2_data_provider body{};
  body.read_callback = &Http2Callbacks::ReadBody;
  const int32_t stream =
      nghttp2_submit_request(session_, nullptr, lines.data(), lines.size(), &body, nullptr);
  if (stream <= 0) {
    Fail();
    return 0;
  }
  auto pending = std::make_unique<Pending>();
  pending->answer.tag = call.tag;
  pending->answer.stream = stream;
  pending->body = call.body;
  calls_.emplace(stream, std::move(pending));
  return stream;
}

void Http2Connection::Reset(int32_t stream) {
  nghttp2_submit_rst_stream(session_, NGHTTP2_FLAG_NONE, stream, NGHTTP2_CANCEL);
}

void Http2Connection::Frame() {
  const uint8_t* bytes = nullptr;
  while (true) {
    const ssize_t count = nghttp2_session_mem_send(session_, &bytes);
    if (count < 0) Fail();
    if (count <= 0) return;
    unsent_.append(reinterpret_cast<const char*>(bytes), static_cast<size_t>(count));
  }
}

void Http2Connection::AddRawBytes(absl::string_view bytes) {
  Frame();
  unsent_.append(bytes.data(), bytes.size());
}

ssize_t Http2Connection::Write(const char* bytes, size_t count) {
  if (tls_ != nullptr) {
    const int sent = SSL_write(tls_->session.get(), bytes, static_cast<int>(count));
    if (sent > 0) return sent;
    const int why = SSL_get_error(tls_->session.get(), sent);
    return why == SSL_ERROR_WANT_WRITE || why == SSL_ERROR_WANT_READ ? 0 : -1;
  }
  const ssize_t sent = send(socket_, bytes, count, MSG_NOSIGNAL);
  return sent < 0 && errno == EAGAIN ? 0 : sent;
}

ssize_t Http2Connection::Read(char* bytes, size_t count) {
  if (tls_ != nullptr) {
    const int got = SSL_read(tls_->session.get(), bytes, static_cast<int>(count));
    if (got > 0) return got;
    return SSL_get_error(tls_->session.get(), got) == SSL_ERROR_WANT_READ ? 0 : -1;
  }
  const ssize_t got = recv(socket_, bytes, count, 0);
  if (got == 0) return -1;
  return got < 0 && errno == EAGAIN ? 0 : got;
}

void Http2Connection::Send() {
  if (!alive_) return;
  Frame();
  size_t sent = 0;
  while (alive_ && sent < unsent_.size()) {
    const ssize_t count = Write(unsent_.data() + sent, unsent_.size() - sent);
    if (count < 0) Fail();
    if (count <= 0) break;
    sent += static_cast<size_t>(count);
  }
  unsent_.erase(0, sent);
}

void Http2Connection::Receive() {
  std::array<char, kReadBytes> buffer;
  while (alive_) {
    const ssize_t count = Read(buffer.data(), buffer.size());
    if (count == 0) return;
    if (count < 0 || nghttp2_session_mem_recv(session_, reinterpret_cast<uint8_t*>(buffer.data()),
                                              static_cast<size_t>(count)) < 0) {
      Fail();
    }
  }
}

bool Http2Connection::Exchange(std::chrono::nanoseconds patience) {
  Send();
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(patience);
  const timespec wait{.tv_sec = seconds.count(), .tv_nsec = (patience - seconds).count()};
  constexpr int16_t kBoth = POLLIN | POLLOUT;
  pollfd ready{.fd = socket_, .events = wants_to_send() ? kBoth : int16_t{POLLIN}, .revents = 0};
  if (alive_ && ppoll(&ready, 1, &wait, nullptr) >= 0) {
    Receive();
    Send();
  }
  return alive_;
}

}  // namespace leye::testing
