// Import streams: a receipt an item, in order; a bad item costs only itself; a slow client holds up
// only itself; a cancelled stream harms nothing.

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include <grpcpp/client_context.h>

#include "leye/v1/candidate.grpc.pb.h"
#include "leye/v1/household.grpc.pb.h"
#include "leye/v1/posting.grpc.pb.h"
#include "tests/e2e/client.h"
#include "tests/e2e/import_stream.h"
#include "tests/e2e/refusal.h"
#include "tests/e2e/server_in_process.h"
#include "tests/e2e/small_world.h"
#include "tests/testing/status_matchers.h"

namespace leye::e2e {
namespace {

using ::leye::testing::IsOk;
using ::testing::Each;
using ::testing::ElementsAre;

class Import : public ::testing::Test {
 protected:
  void SetUp() override { LEYE_ASSERT_OK_AND_ASSIGN(revision_, MakeSmallWorld(client_)); }

  ServerInProcess server_;
  Client client_{server_.channel()};
  std::string revision_;
};

std::vector<v1::ImportOutcome> Outcomes(const std::vector<v1::ImportReceipt>& receipts) {
  std::vector<v1::ImportOutcome> outcomes;
  outcomes.reserve(receipts.size());
  for (const v1::ImportReceipt& receipt : receipts) outcomes.push_back(receipt.outcome());
  return outcomes;
}

TEST_F(Import, GivesOneReceiptAnItemInOrder) {
  CandidateStream stream(client_);
  int sent = 0;
  for (int size : {1, 2, 1'000, 7, 999, 500}) {
    ASSERT_TRUE(stream.Write(CandidateItems(sent, size)));
    sent += size;
  }
  const ImportResult result = stream.Finish();
  ASSERT_THAT(result.status, IsOk());
  ASSERT_EQ(static_cast<int>(result.receipts.size()), sent);
  for (int i = 0; i < sent; ++i) {
    const v1::ImportReceipt& receipt = result.receipts[static_cast<size_t>(i)];
    ASSERT_EQ(receipt.index(), i);
    ASSERT_EQ(receipt.outcome(), v1::IMPORT_OUTCOME_CREATED) << receipt.DebugString();
    ASSERT_EQ(receipt.name(), NameOf("candidates", absl::StrCat("ledger--p", i)));
    ASSERT_FALSE(receipt.revision().empty());
  }
}

TEST_F(Import, TellsWhatIsNewChangedAndTheSame) {
  auto items = CandidateItems(0, 3);
  EXPECT_THAT(Outcomes(ImportCandidates(client_, items).receipts),
              Each(v1::IMPORT_OUTCOME_CREATED));
  items.mutable_candidates(1)->set_student(true);
  EXPECT_THAT(Outcomes(ImportCandidates(client_, items).receipts),
              ElementsAre(v1::IMPORT_OUTCOME_UNCHANGED, v1::IMPORT_OUTCOME_UPDATED,
                          v1::IMPORT_OUTCOME_UNCHANGED));
}

TEST_F(Import, OfTheSameAgainWritesNothing) {
  const auto items = CandidateItems(0, 100);
  ASSERT_THAT(ImportCandidates(client_, items).status, IsOk());
  const std::string revision = RevisionNow(client_).value();
  EXPECT_THAT(Outcomes(ImportCandidates(client_, items).receipts),
              Each(v1::IMPORT_OUTCOME_UNCHANGED));
  EXPECT_EQ(RevisionNow(client_).value(), revision);
}

TEST_F(Import, ABadItemCostsOnlyItself) {
  auto items = CandidateItems(0, 5);
  items.mutable_candidates(1)->set_birth_date("soon");
  items.mutable_candidates(3)->set_household(NameOf("households", "nobody"));
  const ImportResult result = ImportCandidates(client_, items);
  ASSERT_THAT(result.status, IsOk());
  EXPECT_THAT(Outcomes(result.receipts),
              ElementsAre(v1::IMPORT_OUTCOME_CREATED, v1::IMPORT_OUTCOME_REJECTED,
                          v1::IMPORT_OUTCOME_CREATED, v1::IMPORT_OUTCOME_REJECTED,
                          v1::IMPORT_OUTCOME_CREATED));
  ASSERT_EQ(result.receipts[1].problems_size(), 1);
  EXPECT_EQ(result.receipts[1].problems(0).field(), "candidate.birth_date");
  EXPECT_FALSE(result.receipts[1].problems(0).description_zh().empty());
  EXPECT_EQ(result.receipts[3].problems(0).field(), "candidate.household");
}

TEST_F(Import, ItemsOfOnePersonInOneMessageFollowOneAnother) {
  auto items = CandidateItems(0, 1);
  *items.add_candidates() = items.candidates(0);
  *items.add_candidates() = items.candidates(0);
  items.mutable_candidates(2)->set_student(true);
  EXPECT_THAT(Outcomes(ImportCandidates(client_, items).receipts),
              ElementsAre(v1::IMPORT_OUTCOME_CREATED, v1::IMPORT_OUTCOME_UNCHANGED,
                          v1::IMPORT_OUTCOME_UPDATED));
}

TEST_F(Import, WhoPausesGetsTheReceiptsBeforeTheEnd) {
  CandidateStream stream(client_);
  ASSERT_TRUE(stream.Write(CandidateItems(0, 3)));
  stream.WaitForReceipts(3);  // The stream is still open.
  ASSERT_TRUE(stream.Write(CandidateItems(3, 1)));
  stream.WaitForReceipts(4);
  EXPECT_THAT(stream.Finish().status, IsOk());
}

TEST_F(Import, OfNothingEndsWell) {
  CandidateStream stream(client_);
  const ImportResult result = stream.Finish();
  EXPECT_THAT(result.status, IsOk());
  EXPECT_TRUE(result.receipts.empty());
}

TEST_F(Import, AnotherParentInTheMiddleEndsTheStreamAndKeepsWhatWasReceipted) {
  CandidateStream stream(client_);
  ASSERT_TRUE(stream.Write(CandidateItems(0, 3)));
  stream.WaitForReceipts(3);
  auto other = CandidateItems(3, 1);
  other.set_parent("regions/11");
  stream.Write(other);
  const ImportResult result = stream.Finish();
  EXPECT_THAT((Answer{result.status, {}}), RefusesField("parent"));
  v1::GetCandidateRequest get;
  get.set_name(NameOf("candidates", "ledger--p2"));
  EXPECT_THAT(client_.Call<v1::GetCandidateResponse>(get), IsOk());
}

TEST_F(Import, CancelledInTheMiddleKeepsWhatWasReceiptedAndTheServerGoesOn) {
  for (int round = 0; round < 10; ++round) {
    CandidateStream stream(client_);
    ASSERT_TRUE(stream.Write(CandidateItems(round * 1'000, 100)));
    stream.WaitForReceipts(100);
    for (int more = 1; more < 5; ++more) stream.Write(CandidateItems(round * 1'000 + more, 100));
    stream.Cancel();
    EXPECT_EQ(stream.Finish().status.code(), absl::StatusCode::kCancelled);
  }
  v1::BatchGetCandidatesRequest get;
  get.set_parent("regions/13");
  for (int i = 0; i < 100; ++i) {
    get.add_names(NameOf("candidates", absl::StrCat("ledger--p", 9 * 1'000 + i)));
  }
  EXPECT_THAT(client_.Call<v1::BatchGetCandidatesResponse>(get), IsOk());
}

TEST_F(Import, TheOtherTwoKindsWorkAlike) {
  const auto households = Parse<v1::ImportHouseholdsRequest>(
      R"pb(parent: "regions/13"
           households {
             external_id { source: "ledger" id: "h1" }
             settlement_area: "regions/13/settlementAreas/yian"
           }
           households { external_id { source: "ledger" id: "h2" } })pb");
  const Answer answer = client_.CallMethodOf(households);
  ASSERT_THAT(answer.status, IsOk());
  v1::ImportHouseholdsResponse response;
  ASSERT_TRUE(response.ParseFromString(answer.messages.at(0)));
  ASSERT_EQ(response.receipts_size(), 2);
  EXPECT_EQ(response.receipts(0).outcome(), v1::IMPORT_OUTCOME_CREATED);
  EXPECT_EQ(response.receipts(1).problems(0).field(), "household.settlement_area");

  v1::ImportPostingsRequest postings;
  postings.set_parent("regions/13");
  *postings.add_postings() = SomePosting();
  postings.mutable_postings(0)->mutable_external_id()->set_source("fair");
  postings.mutable_postings(0)->mutable_external_id()->set_id("j1");
  const Answer second = client_.CallMethodOf(postings);
  ASSERT_THAT(second.status, IsOk());
  v1::ImportPostingsResponse posted;
  ASSERT_TRUE(posted.ParseFromString(second.messages.at(0)));
  EXPECT_EQ(posted.receipts(0).outcome(), v1::IMPORT_OUTCOME_CREATED);
}

// A client that never reads: it must come to a stand long before the server holds much of it.
TEST_F(Import, AClientThatDoesNotReadIsHeldUp) {
  constexpr int kFarTooMany = 600;
  grpc::ClientContext context;
  SetDeadline(context);
  grpc::CompletionQueue queue;
  const auto stub = v1::CandidateService::NewStub(client_.channel());
  const auto stream = stub->AsyncImportCandidates(&context, &queue, nullptr);
  void* tag = nullptr;
  bool ok = false;
  ASSERT_TRUE(queue.Next(&tag, &ok) && ok);
  // Items that are refused make long receipts and cost the server nothing else.
  auto items = CandidateItems(0, 1'000);
  for (auto& person : *items.mutable_candidates()) person.set_birth_date("soon");
  int written = 0;
  while (written < kFarTooMany) {
    stream->Write(items, nullptr);
    const auto deadline = std::chrono::system_clock::now() + std::chrono::seconds(5);
    if (queue.AsyncNext(&tag, &ok, deadline) != grpc::CompletionQueue::GOT_EVENT) break;
    ASSERT_TRUE(ok);
    ++written;
  }
  EXPECT_LT(written, kFarTooMany);
  context.TryCancel();
  queue.Shutdown();
  while (queue.Next(&tag, &ok)) continue;
  EXPECT_THAT(ImportCandidates(client_, CandidateItems(0, 1)).status, IsOk());
}

}  // namespace
}  // namespace leye::e2e
