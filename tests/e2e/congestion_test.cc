// Over the wire: who was shown for many postings comes later where that is asked for.

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "leye/v1/match.pb.h"
#include "leye/v1/personal_data.pb.h"
#include "tests/e2e/client.h"
#include "tests/e2e/server_in_process.h"
#include "tests/e2e/small_world.h"
#include "tests/testing/status_matchers.h"

namespace leye::e2e {
namespace {

using ::testing::HasSubstr;

// A server that counts who is shown, and writes it down at once.
class Congestion : public ::testing::Test {
 protected:
  static LeyedOptions Options() {
    LeyedOptions options;
    options.showings_interval = absl::Milliseconds(20);
    return options;
  }

  // Two equals, and 41 postings that only they can do.
  void MakeEquals() {
    for (const char* id : {"equal-a", "equal-b"}) {
      v1::CreateCandidateRequest person;
      person.set_parent("regions/13");
      person.set_candidate_id(id);
      *person.mutable_candidate() = SomeCandidate();
      person.mutable_candidate()->add_skills()->set_skill("skills/welding-robot");
      ASSERT_THAT(client_.Call<v1::CreateCandidateResponse>(person), testing::IsOk());
    }
    for (int i = 0; i < 41; ++i) {
      v1::CreatePostingRequest posting;
      posting.set_parent("regions/13");
      posting.set_posting_id(absl::StrCat("robot", i));
      *posting.mutable_posting() = SomePosting();
      posting.mutable_posting()->set_title(absl::StrCat("焊接机器人操作工", i));
      posting.mutable_posting()->add_required_skills()->add_skills()->set_skill(
          "skills/welding-robot");
      LEYE_ASSERT_OK_AND_ASSIGN(const auto created,
                                client_.Call<v1::CreatePostingResponse>(posting));
      revision_ = created.revision();
    }
  }

  v1::RankCandidatesResponse Ask(int posting, v1::CongestionMode mode, int page_size = 2) {
    v1::RankCandidatesRequest request;
    request.set_posting(NameOf("postings", absl::StrCat("robot", posting)));
    request.set_page_size(page_size);
    request.set_congestion(mode);
    request.mutable_options()->add_min_revisions(revision_);
    const auto answer = client_.Call<v1::RankCandidatesResponse>(request);
    EXPECT_THAT(answer, testing::IsOk());
    return answer.ok() ? *answer : v1::RankCandidatesResponse();
  }

  // How often the first of two equals is shown for others, once that is as it should be.
  int AwaitShown(int shown) {
    int found = -1;
    const absl::Time deadline = absl::Now() + kPatience;
    while (found != shown && absl::Now() < deadline) {
      const auto answer = Ask(40, v1::CONGESTION_MODE_DISCOUNTED);
      for (const v1::CandidateMatch& match : answer.matches()) {
        if (match.candidate().name() != NameOf("candidates", "equal-a")) continue;
        found = match.congestion().shown_for_others();
      }
      if (found != shown) absl::SleepFor(absl::Milliseconds(20));
    }
    return found;
  }

  ServerInProcess server_{Options()};
  Client client_{server_.channel()};
  std::string revision_;
};

TEST_F(Congestion, WhoWasShownToFortyFallsBehindAnEqualAlsoAfterARestart) {
  ASSERT_THAT(MakeSmallWorld(client_), testing::IsOk());
  MakeEquals();
  for (int i = 0; i < 40; ++i) {
    const auto first = Ask(i, v1::CONGESTION_MODE_IGNORED, 1);
    ASSERT_EQ(first.matches_size(), 1);
    EXPECT_EQ(first.matches(0).candidate().name(), NameOf("candidates", "equal-a"));
    Ask(i, v1::CONGESTION_MODE_IGNORED, 1);  // Asked again it counts no more.
  }
  EXPECT_EQ(AwaitShown(40), 40);
  const auto first_of = [&](v1::CongestionMode mode) {
    const auto answer = Ask(40, mode);
    return answer.matches_size() == 0 ? "" : answer.matches(0).candidate().name();
  };
  EXPECT_EQ(first_of(v1::CONGESTION_MODE_IGNORED), NameOf("candidates", "equal-a"));
  EXPECT_EQ(first_of(v1::CONGESTION_MODE_DISCOUNTED), NameOf("candidates", "equal-b"));

  server_.Restart();
  client_ = Client(server_.channel());
  EXPECT_EQ(first_of(v1::CONGESTION_MODE_DISCOUNTED), NameOf("candidates", "equal-b"));

  v1::ExportPersonRequest person;
  person.set_name(NameOf("candidates", "equal-a"));
  LEYE_ASSERT_OK_AND_ASSIGN(const auto held, client_.Call<v1::ExportPersonResponse>(person));
  EXPECT_GE(held.shown_for_size(), 40);
  EXPECT_THAT(held.shown_for(0).posting(), HasSubstr("/postings/robot"));
}

}  // namespace
}  // namespace leye::e2e
