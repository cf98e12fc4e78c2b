// Clients that were not made for leye: Debian's python3-grpcio, and buf curl by reflection. Each is
// skipped where it is not installed; tests/run installs both.

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include <sys/wait.h>

#include "tests/e2e/client.h"
#include "tests/e2e/server_in_process.h"
#include "tests/e2e/small_world.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"

namespace leye::e2e {
namespace {

using ::leye::testing::IsOk;
using ::testing::AllOf;
using ::testing::HasSubstr;

struct Ran {
  int exit_status;
  std::string output;  // Standard output and error.
};

Ran RunShell(const std::string& command) {
  FILE* pipe = popen(absl::StrCat(command, " 2>&1").c_str(), "r");
  Require(pipe != nullptr, command);
  Ran ran;
  char buffer[4'096];
  while (const size_t read = fread(buffer, 1, sizeof buffer, pipe)) ran.output.append(buffer, read);
  const int status = pclose(pipe);
  ran.exit_status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return ran;
}

std::string SourceDir() {
  const char* folder = std::getenv("LEYE_SOURCE_DIR");
  Require(folder != nullptr, "LEYE_SOURCE_DIR is not set: run the test by ctest");
  return folder == nullptr ? "" : folder;
}

class StockClient : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_THAT(MakeSmallWorld(Client(server_.channel())), IsOk()); }

  ServerInProcess server_;
};

TEST_F(StockClient, PythonRanksCandidates) {
  if (RunShell("/usr/bin/python3 -c 'import grpc, google.protobuf'").exit_status != 0) {
    GTEST_SKIP() << "python3-grpcio or python3-protobuf is not installed";
  }
  const testing::TempDir folder;
  const std::string source = SourceDir();
  const Ran made = RunShell(absl::StrCat("protoc -I", source, "/proto --python_out=", folder.path(),
                                         " ", source, "/proto/leye/v1/*.proto"));
  ASSERT_EQ(made.exit_status, 0) << made.output;
  const Ran ran = RunShell(absl::StrCat("PYTHONPATH=", folder.path(), " /usr/bin/python3 ", source,
                                        "/tests/e2e/stock_client.py ", server_.address()));
  EXPECT_EQ(ran.exit_status, 0) << ran.output;
  EXPECT_EQ(ran.output,
            "regions/13/candidates/sewer-near 0.915\n"
            "regions/13/candidates/sewer-far 0.8\n"
            "nobody: NOT_FOUND\n");
}

TEST_F(StockClient, BufCurlRanksCandidatesByReflection) {
  const std::string buf = SourceDir() + "/build/tools/node_modules/.bin/buf";
  if (!std::filesystem::exists(buf)) GTEST_SKIP() << "buf is not installed in build/tools";
  const Ran ran =
      RunShell(absl::StrCat(buf, " curl --protocol grpc --http2-prior-knowledge",
                            R"( -d '{"posting": "regions/13/postings/sewing", "pageSize": 1}' )",
                            "http://", server_.address(), "/leye.v1.MatchService/RankCandidates"));
  EXPECT_EQ(ran.exit_status, 0) << ran.output;
  EXPECT_THAT(ran.output, AllOf(HasSubstr("regions/13/candidates/sewer-near"),
                                HasSubstr("\"forwardMicros\": 915000")));
}

TEST_F(StockClient, BufCurlReadsTheDetailsOfAnError) {
  const std::string buf = SourceDir() + "/build/tools/node_modules/.bin/buf";
  if (!std::filesystem::exists(buf)) GTEST_SKIP() << "buf is not installed in build/tools";
  const Ran ran = RunShell(absl::StrCat(buf, " curl --protocol grpc --http2-prior-knowledge",
                                        R"( -d '{"posting": "x"}' )", "http://", server_.address(),
                                        "/leye.v1.MatchService/RankCandidates"));
  EXPECT_NE(ran.exit_status, 0);
  EXPECT_THAT(ran.output, AllOf(HasSubstr("invalid_argument"), HasSubstr("INVALID_FIELDS")));
}

}  // namespace
}  // namespace leye::e2e
