// Fields that are right each by itself and cannot be right together.

#include <memory>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "leye/v1/candidate.pb.h"
#include "leye/v1/posting.pb.h"
#include "tests/e2e/client.h"
#include "tests/e2e/refusal.h"
#include "tests/e2e/server_in_process.h"
#include "tests/e2e/small_world.h"
#include "tests/testing/status_matchers.h"

namespace leye::e2e {
namespace {

struct Contradiction {
  const char* claim;
  const char* patch;  // Merged into a resource that lacks nothing.
  const char* field;  // That the refusal names.
};

std::string ClaimOf(const ::testing::TestParamInfo<Contradiction>& tested) {
  return tested.param.claim;
}

// Server and small world are shared: nothing of this changes anything.
class Contradictory : public ::testing::TestWithParam<Contradiction> {
 protected:
  static void SetUpTestSuite() {
    server_ = std::make_unique<ServerInProcess>();
    ASSERT_TRUE(MakeSmallWorld(Client(server_->channel())).ok());
  }
  static void TearDownTestSuite() { server_.reset(); }

  Answer Send(const google::protobuf::Message& request) const {
    return Client(server_->channel()).CallMethodOf(request);
  }

 private:
  static std::unique_ptr<ServerInProcess> server_;
};

std::unique_ptr<ServerInProcess> Contradictory::server_;

class ContradictoryPosting : public Contradictory {};
class ContradictoryCandidate : public Contradictory {};

TEST_P(ContradictoryPosting, IsRefused) {
  v1::CreatePostingRequest request;
  request.set_parent("regions/13");
  *request.mutable_posting() = SomePosting();
  request.mutable_posting()->MergeFrom(Parse<v1::Posting>(GetParam().patch));
  EXPECT_THAT(Send(request), RefusesField(GetParam().field));
}

INSTANTIATE_TEST_SUITE_P(
    Rules, ContradictoryPosting,
    ::testing::Values(
        Contradiction{"AgesFrom60To18", "conditions { ages { min_years: 60 max_years: 18 } }",
                      "posting.conditions.ages[0].max_years"},
        Contradiction{"RelaxedBelowTheLimit",
                      "conditions { ages { max_years: 60 relaxable_to_years: 50 } }",
                      "posting.conditions.ages[0].relaxable_to_years"},
        Contradiction{"PayFallsFromLeastToGreatest", "pay { min_yuan: 4000 max_yuan: 100 }",
                      "posting.pay.max_yuan"},
        Contradiction{"HoursFallFromLeastToMost",
                      "schedule { min_hours_per_day: 9 max_hours_per_day: 4 }",
                      "posting.schedule.max_hours_per_day"},
        Contradiction{"EndsBeforeItStarts",
                      R"pb(schedule { start_date: "2026-05-01" end_date: "2026-04-01" })pb",
                      "posting.schedule.end_date"},
        Contradiction{"ApplyUntilBeforeApplyFrom", R"pb(apply_from: "2026-05-01"
                                                        apply_until: "2026-04-01")pb",
                      "posting.apply_until"},
        Contradiction{"MoreReservedThanOpen", "reserved { count: 6 }", "posting.reserved.count"},
        Contradiction{"MoreFilledThanOpen", "filled_openings: 6", "posting.filled_openings"},
        Contradiction{"AHouseholdCapOnAJob", "conditions { household_cap: 1 }",
                      "posting.conditions.household_cap"}),
    ClaimOf);

TEST_P(ContradictoryCandidate, IsRefused) {
  v1::CreateCandidateRequest request;
  request.set_parent("regions/13");
  *request.mutable_candidate() = SomeCandidate();
  request.mutable_candidate()->MergeFrom(Parse<v1::Candidate>(GetParam().patch));
  EXPECT_THAT(Send(request), RefusesField(GetParam().field));
}

INSTANTIATE_TEST_SUITE_P(
    Rules, ContradictoryCandidate,
    ::testing::Values(
        Contradiction{"BornTomorrow", R"pb(birth_date: "2199-01-01")pb", "candidate.birth_date"},
        Contradiction{"BornInAnotherCentury", R"pb(birth_date: "1900-01-01")pb",
                      "candidate.birth_date"},
        Contradiction{"IdNumberWithAWrongCheckCharacter", R"pb(id_number: "139900199003040023")pb",
                      "candidate.id_number"},
        Contradiction{"ConsentEndsBeforeItBegins",
                      R"pb(consent { given_date: "2024-01-01" expire_date: "2023-01-01" })pb",
                      "candidate.consent.expire_date"},
        Contradiction{"AvailableUntilBeforeFrom", R"pb(preferences {
                                                         available_from: "2026-05-01"
                                                         available_until: "2026-04-01"
                                                       })pb",
                      "candidate.preferences.available_until"},
        Contradiction{"ACertificateAmongSkills",
                      R"pb(skills { skill: "skills/cert-welding-pressure" })pb",
                      "candidate.skills[1].skill"},
        Contradiction{"ASkillAmongCertificates",
                      R"pb(certificates { skill: "skills/welding-arc" })pb",
                      "candidate.certificates[0].skill"}),
    ClaimOf);

}  // namespace
}  // namespace leye::e2e
