// The rules that every resource keeps (API.md), over all of them.
#include <atomic>
#include <thread>

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/base/status.h"
#include "tests/services/app/app_fixture.h"
#include "tests/testing/status_matchers.h"

namespace leye::app {
namespace {

using ::leye::testing::FailsWith;
using ::leye::testing::StatusIs;
using ::testing::HasSubstr;
using ::testing::Not;

class Resources : public ::testing::TestWithParam<ResourceCase> {
 protected:
  Resources() { app_.AddBasics(); }

  Answer Create(const std::string& id, const std::string& more_body = "",
                const std::string& more = "") const {
    return app_.Call("Create" + c_.type, c_.Create(id, more_body, more));
  }
  Answer Get(const std::string& id) const {
    return app_.Call("Get" + c_.type, absl::StrCat("name: '", c_.Name(id), "'"));
  }
  // `body` beside the name, `more` beside the resource.
  Answer Update(const std::string& id, const std::string& body, const std::string& more) const {
    return app_.Call("Update" + c_.type,
                     absl::StrCat(c_.field, " { name: '", c_.Name(id), "' ", body, " } ", more));
  }
  Answer Delete(const std::string& id, const std::string& more = "") const {
    return app_.Call("Delete" + c_.type, absl::StrCat("name: '", c_.Name(id), "' ", more));
  }
  std::string At(const std::string& path) const { return absl::StrCat(c_.field, ".", path); }
  std::string Mask() const { return absl::StrCat("update_mask { paths: '", c_.path, "' }"); }

  const ResourceCase& c_ = GetParam();
  App app_;
};

class DeletableResources : public Resources {};
class BatchResources : public Resources {};

TEST_P(Resources, CreateAnswersTheResourceAsStored) {
  const Answer made = Create("x");
  ASSERT_TRUE(made.ok()) << made.status;
  EXPECT_EQ(made.Text(At("name")), c_.Name("x"));
  EXPECT_NE(made.Text(At("etag")), "");
  EXPECT_NE(made.Text(At("create_time")), "");
  EXPECT_THAT(made.Text("revision"), ::testing::StartsWith("13:"));
  EXPECT_EQ(Get("x").Text(c_.field).substr(0, 60), made.Text(c_.field).substr(0, 60));
}

TEST_P(Resources, CreateMakesAnIdWhenNoneIsGiven) {
  const Answer made = Create("");
  ASSERT_TRUE(made.ok()) << made.status;
  EXPECT_THAT(made.Text(At("name")), ::testing::StartsWith(c_.Name("x")));
}

TEST_P(Resources, CreateRefusesATakenName) {
  ASSERT_TRUE(Create("x").ok());
  EXPECT_THAT(Create("x").status, FailsWith(absl::StatusCode::kAlreadyExists, "ALREADY_EXISTS"));
}

TEST_P(Resources, CreateRefusesATakenExternalIdUnderAnyName) {
  const std::string external = "external_id { source: 'ledger' id: '1' }";
  ASSERT_TRUE(Create("x", external).ok());
  EXPECT_THAT(Create("y", external).status, StatusIs(absl::StatusCode::kAlreadyExists));
  EXPECT_THAT(Create("", external).status, StatusIs(absl::StatusCode::kAlreadyExists));
  ASSERT_TRUE(Create("", "external_id { source: 'ledger' id: '2' }").ok());
  EXPECT_THAT(Create("z", "external_id { source: 'ledger' id: '2' }").status,
              StatusIs(absl::StatusCode::kAlreadyExists));
}

TEST_P(Resources, CreateNamesEveryMissingFieldAtOnce) {
  const Answer made =
      app_.Call("Create" + c_.type, absl::StrCat("parent: 'regions/13' ", c_.field, " {}"));
  EXPECT_EQ(made.Fault(), "INVALID_FIELDS: " + c_.required);
  EXPECT_THAT(GetErrorDetails(made.status).message_zh, HasSubstr("必填"));
}

TEST_P(Resources, CreateRefusesBadParentsAndIds) {
  EXPECT_THAT(app_.Call("Create" + c_.type, "parent: 'regions/99'").Fault(), HasSubstr("parent"));
  const std::string too_long(70, '0');
  for (const char* id : {"-x", "X", "x_y", "x--y", too_long.c_str()}) {
    EXPECT_EQ(Create(id).Fault(), absl::StrCat("INVALID_FIELDS: ", c_.field, "_id")) << id;
  }
}

TEST_P(Resources, ServerFieldsOfACallerAreIgnored) {
  const Answer made =
      Create("x", "name: 'regions/13/other/y' etag: 'e' create_time { seconds: 9 }");
  ASSERT_TRUE(made.ok()) << made.status;
  EXPECT_EQ(made.Text(At("name")), c_.Name("x"));
  EXPECT_THAT(made.Text(At("create_time")), Not(HasSubstr("seconds: 9 ")));
}

TEST_P(Resources, ValidateOnlyChecksAndChangesNothing) {
  const Answer made = Create("x", "", "validate_only: true");
  ASSERT_TRUE(made.ok()) << made.status;
  EXPECT_EQ(made.Text(At("name")), c_.Name("x"));
  EXPECT_THAT(Get("x").status, FailsWith(absl::StatusCode::kNotFound, "NOT_FOUND"));
  ASSERT_TRUE(Create("x").ok());
  EXPECT_THAT(Create("x", "", "validate_only: true").status,
              StatusIs(absl::StatusCode::kAlreadyExists));
}

TEST_P(Resources, TheSameRequestIdGetsTheSameAnswer) {
  const Answer first = Create("", "", "request_id: 'r1'");
  ASSERT_TRUE(first.ok()) << first.status;
  app_.clock.Advance(absl::Minutes(1));
  ASSERT_TRUE(Create("between").ok());
  const Answer second = Create("", "", "request_id: 'r1'");
  ASSERT_TRUE(second.ok()) << second.status;
  EXPECT_EQ(first.response->SerializeAsString(), second.response->SerializeAsString());
}

TEST_P(Resources, ARequestIdBelongsToOneRequest) {
  ASSERT_TRUE(Create("x", "", "request_id: 'r1'").ok());
  EXPECT_THAT(Create("y", "", "request_id: 'r1'").status,
              FailsWith(absl::StatusCode::kInvalidArgument, "REQUEST_ID_REUSED"));
  EXPECT_EQ(Create("z", "", "request_id: '\\001'").Fault(), "INVALID_FIELDS: request_id");
  EXPECT_EQ(Create("z", "", absl::StrCat("request_id: '", std::string(200, 'r'), "'")).Fault(),
            "INVALID_FIELDS: request_id");
}

TEST_P(Resources, GetRefusesUnknownAndMalformedNames) {
  EXPECT_THAT(Get("nobody").status, FailsWith(absl::StatusCode::kNotFound, "NOT_FOUND"));
  EXPECT_EQ(app_.Call("Get" + c_.type, "name: 'regions/13/nothing/x'").Fault(),
            "INVALID_FIELDS: name");
  EXPECT_EQ(app_.Call("Get" + c_.type, "name: ''").Fault(), "INVALID_FIELDS: name");
}

TEST_P(Resources, UpdateChangesWhatTheMaskNamesOnly) {
  const Answer made = Create("x");
  app_.clock.Advance(absl::Seconds(1));
  const Answer changed = Update("x", c_.change, Mask());
  ASSERT_TRUE(changed.ok()) << changed.status;
  EXPECT_NE(changed.Text(At(c_.path)), made.Text(At(c_.path)));
  EXPECT_NE(changed.Text(At("etag")), made.Text(At("etag")));
  EXPECT_EQ(changed.Text(At("create_time")), made.Text(At("create_time")));
  EXPECT_NE(changed.Text(At("update_time")), made.Text(At("update_time")));
  EXPECT_EQ(Update("x", "", Mask()).Text(At(c_.path)), made.Text(At(c_.path)));
}

TEST_P(Resources, UpdateWithoutAMaskTakesTheFieldsThatAreSet) {
  ASSERT_TRUE(Create("x").ok());
  const Answer changed = Update("x", c_.change, "");
  ASSERT_TRUE(changed.ok()) << changed.status;
  EXPECT_NE(changed.Text(At(c_.path)), "");
}

TEST_P(Resources, UpdateOfEverythingChecksRequiredFields) {
  ASSERT_TRUE(Create("x").ok());
  EXPECT_EQ(Update("x", "", "update_mask { paths: '*' }").Fault(),
            "INVALID_FIELDS: " + c_.required);
  EXPECT_TRUE(Update("x", c_.body, "update_mask { paths: '*' }").ok());
}

TEST_P(Resources, UpdateRefusesMasksOfFixedAndUnknownFields) {
  ASSERT_TRUE(Create("x").ok());
  for (const char* path : {"name", "create_time", "external_id", "external_id.id", "nothing",
                           "etag", "*.x", "", "display_name.x"}) {
    const Answer changed =
        Update("x", c_.change, absl::StrCat("update_mask { paths: '", path, "' }"));
    EXPECT_EQ(changed.Fault(), "INVALID_FIELDS: update_mask") << path;
  }
}

TEST_P(Resources, UpdateRefusesAnotherExternalId) {
  ASSERT_TRUE(Create("x", "external_id { source: 's' id: '1' }").ok());
  const std::string other = "external_id { source: 's' id: '2' } ";
  EXPECT_EQ(Update("x", other + c_.change, "").Fault(), "INVALID_FIELDS: " + At("external_id"));
  EXPECT_TRUE(Update("x", "external_id { source: 's' id: '1' } " + c_.change, "").ok());
}

TEST_P(Resources, AStaleEtagIsRefused) {
  const std::string etag = Create("x").Text(At("etag"));
  const std::string given = absl::StrCat(c_.change, " etag: '", etag, "'");
  ASSERT_TRUE(Update("x", given, Mask()).ok());
  EXPECT_THAT(Update("x", given, Mask()).status,
              FailsWith(absl::StatusCode::kAborted, "ETAG_MISMATCH"));
}

TEST_P(Resources, OfManyWithOneEtagOneWins) {
  const std::string etag = Create("x").Text(At("etag"));
  std::vector<std::thread> threads;
  std::atomic<int> won = 0;
  std::atomic<int> lost = 0;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      const Answer answer = Update("x", absl::StrCat(c_.change, " etag: '", etag, "'"), Mask());
      (answer.ok() ? won : lost) += 1;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(won, 1);
  EXPECT_EQ(lost, 7);
}

TEST_P(Resources, UpdatesWithoutEtagAllSucceed) {
  ASSERT_TRUE(Create("x").ok());
  std::vector<std::thread> threads;
  std::atomic<int> won = 0;
  for (int i = 0; i < 6; ++i) {
    threads.emplace_back([&] { won += Update("x", c_.change, Mask()).ok() ? 1 : 0; });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(won, 6);
}

TEST_P(Resources, UpdateOfNobodyIsNotFound) {
  EXPECT_THAT(Update("nobody", c_.change, Mask()).status,
              FailsWith(absl::StatusCode::kNotFound, "NOT_FOUND"));
  EXPECT_THAT(app_.Call("Update" + c_.type, c_.field + " {}").Fault(), HasSubstr(".name"));
}

TEST_P(DeletableResources, DeleteRemovesAndFreesTheNames) {
  const std::string external = "external_id { source: 's' id: '1' }";
  const std::string etag = Create("x", external).Text(At("etag"));
  EXPECT_THAT(Delete("x", "etag: 'other'").status, StatusIs(absl::StatusCode::kAborted));
  EXPECT_TRUE(Delete("x", "validate_only: true").ok());
  EXPECT_TRUE(Get("x").ok());
  const Answer gone = Delete("x", absl::StrCat("etag: '", etag, "' request_id: 'd'"));
  ASSERT_TRUE(gone.ok()) << gone.status;
  EXPECT_EQ(Delete("x", absl::StrCat("etag: '", etag, "' request_id: 'd'")).Text("revision"),
            gone.Text("revision"));
  EXPECT_THAT(Delete("x").status, StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(Get("x").status, StatusIs(absl::StatusCode::kNotFound));
  EXPECT_TRUE(Create("x", external).ok());
}

TEST_P(BatchResources, BatchGetKeepsTheOrderAndNamesTheMissing) {
  ASSERT_TRUE(Create("x").ok());
  ASSERT_TRUE(Create("y").ok());
  const std::string rpc = "BatchGet" + c_.type + "s";
  const std::string both =
      absl::StrCat("parent: 'regions/13' names: '", c_.Name("y"), "' names: '", c_.Name("x"), "'");
  const Answer found = app_.Call(rpc, both);
  ASSERT_TRUE(found.ok()) << found.status;
  EXPECT_EQ(found.Text(c_.collection + ".name"), c_.Name("y"));
  const Answer missing = app_.Call(rpc, absl::StrCat(both, "names: '", c_.Name("z"), "'"));
  EXPECT_THAT(missing.status, StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(missing.status.message(), HasSubstr(c_.Name("z")));
  EXPECT_EQ(app_.Call(rpc, "parent: 'regions/13'").Fault(), "INVALID_FIELDS: names");
  EXPECT_EQ(app_.Call(rpc, "parent: 'regions/13' names: 'x'").Fault(), "INVALID_FIELDS: names[0]");
}

TEST_P(Resources, PersonalDataIsHiddenFromWhoMayNotSeeIt) {
  ASSERT_TRUE(Create("x").ok());
  const std::string seen = Get("x").response->ShortDebugString();
  app_.principal.view.personal_data = false;
  const std::string hidden = Get("x").response->ShortDebugString();
  const Answer listed = app_.Call("List" + c_.type + "s", "parent: 'regions/13'");
  ASSERT_TRUE(listed.ok()) << listed.status;
  for (const char* secret : {"full_name", "phone", "number", "1-1-101"}) {
    EXPECT_THAT(hidden, Not(HasSubstr(secret)));
    EXPECT_THAT(listed.response->ShortDebugString(), Not(HasSubstr(secret)));
  }
  EXPECT_EQ(seen == hidden, c_.type == "SettlementArea");
}

// The resources that have something.
std::vector<ResourceCase> Having(bool ResourceCase::*what) {
  std::vector<ResourceCase> having;
  for (const ResourceCase& each : AllResources()) {
    if (each.*what) having.push_back(each);
  }
  return having;
}

INSTANTIATE_TEST_SUITE_P(Some, DeletableResources,
                         ::testing::ValuesIn(Having(&ResourceCase::has_delete)),
                         [](const auto& test) { return test.param.type; });
INSTANTIATE_TEST_SUITE_P(Some, BatchResources,
                         ::testing::ValuesIn(Having(&ResourceCase::has_batch)),
                         [](const auto& test) { return test.param.type; });
INSTANTIATE_TEST_SUITE_P(All, Resources, ::testing::ValuesIn(AllResources()),
                         [](const auto& test) { return test.param.type; });

}  // namespace
}  // namespace leye::app
