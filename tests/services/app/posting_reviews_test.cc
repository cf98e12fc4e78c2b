// Postings on their way to being published: what keeps them back, what a bureau decides, what an
// edit changes, which is the later of two.
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

#include "services/app/ruleset_codec.h"
#include "tests/services/app/app_fixture.h"
#include "tests/testing/status_matchers.h"

namespace leye::app {
namespace {

using ::testing::ElementsAre;
using testing::FailsWith;
using ::testing::IsEmpty;
using testing::IsOk;

constexpr char kSound[] =
    "employer: 'regions/13/employers/e' title: '缝纫工' openings: 5 enterprise {} "
    "place { division_code: '130723' address: '怡安社区' location { latitude: 41.85 longitude: "
    "114.61 } } "
    "conditions { ages { min_years: 18 } } pay { unit: PAY_UNIT_MONTH min_yuan: 3000 } "
    "apply_from: '2023-01-01' ";

std::string PostingName(const std::string& id) { return "regions/13/postings/" + id; }

class PostingReviews : public ::testing::Test {
 protected:
  PostingReviews() { app_.AddBasics(); }

  // Over kSound, merged.
  v1::Posting Create(const std::string& id, const std::string& more = "") {
    v1::CreatePostingRequest request;
    request.set_parent("regions/13");
    request.set_posting_id(id);
    *request.mutable_posting() = Merged(more);
    const auto made = app_.postings->CreatePosting(request, app_.Caller());
    EXPECT_THAT(made, IsOk());
    return made.ok() ? made->posting() : v1::Posting();
  }

  static v1::Posting Merged(const std::string& more) {
    auto posting = Parse<v1::Posting>(kSound);
    EXPECT_TRUE(google::protobuf::TextFormat::MergeFromString(more, &posting)) << more;
    return posting;
  }

  v1::Posting Update(const std::string& id, const std::string& text) {
    v1::UpdatePostingRequest request;
    *request.mutable_posting() = Parse<v1::Posting>(text);
    request.mutable_posting()->set_name(PostingName(id));
    const auto done = app_.postings->UpdatePosting(request, app_.Caller());
    EXPECT_THAT(done, IsOk());
    return done.ok() ? done->posting() : v1::Posting();
  }

  v1::Posting Get(const std::string& id) {
    v1::GetPostingRequest request;
    request.set_name(PostingName(id));
    return app_.postings->GetPosting(request, app_.Caller())->posting();
  }

  absl::StatusOr<v1::Posting> Approve(const std::string& id, const std::string& more = "") {
    auto request = Parse<v1::ApprovePostingRequest>(more);
    request.set_name(PostingName(id));
    const auto done = app_.postings->ApprovePosting(request, app_.Caller());
    if (!done.ok()) return done.status();
    return done->posting();
  }

  absl::StatusOr<v1::Posting> Reject(const std::string& id, const std::string& more) {
    auto request = Parse<v1::RejectPostingRequest>(more);
    request.set_name(PostingName(id));
    const auto done = app_.postings->RejectPosting(request, app_.Caller());
    if (!done.ok()) return done.status();
    return done->posting();
  }

  // The ids in the queue, in its order.
  std::vector<std::string> Queue(const std::string& filter = "") {
    v1::ListPostingReviewsRequest request;
    request.set_parent("regions/13");
    request.set_filter(filter);
    const auto listed = app_.postings->ListPostingReviews(request, app_.Caller());
    EXPECT_THAT(listed, IsOk());
    std::vector<std::string> ids;
    for (const v1::Posting& posting : listed->postings()) {
      ids.push_back(posting.name().substr(posting.name().rfind('/') + 1));
    }
    return ids;
  }

  App app_;
};

constexpr auto kFailed = absl::StatusCode::kFailedPrecondition;
constexpr auto kPublished = v1::POSTING_PUBLICATION_PUBLISHED;
constexpr auto kInReview = v1::POSTING_PUBLICATION_IN_REVIEW;
constexpr auto kBlocked = v1::POSTING_PUBLICATION_BLOCKED;
constexpr auto kRejected = v1::POSTING_PUBLICATION_REJECTED;
constexpr char kAcceptBait[] = "accepted_codes: LINT_CODE_BAIT";

TEST_F(PostingReviews, WhatIsSoundIsPublishedAtOnce) {
  const v1::Posting posting = Create("p");
  EXPECT_EQ(posting.publication(), kPublished);
  EXPECT_EQ(posting.findings_size(), 0);
  EXPECT_TRUE(posting.has_publication_time());
  EXPECT_THAT(Queue(), IsEmpty());
}

TEST_F(PostingReviews, WhatMustBeMendedIsBlockedUntilItIs) {
  v1::Posting posting = Create("p", "pay { min_yuan: 3000 }");
  v1::UpdatePostingRequest request;
  request.mutable_posting()->set_name(PostingName("p"));
  request.mutable_update_mask()->add_paths("pay");
  ASSERT_THAT(app_.postings->UpdatePosting(request, app_.Caller()), IsOk());
  EXPECT_EQ(Get("p").publication(), kBlocked);
  EXPECT_THAT(Approve("p", "accepted_codes: LINT_CODE_MISSING_PAY"),
              FailsWith(kFailed, "FINDINGS_NOT_ACCEPTED"));
  EXPECT_THAT(Queue(), IsEmpty());
  EXPECT_EQ(Update("p", "pay { unit: PAY_UNIT_MONTH min_yuan: 3000 }").publication(), kPublished);
}

TEST_F(PostingReviews, AFlagIsPublishedAndInTheQueue) {
  EXPECT_EQ(Create("p", "conditions { sex_limit: SEX_FEMALE }").publication(), kPublished);
  EXPECT_THAT(Queue(), ElementsAre("p"));
  EXPECT_THAT(Queue("findings.code : LINT_CODE_BAIT"), IsEmpty());
  ASSERT_THAT(Approve("p", "accepted_codes: LINT_CODE_SEX_LIMIT"), IsOk());
  EXPECT_THAT(Queue(), IsEmpty());
}

TEST_F(PostingReviews, NothingIsApprovedUnseen) {
  EXPECT_EQ(Create("p", "title: '高薪缝纫工' pay { min_yuan: 1000 }").publication(), kInReview);
  EXPECT_THAT(Approve("p", kAcceptBait), FailsWith(kFailed, "FINDINGS_NOT_ACCEPTED"));
  const auto approved = Approve(
      "p",
      absl::StrCat(kAcceptBait, " accepted_codes: LINT_CODE_BELOW_MINIMUM_WAGE note: '已核实'"));
  ASSERT_THAT(approved, IsOk());
  EXPECT_EQ(approved->publication(), kPublished);
  EXPECT_EQ(approved->review().verdict(), v1::REVIEW_VERDICT_APPROVED);
  EXPECT_EQ(approved->review().note(), "已核实");
  EXPECT_EQ(approved->review().reviewer(), app_.principal.id);
  EXPECT_EQ(approved->review().accepted_size(), 2);
}

TEST_F(PostingReviews, OnlyAnEditOfWhatWasFoundAsksAgain) {
  Create("p", "title: '高薪缝纫工'");
  ASSERT_THAT(Approve("p", kAcceptBait), IsOk());
  EXPECT_EQ(Update("p", "openings: 9").publication(), kPublished);
  EXPECT_EQ(Update("p", "pay { unit: PAY_UNIT_MONTH min_yuan: 5000 }").publication(), kPublished);
  EXPECT_EQ(Update("p", "title: '高薪急聘缝纫工'").publication(), kPublished);  // The same word.
  EXPECT_EQ(Update("p", "title: '高薪保录缝纫工'").publication(), kInReview);
  EXPECT_EQ(Update("p", "title: '缝纫工'").publication(), kPublished);
}

TEST_F(PostingReviews, ARejectedPostingWaitsAgainOnceItIsMended) {
  Create("p", "title: '高薪缝纫工'");
  EXPECT_THAT(Reject("p", ""), testing::StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(Reject("p", "reason: REJECTION_REASON_OTHER"),
              testing::StatusIs(absl::StatusCode::kInvalidArgument));
  ASSERT_THAT(Reject("p", "reason: REJECTION_REASON_UNTRUE note: '请写明实际工资'"), IsOk());
  EXPECT_EQ(Get("p").publication(), kRejected);
  EXPECT_THAT(Queue(), IsEmpty());
  EXPECT_EQ(Update("p", "openings: 9").publication(), kRejected);
  EXPECT_EQ(Update("p", "title: '缝纫工'").publication(), kInReview);  // Nothing is found any more.
  EXPECT_THAT(Queue(), ElementsAre("p"));
  EXPECT_EQ(Approve("p")->publication(), kPublished);
}

TEST_F(PostingReviews, WhatNobodyAsksAboutCannotBeDecided) {
  Create("p");
  EXPECT_THAT(Approve("p"), FailsWith(kFailed, "NOTHING_TO_REVIEW"));
  EXPECT_THAT(Reject("p", "reason: REJECTION_REASON_UNTRUE"),
              FailsWith(kFailed, "NOTHING_TO_REVIEW"));
}

TEST_F(PostingReviews, OfManyAllAreDecidedOrNone) {
  Create("a", "title: '高薪缝纫工'");
  Create("b", "title: '高薪保洁员'");
  auto request = Parse<v1::BatchReviewPostingsRequest>(
      "parent: 'regions/13' verdicts { name: 'regions/13/postings/a' verdict: "
      "REVIEW_VERDICT_APPROVED accepted_codes: LINT_CODE_BAIT } verdicts { name: "
      "'regions/13/postings/b' verdict: REVIEW_VERDICT_APPROVED }");
  EXPECT_THAT(app_.postings->BatchReviewPostings(request, app_.Caller()),
              FailsWith(kFailed, "FINDINGS_NOT_ACCEPTED"));
  EXPECT_EQ(Get("a").publication(), kInReview);
  request.mutable_verdicts(1)->set_verdict(v1::REVIEW_VERDICT_REJECTED);
  request.mutable_verdicts(1)->set_reason(v1::REJECTION_REASON_UNTRUE);
  request.set_request_id("once");
  for (int i = 0; i < 2; ++i) {  // The second is the first one's answer.
    const auto done = app_.postings->BatchReviewPostings(request, app_.Caller());
    ASSERT_THAT(done, IsOk());
    EXPECT_EQ(done->postings(0).publication(), kPublished);
    EXPECT_EQ(done->postings(1).publication(), kRejected);
  }
  request.mutable_verdicts(1)->set_name(PostingName("a"));
  request.clear_request_id();
  EXPECT_THAT(app_.postings->BatchReviewPostings(request, app_.Caller()),
              testing::StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(PostingReviews, TheQueueIsByAgeAndArea) {
  Create("late", "title: '高薪甲'");
  app_.clock.Advance(absl::Hours(1));
  Create("later", "title: '高薪乙' place { division_code: '130724' }");
  Update("late", "openings: 7");  // Changes no place in the queue.
  EXPECT_THAT(Queue(), ElementsAre("late", "later"));
  app_.principal = access::Bureau("130724");
  EXPECT_THAT(Queue(), ElementsAre("later"));
}

TEST_F(PostingReviews, AnotherRulesetTakesEffectAtTheNextChange) {
  Create("p", "title: '优选缝纫工'");
  auto stricter = std::make_shared<matcher::Ruleset>(matcher::DefaultRuleset());
  stricter->lint.bait_words = {"优选"};
  app_.rulesets.now = stricter;
  EXPECT_EQ(Get("p").publication(), kPublished);
  EXPECT_EQ(Update("p", "openings: 9").publication(), kInReview);
}

TEST_F(PostingReviews, AnAppReadsWhatIsPublishedAndNotWhatWasFound) {
  Create("shown", "conditions { sex_limit: SEX_FEMALE }");
  Create("held", "title: '高薪缝纫工'");
  const CallContext caller{.principal = access::App("regions/13/candidates/c"),
                           .scope = access::Scope::kEverywhere};
  v1::GetPostingRequest request;
  request.set_name(PostingName("held"));
  EXPECT_THAT(app_.postings->GetPosting(request, caller),
              testing::StatusIs(absl::StatusCode::kNotFound));
  v1::BatchGetPostingsRequest batch;
  batch.set_parent("regions/13");
  batch.add_names(PostingName("shown"));
  const auto shown = app_.postings->BatchGetPostings(batch, caller);
  ASSERT_THAT(shown, IsOk());
  EXPECT_EQ(shown->postings(0).findings_size(), 0);
  batch.add_names(PostingName("held"));
  EXPECT_THAT(app_.postings->BatchGetPostings(batch, caller),
              testing::StatusIs(absl::StatusCode::kNotFound));
}

// --- Duplicates ----------------------------------------------------------------------------------

TEST_F(PostingReviews, TheLaterOfTwoTwinsIsTheDuplicate) {
  Create("first");
  EXPECT_EQ(Create("second", "title: '缝 纫 工'").findings(0).evidence(), PostingName("first"));
  EXPECT_EQ(Create("other", "title: '质检员'").findings_size(), 0);
  EXPECT_EQ(Create("away", "place { address: '远山社区' }").findings_size(), 0);
  EXPECT_EQ(Update("first", "openings: 2").findings_size(), 0);
  EXPECT_EQ(Update("second", "title: '裁剪工'").findings_size(), 0);
  EXPECT_EQ(Update("second", "title: '缝纫工'").findings_size(), 1);
}

TEST_F(PostingReviews, WhatIsClosedOrGoneHasNoTwin) {
  Create("first");
  Create("second");
  ASSERT_THAT(app_.Call("ClosePosting", "name: 'regions/13/postings/first'").status, IsOk());
  EXPECT_EQ(Update("second", "openings: 2").findings_size(), 0);
  ASSERT_THAT(app_.Call("ReopenPosting", "name: 'regions/13/postings/first'").status, IsOk());
  EXPECT_EQ(Get("first").findings(0).evidence(), PostingName("second"));
  ASSERT_THAT(app_.Call("DeletePosting", "name: 'regions/13/postings/second'").status, IsOk());
  EXPECT_EQ(Update("first", "openings: 2").findings_size(), 0);
}

TEST_F(PostingReviews, OfTwinsThatComeAtOnceOneIsFirst) {
  constexpr int kWriters = 6;
  std::vector<std::thread> writers;
  for (int i = 0; i < kWriters; ++i) {
    writers.emplace_back([this, i] { Create(absl::StrCat("p", i)); });
  }
  for (std::thread& writer : writers) writer.join();
  int duplicates = 0;
  for (int i = 0; i < kWriters; ++i) duplicates += Get(absl::StrCat("p", i)).findings_size();
  EXPECT_EQ(duplicates, kWriters - 1);
}

TEST_F(PostingReviews, AnImportTellsItsFindings) {
  const auto import = app_.postings->ImportPostings(app_.Caller());
  v1::ImportPostingsRequest request;
  request.set_parent("regions/13");
  for (const char* more :
       {"external_id { source: 's' id: '1' }", "external_id { source: 's' id: '2' }",
        "external_id { source: 's' id: '3' } title: '高薪质检员'"}) {
    *request.add_postings() = Merged(more);
  }
  const v1::ImportPostingsRequest again = request;
  ASSERT_THAT(import->Push(std::move(request)), IsOk());
  auto receipts = import->Flush();
  ASSERT_THAT(receipts, IsOk());
  EXPECT_EQ(receipts->receipts(0).publication(), kPublished);
  EXPECT_THAT(receipts->receipts(0).findings(), IsEmpty());
  EXPECT_EQ(receipts->receipts(1).findings(0).code(), v1::LINT_CODE_DUPLICATE);
  EXPECT_EQ(receipts->receipts(2).publication(), kInReview);
  ASSERT_THAT(Approve("s--3", kAcceptBait), IsOk());
  ASSERT_THAT(import->Push(v1::ImportPostingsRequest(again)), IsOk());
  receipts = import->Flush();
  ASSERT_THAT(receipts, IsOk());
  for (const v1::ImportReceipt& receipt : receipts->receipts()) {
    EXPECT_EQ(receipt.outcome(), v1::IMPORT_OUTCOME_UNCHANGED);
  }
  EXPECT_EQ(receipts->receipts(2).publication(), kPublished);
}

}  // namespace
}  // namespace leye::app
