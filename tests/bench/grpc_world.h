// An invented world in memory, ready to be sent: leyectl's sample, collection by collection.
#ifndef LEYE_TESTS_BENCH_GRPC_WORLD_H_
#define LEYE_TESTS_BENCH_GRPC_WORLD_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "leye/v1/candidate.pb.h"
#include "leye/v1/employer.pb.h"
#include "leye/v1/household.pb.h"
#include "leye/v1/posting.pb.h"
#include "leye/v1/settlement_area.pb.h"

namespace leye::bench {

struct GrpcWorld {
  std::vector<v1::SettlementArea> areas;
  std::vector<v1::Employer> employers;
  std::vector<v1::Household> households;
  std::vector<v1::Candidate> candidates;
  std::vector<v1::Posting> postings;
};

struct GrpcWorldSize {
  int64_t people = 0;
  int areas = 0;
  int postings = 0;
  uint64_t seed = 1;
};

absl::StatusOr<GrpcWorld> InventWorld(const GrpcWorldSize& size);

// The last part of a name.
std::string IdOf(const std::string& name);

}  // namespace leye::bench

#endif  // LEYE_TESTS_BENCH_GRPC_WORLD_H_
