#include "tests/e2e/requests.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include <google/protobuf/text_format.h>

namespace leye::e2e {
namespace {

struct Line {
  const char* rpc;  // Without "leye.v1.".
  const char* request;
};

// Ordered so that each finds what it needs.
constexpr Line kLines[] = {
    {"SkillService.GetSkill", R"pb(name: "skills/welding-arc")pb"},
    {"SkillService.ListSkills", R"pb(page_size: 3)pb"},
    {"SkillService.SearchSkills", R"pb(query: "电焊")pb"},
    {"SkillService.GetTrade", R"pb(name: "trades/6-18-02-04")pb"},
    {"SkillService.ListTrades", R"pb(page_size: 3)pb"},
    {"SkillService.NormalizeSkills", R"pb(phrases: "急招电焊工（月薪6000+）")pb"},
    {"NoticeService.SuggestFromNotice",
     R"pb(parent: "regions/13"
          postings { original_text: "招聘焊工3名，18-50周岁，月薪6000元" })pb"},

    {"SettlementAreaService.CreateSettlementArea",
     R"pb(parent: "regions/13"
          settlement_area_id: "new"
          settlement_area {
            display_name: "新区"
            division_code: "130723"
            location { latitude: 41 longitude: 114 }
          })pb"},
    {"SettlementAreaService.GetSettlementArea", R"pb(name: "regions/13/settlementAreas/yian")pb"},
    {"SettlementAreaService.ListSettlementAreas", R"pb(parent: "regions/13")pb"},
    {"SettlementAreaService.UpdateSettlementArea",
     R"pb(settlement_area { name: "regions/13/settlementAreas/yian" address: "康保镇" }
          update_mask { paths: "address" })pb"},
    {"SettlementAreaService.DeleteSettlementArea",
     R"pb(name: "regions/13/settlementAreas/empty")pb"},
    {"SettlementAreaService.ImportTravelTimes",
     R"pb(parent: "regions/13"
          places {
            name: "regions/13/travelPlaces/park"
            display_name: "产业园"
            location { latitude: 41.81 longitude: 114.61 }
          }
          times {
            settlement_area: "regions/13/settlementAreas/yian"
            place: "regions/13/travelPlaces/park"
            mode: TRAVEL_MODE_BUS
            minutes: 15
            cost_fen: 200
          })pb"},
    {"SettlementAreaService.GetTravelPlace", R"pb(name: "regions/13/travelPlaces/park")pb"},
    {"SettlementAreaService.ListTravelPlaces", R"pb(parent: "regions/13")pb"},
    {"SettlementAreaService.DeleteTravelPlace", R"pb(name: "regions/13/travelPlaces/park")pb"},

    {"HouseholdService.CreateHousehold",
     R"pb(parent: "regions/13"
          household { settlement_area: "regions/13/settlementAreas/yian" })pb"},
    {"HouseholdService.GetHousehold", R"pb(name: "regions/13/households/li")pb"},
    {"HouseholdService.ListHouseholds", R"pb(parent: "regions/13")pb"},
    {"HouseholdService.UpdateHousehold",
     R"pb(household { name: "regions/13/households/li" subsistence_allowance: true }
          update_mask { paths: "subsistence_allowance" })pb"},
    {"HouseholdService.ImportHouseholds",
     R"pb(parent: "regions/13"
          households {
            external_id { source: "ledger" id: "H-1" }
            settlement_area: "regions/13/settlementAreas/yian"
          })pb"},

    {"EmployerService.CreateEmployer",
     R"pb(parent: "regions/13"
          employer {
            display_name: "康保劳务公司"
            kind: EMPLOYER_KIND_LABOUR_AGENCY
            division_code: "130723"
          })pb"},
    {"EmployerService.GetEmployer", R"pb(name: "regions/13/employers/garment")pb"},
    {"EmployerService.ListEmployers", R"pb(parent: "regions/13")pb"},
    {"EmployerService.UpdateEmployer",
     R"pb(employer { name: "regions/13/employers/garment" address: "开发区" }
          update_mask { paths: "address" })pb"},
    {"EmployerService.SuspendEmployer",
     R"pb(name: "regions/13/employers/garment" reason: "核查")pb"},
    {"EmployerService.ReinstateEmployer", R"pb(name: "regions/13/employers/garment")pb"},

    {"CandidateService.CreateCandidate",
     R"pb(parent: "regions/13"
          candidate_id: "new"
          candidate { household: "regions/13/households/li" birth_date: "1991-01-01" })pb"},
    {"CandidateService.GetCandidate", R"pb(name: "regions/13/candidates/sewer-near")pb"},
    {"CandidateService.BatchGetCandidates", R"pb(parent: "regions/13"
                                                 names: "regions/13/candidates/sewer-near")pb"},
    {"CandidateService.ListCandidates", R"pb(parent: "regions/13")pb"},
    {"CandidateService.UpdateCandidate",
     R"pb(candidate { name: "regions/13/candidates/sewer-near" student: false }
          update_mask { paths: "student" })pb"},
    {"CandidateService.DeleteCandidate", R"pb(name: "regions/13/candidates/new")pb"},
    {"CandidateService.ImportCandidates",
     R"pb(parent: "regions/13"
          candidates {
            external_id { source: "ledger" id: "P-1" }
            household: "regions/13/households/li"
            birth_date: "1991-01-01"
          })pb"},

    {"PostingService.CreatePosting",
     R"pb(parent: "regions/13"
          posting_id: "new"
          posting {
            employer: "regions/13/employers/garment"
            title: "包装工"
            openings: 2
            enterprise {}
            place {
              division_code: "130723"
              location { latitude: 41.8 longitude: 114.6 }
            }
          })pb"},
    {"PostingService.GetPosting", R"pb(name: "regions/13/postings/sewing")pb"},
    {"PostingService.BatchGetPostings", R"pb(parent: "regions/13"
                                             names: "regions/13/postings/sewing")pb"},
    {"PostingService.ListPostings", R"pb(parent: "regions/13")pb"},
    {"PostingService.UpdatePosting",
     R"pb(posting { name: "regions/13/postings/sewing" openings: 6 }
          update_mask { paths: "openings" })pb"},
    {"PostingService.ClosePosting", R"pb(name: "regions/13/postings/sewing" reason: "招满")pb"},
    {"PostingService.ReopenPosting", R"pb(name: "regions/13/postings/sewing")pb"},
    {"PostingService.ListPostingReviews", R"pb(parent: "regions/13")pb"},
    {"PostingService.RejectPosting", R"pb(name: "regions/13/postings/cleaning"
                                          reason: REJECTION_REASON_DISCRIMINATING)pb"},
    {"PostingService.BatchReviewPostings",
     R"pb(parent: "regions/13"
          verdicts { name: "regions/13/postings/cleaning" verdict: REVIEW_VERDICT_APPROVED })pb"},
    {"PostingService.ApprovePosting", R"pb(name: "regions/13/postings/cleaning"
                                           accepted_codes: LINT_CODE_SEX_LIMIT)pb"},
    {"PostingService.DeletePosting", R"pb(name: "regions/13/postings/new")pb"},
    {"PostingService.ImportPostings",
     R"pb(parent: "regions/13"
          postings {
            external_id { source: "fair" id: "J-1" }
            employer: "regions/13/employers/garment"
            title: "质检员"
            openings: 2
            enterprise {}
            place {
              division_code: "130723"
              location { latitude: 41.8 longitude: 114.6 }
            }
          })pb"},
    {"PostingService.WatchPostings", R"pb(parent: "regions/13")pb"},

    {"MatchService.RankCandidates", R"pb(posting: "regions/13/postings/sewing")pb"},
    {"MatchService.RecommendPostings", R"pb(candidate: "regions/13/candidates/sewer-near")pb"},
    {"MatchService.ExplainMatch",
     R"pb(pair {
            candidate: "regions/13/candidates/sewer-near"
            posting: "regions/13/postings/sewing"
          })pb"},
    {"MatchService.ScorePairs",
     R"pb(pairs {
            candidate: "regions/13/candidates/sewer-near"
            posting: "regions/13/postings/sewing"
          })pb"},
    {"MatchService.WatchMatches", R"pb(posting: "regions/13/postings/sewing")pb"},

    {"ReferralService.CreateReferral",
     R"pb(parent: "regions/13"
          referral_id: "near"
          referral {
            candidate: "regions/13/candidates/sewer-near"
            posting: "regions/13/postings/sewing"
            clerk: "c07"
          })pb"},
    {"ReferralService.BatchCreateReferrals",
     R"pb(parent: "regions/13"
          referrals {
            candidate: "regions/13/candidates/sewer-far"
            posting: "regions/13/postings/cleaning"
            state: REFERRAL_STATE_RECOMMENDED
          }
          referrals {
            candidate: "regions/13/candidates/sewer-far"
            posting: "regions/13/postings/sewing"
            state: REFERRAL_STATE_PUSHED
          })pb"},
    {"ReferralService.GetReferral", R"pb(name: "regions/13/referrals/near")pb"},
    {"ReferralService.ListReferrals", R"pb(parent: "regions/13")pb"},
    {"ReferralService.TransitionReferral", R"pb(name: "regions/13/referrals/near"
                                                event: REFERRAL_EVENT_INTERVIEW)pb"},
    {"ReferralService.ListReferralTasks", R"pb(parent: "regions/13")pb"},
    {"ReferralService.WatchReferrals", R"pb(parent: "regions/13")pb"},

    // `fair` and `later` are MakePlans' of small_world.h.
    {"PlanService.CreatePlan",
     R"pb(parent: "regions/13"
          plan_id: "new"
          plan {
            postings: "regions/13/postings/road"
            division_code: "130723"
            start_time { seconds: 4102444800 }
          })pb"},
    {"PlanService.GetPlan", R"pb(name: "regions/13/plans/fair")pb"},
    {"PlanService.ListPlans", R"pb(parent: "regions/13")pb"},
    {"PlanService.ListPlanAssignments", R"pb(parent: "regions/13/plans/fair")pb"},
    {"PlanService.ListPlanOutcomes", R"pb(parent: "regions/13/plans/fair")pb"},
    {"PlanService.CancelPlan", R"pb(name: "regions/13/plans/later")pb"},
    {"PlanService.CommitPlan", R"pb(name: "regions/13/plans/fair")pb"},
    {"PlanService.DeletePlan", R"pb(name: "regions/13/plans/fair")pb"},

    {"RulesetService.CreateRuleset",
     R"pb(parent: "regions/13"
          ruleset_id: "near"
          ruleset {
            display_name: "就近"
            base: "rulesets/hebei-2026"
            proximity { half_distance_km: 5 }
          })pb"},
    {"RulesetService.GetRuleset", R"pb(name: "rulesets/hebei-2026")pb"},
    {"RulesetService.ListRulesets", R"pb(parent: "regions/13")pb"},
    {"RulesetService.ActivateRuleset",
     R"pb(parent: "regions/13" ruleset: "rulesets/hebei-2026")pb"},
    {"RulesetService.GetRulesetSchedule", R"pb(parent: "regions/13")pb"},
    {"RulesetService.SimulateRuleset", R"pb(parent: "regions/13"
                                            postings: "regions/13/postings/sewing"
                                            after: "rulesets/hebei-2026")pb"},

    {"ReportService.GetCoverageReport", R"pb(parent: "regions/13")pb"},
    {"ReportService.GetOutcomeReport", R"pb(parent: "regions/13")pb"},
    {"ReportService.ListPostingCompliance", R"pb(parent: "regions/13")pb"},
    {"ReportService.FindTrainingGaps", R"pb(parent: "regions/13")pb"},

    {"PersonalDataService.WithdrawConsent", R"pb(name: "regions/13/candidates/sewer-near"
                                                 scopes: CONSENT_SCOPE_EMPLOYERS)pb"},
    {"PersonalDataService.ExportPerson", R"pb(name: "regions/13/candidates/sewer-near")pb"},
    {"PersonalDataService.ListExpiredRecords", R"pb(parent: "regions/13")pb"},

    {"AuditService.ListAuditEntries", R"pb(principal: "operator"
                                           from_date: "2026-01-01"
                                           page_size: 5)pb"},
};

std::string FullName(const Line& line) { return absl::StrCat("leye.v1.", line.rpc); }

const Rpc* FindRpc(const std::string& name) {
  return google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(name);
}

}  // namespace

std::vector<SampleRequest> SampleRequests() {
  static_cast<void>(AllRpcs());  // Registers the descriptors.
  std::vector<SampleRequest> samples;
  for (const Line& line : kLines) {
    SampleRequest sample{FindRpc(FullName(line)), nullptr};
    Require(sample.rpc != nullptr, absl::StrCat(line.rpc, " is no RPC"));
    sample.message = NewMessage(*sample.rpc->input_type());
    Require(google::protobuf::TextFormat::ParseFromString(line.request, sample.message.get()),
            line.rpc);
    samples.push_back(std::move(sample));
  }
  return samples;
}

std::vector<std::string> RpcsWithoutSample() {
  std::vector<std::string> missing;
  for (const Rpc* rpc : AllRpcs()) {
    const bool listed = std::any_of(std::begin(kLines), std::end(kLines), [rpc](const Line& line) {
      return FullName(line) == rpc->full_name();
    });
    if (!listed) missing.push_back(rpc->full_name());
  }
  return missing;
}

bool NeverEnds(const Rpc& rpc) { return rpc.server_streaming() && !rpc.client_streaming(); }

bool Mutates(const Rpc& rpc) {
  if (rpc.client_streaming()) return true;
  // What only reads may say as of which revision.
  for (const char* verb : {"Get", "List", "Find", "Export"}) {
    if (absl::StartsWith(rpc.name(), verb)) return false;
  }
  return rpc.output_type()->FindFieldByName("revision") != nullptr && !NeverEnds(rpc);
}

}  // namespace leye::e2e
