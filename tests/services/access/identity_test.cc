#include "services/access/identity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/testing/status_matchers.h"

namespace leye::access {
namespace {

using ::leye::testing::FailsWith;

TEST(Identity, SaysWhoIsMeant) {
  EXPECT_EQ(ParseIdentity("leye://operator")->role, Role::kOperator);
  EXPECT_EQ(ParseIdentity("leye://auditor")->role, Role::kAuditor);
  LEYE_ASSERT_OK_AND_ASSIGN(const Principal county, ParseIdentity("leye://bureau/130723"));
  EXPECT_EQ(county.role, Role::kBureau);
  EXPECT_EQ(county.acts_for, "130723");
  EXPECT_EQ(county.id, "bureau/130723");
  LEYE_ASSERT_OK_AND_ASSIGN(const Principal firm, ParseIdentity("leye://enterprise/13/yian"));
  EXPECT_EQ(firm.acts_for, "regions/13/employers/yian");
  EXPECT_EQ(firm.id, "enterprise/13/yian");
  LEYE_ASSERT_OK_AND_ASSIGN(const Principal app, ParseIdentity("leye://app/13/ledger--130723-1"));
  EXPECT_EQ(app.acts_for, "regions/13/candidates/ledger--130723-1");
  EXPECT_EQ(RegionOf(county), "13");
  EXPECT_EQ(RegionOf(app), "");
  EXPECT_EQ(RegionOf(LocalOperator()), "");
}

TEST(Identity, RefusesWhateverIsNotWrittenExactly) {
  for (const char* name : {"",
                           "leye://",
                           "leye://root",
                           "leye://operator/13",
                           "LEYE://operator",
                           "leye://bureau",
                           "leye://bureau/",
                           "leye://bureau/1",
                           "leye://bureau/130000",
                           "leye://bureau/130700",
                           "leye://bureau/13072",
                           "leye://bureau/13/07",
                           "leye://bureau/1３",
                           "leye://enterprise/13",
                           "leye://enterprise/13/",
                           "leye://enterprise/13/a/b",
                           "leye://enterprise/1307/a",
                           "leye://enterprise/13/A",
                           "leye://app/13/../x",
                           "spiffe://operator",
                           "leye://operator "}) {
    EXPECT_THAT(ParseIdentity(name),
                FailsWith(absl::StatusCode::kInvalidArgument, "INVALID_IDENTITY"))
        << name;
  }
}

TEST(Identity, OfAPrincipalWithoutARoleIsNobodys) {
  EXPECT_EQ(Principal().role, Role::kNobody);
  EXPECT_FALSE(Principal().view.personal_data);
}

}  // namespace
}  // namespace leye::access
