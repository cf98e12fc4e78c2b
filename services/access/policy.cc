#include "services/access/policy.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace leye::access {
namespace {

constexpr Scope kNo = Scope::kNowhere;
constexpr Scope kOwn = Scope::kOwn;
constexpr Scope kAll = Scope::kEverywhere;

struct Row {
  absl::string_view method;
  Scope bureau;
  Scope enterprise;
  Scope app;
  Scope auditor = Scope::kNowhere;
};

// Every method by name, so that a new one is refused until somebody has thought about it. The
// operator may do everything; nobody calls anything, and the auditor nothing but what reads the
// audit: who looks over everybody's shoulder sees no record. Whoever is written down there, other
// than the operator, whose file it is, is not told who else was.
//
// An advert is for everybody: so an app reads any posting that is published, though without the
// contact. So are the
// rules by which people are ranked; making them and trying them out is the operator's.
constexpr Row kRows[] = {
    // clang-format off
    //                                              bureau enterprise app  auditor
    {"SettlementAreaService/CreateSettlementArea",  kOwn,  kNo,       kNo},
    {"SettlementAreaService/GetSettlementArea",     kOwn,  kNo,       kNo},
    {"SettlementAreaService/ListSettlementAreas",   kOwn,  kNo,       kNo},
    {"SettlementAreaService/UpdateSettlementArea",  kOwn,  kNo,       kNo},
    {"SettlementAreaService/DeleteSettlementArea",  kOwn,  kNo,       kNo},
    {"SettlementAreaService/ImportTravelTimes",     kOwn,  kNo,       kNo},
    {"SettlementAreaService/GetTravelPlace",        kAll,  kNo,       kNo},
    {"SettlementAreaService/ListTravelPlaces",      kAll,  kNo,       kNo},
    {"SettlementAreaService/DeleteTravelPlace",     kOwn,  kNo,       kNo},
    {"HouseholdService/CreateHousehold",            kOwn,  kNo,       kNo},
    {"HouseholdService/GetHousehold",               kOwn,  kNo,       kNo},
    {"HouseholdService/ListHouseholds",             kOwn,  kNo,       kNo},
    {"HouseholdService/UpdateHousehold",            kOwn,  kNo,       kNo},
    {"HouseholdService/ImportHouseholds",           kOwn,  kNo,       kNo},
    {"CandidateService/CreateCandidate",            kOwn,  kNo,       kNo},
    {"CandidateService/GetCandidate",               kOwn,  kOwn,      kOwn},
    {"CandidateService/BatchGetCandidates",         kOwn,  kOwn,      kOwn},
    {"CandidateService/ListCandidates",             kOwn,  kNo,       kNo},
    {"CandidateService/UpdateCandidate",            kOwn,  kNo,       kOwn},
    {"CandidateService/DeleteCandidate",            kOwn,  kNo,       kNo},
    {"CandidateService/ImportCandidates",           kOwn,  kNo,       kNo},
    {"PersonalDataService/WithdrawConsent",         kOwn,  kNo,       kOwn},
    {"PersonalDataService/ExportPerson",            kOwn,  kNo,       kOwn},
    {"PersonalDataService/ListExpiredRecords",      kOwn,  kNo,       kNo},
    {"AuditService/ListAuditEntries",               kNo,   kNo,       kNo,  kAll},
    {"EmployerService/CreateEmployer",              kOwn,  kNo,       kNo},
    {"EmployerService/GetEmployer",                 kOwn,  kOwn,      kNo},
    {"EmployerService/ListEmployers",               kOwn,  kOwn,      kNo},
    {"EmployerService/UpdateEmployer",              kOwn,  kOwn,      kNo},
    {"EmployerService/SuspendEmployer",             kOwn,  kNo,       kNo},
    {"EmployerService/ReinstateEmployer",           kOwn,  kNo,       kNo},
    {"PostingService/CreatePosting",                kOwn,  kOwn,      kNo},
    {"PostingService/GetPosting",                   kOwn,  kOwn,      kAll},
    {"PostingService/BatchGetPostings",             kOwn,  kOwn,      kAll},
    {"PostingService/ListPostings",                 kOwn,  kOwn,      kNo},
    {"PostingService/UpdatePosting",                kOwn,  kOwn,      kNo},
    {"PostingService/ClosePosting",                 kOwn,  kOwn,      kNo},
    {"PostingService/ReopenPosting",                kOwn,  kOwn,      kNo},
    {"PostingService/ApprovePosting",               kOwn,  kNo,       kNo},
    {"PostingService/RejectPosting",                kOwn,  kNo,       kNo},
    {"PostingService/BatchReviewPostings",          kOwn,  kNo,       kNo},
    {"PostingService/ListPostingReviews",           kOwn,  kNo,       kNo},
    {"PostingService/DeletePosting",                kOwn,  kOwn,      kNo},
    {"PostingService/ImportPostings",               kOwn,  kOwn,      kNo},
    {"PostingService/WatchPostings",                kOwn,  kOwn,      kNo},
    {"NoticeService/SuggestFromNotice",             kAll,  kAll,      kNo},
    {"SkillService/GetSkill",                       kAll,  kAll,      kAll},
    {"SkillService/ListSkills",                     kAll,  kAll,      kAll},
    {"SkillService/SearchSkills",                   kAll,  kAll,      kAll},
    {"SkillService/GetTrade",                       kAll,  kAll,      kAll},
    {"SkillService/ListTrades",                     kAll,  kAll,      kAll},
    {"SkillService/NormalizeSkills",                kAll,  kAll,      kAll},
    {"MatchService/RankCandidates",                 kOwn,  kOwn,      kNo},
    {"MatchService/RecommendPostings",              kOwn,  kNo,       kOwn},
    {"MatchService/ExplainMatch",                   kOwn,  kNo,       kOwn},
    {"MatchService/ScorePairs",                     kOwn,  kNo,       kOwn},
    {"MatchService/WatchMatches",                   kOwn,  kOwn,      kOwn},
    {"RulesetService/CreateRuleset",                kNo,   kNo,       kNo},
    {"RulesetService/GetRuleset",                   kAll,  kAll,      kAll},
    {"RulesetService/ListRulesets",                 kAll,  kNo,       kNo},
    {"RulesetService/ActivateRuleset",              kNo,   kNo,       kNo},
    {"RulesetService/GetRulesetSchedule",           kAll,  kNo,       kNo},
    {"RulesetService/SimulateRuleset",              kNo,   kNo,       kNo},
    {"ReportService/GetCoverageReport",             kOwn,  kNo,       kNo},
    {"ReportService/GetOutcomeReport",              kOwn,  kNo,       kNo},
    {"ReportService/ListPostingCompliance",         kOwn,  kNo,       kNo},
    {"ReportService/FindTrainingGaps",              kOwn,  kNo,       kNo},
    {"PlanService/CreatePlan",                      kOwn,  kNo,       kNo},
    {"PlanService/GetPlan",                         kOwn,  kNo,       kNo},
    {"PlanService/ListPlans",                       kOwn,  kNo,       kNo},
    {"PlanService/ListPlanAssignments",             kOwn,  kNo,       kNo},
    {"PlanService/ListPlanOutcomes",                kOwn,  kNo,       kNo},
    {"PlanService/CancelPlan",                      kOwn,  kNo,       kNo},
    {"PlanService/CommitPlan",                      kOwn,  kNo,       kNo},
    {"PlanService/DeletePlan",                      kOwn,  kNo,       kNo},
    {"ReferralService/CreateReferral",              kOwn,  kNo,       kNo},
    {"ReferralService/BatchCreateReferrals",        kOwn,  kNo,       kNo},
    {"ReferralService/GetReferral",                 kOwn,  kOwn,      kOwn},
    {"ReferralService/ListReferrals",               kOwn,  kOwn,      kOwn},
    {"ReferralService/TransitionReferral",          kOwn,  kOwn,      kOwn},
    {"ReferralService/ListReferralTasks",           kOwn,  kNo,       kNo},
    {"ReferralService/WatchReferrals",              kOwn,  kOwn,      kOwn},
    // clang-format on
};

}  // namespace

Policy DefaultPolicy() {
  Policy policy;
  for (const Row& row : kRows) {
    const std::string method = absl::StrCat("/leye.v1.", row.method);
    policy.push_back({method, Role::kOperator, kAll});
    policy.push_back({method, Role::kBureau, row.bureau});
    policy.push_back({method, Role::kEnterprise, row.enterprise});
    policy.push_back({method, Role::kApp, row.app});
    policy.push_back({method, Role::kAuditor, row.auditor});
    policy.push_back({method, Role::kNobody, kNo});
  }
  return policy;
}

}  // namespace leye::access
