#include "services/access/sealer.h"

#include <gtest/gtest.h>

#include "tests/testing/status_matchers.h"

namespace leye::access {
namespace {

using ::leye::testing::FailsWith;
using ::leye::testing::IsOkAndHolds;

TEST(PlainSealer, OpensWhatItSealed) {
  storage::v1::Sealed sealed;
  ASSERT_TRUE(PlainSealer().Seal("regions/13/candidates/x", "secret", sealed).ok());
  EXPECT_EQ(sealed.key_id(), "");
  EXPECT_THAT(PlainSealer().Open("regions/13/candidates/x", sealed), IsOkAndHolds("secret"));
}

TEST(PlainSealer, DoesNotPassOffCipherTextAsContent) {
  storage::v1::Sealed sealed;
  sealed.set_content("cipher");
  sealed.set_key_id("k1");
  const PlainSealer sealer;
  EXPECT_THAT(sealer.Open("x", sealed),
              FailsWith(absl::StatusCode::kFailedPrecondition, "SEAL_KEY_MISSING"));
  EXPECT_EQ(sealer.failures().key_missing, 1);
}

}  // namespace
}  // namespace leye::access
