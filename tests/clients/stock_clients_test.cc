// Clients that were not made for leye: Debian's python3-grpcio and curl, buf curl, and the npm
// packages of Connect and gRPC, in Node and in chromium. tests/run installs all of them; one that
// is missing is a failure.

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include <sys/wait.h>

#include "leye/v1/posting.pb.h"
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
using ::testing::StartsWith;

struct Ran {
  int exit_status;
  std::string output;  // Standard output and error.
};

Ran RunShell(const std::string& command) {
  FILE* pipe = popen(absl::StrCat("{ ", command, "; } 2>&1").c_str(), "r");
  Require(pipe != nullptr, command);
  Ran ran{.exit_status = -1, .output = {}};
  char buffer[4'096];
  while (const size_t read = fread(buffer, 1, sizeof buffer, pipe)) ran.output.append(buffer, read);
  const int status = pclose(pipe);
  if (WIFEXITED(status)) ran.exit_status = WEXITSTATUS(status);
  return ran;
}

// A command that waits until a file holds `words`, for a minute at most.
std::string AwaitWords(const std::string& words, const std::string& file) {
  return absl::StrCat("timeout 60 sh -c 'until grep -aqs ", words, " ", file,
                      "; do sleep 0.02; done'");
}

std::string SourceDir() {
  const char* folder = std::getenv("LEYE_SOURCE_DIR");
  Require(folder != nullptr, "LEYE_SOURCE_DIR is not set: run the test by ctest");
  return folder == nullptr ? "" : folder;
}

// A revision of the same region that does not come.
std::string FutureOf(const std::string& revision) {
  const size_t digits = revision.find_last_not_of("0123456789") + 1;
  return absl::StrCat(revision.substr(0, digits), std::stoll(revision.substr(digits)) + 1'000'000);
}

constexpr char kGoogleProtos[] =
    "/usr/share/gocode/src/github.com/grpc-ecosystem/grpc-gateway/third_party/googleapis";

// Serves metrics, HTTP to pages of every origin, and the documents of a folder.
LeyedOptions WithHttp(const std::string& docs) {
  LeyedOptions options;
  options.metrics_listen = "127.0.0.1:0";
  options.http = "127.0.0.1:0";
  options.http_allowed_origins = {"*"};
  options.http_docs = docs;
  return options;
}

class StockClient : public ::testing::Test {
 protected:
  StockClient() : server_(WithHttp("")) {}

  // Leaves one change of posting `road` after `revision_`.
  void SetUp() override {
    const Client client(server_.channel());
    LEYE_ASSERT_OK_AND_ASSIGN(revision_, MakeSmallWorld(client));
    v1::UpdatePostingRequest request;
    request.mutable_posting()->set_name(NameOf("postings", "road"));
    request.mutable_posting()->set_openings(7);
    request.mutable_update_mask()->add_paths("openings");
    LEYE_ASSERT_OK_AND_ASSIGN(const auto updated, client.Call<v1::UpdatePostingResponse>(request));
    future_ = FutureOf(updated.revision());
  }

  // What a script is told of the world and the server.
  std::string World() const {
    return absl::StrCat(" '", revision_, "' '", future_, "' ", server_.metrics_address());
  }
  // A request that waits for minutes.
  std::string Waiting() const {
    return absl::StrCat(
        R"({"posting": "regions/13/postings/sewing", "options": {"minRevisions": [")", future_,
        R"("]}})");
  }
  // A command that waits until the server runs so many calls.
  std::string AwaitCalls(int count) const {
    return absl::StrCat(SourceDir(), "/tests/clients/await_calls ", server_.metrics_address(), " ",
                        count);
  }
  // Starts `command`, ends it after command `until`, and waits until the server has no call left.
  // Fails unless all of that went so.
  Ran RunAndKill(const std::string& command, const std::string& until) const {
    return RunShell(absl::StrCat(command, " & ", until, "; told=$?; kill $! && ", AwaitCalls(0),
                                 " && exit $told"));
  }
  // How many calls of `method` the server ended by `code`, as its metrics say; both are regular
  // expressions.
  int Ended(const std::string& method, const std::string& code) const {
    const Ran ran =
        RunShell(absl::StrCat("curl -sS --noproxy '*' http://", server_.metrics_address(),
                              "/metrics | awk '/^leye_rpc_calls_total.*,method=\"(", method,
                              ")\",code=\"(", code, ")\"/ { sum += $2 } END { print sum + 0 }'"));
    return std::atoi(ran.output.c_str());
  }
  // Of the two calls that wait, one had a deadline; beside it so many watches were cancelled, and
  // one had a deadline. gRPC may tell the server that a call whose deadline has passed was
  // cancelled before the server sees it by its own clock.
  void ExpectDeadlineAndCancelCounted(int watches) const {
    EXPECT_EQ(Ended("RankCandidates", "DEADLINE_EXCEEDED|CANCELLED"), 2);
    EXPECT_GE(Ended("RankCandidates", "CANCELLED"), 1);
    const std::string any = "Watch(Postings|Matches|Referrals)";
    EXPECT_EQ(Ended(any, "DEADLINE_EXCEEDED|CANCELLED"), watches + 1);
    EXPECT_GE(Ended(any, "CANCELLED"), watches);
  }

  std::string Url(const std::string& method) const {
    return absl::StrCat(" http://", server_.http_address(), "/leye.v1.", method);
  }

  ServerInProcess server_;
  std::string revision_;
  std::string future_;
};

// ---- Python

TEST_F(StockClient, PythonGrpcio) {
  ASSERT_EQ(RunShell("/usr/bin/python3 -c 'import grpc, google.protobuf'").exit_status, 0)
      << "python3-grpcio or python3-protobuf is not installed: tests/run";
  const testing::TempDir folder;
  const std::string source = SourceDir();
  const Ran made = RunShell(absl::StrCat(
      "protoc -I", source, "/proto -I", kGoogleProtos, " --python_out=", folder.path(), " ", source,
      "/proto/leye/v1/*.proto google/rpc/status.proto google/rpc/error_details.proto"));
  ASSERT_EQ(made.exit_status, 0) << made.output;
  const Ran ran =
      RunShell(absl::StrCat("PYTHONPATH=", folder.path(), " /usr/bin/python3 ", source,
                            "/tests/clients/grpcio_client.py ", server_.address(), World()));
  EXPECT_EQ(ran.exit_status, 0);
  EXPECT_EQ(ran.output,
            "rank: regions/13/candidates/sewer-near 0.915\n"
            "rank: regions/13/candidates/sewer-far 0.8\n"
            "refused: INVALID_ARGUMENT posting\n"
            "watch: regions/13/postings/road\n"
            "watch, cancelled: CANCELLED\n"
            "watch with a deadline: regions/13/postings/road\n"
            "watch, deadline: DEADLINE_EXCEEDED\n"
            "deadline: DEADLINE_EXCEEDED\n"
            "cancel: CANCELLED\n");
  ExpectDeadlineAndCancelCounted(1);
}

// ---- npm

// What checks.mjs says when everything is as it should be, and the count of requests by GET.
std::string AllIsWell(int gets) {
  return absl::StrCat(
      "rank: regions/13/candidates/sewer-near 0.915\n"
      "rank: regions/13/candidates/sewer-far 0.8\n"
      "unknown: NotFound\n"
      "refused: InvalidArgument INVALID_FIELDS posting\n"
      "watch: regions/13/postings/road\n"
      "watch, aborted: Canceled\n"
      "watch with a deadline: regions/13/postings/road\n"
      "watch, deadline: DeadlineExceeded\n"
      "watch, refused: InvalidArgument INVALID_FIELDS\n"
      "matches: ADDED regions/13/candidates/sewer-near\n"
      "matches: ADDED regions/13/candidates/sewer-far\n"
      "matches: REMOVED regions/13/candidates/sewer-far\n"
      "matches, aborted: Canceled\n"
      "referrals: regions/13/referrals/far\n"
      "referrals, aborted: Canceled\n"
      "deadline: DeadlineExceeded\n"
      "cancel: Canceled\n"
      "by GET: ",
      gets, "\n");
}

// A folder with the scripts, the npm packages and what protoc-gen-es makes of the protos.
class NpmClient : public StockClient {
 protected:
  void SetUp() override {
    const std::string packages = SourceDir() + "/build/clients/node_modules";
    ASSERT_TRUE(std::filesystem::exists(SourceDir() + "/build/clients/installed-package-lock.json"))
        << "the npm clients are not installed: tests/clients/install";
    StockClient::SetUp();
    std::filesystem::create_directory_symlink(packages, folder_.File("node_modules"));
    std::filesystem::create_directory(folder_.File("gen"));
    const Ran made = RunShell(absl::StrCat(
        "cp ", SourceDir(), "/tests/clients/*.mjs ", SourceDir(), "/tests/clients/await_calls ",
        folder_.path(), " && cd ", SourceDir(), "/proto && protoc -I. -I", kGoogleProtos,
        " --plugin=", packages, "/.bin/protoc-gen-es --es_out=target=js,import_extension=js:",
        folder_.File("gen"), " leye/v1/*.proto google/rpc/error_details.proto"));
    ASSERT_EQ(made.exit_status, 0) << made.output;
  }

  Ran RunNode(const std::string& arguments) const {
    return RunShell(absl::StrCat("cd ", folder_.path(), " && node ", arguments));
  }

  // Of a script that calls checks.mjs. All of its calls that change nothing go by GET, or none.
  void ExpectAllIsWell(const Ran& ran, const std::string& transport) const {
    EXPECT_EQ(ran.exit_status, 0);
    EXPECT_EQ(ran.output, AllIsWell(transport == "connect-get" ? 5 : 0));
    ExpectDeadlineAndCancelCounted(3);
  }

  testing::TempDir folder_;
};

class ConnectNode : public NpmClient, public ::testing::WithParamInterface<const char*> {};

TEST_P(ConnectNode, GetsWhatItShould) {
  const std::string name = GetParam();
  const std::string& address = name == "grpc" ? server_.address() : server_.http_address();
  const Ran ran =
      RunNode(absl::StrCat("connect_node_client.mjs ", name, " http://", address, World()));
  ExpectAllIsWell(ran, name);
}

INSTANTIATE_TEST_SUITE_P(Transports, ConnectNode,
                         ::testing::Values("connect-json", "connect-proto", "connect-get",
                                           "grpc-web", "grpc-web-json", "grpc"));

// Puts the browser's path where the scripts look for it; false when there is none.
bool FindBrowser() {
  for (const char* path : {"/usr/bin/chromium-headless-shell", "/usr/bin/chromium"}) {
    if (!std::filesystem::exists(path)) continue;
    setenv("LEYE_CHROMIUM", path, 1);
    return true;
  }
  return false;
}

class ConnectWeb : public NpmClient, public ::testing::WithParamInterface<const char*> {};

TEST_P(ConnectWeb, GetsWhatItShouldInChromium) {
  ASSERT_TRUE(FindBrowser()) << "chromium-headless-shell is not installed: tests/run";
  const Ran ran = RunNode(absl::StrCat("browser_client.mjs check http://", server_.http_address(),
                                       " ", GetParam(), World()));
  ExpectAllIsWell(ran, GetParam());
}

INSTANTIATE_TEST_SUITE_P(Transports, ConnectWeb,
                         ::testing::Values("connect", "connect-get", "grpc-web"));

TEST_F(NpmClient, ChromiumShowsTheDocumentsAndAsksNobodyElse) {
  ASSERT_TRUE(FindBrowser()) << "chromium-headless-shell is not installed: tests/run";
  ASSERT_TRUE(std::filesystem::exists(SourceDir() + "/build/tools/node_modules/swagger-ui-dist"))
      << "swagger-ui-dist is not installed: tests/tools/install";
  const std::string docs = folder_.File("docs");
  const Ran built = RunShell(absl::StrCat(SourceDir(), "/deploy/docs/build ", docs));
  ASSERT_EQ(built.exit_status, 0) << built.output;
  const ServerInProcess server(WithHttp(docs));
  const Ran ran = RunNode(absl::StrCat("docs_page.mjs http://", server.http_address()));
  EXPECT_EQ(ran.exit_status, 0);
  EXPECT_EQ(ran.output, "leye: API\n");
}

TEST_F(NpmClient, GrpcJs) {
  const Ran ran = RunNode(absl::StrCat("grpc_js_client.mjs ", server_.address(), " ", SourceDir(),
                                       "/proto ", kGoogleProtos, World()));
  EXPECT_EQ(ran.exit_status, 0);
  EXPECT_EQ(ran.output,
            "rank: regions/13/candidates/sewer-near 0.915\n"
            "rank: regions/13/candidates/sewer-far 0.8\n"
            "refused: INVALID_ARGUMENT posting\n"
            "watch: regions/13/postings/road\n"
            "watch, cancelled: CANCELLED\n"
            "watch with a deadline: regions/13/postings/road\n"
            "watch, deadline: DEADLINE_EXCEEDED\n"
            "deadline: DEADLINE_EXCEEDED\n"
            "cancel: CANCELLED\n");
  ExpectDeadlineAndCancelCounted(1);
}

// ---- curl

class Curl : public StockClient {
 protected:
  void SetUp() override {
    ASSERT_EQ(RunShell("curl --version").exit_status, 0) << "curl is not installed: tests/run";
    StockClient::SetUp();
  }

  // The answer's body, then the status code of HTTP on a line of its own.
  static std::string Ask(const std::string& arguments) {
    return RunShell(
               absl::StrCat("curl -sS --noproxy '*' --max-time 5 -w '\\n%{http_code}' ", arguments))
        .output;
  }

  // Arguments by which curl watches postings from `revision_` on; the request lies in `folder`.
  std::string Watch(const testing::TempDir& folder) const {
    const std::string json =
        absl::StrCat(R"({"parent": "regions/13", "revision": ")", revision_, R"("})");
    std::ofstream(folder.File("frame"))
        << std::string(4, '\0') << static_cast<char>(json.size()) << json;
    return absl::StrCat(" -H 'content-type: application/connect+json' --data-binary @",
                        folder.File("frame"), Url("PostingService/WatchPostings"));
  }
};

TEST_F(Curl, PostsJson) {
  EXPECT_THAT(Ask(absl::StrCat("--json '{\"posting\": \"regions/13/postings/sewing\"}'",
                               Url("MatchService/RankCandidates"))),
              AllOf(StartsWith("{\"matches\":[{\"candidate\":{\"name\":"
                               "\"regions/13/candidates/sewer-near\""),
                    HasSubstr("\"forwardMicros\":915000"), HasSubstr("}\n200")));
}

TEST_F(Curl, GetsWhatChangesNothing) {
  EXPECT_THAT(Ask(absl::StrCat("-G --data-urlencode encoding=json --data-urlencode "
                               "'message={\"posting\": \"regions/13/postings/sewing\"}'",
                               Url("MatchService/RankCandidates"))),
              AllOf(HasSubstr("regions/13/candidates/sewer-near"), HasSubstr("\n200")));
  EXPECT_THAT(Ask(absl::StrCat("-G --data-urlencode encoding=json --data-urlencode 'message={}'",
                               Url("CandidateService/DeleteCandidate"))),
              HasSubstr("\n405"));
}

TEST_F(Curl, ReadsTheDetailsOfAnError) {
  EXPECT_THAT(
      Ask(absl::StrCat("--json '{\"posting\": \"x\"}'", Url("MatchService/RankCandidates"))),
      AllOf(StartsWith("{\"code\":\"invalid_argument\",\"message\":"),
            HasSubstr("\"type\":\"google.rpc.BadRequest\""),
            HasSubstr("\"reason\":\"INVALID_FIELDS\""), HasSubstr("\n400")));
  EXPECT_THAT(Ask(absl::StrCat("--json '{\"postin\": \"x\"}'", Url("MatchService/RankCandidates"))),
              AllOf(HasSubstr("postin: no such field in leye.v1.RankCandidatesRequest"),
                    HasSubstr("\n400")));
}

// curl itself would wait for a minute: the deadline is the server's.
TEST_F(Curl, IsToldOfItsDeadline) {
  EXPECT_THAT(Ask(absl::StrCat("-H 'connect-timeout-ms: 100' --json '", Waiting(), "'",
                               Url("MatchService/RankCandidates"))),
              AllOf(HasSubstr("\"code\":\"deadline_exceeded\""), HasSubstr("\n504")));
  EXPECT_EQ(RunShell(AwaitCalls(0)).exit_status, 0);
  EXPECT_EQ(Ended("RankCandidates", "DEADLINE_EXCEEDED|CANCELLED"), 1);
}

TEST_F(Curl, IsToldOfTheDeadlineOfAStream) {
  const testing::TempDir folder;
  EXPECT_THAT(Ask(absl::StrCat("-H 'connect-timeout-ms: 500'", Watch(folder))),
              AllOf(HasSubstr("regions/13/postings/road"),
                    HasSubstr("\"code\":\"deadline_exceeded\""), HasSubstr("\n200")));
  EXPECT_EQ(RunShell(AwaitCalls(0)).exit_status, 0);
  EXPECT_EQ(Ended("WatchPostings", "DEADLINE_EXCEEDED|CANCELLED"), 1);
}

TEST_F(Curl, CancelsACallByItsEnd) {
  const Ran ran = RunAndKill(absl::StrCat("curl -sS --noproxy '*' --json '", Waiting(), "'",
                                          Url("MatchService/RankCandidates")),
                             AwaitCalls(1));
  EXPECT_EQ(ran.exit_status, 0) << ran.output;
  EXPECT_EQ(Ended("RankCandidates", "CANCELLED"), 1);
}

TEST_F(Curl, ReadsAStreamAsItComesAndCancelsItByItsEnd) {
  const testing::TempDir folder;
  const Ran ran =
      RunAndKill(absl::StrCat("curl -sSN --noproxy '*' -o ", folder.File("told"), Watch(folder)),
                 AwaitWords("regions/13/postings/road", folder.File("told")));
  EXPECT_EQ(ran.exit_status, 0) << ran.output;
  EXPECT_EQ(Ended("WatchPostings", "CANCELLED"), 1);
}

// ---- buf

class BufCurl : public StockClient {
 protected:
  void SetUp() override {
    ASSERT_TRUE(std::filesystem::exists(Buf())) << "buf is not installed: tests/tools/install";
    StockClient::SetUp();
  }

  static std::string Buf() { return SourceDir() + "/build/tools/bin/buf"; }

  // By the server's reflection, which speaks gRPC, or by the protos.
  std::string Command(const std::string& protocol, const std::string& schema,
                      const std::string& json, const std::string& rpc) const {
    const bool grpc = protocol == "grpc";
    return absl::StrCat(Buf(), " curl --protocol ", protocol, " ", schema,
                        grpc ? " --http2-prior-knowledge" : "", " -d '", json, "' http://",
                        grpc ? server_.address() : server_.http_address(), "/leye.v1.", rpc);
  }
  static std::string ByProtos() { return absl::StrCat("--schema ", SourceDir(), "/proto"); }

  Ran Ask(const std::string& protocol, const std::string& json, const std::string& rpc) const {
    return RunShell(Command(protocol, protocol == "grpc" ? "" : ByProtos(), json, rpc));
  }
};

class BufCurlBy : public BufCurl, public ::testing::WithParamInterface<const char*> {};

TEST_P(BufCurlBy, RanksCandidates) {
  const Ran ran = Ask(GetParam(), R"({"posting": "regions/13/postings/sewing", "pageSize": 1})",
                      "MatchService/RankCandidates");
  EXPECT_EQ(ran.exit_status, 0) << ran.output;
  EXPECT_THAT(ran.output, AllOf(HasSubstr("regions/13/candidates/sewer-near"),
                                HasSubstr("\"forwardMicros\": 915000")));
}

TEST_P(BufCurlBy, ReadsTheDetailsOfAnError) {
  const Ran ran = Ask(GetParam(), R"({"posting": "x"})", "MatchService/RankCandidates");
  EXPECT_NE(ran.exit_status, 0);
  // Only over Connect buf shows the fields of the details, elsewhere base64: here "\7posting\22" of
  // google.rpc.BadRequest.
  EXPECT_THAT(ran.output, AllOf(HasSubstr("invalid_argument"), HasSubstr("google.rpc.ErrorInfo"),
                                HasSubstr("google.rpc.BadRequest"), HasSubstr("B3Bvc3RpbmcS")));
}

TEST_P(BufCurlBy, CancelsACallByItsEnd) {
  const Ran ran = RunAndKill(
      Command(GetParam(), ByProtos(), Waiting(), "MatchService/RankCandidates"), AwaitCalls(1));
  EXPECT_EQ(ran.exit_status, 0) << ran.output;
  EXPECT_EQ(Ended("RankCandidates", "CANCELLED"), 1);
}

TEST_P(BufCurlBy, ReadsAStreamAndCancelsItByItsEnd) {
  const testing::TempDir folder;
  const std::string told = folder.File("told");
  const std::string json =
      absl::StrCat(R"({"parent": "regions/13", "revision": ")", revision_, R"("})");
  const Ran ran = RunAndKill(Command(GetParam(), absl::StrCat(ByProtos(), " -o ", told), json,
                                     "PostingService/WatchPostings"),
                             AwaitWords("regions/13/postings/road", told));
  EXPECT_EQ(ran.exit_status, 0) << ran.output;
  EXPECT_EQ(Ended("WatchPostings", "CANCELLED"), 1);
}

INSTANTIATE_TEST_SUITE_P(Protocols, BufCurlBy, ::testing::Values("grpc", "connect", "grpcweb"));

}  // namespace
}  // namespace leye::e2e
