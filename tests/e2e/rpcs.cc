#include "tests/e2e/rpcs.h"

#include <algorithm>
#include <cstdlib>
#include <iostream>

#include "leye/v1/audit.pb.h"
#include "leye/v1/candidate.pb.h"
#include "leye/v1/employer.pb.h"
#include "leye/v1/household.pb.h"
#include "leye/v1/match.pb.h"
#include "leye/v1/notice.pb.h"
#include "leye/v1/personal_data.pb.h"
#include "leye/v1/plan.pb.h"
#include "leye/v1/posting.pb.h"
#include "leye/v1/referral.pb.h"
#include "leye/v1/report.pb.h"
#include "leye/v1/ruleset.pb.h"
#include "leye/v1/settlement_area.pb.h"
#include "leye/v1/skill.pb.h"

namespace leye::e2e {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FileDescriptor;

// The order in which the table of requests may change the small world: what others need comes
// first.
std::vector<const FileDescriptor*> Files() {
  return {v1::GetSkillRequest::descriptor()->file(),
          v1::GetSettlementAreaRequest::descriptor()->file(),
          v1::GetHouseholdRequest::descriptor()->file(),
          v1::GetEmployerRequest::descriptor()->file(),
          v1::GetCandidateRequest::descriptor()->file(),
          v1::GetPostingRequest::descriptor()->file(),
          v1::RankCandidatesRequest::descriptor()->file(),
          v1::GetReferralRequest::descriptor()->file(),
          v1::GetPlanRequest::descriptor()->file(),
          v1::GetRulesetRequest::descriptor()->file(),
          v1::GetCoverageReportRequest::descriptor()->file(),
          v1::ExportPersonRequest::descriptor()->file(),
          v1::SuggestFromNoticeRequest::descriptor()->file(),
          v1::ListAuditEntriesRequest::descriptor()->file()};
}

}  // namespace

std::vector<std::string> AllServices() {
  std::vector<std::string> names;
  for (const FileDescriptor* file : Files()) {
    for (int i = 0; i < file->service_count(); ++i) names.push_back(file->service(i)->full_name());
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::vector<const Rpc*> AllRpcs() {
  std::vector<const Rpc*> rpcs;
  for (const FileDescriptor* file : Files()) {
    for (int i = 0; i < file->service_count(); ++i) {
      for (int j = 0; j < file->service(i)->method_count(); ++j) {
        rpcs.push_back(file->service(i)->method(j));
      }
    }
  }
  return rpcs;
}

const Rpc& MethodOf(const Descriptor& request) {
  const std::vector<const Rpc*> rpcs = AllRpcs();
  const auto found = std::find_if(rpcs.begin(), rpcs.end(), [&request](const Rpc* rpc) {
    return rpc->input_type() == &request;
  });
  if (found == rpcs.end()) {
    std::cerr << request.full_name() << " is no request\n";
    std::abort();
  }
  return **found;
}

std::unique_ptr<google::protobuf::Message> NewMessage(const Descriptor& type) {
  const google::protobuf::Message* prototype =
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(&type);
  return std::unique_ptr<google::protobuf::Message>(prototype->New());
}

}  // namespace leye::e2e
