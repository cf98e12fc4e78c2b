#include <algorithm>
#include <fstream>
#include <sstream>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/app/filter.h"
#include "services/app/page_token.h"
#include "services/app/posting_rules.h"
#include "services/base/status.h"
#include "tests/services/app/app_fixture.h"
#include "tests/testing/status_matchers.h"

namespace leye::app {
namespace {

using ::leye::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class Lists : public ::testing::Test {
 protected:
  Lists() {
    app_.AddBasics();
    Add("p1",
        "openings: 10 title: 'c' apply_until: '2024-06-01' external_id { source: 's' id: '1' }",
        "enterprise {}");
    Add("p2", "openings: 2 title: 'b' apply_until: '2024-07-01'",
        "public_welfare { kind: PUBLIC_WELFARE_KIND_CLEANING }");
    Add("p3", "openings: 2 title: 'a'", "work_for_relief { project: 'x' }");
    Add("p4", "openings: 7 title: 'ab'", "enterprise {}");
  }

  void Add(const std::string& id, const std::string& text, const std::string& channel) {
    app_.clock.Advance(absl::Hours(1));
    const Answer made = app_.Call(
        "CreatePosting",
        absl::StrCat("parent: 'regions/13' posting_id: '", id, "' posting { employer: ",
                     "'regions/13/employers/e' place { division_code: '130723' location { ",
                     "latitude: 41 longitude: 114 } } ", text, " ", channel, "}"));
    ASSERT_TRUE(made.ok()) << made.status;
  }

  Answer List(const std::string& more) const {
    return app_.Call("ListPostings", absl::StrCat("parent: 'regions/13' ", more));
  }

  // The ids listed.
  static std::vector<std::string> Ids(const Answer& answer) {
    std::vector<std::string> ids;
    if (!answer.ok()) return {answer.status.ToString()};
    for (const v1::Posting& posting :
         static_cast<const v1::ListPostingsResponse&>(*answer.response).postings()) {
      ids.push_back(posting.name().substr(posting.name().rfind('/') + 1));
    }
    return ids;
  }
  std::vector<std::string> Filtered(const std::string& filter) const {
    return Ids(List(absl::StrCat("filter: \"", absl::CEscape(filter), "\"")));
  }
  std::string Complaint(const std::string& filter) const {
    const Answer answer = List(absl::StrCat("filter: \"", absl::CEscape(filter), "\""));
    const ErrorDetails details = GetErrorDetails(answer.status);
    return details.violations.empty() ? "none" : details.violations[0].description;
  }

  App app_;
};

TEST_F(Lists, AreByNameUnlessOrdered) {
  EXPECT_THAT(Ids(List("")), ElementsAre("p1", "p2", "p3", "p4"));
  EXPECT_THAT(Ids(List("order_by: 'name desc'")), ElementsAre("p4", "p3", "p2", "p1"));
  EXPECT_THAT(Ids(List("order_by: 'title'")), ElementsAre("p3", "p4", "p2", "p1"));
  EXPECT_THAT(Ids(List("order_by: 'openings'")), ElementsAre("p2", "p3", "p4", "p1"));
  EXPECT_THAT(Ids(List("order_by: 'openings desc'")), ElementsAre("p1", "p4", "p2", "p3"));
  EXPECT_THAT(Ids(List("order_by: 'create_time desc'")), ElementsAre("p4", "p3", "p2", "p1"));
}

TEST_F(Lists, FiltersCompareEveryKindOfValue) {
  EXPECT_THAT(Filtered("openings = 2"), ElementsAre("p2", "p3"));
  EXPECT_THAT(Filtered("openings != 2 AND openings < 10"), ElementsAre("p4"));
  EXPECT_THAT(Filtered("openings>=7 AND state = POSTING_STATE_OPEN"), ElementsAre("p1", "p4"));
  EXPECT_THAT(Filtered("channel = CHANNEL_PUBLIC_WELFARE"), ElementsAre("p2"));
  EXPECT_THAT(Filtered("channel != CHANNEL_ENTERPRISE"), ElementsAre("p2", "p3"));
  EXPECT_THAT(Filtered("title : \"b\""), ElementsAre("p2", "p4"));
  EXPECT_THAT(Filtered("apply_until <= 2024-06-15"), ElementsAre("p1"));
  EXPECT_THAT(Filtered("apply_until = \"\""), ElementsAre("p3", "p4"));
  EXPECT_THAT(Filtered("external_id.id = \"1\""), ElementsAre("p1"));
  EXPECT_THAT(Filtered("create_time > \"2024-05-01T02:30:00Z\""), ElementsAre("p3", "p4"));
  EXPECT_THAT(Filtered("create_time < 2024-05-01"), ElementsAre());
  EXPECT_THAT(Filtered("place.division_code = 130723 AND openings = 10"), ElementsAre("p1"));
}

TEST_F(Lists, FilterMistakesAreToldWithTheirPlace) {
  EXPECT_THAT(Complaint("nothing = 1"), HasSubstr("at character 1: expected one of the fields"));
  EXPECT_THAT(Complaint("openings ~ 1"), HasSubstr("at character 10: expected one of ="));
  EXPECT_THAT(Complaint("openings = many"), HasSubstr("expected a whole number"));
  EXPECT_THAT(Complaint("openings = 1 OR openings = 2"),
              HasSubstr("at character 14: expected AND"));
  EXPECT_THAT(Complaint("state = OPEN"), HasSubstr("expected a value of PostingState"));
  EXPECT_THAT(Complaint("title = \"x"), HasSubstr("the quotation has no end"));
  EXPECT_THAT(Complaint("openings ="), HasSubstr("expected a value"));
  EXPECT_THAT(Complaint("contact.phone = \"1\""), HasSubstr("expected one of the fields"));
}

TEST_F(Lists, ListsOfElementsAreAskedWithAColon) {
  ASSERT_TRUE(app_.Call("CreateCandidate", CaseOf("Candidate")
                                               .Create("c",
                                                       "skills { skill: 'skills/welding-arc' } "
                                                       "groups: GROUP_RELOCATED"))
                  .ok());
  const auto size = [&](const std::string& filter) {
    return app_
        .Call("ListCandidates",
              absl::StrCat("parent: 'regions/13' filter: \"", absl::CEscape(filter), "\""))
        .Size("candidates");
  };
  EXPECT_EQ(size("skills.skill : \"skills/welding-arc\" AND preferences.willing = true"), 1);
  EXPECT_EQ(size("skills.skill : \"skills/welding\""), 0);
  EXPECT_EQ(size("groups : GROUP_RELOCATED"), 1);
  EXPECT_EQ(size("education >= EDUCATION_NONE"), 0);
  EXPECT_EQ(size("groups = GROUP_RELOCATED"), -1);
}

TEST_F(Lists, PagesCoverEverythingOnceInEveryOrder) {
  for (const char* order : {"", "name desc", "openings", "openings desc", "title"}) {
    std::vector<std::string> seen;
    std::string token;
    do {
      const Answer page =
          List(absl::StrCat("page_size: 1 order_by: '", order, "' page_token: '", token, "'"));
      ASSERT_TRUE(page.ok()) << page.status;
      for (const std::string& id : Ids(page)) seen.push_back(id);
      token = page.Text("next_page_token");
    } while (!token.empty());
    std::sort(seen.begin(), seen.end());
    EXPECT_THAT(seen, ElementsAre("p1", "p2", "p3", "p4")) << order;
  }
}

TEST_F(Lists, WritesBetweenPagesNeitherRepeatNorLoseOthers) {
  const Answer first = List("page_size: 2");
  ASSERT_TRUE(app_.Call("DeletePosting", "name: 'regions/13/postings/p2'").ok());
  Add("p25", "openings: 1 title: 'z'", "enterprise {}");
  const Answer second =
      List(absl::StrCat("page_size: 5 page_token: '", first.Text("next_page_token"), "'"));
  EXPECT_THAT(Ids(second), ElementsAre("p25", "p3", "p4"));
  EXPECT_EQ(second.Text("revision"), first.Text("revision"));
}

TEST_F(Lists, ATokenGoesOnlyWithItsOwnQuery) {
  const std::string token = List("page_size: 1").Text("next_page_token");
  for (const std::string& more :
       {std::string("filter: 'openings = 2'"), std::string("order_by: 'title'")}) {
    EXPECT_EQ(List(absl::StrCat(more, " page_token: '", token, "'")).Fault(),
              "INVALID_FIELDS: page_token");
  }
  EXPECT_EQ(
      app_.Call("ListPostings", absl::StrCat("parent: 'regions/44' page_token: '", token, "'"))
          .Fault(),
      "INVALID_FIELDS: page_token");
  EXPECT_EQ(
      app_.Call("ListEmployers", absl::StrCat("parent: 'regions/13' page_token: '", token, "'"))
          .Fault(),
      "INVALID_FIELDS: page_token");
  EXPECT_EQ(List("page_token: 'garbage'").Fault(), "INVALID_FIELDS: page_token");
  std::string damaged = token;
  damaged[damaged.size() / 2] = damaged[damaged.size() / 2] == 'A' ? 'B' : 'A';
  EXPECT_EQ(List(absl::StrCat("page_token: '", damaged, "'")).Fault(),
            "INVALID_FIELDS: page_token");
  EXPECT_TRUE(List(absl::StrCat("page_size: 3 page_token: '", token, "'")).ok());
}

TEST_F(Lists, EverythingWrongIsToldAtOnce) {
  EXPECT_EQ(app_.Call("ListPostings",
                      "parent: 'x' page_size: -1 page_token: 'x' filter: 'x' "
                      "order_by: 'contact'")
                .Fault(),
            "INVALID_FIELDS: filter, order_by, page_size, page_token, parent");
}

TEST_F(Lists, AnEmptyRegionHasAnEmptyList) {
  EXPECT_EQ(app_.Call("ListPostings", "parent: 'regions/44'").Size("postings"), 0);
}

TEST_F(Lists, ALongListStopsWhenNobodyWaits) {
  CallContext context = app_.Caller();
  context.cancelled = [] { return true; };
  EXPECT_THAT(
      app_.postings->ListPostings(Parse<v1::ListPostingsRequest>("parent: 'regions/13'"), context),
      StatusIs(absl::StatusCode::kCancelled));
}

// The fields that a filter may name are those that the proto's comment promises.
TEST(FilterFields, AreThoseThatTheProtosDocument) {
  const std::pair<const char*, const char*> files[] = {{"candidate", "ListCandidates"},
                                                       {"household", "ListHouseholds"},
                                                       {"employer", "ListEmployers"},
                                                       {"posting", "ListPostings"},
                                                       {"settlement_area", "ListSettlementAreas"}};
  App app;
  for (const auto& [file, rpc] : files) {
    std::ifstream in(absl::StrCat(getenv("LEYE_SOURCE_DIR"), "/proto/leye/v1/", file, ".proto"));
    std::stringstream text;
    text << in.rdbuf();
    std::string proto = text.str();
    const size_t list = proto.find(absl::StrCat("message ", rpc, "Request"));
    const size_t begin = proto.find("Fields: ", list) + 8;
    const size_t end = proto.find("string filter", begin);
    std::string promised = proto.substr(begin, end - begin);
    promised.erase(std::remove(promised.begin(), promised.end(), '/'), promised.end());
    std::vector<std::string> fields =
        absl::StrSplit(promised, absl::ByAnyChar(", \n"), absl::SkipEmpty());
    fields.back().pop_back();  // The full stop.
    const Answer answer = app.Call(rpc, "parent: 'regions/13' filter: 'x = 1'");
    const std::string told = GetErrorDetails(answer.status).violations[0].description;
    EXPECT_THAT(told, ::testing::EndsWith("fields " + absl::StrJoin(fields, ", "))) << file;
  }
}

TEST(PageToken, RoundTripsAnyBytes) {
  const PageCursor cursor{{.epoch = 7, .sequence = 9}, std::string("a:b\0c", 5), "regions/13/x"};
  const auto decoded = DecodePageToken("query", EncodePageToken("query", cursor));
  ASSERT_TRUE(decoded.has_value());
  EXPECT_EQ(decoded->sort_key, cursor.sort_key);
  EXPECT_EQ(decoded->name, cursor.name);
  EXPECT_EQ(decoded->began, cursor.began);
}

}  // namespace
}  // namespace leye::app
