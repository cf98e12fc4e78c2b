#include "services/access/credentials.h"

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/testing/fake_clock.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"

namespace leye::access {
namespace {

using ::leye::testing::FailsWith;
using ::leye::testing::IsOk;
using ::testing::HasSubstr;

constexpr absl::StatusCode kUnauthenticated = absl::StatusCode::kUnauthenticated;

TEST(ApiKeys, AreKnownByTheirHashesAlone) {
  LEYE_ASSERT_OK_AND_ASSIGN(const std::string key, NewApiKey());
  LEYE_ASSERT_OK_AND_ASSIGN(const std::string other, NewApiKey());
  EXPECT_NE(key, other);
  LEYE_ASSERT_OK_AND_ASSIGN(const std::string line, ApiKeyLine(key, "leye://enterprise/13/yian"));
  EXPECT_EQ(line.find(key), std::string::npos);
  LEYE_ASSERT_OK_AND_ASSIGN(const ApiKeys keys, ApiKeys::Parse("# partners\n\n" + line + "\n"));
  EXPECT_EQ(keys.Find(key, absl::Now())->acts_for, "regions/13/employers/yian");
  EXPECT_THAT(keys.Find(other, absl::Now()), FailsWith(kUnauthenticated, "BAD_API_KEY"));
  EXPECT_THAT(keys.Find("", absl::Now()), FailsWith(kUnauthenticated, "BAD_API_KEY"));
  EXPECT_THAT(keys.Find(line.substr(0, 64), absl::Now()),
              FailsWith(kUnauthenticated, "BAD_API_KEY"));
}

TEST(ApiKeys, EndAfterTheirLastDayInChina) {
  LEYE_ASSERT_OK_AND_ASSIGN(const std::string line, ApiKeyLine("k", "leye://bureau/13"));
  LEYE_ASSERT_OK_AND_ASSIGN(const ApiKeys keys, ApiKeys::Parse(line + " 2026-12-31"));
  const auto at = [](int hour_utc) {
    return absl::FromCivil(absl::CivilHour(2026, 12, 31, hour_utc), absl::UTCTimeZone());
  };
  EXPECT_THAT(keys.Find("k", at(15)), IsOk());
  EXPECT_THAT(keys.Find("k", at(16)), FailsWith(kUnauthenticated, "BAD_API_KEY"));
}

TEST(ApiKeys, OfAFileWithAMistakeSayWhere) {
  const std::string line = *ApiKeyLine("k", "leye://bureau/13");
  for (const std::string& bad :
       {std::string("abc leye://bureau/13"), line + " soon", line + " 2026-12-31 x",
        absl::StrCat(line, "\n", line), line.substr(0, 64), line.substr(0, 64) + " leye://root",
        line.substr(0, 64) + " leye://app/13/li"}) {
    const auto keys = ApiKeys::Parse("\n" + bad);
    EXPECT_THAT(keys, FailsWith(absl::StatusCode::kInvalidArgument, "INVALID_FILE")) << bad;
    EXPECT_THAT(keys.status().message(), HasSubstr("line ")) << bad;
  }
  for (const char* whose : {"leye://app/13/li", "leye://operator", "leye://auditor"}) {
    const auto line_of = ApiKeyLine("k", whose);
    EXPECT_THAT(line_of, FailsWith(absl::StatusCode::kInvalidArgument, "INVALID_IDENTITY"));
    EXPECT_THAT(std::string(line_of.status().message()), HasSubstr("certificates"));
    EXPECT_THAT(ApiKeys::Parse(line.substr(0, 65) + whose),
                FailsWith(absl::StatusCode::kInvalidArgument, "INVALID_FILE"));
  }
}

class CredentialsTest : public ::testing::Test {
 protected:
  void Write(const std::string& text) {
    std::ofstream(path_) << text;
    // Whatever the resolution of the file system's times.
    std::filesystem::last_write_time(
        path_, std::filesystem::last_write_time(path_) + std::chrono::seconds(++writes_));
    clock_.Advance(absl::Seconds(2));
  }
  std::unique_ptr<Credentials> Open() {
    return *Credentials::Open({.api_keys_file = path_}, clock_, log_);
  }

  testing::TempDir dir_;
  const std::string path_ = dir_.File("keys");
  testing::FakeClock clock_;
  std::vector<std::string> lines_;
  const Logger log_ = Logger::ToFunction(
      LogLevel::kInfo, [this](const std::string& line) { lines_.push_back(line); });
  int writes_ = 0;
};

TEST_F(CredentialsTest, TakeWhatTheFileSaysNow) {
  Write(*ApiKeyLine("old", "leye://bureau/13"));
  const auto credentials = Open();
  EXPECT_THAT(credentials->Identify({.api_key = "old"}), IsOk());
  Write(*ApiKeyLine("new", "leye://bureau/44"));
  EXPECT_THAT(credentials->Identify({.api_key = "old"}),
              FailsWith(kUnauthenticated, "BAD_API_KEY"));
  EXPECT_EQ(credentials->Identify({.api_key = "new"})->id, "bureau/44");
}

TEST_F(CredentialsTest, KeepWhatTheyHaveWhenTheFileIsSpoilt) {
  Write(*ApiKeyLine("k", "leye://bureau/13"));
  const auto credentials = Open();
  Write("nonsense");
  EXPECT_THAT(credentials->Identify({.api_key = "k"}), IsOk());
  ASSERT_EQ(lines_.size(), 1u);
  EXPECT_THAT(lines_[0], HasSubstr("line 1"));
  Write("");  // Sound, and says that there are none.
  EXPECT_THAT(credentials->Identify({.api_key = "k"}), FailsWith(kUnauthenticated, "BAD_API_KEY"));
}

TEST_F(CredentialsTest, OfAFileThatIsNotThereOrWrongDoNotOpen) {
  EXPECT_FALSE(Credentials::Open({.api_keys_file = dir_.File("none")}, clock_, log_).ok());
  Write("nonsense");
  EXPECT_FALSE(Credentials::Open({.api_keys_file = path_}, clock_, log_).ok());
  EXPECT_FALSE(Credentials::Open({.token_keys_file = path_}, clock_, log_).ok());
}

TEST_F(CredentialsTest, OfCertificatesNeedExactlyOneNameOfOurs) {
  Write("");
  const auto credentials = Open();
  EXPECT_EQ(credentials->Identify({.certificate_uris = {"spiffe://x", "leye://bureau/1307"}})->id,
            "bureau/1307");
  for (const std::vector<std::string>& uris :
       {std::vector<std::string>{"leye://bureau/13", "leye://operator"},
        {"leye://root"},
        {"spiffe://x"}}) {
    EXPECT_THAT(credentials->Identify({.certificate_uris = uris}),
                FailsWith(kUnauthenticated, "BAD_CERTIFICATE"));
  }
}

TEST_F(CredentialsTest, OfTheCallGoBeforeThoseOfTheConnection) {
  Write(*ApiKeyLine("k", "leye://bureau/130723"));
  const auto credentials = Open();
  const std::vector<std::string> gateway = {"leye://bureau/13"};
  EXPECT_EQ(credentials->Identify({.certificate_uris = gateway, .api_key = "k"})->id,
            "bureau/130723");
  EXPECT_THAT(credentials->Identify({.certificate_uris = gateway, .api_key = "wrong"}),
              FailsWith(kUnauthenticated, "BAD_API_KEY"));
  EXPECT_THAT(credentials->Identify({.certificate_uris = gateway, .bearer = "t"}),
              FailsWith(kUnauthenticated, "BAD_TOKEN"));
  EXPECT_THAT(credentials->Identify({.bearer = "t", .api_key = "k"}),
              FailsWith(kUnauthenticated, "TWO_IDENTITIES"));
  EXPECT_THAT(credentials->Identify({}), FailsWith(kUnauthenticated, "NO_IDENTITY"));
}

}  // namespace
}  // namespace leye::access
