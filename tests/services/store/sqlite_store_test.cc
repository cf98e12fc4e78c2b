// What only the SQLite engine does: files, locks, schema versions and quotas.

#include "services/store/sqlite_store.h"

#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include <sqlite3.h>
#include <sys/stat.h>

#include "tests/testing/fake_clock.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"

namespace leye::store {
namespace {

using absl::StatusCode;
using leye::testing::FailsWith;
using leye::testing::IsOk;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr Region kHebei = Region::FromNumber(13);

class SqliteStoreTest : public ::testing::Test {
 protected:
  absl::StatusOr<std::unique_ptr<Store>> Open(SqliteOptions options = {}) {
    options.path = path();
    return OpenSqliteStore(options, {clock_, random_, log_});
  }
  std::string path() const { return dir_.File("leye.db"); }

  static absl::Status Put(Store& store, const std::string& name, const std::string& open,
                          const std::string& personal = "") {
    Envelope envelope;
    envelope.set_open(open);
    envelope.mutable_sealed()->set_content(personal);
    CommitRequest request{.region = kHebei};
    request.mutations.push_back(
        Mutation::Put(Kind::kCandidate, name, envelope, Precondition::Any()));
    return store.Commit(request).status();
  }

  // Runs SQL on the file directly, as another program would.
  void Execute(const std::string& sql) {
    sqlite3* handle = nullptr;
    ASSERT_EQ(sqlite3_open(path().c_str(), &handle), SQLITE_OK);
    const std::unique_ptr<sqlite3, decltype(&sqlite3_close)> database(handle, &sqlite3_close);
    ASSERT_EQ(sqlite3_exec(handle, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
        << sqlite3_errmsg(handle);
  }

  std::string FileBytes() const {
    std::ifstream file(path(), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  }

  leye::testing::TempDir dir_;
  leye::testing::FakeClock clock_;
  SystemRandom random_;
  Logger log_ = Logger::Discard();
};

TEST_F(SqliteStoreTest, SecondOpenIsRefusedUntilTheFirstCloses) {
  LEYE_ASSERT_OK_AND_ASSIGN(std::unique_ptr<Store> first, Open());
  EXPECT_THAT(Open(), FailsWith(StatusCode::kFailedPrecondition, "STORE_LOCKED"));
  first->Close();
  EXPECT_THAT(Open(), IsOk());
}

uint64_t CountOf(const OutcomeFigures& figures) { return figures.Read().by_code[0]; }

TEST_F(SqliteStoreTest, WaitsForTheDiskAreMeasured) {
  FsyncFigures fsyncs;
  LEYE_ASSERT_OK_AND_ASSIGN(std::unique_ptr<Store> store, Open({.fsyncs = &fsyncs}));
  const uint64_t opened = CountOf(fsyncs.log);
  ASSERT_THAT(Put(*store, "a", "1"), IsOk());
  ASSERT_THAT(Put(*store, "b", "1"), IsOk());
  EXPECT_EQ(CountOf(fsyncs.log) - opened, 2);
  EXPECT_EQ(CountOf(fsyncs.database), 0);
  store.reset();  // Copies the log into the database.
  EXPECT_EQ(CountOf(fsyncs.database), 1);
}

TEST_F(SqliteStoreTest, CommitsThatWaitForNoDiskAreNotCountedAsWaits) {
  FsyncFigures fsyncs;
  LEYE_ASSERT_OK_AND_ASSIGN(
      const std::unique_ptr<Store> store,
      Open({.durability = Durability::kProcessCrashUnsafe, .fsyncs = &fsyncs}));
  const uint64_t opened = CountOf(fsyncs.log);
  ASSERT_THAT(Put(*store, "a", "1"), IsOk());
  EXPECT_EQ(CountOf(fsyncs.log), opened);
}

TEST_F(SqliteStoreTest, FileOfANewerVersionIsRefusedAndLeftAlone) {
  LEYE_ASSERT_OK_AND_ASSIGN(std::unique_ptr<Store> store, Open());
  store.reset();
  Execute("PRAGMA user_version = 99");
  EXPECT_THAT(Open(), FailsWith(StatusCode::kFailedPrecondition, "STORE_NEWER"));
  Execute("PRAGMA user_version = 2");
  EXPECT_THAT(Open(), IsOk());
}

TEST_F(SqliteStoreTest, FileOfAnotherProgramIsRefused) {
  Execute("CREATE TABLE theirs (x)");
  EXPECT_THAT(Open(), FailsWith(StatusCode::kFailedPrecondition, "NOT_A_STORE"));
}

TEST_F(SqliteStoreTest, FileThatIsNoDatabaseIsDataLoss) {
  std::ofstream(path()) << std::string(8'192, 'x');
  EXPECT_THAT(Open(), FailsWith(StatusCode::kDataLoss, "STORE_CORRUPT"));
}

TEST_F(SqliteStoreTest, OverwrittenPageIsDataLossAndNotACrash) {
  LEYE_ASSERT_OK_AND_ASSIGN(std::unique_ptr<Store> store, Open());
  for (int i = 0; i < 200; ++i) {
    ASSERT_THAT(Put(*store, absl::StrCat("n", i), std::string(500, 'x')), IsOk());
  }
  store.reset();
  std::string bytes = FileBytes();
  for (size_t i = 4'096; i < bytes.size(); ++i) bytes[i] = 'z';
  std::ofstream(path(), std::ios::binary) << bytes;
  const auto reopened = Open();
  const absl::Status status = reopened.ok()
                                  ? (*reopened)->Get(kHebei, {Kind::kCandidate, "n7"}).status()
                                  : reopened.status();
  EXPECT_THAT(status, FailsWith(StatusCode::kDataLoss, "STORE_CORRUPT"));
}

TEST_F(SqliteStoreTest, MissingDirectoryIsNamed) {
  const absl::Status status =
      OpenSqliteStore({.path = dir_.File("no/such/leye.db")}, {clock_, random_, log_}).status();
  EXPECT_THAT(status, FailsWith(StatusCode::kUnavailable, "STORE_IO_ERROR"));
  EXPECT_THAT(std::string(status.message()), HasSubstr("no/such"));
}

TEST_F(SqliteStoreTest, FilesAreReadableByTheirOwnerOnly) {
  LEYE_ASSERT_OK_AND_ASSIGN(std::unique_ptr<Store> store, Open());
  ASSERT_THAT(Put(*store, "a", "1"), IsOk());
  for (const char* suffix : {"", "-wal", ".lock"}) {
    struct stat status {};
    ASSERT_EQ(stat((path() + suffix).c_str(), &status), 0) << suffix;
    EXPECT_EQ(status.st_mode & 0777, 0600u) << suffix;
  }
}

TEST_F(SqliteStoreTest, QuotaIsAnErrorThatLeavesEverythingReadable) {
  LEYE_ASSERT_OK_AND_ASSIGN(std::unique_ptr<Store> store, Open({.max_file_bytes = 400'000}));
  int kept = 0;
  absl::Status status;
  while (status.ok()) {
    status = Put(*store, absl::StrCat("n", kept), std::string(1'000, 'x'));
    if (status.ok()) ++kept;
  }
  EXPECT_THAT(status, FailsWith(StatusCode::kResourceExhausted, "STORE_FULL"));
  ASSERT_GT(kept, 50);
  EXPECT_THAT(store->Get(kHebei, {Kind::kCandidate, absl::StrCat("n", kept - 1)}), IsOk());
  store.reset();
  LEYE_ASSERT_OK_AND_ASSIGN(store, Open());
  EXPECT_THAT(Put(*store, "more", std::string(1'000, 'x')), IsOk());
  EXPECT_EQ(store->Head(kHebei)->sequence, static_cast<uint64_t>(kept) + 1);
}

TEST_F(SqliteStoreTest, DeletingOverwritesThePersonalPartInTheFile) {
  LEYE_ASSERT_OK_AND_ASSIGN(std::unique_ptr<Store> store, Open());
  ASSERT_THAT(Put(*store, "a", "open", "a secret to erase"), IsOk());
  store.reset();
  ASSERT_THAT(FileBytes(), HasSubstr("a secret to erase"));
  LEYE_ASSERT_OK_AND_ASSIGN(store, Open());
  CommitRequest request{.region = kHebei};
  request.mutations.push_back(Mutation::Delete(Kind::kCandidate, "a", Precondition::Any()));
  ASSERT_THAT(store->Commit(request), IsOk());
  store.reset();
  EXPECT_THAT(FileBytes(), Not(HasSubstr("a secret to erase")));
}

TEST_F(SqliteStoreTest, TrimmingGivesSpaceBackToLaterCommits) {
  LEYE_ASSERT_OK_AND_ASSIGN(std::unique_ptr<Store> store, Open({.max_file_bytes = 2'000'000}));
  for (uint64_t i = 1; i <= 400; ++i) {
    ASSERT_THAT(Put(*store, "same", std::string(20'000, 'x')), IsOk()) << i;
    if (i % 20 == 0) {
      ASSERT_THAT(store->TrimLog(kHebei, i + 1), IsOk());
    }
  }
}

TEST_F(SqliteStoreTest, RememberedRequestWithoutItsAnswerIsNoticed) {
  LEYE_ASSERT_OK_AND_ASSIGN(std::unique_ptr<Store> store, Open());
  ASSERT_THAT(store->Commit({.region = kHebei,
                             .mutations = {Mutation::Put(Kind::kCandidate, "a", Envelope(),
                                                         Precondition::Any())},
                             .request_id = "r",
                             .fingerprint = "print"}),
              IsOk());
  EXPECT_THAT(store->ScanRequests(kHebei, "", 10), IsOk());
  store.reset();
  Execute("DELETE FROM log");
  LEYE_ASSERT_OK_AND_ASSIGN(store, Open());
  EXPECT_THAT(store->ScanRequests(kHebei, "", 10),
              FailsWith(StatusCode::kDataLoss, "STORE_CORRUPT"));
}

TEST_F(SqliteStoreTest, BothScansNoticeARecordThatCannotBeRead) {
  LEYE_ASSERT_OK_AND_ASSIGN(std::unique_ptr<Store> store, Open());
  ASSERT_THAT(Put(*store, "a", "open", "personal"), IsOk());
  for (const char* damage : {"open = x'1aff'", "open = x'07'", "sealed = x'12ff'"}) {
    SCOPED_TRACE(damage);
    EXPECT_THAT(store->ScanOpen({.region = kHebei}), IsOk());
    store.reset();
    Execute("CREATE TABLE kept AS SELECT * FROM records");
    Execute(absl::StrCat("UPDATE records SET ", damage));
    LEYE_ASSERT_OK_AND_ASSIGN(store, Open());
    const auto corrupt = FailsWith(StatusCode::kDataLoss, "STORE_CORRUPT");
    EXPECT_THAT(store->ScanRegion({.region = kHebei}), corrupt);
    EXPECT_THAT(store->ScanOpen({.region = kHebei}), corrupt);
    store.reset();
    Execute("DELETE FROM records; INSERT INTO records SELECT * FROM kept; DROP TABLE kept");
    LEYE_ASSERT_OK_AND_ASSIGN(store, Open());
  }
}

TEST_F(SqliteStoreTest, LastStepOfARestoreThatFailsLeavesNoHistory) {
  LEYE_ASSERT_OK_AND_ASSIGN(std::unique_ptr<Store> store, Open());
  store.reset();
  Execute("CREATE TRIGGER stuck BEFORE DELETE ON restores BEGIN SELECT RAISE(ABORT, 'stuck'); END");
  LEYE_ASSERT_OK_AND_ASSIGN(store, Open());
  RestoreStep step{.region = kHebei, .restore_id = "move", .revision = {7, 5}, .next_number = 3};
  ASSERT_THAT(store->Restore(step), IsOk());
  step.index = 1;
  step.last = true;
  EXPECT_THAT(store->Restore(step), Not(IsOk()));
  EXPECT_THAT(store->Head(kHebei), leye::testing::IsOkAndHolds(Revision()));
  EXPECT_THAT(Put(*store, "a", "1"),
              FailsWith(StatusCode::kFailedPrecondition, "REGION_RESTORING"));
}

TEST_F(SqliteStoreTest, FullQueueRefusesAtOnce) {
  LEYE_ASSERT_OK_AND_ASSIGN(std::unique_ptr<Store> store, Open({.max_queued_commits = 0}));
  EXPECT_THAT(Put(*store, "a", "1"), FailsWith(StatusCode::kResourceExhausted, "STORE_BUSY"));
}

}  // namespace
}  // namespace leye::store
