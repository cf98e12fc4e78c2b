// leye_bench gateway: one call by gRPC and through the gateway, of a leyed that runs with --http.
#ifndef LEYE_TESTS_BENCH_GATEWAY_COMMAND_H_
#define LEYE_TESTS_BENCH_GATEWAY_COMMAND_H_

#include <string>

namespace leye::bench {

struct GatewayBenchOptions {
  std::string grpc = "127.0.0.1:7400";  // host:port of leyed.
  std::string http = "127.0.0.1:7480";  // The same of its gateway.
  std::string posting = "regions/13/postings/job-0001";
  int calls = 2'000;  // Of each kind, one outstanding.
};

// Prints how long each kind of call takes. 0; 1 when a call failed.
int RunGatewayBench(const GatewayBenchOptions& options);

}  // namespace leye::bench

#endif  // LEYE_TESTS_BENCH_GATEWAY_COMMAND_H_
