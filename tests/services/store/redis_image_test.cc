// Images of regions (services/store/redis_image.h): that a scan of one finds what a scan of the
// records finds, whatever has happened since, and that one which cannot be trusted is not used.

#include "services/store/redis_image.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "gtest/gtest.h"

#include "services/base/logging.h"
#include "services/base/random.h"
#include "services/store/redis_keys.h"
#include "services/store/redis_store.h"
#include "tests/services/store/store_contract.h"
#include "tests/testing/fake_clock.h"
#include "tests/testing/redis_server.h"
#include "tests/testing/status_matchers.h"

namespace leye::store {
namespace {

using absl::StatusCode;
using leye::testing::FailsWith;
using leye::testing::IsOk;
using leye::testing::RedisServer;

constexpr Region kImaged = Region::FromNumber(13);
constexpr int kRecords = 2 * redis::Images::kPageRecords + 1'000;

class RedisImage : public ::testing::Test {
 protected:
  void SetUp() override {
    store_ = Open();
    Put(0, 6'000, "as it was");
    Put(6'000, kRecords, "as it was");
  }

  std::unique_ptr<Store> Open() {
    RedisOptions options{.addresses = {server_.address()}};
    options.connect_timeout = absl::Seconds(20);
    options.call_timeout = absl::Seconds(60);
    options.image_records = 8'000;
    absl::StatusOr<std::unique_ptr<Store>> store = OpenRedisStore(options, {clock_, random_, log_});
    EXPECT_THAT(store.status(), IsOk());
    return *std::move(store);
  }

  static std::string Name(int i) { return absl::StrCat("person ", i); }

  void Put(int first, int end, const std::string& open) {
    CommitRequest request{.region = kImaged};
    for (int i = first; i < end; ++i) {
      Envelope envelope;
      envelope.set_open(open);
      envelope.mutable_sealed()->set_key_id("k1");
      request.mutations.push_back(
          Mutation::Put(Kind::kCandidate, Name(i), std::move(envelope), Precondition::Any()));
    }
    ASSERT_THAT(store_->Commit(request), IsOk());
  }

  void Delete(int first, int end) {
    CommitRequest request{.region = kImaged};
    for (int i = first; i < end; ++i) {
      request.mutations.push_back(
          Mutation::Delete(Kind::kCandidate, Name(i), Precondition::Exists()));
    }
    ASSERT_THAT(store_->Commit(request), IsOk());
  }

  // What changes and yet leaves the image good: 90 records, each in another way.
  void ChangeSome(int at) {
    Put(at, at + 30, "changed");
    Delete(at + 30, at + 60);
    Put(kRecords + at, kRecords + at + 30, "new");
  }

  void Prepare() {
    ASSERT_THAT(store_->PrepareScan(kImaged, [] { return true; }), IsOk());
  }

  // The server's answer, without the end of its line.
  std::string Ask(const std::vector<std::string>& command) const {
    return std::string(absl::StripSuffix(server_.Ask(command), "\n"));
  }

  // What meta says of the image; empty without one.
  std::string Image() const { return Ask({"HGET", redis::MetaKey(kImaged), "image"}); }
  std::string PageKey(int page) const {
    return redis::ImagePageKey(kImaged, absl::StrContains(Image(), " a ") ? "a" : "b",
                               static_cast<uint64_t>(page));
  }
  int PagesIn(const std::string& buffer) const {
    int pages = 0;
    while (Ask({"EXISTS", redis::ImagePageKey(kImaged, buffer, static_cast<uint64_t>(pages))}) ==
           "1") {
      ++pages;
    }
    return pages;
  }

  // Whether a scan that begins now reads the image.
  bool IsUsed() const {
    const absl::StatusOr<OpenScanPage> page =
        store_->ScanOpen({.region = kImaged, .limit = kMaxPageSize});
    return page.ok() && absl::StartsWith(page->next_cursor, "image/");
  }

  void ExpectWholeScan() const {
    const absl::StatusOr<Copy> copy = Follow(*store_, kImaged, kMaxPageSize);
    const absl::StatusOr<Copy> expected = ReadAll(*store_, kImaged);
    ASSERT_THAT(copy.status(), IsOk());
    ASSERT_THAT(expected.status(), IsOk());
    EXPECT_EQ(copy->records.size(), expected->records.size());
    EXPECT_TRUE(*copy == *expected);
  }

  RedisServer server_;
  leye::testing::FakeClock clock_;
  SystemRandom random_;
  Logger log_ = Logger::Discard();
  std::unique_ptr<Store> store_;
};

TEST_F(RedisImage, HoldsWhatAScanFinds) {
  EXPECT_FALSE(IsUsed());
  Prepare();
  EXPECT_TRUE(IsUsed());
  EXPECT_EQ(PagesIn("a"), 3);
  ExpectWholeScan();
  LEYE_ASSERT_OK_AND_ASSIGN(const OpenScanPage page,
                            store_->ScanOpen({.region = kImaged, .limit = kMaxPageSize}));
  EXPECT_EQ(page.records.size(), size_t{redis::Images::kPageRecords});
  EXPECT_EQ(page.records[0].key_id, "k1");
}

TEST_F(RedisImage, WhatChangedSinceIsReadAsItIsNow) {
  Prepare();
  ChangeSome(100);
  ChangeSome(9'000);
  EXPECT_TRUE(IsUsed());
  ExpectWholeScan();
}

TEST_F(RedisImage, WhatChangesDuringTheScanIsFollowed) {
  Prepare();
  ChangeSome(100);
  Copy copy;
  RegionScanRequest request{.region = kImaged, .limit = kMaxPageSize};
  int at = 200;
  do {
    LEYE_ASSERT_OK_AND_ASSIGN(OpenScanPage page, store_->ScanOpen(request));
    if (request.cursor.empty()) copy.revision = page.revision;
    for (size_t i = 0; i < page.records.size(); ++i) {
      const OpenRecord record = page.records[i];
      Copy::Entry& known = copy.records[std::string(record.name)];
      if (known.version > record.version) continue;
      known = {std::string(record.open), record.number, record.version};
    }
    request.cursor = std::move(page.next_cursor);
    ChangeSome(at += 100);
  } while (!request.cursor.empty());
  ASSERT_THAT(FollowOn(*store_, kImaged, kMaxPageSize, copy), IsOk());
  EXPECT_TRUE(copy == *ReadAll(*store_, kImaged));
}

// A new epoch forks history for followers; the image lies where its log lies.
TEST_F(RedisImage, OutlivesRestartsAndTrimming) {
  Prepare();
  ChangeSome(100);
  store_.reset();
  server_.Kill();
  server_.Start();
  store_ = Open();
  ChangeSome(200);
  LEYE_ASSERT_OK_AND_ASSIGN(const Revision head, store_->Head(kImaged));
  ASSERT_THAT(store_->TrimLog(kImaged, head.sequence + 1), IsOk());
  EXPECT_TRUE(IsUsed());
  ExpectWholeScan();
}

TEST_F(RedisImage, KeepsItsLogWhileItIsMade) {
  int asked = 0;
  const auto commit_and_trim = [&] {
    if (++asked != 2) return true;
    for (int i = 0; i < 250; ++i) Put(i, i + 1, "changed");
    EXPECT_THAT(store_->TrimLog(kImaged, store_->Head(kImaged)->sequence + 1), IsOk());
    return true;
  };
  ASSERT_THAT(store_->PrepareScan(kImaged, commit_and_trim), IsOk());
  EXPECT_TRUE(IsUsed());
  ExpectWholeScan();
}

TEST_F(RedisImage, IsNotUsedWithoutItsLog) {
  Prepare();
  ChangeSome(100);
  Ask({"XTRIM", redis::LogKey(kImaged), "MAXLEN", "1"});
  EXPECT_FALSE(IsUsed());
  ExpectWholeScan();
}

TEST_F(RedisImage, IsGivenUpWhenMuchHasChanged) {
  Prepare();
  for (int round = 0; round < 5; ++round) Put(0, 2'000, "changed");
  LEYE_ASSERT_OK_AND_ASSIGN(const Revision head, store_->Head(kImaged));
  EXPECT_FALSE(IsUsed());
  ASSERT_THAT(store_->TrimLog(kImaged, head.sequence + 1), IsOk());
  EXPECT_EQ(Image(), "");  // Nothing keeps the log.
  ExpectWholeScan();
}

TEST_F(RedisImage, IsMadeAgainWhenItIsTime) {
  Prepare();
  const std::string first = Image();
  Prepare();
  EXPECT_EQ(Image(), first);
  ChangeSome(100);
  Prepare();
  EXPECT_EQ(Image(), first);  // Not much.
  clock_.Advance(absl::Hours(25));
  Prepare();
  const std::string second = Image();
  EXPECT_NE(second, first);
  EXPECT_EQ(PagesIn("a"), 0);
  EXPECT_GT(PagesIn("b"), 0);
  clock_.Advance(absl::Hours(25));
  Prepare();
  EXPECT_EQ(Image(), second);  // Nothing has changed.
  Put(0, 2'000, "changed");
  Prepare();
  EXPECT_NE(Image(), second);
  ExpectWholeScan();
}

TEST_F(RedisImage, PageThatIsDamagedIsNoPage) {
  const std::vector<std::vector<std::string>> damages = {
      {"DEL"}, {"SET", "foreign"}, {"SETRANGE", "500", "damage"}, {"APPEND", "damage"}};
  for (const std::vector<std::string>& damage : damages) {
    for (const int page : {0, 2}) {
      if (page == 0 && damage != damages.front()) continue;
      Ask({"HDEL", redis::MetaKey(kImaged), "image"});
      Prepare();
      std::vector<std::string> command = damage;
      command.insert(command.begin() + 1, PageKey(page));
      Ask(command);
      if (page > 0) {
        EXPECT_THAT(Follow(*store_, kImaged, kMaxPageSize).status(),
                    FailsWith(StatusCode::kOutOfRange, "SCAN_GONE"))
            << damage.front();
      }
      ExpectWholeScan();  // Once more is enough.
    }
  }
}

class RedisImageReplaced : public RedisImage, public ::testing::WithParamInterface<int> {};

// Once, then its pages are gone; twice, then there are another's in their places.
INSTANTIATE_TEST_SUITE_P(Times, RedisImageReplaced, ::testing::Values(1, 2));

TEST_P(RedisImageReplaced, DuringAScanIsNoticed) {
  Prepare();
  LEYE_ASSERT_OK_AND_ASSIGN(const OpenScanPage page,
                            store_->ScanOpen({.region = kImaged, .limit = kMaxPageSize}));
  for (int i = 0; i < GetParam(); ++i) {
    Put(0, 2'000, "changed");
    Prepare();
  }
  const RegionScanRequest next{
      .region = kImaged, .cursor = page.next_cursor, .limit = kMaxPageSize};
  EXPECT_THAT(store_->ScanOpen(next).status(), FailsWith(StatusCode::kOutOfRange, "SCAN_GONE"));
  ExpectWholeScan();
}

TEST_F(RedisImage, CursorOfAnotherProcessOrRegionIsRefused) {
  Prepare();
  const auto ask = [this](Region region, const std::string& cursor) {
    return store_->ScanOpen({.region = region, .cursor = cursor, .limit = kMaxPageSize}).status();
  };
  const auto invalid = FailsWith(StatusCode::kInvalidArgument, "INVALID_CURSOR");
  EXPECT_THAT(ask(kImaged, "image/13/7/1"), FailsWith(StatusCode::kOutOfRange, "SCAN_GONE"));
  EXPECT_THAT(ask(Region::FromNumber(44), "image/13/1/1"), invalid);
  EXPECT_THAT(ask(kImaged, "image/13/1"), invalid);
  EXPECT_THAT(ask(kImaged, "image/13/x/1"), invalid);
  ASSERT_TRUE(IsUsed());
  EXPECT_THAT(ask(kImaged, "image/13/1/99"), invalid);
}

// It says what personal parts are sealed under.
TEST_F(RedisImage, GoesWhenPersonalPartsAreSealedAnew) {
  Prepare();
  LEYE_ASSERT_OK_AND_ASSIGN(const Record record, store_->Get(kImaged, {Kind::kCandidate, Name(1)}));
  ResealedPart part{.key = {Kind::kCandidate, Name(1)},
                    .before = record.envelope.sealed(),
                    .after = record.envelope.sealed()};
  part.after.set_key_id("k2");
  LEYE_ASSERT_OK_AND_ASSIGN(const int resealed, store_->Reseal(kImaged, {part}));
  EXPECT_EQ(resealed, 1);
  EXPECT_FALSE(IsUsed());
}

TEST_F(RedisImage, OneProcessMakesItAndMayStop) {
  int asked = 0;
  ASSERT_THAT(store_->PrepareScan(kImaged, [&] { return ++asked < 3; }), IsOk());
  EXPECT_EQ(Image(), "");
  Prepare();  // Whoever began may still be at it.
  EXPECT_EQ(Image(), "");
  Ask({"DEL", redis::ImagingKey(kImaged)});
  Prepare();
  EXPECT_TRUE(IsUsed());
  ExpectWholeScan();
}

TEST_F(RedisImage, PagesOfWhoWasTakenForDeadAreRefused) {
  int asked = 0;
  const auto another_begins = [&] {
    if (++asked == 2) Ask({"SET", redis::ImagingKey(kImaged), "another"});
    return true;
  };
  ASSERT_THAT(store_->PrepareScan(kImaged, another_begins), IsOk());
  EXPECT_EQ(Image(), "");
  EXPECT_EQ(Ask({"GET", redis::ImagingKey(kImaged)}), "another");
}

TEST_F(RedisImage, LeavesMemoryToRecords) {
  Ask({"CONFIG", "SET", "maxmemory", "100mb"});
  ASSERT_THAT(store_->PrepareScan(kImaged, [] { return true; }), IsOk());
  EXPECT_TRUE(IsUsed());
  Ask({"HDEL", redis::MetaKey(kImaged), "image"});
  const std::string info = Ask({"INFO", "memory"});
  const size_t at = info.find("used_memory:") + 12;
  const std::string used = info.substr(at, info.find('\r', at) - at);
  // 95 % of it are used.
  Ask({"CONFIG", "SET", "maxmemory", absl::StrCat(std::stoll(used) / 95 * 100)});
  ASSERT_THAT(store_->PrepareScan(kImaged, [] { return true; }), IsOk());
  EXPECT_FALSE(IsUsed());
  EXPECT_EQ(PagesIn("a"), 0);
  Put(0, 10, "there is room");
}

TEST_F(RedisImage, SmallRegionsAndSmallPagesHaveNone) {
  Delete(0, 6'000);
  Prepare();
  EXPECT_EQ(Image(), "");
  Put(0, 3'000, "again");
  Prepare();
  EXPECT_TRUE(IsUsed());
  LEYE_ASSERT_OK_AND_ASSIGN(const OpenScanPage page,
                            store_->ScanOpen({.region = kImaged, .limit = 100}));
  EXPECT_EQ(page.records.size(), 100u);
}

}  // namespace
}  // namespace leye::store
