#include "services/access/tokens.h"

#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/testing/status_matchers.h"

namespace leye::access {
namespace {

using ::leye::testing::FailsWith;
using ::leye::testing::IsOk;

const absl::Time kNow = absl::FromUnixSeconds(1'790'000'000);

class Tokens : public ::testing::Test {
 protected:
  static TokenClaims Claims() {
    return {.identity = "leye://app/13/li",
            .issue_time = kNow,
            .expire_time = kNow + absl::Minutes(10)};
  }

  const KeyPair pair_ = *NewTokenKeys();
  const TokenSigner signer_ = *TokenSigner::FromPem(pair_.private_pem);
  const TokenKeys keys_ = *TokenKeys::FromPem(pair_.public_pem);
};

TEST_F(Tokens, LetAnAppActForItsPersonUntilTheirTimeIsOver) {
  LEYE_ASSERT_OK_AND_ASSIGN(const std::string token, signer_.Sign(Claims()));
  LEYE_ASSERT_OK_AND_ASSIGN(const Principal app, keys_.Verify(token, kNow));
  EXPECT_EQ(app.role, Role::kApp);
  EXPECT_EQ(app.acts_for, "regions/13/candidates/li");
  EXPECT_THAT(keys_.Verify(token, kNow + absl::Seconds(599)), IsOk());
  EXPECT_THAT(keys_.Verify(token, kNow + absl::Minutes(10)),
              FailsWith(absl::StatusCode::kUnauthenticated, "TOKEN_EXPIRED"));
  EXPECT_THAT(keys_.Verify(token, kNow - absl::Minutes(5)),
              FailsWith(absl::StatusCode::kUnauthenticated, "BAD_TOKEN"));
}

TEST_F(Tokens, AreNeitherLongNorForOthersThanApps) {
  TokenClaims claims = Claims();
  claims.expire_time = kNow + absl::Minutes(10) + absl::Seconds(1);
  EXPECT_THAT(signer_.Sign(claims),
              FailsWith(absl::StatusCode::kInvalidArgument, "INVALID_CLAIMS"));
  claims.expire_time = kNow;
  EXPECT_FALSE(signer_.Sign(claims).ok());
  for (const char* identity : {"leye://operator", "leye://bureau/13", "leye://enterprise/13/x"}) {
    claims = Claims();
    claims.identity = identity;
    EXPECT_THAT(signer_.Sign(claims),
                FailsWith(absl::StatusCode::kInvalidArgument, "INVALID_CLAIMS"));
  }
}

TEST_F(Tokens, OfWhichOneByteIsChangedAreWorthless) {
  LEYE_ASSERT_OK_AND_ASSIGN(const std::string token, signer_.Sign(Claims()));
  for (size_t i = 0; i < token.size(); ++i) {
    // The last character of a base64 text holds bits that mean nothing.
    if (i + 1 == token.size() || token[i + 1] == '.') continue;
    std::string forged = token;
    forged[i] = forged[i] == 'A' ? 'B' : 'A';
    EXPECT_THAT(keys_.Verify(forged, kNow),
                FailsWith(absl::StatusCode::kUnauthenticated, "BAD_TOKEN"))
        << i;
  }
}

TEST_F(Tokens, CannotBeGivenOtherClaims) {
  LEYE_ASSERT_OK_AND_ASSIGN(const std::string token, signer_.Sign(Claims()));
  const std::vector<std::string> parts = absl::StrSplit(token, '.');
  const std::string others =
      absl::WebSafeBase64Escape(absl::StrCat("leye://app/13/zhao\n", absl::ToUnixSeconds(kNow),
                                             "\n", absl::ToUnixSeconds(kNow + absl::Minutes(10))));
  EXPECT_FALSE(keys_.Verify(absl::StrCat("v1.", others, ".", parts[2]), kNow).ok());
  EXPECT_FALSE(keys_.Verify(absl::StrCat("v1.", parts[1], "."), kNow).ok());
  EXPECT_FALSE(keys_.Verify(absl::StrCat("v2.", parts[1], ".", parts[2]), kNow).ok());
  EXPECT_FALSE(keys_.Verify("", kNow).ok());
  EXPECT_FALSE(keys_.Verify(std::string(1 << 20, '.'), kNow).ok());
}

TEST_F(Tokens, OfTwoKeysAreTakenWhileOneIsReplaced) {
  const KeyPair next = *NewTokenKeys();
  const TokenKeys both = *TokenKeys::FromPem(absl::StrCat(next.public_pem, pair_.public_pem));
  LEYE_ASSERT_OK_AND_ASSIGN(const std::string token, signer_.Sign(Claims()));
  EXPECT_THAT(both.Verify(token, kNow), IsOk());
  EXPECT_THAT(TokenKeys::FromPem(next.public_pem)->Verify(token, kNow),
              FailsWith(absl::StatusCode::kUnauthenticated, "BAD_TOKEN"));
}

TEST_F(Tokens, KeysOfOtherKindsAreRefused) {
  EXPECT_THAT(TokenKeys::FromPem(""), FailsWith(absl::StatusCode::kInvalidArgument, "INVALID_KEY"));
  EXPECT_THAT(TokenKeys::FromPem(pair_.private_pem),
              FailsWith(absl::StatusCode::kInvalidArgument, "INVALID_KEY"));
  EXPECT_THAT(TokenSigner::FromPem(pair_.public_pem),
              FailsWith(absl::StatusCode::kInvalidArgument, "INVALID_KEY"));
}

}  // namespace
}  // namespace leye::access
