#include "services/access/keyed_sealer.h"

#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/testing/fake_clock.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"

namespace leye::access {
namespace {

using absl::StatusCode;
using ::leye::testing::FailsWith;
using ::leye::testing::IsOk;
using ::leye::testing::IsOkAndHolds;
using storage::v1::Sealed;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kName[] = "regions/13/candidates/mei";
constexpr char kContent[] = "李梅 110101199001020016";

std::string Line(const std::string& id, char digit) {
  return absl::StrCat(id, " ", std::string(62, digit), "0f\n");
}

// A sealer over a file of keys.
class KeyedSealing : public ::testing::Test {
 protected:
  KeyedSealing() {
    Write(Line("k1", '1'));
    auto keys = MasterKeySource::Open({.file = path_}, clock_, log_);
    EXPECT_THAT(keys, IsOk());
    keys_ = *std::move(keys);
    auto sealer = KeyedSealer::Create(*keys_);
    EXPECT_THAT(sealer, IsOk());
    sealer_ = *std::move(sealer);
  }

  // Replaces the file; taken over by the next who asks.
  void Write(const std::string& lines) {
    const std::string beside = path_ + ".new";
    std::ofstream(beside) << "# " << ++written_ << "\n" << lines;
    chmod(beside.c_str(), 0600);
    std::rename(beside.c_str(), path_.c_str());
    clock_.Advance(absl::Seconds(2));
  }

  Sealed Seal(const std::string& content = kContent, const std::string& name = kName) const {
    Sealed sealed;
    EXPECT_THAT(sealer_->Seal(name, content, sealed), IsOk());
    return sealed;
  }

  leye::testing::TempDir folder_;
  const std::string path_ = folder_.File("master-keys");
  leye::testing::FakeClock clock_;
  const Logger log_ = Logger::Discard();
  int written_ = 0;
  std::unique_ptr<MasterKeySource> keys_;
  std::unique_ptr<KeyedSealer> sealer_;
};

TEST_F(KeyedSealing, OpensWhatItSealedAndShowsNothingOfIt) {
  for (const std::string& content :
       {std::string(kContent), std::string(), std::string(1, '\0'), std::string(100'000, 'x')}) {
    const Sealed sealed = Seal(content);
    EXPECT_THAT(sealer_->Open(kName, sealed), IsOkAndHolds(content));
    EXPECT_EQ(sealed.key_id(), "k1");
    EXPECT_EQ(sealed.content().size(), content.size() + kTagBytes);
    EXPECT_EQ(sealed.wrapped_key().size(), 60);
  }
  EXPECT_THAT(Seal().SerializeAsString(), AllOf(Not(HasSubstr("李梅")), Not(HasSubstr("1990"))));
}

TEST_F(KeyedSealing, DrawsAKeyAndNoncesForEverySealing) {
  const Sealed one = Seal();
  const Sealed two = Seal();
  EXPECT_NE(one.content(), two.content());
  EXPECT_NE(one.nonce(), two.nonce());
  EXPECT_NE(one.wrapped_key(), two.wrapped_key());
  // The content of one does not open by the key of the other.
  Sealed mixed = one;
  mixed.set_wrapped_key(two.wrapped_key());
  EXPECT_THAT(sealer_->Open(kName, mixed), FailsWith(StatusCode::kDataLoss, "SEAL_BROKEN"));
}

TEST_F(KeyedSealing, OpensForNoOtherRecord) {
  const Sealed sealed = Seal();
  for (const char* name : {"regions/13/candidates/meI", "regions/13/candidates/me", "",
                           "regions/14/candidates/mei", "regions/13/households/mei"}) {
    const auto opened = sealer_->Open(name, sealed);
    EXPECT_THAT(opened, FailsWith(StatusCode::kDataLoss, "SEAL_BROKEN"));
    EXPECT_THAT(opened.status().message(), HasSubstr(name));
  }
  EXPECT_EQ(sealer_->failures().broken, 5);
  EXPECT_EQ(sealer_->failures().key_missing, 0);
}

TEST_F(KeyedSealing, FindsAFlippedBitAtEveryPlace) {
  const Sealed sealed = Seal();
  int tried = 0;
  for (const auto change :
       {&Sealed::mutable_content, &Sealed::mutable_nonce, &Sealed::mutable_wrapped_key}) {
    Sealed copy = sealed;
    for (size_t i = 0; i < (copy.*change)()->size(); ++i) {
      for (int bit = 0; bit < 8; ++bit, ++tried) {
        copy = sealed;
        (*(copy.*change)())[i] ^= static_cast<char>(1 << bit);
        ASSERT_THAT(sealer_->Open(kName, copy), FailsWith(StatusCode::kDataLoss, "SEAL_BROKEN"))
            << i << " " << bit;
      }
    }
  }
  EXPECT_EQ(sealer_->failures().broken, tried);
}

TEST_F(KeyedSealing, FindsWhatWasCutOffOrAddedTo) {
  const Sealed sealed = Seal();
  for (const auto change :
       {&Sealed::mutable_content, &Sealed::mutable_nonce, &Sealed::mutable_wrapped_key}) {
    Sealed copy = sealed;
    for (size_t left = 0; left < (Sealed(sealed).*change)()->size(); ++left) {
      copy = sealed;
      (copy.*change)()->resize(left);
      ASSERT_THAT(sealer_->Open(kName, copy), FailsWith(StatusCode::kDataLoss, "SEAL_BROKEN"));
    }
    copy = sealed;
    (copy.*change)()->push_back('x');
    ASSERT_THAT(sealer_->Open(kName, copy), FailsWith(StatusCode::kDataLoss, "SEAL_BROKEN"));
  }
}

TEST_F(KeyedSealing, AKeyThatIsGoneIsNamed) {
  const Sealed sealed = Seal();
  Write(Line("k2", '2'));
  const auto opened = sealer_->Open(kName, sealed);
  EXPECT_THAT(opened, FailsWith(StatusCode::kFailedPrecondition, "SEAL_KEY_MISSING"));
  EXPECT_THAT(opened.status().message(), AllOf(HasSubstr(kName), HasSubstr("k1")));
  EXPECT_EQ(sealer_->failures().key_missing, 1);
  Write(Line("k2", '2') + Line("k1", '1'));  // And given back.
  EXPECT_THAT(sealer_->Open(kName, sealed), IsOkAndHolds(kContent));
}

TEST_F(KeyedSealing, AnotherKeyUnderTheSameIdDoesNotOpen) {
  const Sealed sealed = Seal();
  Write(Line("k1", '3'));
  EXPECT_THAT(sealer_->Open(kName, sealed), FailsWith(StatusCode::kDataLoss, "SEAL_BROKEN"));
  EXPECT_THAT(sealer_->Check(kName, sealed), FailsWith(StatusCode::kDataLoss, "SEAL_BROKEN"));
  Sealed renewed = sealed;
  EXPECT_THAT(sealer_->Renew(kName, renewed), FailsWith(StatusCode::kDataLoss, "SEAL_BROKEN"));
}

TEST_F(KeyedSealing, TheKeyIdIsBoundToo) {
  Write(Line("k1", '1') + Line("k9", '1'));  // The same bytes under another id.
  Sealed sealed = Seal();
  sealed.set_key_id("k9");
  EXPECT_THAT(sealer_->Open(kName, sealed), FailsWith(StatusCode::kDataLoss, "SEAL_BROKEN"));
}

TEST_F(KeyedSealing, RotatesByWrappingTheDataKeyAnew) {
  const Sealed old = Seal();
  EXPECT_FALSE(sealer_->IsOutdated(old));
  Write(Line("k2", '2') + Line("k1", '1'));
  EXPECT_TRUE(sealer_->IsOutdated(old));
  EXPECT_THAT(sealer_->Open(kName, old), IsOkAndHolds(kContent));
  EXPECT_EQ(Seal().key_id(), "k2");
  Sealed renewed = old;
  ASSERT_THAT(sealer_->Renew(kName, renewed), IsOk());
  EXPECT_EQ(renewed.key_id(), "k2");
  EXPECT_EQ(renewed.content(), old.content());
  EXPECT_NE(renewed.wrapped_key(), old.wrapped_key());

  Write(Line("k2", '2'));  // What was renewed needs the old key no more; a copy from before does.
  EXPECT_THAT(sealer_->Open(kName, renewed), IsOkAndHolds(kContent));
  EXPECT_THAT(sealer_->Open(kName, old),
              FailsWith(StatusCode::kFailedPrecondition, "SEAL_KEY_MISSING"));
  Sealed hopeless = old;
  EXPECT_THAT(sealer_->Renew(kName, hopeless),
              FailsWith(StatusCode::kFailedPrecondition, "SEAL_KEY_MISSING"));
}

TEST_F(KeyedSealing, WhatIsPlainOpensAndIsSealedWhenItIsRenewed) {
  Sealed plain;
  ASSERT_THAT(PlainSealer().Seal(kName, kContent, plain), IsOk());
  EXPECT_TRUE(sealer_->IsOutdated(plain));
  EXPECT_THAT(sealer_->Open(kName, plain), IsOkAndHolds(kContent));
  ASSERT_THAT(sealer_->Renew(kName, plain), IsOk());
  EXPECT_EQ(plain.key_id(), "k1");
  EXPECT_THAT(plain.SerializeAsString(), Not(HasSubstr("李梅")));
  EXPECT_THAT(sealer_->Open(kName, plain), IsOkAndHolds(kContent));
}

TEST_F(KeyedSealing, AFileThatSaysNothingSoundChangesNothing) {
  const Sealed sealed = Seal();
  Write("nonsense\n");
  EXPECT_THAT(sealer_->Open(kName, sealed), IsOkAndHolds(kContent));
  Write(Line("k2", '2') + Line("k1", '1'));
  EXPECT_EQ(Seal().key_id(), "k2");
}

TEST_F(KeyedSealing, SealsAndOpensOnManyThreadsWhileKeysChange) {
  constexpr int kThreads = 4;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      const std::string name = absl::StrCat("regions/13/candidates/", t);
      for (int i = 0; i < 300; ++i) {
        const std::string content = absl::StrCat("person ", t, " ", i);
        Sealed sealed;
        ASSERT_THAT(sealer_->Seal(name, content, sealed), IsOk());
        ASSERT_THAT(sealer_->Open(name, sealed), IsOkAndHolds(content));
        ASSERT_THAT(sealer_->Renew(name, sealed), IsOk());
        ASSERT_THAT(sealer_->Open(name, sealed), IsOkAndHolds(content));
      }
    });
  }
  for (int i = 2; i < 12; ++i) {
    std::string lines;
    for (int key = i; key >= 1; --key) {
      lines += Line(absl::StrCat("k", key), static_cast<char>('0' + key % 10));
    }
    Write(lines);
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(sealer_->failures().broken + sealer_->failures().key_missing, 0);
}

TEST(MasterKeySource, TakesWhatACommandSaysAndAsksItAgain) {
  leye::testing::TempDir folder;
  const leye::testing::FakeClock clock;
  const Logger log = Logger::Discard();
  const std::string path = folder.File("said");
  std::ofstream(path) << Line("k1", '1');
  LEYE_ASSERT_OK_AND_ASSIGN(
      const auto keys,
      MasterKeySource::Open({.command = "cat " + path, .command_interval = absl::Milliseconds(10)},
                            clock, log));
  EXPECT_EQ(keys->Get()->active().id, "k1");
  std::ofstream(path + ".new") << Line("k2", '2');
  std::rename((path + ".new").c_str(), path.c_str());
  while (keys->Get()->active().id != "k2") absl::SleepFor(absl::Milliseconds(5));
  std::rename(path.c_str(), (path + ".gone").c_str());  // It fails from now on.
  absl::SleepFor(absl::Milliseconds(50));
  EXPECT_EQ(keys->Get()->active().id, "k2");
}

TEST(MasterKeySource, ACommandThatFailsIsRefused) {
  const leye::testing::FakeClock clock;
  const Logger log = Logger::Discard();
  const auto open = [&](const std::string& command) {
    return MasterKeySource::Open({.command = command}, clock, log).status();
  };
  EXPECT_THAT(open("exit 3"), FailsWith(StatusCode::kUnavailable, "KEY_COMMAND"));
  EXPECT_THAT(open("exit 3").message(), HasSubstr("3"));
  EXPECT_THAT(open("kill -9 $$").message(), HasSubstr("signal 9"));
  EXPECT_THAT(open("/nonexistent/program"), FailsWith(StatusCode::kUnavailable, "KEY_COMMAND"));
  EXPECT_THAT(open("yes"), FailsWith(StatusCode::kUnavailable, "KEY_COMMAND"));
  EXPECT_THAT(open("echo nonsense"), FailsWith(StatusCode::kInvalidArgument, "INVALID_FILE"));
  EXPECT_THAT(open("true"), FailsWith(StatusCode::kInvalidArgument, "INVALID_FILE"));
}

}  // namespace
}  // namespace leye::access
