#include "services/access/policy.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace leye::access {
namespace {

struct ServiceLines {
  absl::string_view service;
  std::vector<absl::string_view> methods;
};

// Every method by name, so that a new one is refused until somebody has thought about it.
std::vector<ServiceLines> OperatorLines() {
  return {
      {"leye.v1.SettlementAreaService",
       {"CreateSettlementArea", "GetSettlementArea", "ListSettlementAreas", "UpdateSettlementArea",
        "DeleteSettlementArea"}},
      {"leye.v1.HouseholdService",
       {"CreateHousehold", "GetHousehold", "ListHouseholds", "UpdateHousehold",
        "ImportHouseholds"}},
      {"leye.v1.CandidateService",
       {"CreateCandidate", "GetCandidate", "BatchGetCandidates", "ListCandidates",
        "UpdateCandidate", "DeleteCandidate", "ImportCandidates"}},
      {"leye.v1.EmployerService",
       {"CreateEmployer", "GetEmployer", "ListEmployers", "UpdateEmployer", "SuspendEmployer",
        "ReinstateEmployer"}},
      {"leye.v1.PostingService",
       {"CreatePosting", "GetPosting", "BatchGetPostings", "ListPostings", "UpdatePosting",
        "ClosePosting", "ReopenPosting", "DeletePosting", "ImportPostings", "WatchPostings"}},
      {"leye.v1.SkillService",
       {"GetSkill", "ListSkills", "SearchSkills", "GetTrade", "ListTrades"}},
      {"leye.v1.MatchService",
       {"RankCandidates", "RecommendPostings", "ExplainMatch", "ScorePairs"}},
  };
}

}  // namespace

Policy DefaultPolicy() {
  Policy policy;
  for (const ServiceLines& lines : OperatorLines()) {
    for (absl::string_view method : lines.methods) {
      policy.push_back(
          {absl::StrCat("/", lines.service, "/", method), Role::kOperator, Scope::kEverywhere});
    }
  }
  return policy;
}

}  // namespace leye::access
