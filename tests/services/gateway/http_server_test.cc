// Requests as bytes on a socket: what is read, what is refused, and what a server does about
// clients that are slow, too talkative, or gone.

#include "services/gateway/http_server.h"

#include <future>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "services/base/mutex.h"
#include "tests/testing/raw_http.h"
#include "tests/testing/status_matchers.h"

namespace leye::gateway {
namespace {

using ::leye::testing::FailsWith;
using ::leye::testing::RawAnswer;
using ::leye::testing::RawConnection;
using ::leye::testing::RawPost;
using ::testing::HasSubstr;

constexpr absl::Duration kLong = absl::Minutes(2);

// Says what it was asked.
void Echo(const std::shared_ptr<Exchange>& exchange) {
  const HttpRequest& request = exchange->request();
  exchange->Respond([text = absl::StrCat(request.method, " ", request.path, " ",
                                         request.body_too_large ? "too large" : request.body)] {
    return HttpAnswer{.headers = {{"x-answer", "1"}}, .body = text};
  });
}

class Http {
 public:
  explicit Http(HttpServer::Handler handler = Echo, HttpServer::Options options = {}) {
    options.listen = "127.0.0.1:0";
    server_ = *HttpServer::Start(options, std::move(handler));
  }

  HttpServer* operator->() { return server_.get(); }

 private:
  std::unique_ptr<HttpServer> server_;
};

// The next exchange that arrives, to be answered by the test.
class Held {
 public:
  HttpServer::Handler Handler() {
    return [this](const std::shared_ptr<Exchange>& exchange) { arrived_.set_value(exchange); };
  }
  std::shared_ptr<Exchange> Wait() { return arrived_.get_future().get(); }

 private:
  std::promise<std::shared_ptr<Exchange>> arrived_;
};

// Pieces that the test hands out one by one.
class Pieces final : public BodySource {
 public:
  std::optional<Chunk> Next() override {
    MutexLock lock(mutex_);
    return std::exchange(chunk_, std::nullopt);
  }
  void Give(Exchange& exchange, Chunk chunk) {
    {
      MutexLock lock(mutex_);
      chunk_ = std::move(chunk);
    }
    exchange.Wake();
  }

 private:
  Mutex mutex_;
  std::optional<Chunk> chunk_ ABSL_GUARDED_BY(mutex_);
};

TEST(HttpServer, AnswersRequestsOnOneConnection) {
  Http server;
  RawConnection client(server->address());
  for (int i = 0; i < 3; ++i) {
    client.Send(RawPost(absl::StrCat("/a/", i), "", "hello"));
    const RawAnswer answer = client.Receive();
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, absl::StrCat("POST /a/", i, " hello"));
    EXPECT_THAT(answer.head, HasSubstr("x-answer: 1"));
  }
}

TEST(HttpServer, ReadsBodiesInPiecesAndInChunks) {
  Http server;
  RawConnection client(server->address());
  client.Send("POST /a HTTP/1.1\r\nhost: a\r\ncontent-length: 6\r\n\r\nab");
  client.Send("cdef");
  EXPECT_EQ(client.Receive().body, "POST /a abcdef");
  client.Send("POST /b HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n");
  client.Send("2\r\nde\r\n0\r\n\r\n");
  EXPECT_EQ(client.Receive().body, "POST /b abcde");
}

TEST(HttpServer, WaitsForAnAnswerWithoutAThread) {
  constexpr int kMany = 50;
  Mutex mutex;
  std::vector<std::shared_ptr<Exchange>> held;
  std::promise<void> all;
  {
    Http server([&](const std::shared_ptr<Exchange>& exchange) {
      MutexLock lock(mutex);
      held.push_back(exchange);
      if (held.size() == kMany) all.set_value();
    });
    std::vector<std::unique_ptr<RawConnection>> clients;
    for (int i = 0; i < kMany; ++i) {
      clients.push_back(std::make_unique<RawConnection>(server->address()));
      clients.back()->Send(RawPost(absl::StrCat("/", i), "", ""));
    }
    all.get_future().wait();  // With two threads: no request waits for another's answer.
    for (const auto& exchange : held) Echo(exchange);
    for (int i = 0; i < kMany; ++i) {
      EXPECT_EQ(clients[static_cast<size_t>(i)]->Receive().body, absl::StrCat("POST /", i, " "));
    }
  }
}

TEST(HttpServer, DoesNotAskForABodyThatIsTooLarge) {
  Http server(Echo, {.max_body_bytes = 10});
  RawConnection client(server->address());
  client.Send("POST /a HTTP/1.1\r\nhost: a\r\ncontent-length: 11\r\n\r\n");
  EXPECT_EQ(client.Receive().body, "POST /a too large");
}

TEST(HttpServer, KeepsNothingOfChunksThatAreTooMuch) {
  Http server(Echo, {.max_body_bytes = 10});
  RawConnection client(server->address());
  client.Send("POST /a HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n");
  for (int i = 0; i < 100; ++i) client.Send("4\r\nabcd\r\n");
  client.Send("0\r\n\r\n");
  EXPECT_EQ(client.Receive().body, "POST /a too large");
}

TEST(HttpServer, TakesABodyOfExactlyTheLimit) {
  Http server(Echo, {.max_body_bytes = 10});
  RawConnection client(server->address());
  client.Send(RawPost("/a", "", "0123456789"));
  EXPECT_EQ(client.Receive().body, "POST /a 0123456789");
}

TEST(HttpServer, RefusesAHeadThatIsTooLong) {
  Http server;
  RawConnection client(server->address());
  client.Send(absl::StrCat("GET /a HTTP/1.1\r\nhost: a\r\nx: ", std::string(200'000, 'x')));
  EXPECT_GE(client.Receive().status, 400);
}

TEST(HttpServer, SurvivesWhatIsNoHttp) {
  Http server;
  for (const char* garbage :
       {"\x16\x03\x01\x02", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "\r\n\r\n\r\n",
        "POST /a HTTP/1.1\r\nhost: a\r\ncontent-length: -1\r\n\r\n",
        "POST /a HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\nz"}) {
    RawConnection client(server->address());
    client.Send(garbage);
  }
  RawConnection client(server->address());
  client.Send(RawPost("/a", "", "x"));
  EXPECT_EQ(client.Receive().body, "POST /a x");
}

TEST(HttpServer, ClosesOnARequestThatDoesNotEnd) {
  Http server(Echo, {.request_patience = absl::Milliseconds(50)});
  for (const char* half : {"", "POST /a HT", "POST /a HTTP/1.1\r\nhost: a\r\n",
                           "POST /a HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\nabc"}) {
    RawConnection client(server->address());
    client.Send(half);
    EXPECT_TRUE(client.WaitForClose()) << half;
  }
}

TEST(HttpServer, ClosesOnARequestThatTrickles) {
  Http server(Echo, {.request_patience = absl::Milliseconds(50)});
  RawConnection client(server->address());
  client.Send("POST /a HTTP/1.1\r\nhost: a\r\ncontent-length: 100000000\r\n\r\n");
  while (client.Send("x")) {
  }
  RawConnection header(server->address());
  header.Send("GET /a HTTP/1.1\r\nx: ");
  while (header.Send("x")) {
  }
}

TEST(HttpServer, WaitsForAnAnswerLongerThanForARequest) {
  Held held;
  Http server(held.Handler(), {.request_patience = absl::Milliseconds(20)});
  RawConnection client(server->address());
  client.Send(RawPost("/a", "", ""));
  const std::shared_ptr<Exchange> exchange = held.Wait();
  // Another connection's end shows that the patience has passed.
  EXPECT_TRUE(RawConnection(server->address()).WaitForClose());
  Echo(exchange);
  EXPECT_EQ(client.Receive().body, "POST /a ");
}

TEST(HttpServer, TellsThatAClientHasGoneWhileItsAnswerIsMade) {
  Held held;
  Http server(held.Handler());
  auto client = std::make_unique<RawConnection>(server->address());
  client->Send(RawPost("/a", "", ""));
  const std::shared_ptr<Exchange> exchange = held.Wait();
  std::promise<void> gone;
  exchange->WhenGone([&] { gone.set_value(); });
  client.reset();
  gone.get_future().wait();
  Echo(exchange);
}

TEST(HttpServer, SendsAStreamPieceByPiece) {
  Held held;
  Http server(held.Handler());
  RawConnection client(server->address());
  client.Send(RawPost("/a", "", ""));
  const std::shared_ptr<Exchange> exchange = held.Wait();
  const auto pieces = std::make_shared<Pieces>();
  exchange->Respond([pieces] { return HttpAnswer{.stream = pieces}; });
  // The head comes before there is anything to send.
  EXPECT_THAT(client.ReceiveUntil("\r\n\r\n"), HasSubstr("200 OK"));
  for (const char* word : {"one", "two", "three"}) {
    pieces->Give(*exchange, {.bytes = word});
    EXPECT_THAT(client.ReceiveUntil(absl::StrCat(word, "\r\n")), HasSubstr(word));
  }
  pieces->Give(*exchange, {.bytes = "end", .last = true});
  EXPECT_THAT(client.ReceiveUntil("0\r\n\r\n"), HasSubstr("end"));
  client.Close();
}

TEST(HttpServer, SendsAPieceThatIsLargerThanAnyBuffer) {
  Held held;
  Http server(held.Handler());
  RawConnection client(server->address());
  client.Send(RawPost("/a", "", ""));
  const std::shared_ptr<Exchange> exchange = held.Wait();
  const auto pieces = std::make_shared<Pieces>();
  exchange->Respond([pieces] { return HttpAnswer{.stream = pieces}; });
  std::string piece;
  piece.resize(10'000'000, 'x');
  pieces->Give(*exchange, {.bytes = piece, .last = true});
  EXPECT_EQ(client.Receive().body, piece);
}

TEST(HttpServer, TellsThatAClientHasLeftAStream) {
  Held held;
  Http server(held.Handler());
  auto client = std::make_unique<RawConnection>(server->address());
  client->Send(RawPost("/a", "", ""));
  const std::shared_ptr<Exchange> exchange = held.Wait();
  std::promise<void> gone;
  exchange->WhenGone([&] { gone.set_value(); });
  const auto pieces = std::make_shared<Pieces>();
  exchange->Respond([pieces] { return HttpAnswer{.stream = pieces}; });
  client->ReceiveUntil("\r\n\r\n");
  client.reset();
  gone.get_future().wait();
  pieces->Give(*exchange, {.bytes = "", .last = true});
}

TEST(HttpServer, EndsWhileAnswersAreAwaited) {
  Held held;
  std::promise<void> gone;
  std::unique_ptr<RawConnection> client;
  {
    Http server(held.Handler());
    client = std::make_unique<RawConnection>(server->address());
    client->Send(RawPost("/a", "", ""));
    held.Wait()->WhenGone([&] { gone.set_value(); });
  }
  gone.get_future().wait();
  EXPECT_TRUE(client->WaitForClose());
}

TEST(HttpServer, LetsAnAnswerOutBeforeItEnds) {
  Held held;
  Http server(held.Handler());
  RawConnection client(server->address());
  client.Send(RawPost("/a", "", ""));
  const std::shared_ptr<Exchange> exchange = held.Wait();
  server->Quiesce();
  std::future<void> stopped = std::async(std::launch::async, [&] { server->Stop(kLong); });
  Echo(exchange);
  EXPECT_EQ(client.Receive().body, "POST /a ");
  stopped.wait();
}

TEST(HttpServer, SaysThatAnAddressCannotBeBound) {
  Http server;
  for (const std::string& listen :
       {server->address(), std::string("127.0.0.1"), std::string("no.such.host.invalid:0")}) {
    EXPECT_THAT(HttpServer::Start({.listen = listen}, Echo).status(),
                FailsWith(absl::StatusCode::kUnavailable, "LISTEN_FAILED"))
        << listen;
  }
}

}  // namespace
}  // namespace leye::gateway
