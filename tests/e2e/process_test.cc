// leyed as operators meet it: how it starts, refuses to start, and ends.

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include <sys/stat.h>

#include "leye/v1/skill.pb.h"
#include "services/leyed/options.h"
#include "tests/e2e/client.h"
#include "tests/e2e/server_in_process.h"
#include "tests/e2e/server_process.h"
#include "tests/testing/status_matchers.h"

namespace leye::e2e {
namespace {

using ::leye::testing::IsOk;
using ::leye::testing::TempDir;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

constexpr char kAnyPort[] = "--listen=127.0.0.1:0";
constexpr int kConfigurationMistake = 2;

class Process : public ::testing::Test {
 protected:
  std::string DataDir() const { return absl::StrCat("--data-dir=", folder_.File("data")); }

  std::string FileWith(const std::string& text) const {
    std::string path = folder_.File("leyed.conf");
    std::ofstream(path) << text;
    return path;
  }

  // A copy of the shipped catalogue with a row more of titles.tsv.
  std::string CatalogueWith(const std::string& title_row) const {
    std::string folder = folder_.File("catalogue");
    std::filesystem::copy(absl::StrCat(getenv("LEYE_SOURCE_DIR"), "/deploy/catalogue"), folder);
    std::ofstream(absl::StrCat(folder, "/titles.tsv"), std::ios::app) << title_row;
    return folder;
  }

  TempDir folder_;
};

void ExpectMistake(ServerProcess& server, const std::vector<std::string>& said) {
  EXPECT_EQ(server.WaitForExit(), kConfigurationMistake);
  EXPECT_THAT(server.output(), IsEmpty());
  for (const std::string& part : said) EXPECT_THAT(server.errors(), HasSubstr(part));
}

absl::Status CallOnce(const std::string& address) {
  return Client(Connect(address))
      .Call<v1::GetSkillResponse>(Parse<v1::GetSkillRequest>(R"pb(name: "skills/welding-arc")pb"))
      .status();
}

TEST_F(Process, SaysItsAddressAndServesThere) {
  ServerProcess server({kAnyPort, DataDir()});
  ASSERT_TRUE(server.WaitUntilServing()) << server.errors();
  EXPECT_THAT(CallOnce(server.address()), IsOk());
}

TEST_F(Process, EndsInOrderOnSigterm) {
  ServerProcess server({kAnyPort, DataDir()});
  ASSERT_TRUE(server.WaitUntilServing()) << server.errors();
  server.Signal(SIGTERM);
  EXPECT_EQ(server.WaitForExit(), 0);
  EXPECT_EQ(server.output(), absl::StrCat("leyed is serving on ", server.address(), "\n"));
}

TEST_F(Process, EndsInOrderOnSigint) {
  ServerProcess server({kAnyPort, DataDir()});
  ASSERT_TRUE(server.WaitUntilServing()) << server.errors();
  server.Signal(SIGINT);
  EXPECT_EQ(server.WaitForExit(), 0);
}

TEST_F(Process, ASecondOneOnTheSameDataRefusesAndTheFirstGoesOn) {
  ServerProcess first({kAnyPort, DataDir()});
  ASSERT_TRUE(first.WaitUntilServing()) << first.errors();
  ServerProcess second({kAnyPort, DataDir()});
  EXPECT_EQ(second.WaitForExit(), 1);
  EXPECT_THAT(second.errors(), AllOf(HasSubstr(folder_.File("data")), HasSubstr("process")));
  EXPECT_THAT(CallOnce(first.address()), IsOk());
}

TEST_F(Process, TheSameDataServesAgainAfterItsEnd) {
  for (const int signal : {SIGTERM, SIGKILL}) {
    ServerProcess server({kAnyPort, DataDir()});
    ASSERT_TRUE(server.WaitUntilServing()) << server.errors();
    server.Signal(signal);
    server.WaitForExit();
  }
  ServerProcess again({kAnyPort, DataDir()});
  EXPECT_TRUE(again.WaitUntilServing()) << again.errors();
}

TEST_F(Process, APortThatIsTakenIsRefused) {
  ServerProcess first({kAnyPort, DataDir()});
  ASSERT_TRUE(first.WaitUntilServing()) << first.errors();
  ServerProcess second({absl::StrCat("--listen=", first.address()),
                        absl::StrCat("--data-dir=", folder_.File("other"))});
  EXPECT_EQ(second.WaitForExit(), 1);
  EXPECT_THAT(second.errors(), HasSubstr(first.address()));
}

TEST_F(Process, AnUnknownFlagIsRefusedNamingTheNearest) {
  ServerProcess server({"--worker-thread=4"});
  ExpectMistake(server, {"worker-thread", "worker-threads"});
}

TEST_F(Process, AnUnknownVariableIsRefusedNamingTheNearest) {
  ServerProcess server({}, {{"LEYE_DATA_DIRR", "x"}});
  ExpectMistake(server, {"LEYE_DATA_DIRR", "LEYE_DATA_DIR"});
}

TEST_F(Process, AnUnknownKeyOfTheFileIsRefusedNamingTheNearest) {
  ServerProcess server({absl::StrCat("--config=", FileWith("lissten = 127.0.0.1:0\n"))});
  ExpectMistake(server, {"lissten", "listen"});
}

TEST_F(Process, AllMistakesAreToldAtOnce) {
  ServerProcess server({"--drain=soon", "--worker-threads=0"}, {{"LEYE_LOG_LEVEL", "loud"}});
  ExpectMistake(server, {"drain", "worker-threads", "LEYE_LOG_LEVEL"});
}

TEST_F(Process, AFlagGoesBeforeAVariableAndThatBeforeTheFile) {
  const std::string file = FileWith("listen = 192.0.2.1:1\ndata-dir = /nowhere/file\n");
  ServerProcess server({absl::StrCat("--config=", file), kAnyPort},
                       {{"LEYE_LISTEN", "192.0.2.2:1"}, {"LEYE_DATA_DIR", folder_.File("data")}});
  EXPECT_TRUE(server.WaitUntilServing()) << server.errors();
}

TEST_F(Process, HelpTellsEveryKey) {
  ServerProcess server({"--help"});
  EXPECT_EQ(server.WaitForExit(), 0);
  const std::string help = server.output();
  for (const char* key : {"--config",
                          "--listen",
                          "--allow-plaintext-beyond-loopback",
                          "--data-dir",
                          "--catalogue-dir",
                          "--log-level",
                          "--access-log",
                          "--worker-threads",
                          "--queue-capacity",
                          "--showings-interval",
                          "--max-message-bytes",
                          "--drain",
                          "--max-lag",
                          "--metrics-listen",
                          "--tls-certificate-file",
                          "--tls-key-file",
                          "--client-ca-file",
                          "--token-keys-file",
                          "--api-keys-file",
                          "--calls-per-second",
                          "--burst-calls",
                          "--audit-file",
                          "--master-keys",
                          "--master-keys-command",
                          "--allow-unsealed-beyond-loopback",
                          "--store",
                          "--redis-mode",
                          "--redis-address",
                          "--redis-primary-name",
                          "--redis-user",
                          "--redis-password-file",
                          "--redis-sentinel-password-file",
                          "--redis-replicas",
                          "--redis-unsafe-server",
                          "--redis-connections",
                          "--redis-connect-timeout",
                          "--redis-call-timeout"}) {
    EXPECT_THAT(help, HasSubstr(key));
  }
  LeyedOptions options;
  EXPECT_THAT(help, StartsWith(LeyedConfig(options).Help()));
  for (const char* command :
       {"leyed export REGION FILE", "leyed import FILE", "leyed verify", "leyed reseal"}) {
    EXPECT_THAT(help, HasSubstr(command));
  }
}

TEST_F(Process, DoesNotListenWhereOthersReachItWithoutTls) {
  for (const char* listen : {"--listen=0.0.0.0:0", "--listen=192.0.2.1:7400", "--listen=[::]:0",
                             "--listen=:7400", "--listen=127.0.0.1.example.org:7400"}) {
    ServerProcess server({listen, DataDir()});
    ExpectMistake(server, {"listen", "--allow-plaintext-beyond-loopback"});
  }
}

TEST_F(Process, DoesNotListenWhereOthersReachItWithoutIdentities) {
  ServerProcess tls(
      {"--listen=0.0.0.0:0", DataDir(), "--tls-certificate-file=c.pem", "--tls-key-file=k.pem"});
  ExpectMistake(tls, {"listen", "prove nothing", "client-ca-file", "api-keys-file"});
  ServerProcess half({kAnyPort, DataDir(), "--tls-key-file=k.pem", "--client-ca-file=ca.pem"});
  ExpectMistake(half, {"tls-certificate-file", "client-ca-file"});
}

TEST_F(Process, DoesNotListenWhereOthersReachItWithoutMasterKeys) {
  ServerProcess grpc({"--listen=0.0.0.0:0", DataDir(), "--allow-plaintext-beyond-loopback"});
  ExpectMistake(grpc, {"listen", "not sealed", "master-keys", "--allow-unsealed-beyond-loopback"});
  ServerProcess http(
      {kAnyPort, "--http=0.0.0.0:0", DataDir(), "--allow-plaintext-beyond-loopback"});
  ExpectMistake(http, {"http", "not sealed", "--allow-unsealed-beyond-loopback"});
  ServerProcess allowed({"--listen=0.0.0.0:0", DataDir(), "--allow-plaintext-beyond-loopback",
                         "--allow-unsealed-beyond-loopback"});
  EXPECT_TRUE(allowed.WaitUntilServing()) << allowed.errors();
}

TEST_F(Process, SaysWhatIsMissingWhereOthersReachIt) {
  const std::vector<std::string> open = {"--listen=0.0.0.0:0", DataDir(),
                                         "--allow-plaintext-beyond-loopback",
                                         "--allow-unsealed-beyond-loopback"};
  const auto errors_of = [](const std::vector<std::string>& arguments) {
    ServerProcess server(arguments);
    EXPECT_TRUE(server.WaitUntilServing()) << server.errors();
    server.Signal(SIGTERM);
    server.WaitForExit();
    return server.errors();
  };
  const auto rate = HasSubstr(R"("missing":"calls-per-second: )");
  const auto audit = HasSubstr(R"("missing":"audit-file: )");
  EXPECT_THAT(errors_of(open), AllOf(rate, audit));
  std::vector<std::string> complete = open;
  complete.emplace_back("--calls-per-second=50");
  complete.push_back(absl::StrCat("--audit-file=", folder_.File("audit")));
  EXPECT_THAT(errors_of(complete), AllOf(Not(rate), Not(audit)));
  EXPECT_THAT(errors_of({kAnyPort, DataDir()}), AllOf(Not(rate), Not(audit)));
}

TEST_F(Process, KeysThatCannotBeReadKeepItFromStarting) {
  ServerProcess server({kAnyPort, DataDir(), "--api-keys-file=/nowhere/keys"});
  EXPECT_EQ(server.WaitForExit(), 1);
  EXPECT_THAT(server.errors(), HasSubstr("/nowhere/keys"));
  ServerProcess tls({kAnyPort, DataDir(), "--tls-certificate-file=/nowhere/c.pem",
                     "--tls-key-file=/nowhere/k.pem"});
  EXPECT_EQ(tls.WaitForExit(), 1);
  EXPECT_THAT(tls.errors(), HasSubstr("/nowhere/c.pem"));
}

TEST_F(Process, MetricsListenWhereTheServerMayListen) {
  ServerProcess beyond({kAnyPort, DataDir(), "--metrics-listen=0.0.0.0:0"});
  ExpectMistake(beyond, {"metrics-listen", "--allow-plaintext-beyond-loopback"});
  ServerProcess portless({kAnyPort, DataDir(), "--metrics-listen=localhost"});
  ExpectMistake(portless, {"metrics-listen", "port 0 to 65535"});
  ServerProcess socket({kAnyPort, DataDir(), "--metrics-listen=unix:/tmp/metrics"});
  ExpectMistake(socket, {"metrics-listen", "TCP only"});
}

TEST_F(Process, AnAddressWithoutAPortOfSixteenBitsIsRefused) {
  for (const char* listen :
       {"--listen=127.0.0.1:99999", "--listen=127.0.0.1:65536", "--listen=localhost",
        "--listen=127.0.0.1:", "--listen=127.0.0.1:x", "--listen=127.0.0.1:-1", "--listen=[::1]"}) {
    ServerProcess server({listen, DataDir()});
    ExpectMistake(server, {"listen", "port 0 to 65535"});
  }
}

TEST_F(Process, ServesOnASocketOfTheFileSystem) {
  const std::string address = absl::StrCat("unix:", folder_.File("leyed.sock"));
  ServerProcess server({absl::StrCat("--listen=", address), DataDir()});
  ASSERT_TRUE(server.WaitUntilServing()) << server.errors();
  EXPECT_EQ(server.address(), address);
  EXPECT_THAT(CallOnce(address), IsOk());
}

TEST_F(Process, WhatCannotBeReadLeavesOnlyLogLines) {
  ServerProcess server({kAnyPort, DataDir()});
  ASSERT_TRUE(server.WaitUntilServing()) << server.errors();
  const Client client(Connect(server.address()));
  for (const char* bytes : {"\n\x02\xc3\x28", "\xff\xff\xff"}) {
    EXPECT_FALSE(client.CallRaw("leye.v1.SkillService.GetSkill", {bytes}).status.ok());
  }
  server.Signal(SIGTERM);
  EXPECT_EQ(server.WaitForExit(), 0);
  for (const absl::string_view line : absl::StrSplit(server.errors(), '\n', absl::SkipEmpty())) {
    EXPECT_EQ(line.front(), '{') << line;
  }
}

TEST_F(Process, RedisNeedsAddressesThatFitTheMode) {
  ServerProcess none({kAnyPort, "--store=redis"});
  ExpectMistake(none, {"redis-address", "at least one"});
  ServerProcess two({kAnyPort, "--store=redis", "--redis-address=127.0.0.1:1,127.0.0.1:2"});
  ExpectMistake(two, {"redis-address", "single server"});
  ServerProcess malformed({"--listen=0.0.0.0:0", "--store=redis", "--redis-address=localhost"});
  ExpectMistake(malformed, {"redis-address", "'localhost'", "host:port", "listen"});
}

TEST_F(Process, RedisThatCannotBeReachedIsNamed) {
  ServerProcess server({kAnyPort, "--store=redis", "--redis-address=unix:/nowhere/redis"});
  EXPECT_EQ(server.WaitForExit(), 1);
  EXPECT_THAT(server.errors(), HasSubstr("unix:/nowhere/redis"));
}

TEST_F(Process, ADataDirThatCannotBeMadeIsRefused) {
  ServerProcess server({kAnyPort, "--data-dir=/proc/leye"});
  EXPECT_EQ(server.WaitForExit(), 1);
  EXPECT_THAT(server.errors(), HasSubstr("/proc/leye"));
}

TEST_F(Process, ACatalogueThatIsMissingIsRefused) {
  ServerProcess server(
      {kAnyPort, DataDir(), absl::StrCat("--catalogue-dir=", folder_.File("none"))});
  EXPECT_EQ(server.WaitForExit(), 1);
  EXPECT_THAT(server.errors(), HasSubstr("none"));
}

TEST_F(Process, ATitleThatAnOperatorAddsIsRead) {
  const std::string folder = CatalogueWith("6-18-02-04\t95\t\t铁花匠\n");
  ServerProcess server({kAnyPort, DataDir(), absl::StrCat("--catalogue-dir=", folder)});
  ASSERT_TRUE(server.WaitUntilServing()) << server.errors();
  LEYE_ASSERT_OK_AND_ASSIGN(
      const auto read, Client(Connect(server.address()))
                           .Call<v1::NormalizeSkillsResponse>(
                               Parse<v1::NormalizeSkillsRequest>(R"pb(phrases: "急招铁花匠")pb")));
  ASSERT_EQ(read.phrases(0).trades_size(), 1);
  EXPECT_EQ(read.phrases(0).trades(0).code(), "6-18-02-04");
}

TEST_F(Process, ATitleOfNoTradeIsRefused) {
  const std::string folder = CatalogueWith("6-18-99-99\t95\t\t铁花匠\n");
  ServerProcess server({kAnyPort, DataDir(), absl::StrCat("--catalogue-dir=", folder)});
  EXPECT_EQ(server.WaitForExit(), 1);
  EXPECT_THAT(server.errors(), AllOf(HasSubstr("titles.tsv:"), HasSubstr("6-18-99-99")));
}

TEST_F(Process, AFileThatIsNoStoreIsRefusedAndLeftAlone) {
  const std::string text(8'192, 'x');
  ASSERT_EQ(mkdir(folder_.File("data").c_str(), 0700), 0);
  std::ofstream(folder_.File("data/leye.db")) << text;
  ServerProcess server({kAnyPort, DataDir()});
  EXPECT_EQ(server.WaitForExit(), 1);
  EXPECT_THAT(server.errors(), HasSubstr("leye.db"));
  std::ifstream file(folder_.File("data/leye.db"));
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), text);
}

}  // namespace
}  // namespace leye::e2e
