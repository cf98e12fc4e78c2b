// leye_bench grpc: the whole server as its clients find it. Runs leyed (from the folder of this
// program) on loopback with an invented world, imports it, asks, and starts it again on the data.
// On Redis, which it starts too, a second leyed joins then.
#ifndef LEYE_TESTS_BENCH_GRPC_COMMAND_H_
#define LEYE_TESTS_BENCH_GRPC_COMMAND_H_

#include <cstdint>

namespace leye::bench {

struct GrpcOptions {
  int64_t people = 160'000;
  int areas = 330;
  int postings = 10'000;
  uint64_t seed = 1;
  int queries = 2'000;      // Of each kind, one outstanding.
  int clients = 16;         // Calls outstanding when throughput is measured.
  int load_seconds = 5;     // For which it is.
  int message_items = 500;  // Of an import stream.
  int changes = 500;        // Through one leyed, asked of another; on Redis only.
  bool redis = false;       // Instead of the embedded store.
  bool json = false;
};

// 0; 1 when the server failed.
int RunGrpc(const GrpcOptions& options);

}  // namespace leye::bench

#endif  // LEYE_TESTS_BENCH_GRPC_COMMAND_H_
