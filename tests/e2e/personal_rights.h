// A server with the small world, and callers who ask what people may ask about their own data.
//
//   TEST_F(PersonalRights, ...) { EXPECT_THAT(Withdraw(AppOf("welder"), "welder"), IsOk()); }

#ifndef LEYE_TESTS_E2E_PERSONAL_RIGHTS_H_
#define LEYE_TESTS_E2E_PERSONAL_RIGHTS_H_

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gtest/gtest.h"

#include "leye/v1/candidate.pb.h"
#include "leye/v1/match.pb.h"
#include "leye/v1/personal_data.pb.h"
#include "leye/v1/referral.pb.h"
#include "services/base/clock.h"
#include "tests/e2e/callers.h"
#include "tests/e2e/client.h"
#include "tests/e2e/server_in_process.h"
#include "tests/e2e/small_world.h"
#include "tests/testing/fake_clock.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"

namespace leye::e2e {

inline std::string DateOf(absl::CivilDay day) { return absl::FormatCivilTime(day); }

// Thread-compatible.
class PersonalRights : public ::testing::Test {
 protected:
  explicit PersonalRights(absl::Time start = absl::Now()) : clock_(start) {}

  void SetUp() override {
    ASSERT_THAT(MakeSmallWorld(operating_), testing::IsOk());
    ASSERT_THAT(Update("candidate { name: 'regions/13/candidates/sewer-near' full_name: '李梅' "
                       "phone: '13900000001' health_note: '须避免久站' }"),
                testing::IsOk());
  }

  LeyedOptions Options() const {
    LeyedOptions options = callers_.Options();
    options.audit_file = folder_.File("audit.log");
    return options;
  }

  Client Of(const std::string& identity) const { return callers_.Of(identity, server_.address()); }
  Client AppOf(const std::string& person) const { return Of("leye://app/13/" + person); }

  absl::Status Update(const std::string& text) const {
    return operating_.Call<v1::UpdateCandidateResponse>(Parse<v1::UpdateCandidateRequest>(text))
        .status();
  }

  absl::Status SetConsent(const std::string& person, const std::string& consent) const {
    return Update(absl::StrCat("candidate { name: '", NameOf("candidates", person), "' consent { ",
                               consent, " } } update_mask { paths: 'consent' }"));
  }

  static v1::CreateReferralRequest Referral(const std::string& id, const std::string& person,
                                            const std::string& state) {
    return Parse<v1::CreateReferralRequest>(
        absl::StrCat("parent: 'regions/13' referral_id: '", id, "' referral { candidate: '",
                     NameOf("candidates", person), "' posting: '", NameOf("postings", "sewing"),
                     "' clerk: 'c07' state: REFERRAL_STATE_", state, " }"));
  }
  absl::Status Refer(const Client& client, const std::string& id, const std::string& person,
                     const std::string& state = "REFERRED") const {
    return client.Call<v1::CreateReferralResponse>(Referral(id, person, state)).status();
  }
  absl::Status Step(const std::string& id, const std::string& event) const {
    return operating_
        .Call<v1::TransitionReferralResponse>(Parse<v1::TransitionReferralRequest>(
            absl::StrCat("name: '", NameOf("referrals", id), "' event: REFERRAL_EVENT_", event)))
        .status();
  }
  v1::Referral GetReferral(const std::string& id) const {
    v1::GetReferralRequest request;
    request.set_name(NameOf("referrals", id));
    return operating_.Call<v1::GetReferralResponse>(request).value().referral();
  }

  absl::StatusOr<v1::Candidate> GetPerson(const Client& client, const std::string& person) const {
    v1::GetCandidateRequest request;
    request.set_name(NameOf("candidates", person));
    auto response = client.Call<v1::GetCandidateResponse>(request);
    if (!response.ok()) return response.status();
    return response->candidate();
  }

  static v1::WithdrawConsentRequest Withdrawal(const std::string& person,
                                               const std::string& more = "") {
    return Parse<v1::WithdrawConsentRequest>(
        absl::StrCat("name: '", NameOf("candidates", person), "' ", more));
  }
  absl::Status Withdraw(const Client& client, const std::string& person,
                        const std::string& more = "") const {
    return client.Call<v1::WithdrawConsentResponse>(Withdrawal(person, more)).status();
  }

  // By what is stored now.
  v1::RankCandidatesRequest Ranking(const std::string& posting) const {
    v1::RankCandidatesRequest request;
    request.set_posting(NameOf("postings", posting));
    request.set_page_size(100);
    request.mutable_options()->set_funnel(v1::FUNNEL_MODE_EXACT);
    request.mutable_options()->add_min_revisions(RevisionNow(operating_).value());
    return request;
  }
  std::vector<std::string> Ranked(const Client& client) const {
    const auto answer = client.Call<v1::RankCandidatesResponse>(Ranking("sewing"));
    std::vector<std::string> ids;
    if (!answer.ok()) return {answer.status().ToString()};
    for (const v1::CandidateMatch& match : answer->matches()) {
      ids.push_back(match.candidate().name().substr(sizeof("regions/13/candidates/") - 1));
    }
    return ids;
  }
  int TurnedAway(v1::RuleId rule) const {
    const auto answer = operating_.Call<v1::RankCandidatesResponse>(Ranking("sewing"));
    for (const auto& line : answer.value().funnel().turned_away()) {
      if (line.rule() == rule) return static_cast<int>(line.count());
    }
    return 0;
  }
  absl::StatusOr<v1::RecommendPostingsResponse> Recommend(const Client& client,
                                                          const std::string& person) const {
    v1::RecommendPostingsRequest request;
    request.set_candidate(NameOf("candidates", person));
    request.mutable_options()->add_min_revisions(RevisionNow(operating_).value());
    return client.Call<v1::RecommendPostingsResponse>(request);
  }

  absl::StatusOr<v1::ExportPersonResponse> Export(const Client& client,
                                                  const std::string& person) const {
    v1::ExportPersonRequest request;
    request.set_name(NameOf("candidates", person));
    return client.Call<v1::ExportPersonResponse>(request);
  }

  // Everything that an employer and the apps of others can be told, to look for a name in.
  std::string AnswersToOthers(const std::string& person) const {
    std::string all;
    const auto add = [&](const Client& client, const google::protobuf::Message& request,
                         const CallOptions& options = {}) {
      for (const std::string& message : client.CallMethodOf(request, options).messages) {
        absl::StrAppend(&all, message, "\n");
      }
    };
    v1::GetCandidateRequest get;
    get.set_name(NameOf("candidates", person));
    v1::BatchGetCandidatesRequest batch;
    batch.set_parent("regions/13");
    batch.add_names(get.name());
    v1::ListReferralsRequest list;
    list.set_parent("regions/13");
    list.set_page_size(1000);
    v1::ListReferralsResponse referrals = operating_.Call<v1::ListReferralsResponse>(list).value();
    const std::string other = person == "welder" ? "sewer-far" : "welder";
    for (const Client& client : {firm_, other_firm_, AppOf(other)}) {
      add(client, get);
      add(client, batch);
      add(client, list);
      for (const char* posting : {"sewing", "cleaning", "road"}) add(client, Ranking(posting));
      for (const v1::Referral& referral : referrals.referrals()) {
        v1::GetReferralRequest one;
        one.set_name(referral.name());
        add(client, one);
      }
    }
    return all;
  }
  // The changes of referrals since the world was made, as an employer is told them.
  std::string WatchedByFirm(const std::string& since) const {
    v1::WatchReferralsRequest watch;
    watch.set_parent("regions/13");
    watch.set_revision(since);
    std::string all;
    for (const std::string& message :
         firm_.CallMethodOf(watch, {.patience = absl::Seconds(1)}).messages) {
      absl::StrAppend(&all, message, "\n");
    }
    return all;
  }

  testing::TempDir folder_;
  Callers callers_;
  testing::FakeClock clock_;
  ServerInProcess server_{clock_, Options()};
  const Client operating_ = Of("leye://operator");
  const Client bureau_ = Of("leye://bureau/130723");
  const Client firm_ = Of("leye://enterprise/13/garment");
  const Client other_firm_ = Of("leye://enterprise/13/other");
};

// So far back that time can pass before calls' deadlines, which are the machine's. Without apps,
// whose tokens are of now.
class PassingTime : public PersonalRights {
 protected:
  PassingTime() : PersonalRights(absl::Now() - absl::Hours(24 * 100)) {}
};

}  // namespace leye::e2e

#endif  // LEYE_TESTS_E2E_PERSONAL_RIGHTS_H_
