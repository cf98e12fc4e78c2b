// What reads, scans, the log and waiting promise.

#include <map>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "services/base/status.h"
#include "tests/services/store/store_contract.h"
#include "tests/testing/status_matchers.h"

namespace leye::store {
namespace {

using absl::StatusCode;
using leye::testing::FailsWith;
using leye::testing::IsOk;
using leye::testing::IsOkAndHolds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

std::vector<std::string> Contents(const std::vector<Record>& records) {
  std::vector<std::string> contents;
  for (const Record& record : records) contents.push_back(record.envelope.open());
  return contents;
}

TEST_P(StoreContract, BatchGetKeepsTheOrderAndMarksWhatIsMissing) {
  ASSERT_THAT(Commit({Put("a", "1"), Put("b", "2")}), IsOk());
  LEYE_ASSERT_OK_AND_ASSIGN(
      const auto records,
      store().BatchGet(kHebei, {Candidate("b"), Candidate("x"), Candidate("a"), Candidate("b")}));
  ASSERT_EQ(records.size(), 4u);
  EXPECT_EQ(records[0]->envelope.open(), "2");
  EXPECT_FALSE(records[1].has_value());
  EXPECT_EQ(records[2]->envelope.open(), "1");
  EXPECT_EQ(records[3]->number, records[0]->number);
}

TEST_P(StoreContract, ScanPagesThroughOneKindByName) {
  ASSERT_THAT(Commit({Put("c", "3"), Put("a", "1"), Put("b", "2"),
                      Mutation::Put(Kind::kPosting, "regions/13/candidates/aa", Content("no"),
                                    Precondition::Any())}),
              IsOk());
  ScanRequest request{.region = kHebei, .kind = Kind::kCandidate, .limit = 2};
  LEYE_ASSERT_OK_AND_ASSIGN(const ScanPage first, store().Scan(request));
  EXPECT_THAT(Contents(first.records), ElementsAre("1", "2"));
  EXPECT_TRUE(first.more);
  EXPECT_EQ(first.revision.sequence, 1u);
  request.after_name = first.records.back().name;
  LEYE_ASSERT_OK_AND_ASSIGN(const ScanPage second, store().Scan(request));
  EXPECT_THAT(Contents(second.records), ElementsAre("3"));
  EXPECT_FALSE(second.more);
}

TEST_P(StoreContract, PageThatEndsExactlyAtTheLastRecordSaysSo) {
  ASSERT_THAT(Commit({Put("a", "1"), Put("b", "2")}), IsOk());
  LEYE_ASSERT_OK_AND_ASSIGN(const ScanPage page,
                            store().Scan({.region = kHebei, .kind = Kind::kCandidate, .limit = 2}));
  EXPECT_FALSE(page.more);
  LEYE_ASSERT_OK_AND_ASSIGN(const RegionScanPage all,
                            store().ScanRegion({.region = kHebei, .limit = 2}));
  EXPECT_EQ(all.next_cursor, "");
}

TEST_P(StoreContract, PagesEndBeforeTheyGrowTooLarge) {
  for (const char* id : {"a", "b", "c"}) {
    ASSERT_THAT(Commit({Put(id, std::string(kMaxPageBytes - 1'000, 'x'))}), IsOk());
  }
  LEYE_ASSERT_OK_AND_ASSIGN(const ScanPage page,
                            store().Scan({.region = kHebei, .kind = Kind::kCandidate}));
  EXPECT_EQ(page.records.size(), 2u);
  EXPECT_TRUE(page.more);
  LEYE_ASSERT_OK_AND_ASSIGN(const OpenScanPage open, store().ScanOpen({.region = kHebei}));
  EXPECT_EQ(open.records.size(), 2u);
  EXPECT_NE(open.next_cursor, "");
  EXPECT_THAT(Follow(store(), kHebei, 100), IsOkAndHolds(*ReadAll(store(), kHebei)));
}

// An engine reads a page in pieces, or ahead of what is taken: pages of any size hold everything
// once, and only the last may be short.
TEST_P(StoreContract, RegionScanHoldsEverythingOnceInPagesOfAnySize) {
  constexpr size_t kRecords = 1'300;
  std::vector<Mutation> mutations;
  std::map<std::string, std::string> expected;
  for (size_t i = 0; i < kRecords; ++i) {
    const std::string id = absl::StrCat(i);
    mutations.push_back(Put(id, absl::StrCat("content of ", id, std::string(i % 700, 'x'))));
    expected[mutations.back().key.name] = mutations.back().envelope.open();
  }
  ASSERT_THAT(Commit(std::move(mutations)), IsOk());
  for (const int limit : {100, 511, 512, 513, 1'023, 1'024, 1'025, 1'299, 1'300, 1'301}) {
    std::map<std::string, std::string> found;
    size_t records = 0;
    size_t pages = 0;
    RegionScanRequest request{.region = kHebei, .limit = limit};
    do {
      LEYE_ASSERT_OK_AND_ASSIGN(OpenScanPage page, store().ScanOpen(request));
      for (size_t i = 0; i < page.records.size(); ++i) {
        found.emplace(page.records[i].name, page.records[i].open);
      }
      records += page.records.size();
      ++pages;
      request.cursor = std::move(page.next_cursor);
    } while (!request.cursor.empty());
    EXPECT_EQ(found, expected) << limit;
    EXPECT_EQ(records, kRecords) << limit;
    EXPECT_EQ(pages, (kRecords + static_cast<size_t>(limit) - 1) / static_cast<size_t>(limit));
  }
}

TEST_P(StoreContract, ReadsOfARegionWithoutHistoryAreEmpty) {
  EXPECT_THAT(store().Head(kHebei), IsOkAndHolds(Revision()));
  EXPECT_THAT(store().ListRegions(), IsOkAndHolds(Heads()));
  EXPECT_EQ(LogText(), "");
  LEYE_ASSERT_OK_AND_ASSIGN(const RegionScanPage page, store().ScanRegion({.region = kHebei}));
  EXPECT_TRUE(page.records.empty());
  EXPECT_EQ(page.next_cursor, "");
  EXPECT_EQ(page.revision, Revision());
}

TEST_P(StoreContract, OpenScanTellsOnlyWhatThePersonalPartIsSealedUnder) {
  Envelope sealed = Content("1", "secret");
  sealed.mutable_sealed()->set_key_id("k1");
  ASSERT_THAT(
      Commit({Mutation::Put(Kind::kCandidate, Candidate("a").name, sealed, Precondition::Any()),
              Mutation::Put(Kind::kCandidate, Candidate("b").name, Content("2", "plain"),
                            Precondition::Any()),
              Put("c", "3")}),
      IsOk());
  LEYE_ASSERT_OK_AND_ASSIGN(const OpenScanPage open, store().ScanOpen({.region = kHebei}));
  LEYE_ASSERT_OK_AND_ASSIGN(const RegionScanPage all, store().ScanRegion({.region = kHebei}));
  EXPECT_EQ(all.records[0].envelope.sealed().content(), "secret");
  EXPECT_EQ(open.revision, all.revision);
  ASSERT_EQ(open.records.size(), all.records.size());
  for (size_t i = 0; i < all.records.size(); ++i) {
    const Record& whole = all.records[i];
    const OpenRecord record = open.records[i];
    EXPECT_EQ(record.kind, whole.kind);
    EXPECT_EQ(record.name, whole.name);
    EXPECT_EQ(record.number, whole.number);
    EXPECT_EQ(record.version, whole.version);
    EXPECT_EQ(record.open, whole.envelope.open());
    EXPECT_EQ(record.key_id.has_value(), whole.envelope.has_sealed());
    EXPECT_EQ(record.key_id.value_or(""), whole.envelope.sealed().key_id());
  }
}

TEST_P(StoreContract, RegionScanRefusesAForeignCursor) {
  ASSERT_THAT(Commit({Put("a", "1"), Put("b", "1")}), IsOk());
  LEYE_ASSERT_OK_AND_ASSIGN(const RegionScanPage page,
                            store().ScanRegion({.region = kHebei, .limit = 1}));
  const auto invalid = FailsWith(StatusCode::kInvalidArgument, "INVALID_CURSOR");
  EXPECT_THAT(store().ScanRegion({.region = kGuangdong, .cursor = page.next_cursor}), invalid);
  EXPECT_THAT(store().ScanRegion({.region = kHebei, .cursor = "nonsense"}), invalid);
  EXPECT_THAT(store().ScanOpen({.region = kHebei, .cursor = "nonsense"}), invalid);
}

TEST_P(StoreContract, LogTellsEveryCommitInOrder) {
  ASSERT_THAT(Commit({Put("b", "1"), Put("a", "1")}), IsOk());
  ASSERT_THAT(Commit({Delete("a"), Put("b", "2")}), IsOk());
  EXPECT_EQ(LogText(), "1:+b+a 2:-a+b");
  LEYE_ASSERT_OK_AND_ASSIGN(const auto entries, store().ReadLog(kHebei, {}, 10));
  EXPECT_EQ(entries[1].changes[0].number, 2u);
  EXPECT_EQ(entries[1].changes[1].number, 1u);
  EXPECT_EQ(entries[1].changes[1].put->open(), "2");
  EXPECT_EQ(entries[1].changes[1].put->create_time().seconds(), 1'700'000'000);
  EXPECT_EQ(LogText(entries[0].revision), "2:-a+b");
  EXPECT_EQ(LogText(entries[1].revision), "");
}

TEST_P(StoreContract, LogIsReadInPages) {
  for (int i = 0; i < 5; ++i) ASSERT_THAT(Commit({Put("a", std::to_string(i))}), IsOk());
  LEYE_ASSERT_OK_AND_ASSIGN(const auto page, store().ReadLog(kHebei, {}, 2));
  ASSERT_EQ(page.size(), 2u);
  EXPECT_EQ(LogText(page.back().revision), "3:+a 4:+a 5:+a");
}

TEST_P(StoreContract, PersonalPartNeverEntersTheLog) {
  ASSERT_THAT(Commit({Mutation::Put(Kind::kCandidate, Candidate("a").name, Content("1", "secret"),
                                    Precondition::Any())}),
              IsOk());
  LEYE_ASSERT_OK_AND_ASSIGN(const auto entries, store().ReadLog(kHebei, {}, 10));
  EXPECT_FALSE(entries[0].changes[0].put->has_sealed());
  EXPECT_THAT(entries[0].changes[0].put->SerializeAsString(), Not(HasSubstr("secret")));
}

TEST_P(StoreContract, TrimmedLogSendsFollowersBackToTheScan) {
  for (int i = 0; i < 4; ++i) ASSERT_THAT(Commit({Put("a", std::to_string(i))}), IsOk());
  LEYE_ASSERT_OK_AND_ASSIGN(const Revision head, store().Head(kHebei));
  ASSERT_THAT(store().TrimLog(kHebei, 3), IsOk());
  EXPECT_EQ(LogText(), "LOG_TRIMMED");
  EXPECT_EQ(LogText({head.epoch, 1}), "LOG_TRIMMED");
  EXPECT_EQ(LogText({head.epoch, 2}), "3:+a 4:+a");
  ASSERT_THAT(store().TrimLog(kHebei, 1), IsOk());
  EXPECT_EQ(LogText({head.epoch, 1}), "LOG_TRIMMED");
  ASSERT_THAT(store().TrimLog(kHebei, 5), IsOk());
  EXPECT_EQ(LogText(head), "");
  EXPECT_THAT(store().TrimLog(kHebei, 6),
              FailsWith(StatusCode::kInvalidArgument, "LIMIT_EXCEEDED"));
  EXPECT_THAT(Follow(store(), kHebei, 1), IsOkAndHolds(*ReadAll(store(), kHebei)));
}

TEST_P(StoreContract, HeldLogIsKeptUntilTheLeaseIsOver) {
  for (int i = 0; i < 4; ++i) ASSERT_THAT(Commit({Put("a", std::to_string(i))}), IsOk());
  LEYE_ASSERT_OK_AND_ASSIGN(const Revision head, store().Head(kHebei));
  ASSERT_THAT(store().HoldLog({kHebei, "slow", 2, absl::Minutes(5)}), IsOk());
  ASSERT_THAT(store().HoldLog({kHebei, "quick", 4, absl::Minutes(50)}), IsOk());
  ASSERT_THAT(store().TrimLog(kHebei, 5), IsOk());
  EXPECT_EQ(LogText({head.epoch, 1}), "2:+a 3:+a 4:+a");
  clock().Advance(absl::Minutes(5));
  ASSERT_THAT(store().TrimLog(kHebei, 5), IsOk());
  EXPECT_EQ(LogText({head.epoch, 2}), "LOG_TRIMMED");
  EXPECT_EQ(LogText({head.epoch, 3}), "4:+a");
}

TEST_P(StoreContract, HoldOfAHolderTakesThePlaceOfItsLast) {
  for (int i = 0; i < 4; ++i) ASSERT_THAT(Commit({Put("a", std::to_string(i))}), IsOk());
  LEYE_ASSERT_OK_AND_ASSIGN(const Revision head, store().Head(kHebei));
  ASSERT_THAT(store().HoldLog({kHebei, "follower", 1, absl::Hours(1)}), IsOk());
  ASSERT_THAT(store().HoldLog({kHebei, "follower", 3, absl::Hours(1)}), IsOk());
  ASSERT_THAT(store().HoldLog({kGuangdong, "follower", 1, absl::Hours(1)}), IsOk());
  ASSERT_THAT(store().TrimLog(kHebei, 5), IsOk());
  EXPECT_EQ(LogText({head.epoch, 1}), "LOG_TRIMMED");
  EXPECT_EQ(LogText({head.epoch, 2}), "3:+a 4:+a");
  EXPECT_THAT(store().HoldLog({kHebei, "", 3, absl::Hours(1)}),
              FailsWith(StatusCode::kInvalidArgument, "INVALID_NAME"));
}

TEST_P(StoreContract, FollowerOfAnotherHistoryIsToldSo) {
  ASSERT_THAT(Commit({Put("a", "1"), Put("b", "1")}), IsOk());
  LEYE_ASSERT_OK_AND_ASSIGN(const Revision head, store().Head(kHebei));
  EXPECT_EQ(LogText({head.epoch + 1, 1}), "EPOCH_CHANGED");
  EXPECT_EQ(LogText({head.epoch, 2}), "REVISION_AHEAD");
}

TEST_P(StoreContract, NewEpochKeepsRecordsAndForksTheHistory) {
  ASSERT_THAT(Commit({Put("a", "1"), Put("b", "1")}, "r"), IsOk());
  LEYE_ASSERT_OK_AND_ASSIGN(const Revision before, store().Head(kHebei));
  LEYE_ASSERT_OK_AND_ASSIGN(const RegionScanPage page,
                            store().ScanRegion({.region = kHebei, .limit = 1}));
  Reopen(StoreHarness::Epoch::kNew);
  LEYE_ASSERT_OK_AND_ASSIGN(const Revision after, store().Head(kHebei));
  EXPECT_GT(after.epoch, before.epoch);
  EXPECT_EQ(after.sequence, before.sequence);
  EXPECT_EQ(LogText(before), "EPOCH_CHANGED");
  EXPECT_EQ(LogText(), "LOG_TRIMMED");
  EXPECT_THAT(store().ScanRegion({.region = kHebei, .cursor = page.next_cursor}),
              FailsWith(StatusCode::kOutOfRange, "EPOCH_CHANGED"));
  LEYE_ASSERT_OK_AND_ASSIGN(const CommitResult replay, Commit({Put("a", "1")}, "r"));
  EXPECT_EQ(replay.revision, after);
  ASSERT_THAT(Commit({Put("c", "1")}), IsOk());
  EXPECT_EQ(LogText(after), "2:+c");
  EXPECT_THAT(Follow(store(), kHebei, 1), IsOkAndHolds(*ReadAll(store(), kHebei)));
}

TEST_P(StoreContract, FollowingWhileWritersGoOnGivesAnExactCopy) {
  constexpr int kRecords = 300;
  std::vector<Mutation> initial;
  for (int i = 0; i < kRecords; ++i) initial.push_back(Put(std::to_string(i), "0"));
  ASSERT_THAT(Commit(std::move(initial)), IsOk());
  std::thread writer([this] {
    for (int i = 0; i < kRecords; ++i) {
      const std::string here = std::to_string(i * 7 % kRecords);
      const std::string there = std::to_string(i * 11 % kRecords);
      ASSERT_THAT(Commit({Put(here, absl::StrCat("w", i))}), IsOk());
      Commit({Delete(there)}).IgnoreError();
      ASSERT_THAT(Commit({Put(absl::StrCat("new", i), "1")}), IsOk());
    }
  });
  std::vector<Copy> copies;
  for (const int page_size : {37, 13, 100, 7, 50}) {
    LEYE_ASSERT_OK_AND_ASSIGN(copies.emplace_back(), Follow(store(), kHebei, page_size));
    EXPECT_GT(copies.back().records.size(), 0u);
  }
  writer.join();
  LEYE_ASSERT_OK_AND_ASSIGN(const Copy now, ReadAll(store(), kHebei));
  EXPECT_THAT(Follow(store(), kHebei, 13), IsOkAndHolds(now));
  // What a copy had wrong, and nobody has written to since, would be wrong in the end.
  for (Copy& copy : copies) {
    ASSERT_THAT(FollowOn(store(), kHebei, 100, copy), IsOk());
    EXPECT_EQ(copy, now);
  }
}

TEST_P(StoreContract, RegionsWithHistoryAreListedWithTheirHeads) {
  ASSERT_THAT(Commit({Put("a", "1")}), IsOk());
  ASSERT_THAT(store().Commit({kGuangdong, {Put("a", "1")}}), IsOk());
  LEYE_ASSERT_OK_AND_ASSIGN(const Heads heads, store().ListRegions());
  ASSERT_EQ(heads.size(), 2u);
  EXPECT_EQ(heads.at(kHebei), *store().Head(kHebei));
  EXPECT_NE(heads.at(kHebei).epoch, heads.at(kGuangdong).epoch);
}

TEST_P(StoreContract, WaitForChangeReturnsAtOnceWhenThereIsSomethingNew) {
  ASSERT_THAT(Commit({Put("a", "1")}), IsOk());
  LEYE_ASSERT_OK_AND_ASSIGN(const Heads heads, store().WaitForChange({}, absl::Hours(1)));
  EXPECT_EQ(heads.at(kHebei).sequence, 1u);
}

TEST_P(StoreContract, WaitForChangeTimesOutWithTheHeadsOfNow) {
  ASSERT_THAT(Commit({Put("a", "1")}), IsOk());
  LEYE_ASSERT_OK_AND_ASSIGN(const Heads known, store().ListRegions());
  EXPECT_THAT(store().WaitForChange(known, absl::ZeroDuration()), IsOkAndHolds(known));
  EXPECT_THAT(store().WaitForChange(known, absl::Milliseconds(20)), IsOkAndHolds(known));
}

TEST_P(StoreContract, WaitForChangeWakesOnACommit) {
  ASSERT_THAT(Commit({Put("a", "1")}), IsOk());
  LEYE_ASSERT_OK_AND_ASSIGN(const Heads known, store().ListRegions());
  std::thread writer([this] { EXPECT_THAT(Commit({Put("a", "2")}), IsOk()); });
  LEYE_ASSERT_OK_AND_ASSIGN(const Heads heads, store().WaitForChange(known, absl::Hours(1)));
  writer.join();
  EXPECT_EQ(heads.at(kHebei).sequence, 2u);
}

TEST_P(StoreContract, ClosingWakesThoseWhoWait) {
  std::thread waiter([this] {
    EXPECT_THAT(store().WaitForChange({}, absl::Hours(1)),
                FailsWith(StatusCode::kUnavailable, "STORE_CLOSED"));
  });
  store().Close();
  waiter.join();
}

}  // namespace
}  // namespace leye::store
