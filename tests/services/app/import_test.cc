#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/base/status.h"
#include "tests/services/app/app_fixture.h"
#include "tests/testing/status_matchers.h"

namespace leye::app {
namespace {

using ::leye::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class Import : public ::testing::Test {
 protected:
  Import() { app_.AddBasics(); }

  // A person with the external id `id`; `more` is protobuf text.
  static v1::Candidate Person(const std::string& id, const std::string& more = "") {
    return Parse<v1::Candidate>(absl::StrCat("external_id { source: 'ledger' id: '", id,
                                             "' } household: 'regions/13/households/h' "
                                             "birth_date: '1990-01-02' ",
                                             more));
  }

  // What becomes of `people`, sent in messages of `size`: "CREATED UPDATED ...".
  std::vector<v1::ImportReceipt> Send(const std::vector<v1::Candidate>& people, size_t size = 100) {
    const auto session = app_.candidates->ImportCandidates(app_.Caller());
    std::vector<v1::ImportReceipt> receipts;
    const auto keep = [&](const absl::StatusOr<v1::ImportCandidatesResponse>& response) {
      ASSERT_TRUE(response.ok()) << response.status();
      receipts.insert(receipts.end(), response->receipts().begin(), response->receipts().end());
    };
    for (size_t i = 0; i < people.size();) {
      v1::ImportCandidatesRequest request;
      if (i == 0) request.set_parent("regions/13");
      if (i == 0) request.set_validate_only(validate_only_);
      for (size_t n = 0; n < size && i < people.size(); ++n, ++i) {
        *request.add_candidates() = people[i];
      }
      keep(session->Push(std::move(request)));
    }
    keep(session->Flush());
    return receipts;
  }

  static std::vector<std::string> Outcomes(const std::vector<v1::ImportReceipt>& receipts) {
    std::vector<std::string> outcomes;
    for (const v1::ImportReceipt& receipt : receipts) {
      outcomes.push_back(v1::ImportOutcome_Name(receipt.outcome()).substr(15));
    }
    return outcomes;
  }

  App app_;
  bool validate_only_ = false;
};

TEST_F(Import, CreatesThenLeavesUnchangedThenUpdates) {
  EXPECT_THAT(Outcomes(Send({Person("1"), Person("2")})), ElementsAre("CREATED", "CREATED"));
  const std::string head = store::FormatToken(
      {store::Region::FromNumber(13), *app_.store->Head(store::Region::FromNumber(13))});
  EXPECT_THAT(Outcomes(Send({Person("1"), Person("2")})), ElementsAre("UNCHANGED", "UNCHANGED"));
  EXPECT_EQ(head, store::FormatToken({store::Region::FromNumber(13),
                                      *app_.store->Head(store::Region::FromNumber(13))}));
  EXPECT_THAT(Outcomes(Send({Person("1", "full_name: '李'"), Person("2")})),
              ElementsAre("UPDATED", "UNCHANGED"));
}

TEST_F(Import, AReceiptNamesTheRecordAndTheRevisionThatHoldsIt) {
  const auto receipts = Send({Person("130723-0001")});
  EXPECT_EQ(receipts[0].name(), "regions/13/candidates/ledger--130723-0001");
  const Answer got = app_.Call("GetCandidate", absl::StrCat("name: '", receipts[0].name(), "'"));
  EXPECT_TRUE(got.ok());
  EXPECT_THAT(receipts[0].revision(), HasSubstr("13:"));
}

TEST_F(Import, ABadItemCostsOnlyItself) {
  const auto receipts = Send({Person("1"), Person("2", "sex: 9 phone: 'x'"), Person("3"),
                              Parse<v1::Candidate>("birth_date: '1990-01-02'")});
  EXPECT_THAT(Outcomes(receipts), ElementsAre("CREATED", "REJECTED", "CREATED", "REJECTED"));
  ASSERT_EQ(receipts[1].problems_size(), 2);
  EXPECT_EQ(receipts[1].problems(0).field(), "candidate.sex");
  EXPECT_EQ(receipts[1].problems(0).reason(), "UNKNOWN_ENUM_VALUE");
  EXPECT_NE(receipts[1].problems(0).description_zh(), "");
  EXPECT_EQ(receipts[1].revision(), "");
  EXPECT_EQ(receipts[3].problems_size(), 2);
}

TEST_F(Import, AReferenceThatLeadsNowhereRejectsTheItem) {
  v1::Candidate lost = Person("1", "sex: 9");
  lost.set_household("regions/13/households/none");
  const auto receipts = Send({lost});
  EXPECT_THAT(Outcomes(receipts), ElementsAre("REJECTED"));
  ASSERT_EQ(receipts[0].problems_size(), 2);
  EXPECT_EQ(receipts[0].problems(1).field(), "candidate.household");
}

TEST_F(Import, TheSecondOfTwoInOneBatchSeesTheFirst) {
  const auto receipts =
      Send({Person("1"), Person("1"), Person("1", "student: true"), Person("1", "student: true")});
  EXPECT_THAT(Outcomes(receipts), ElementsAre("CREATED", "UNCHANGED", "UPDATED", "UNCHANGED"));
  EXPECT_EQ(app_.Call("GetCandidate", "name: 'regions/13/candidates/ledger--1'")
                .Text("candidate.student"),
            "true");
}

TEST_F(Import, ReceiptsComeInOrderAcrossBatches) {
  std::vector<v1::Candidate> people;
  for (int i = 0; i < 1'300; ++i) people.push_back(Person(absl::StrCat(i)));
  const auto receipts = Send(people, 130);
  ASSERT_EQ(receipts.size(), people.size());
  for (size_t i = 0; i < receipts.size(); ++i) {
    EXPECT_EQ(receipts[i].index(), static_cast<int64_t>(i));
    EXPECT_EQ(receipts[i].name(), absl::StrCat("regions/13/candidates/ledger--", i));
  }
}

TEST_F(Import, FindsARecordThatWasCreatedUnderAnotherName) {
  ASSERT_TRUE(app_.Call("CreateCandidate",
                        CaseOf("Candidate").Create("c", "external_id { source: 'ledger' id: '1' }"))
                  .ok());
  const auto receipts = Send({Person("1"), Person("2")});
  EXPECT_THAT(Outcomes(receipts), ElementsAre("UPDATED", "CREATED"));
  EXPECT_EQ(receipts[0].name(), "regions/13/candidates/c");
}

TEST_F(Import, TakesRecordsByNameToo) {
  v1::Candidate named = Person("1");
  named.clear_external_id();
  named.set_name("regions/13/candidates/mine");
  EXPECT_THAT(Outcomes(Send({named})), ElementsAre("CREATED"));
  EXPECT_THAT(Outcomes(Send({named})), ElementsAre("UNCHANGED"));
  *named.mutable_external_id() = Person("1").external_id();
  EXPECT_EQ(Send({named})[0].problems(0).reason(), "IMMUTABLE");
  named.clear_external_id();
  named.set_name("regions/44/candidates/mine");
  EXPECT_EQ(Send({named})[0].problems(0).field(), "candidate.name");
}

TEST_F(Import, AnExternalIdAndANameThatDisagreeAreRejected) {
  v1::Candidate named = Person("1");
  named.set_name("regions/13/candidates/mine");
  EXPECT_THAT(Outcomes(Send({named, Person("1")})), ElementsAre("CREATED", "UNCHANGED"));
  named.set_name("regions/13/candidates/other");
  EXPECT_EQ(Send({named})[0].problems(0).reason(), "CONTRADICTION");
}

TEST_F(Import, AnExternalIdMeetsItsNameWithinOneBatch) {
  v1::Candidate named = Person("1");
  named.set_name("regions/13/candidates/mine");
  EXPECT_THAT(Outcomes(Send({Person("1"), named})), ElementsAre("CREATED", "REJECTED"));
}

TEST_F(Import, AStaleEtagRejectsTheItem) {
  Send({Person("1")});
  EXPECT_EQ(Send({Person("1", "etag: 'old'")})[0].problems(0).reason(), "ETAG_MISMATCH");
}

TEST_F(Import, WhatWasListedCanBeImportedAgain) {
  Send({Person("1",
               "full_name: '李' certificates { skill: 'skills/cert-work-at-height' "
               "number: 'n' }")});
  const auto listed = app_.candidates->ListCandidates(
      Parse<v1::ListCandidatesRequest>("parent: 'regions/13'"), app_.Caller());
  EXPECT_THAT(Outcomes(Send({listed->candidates(0)})), ElementsAre("UNCHANGED"));
}

TEST_F(Import, ValidateOnlyWritesNothing) {
  validate_only_ = true;
  EXPECT_THAT(Outcomes(Send({Person("1"), Person("2", "sex: 9")})),
              ElementsAre("CREATED", "REJECTED"));
  EXPECT_THAT(app_.Call("GetCandidate", "name: 'regions/13/candidates/ledger--1'").status,
              StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(Import, AStreamThatContradictsItselfEnds) {
  const auto push = [&](const std::vector<std::string>& messages) {
    const auto session = app_.candidates->ImportCandidates(app_.Caller());
    absl::Status status;
    for (const std::string& text : messages) {
      status = session->Push(Parse<v1::ImportCandidatesRequest>(text)).status();
    }
    return status;
  };
  EXPECT_THAT(push({"candidates {}"}), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(push({"parent: 'regions/13'"}), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(push({"parent: 'regions/13' candidates {}", "parent: 'regions/44' candidates {}"}),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(push({"parent: 'regions/13' candidates {}", "validate_only: true candidates {}"}),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(push({"parent: 'regions/13' candidates {}", "candidates {}"}),
              ::leye::testing::IsOk());
}

TEST_F(Import, HouseholdsAndPostingsGoTheSameWay) {
  const auto households = app_.households->ImportHouseholds(app_.Caller());
  ASSERT_TRUE(households
                  ->Push(Parse<v1::ImportHouseholdsRequest>(R"(
      parent: "regions/13"
      households { external_id { source: "s" id: "1" }
                   settlement_area: "regions/13/settlementAreas/a" }
      households { external_id { source: "s" id: "2" }
                   settlement_area: "regions/13/settlementAreas/none" })"))
                  .ok());
  const auto first = households->Flush();
  EXPECT_EQ(first->receipts(0).outcome(), v1::IMPORT_OUTCOME_CREATED);
  EXPECT_EQ(first->receipts(1).outcome(), v1::IMPORT_OUTCOME_REJECTED);

  const auto postings = app_.postings->ImportPostings(app_.Caller());
  v1::ImportPostingsRequest request;
  request.set_parent("regions/13");
  *request.add_postings() =
      Parse<v1::CreatePostingRequest>(CaseOf("Posting").Create("",
                                                               "external_id { source: 's' id: "
                                                               "'1' }"))
          .posting();
  ASSERT_TRUE(postings->Push(std::move(request)).ok());
  EXPECT_EQ(postings->Flush()->receipts(0).outcome(), v1::IMPORT_OUTCOME_CREATED);
  EXPECT_EQ(app_.Call("GetPosting", "name: 'regions/13/postings/s--1'").Text("posting.state"),
            "POSTING_STATE_OPEN");
}

}  // namespace
}  // namespace leye::app
