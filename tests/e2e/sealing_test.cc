// Personal data at rest, by the programs: a thousand planted people are in no file of a server that
// seals, are found by the same search where it does not, and cannot be read from a backup once they
// are erased and the master key of that time is destroyed.

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include <sys/resource.h>
#include <sys/stat.h>

#include "services/access/keyed_sealer.h"
#include "services/access/master_keys.h"
#include "services/base/random.h"
#include "services/store/sqlite_store.h"
#include "tests/e2e/client.h"
#include "tests/e2e/planted_people.h"
#include "tests/e2e/server_in_process.h"
#include "tests/e2e/server_process.h"
#include "tests/e2e/small_world.h"
#include "tests/testing/raw_http.h"
#include "tests/testing/redis_server.h"
#include "tests/testing/status_matchers.h"

namespace leye::e2e {
namespace {

using absl::StatusCode;
using ::leye::testing::Eventually;
using ::leye::testing::FailsWith;
using ::leye::testing::FreePort;
using ::leye::testing::IsOk;
using ::leye::testing::RedisServer;
using ::leye::testing::TempDir;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Key;
using ::testing::Not;

constexpr int kPeople = 1'000;
constexpr char kAllMarks[] = "address certificate contact health id_number name phone";
const store::Region kHebei = store::Region::FromNumber(13);

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string HttpGet(const std::string& address, const std::string& path) {
  testing::RawConnection connection(address);
  connection.Send(absl::StrCat("GET ", path, " HTTP/1.1\r\nhost: ", address, "\r\n\r\n"));
  return connection.Receive().body;
}

// A folder with everything that servers of one test write but for their keys.
class Sealing : public ::testing::Test {
 protected:
  std::string NewKey() const {
    const absl::StatusOr<std::string> id = access::AddMasterKey(keys_, absl::Now());
    EXPECT_THAT(id, IsOk());
    return id.ok() ? *id : "";
  }

  // Leaves the keys out that are not active.
  void RemoveOldKeys() const {
    const std::string text = ReadFile(keys_);
    std::ofstream(keys_) << text.substr(0, text.find('\n') + 1);
  }

  std::string WithKeys() const { return absl::StrCat("--master-keys=", keys_); }
  std::string Store() const { return absl::StrCat("--data-dir=", files_.File("data")); }

  std::unique_ptr<ServerProcess> Start(std::vector<std::string> arguments) const {
    arguments.emplace_back("--listen=127.0.0.1:0");
    auto server = std::make_unique<ServerProcess>(arguments);
    EXPECT_TRUE(server->WaitUntilServing()) << server->errors();
    return server;
  }

  // Ends by itself; its log stays among the files.
  std::string RunToEnd(const std::vector<std::string>& arguments, int exit_status = 0) {
    ServerProcess program(arguments);
    EXPECT_EQ(program.WaitForExit(), exit_status) << program.errors();
    Keep(absl::StrCat("log-", ++kept_), program.errors());
    return program.output() + program.errors();
  }

  void Keep(const std::string& name, const std::string& text) const {
    std::ofstream(files_.File(name)) << text;
  }

  // Runs everything against a server with these arguments, and kills it in the middle of its work.
  void Exercise(std::vector<std::string> arguments) {
    const std::string metrics = absl::StrCat("127.0.0.1:", FreePort());
    const std::string http = absl::StrCat("127.0.0.1:", FreePort());
    for (std::string& more : std::vector<std::string>{
             absl::StrCat("--metrics-listen=", metrics), absl::StrCat("--http=", http),
             "--log-level=debug", "--access-log=all",
             absl::StrCat("--audit-file=", files_.File("audit"))}) {
      arguments.push_back(std::move(more));
    }
    const auto server = Start(arguments);
    const Client client(Connect(server->address()));
    ASSERT_THAT(PlantPeople(client, kPeople), IsOk());
    ASSERT_THAT(CallAllThatReads(client), IsOk());
    EXPECT_THAT(CallByHttp(http), HasSubstr("PLANTED-name-9001"));
    const std::string figures = HttpGet(metrics, "/metrics");
    EXPECT_THAT(figures, HasSubstr("leye_sealed_field_failures_total{reason=\"broken\"} 0"));
    Keep("metrics", figures);
    server->Signal(SIGKILL);
    server->WaitForExit();
    EXPECT_THAT(server->errors(), HasSubstr("PersonalDataService/ExportPerson"));
    Keep("log", server->errors());
    EXPECT_GT(std::filesystem::file_size(files_.File("audit")), 0);
  }

  TempDir secret_;
  const std::string keys_ = secret_.File("master-keys");
  TempDir files_;
  int kept_ = 0;
};

TEST_F(Sealing, ThePlantedAreInNoFileOfTheEmbeddedStore) {
  NewKey();
  Exercise({Store(), WithKeys()});
  RunToEnd({"export", "13", files_.File("region"), Store(), WithKeys()});
  EXPECT_GT(std::filesystem::file_size(files_.File("region")), 100 * kPeople);
  EXPECT_THAT(MarksIn(files_.path()), IsEmpty());
}

TEST_F(Sealing, TheSameSearchFindsThemWhereNothingIsSealed) {
  Exercise({Store()});
  // Killed, so that the log ahead of the file still stands.
  EXPECT_EQ(MarksIn(files_.path())["data/leye.db-wal"], kAllMarks);
  RunToEnd({"export", "13", files_.File("region"), Store()});
  auto found = MarksIn(files_.path());
  EXPECT_EQ(found["region"], kAllMarks);
  EXPECT_EQ(found["data/leye.db"], kAllMarks);
  for (const auto& [file, marks] : found) {  // Apart from the store they are nowhere even so.
    EXPECT_TRUE(absl::StartsWith(file, "data/") || file == "region") << file << ": " << marks;
  }
}

class RedisSealing : public Sealing {
 protected:
  std::vector<std::string> Redis() const {
    return {"--store=redis", "--redis-connect-timeout=20s", "--redis-call-timeout=60s",
            absl::StrCat("--redis-address=", redis_.address())};
  }

  // Its append-only file as commands, then as it is rewritten, and its dump.
  std::map<std::string, std::string> MarksInRedis() {
    const std::string folder = std::filesystem::path(redis_.File("x")).parent_path();
    std::map<std::string, std::string> found = MarksIn(folder);
    EXPECT_THAT(redis_.Ask({"SAVE"}), HasSubstr("OK"));
    for (const auto& [file, marks] : MarksIn(folder)) found.emplace(file, marks);
    EXPECT_THAT(redis_.Ask({"BGREWRITEAOF"}), HasSubstr("started"));
    EXPECT_TRUE(Eventually([&] {
      return absl::StrContains(redis_.Ask({"INFO", "persistence"}), "aof_rewrite_in_progress:0");
    }));
    for (const auto& [file, marks] : MarksIn(folder)) found.emplace(file, marks);
    return found;
  }

  RedisServer redis_{{.settings = {{"rdbcompression", "no"}}}};
};

TEST_F(RedisSealing, ThePlantedAreInNoFileOfRedis) {
  NewKey();
  std::vector<std::string> arguments = Redis();
  arguments.push_back(WithKeys());
  Exercise(arguments);
  arguments.insert(arguments.begin(), {"export", "13", files_.File("region")});
  RunToEnd(arguments);
  EXPECT_THAT(MarksInRedis(), IsEmpty());
  EXPECT_THAT(MarksIn(files_.path()), IsEmpty());
}

TEST_F(RedisSealing, TheSameSearchFindsThemInEachOfItsFilesWhereNothingIsSealed) {
  Exercise(Redis());
  const std::map<std::string, std::string> found = MarksInRedis();
  EXPECT_THAT(found, Contains(Key(HasSubstr(".incr.aof"))));
  EXPECT_THAT(found, Contains(Key(HasSubstr(".base."))));
  EXPECT_THAT(found, Contains(Key(HasSubstr("dump.rdb"))));
  for (const auto& [file, marks] : found) EXPECT_EQ(marks, kAllMarks) << file;
}

TEST_F(RedisSealing, AnotherProgramSealsAnewWhileALeyedServesAndIsWrittenTo) {
  NewKey();
  std::vector<std::string> arguments = Redis();
  arguments.push_back(WithKeys());
  const auto server = Start(arguments);
  const Client client(Connect(server->address()));
  ASSERT_THAT(PlantPeople(client, 500), IsOk());
  const std::string new_key = NewKey();
  std::atomic<bool> done = false;
  int changes = 0;
  std::thread writer([&] {
    v1::UpdateCandidateRequest update;
    update.mutable_candidate()->set_name(NameOf("candidates", "stays"));
    update.mutable_update_mask()->add_paths("health_note");
    while (!done) {
      update.mutable_candidate()->set_health_note(absl::StrCat("PLANTED-health-", ++changes));
      EXPECT_THAT(client.Call<v1::UpdateCandidateResponse>(update), IsOk());
    }
  });
  absl::SleepFor(absl::Milliseconds(2'500));  // Until the server has it, as the README says.
  arguments.insert(arguments.begin(), "reseal");
  const std::string said = RunToEnd(arguments);
  done = true;
  writer.join();
  EXPECT_THAT(said, HasSubstr(absl::StrCat("by master key: ", new_key, " ")));
  RemoveOldKeys();
  absl::SleepFor(absl::Milliseconds(2'500));
  v1::GetCandidateRequest get;
  get.set_name(NameOf("candidates", "stays"));
  LEYE_ASSERT_OK_AND_ASSIGN(const auto got, client.Call<v1::GetCandidateResponse>(get));
  EXPECT_EQ(got.candidate().health_note(), absl::StrCat("PLANTED-health-", changes));
  EXPECT_THAT(client.Call<v1::ListCandidatesResponse>(
                  Parse<v1::ListCandidatesRequest>(R"pb(parent: "regions/13" page_size: 1000)pb")),
              IsOk());
}

// Of a program that dies by a fault. Core files go to the program's folder where the kernel is set
// so; elsewhere (a pipe to a collector, say) this cannot be tried.
class CoreFiles : public Sealing {
 protected:
  void SetUp() override {
    const std::string pattern = ReadFile("/proc/sys/kernel/core_pattern");
    if (pattern.empty() || pattern[0] == '|' || absl::StrContains(pattern, "/")) {
      GTEST_SKIP() << "core files of this machine go elsewhere: " << pattern;
    }
    rlimit all = {};
    getrlimit(RLIMIT_CORE, &all);
    before_ = all;
    all.rlim_cur = all.rlim_max;
    setrlimit(RLIMIT_CORE, &all);
    if (all.rlim_max == 0) GTEST_SKIP() << "this machine allows no core files";
    home_ = std::filesystem::current_path();
    std::filesystem::create_directory(files_.File("cwd"));
    std::filesystem::current_path(files_.File("cwd"));
  }
  void TearDown() override {
    if (home_.empty()) return;
    std::filesystem::current_path(home_);
    setrlimit(RLIMIT_CORE, &before_);
  }

  // What a server leaves in its folder that is aborted with people in its memory.
  std::map<std::string, std::string> Abort(std::vector<std::string> arguments) {
    const auto server = Start(std::move(arguments));
    const Client client(Connect(server->address()));
    EXPECT_THAT(PlantPeople(client, 50), IsOk());
    server->Signal(SIGABRT);
    EXPECT_EQ(server->WaitForExit(), -SIGABRT);
    return MarksIn(files_.File("cwd"));
  }

 private:
  std::filesystem::path home_;
  rlimit before_ = {};
};

TEST_F(CoreFiles, AServerThatSealsLeavesNone) {
  NewKey();
  EXPECT_THAT(Abort({Store(), WithKeys()}), IsEmpty());
  EXPECT_TRUE(std::filesystem::is_empty(files_.File("cwd")));
}

TEST_F(CoreFiles, TheSameSearchFindsPeopleInThatOfAServerThatDoesNotSeal) {
  const std::map<std::string, std::string> found = Abort({Store()});
  if (std::filesystem::is_empty(files_.File("cwd"))) {
    GTEST_SKIP() << "no core file was written: switched off, or by a sanitizer";
  }
  EXPECT_THAT(found, Contains(Key(HasSubstr("core"))));
}

// What one can do with a copy of the store and the keys of `keys_`.
class Backups : public Sealing {
 protected:
  void Backup() const { std::filesystem::copy(files_.File("data"), files_.File("backup")); }
  std::string OfBackup() const { return absl::StrCat("--data-dir=", files_.File("backup")); }

  // The sealed part of a record of the backup.
  storage::v1::Sealed SealedIn(const std::string& folder, const std::string& name) const {
    const SystemClock clock;
    SystemRandom random;
    const Logger log = Logger::Discard();
    const auto store =
        store::OpenSqliteStore({.path = files_.File(folder) + "/leye.db"}, {clock, random, log});
    EXPECT_THAT(store, IsOk());
    const auto record = (*store)->Get(kHebei, {store::Kind::kCandidate, name});
    EXPECT_THAT(record, IsOk());
    return record.ok() ? record->envelope.sealed() : storage::v1::Sealed();
  }

  absl::StatusOr<std::string> OpenByKeys(const std::string& name,
                                         const storage::v1::Sealed& sealed) const {
    const SystemClock clock;
    const Logger log = Logger::Discard();
    LEYE_ASSIGN_OR_RETURN(const auto keys,
                          access::MasterKeySource::Open({.file = keys_}, clock, log));
    LEYE_ASSIGN_OR_RETURN(const auto sealer, access::KeyedSealer::Create(*keys));
    return sealer->Open(name, sealed);
  }
};

TEST_F(Backups, AnErasedPersonCannotBeReadOnceTheMasterKeyOfThatTimeIsGone) {
  const std::string old_key = NewKey();
  const std::string erased = NameOf("candidates", "erased");
  {
    const auto server = Start({Store(), WithKeys()});
    const Client client(Connect(server->address()));
    ASSERT_THAT(PlantPeople(client, 10), IsOk());
    v1::CreateCandidateRequest create;
    create.set_parent("regions/13");
    create.set_candidate_id("erased");
    *create.mutable_candidate() = PlantedCandidate(5'000);
    ASSERT_THAT(client.Call<v1::CreateCandidateResponse>(create), IsOk());
    server->Signal(SIGTERM);
    ASSERT_EQ(server->WaitForExit(), 0);
  }
  Backup();
  const storage::v1::Sealed copy = SealedIn("backup", erased);
  {
    const auto server = Start({Store(), WithKeys()});
    v1::DeleteCandidateRequest erase;
    erase.set_name(erased);
    ASSERT_THAT(Client(Connect(server->address())).Call<v1::DeleteCandidateResponse>(erase),
                IsOk());
    server->Signal(SIGTERM);
    ASSERT_EQ(server->WaitForExit(), 0);
  }
  // Whoever has the backup and the key still reads the person: erasing alone does not reach it.
  LEYE_ASSERT_OK_AND_ASSIGN(const std::string read, OpenByKeys(erased, copy));
  EXPECT_THAT(MarksOf(read), HasSubstr("id_number"));

  const std::string new_key = NewKey();
  const std::string said = RunToEnd({"reseal", Store(), WithKeys()});
  EXPECT_THAT(said, AllOf(HasSubstr(absl::StrCat("by master key: ", new_key, " ")),
                          Not(HasSubstr(absl::StrCat(old_key, " 1")))));
  RemoveOldKeys();
  EXPECT_THAT(OpenByKeys(erased, copy),
              FailsWith(StatusCode::kFailedPrecondition, "SEAL_KEY_MISSING"));
  // The store itself is served without the old key, and every person in it can be read.
  {
    const auto server = Start({Store(), WithKeys()});
    v1::GetCandidateRequest get;
    get.set_name(NameOf("candidates", "stays"));
    LEYE_ASSERT_OK_AND_ASSIGN(
        const auto got, Client(Connect(server->address())).Call<v1::GetCandidateResponse>(get));
    EXPECT_EQ(got.candidate().full_name(), "PLANTED-name-9001");
  }
  // The backup is not: it says which key it needs.
  const std::string refused = RunToEnd({"--listen=127.0.0.1:0", OfBackup(), WithKeys()}, 1);
  EXPECT_THAT(refused, AllOf(HasSubstr("master keys that are not there"), HasSubstr(old_key)));
}

TEST_F(Backups, ARegionMovesWithItsSealsAndNeedsTheKeysThere) {
  NewKey();
  {
    const auto server = Start({Store(), WithKeys()});
    ASSERT_THAT(PlantPeople(Client(Connect(server->address())), 10), IsOk());
    server->Signal(SIGTERM);
    ASSERT_EQ(server->WaitForExit(), 0);
  }
  RunToEnd({"export", "13", files_.File("region"), Store(), WithKeys()});
  RunToEnd({"import", files_.File("region"), OfBackup(), WithKeys()});
  const std::string refused = RunToEnd({"--listen=127.0.0.1:0", OfBackup()}, 1);
  EXPECT_THAT(refused, HasSubstr("master-keys"));
  NewKey();  // Of the other place, before the one of here.
  const auto server = Start({OfBackup(), WithKeys()});
  EXPECT_TRUE(
      Eventually([&] { return absl::StrContains(server->errors(), "records were sealed anew"); }));
  v1::GetCandidateRequest get;
  get.set_name(NameOf("candidates", "stays"));
  LEYE_ASSERT_OK_AND_ASSIGN(const auto got,
                            Client(Connect(server->address())).Call<v1::GetCandidateResponse>(get));
  EXPECT_EQ(got.candidate().full_name(), "PLANTED-name-9001");
  EXPECT_THAT(MarksIn(files_.path()), IsEmpty());
}

TEST_F(Sealing, WhatWasStoredBeforeThereWereKeysIsSealedWhileServing) {
  std::string etag;
  v1::GetCandidateRequest get;
  get.set_name(NameOf("candidates", "stays"));
  {
    const auto server = Start({Store()});
    const Client client(Connect(server->address()));
    ASSERT_THAT(PlantPeople(client, 200), IsOk());
    LEYE_ASSERT_OK_AND_ASSIGN(const auto got, client.Call<v1::GetCandidateResponse>(get));
    etag = got.candidate().etag();
    server->Signal(SIGTERM);
    ASSERT_EQ(server->WaitForExit(), 0);
    EXPECT_THAT(server->errors(), HasSubstr("not sealed"));
  }
  EXPECT_THAT(MarksIn(files_.path()), Contains(Key("data/leye.db")));
  NewKey();
  const auto server = Start({Store(), WithKeys()});
  EXPECT_TRUE(
      Eventually([&] { return absl::StrContains(server->errors(), "records were sealed anew"); }));
  LEYE_ASSERT_OK_AND_ASSIGN(const auto got,
                            Client(Connect(server->address())).Call<v1::GetCandidateResponse>(get));
  EXPECT_EQ(got.candidate().full_name(), "PLANTED-name-9001");
  EXPECT_EQ(got.candidate().etag(), etag);
  server->Signal(SIGTERM);
  ASSERT_EQ(server->WaitForExit(), 0);
  EXPECT_THAT(MarksIn(files_.path()), IsEmpty());
}

TEST_F(Sealing, ANewKeyIsTakenOverWhileServingAndEverythingSealedUnderIt) {
  NewKey();
  const std::string metrics = absl::StrCat("127.0.0.1:", FreePort());
  const auto server = Start({Store(), WithKeys(), absl::StrCat("--metrics-listen=", metrics)});
  const Client client(Connect(server->address()));
  ASSERT_THAT(PlantPeople(client, 200), IsOk());
  const std::string new_key = NewKey();
  EXPECT_TRUE(Eventually([&] {
    return absl::StrContains(HttpGet(metrics, "/metrics"),
                             absl::StrCat("leye_sealed_records{key=\"", new_key, "\"}"));
  })) << server->errors();
  RemoveOldKeys();
  absl::SleepFor(absl::Milliseconds(2'500));  // The file is looked at every second.
  v1::GetCandidateRequest get;
  get.set_name(NameOf("candidates", "stays"));
  EXPECT_THAT(client.Call<v1::GetCandidateResponse>(get), IsOk());
  EXPECT_THAT(HttpGet(metrics, "/metrics"),
              HasSubstr("leye_sealed_field_failures_total{reason=\"key_missing\"} 0"));
}

TEST_F(Sealing, AKeyThatIsTakenAwayTooEarlyIsToldAndCounted) {
  NewKey();
  const std::string metrics = absl::StrCat("127.0.0.1:", FreePort());
  const auto server = Start({Store(), WithKeys(), absl::StrCat("--metrics-listen=", metrics)});
  const Client client(Connect(server->address()));
  ASSERT_THAT(PlantPeople(client, 5), IsOk());
  std::filesystem::remove(keys_);
  NewKey();
  // The same id of the same day: another key all the same.
  v1::GetCandidateRequest get;
  get.set_name(NameOf("candidates", "stays"));
  EXPECT_TRUE(Eventually([&] { return !client.Call<v1::GetCandidateResponse>(get).ok(); }));
  EXPECT_THAT(client.Call<v1::GetCandidateResponse>(get),
              FailsWith(StatusCode::kDataLoss, "SEAL_BROKEN"));
  EXPECT_THAT(HttpGet(metrics, "/metrics"),
              Not(HasSubstr("leye_sealed_field_failures_total{reason=\"broken\"} 0")));
}

TEST_F(Sealing, KeysThatAreNoSecretOrNoKeysKeepItFromStarting) {
  NewKey();
  chmod(keys_.c_str(), 0644);
  EXPECT_THAT(RunToEnd({"--listen=127.0.0.1:0", Store(), WithKeys()}, 1),
              AllOf(HasSubstr(keys_), HasSubstr("chmod 600")));
  std::ofstream(keys_) << "k1 abc\n";
  chmod(keys_.c_str(), 0600);
  EXPECT_THAT(RunToEnd({"--listen=127.0.0.1:0", Store(), WithKeys()}, 1),
              AllOf(HasSubstr("line 1"), HasSubstr("32 bytes")));
  EXPECT_THAT(RunToEnd({"--listen=127.0.0.1:0", Store(), "--master-keys-command=false"}, 1),
              HasSubstr("status 1"));
  EXPECT_THAT(
      RunToEnd({"--listen=127.0.0.1:0", Store(), WithKeys(), "--master-keys-command=true"}, 2),
      HasSubstr("master-keys-command"));
  EXPECT_THAT(RunToEnd({"reseal", Store()}, 2), HasSubstr("master-keys"));
}

TEST_F(Sealing, KeysOfACommandSealToo) {
  NewKey();
  const std::string from_command = absl::StrCat("--master-keys-command=cat '", keys_, "'");
  {
    const auto server = Start({Store(), from_command});
    ASSERT_THAT(PlantPeople(Client(Connect(server->address())), 5), IsOk());
    server->Signal(SIGTERM);
    ASSERT_EQ(server->WaitForExit(), 0);
  }
  EXPECT_THAT(MarksIn(files_.path()), IsEmpty());
  EXPECT_THAT(RunToEnd({"--listen=127.0.0.1:0", Store()}, 1), HasSubstr("master keys"));
}

}  // namespace
}  // namespace leye::e2e
