#include "services/access/master_keys.h"

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"

namespace leye::access {
namespace {

using absl::StatusCode;
using ::leye::testing::FailsWith;
using ::leye::testing::IsOk;
using ::leye::testing::TempDir;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

std::string Hex(char digit) { return std::string(62, digit) + "0f"; }

TEST(MasterKeys, TheFirstLineIsActiveAndAllAreFound) {
  LEYE_ASSERT_OK_AND_ASSIGN(const MasterKeys keys, MasterKeys::Parse("# ours\n\n  k3\t" + Hex('3') +
                                                                     " \r\nk2 " + Hex('2')));
  EXPECT_EQ(keys.active().id, "k3");
  ASSERT_NE(keys.Find("k2"), nullptr);
  EXPECT_EQ(keys.Find("k2")->id, "k2");
  EXPECT_EQ(keys.Find("k"), nullptr);
  EXPECT_EQ(keys.Find(""), nullptr);
}

TEST(MasterKeys, HexadecimalDigitsAndBase64AreTheSameKey) {
  const std::string bytes = absl::HexStringToBytes(Hex('a'));
  LEYE_ASSERT_OK_AND_ASSIGN(
      const MasterKeys keys,
      MasterKeys::Parse(absl::StrCat("a ", Hex('a'), "\nb ", absl::Base64Escape(bytes), "\nc ",
                                     Hex('A'), "\nd ", Hex('b'))));
  EXPECT_EQ(keys.Find("a")->wrapping.view(), keys.Find("b")->wrapping.view());
  EXPECT_EQ(keys.Find("a")->wrapping.view(), keys.Find("c")->wrapping.view());
  EXPECT_NE(keys.Find("a")->wrapping.view(), keys.Find("d")->wrapping.view());
  EXPECT_NE(keys.Find("a")->wrapping.view(), bytes) << "the line's bytes are to be kept nowhere";
}

TEST(MasterKeys, EveryMistakeIsNamedWithItsLineAndNoKeyIsSaid) {
  const std::string text = absl::StrCat("good ", Hex('1'), "\n",     // 1
                                        "alone\n",                   // 2
                                        "k1 ", Hex('2'), " more\n",  // 3
                                        "k/1 ", Hex('3'), "\n",      // 4
                                        "short ", Hex('4').substr(2),
                                        "\n"  // 5
                                        "good ",
                                        Hex('5'), "\n",                             // 6
                                        "zero ", std::string(64, '0'), "\n",        // 7
                                        "b64 ", std::string(43, '*'), "=\n",        // 8
                                        std::string(65, 'k'), " ", Hex('6'), "\n",  // 9
                                        "hex ", std::string(63, '7'), "g\n");       // 10
  const auto keys = MasterKeys::Parse(text);
  ASSERT_THAT(keys, FailsWith(StatusCode::kInvalidArgument, "INVALID_FILE"));
  const std::string message(keys.status().message());
  for (int line = 2; line <= 10; ++line) {
    EXPECT_THAT(message, HasSubstr(absl::StrCat("line ", line, ":")));
  }
  EXPECT_THAT(message, Not(HasSubstr("line 1:")));
  EXPECT_THAT(message,
              AllOf(Not(HasSubstr("2222")), Not(HasSubstr("4444")), Not(HasSubstr("777"))));
}

TEST(MasterKeys, NoneAndTooManyAreRefused) {
  EXPECT_THAT(MasterKeys::Parse("# none\n"),
              FailsWith(StatusCode::kInvalidArgument, "INVALID_FILE"));
  std::string many;
  for (int i = 0; i < 101; ++i) absl::StrAppend(&many, "k", i, " ", Hex('1'), "\n");
  EXPECT_THAT(MasterKeys::Parse(many), FailsWith(StatusCode::kInvalidArgument, "INVALID_FILE"));
}

TEST(MasterKeyFile, IsRefusedWhenOthersMayUseIt) {
  const TempDir folder;
  const std::string path = folder.File("keys");
  std::ofstream(path) << "k1 " << Hex('1') << "\n";
  for (const mode_t mode : {0640U, 0604U, 0620U, 0602U, 0610U, 0601U, 0644U, 0666U}) {
    chmod(path.c_str(), mode);
    EXPECT_THAT(LoadMasterKeyFile(path),
                FailsWith(StatusCode::kFailedPrecondition, "KEY_FILE_MODE"))
        << mode;
  }
  for (const mode_t mode : {0600U, 0400U, 0700U}) {
    chmod(path.c_str(), mode);
    EXPECT_THAT(LoadMasterKeyFile(path), IsOk()) << mode;
  }
}

TEST(MasterKeyFile, MustBeAPlainFileThatIsThereAndIsNotHuge) {
  const TempDir folder;
  EXPECT_THAT(LoadMasterKeyFile(folder.File("none")),
              FailsWith(StatusCode::kNotFound, "FILE_ERROR"));
  EXPECT_THAT(LoadMasterKeyFile(folder.path()),
              FailsWith(StatusCode::kFailedPrecondition, "KEY_FILE_MODE"));
  ASSERT_EQ(mkfifo(folder.File("pipe").c_str(), 0600), 0);
  EXPECT_THAT(LoadMasterKeyFile(folder.File("pipe")),
              FailsWith(StatusCode::kFailedPrecondition, "KEY_FILE_MODE"));
  const std::string path = folder.File("huge");
  std::ofstream(path) << std::string(100'000, '#');
  chmod(path.c_str(), 0600);
  EXPECT_THAT(LoadMasterKeyFile(path), FailsWith(StatusCode::kInvalidArgument, "INVALID_FILE"));
}

TEST(MasterKeyFile, NewKeysStandBeforeTheOthers) {
  const TempDir folder;
  const std::string path = folder.File("keys");
  const absl::Time now = absl::FromCivil(absl::CivilHour(2026, 11, 26, 18), absl::UTCTimeZone());
  EXPECT_EQ(*AddMasterKey(path, now), "k2026-11-27");  // It is the next day in China.
  struct stat about = {};
  ASSERT_EQ(stat(path.c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777U, 0600U);
  EXPECT_EQ(*AddMasterKey(path, now), "k2026-11-27-2");
  EXPECT_EQ(*AddMasterKey(path, now), "k2026-11-27-3");
  LEYE_ASSERT_OK_AND_ASSIGN(const MasterKeys keys, LoadMasterKeyFile(path));
  EXPECT_EQ(keys.active().id, "k2026-11-27-3");
  ASSERT_NE(keys.Find("k2026-11-27"), nullptr);
  EXPECT_NE(keys.Find("k2026-11-27")->wrapping.view(), keys.active().wrapping.view());
  EXPECT_FALSE(std::ifstream(path + ".new").is_open());
}

TEST(MasterKeyFile, AFileWithAMistakeGetsNoNewKey) {
  const TempDir folder;
  const std::string path = folder.File("keys");
  std::ofstream(path) << "nonsense\n";
  chmod(path.c_str(), 0600);
  EXPECT_THAT(AddMasterKey(path, absl::UnixEpoch()),
              FailsWith(StatusCode::kInvalidArgument, "INVALID_FILE"));
  std::ifstream file(path);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), "nonsense\n");
  EXPECT_THAT(AddMasterKey(folder.File("no/folder"), absl::UnixEpoch()),
              FailsWith(StatusCode::kUnavailable, "FILE_ERROR"));
}

TEST(Secrets, AreWipedWithTheirRoom) {
  std::string text = "a text that is too long to stand in the string itself";
  const char* const bytes = text.data();
  const size_t size = text.size();
  text.resize(3);
  Wipe(text);
  EXPECT_EQ(text, "");
  ASSERT_EQ(text.data(), bytes);
  for (const size_t i : {size_t{10}, size - 1}) EXPECT_EQ(bytes[i], '\0') << i;
}

}  // namespace
}  // namespace leye::access
