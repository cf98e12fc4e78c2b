#include <thread>

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/services/app/app_fixture.h"
#include "tests/testing/status_matchers.h"

namespace leye::app {
namespace {

using ::leye::testing::StatusIs;
using Events = std::vector<v1::WatchPostingsResponse>;

class Watch : public ::testing::Test {
 protected:
  Watch() { app_.AddBasics(); }

  std::unique_ptr<PostingWatch> From(const std::string& revision) {
    auto watch =
        app_.postings->WatchPostings(Parse<v1::WatchPostingsRequest>(absl::StrCat(
                                         "parent: 'regions/13' revision: '", revision, "'")),
                                     app_.Caller());
    EXPECT_TRUE(watch.ok()) << watch.status();
    return *std::move(watch);
  }
  void Add(const std::string& id) {
    ASSERT_TRUE(app_.Call("CreatePosting", CaseOf("Posting").Create(id)).ok());
  }
  // What is there now, without waiting.
  Events Drain(PostingWatch& watch) {
    Events all;
    while (true) {
      auto events = watch.Next(absl::InfinitePast());
      EXPECT_TRUE(events.ok()) << events.status();
      if (!events.ok() || events->empty()) return all;
      all.insert(all.end(), events->begin(), events->end());
    }
  }

  App app_;
};

TEST_F(Watch, TellsEveryChangeOfPostingsInOrder) {
  const auto watch = From("");
  Add("x");
  ASSERT_TRUE(app_.Call("CreateHousehold", CaseOf("Household").Create("other")).ok());
  const Answer closed = app_.Call("ClosePosting", "name: 'regions/13/postings/x'");
  ASSERT_TRUE(app_.Call("DeletePosting", "name: 'regions/13/postings/x'").ok());
  const Events events = Drain(*watch);
  ASSERT_EQ(events.size(), 3u);
  EXPECT_EQ(events[0].posting().state(), v1::POSTING_STATE_OPEN);
  EXPECT_EQ(events[1].posting().state(), v1::POSTING_STATE_CLOSED);
  EXPECT_EQ(events[1].posting().etag(), closed.Text("posting.etag"));
  EXPECT_EQ(events[1].revision(), closed.Text("revision"));
  EXPECT_FALSE(events[2].has_posting());
  EXPECT_EQ(events[2].name(), "regions/13/postings/x");
}

TEST_F(Watch, ResumesWithoutGapOrRepetition) {
  const auto watch = From("");
  for (const char* id : {"a", "b", "c"}) Add(id);
  const Events all = Drain(*watch);
  for (size_t i = 0; i < all.size(); ++i) {
    EXPECT_TRUE(all[i].last());
    const Events rest = Drain(*From(all[i].revision()));
    ASSERT_EQ(rest.size(), all.size() - i - 1);
    if (rest.empty()) continue;
    EXPECT_EQ(rest[0].name(), all[i + 1].name());
  }
}

TEST_F(Watch, AnImportedBatchComesInOnePiece) {
  const auto watch = From("");
  const auto import = app_.postings->ImportPostings(app_.Caller());
  v1::ImportPostingsRequest request;
  request.set_parent("regions/13");
  for (int i = 0; i < 3; ++i) {
    *request.add_postings() =
        Parse<v1::CreatePostingRequest>(
            CaseOf("Posting").Create("", absl::StrCat("external_id { source: 's' id: '", i, "' }")))
            .posting();
  }
  ASSERT_TRUE(import->Push(std::move(request)).ok());
  ASSERT_TRUE(import->Flush().ok());
  const Events events = Drain(*watch);
  ASSERT_EQ(events.size(), 3u);
  EXPECT_FALSE(events[0].last());
  EXPECT_TRUE(events[2].last());
  EXPECT_EQ(events[0].revision(), events[2].revision());
}

TEST_F(Watch, NeverHoldsPersonalData) {
  const auto watch = From("");
  Add("x");
  EXPECT_EQ(Drain(*watch)[0].posting().contact().full_name(), "");
}

TEST_F(Watch, WaitsForAChange) {
  const SystemClock clock;
  Dependencies waiting{*app_.store, app_.sealer, TestCatalogue(), clock, app_.random};
  PostingWatch watch(waiting, app_.Caller(), From("")->position());
  std::thread writer([&] { Add("x"); });
  const auto events = watch.Next(clock.Now() + absl::Seconds(20));
  writer.join();
  ASSERT_TRUE(events.ok());
  EXPECT_EQ(events->size(), 1u);
}

TEST_F(Watch, SaysWhenItsPlaceIsNoLongerKept) {
  const auto watch = From("");
  Add("x");
  Add("y");
  const store::Region region = store::Region::FromNumber(13);
  ASSERT_TRUE(app_.store->TrimLog(region, app_.store->Head(region)->sequence).ok());
  EXPECT_THAT(watch->Next(absl::InfinitePast()), StatusIs(absl::StatusCode::kOutOfRange));
  EXPECT_THAT(From("13:1-1")->Next(absl::InfinitePast()), StatusIs(absl::StatusCode::kOutOfRange));
}

TEST_F(Watch, RefusesARevisionThatIsNone) {
  for (const char* revision : {"x", "44:1-1"}) {
    EXPECT_THAT(
        app_.postings->WatchPostings(Parse<v1::WatchPostingsRequest>(absl::StrCat(
                                         "parent: 'regions/13' revision: '", revision, "'")),
                                     app_.Caller()),
        StatusIs(absl::StatusCode::kInvalidArgument));
  }
}

}  // namespace
}  // namespace leye::app
