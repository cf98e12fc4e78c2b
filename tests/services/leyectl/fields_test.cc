#include "services/leyectl/fields.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "leye/v1/candidate.pb.h"
#include "leye/v1/posting.pb.h"
#include "leye/v1/settlement_area.pb.h"

namespace leye::ctl {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

v1::SettlementArea Yian() {
  v1::SettlementArea area;
  area.set_name("regions/13/settlementAreas/yian");
  area.set_display_name("怡安社区");
  area.set_planned_households(7161);
  return area;
}

TEST(Differences, AreEmptyForWhatTheServerAddedItself) {
  v1::SettlementArea stored = Yian();
  stored.set_etag("abc");
  stored.mutable_create_time()->set_seconds(1);
  EXPECT_THAT(Differences(stored, Yian()).paths(), IsEmpty());
}

TEST(Differences, NameEachChangedField) {
  v1::SettlementArea wanted = Yian();
  wanted.set_display_name("怡安社区一区");
  wanted.clear_planned_households();
  EXPECT_THAT(Differences(Yian(), wanted).paths(),
              ElementsAre("display_name", "planned_households"));
}

TEST(Differences, TellSetAndEmptyFromNotSet) {
  v1::Posting stored;
  stored.mutable_enterprise();
  stored.set_max_openings(0);
  EXPECT_THAT(Differences(stored, stored).paths(), IsEmpty());
  EXPECT_THAT(Differences(stored, v1::Posting()).paths(),
              UnorderedElementsAre("max_openings", "enterprise"));
  EXPECT_THAT(Differences(v1::Posting(), stored).paths(),
              UnorderedElementsAre("max_openings", "enterprise"));
  v1::Posting other = stored;
  other.mutable_work_for_relief();
  EXPECT_THAT(Differences(stored, other).paths(),
              UnorderedElementsAre("enterprise", "work_for_relief"));
}

TEST(FieldText, FollowsPathsAndShortensNames) {
  v1::Candidate candidate;
  candidate.set_household("regions/13/households/h1");
  candidate.mutable_employment()->set_state(v1::EMPLOYMENT_STATE_SELF_EMPLOYED);
  EXPECT_EQ(FieldText(candidate, "household", {}), "h1");
  EXPECT_EQ(FieldText(candidate, "household", {.region = "44"}), "13/households/h1");
  EXPECT_EQ(FieldText(candidate, "employment.state", {}), "self-employed");
  EXPECT_EQ(FieldText(candidate, "employment.state", {.language = Language::kChinese}), "自主创业");
  EXPECT_EQ(FieldText(candidate, "consent.given_date", {}), "");
  EXPECT_EQ(FieldText(candidate, "experience_months", {}), "");
  candidate.mutable_create_time()->set_seconds(1714521600);
  EXPECT_EQ(FieldText(candidate, "create_time", {}), "2024-05-01 08:00");
  EXPECT_EQ(FieldText(candidate, "employment", {}), "");
}

TEST(FieldText, NamesTheCaseOfAOneof) {
  v1::Posting posting;
  EXPECT_EQ(FieldText(posting, "channel", {}), "");
  posting.mutable_work_for_relief();
  EXPECT_EQ(FieldText(posting, "channel", {}), "work for relief");
}

}  // namespace
}  // namespace leye::ctl
