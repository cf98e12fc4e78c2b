// Changes of people in PostgreSQL: how many a second are on disk and visible to the next query.
#ifndef LEYE_TESTS_BENCH_PEERS_POSTGRES_UPDATE_H_
#define LEYE_TESTS_BENCH_PEERS_POSTGRES_UPDATE_H_

#include <cstddef>
#include <cstdint>

#include "absl/status/statusor.h"

#include "tests/bench/dataset.h"
#include "tests/bench/peers/postgres_connection.h"

namespace leye::bench {

struct PostgresUpdateOptions {
  size_t batch = 1'000;  // people a transaction
  double seconds = 10;
  uint64_t seed = 1;
};

// Changes random people of `data` and of the database for some seconds, one transaction after the
// other; returns changes a second. INTERNAL if the database then holds anything else than `data`.
absl::StatusOr<double> UpdatePostgres(const PostgresUpdateOptions& options, Dataset& data,
                                      Connection& connection);

}  // namespace leye::bench

#endif  // LEYE_TESTS_BENCH_PEERS_POSTGRES_UPDATE_H_
