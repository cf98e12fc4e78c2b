#include "services/gateway/http_server.h"

#include <microhttpd.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <optional>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

#include "services/base/listen_socket.h"
#include "services/base/mutex.h"
#include "services/base/status.h"
#include "services/gateway/connection_watch.h"

namespace leye::gateway {
namespace {

// What a request has of the connection for its length: the exchange, and whether it was handled.
struct Visit {
  std::shared_ptr<Exchange> exchange;
  bool handled = false;
};

// The exchanges that have no whole answer yet.
class OpenExchanges {
 public:
  // False when it takes no more.
  bool Add(const std::shared_ptr<Exchange>& exchange) ABSL_LOCKS_EXCLUDED(mutex_) {
    MutexLock lock(mutex_);
    return !closed_ && open_.insert(exchange).second;
  }

  void Remove(const std::shared_ptr<Exchange>& exchange) ABSL_LOCKS_EXCLUDED(mutex_) {
    MutexLock lock(mutex_);
    open_.erase(exchange);
    if (open_.empty()) none_.NotifyAll();
  }

  void WaitForNone(SteadyTime deadline) ABSL_LOCKS_EXCLUDED(mutex_) {
    MutexLock lock(mutex_);
    while (!open_.empty() && none_.WaitUntil(mutex_, deadline)) {
    }
  }

  // All that are there, and none comes any more.
  std::vector<std::shared_ptr<Exchange>> Close() ABSL_LOCKS_EXCLUDED(mutex_) {
    MutexLock lock(mutex_);
    closed_ = true;
    return {open_.begin(), open_.end()};
  }

 private:
  Mutex mutex_;
  CondVar none_;
  absl::flat_hash_set<std::shared_ptr<Exchange>> open_ ABSL_GUARDED_BY(mutex_);
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
};

HttpFields FieldsOf(MHD_Connection& connection, MHD_ValueKind kind) {
  HttpFields fields;
  MHD_get_connection_values(
      &connection, kind,
      [](void* out, MHD_ValueKind, const char* key, const char* value) {
        static_cast<HttpFields*>(out)->emplace_back(key, value == nullptr ? "" : value);
        return MHD_YES;
      },
      &fields);
  return fields;
}

HttpRequest HeadOf(MHD_Connection& connection, const char* path, const char* method) {
  return {.method = method,
          .path = path,
          .headers = FieldsOf(connection, MHD_HEADER_KIND),
          .query = FieldsOf(connection, MHD_GET_ARGUMENT_KIND)};
}

// Gives libmicrohttpd what the source has; suspends the connection when that is nothing.
class StreamReader {
 public:
  StreamReader(MHD_Connection& connection, std::shared_ptr<Exchange> exchange,
               std::shared_ptr<BodySource> source)
      : connection_(connection), exchange_(std::move(exchange)), source_(std::move(source)) {}

  ssize_t Read(char* buffer, size_t capacity) {
    while (given_ == chunk_.bytes.size()) {
      if (exchange_->aborted()) return MHD_CONTENT_READER_END_WITH_ERROR;
      if (chunk_.last) return MHD_CONTENT_READER_END_OF_STREAM;
      std::optional<BodySource::Chunk> next = source_->Next();
      if (next.has_value()) {
        chunk_ = *std::move(next);
        given_ = 0;
      } else if (exchange_->SuspendUnlessWoken(connection_)) {
        return 0;
      }
    }
    const size_t count = std::min(capacity, chunk_.bytes.size() - given_);
    std::memcpy(buffer, chunk_.bytes.data() + given_, count);
    given_ += count;
    return static_cast<ssize_t>(count);
  }

 private:
  MHD_Connection& connection_;
  const std::shared_ptr<Exchange> exchange_;
  const std::shared_ptr<BodySource> source_;
  BodySource::Chunk chunk_;
  size_t given_ = 0;
};

MHD_Response* NewResponse(MHD_Connection& connection, const std::shared_ptr<Exchange>& exchange,
                          const HttpAnswer& answer) {
  if (answer.stream == nullptr) {
    return MHD_create_response_from_buffer(
        answer.body.size(), const_cast<char*>(answer.body.data()), MHD_RESPMEM_MUST_COPY);
  }
  constexpr size_t kBlockBytes = 32 << 10;
  return MHD_create_response_from_callback(
      MHD_SIZE_UNKNOWN, kBlockBytes,
      [](void* reader, uint64_t /*position*/, char* buffer, size_t capacity) {
        return static_cast<StreamReader*>(reader)->Read(buffer, capacity);
      },
      new StreamReader(connection, exchange, answer.stream),
      [](void* reader) { delete static_cast<StreamReader*>(reader); });
}

MHD_Result Send(MHD_Connection& connection, const std::shared_ptr<Exchange>& exchange,
                const HttpAnswer& answer) {
  MHD_Response* response = NewResponse(connection, exchange, answer);
  if (response == nullptr) return MHD_NO;
  for (const auto& [name, value] : answer.headers) {
    MHD_add_response_header(response, name.c_str(), value.c_str());
  }
  const MHD_Result queued =
      MHD_queue_response(&connection, static_cast<unsigned>(answer.status), response);
  MHD_destroy_response(response);
  return queued;
}

}  // namespace

struct HttpServer::Parts {
  Parts(const Options& given, Handler handle) : options(given), handler(std::move(handle)) {}

  absl::Status Start();

  // What libmicrohttpd calls.
  static MHD_Result MayConnect(void* parts, const sockaddr* /*address*/, socklen_t /*bytes*/) {
    return static_cast<Parts*>(parts)->quiesced ? MHD_NO : MHD_YES;
  }
  static MHD_Result OnRequest(void* parts, MHD_Connection* connection, const char* path,
                              const char* method, const char* version, const char* data,
                              size_t* data_bytes, void** visit);
  static void OnConnection(void* parts, MHD_Connection* connection, void** watch_id,
                           MHD_ConnectionNotificationCode code);
  static void OnCompleted(void* parts, MHD_Connection* connection, void** visit,
                          MHD_RequestTerminationCode code);

  MHD_Result Begin(MHD_Connection& connection, Visit& visit);
  MHD_Result TakeBody(HttpRequest& request, absl::string_view data) const;
  MHD_Result AnswerOrWait(MHD_Connection& connection, Visit& visit);

  static int64_t WatchIdOf(MHD_Connection& connection) {
    const MHD_ConnectionInfo* info =
        MHD_get_connection_info(&connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return reinterpret_cast<int64_t>(info->socket_context);
  }

  const Options options;
  const Handler handler;
  std::string address;
  std::unique_ptr<ConnectionWatch> watch;
  OpenExchanges open;
  MHD_Daemon* daemon = nullptr;
  std::atomic<bool> quiesced = false;
};

// NOLINTNEXTLINE(readability-function-size): libmicrohttpd's parameters.
MHD_Result HttpServer::Parts::OnRequest(void* parts, MHD_Connection* connection, const char* path,
                                        const char* method, const char* /*version*/,
                                        const char* data, size_t* data_bytes, void** visit) {
  Parts& self = *static_cast<Parts*>(parts);
  if (*visit == nullptr) {
    auto here = std::make_unique<Visit>();
    here->exchange = std::make_shared<Exchange>(HeadOf(*connection, path, method));
    if (!self.open.Add(here->exchange)) return MHD_NO;
    Visit& kept = *here;
    *visit = here.release();  // Until OnCompleted.
    return self.Begin(*connection, kept);
  }
  Visit& here = *static_cast<Visit*>(*visit);
  if (*data_bytes > 0) {
    const absl::string_view piece(data, *data_bytes);
    *data_bytes = 0;
    return self.TakeBody(here.exchange->incoming(), piece);
  }
  return self.AnswerOrWait(*connection, here);
}

// A body whose length is known to be too great is not even asked for.
MHD_Result HttpServer::Parts::Begin(MHD_Connection& connection, Visit& visit) {
  HttpRequest& request = visit.exchange->incoming();
  const std::string* length = request.FindHeader("content-length");
  uint64_t bytes = 0;
  if (length == nullptr || (absl::SimpleAtoi(*length, &bytes) && bytes <= options.max_body_bytes)) {
    return MHD_YES;
  }
  request.body_too_large = true;
  return AnswerOrWait(connection, visit);
}

MHD_Result HttpServer::Parts::TakeBody(HttpRequest& request, absl::string_view data) const {
  if (request.body.size() + data.size() > options.max_body_bytes) {
    request.body_too_large = true;
    std::string().swap(request.body);
  }
  if (!request.body_too_large) absl::StrAppend(&request.body, data);
  return MHD_YES;
}

MHD_Result HttpServer::Parts::AnswerOrWait(MHD_Connection& connection, Visit& visit) {
  if (!std::exchange(visit.handled, true)) {
    watch->AwaitAnswer(WatchIdOf(connection), [exchange = visit.exchange] { exchange->Leave(); });
    handler(visit.exchange);
  }
  std::optional<Exchange::Maker> maker = visit.exchange->TakeOrSuspend(connection);
  if (visit.exchange->aborted()) return MHD_NO;
  return maker.has_value() ? Send(connection, visit.exchange, (*maker)()) : MHD_YES;
}

void HttpServer::Parts::OnConnection(void* parts, MHD_Connection* connection, void** watch_id,
                                     MHD_ConnectionNotificationCode code) {
  ConnectionWatch& watch = *static_cast<Parts*>(parts)->watch;
  if (code == MHD_CONNECTION_NOTIFY_STARTED) {
    const MHD_ConnectionInfo* info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    // NOLINTNEXTLINE(performance-no-int-to-ptr): kept by the library for us, and a number.
    *watch_id = reinterpret_cast<void*>(watch.Add(info->connect_fd));
  } else {
    watch.Remove(reinterpret_cast<int64_t>(*watch_id));
  }
}

void HttpServer::Parts::OnCompleted(void* parts, MHD_Connection* connection, void** visit,
                                    MHD_RequestTerminationCode code) {
  if (*visit == nullptr) return;
  Parts& self = *static_cast<Parts*>(parts);
  const std::unique_ptr<Visit> here(static_cast<Visit*>(std::exchange(*visit, nullptr)));
  self.watch->AwaitRequest(WatchIdOf(*connection));
  if (code != MHD_REQUEST_TERMINATED_COMPLETED_OK) here->exchange->Leave();
  here->exchange->Detach();
  self.open.Remove(here->exchange);
}

absl::Status HttpServer::Parts::Start() {
  LEYE_ASSIGN_OR_RETURN(ListenSocket socket, ListenSocket::Bind(options.listen));
  LEYE_ASSIGN_OR_RETURN(watch, ConnectionWatch::Start(options.request_patience));
  address = socket.address();
  const int bound = socket.Release();
  daemon = MHD_start_daemon(
      MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC, 0,
      &MayConnect, this, &OnRequest, this,                                               //
      MHD_OPTION_LISTEN_SOCKET, bound,                                                   //
      MHD_OPTION_THREAD_POOL_SIZE, static_cast<unsigned>(std::max(options.threads, 2)),  //
      MHD_OPTION_CONNECTION_LIMIT, static_cast<unsigned>(options.max_connections),       //
      MHD_OPTION_CONNECTION_MEMORY_LIMIT, options.max_header_bytes,                      //
      MHD_OPTION_CONNECTION_TIMEOUT,
      static_cast<unsigned>(std::max<int64_t>(absl::ToInt64Seconds(options.idle), 1)),  //
      MHD_OPTION_NOTIFY_CONNECTION, &OnConnection, this,                                //
      MHD_OPTION_NOTIFY_COMPLETED, &OnCompleted, this, MHD_OPTION_END);
  if (daemon != nullptr) return absl::OkStatus();
  close(bound);
  return Error(absl::StatusCode::kUnavailable, "LISTEN_FAILED",
               absl::StrCat("cannot serve HTTP on ", options.listen));
}

absl::StatusOr<std::unique_ptr<HttpServer>> HttpServer::Start(const Options& options,
                                                              Handler handler) {
  auto parts = std::make_unique<Parts>(options, std::move(handler));
  LEYE_RETURN_IF_ERROR(parts->Start());
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(parts)));
}

HttpServer::HttpServer(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

HttpServer::~HttpServer() { Stop(absl::ZeroDuration()); }

const std::string& HttpServer::address() const { return parts_->address; }

void HttpServer::Quiesce() {
  // Not by MHD_quiesce_daemon, which in 0.9.75 ends the process when a worker is faster.
  parts_->quiesced = true;
}

void HttpServer::Stop(absl::Duration patience) {
  if (parts_->daemon == nullptr) return;
  Quiesce();
  parts_->open.WaitForNone(SteadyDeadline(patience));
  // The library may not be stopped while a connection is suspended.
  for (const std::shared_ptr<Exchange>& exchange : parts_->open.Close()) exchange->Abort();
  // libmicrohttpd 0.9.75 faults when it is stopped while it refuses what is no HTTP: so it is
  // stopped without connections.
  constexpr absl::Duration kLongestClose = absl::Seconds(5);
  parts_->watch->ShutDownAll(SteadyDeadline(kLongestClose));
  MHD_stop_daemon(std::exchange(parts_->daemon, nullptr));
}

}  // namespace leye::gateway
