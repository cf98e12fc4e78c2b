// Nobody reads, changes, lists, imports or refers to what is another's; and what is another's looks
// like what is not there.

#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/base/status.h"
#include "tests/services/app/app_fixture.h"
#include "tests/testing/status_matchers.h"

namespace leye::app {
namespace {

using ::leye::testing::FailsWith;
using ::leye::testing::IsOk;
using ::leye::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// In the counties 130722 ("mine") and 130723 ("theirs") one record of each kind, named after it.
class Scope : public ::testing::TestWithParam<ResourceCase> {
 protected:
  Scope() {
    for (const char* type : {"SettlementArea", "Household", "Employer", "Candidate", "Posting"}) {
      for (const char* county : {"mine", "theirs"}) {
        const Answer made = app_.Call(absl::StrCat("Create", type),
                                      Placed(CaseOf(type).Create(county, Extra(type)), county));
        EXPECT_THAT(made.status, IsOk()) << type << " " << county;
      }
    }
    app_.principal = access::Bureau("130722");
  }

  static std::string Extra(const std::string& type) {
    return type == "Employer" ? "division_code: '130723'" : "";
  }

  // The text of a request about 130723 and the records a, h, e, made one about a county's.
  static std::string Placed(const std::string& text, const std::string& county) {
    return absl::StrReplaceAll(text, {{"130723", county == "mine" ? "130722" : "130723"},
                                      {"settlementAreas/a'", "settlementAreas/" + county + "'"},
                                      {"households/h'", "households/" + county + "'"},
                                      {"employers/e'", "employers/" + county + "'"}});
  }

  Answer Get(const std::string& id) {
    return app_.Call("Get" + c_.type, absl::StrCat("name: '", c_.Name(id), "'"));
  }
  Answer Update(const std::string& id, const std::string& change) {
    return app_.Call("Update" + c_.type,
                     absl::StrCat(c_.field, " { name: '", c_.Name(id), "' ", change, " }"));
  }

  // Whether two refusals differ in nothing but the name that was asked for.
  static void ExpectAlike(const Answer& other, const Answer& none) {
    EXPECT_FALSE(other.ok());
    EXPECT_EQ(other.status.code(), none.status.code());
    EXPECT_EQ(ErrorReason(other.status), ErrorReason(none.status));
    EXPECT_EQ(absl::StrReplaceAll(other.status.message(), {{"theirs", "absent"}}),
              none.status.message());
  }

  const ResourceCase& c_ = GetParam();
  App app_;
};

TEST_P(Scope, WhatIsAnothersLooksLikeWhatIsNotThere) {
  EXPECT_THAT(Get("mine").status, IsOk());
  EXPECT_THAT(Get("theirs").status, StatusIs(absl::StatusCode::kNotFound));
  ExpectAlike(Get("theirs"), Get("absent"));
  ExpectAlike(Update("theirs", c_.change), Update("absent", c_.change));
  ExpectAlike(Update("theirs", c_.change + " etag: 'x'"),
              Update("absent", c_.change + " etag: 'x'"));
  if (c_.has_delete) {
    const auto remove = [&](const std::string& id) {
      return app_.Call("Delete" + c_.type, absl::StrCat("name: '", c_.Name(id), "'"));
    };
    ExpectAlike(remove("theirs"), remove("absent"));
  }
  if (c_.has_batch) {
    const auto batch = [&](const std::string& id) {
      return app_.Call(absl::StrCat("BatchGet", c_.type, "s"),
                       absl::StrCat("parent: 'regions/13' names: '", c_.Name("mine"), "' names: '",
                                    c_.Name(id), "'"));
    };
    ExpectAlike(batch("theirs"), batch("absent"));
  }
  app_.principal = access::LocalOperator();
  EXPECT_THAT(Get("theirs").status, IsOk()) << "it was not to be changed or deleted";
}

TEST_P(Scope, ListsHoldOnlyWhatIsOnesOwn) {
  const std::string rpc = "List" + c_.type + "s";
  for (const char* more : {"", "page_size: 1", "order_by: 'create_time desc'",
                           "filter: 'create_time > \"2000-01-01T00:00:00Z\"'"}) {
    const Answer listed = app_.Call(rpc, absl::StrCat("parent: 'regions/13' ", more));
    ASSERT_THAT(listed.status, IsOk()) << more;
    EXPECT_EQ(listed.Size(c_.collection == "settlementAreas" ? "settlement_areas" : c_.collection),
              1)
        << more;
    EXPECT_EQ(listed.Text("next_page_token"), "") << more;
  }
  app_.principal = access::Bureau("1307");
  const Answer both = app_.Call(rpc, "parent: 'regions/13'");
  EXPECT_EQ(both.Size(c_.collection == "settlementAreas" ? "settlement_areas" : c_.collection), 2);
}

TEST_P(Scope, NothingIsCreatedBeyondOnesOwn) {
  const std::string text = c_.Create("new", Extra(c_.type));
  const Answer refused = app_.Call("Create" + c_.type, Placed(text, "theirs"));
  EXPECT_FALSE(refused.ok());
  const bool by_reference = c_.type == "Household" || c_.type == "Candidate";
  EXPECT_EQ(ErrorReason(refused.status), by_reference ? "INVALID_FIELDS" : "OUT_OF_SCOPE");
  EXPECT_THAT(app_.Call("Create" + c_.type, Placed(text, "mine")).status, IsOk());
}

TEST_P(Scope, NothingIsMovedBeyondOnesOwn) {
  const std::map<std::string, std::string> moves = {
      {"SettlementArea", "division_code: '130723'"},
      {"Household", "settlement_area: 'regions/13/settlementAreas/theirs'"},
      {"Employer", "division_code: '130723'"},
      {"Candidate", "household: 'regions/13/households/theirs'"},
      {"Posting",
       "place { division_code: '130723' location { latitude: 41.8 longitude: 114.6 } }"}};
  const Answer moved = Update("mine", moves.at(c_.type));
  const bool by_reference = c_.type == "Household" || c_.type == "Candidate";
  EXPECT_EQ(ErrorReason(moved.status), by_reference ? "INVALID_FIELDS" : "OUT_OF_SCOPE")
      << moved.status;
}

TEST_P(Scope, AnotherRegionIsNobodysBusiness) {
  app_.principal = access::Bureau("44");
  EXPECT_THAT(Get("mine").status, StatusIs(absl::StatusCode::kNotFound));
  const Answer listed = app_.Call("List" + c_.type + "s", "parent: 'regions/13'");
  EXPECT_EQ(listed.Size(c_.collection == "settlementAreas" ? "settlement_areas" : c_.collection),
            0);
  app_.principal = access::Bureau("13");
  EXPECT_THAT(Get("theirs").status, IsOk());
  app_.principal = access::Principal();
  EXPECT_THAT(Get("mine").status, StatusIs(absl::StatusCode::kNotFound));
}

TEST_P(Scope, ARequestIdOfAnotherCallerGivesAwayNothing) {
  const std::string text = Placed(c_.Create("again", Extra(c_.type), "request_id: 'r1'"), "mine");
  ASSERT_THAT(app_.Call("Create" + c_.type, text).status, IsOk());
  EXPECT_THAT(app_.Call("Create" + c_.type, text).status, IsOk()) << "a retry of one's own";
  app_.principal = access::Bureau("130723");
  EXPECT_FALSE(app_.Call("Create" + c_.type, text).ok());
}

INSTANTIATE_TEST_SUITE_P(All, Scope, ::testing::ValuesIn(AllResources()),
                         [](const auto& test) { return test.param.type; });

// What is particular to a few resources.
class ScopeOf : public Scope {};

v1::ImportReceipt ImportOne(const App& app, const std::string& area) {
  const auto session = app.households->ImportHouseholds(app.Caller());
  v1::ImportHouseholdsRequest request;
  request.set_parent("regions/13");
  v1::Household& household = *request.add_households();
  household.mutable_external_id()->set_source("ledger");
  household.mutable_external_id()->set_id("7");
  household.set_settlement_area("regions/13/settlementAreas/" + area);
  const auto pushed = session->Push(std::move(request));
  EXPECT_THAT(pushed, IsOk());
  const auto flushed = session->Flush();
  EXPECT_THAT(flushed, IsOk());
  return flushed->receipts(0);
}

TEST_P(ScopeOf, ImportsTakeNeitherAnothersPlaceNorAnothersRecord) {
  const v1::ImportReceipt outside = ImportOne(app_, "theirs");
  EXPECT_EQ(outside.outcome(), v1::IMPORT_OUTCOME_REJECTED);
  app_.principal = access::Bureau("130723");
  EXPECT_EQ(ImportOne(app_, "theirs").outcome(), v1::IMPORT_OUTCOME_CREATED);
  app_.principal = access::Bureau("130722");
  const v1::ImportReceipt stolen = ImportOne(app_, "mine");
  EXPECT_EQ(stolen.outcome(), v1::IMPORT_OUTCOME_REJECTED);
  ASSERT_EQ(stolen.problems_size(), 1);
  EXPECT_EQ(stolen.problems(0).reason(), "TAKEN");
  EXPECT_EQ(stolen.name(), "");
}

TEST_P(ScopeOf, ImportsIntoAnotherRegionEndAtOnce) {
  app_.principal = access::Bureau("44");
  const auto session = app_.postings->ImportPostings(app_.Caller());
  v1::ImportPostingsRequest request;
  request.set_parent("regions/13");
  request.add_postings();
  EXPECT_THAT(session->Push(std::move(request)),
              FailsWith(absl::StatusCode::kPermissionDenied, "OUT_OF_SCOPE"));
}

TEST_P(ScopeOf, AWatchTellsOfOnesOwn) {
  const auto open = [&] {
    return *app_.postings->WatchPostings(Parse<v1::WatchPostingsRequest>("parent: 'regions/13'"),
                                         app_.Caller());
  };
  const auto mine = open();
  app_.principal = access::Enterprise("regions/13/employers/theirs");
  const auto firm = open();
  app_.principal = access::LocalOperator();
  for (const char* county : {"mine", "theirs"}) {
    ASSERT_THAT(
        app_.Call("ClosePosting", absl::StrCat("name: 'regions/13/postings/", county, "'")).status,
        IsOk());
  }
  const auto told = [](PostingWatch& watch) {
    std::vector<std::string> names;
    const auto events = watch.Next(absl::InfinitePast());
    EXPECT_THAT(events, IsOk());
    for (const v1::WatchPostingsResponse& event : *events) {
      names.push_back(event.name());
      EXPECT_TRUE(event.last());
    }
    return names;
  };
  EXPECT_THAT(told(*mine), ElementsAre("regions/13/postings/mine"));
  EXPECT_THAT(told(*firm), ElementsAre("regions/13/postings/theirs"));
}

TEST_P(ScopeOf, AnEnterpriseOffersWorkForItselfAlone) {
  app_.principal = access::Enterprise("regions/13/employers/mine");
  const ResourceCase& posting = CaseOf("Posting");
  EXPECT_THAT(app_.Call("CreatePosting", Placed(posting.Create("new"), "mine")).status, IsOk());
  EXPECT_THAT(app_.Call("CreatePosting", Placed(posting.Create("new2"), "theirs")).status,
              FailsWith(absl::StatusCode::kPermissionDenied, "OUT_OF_SCOPE"));
  EXPECT_THAT(app_.Call("UpdatePosting",
                        "posting { name: 'regions/13/postings/mine' "
                        "employer: 'regions/13/employers/theirs' }")
                  .status,
              FailsWith(absl::StatusCode::kPermissionDenied, "OUT_OF_SCOPE"));
  EXPECT_THAT(app_.Call("GetEmployer", "name: 'regions/13/employers/theirs'").status,
              StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(app_.Call("GetCandidate", "name: 'regions/13/candidates/mine'").status,
              StatusIs(absl::StatusCode::kNotFound));
}

TEST_P(ScopeOf, APersonChangesWhatIsTheirsToSay) {
  app_.principal = access::App("regions/13/candidates/mine");
  EXPECT_THAT(app_.Call("UpdateCandidate",
                        "candidate { name: 'regions/13/candidates/mine' "
                        "phone: '138' preferences { willing: false } }")
                  .status,
              IsOk());
  for (const char* change : {"labour_class: LABOUR_CLASS_WEAK", "groups: GROUP_VETERAN",
                             "household: 'regions/13/households/theirs'", "full_name: '王'"}) {
    const Answer refused =
        app_.Call("UpdateCandidate",
                  absl::StrCat("candidate { name: 'regions/13/candidates/mine' ", change, " }"));
    EXPECT_THAT(refused.status, FailsWith(absl::StatusCode::kPermissionDenied, "FIELD_NOT_ALLOWED"))
        << change;
  }
  EXPECT_THAT(app_.Call("UpdateCandidate",
                        "candidate { name: 'regions/13/candidates/mine' } "
                        "update_mask { paths: '*' }")
                  .status,
              FailsWith(absl::StatusCode::kPermissionDenied, "FIELD_NOT_ALLOWED"));
  EXPECT_THAT(app_.Call("UpdateCandidate",
                        "candidate { name: 'regions/13/candidates/theirs' "
                        "phone: '138' }")
                  .status,
              StatusIs(absl::StatusCode::kNotFound));
}

INSTANTIATE_TEST_SUITE_P(Once, ScopeOf, ::testing::Values(AllResources().front()),
                         [](const auto&) { return std::string("Once"); });

}  // namespace
}  // namespace leye::app
