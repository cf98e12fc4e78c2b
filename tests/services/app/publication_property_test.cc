// Nothing ranks, recommends or plans a posting that is not published, whatever is written.
#include <algorithm>
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/services/app/app_fixture.h"
#include "tests/services/app/plan_fixture.h"
#include "tests/testing/status_matchers.h"

namespace leye::app {
namespace {

using ::testing::IsEmpty;
using testing::IsOk;

std::string FullName(const std::string& id) { return "regions/13/postings/" + id; }

// Random creations, edits, approvals, rejections, closings; after each, what is recommended, ranked
// and planned is compared with what the store says is published.
class PublicationProperty : public ::testing::TestWithParam<uint32_t> {
 protected:
  PublicationProperty() : random_(GetParam()) {
    fair_.AddHousehold("h");
    fair_.AddPerson("p", "h");
  }

  size_t Pick(size_t below) { return random_() % below; }

  std::string AnyBody() {
    constexpr const char* kTitles[] = {"缝纫工", "高薪缝纫工", "保录司机", "质检员"};
    constexpr const char* kPays[] = {"pay { unit: PAY_UNIT_MONTH min_yuan: 3000 } ",
                                     "pay { unit: PAY_UNIT_MONTH min_yuan: 900 } ", ""};
    return absl::StrCat("title: '", kTitles[Pick(4)], "' ", kPays[Pick(3)]);
  }

  void Act() {
    const std::string name = FullName(absl::StrCat("x", Pick(5)));
    const CallContext caller = fair_.Caller();
    switch (Pick(6)) {
      case 0: {
        v1::CreatePostingRequest request;
        request.set_parent("regions/13");
        request.set_posting_id(Town::LastPart(name));
        *request.mutable_posting() = Parse<v1::Posting>(absl::StrCat(
            "employer: 'regions/13/employers/e' openings: 5 enterprise {} place { division_code: "
            "'130723' location { latitude: 41.85 longitude: 114.61 } } conditions { ages { "
            "min_years: 18 } } apply_from: '2023-01-01' ",
            AnyBody()));
        Note(fair_.postings.CreatePosting(request, caller));
        break;
      }
      case 1: {
        v1::UpdatePostingRequest request;
        *request.mutable_posting() = Parse<v1::Posting>(AnyBody());
        request.mutable_posting()->set_name(name);
        request.mutable_update_mask()->add_paths("title");
        request.mutable_update_mask()->add_paths("pay");
        Note(fair_.postings.UpdatePosting(request, caller));
        break;
      }
      case 2: {
        v1::ApprovePostingRequest request;
        request.set_name(name);
        request.add_accepted_codes(v1::LINT_CODE_BAIT);
        if (Pick(2) == 0) request.add_accepted_codes(v1::LINT_CODE_BELOW_MINIMUM_WAGE);
        Note(fair_.postings.ApprovePosting(request, caller));
        break;
      }
      case 3: {
        v1::RejectPostingRequest request;
        request.set_name(name);
        request.set_reason(v1::REJECTION_REASON_UNTRUE);
        Note(fair_.postings.RejectPosting(request, caller));
        break;
      }
      case 4: {
        v1::ClosePostingRequest request;
        request.set_name(name);
        Note(fair_.postings.ClosePosting(request, caller));
        break;
      }
      default: {
        v1::ReopenPostingRequest request;
        request.set_name(name);
        Note(fair_.postings.ReopenPosting(request, caller));
      }
    }
  }

  template <typename Response>
  void Note(const absl::StatusOr<Response>& done) {
    if (!done.ok()) return;
    revision_ = done->revision();
    now_[Town::LastPart(done->posting().name())] = done->posting();
  }

  bool IsShown(const std::string& id) const {
    const auto found = now_.find(id);
    if (found == now_.end()) return true;  // Of the town.
    return found->second.publication() == v1::POSTING_PUBLICATION_PUBLISHED &&
           found->second.state() == v1::POSTING_STATE_OPEN;
  }

  // The ids that a person is recommended.
  std::vector<std::string> Recommended() {
    const auto answer = fair_.town.matching.RecommendPostings(
        Town::RecommendRequest("p", absl::StrCat("options { min_revisions: '", revision_, "' }")),
        {.principal = access::LocalOperator()});
    EXPECT_THAT(answer, IsOk());
    std::vector<std::string> ids;
    for (const v1::PostingMatch& match : answer->matches()) {
      ids.push_back(Town::LastPart(match.posting().name()));
    }
    return ids;
  }

  std::mt19937 random_;
  Fair fair_;
  std::string revision_;
  std::map<std::string, v1::Posting> now_;
};

TEST_P(PublicationProperty, NothingNamesWhatIsNotPublished) {
  int shown = 0;
  int hidden = 0;
  for (int step = 0; step < 60; ++step) {
    Act();
    if (now_.empty()) continue;
    const std::vector<std::string> recommended = Recommended();
    for (const auto& [id, posting] : now_) {
      const bool found = std::find(recommended.begin(), recommended.end(), id) != recommended.end();
      EXPECT_EQ(found, IsShown(id)) << id << " after step " << step;
      ++(found ? shown : hidden);
      if (!found) {
        EXPECT_THAT(fair_.town.Rank(id), IsEmpty()) << id;
      }
    }
  }
  EXPECT_GT(shown, 0);
  EXPECT_GT(hidden, 0);
  std::string body;
  for (const auto& each : now_) absl::StrAppend(&body, "postings: '", each.second.name(), "' ");
  ASSERT_THAT(fair_.Create("plan", body), IsOk());
  fair_.Run();
  for (const std::string& line : fair_.Lines("plan")) {
    EXPECT_TRUE(IsShown(line.substr(line.find(' ') + 1))) << line;
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, PublicationProperty, ::testing::Values(1u, 2u, 3u));

}  // namespace
}  // namespace leye::app
