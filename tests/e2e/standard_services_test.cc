// grpc.health.v1 and server reflection, as probes and stock clients use them.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "grpc/health/v1/health.grpc.pb.h"
#include "gtest/gtest.h"
#include <grpcpp/client_context.h>

#include "services/base/wire.h"
#include "tests/e2e/client.h"
#include "tests/e2e/import_stream.h"
#include "tests/e2e/rpcs.h"
#include "tests/e2e/server_in_process.h"
#include "tests/e2e/small_world.h"
#include "tests/testing/status_matchers.h"

namespace leye::e2e {
namespace {

using ::grpc::health::v1::Health;
using ::grpc::health::v1::HealthCheckRequest;
using ::grpc::health::v1::HealthCheckResponse;
using ::leye::testing::IsOk;
using ::testing::UnorderedElementsAreArray;

// The values of the length-delimited fields `number` of `message`.
std::vector<std::string> ValuesOf(const std::string& message, uint64_t number) {
  std::vector<std::string> values;
  wire::Reader reader(message);
  while (const std::optional<wire::Field> field = reader.Next()) {
    if (field->number == number) values.emplace_back(field->value);
  }
  return values;
}

// What reflection lists, by the wire format of grpc/reflection/v1alpha/reflection.proto:
// list_services = 7 of the request, list_services_response = 6, service = 1, name = 1.
std::vector<std::string> ReflectedServices(const Client& client) {
  std::string request;
  wire::AppendField(7, "*", request);
  const Answer answer =
      client.CallRaw("grpc.reflection.v1alpha.ServerReflection.ServerReflectionInfo", {request});
  EXPECT_THAT(answer.status, IsOk());
  std::vector<std::string> names;
  for (const std::string& message : answer.messages) {
    for (const std::string& list : ValuesOf(message, 6)) {
      for (const std::string& service : ValuesOf(list, 1)) {
        for (std::string& name : ValuesOf(service, 1)) names.push_back(std::move(name));
      }
    }
  }
  return names;
}

LeyedOptions WithDrain(absl::Duration patience) {
  LeyedOptions options;
  options.drain = patience;
  return options;
}

TEST(HealthService, SaysServingForTheServerAndForEveryService) {
  ServerInProcess server;
  const Client client(server.channel());
  EXPECT_TRUE(IsServing(client, "").value());
  for (const std::string& service : AllServices()) {
    EXPECT_TRUE(IsServing(client, service).value_or(false)) << service;
  }
}

TEST(HealthService, DoesNotKnowOtherServices) {
  ServerInProcess server;
  EXPECT_EQ(IsServing(Client(server.channel()), "leye.v9.Nothing").status().code(),
            absl::StatusCode::kNotFound);
}

TEST(HealthService, TellsWatchersThatTheServerDrains) {
  ServerInProcess server(WithDrain(absl::Seconds(1)));
  grpc::ClientContext context;
  SetDeadline(context);
  const auto stub = Health::NewStub(server.channel());
  const auto watch = stub->Watch(&context, HealthCheckRequest());
  HealthCheckResponse response;
  ASSERT_TRUE(watch->Read(&response));
  EXPECT_EQ(response.status(), HealthCheckResponse::SERVING);
  std::thread drain([&server] { server.Drain(); });
  ASSERT_TRUE(watch->Read(&response));
  EXPECT_EQ(response.status(), HealthCheckResponse::NOT_SERVING);
  // gRPC may say so once more when the server shuts down; then the stream ends.
  while (watch->Read(&response)) {
    EXPECT_EQ(response.status(), HealthCheckResponse::NOT_SERVING);
  }
  drain.join();
}

TEST(Draining, IsQuickWhenNoCallIsUnderWay) {
  ServerInProcess server(WithDrain(absl::Minutes(10)));
  EXPECT_TRUE(IsServing(Client(server.channel()), "").value());
  server.Drain();  // The test's own time limit is shorter than that patience.
}

TEST(Draining, LetsACallThatIsUnderWayEnd) {
  ServerInProcess server(WithDrain(absl::Minutes(10)));
  const Client client(server.channel());
  ASSERT_THAT(MakeSmallWorld(client), IsOk());
  CandidateStream import(client);
  ASSERT_TRUE(import.Write(CandidateItems(0, 100)));
  import.WaitForReceipts(100);

  grpc::ClientContext context;
  SetDeadline(context);
  const auto stub = Health::NewStub(server.channel());
  const auto watch = stub->Watch(&context, HealthCheckRequest());
  HealthCheckResponse response;
  ASSERT_TRUE(watch->Read(&response));
  std::thread drain([&server] { server.Drain(); });
  ASSERT_TRUE(watch->Read(&response));
  EXPECT_EQ(response.status(), HealthCheckResponse::NOT_SERVING);
  context.TryCancel();  // It is a call under way, too.

  EXPECT_TRUE(import.Write(CandidateItems(100, 100)));
  const ImportResult result = import.Finish();
  EXPECT_THAT(result.status, IsOk());
  EXPECT_EQ(result.receipts.size(), 200U);
  drain.join();
}

TEST(Draining, RefusesNewCallsAsUnavailable) {
  ServerInProcess server;
  const Client client(server.channel());
  EXPECT_TRUE(IsServing(client, "").value());
  server.Drain();
  EXPECT_EQ(IsServing(client, "").status().code(), absl::StatusCode::kUnavailable);
}

TEST(Reflection, ListsEveryServiceHealthAndItself) {
  ServerInProcess server;
  std::vector<std::string> expected = AllServices();
  expected.emplace_back("grpc.health.v1.Health");
  expected.emplace_back("grpc.reflection.v1alpha.ServerReflection");
  EXPECT_THAT(ReflectedServices(Client(server.channel())), UnorderedElementsAreArray(expected));
}

TEST(Reflection, GivesTheFileOfEveryService) {
  ServerInProcess server;
  const Client client(server.channel());
  for (const std::string& service : ReflectedServices(client)) {
    std::string request;
    wire::AppendField(4, service, request);  // file_containing_symbol
    const Answer answer =
        client.CallRaw("grpc.reflection.v1alpha.ServerReflection.ServerReflectionInfo", {request});
    ASSERT_EQ(answer.messages.size(), 1U) << service;
    EXPECT_FALSE(ValuesOf(answer.messages[0], 4).empty()) << service;  // file_descriptor_response
    EXPECT_TRUE(ValuesOf(answer.messages[0], 7).empty()) << service;   // error_response
  }
}

}  // namespace
}  // namespace leye::e2e
