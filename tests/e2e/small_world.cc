#include "tests/e2e/small_world.h"

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

#include "leye/v1/employer.pb.h"
#include "leye/v1/household.pb.h"
#include "leye/v1/referral.pb.h"
#include "leye/v1/settlement_area.pb.h"
#include "leye/v1/travel.pb.h"
#include "services/base/status.h"

namespace leye::e2e {
namespace {

// 10 km on the sphere of 6371.0087714 km are 0.08993202 degrees of latitude.
constexpr const char* kAreas[] = {
    R"pb(parent: "regions/13"
         settlement_area_id: "yian"
         settlement_area {
           display_name: "怡安社区"
           division_code: "130723"
           location { latitude: 41.8 longitude: 114.6 }
         })pb",
    R"pb(parent: "regions/13"
         settlement_area_id: "ten-north"
         settlement_area {
           display_name: "北安社区"
           division_code: "130723"
           location { latitude: 41.8899320237 longitude: 114.6 }
         })pb",
    R"pb(parent: "regions/13"
         settlement_area_id: "empty"
         settlement_area {
           display_name: "空置社区"
           division_code: "130723"
           location { latitude: 41.7 longitude: 114.6 }
         })pb",
};

// Far from all work, so that nobody goes by its times.
constexpr char kPlace[] = R"pb(parent: "regions/13"
                               places {
                                 name: "regions/13/travelPlaces/park"
                                 location { latitude: 40.1 longitude: 115.9 }
                               })pb";

constexpr const char* kHouseholds[] = {
    R"pb(parent: "regions/13"
         household_id: "li"
         household {
           settlement_area: "regions/13/settlementAreas/yian"
           category: HOUSEHOLD_CATEGORY_LIFTED_FROM_POVERTY
         })pb",
    R"pb(parent: "regions/13"
         household_id: "zhao"
         household {
           settlement_area: "regions/13/settlementAreas/yian"
           category: HOUSEHOLD_CATEGORY_MOVED_ALONG
         })pb",
    R"pb(parent: "regions/13"
         household_id: "wang"
         household {
           settlement_area: "regions/13/settlementAreas/ten-north"
           category: HOUSEHOLD_CATEGORY_GENERAL
           monitoring: MONITORING_KIND_MARGINAL
         })pb",
};

constexpr const char* kCandidates[] = {
    R"pb(parent: "regions/13"
         candidate_id: "sewer-near"
         candidate {
           household: "regions/13/households/li"
           birth_date: "1990-03-04"
           sex: SEX_FEMALE
           groups: GROUP_RELOCATED
           skills { skill: "skills/sewing-lockstitch" level: 4 }
           unemployed_since: "2020-01-01"
           preferences { willing: true monthly_pay_yuan: 3500 }
           consent { given_date: "2020-01-01" }
         })pb",
    R"pb(parent: "regions/13"
         candidate_id: "earner"
         candidate {
           household: "regions/13/households/li"
           birth_date: "1988-03-04"
           sex: SEX_MALE
           groups: GROUP_RELOCATED
           employment { state: EMPLOYMENT_STATE_EMPLOYED channel: CHANNEL_ENTERPRISE }
           consent { given_date: "2020-01-01" }
         })pb",
    R"pb(parent: "regions/13"
         candidate_id: "welder"
         candidate {
           household: "regions/13/households/zhao"
           birth_date: "1985-03-04"
           sex: SEX_MALE
           groups: GROUP_RELOCATED
           skills { skill: "skills/welding-arc" level: 3 }
           preferences { willing: true }
           consent { given_date: "2020-01-01" }
         })pb",
    R"pb(parent: "regions/13"
         candidate_id: "no-consent"
         candidate {
           household: "regions/13/households/zhao"
           birth_date: "1990-03-04"
           sex: SEX_FEMALE
           groups: GROUP_RELOCATED
           skills { skill: "skills/sewing-lockstitch" level: 5 }
           preferences { willing: true }
         })pb",
    R"pb(parent: "regions/13"
         candidate_id: "sewer-far"
         candidate {
           household: "regions/13/households/wang"
           birth_date: "1992-03-04"
           sex: SEX_FEMALE
           groups: GROUP_RELOCATED
           skills { skill: "skills/sewing-lockstitch" level: 2 }
           preferences { willing: true }
           consent { given_date: "2020-01-01" }
         })pb",
};

constexpr char kEmployer[] =
    R"pb(parent: "regions/13"
         employer_id: "garment"
         employer {
           display_name: "怡安服装帮扶车间"
           kind: EMPLOYER_KIND_SUPPORT_WORKSHOP
           division_code: "130723"
         })pb";

constexpr const char* kPostings[] = {
    R"pb(parent: "regions/13"
         posting_id: "sewing"
         posting {
           title: "急招缝纫工"
           enterprise {}
           required_skills { skills { skill: "skills/sewing-lockstitch" min_level: 2 } }
         })pb",
    R"pb(parent: "regions/13"
         posting_id: "cleaning"
         posting {
           title: "保洁员"
           public_welfare { kind: PUBLIC_WELFARE_KIND_CLEANING }
           conditions { sex_limit: SEX_FEMALE }
         })pb",
    R"pb(parent: "regions/13"
         posting_id: "road"
         posting {
           title: "修路务工"
           work_for_relief { project: "通村路硬化" }
         })pb",
};

constexpr char kCommonOfPostings[] =
    R"pb(employer: "regions/13/employers/garment"
         openings: 5
         place {
           division_code: "130723"
           location { latitude: 41.8 longitude: 114.6 }
         }
         pay { min_yuan: 3000 max_yuan: 4000 unit: PAY_UNIT_MONTH }
         original_text: "条件见公告"
         apply_from: "2020-01-01"
    )pb";

constexpr const char* kPlans[] = {
    R"pb(parent: "regions/13"
         plan_id: "fair"
         plan {
           postings: "regions/13/postings/road"
           division_code: "130723"
           pins { candidate: "regions/13/candidates/welder" posting: "regions/13/postings/road" }
           bans {
             candidate: "regions/13/candidates/sewer-near"
             posting: "regions/13/postings/road"
           }
           bans { candidate: "regions/13/candidates/sewer-far" posting: "regions/13/postings/road" }
         })pb",
    R"pb(parent: "regions/13"
         plan_id: "later"
         plan {
           postings: "regions/13/postings/road"
           division_code: "130723"
           start_time { seconds: 4102444800 }
         })pb"};

constexpr char kReferral[] =
    R"pb(parent: "regions/13"
         referral_id: "near"
         referral {
           candidate: "regions/13/candidates/sewer-near"
           posting: "regions/13/postings/sewing"
         })pb";

template <typename Request, typename Response>
absl::StatusOr<std::string> Create(const Client& client, const Request& request) {
  const absl::StatusOr<Response> response = client.Call<Response>(request);
  if (!response.ok()) return WithContext(response.status(), request.ShortDebugString());
  return response->revision();
}

absl::StatusOr<std::string> MakePeople(const Client& client) {
  for (const char* text : kAreas) {
    LEYE_RETURN_IF_ERROR(Create<v1::CreateSettlementAreaRequest, v1::CreateSettlementAreaResponse>(
        client, Parse<v1::CreateSettlementAreaRequest>(text)));
  }
  LEYE_RETURN_IF_ERROR(Create<v1::ImportTravelTimesRequest, v1::ImportTravelTimesResponse>(
      client, Parse<v1::ImportTravelTimesRequest>(kPlace)));
  for (const char* text : kHouseholds) {
    LEYE_RETURN_IF_ERROR(Create<v1::CreateHouseholdRequest, v1::CreateHouseholdResponse>(
        client, Parse<v1::CreateHouseholdRequest>(text)));
  }
  absl::StatusOr<std::string> revision;
  for (const char* text : kCandidates) {
    revision = Create<v1::CreateCandidateRequest, v1::CreateCandidateResponse>(
        client, Parse<v1::CreateCandidateRequest>(text));
    LEYE_RETURN_IF_ERROR(revision);
  }
  return revision;
}

}  // namespace

absl::StatusOr<std::string> MakeSmallWorld(const Client& client) {
  LEYE_RETURN_IF_ERROR(MakePeople(client));
  LEYE_RETURN_IF_ERROR(Create<v1::CreateEmployerRequest, v1::CreateEmployerResponse>(
      client, Parse<v1::CreateEmployerRequest>(kEmployer)));
  absl::StatusOr<std::string> revision;
  for (const char* text : kPostings) {
    auto request = Parse<v1::CreatePostingRequest>(text);
    request.mutable_posting()->MergeFrom(Parse<v1::Posting>(kCommonOfPostings));
    revision = Create<v1::CreatePostingRequest, v1::CreatePostingResponse>(client, request);
    LEYE_RETURN_IF_ERROR(revision);
  }
  return revision;
}

absl::StatusOr<std::string> MakeReferral(const Client& client) {
  return Create<v1::CreateReferralRequest, v1::CreateReferralResponse>(
      client, Parse<v1::CreateReferralRequest>(kReferral));
}

absl::StatusOr<std::string> MakePlans(const Client& client) {
  for (const char* text : kPlans) {
    LEYE_RETURN_IF_ERROR(Create<v1::CreatePlanRequest, v1::CreatePlanResponse>(
        client, Parse<v1::CreatePlanRequest>(text)));
  }
  LEYE_RETURN_IF_ERROR(WaitForPlan(client, NameOf("plans", "fair")).status());
  return RevisionNow(client);
}

absl::StatusOr<v1::Plan> WaitForPlan(const Client& client, const std::string& name) {
  const absl::Time deadline = absl::Now() + kPatience;
  v1::GetPlanRequest request;
  request.set_name(name);
  while (absl::Now() < deadline) {
    LEYE_ASSIGN_OR_RETURN(const v1::GetPlanResponse got, client.Call<v1::GetPlanResponse>(request));
    if (got.plan().state() != v1::PLAN_STATE_QUEUED &&
        got.plan().state() != v1::PLAN_STATE_RUNNING) {
      return got.plan();
    }
    absl::SleepFor(absl::Milliseconds(20));
  }
  return absl::DeadlineExceededError(absl::StrCat(name, " is not worked out"));
}

std::string NameOf(absl::string_view collection, absl::string_view id) {
  return absl::StrCat("regions/13/", collection, "/", id);
}

v1::Candidate SomeCandidate() {
  v1::Candidate candidate = Parse<v1::CreateCandidateRequest>(kCandidates[0]).candidate();
  candidate.clear_unemployed_since();
  return candidate;
}

v1::Posting SomePosting() {
  v1::Posting posting = Parse<v1::Posting>(kCommonOfPostings);
  posting.set_title("包装工");
  posting.mutable_enterprise();
  return posting;
}

absl::StatusOr<std::string> RevisionNow(const Client& client) {
  LEYE_ASSIGN_OR_RETURN(const v1::ListPostingsResponse listed,
                        client.Call<v1::ListPostingsResponse>(
                            Parse<v1::ListPostingsRequest>(R"pb(parent: "regions/13")pb")));
  return listed.revision();
}

}  // namespace leye::e2e
