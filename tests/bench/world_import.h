// An invented world into a server that runs, and what may be asked of it then.
#ifndef LEYE_TESTS_BENCH_WORLD_IMPORT_H_
#define LEYE_TESTS_BENCH_WORLD_IMPORT_H_

#include <cstdint>
#include <string>

#include "tests/bench/grpc_queries.h"
#include "tests/bench/grpc_server.h"
#include "tests/bench/grpc_world.h"
#include "tests/bench/import_run.h"

namespace leye::bench {

// A folder of this run's own, removed at the end.
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  const std::string& path() const { return path_; }
  // Of all files in it.
  int64_t Bytes() const;

 private:
  std::string path_;
};

struct WorldImport {
  ImportRun households;
  ImportRun candidates;
  ImportRun postings;
};

// Ends the program with 1 when the server does not take all of it.
WorldImport ImportWorld(const GrpcServer& server, const GrpcWorld& world, int message_items);

// The same when the world has none.
Subjects SubjectsOf(const GrpcWorld& world);

}  // namespace leye::bench

#endif  // LEYE_TESTS_BENCH_WORLD_IMPORT_H_
