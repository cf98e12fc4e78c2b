#include "tests/bench/gateway_command.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"
#include <fmt/core.h>
#include <grpcpp/client_context.h>
#include <grpcpp/create_channel.h>

#include "leye/v1/match.grpc.pb.h"
#include "leye/v1/skill.grpc.pb.h"
#include "tests/testing/raw_http.h"

namespace leye::bench {
namespace {

void Require(bool holds, const std::string& what) {
  if (holds) return;
  fmt::print(stderr, "leye_bench: {}\n", what);
  std::exit(1);
}

// A kind of call, and how long each of them took.
struct Kind {
  std::string name;
  std::function<void()> call;
  std::vector<double> milliseconds = {};

  void CallOnce() {
    const auto began = std::chrono::steady_clock::now();
    call();
    const auto took = std::chrono::steady_clock::now() - began;
    milliseconds.push_back(std::chrono::duration<double, std::milli>(took).count());
  }

  double Percentile(double share) {
    std::sort(milliseconds.begin(), milliseconds.end());
    return milliseconds[static_cast<size_t>(share * static_cast<double>(milliseconds.size() - 1))];
  }
};

// A call through the gateway, on a connection of its own that is kept.
Kind ByHttp(const std::string& name, const GatewayBenchOptions& options, const std::string& path,
            const std::string& type, const std::string& body) {
  const auto connection = std::make_shared<testing::RawConnection>(options.http);
  // A leyed that knows no callers serves only whoever calls it by a name of loopback.
  const std::string request =
      absl::StrCat("POST ", path, " HTTP/1.1\r\nhost: localhost\r\ncontent-type: ", type,
                   "\r\ncontent-length: ", body.size(), "\r\n\r\n", body);
  return {name, [connection, request] {
            connection->Send(request);
            const testing::RawAnswer answer = connection->Receive();
            Require(answer.status == 200, answer.body);
          }};
}

template <typename Stub, typename Request, typename Response>
Kind ByGrpc(const std::string& name, std::shared_ptr<Stub> stub, const Request& request,
            grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*)) {
  return {name, [stub = std::move(stub), request, method] {
            Response response;
            grpc::ClientContext context;
            const grpc::Status status = (stub.get()->*method)(&context, request, &response);
            Require(status.ok(), status.error_message());
          }};
}

v1::RankCandidatesRequest RankRequest(const GatewayBenchOptions& options, v1::MatchView view) {
  v1::RankCandidatesRequest request;
  request.set_posting(options.posting);
  request.set_page_size(10);
  request.mutable_options()->set_view(view);
  return request;
}

void AddRanks(const GatewayBenchOptions& options, const std::shared_ptr<grpc::Channel>& channel,
              v1::MatchView view, std::vector<Kind>& kinds) {
  const std::shared_ptr<v1::MatchService::Stub> stub = v1::MatchService::NewStub(channel);
  const v1::RankCandidatesRequest request = RankRequest(options, view);
  const std::string what = view == v1::MATCH_VIEW_FULL ? "RankCandidates, 10 with reasons"
                                                       : "RankCandidates, 10 without";
  const std::string path = "/leye.v1.MatchService/RankCandidates";
  const std::string json =
      absl::StrCat("{\"posting\":\"", options.posting,
                   "\",\"pageSize\":10,\"options\":{\"view\":", static_cast<int>(view), "}}");
  kinds.push_back(ByGrpc(what + ": gRPC", stub, request, &v1::MatchService::Stub::RankCandidates));
  kinds.push_back(ByHttp(what + ": JSON", options, path, "application/json", json));
  kinds.push_back(ByHttp(what + ": Protobuf over HTTP", options, path, "application/proto",
                         request.SerializeAsString()));
}

void AddSkill(const GatewayBenchOptions& options, const std::shared_ptr<grpc::Channel>& channel,
              std::vector<Kind>& kinds) {
  v1::GetSkillRequest request;
  const std::shared_ptr<v1::SkillService::Stub> stub = v1::SkillService::NewStub(channel);
  v1::ListSkillsResponse skills;
  grpc::ClientContext context;
  stub->ListSkills(&context, {}, &skills);
  Require(skills.skills_size() > 0, "the server has no skills");
  request.set_name(skills.skills(0).name());
  kinds.push_back(ByGrpc("GetSkill: gRPC", stub, request, &v1::SkillService::Stub::GetSkill));
  kinds.push_back(ByHttp("GetSkill: JSON", options, "/leye.v1.SkillService/GetSkill",
                         "application/json", absl::StrCat("{\"name\":\"", request.name(), "\"}")));
}

}  // namespace

int RunGatewayBench(const GatewayBenchOptions& options) {
  grpc::ChannelArguments arguments;
  arguments.SetInt("grpc.enable_http_proxy", 0);
  const std::shared_ptr<grpc::Channel> channel =
      grpc::CreateCustomChannel(options.grpc, grpc::InsecureChannelCredentials(), arguments);
  std::vector<Kind> kinds;
  AddSkill(options, channel, kinds);
  AddRanks(options, channel, v1::MATCH_VIEW_BASIC, kinds);
  AddRanks(options, channel, v1::MATCH_VIEW_FULL, kinds);
  for (Kind& kind : kinds) {
    for (int i = 0; i < options.calls / 10; ++i) kind.call();
  }
  // In turn, so that a moment's disturbance of the machine is in all of them.
  for (int i = 0; i < options.calls; ++i) {
    for (Kind& kind : kinds) kind.CallOnce();
  }
  fmt::print("{} calls of each kind, in turn, one at a time, ms\n", options.calls);
  fmt::print("{:<54} {:>8} {:>8} {:>8}\n", "", "p50", "p95", "p99");
  for (Kind& kind : kinds) {
    fmt::print("{:<54} {:>8.3f} {:>8.3f} {:>8.3f}\n", kind.name, kind.Percentile(0.5),
               kind.Percentile(0.95), kind.Percentile(0.99));
  }
  return 0;
}

}  // namespace leye::bench
