// Calls of a server that holds a world: how long each takes alone, and how many go at once.
#ifndef LEYE_TESTS_BENCH_GRPC_QUERIES_H_
#define LEYE_TESTS_BENCH_GRPC_QUERIES_H_

#include <memory>
#include <string>
#include <vector>

#include <grpcpp/channel.h>

namespace leye::bench {

struct Percentiles {
  double p50_ms = 0;
  double p95_ms = 0;
  double p99_ms = 0;
};

// Of calls one after the other on one connection, in turn: so a moment's disturbance of the machine
// is in all of them.
struct LatencyResult {
  Percentiles health;       // grpc.health.v1.Health/Check: gRPC's own empty call.
  Percentiles get_skill;    // The lightest call through leye's handlers.
  Percentiles rank;         // Ten people with reasons in Chinese.
  Percentiles rank_basic;   // Ten people without reasons.
  Percentiles recommend;    // Ten postings with reasons in Chinese.
  double mean_matches = 0;  // Of a rank.
};

struct ThroughputResult {
  double calls_per_second = 0;
  Percentiles latency;
};

// What may be asked about.
struct Subjects {
  std::vector<std::string> postings;
  std::vector<std::string> candidates;
  std::vector<std::string> min_revisions;  // Waited for once, before anything is measured.
};

// Returns when the server's snapshot holds the revisions. "" or what went wrong.
std::string WaitUntilVisible(const std::shared_ptr<grpc::Channel>& channel,
                             const Subjects& subjects);

LatencyResult MeasureLatency(const std::shared_ptr<grpc::Channel>& channel,
                             const Subjects& subjects, int queries);

// From the answer to a change, asked of one server, to an answer of another that holds it; so it
// has one call in it. Changes one after the other.
Percentiles MeasurePropagation(const std::shared_ptr<grpc::Channel>& writer,
                               const std::shared_ptr<grpc::Channel>& reader,
                               const Subjects& subjects, int changes);

// RankCandidates by so many clients, each with a connection and one call outstanding.
ThroughputResult MeasureThroughput(const std::vector<std::shared_ptr<grpc::Channel>>& clients,
                                   const Subjects& subjects, int seconds);

}  // namespace leye::bench

#endif  // LEYE_TESTS_BENCH_GRPC_QUERIES_H_
