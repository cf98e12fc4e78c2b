// Moving a region: what is read of it goes into another store, step by step, and is the same there.

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "services/base/status.h"
#include "tests/services/store/store_contract.h"
#include "tests/testing/status_matchers.h"

namespace leye::store {
namespace {

using absl::StatusCode;
using leye::testing::FailsWith;
using leye::testing::IsOk;
using leye::testing::IsOkAndHolds;
using ::testing::Pair;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

// Everything of `region`, in steps of at most `limit` records or requests.
absl::StatusOr<std::vector<RestoreStep>> StepsOf(Store& store, Region region, int limit) {
  std::vector<RestoreStep> steps;
  RegionScanRequest scan{.region = region, .limit = limit};
  do {
    LEYE_ASSIGN_OR_RETURN(RegionScanPage page, store.ScanRegion(scan));
    steps.push_back({.region = region, .restore_id = "move"});
    steps.back().records = std::move(page.records);
    scan.cursor = page.next_cursor;
  } while (!scan.cursor.empty());
  std::string cursor;
  RequestPage page;
  do {
    LEYE_ASSIGN_OR_RETURN(page, store.ScanRequests(region, cursor, limit));
    steps.push_back({.region = region, .restore_id = "move"});
    steps.back().requests = std::move(page.requests);
    cursor = page.next_cursor;
  } while (!cursor.empty());
  for (size_t i = 0; i < steps.size(); ++i) {
    steps[i].revision = page.revision;
    steps[i].next_number = page.next_number;
    steps[i].index = i;
  }
  steps.back().last = true;
  return steps;
}

}  // namespace

StoreRestore::StoreRestore() : other_(GetParam()()) {
  for (int i = 0; i < 10; ++i) {
    const RecordKey key = Candidate(absl::StrCat(i));
    const Envelope content = Content(absl::StrCat("open ", i), absl::StrCat("name ", i));
    EXPECT_THAT(Commit({Mutation::Put(key.kind, key.name, content, Precondition::Absent())},
                       i < 3 ? absl::StrCat("r", i) : ""),
                IsOk());
  }
  EXPECT_THAT(Commit({Put("4", "changed"), Delete("9")}), IsOk());
  EXPECT_THAT(store().Commit({.region = kGuangdong, .mutations = {Put("not moved", "1")}}), IsOk());
  Reopen(StoreHarness::Epoch::kNew);
  EXPECT_THAT(Commit({Put("5", "changed later")}), IsOk());
  auto steps = StepsOf(store(), kHebei, 2);
  EXPECT_THAT(steps, IsOk());
  if (steps.ok()) steps_ = *std::move(steps);
}

void StoreRestore::RestoreAll() {
  for (const RestoreStep& step : steps_) {
    EXPECT_THAT(target().Restore(step), IsOkAndHolds(step.index + 1));
  }
}

namespace {

TEST_P(StoreRestore, EveryRecordIsTheSameWithNumberVersionAndPersonalPart) {
  RestoreAll();
  LEYE_ASSERT_OK_AND_ASSIGN(const Copy before, ReadAll(store(), kHebei));
  EXPECT_EQ(before.records.size(), 9u);
  EXPECT_THAT(ReadAll(target(), kHebei), IsOkAndHolds(before));
  LEYE_ASSERT_OK_AND_ASSIGN(const Record record, target().Get(kHebei, Candidate("7")));
  EXPECT_EQ(record.envelope.SerializeAsString(), Content("open 7", "name 7").SerializeAsString());
}

TEST_P(StoreRestore, RevisionGoesOnAndOtherRegionsAreNotTouched) {
  RestoreAll();
  LEYE_ASSERT_OK_AND_ASSIGN(const Revision head, store().Head(kHebei));
  EXPECT_THAT(target().ListRegions(), IsOkAndHolds(UnorderedElementsAre(Pair(kHebei, head))));
  LEYE_ASSERT_OK_AND_ASSIGN(const CommitResult next,
                            target().Commit({.region = kHebei, .mutations = {Put("new", "1")}}));
  EXPECT_EQ(next.revision, (Revision{head.epoch, head.sequence + 1}));
}

TEST_P(StoreRestore, NumbersOfDeletedRecordsAreNotGivenAgain) {
  RestoreAll();
  const CommitRequest request{.region = kHebei, .mutations = {Put("new", "1")}};
  LEYE_ASSERT_OK_AND_ASSIGN(const CommitResult here, store().Commit(request));
  LEYE_ASSERT_OK_AND_ASSIGN(const CommitResult there, target().Commit(request));
  EXPECT_EQ(here.written[0].number, 11u);
  EXPECT_EQ(there.written[0].number, 11u);
}

TEST_P(StoreRestore, RememberedRequestsAreAnsweredAsBefore) {
  RestoreAll();
  for (const char* id : {"r0", "r1", "r2"}) {
    LEYE_ASSERT_OK_AND_ASSIGN(const auto here, store().FindRequest(kHebei, id, "same"));
    LEYE_ASSERT_OK_AND_ASSIGN(const auto there, target().FindRequest(kHebei, id, "same"));
    ASSERT_TRUE(here.has_value() && there.has_value());
    EXPECT_EQ(there->revision, here->revision);
    ASSERT_THAT(there->written, SizeIs(1));
    EXPECT_EQ(there->written[0].number, here->written[0].number);
    EXPECT_EQ(there->written[0].version, here->written[0].version);
    EXPECT_EQ(there->written[0].envelope.SerializeAsString(),
              here->written[0].envelope.SerializeAsString());
  }
  EXPECT_THAT(target().FindRequest(kHebei, "r0", "another"),
              FailsWith(StatusCode::kInvalidArgument, "REQUEST_ID_REUSED"));
  other().clock().Advance(absl::Hours(24 * 30));
  EXPECT_THAT(target().Commit({.region = kHebei, .mutations = {Put("new", "1")}}), IsOk());
  LEYE_ASSERT_OK_AND_ASSIGN(const auto forgotten, target().FindRequest(kHebei, "r0", "same"));
  EXPECT_FALSE(forgotten.has_value());
}

// All that a page of remembered requests tells.
std::string TextOf(const RequestPage& page) {
  std::string text;
  for (const RememberedRequest& request : page.requests) {
    absl::StrAppend(&text, request.request_id, " ", request.fingerprint, " ",
                    absl::ToUnixMillis(request.time), " ", request.sequence, ":");
    for (const Change& change : request.changes) {
      absl::StrAppend(&text, " ", KindName(change.key.kind), " ", change.key.name, " ",
                      change.number, " ", change.put ? change.put->SerializeAsString() : "-");
    }
    text += "\n";
  }
  return text;
}

TEST_P(StoreRestore, RememberedRequestsAreScannedAsBefore) {
  RestoreAll();
  LEYE_ASSERT_OK_AND_ASSIGN(const RequestPage here, store().ScanRequests(kHebei, "", 100));
  LEYE_ASSERT_OK_AND_ASSIGN(const RequestPage there, target().ScanRequests(kHebei, "", 100));
  EXPECT_THAT(here.requests, SizeIs(::testing::Ge(3u)));
  EXPECT_EQ(TextOf(there), TextOf(here));
}

TEST_P(StoreRestore, FollowersScanAndThenFollow) {
  RestoreAll();
  LEYE_ASSERT_OK_AND_ASSIGN(const Revision head, target().Head(kHebei));
  EXPECT_THAT(target().ReadLog(kHebei, {}, 10), FailsWith(StatusCode::kOutOfRange, "LOG_TRIMMED"));
  EXPECT_THAT(target().ReadLog(kHebei, head, 10), IsOkAndHolds(SizeIs(0)));
  ASSERT_THAT(target().Commit({.region = kHebei, .mutations = {Put("new", "1")}}), IsOk());
  EXPECT_THAT(target().ReadLog(kHebei, head, 10), IsOkAndHolds(SizeIs(1)));
  LEYE_ASSERT_OK_AND_ASSIGN(const Copy read, ReadAll(target(), kHebei));
  EXPECT_THAT(Follow(target(), kHebei, 3), IsOkAndHolds(read));
}

TEST_P(StoreRestore, RegionHasNoHistoryAndTakesNoCommitUntilTheLastStep) {
  ASSERT_GT(steps().size(), 2u);
  for (const RestoreStep& step : steps()) {
    EXPECT_THAT(target().Head(kHebei), IsOkAndHolds(Revision()));
    EXPECT_THAT(target().ListRegions(), IsOkAndHolds(SizeIs(0)));
    ASSERT_THAT(target().Restore(step), IsOk());
    if (step.last) break;
    // Whatever it would be answered otherwise: the records and requests may be here already.
    const CommitRequest fresh = {.region = kHebei, .mutations = {Put("new", "1")}};
    CommitRequest repeated = fresh;
    repeated.request_id = "r0";
    repeated.fingerprint = "same";
    CommitRequest reused = repeated;
    reused.fingerprint = "another";
    const CommitRequest present = {.region = kHebei,
                                   .mutations = {Put("0", "1", Precondition::Absent())}};
    const CommitRequest deletion = {.region = kHebei, .mutations = {Delete("none")}};
    for (const CommitRequest& request : {fresh, repeated, reused, present, deletion}) {
      EXPECT_THAT(target().Commit(request),
                  FailsWith(StatusCode::kFailedPrecondition, "REGION_RESTORING"));
    }
  }
  EXPECT_THAT(target().Commit({.region = kHebei, .mutations = {Put("new", "1")}}), IsOk());
}

TEST_P(StoreRestore, GoesOnAfterAReopenAndStepsAppliedBeforeChangeNothing) {
  for (const RestoreStep& step : steps()) {
    ASSERT_THAT(target().Restore(step), IsOkAndHolds(step.index + 1));
    if (step.last) break;
    other().Reopen(StoreHarness::Epoch::kSame);
    for (uint64_t earlier = 0; earlier <= step.index; ++earlier) {
      EXPECT_THAT(target().Restore(steps()[earlier]), IsOkAndHolds(step.index + 1));
    }
  }
  LEYE_ASSERT_OK_AND_ASSIGN(const Copy before, ReadAll(store(), kHebei));
  EXPECT_THAT(ReadAll(target(), kHebei), IsOkAndHolds(before));
}

TEST_P(StoreRestore, MissingStepsAreRefused) {
  EXPECT_THAT(target().Restore(steps()[1]),
              FailsWith(StatusCode::kFailedPrecondition, "RESTORE_GAP"));
  ASSERT_THAT(target().Restore(steps()[0]), IsOk());
  EXPECT_THAT(target().Restore(steps()[2]),
              FailsWith(StatusCode::kFailedPrecondition, "RESTORE_GAP"));
}

TEST_P(StoreRestore, RegionInUseIsRefusedAndLeftAlone) {
  ASSERT_THAT(target().Commit({.region = kHebei, .mutations = {Put("mine", "1")}}), IsOk());
  EXPECT_THAT(target().Restore(steps()[0]),
              FailsWith(StatusCode::kFailedPrecondition, "REGION_NOT_EMPTY"));
  LEYE_ASSERT_OK_AND_ASSIGN(const Copy copy, ReadAll(target(), kHebei));
  EXPECT_THAT(copy.records, SizeIs(1));
  RestoreStep again = steps()[0];
  again.region = kGuangdong;
  again.last = true;
  ASSERT_THAT(target().Restore(again), IsOk());
  EXPECT_THAT(target().Restore(again),
              FailsWith(StatusCode::kFailedPrecondition, "REGION_NOT_EMPTY"));
}

TEST_P(StoreRestore, SecondRestoreOfTheRegionIsRefused) {
  ASSERT_THAT(target().Restore(steps()[0]), IsOk());
  RestoreStep other = steps()[0];
  other.restore_id = "another";
  EXPECT_THAT(target().Restore(other),
              FailsWith(StatusCode::kFailedPrecondition, "RESTORE_UNFINISHED"));
}

TEST_P(StoreRestore, StepThatContradictsItselfIsRefused) {
  const auto refused = [&](auto change) {
    RestoreStep step = steps()[0];
    change(step);
    EXPECT_THAT(target().Restore(step), FailsWith(StatusCode::kInvalidArgument, "INVALID_RESTORE"));
  };
  refused([](RestoreStep& step) { step.restore_id.clear(); });
  refused([](RestoreStep& step) { step.revision.epoch = 0; });
  refused([](RestoreStep& step) { step.revision.epoch = kMaxEpoch + 1; });
  refused([](RestoreStep& step) { step.revision.sequence = 0; });
  refused([](RestoreStep& step) { step.next_number = 0; });
  refused([](RestoreStep& step) { step.records[0].number = step.next_number; });
  refused([](RestoreStep& step) { step.records[0].number = 0; });
  refused([](RestoreStep& step) { step.records[0].number = step.records[1].number; });
  refused([](RestoreStep& step) { step.records[0].kind = static_cast<Kind>(0); });
  refused([](RestoreStep& step) { step.records[0].kind = static_cast<Kind>(100); });
  refused([](RestoreStep& step) {
    step.requests = {{.request_id = "a",
                      .sequence = 1,
                      .changes = {{.key = {static_cast<Kind>(255), "x"}, .number = 1}}}};
  });
  refused([](RestoreStep& step) { step.records[0].version = step.revision.sequence + 1; });
  refused([](RestoreStep& step) { step.requests = {{.request_id = "", .sequence = 1}}; });
  refused([](RestoreStep& step) {
    step.requests = {{.request_id = "a", .sequence = 2}, {.request_id = "b", .sequence = 1}};
  });
  EXPECT_THAT(target().Commit({.region = kHebei, .mutations = {Put("new", "1")}}), IsOk());
}

TEST_P(StoreRestore, StepThatRepeatsWhatCameBeforeIsRefusedAndChangesNothing) {
  for (const RestoreStep& step : steps()) {
    ASSERT_THAT(target().Restore(step), IsOk());
    if (step.last) break;
    RestoreStep repeated = step;
    ++repeated.index;
    EXPECT_THAT(target().Restore(repeated),
                FailsWith(StatusCode::kInvalidArgument, "INVALID_RESTORE"));
    if (repeated.requests.empty()) continue;
    repeated.requests.back().sequence = repeated.requests.front().sequence;
    repeated.requests = {repeated.requests.back()};
    repeated.requests[0].request_id = "new, of an old commit";
    EXPECT_THAT(target().Restore(repeated),
                FailsWith(StatusCode::kInvalidArgument, "INVALID_RESTORE"));
  }
  LEYE_ASSERT_OK_AND_ASSIGN(const Copy before, ReadAll(store(), kHebei));
  EXPECT_THAT(ReadAll(target(), kHebei), IsOkAndHolds(before));
}

TEST_P(StoreRestore, StepThatNamesOneThingTwiceIsRefused) {
  RestoreStep step = steps()[0];
  step.records.push_back(step.records[0]);
  EXPECT_THAT(target().Restore(step), FailsWith(StatusCode::kInvalidArgument, "INVALID_RESTORE"));
  step = steps()[0];
  step.requests = {{.request_id = "a", .sequence = 1}, {.request_id = "a", .sequence = 2}};
  EXPECT_THAT(target().Restore(step), FailsWith(StatusCode::kInvalidArgument, "INVALID_RESTORE"));
}

TEST_P(StoreRestore, CursorOfRequestsThatIsNoneIsRefused) {
  EXPECT_THAT(store().ScanRequests(kHebei, "no cursor", 1),
              FailsWith(StatusCode::kInvalidArgument, "INVALID_CURSOR"));
}

}  // namespace
}  // namespace leye::store
