// Records that go by themselves when their time is over.

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "leye/v1/posting.pb.h"
#include "leye/v1/ruleset.pb.h"
#include "tests/e2e/personal_rights.h"

namespace leye::e2e {
namespace {

using ::leye::testing::IsOk;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class Retention : public PassingTime {
 protected:
  void SetUp() override {
    PassingTime::SetUp();
    // sewer-near: at work, and so kept; sewer-far: a referral that has ended; welder: none;
    // no-consent and earner are over from the beginning.
    ASSERT_THAT(Refer(bureau_, "near", "sewer-near"), IsOk());
    for (const char* step : {"INTERVIEW", "HIRE", "ONBOARD"}) {
      ASSERT_THAT(Step("near", step), IsOk());
    }
    ASSERT_THAT(Refer(bureau_, "far", "sewer-far"), IsOk());
    ASSERT_THAT(Step("far", "CANCEL"), IsOk());
    for (const char* posting : {"sewing", "road"}) {
      v1::ClosePostingRequest close;
      close.set_name(NameOf("postings", posting));
      close.set_reason("招满");
      ASSERT_THAT(operating_.Call<v1::ClosePostingResponse>(close), IsOk());
    }
    ASSERT_THAT(operating_.Call<v1::CreateRulesetResponse>(Parse<v1::CreateRulesetRequest>(
                    "parent: 'regions/13' ruleset_id: 'short' ruleset { retention { "
                    "candidate_days: 30 referral_days: 20 posting_days: 10 } }")),
                IsOk());
    ASSERT_THAT(operating_.Call<v1::ActivateRulesetResponse>(Parse<v1::ActivateRulesetRequest>(
                    "parent: 'regions/13' ruleset: 'regions/13/rulesets/short'")),
                IsOk());
  }

  std::vector<std::string> Expired(const Client& client, int days_from_now) const {
    v1::ListExpiredRecordsRequest request;
    request.set_parent("regions/13");
    request.set_page_size(1);
    request.set_date(DateOf(Today(clock_) + days_from_now));
    std::vector<std::string> names;
    do {
      const auto page = client.Call<v1::ListExpiredRecordsResponse>(request);
      if (!page.ok()) return {page.status().ToString()};
      for (const v1::ExpiredRecord& record : page->records()) {
        names.push_back(record.name().substr(sizeof("regions/13/") - 1));
      }
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return names;
  }

  // By a server that has been started anew.
  bool IsThere(const std::string& collection, const std::string& id) const {
    const Client client = Of("leye://operator");
    const std::string text = absl::StrCat("name: '", NameOf(collection, id), "'");
    if (collection == "candidates") {
      return client.Call<v1::GetCandidateResponse>(Parse<v1::GetCandidateRequest>(text)).ok();
    }
    if (collection == "postings") {
      return client.Call<v1::GetPostingResponse>(Parse<v1::GetPostingRequest>(text)).ok();
    }
    return client.Call<v1::GetReferralResponse>(Parse<v1::GetReferralRequest>(text)).ok();
  }
  void AwaitErased(const std::string& collection, const std::string& id) const {
    for (int i = 0; i < 600 && IsThere(collection, id); ++i) {
      absl::SleepFor(absl::Milliseconds(50));
    }
    EXPECT_FALSE(IsThere(collection, id)) << collection << "/" << id;
  }
};

TEST_F(Retention, IsListedBeforehandByTheRulesOfTheRegion) {
  EXPECT_THAT(Expired(bureau_, 0), IsEmpty());
  EXPECT_THAT(Expired(bureau_, 9), IsEmpty());
  EXPECT_THAT(Expired(bureau_, 10), ElementsAre("postings/road"));  // Somebody works at `sewing`.
  EXPECT_THAT(Expired(bureau_, 20), ElementsAre("referrals/far", "postings/road"));
  EXPECT_THAT(Expired(bureau_, 30),
              ElementsAre("referrals/far", "candidates/no-consent", "postings/road"));
  EXPECT_THAT(Expired(Of("leye://bureau/130802"), 30), IsEmpty());
  EXPECT_THAT(Expired(firm_, 30), ElementsAre(HasSubstr("METHOD_NOT_ALLOWED")));
  LEYE_ASSERT_OK_AND_ASSIGN(const auto told, Export(bureau_, "no-consent"));
  EXPECT_EQ(told.erase_date(), DateOf(Today(clock_) + 30));
}

TEST_F(Retention, ErasesWhatIsOverAndNothingElseAndForGood) {
  ASSERT_THAT(Withdraw(bureau_, "welder"), IsOk());
  clock_.Advance(absl::Hours(24 * 29));
  ASSERT_THAT(Update("candidate { name: 'regions/13/candidates/no-consent' student: true }"),
              IsOk());
  clock_.Advance(absl::Hours(24));
  server_.Restart();
  AwaitErased("postings", "road");  // The last.
  AwaitErased("candidates", "welder");
  AwaitErased("referrals", "far");
  for (const char* kept : {"sewer-near", "sewer-far", "no-consent", "earner"}) {
    EXPECT_TRUE(IsThere("candidates", kept)) << kept;
  }
  EXPECT_TRUE(IsThere("postings", "sewing"));
  EXPECT_TRUE(IsThere("postings", "cleaning"));
  EXPECT_TRUE(IsThere("referrals", "near"));
  server_.Restart();
  EXPECT_FALSE(IsThere("candidates", "welder"));
  EXPECT_THAT(Expired(Of("leye://bureau/130723"), 0), IsEmpty());
  std::ifstream file(folder_.File("audit.log"));
  const std::string audit{std::istreambuf_iterator<char>(file), {}};
  EXPECT_THAT(audit, HasSubstr("\tclock\tretention\t-\tOK\tregions/13/referrals/far "));
}

}  // namespace
}  // namespace leye::e2e
