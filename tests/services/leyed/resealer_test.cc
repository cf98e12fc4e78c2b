// Sealing a whole store anew: what it changes, what becomes of it when the store fails or others
// write meanwhile, and which keys it says are still needed.

#include "services/leyed/resealer.h"

#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include <sys/stat.h>

#include "services/base/random.h"
#include "services/base/status.h"
#include "services/store/sqlite_store.h"
#include "tests/services/live/store_proxy.h"
#include "tests/testing/fake_clock.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"

namespace leye {
namespace {

using absl::StatusCode;
using leye::testing::FailsWith;
using leye::testing::IsOk;
using leye::testing::IsOkAndHolds;
using store::Kind;
using store::Mutation;
using store::Precondition;
using store::Region;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

constexpr Region kHebei = Region::FromNumber(13);
constexpr Region kGansu = Region::FromNumber(62);

// Does something before each Reseal, which may fail.
class MeddledStore final : public live::StoreProxy {
 public:
  using StoreProxy::StoreProxy;

  std::function<absl::Status()> before_reseal = [] { return absl::OkStatus(); };

  absl::StatusOr<int> Reseal(Region region,
                             const std::vector<store::ResealedPart>& parts) override {
    LEYE_RETURN_IF_ERROR(before_reseal());
    return StoreProxy::Reseal(region, parts);
  }
};

class Resealing : public ::testing::Test {
 protected:
  Resealing() {
    auto opened =
        store::OpenSqliteStore({.path = folder_.File("leye.db")}, {clock_, random_, log_});
    EXPECT_THAT(opened, IsOk());
    store_ = std::make_unique<MeddledStore>(*std::move(opened));
    WriteKeys({"k1"});
    auto keys = access::MasterKeySource::Open({.file = folder_.File("keys")}, clock_, log_);
    EXPECT_THAT(keys, IsOk());
    keys_ = *std::move(keys);
    auto sealer = access::KeyedSealer::Create(*keys_);
    EXPECT_THAT(sealer, IsOk());
    sealer_ = *std::move(sealer);
  }

  void WriteKeys(const std::vector<std::string>& ids) {
    std::string lines;
    for (const std::string& id : ids) lines += id + " " + std::string(62, id.back()) + "ab\n";
    WriteLines(lines);
  }

  void WriteLines(const std::string& lines) {
    const std::string path = folder_.File("keys");
    std::ofstream(path + ".new") << "# " << ++written_ << "\n" << lines;
    chmod((path + ".new").c_str(), 0600);
    std::rename((path + ".new").c_str(), path.c_str());
    clock_.Advance(absl::Seconds(2));
  }

  static std::string NameOf(int i) { return absl::StrCat("regions/13/candidates/", i); }

  void Put(Region region, const std::string& name, const std::string& content) {
    store::Envelope envelope;
    envelope.set_open("open");
    ASSERT_THAT(sealer_->Seal(name, content, *envelope.mutable_sealed()), IsOk());
    ASSERT_THAT(store_->Commit({.region = region,
                                .mutations = {Mutation::Put(Kind::kCandidate, name, envelope,
                                                            Precondition::Any())}}),
                IsOk());
  }

  void PutMany(int count) {
    for (int i = 0; i < count; ++i) Put(kHebei, NameOf(i), absl::StrCat("person ", i));
  }

  absl::StatusOr<std::string> ContentOf(Region region, const std::string& name) {
    LEYE_ASSIGN_OR_RETURN(const store::Record record,
                          store_->Get(region, {Kind::kCandidate, name}));
    return sealer_->Open(name, record.envelope.sealed());
  }

  absl::StatusOr<SealCensus> Reseal(int page_size = 10) {
    return ResealAll({.store = *store_, .sealer = *sealer_, .log = log_, .page_size = page_size});
  }

  leye::testing::TempDir folder_;
  leye::testing::FakeClock clock_;
  SystemRandom random_;
  const Logger log_ = Logger::Discard();
  int written_ = 0;
  std::unique_ptr<MeddledStore> store_;
  std::unique_ptr<access::MasterKeySource> keys_;
  std::unique_ptr<access::KeyedSealer> sealer_;
};

TEST_F(Resealing, BringsEveryRegionUnderTheNewKeyAndSaysThatTheOldIsNotNeeded) {
  PutMany(25);
  Put(kGansu, "regions/62/candidates/a", "another region");
  LEYE_ASSERT_OK_AND_ASSIGN(const store::Revision head, store_->Head(kHebei));
  WriteKeys({"k2", "k1"});
  LEYE_ASSERT_OK_AND_ASSIGN(const SealCensus census, Reseal());
  EXPECT_THAT(census.by_key, ElementsAre(Pair("k2", 26)));
  EXPECT_EQ(census.resealed, 26);
  EXPECT_EQ(census.failed, 0);
  WriteKeys({"k2"});
  for (int i = 0; i < 25; ++i) {
    EXPECT_THAT(ContentOf(kHebei, NameOf(i)), IsOkAndHolds(absl::StrCat("person ", i)));
  }
  EXPECT_THAT(ContentOf(kGansu, "regions/62/candidates/a"), IsOkAndHolds("another region"));
  EXPECT_THAT(store_->Head(kHebei), IsOkAndHolds(head));
  LEYE_ASSERT_OK_AND_ASSIGN(const SealCensus again, Reseal());
  EXPECT_EQ(again.resealed, 0);
}

TEST_F(Resealing, GoesOnWhereItWasStopped) {
  PutMany(30);
  WriteKeys({"k2", "k1"});
  int pages = 0;
  store_->before_reseal = [&] {
    return ++pages > 2 ? absl::UnavailableError("made to fail") : absl::OkStatus();
  };
  EXPECT_THAT(Reseal(), leye::testing::StatusIs(StatusCode::kUnavailable));
  LEYE_ASSERT_OK_AND_ASSIGN(const SealCensus half, CountSeals(*store_));
  EXPECT_THAT(half.by_key, ElementsAre(Pair("k1", 10), Pair("k2", 20)));
  store_->before_reseal = [] { return absl::OkStatus(); };
  LEYE_ASSERT_OK_AND_ASSIGN(const SealCensus census, Reseal());
  EXPECT_EQ(census.resealed, 10);
  EXPECT_THAT(census.by_key, ElementsAre(Pair("k2", 30)));
}

TEST_F(Resealing, EndsWhenItIsToldTo) {
  PutMany(30);
  WriteKeys({"k2", "k1"});
  EXPECT_THAT(ResealAll({.store = *store_,
                         .sealer = *sealer_,
                         .log = log_,
                         .page_size = 10,
                         .go_on = [] { return false; }}),
              FailsWith(StatusCode::kAborted, "RESEAL_STOPPED"));
}

TEST_F(Resealing, LeavesWhatOthersWriteMeanwhileAsTheyWroteIt) {
  PutMany(10);
  WriteKeys({"k2", "k1"});
  store_->before_reseal = [&] {
    Put(kHebei, NameOf(3), "changed");
    EXPECT_THAT(store_->Commit({.region = kHebei,
                                .mutations = {Mutation::Delete(Kind::kCandidate, NameOf(4),
                                                               Precondition::Exists())}}),
                IsOk());
    return absl::OkStatus();
  };
  LEYE_ASSERT_OK_AND_ASSIGN(const SealCensus census, Reseal());
  EXPECT_EQ(census.resealed, 8);
  EXPECT_EQ(census.skipped, 2);
  EXPECT_THAT(ContentOf(kHebei, NameOf(3)), IsOkAndHolds("changed"));
  EXPECT_THAT(ContentOf(kHebei, NameOf(4)), leye::testing::StatusIs(StatusCode::kNotFound));
  EXPECT_THAT(ContentOf(kHebei, NameOf(5)), IsOkAndHolds("person 5"));
}

TEST_F(Resealing, CountsWhatItCannotRenewAndRenewsTheRest) {
  PutMany(5);
  WriteKeys({"k3"});
  Put(kHebei, NameOf(7), "under another");
  WriteKeys({"k2", "k1"});
  LEYE_ASSERT_OK_AND_ASSIGN(const SealCensus census, Reseal());
  EXPECT_EQ(census.failed, 1);
  EXPECT_EQ(census.resealed, 5);
  EXPECT_THAT(census.by_key, ElementsAre(Pair("k2", 5), Pair("k3", 1)));
}

TEST_F(Resealing, TheCheckNamesEveryKeyThatIsMissing) {
  PutMany(2);
  WriteKeys({"k2"});
  Put(kHebei, NameOf(7), "under another");
  LEYE_ASSERT_OK_AND_ASSIGN(const SealCensus census, CountSeals(*store_));
  EXPECT_THAT(CheckSeals(census, nullptr),
              FailsWith(StatusCode::kFailedPrecondition, "SEAL_KEY_MISSING"));
  WriteKeys({"k3"});
  const absl::Status missing = CheckSeals(census, sealer_.get());
  EXPECT_THAT(missing, FailsWith(StatusCode::kFailedPrecondition, "SEAL_KEY_MISSING"));
  EXPECT_THAT(std::string(missing.message()),
              AllOf(HasSubstr("k1 (2 records"), HasSubstr("k2 (1 records"), HasSubstr(NameOf(7))));
  WriteKeys({"k3", "k2", "k1"});
  EXPECT_THAT(CheckSeals(census, sealer_.get()), IsOk());
}

TEST_F(Resealing, WhatAStartHasReadTellsTheSameAsReadingItAll) {
  PutMany(2);
  WriteKeys({"k2", "k1"});
  Put(kGansu, "regions/62/candidates/1", "under another");
  LEYE_ASSERT_OK_AND_ASSIGN(const SealCensus all, CountSeals(*store_));
  const auto read = [](int64_t records, const std::string& name) {
    return live::SealedRecords{.records = records, .example = {Kind::kCandidate, name}};
  };
  const std::map<Region, live::SealsByKey> seals = {
      {kHebei, {{"k1", read(2, NameOf(0))}}},
      {kGansu, {{"k2", read(1, "regions/62/candidates/1")}}}};
  LEYE_ASSERT_OK_AND_ASSIGN(const SealCensus census, CensusOf(*store_, seals));
  EXPECT_EQ(census.by_key, all.by_key);
  EXPECT_THAT(CheckSeals(census, sealer_.get()), IsOk());
  WriteKeys({"k3", "k1"});
  EXPECT_THAT(CheckSeals(census, sealer_.get()),
              FailsWith(StatusCode::kFailedPrecondition, "SEAL_KEY_MISSING"));
  // The example is sealed anew meanwhile, or gone: then everything is read.
  WriteKeys({"k3", "k2", "k1"});
  ASSERT_THAT(Reseal(), IsOk());
  LEYE_ASSERT_OK_AND_ASSIGN(const SealCensus later, CensusOf(*store_, seals));
  EXPECT_THAT(later.by_key, ElementsAre(Pair("k3", 3)));
  EXPECT_THAT(CensusOf(*store_, {{kHebei, {{"k1", read(1, NameOf(99))}}}}), IsOk());
}

TEST_F(Resealing, TheCheckTriesTheKeysBytes) {
  PutMany(2);
  LEYE_ASSERT_OK_AND_ASSIGN(const SealCensus census, CountSeals(*store_));
  WriteLines("k1 " + std::string(62, 'e') + "ab\n");
  EXPECT_THAT(CheckSeals(census, sealer_.get()), FailsWith(StatusCode::kDataLoss, "SEAL_BROKEN"));
}

TEST_F(Resealing, NothingSealedNeedsNoKeys) {
  store::Envelope envelope;
  envelope.set_open("open");
  envelope.mutable_sealed()->set_content("plain");
  ASSERT_THAT(store_->Commit({.region = kHebei,
                              .mutations = {Mutation::Put(Kind::kCandidate, NameOf(1), envelope,
                                                          Precondition::Any())}}),
              IsOk());
  LEYE_ASSERT_OK_AND_ASSIGN(const SealCensus census, CountSeals(*store_));
  EXPECT_THAT(census.by_key, ElementsAre(Pair("", 1)));
  EXPECT_THAT(CheckSeals(census, nullptr), IsOk());
}

}  // namespace
}  // namespace leye
