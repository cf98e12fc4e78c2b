// Every RPC by every role, on what is its own, on what is another's and on what is not there; and
// many callers on one connection.

#include <algorithm>
#include <atomic>
#include <iterator>
#include <map>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "leye/v1/candidate.pb.h"
#include "leye/v1/employer.pb.h"
#include "leye/v1/options.pb.h"
#include "leye/v1/referral.pb.h"
#include "services/access/policy.h"
#include "services/base/status.h"
#include "tests/e2e/callers.h"
#include "tests/e2e/client.h"
#include "tests/e2e/requests.h"
#include "tests/e2e/server_in_process.h"
#include "tests/e2e/small_world.h"
#include "tests/testing/status_matchers.h"

namespace leye::e2e {
namespace {

using access::Role;
using access::Scope;
using ::leye::testing::IsOk;

// Who reaches the small world, all of which lies in county 130723, and who of the same role does
// not.
struct RoleCase {
  Role role;
  const char* name;
  const char* own;
  const char* other;
};

constexpr RoleCase kRoles[] = {
    {Role::kBureau, "Bureau", "leye://bureau/130723", "leye://bureau/130802"},
    {Role::kEnterprise, "Enterprise", "leye://enterprise/13/garment", "leye://enterprise/13/other"},
    {Role::kApp, "App", "leye://app/13/sewer-near", "leye://app/13/welder"},
    {Role::kAuditor, "Auditor", "leye://auditor", "leye://auditor"},
    {Role::kOperator, "Operator", "leye://operator", "leye://operator"},
};

constexpr Role kAllRoles[] = {Role::kNobody,     Role::kOperator, Role::kBureau,
                              Role::kEnterprise, Role::kApp,      Role::kAuditor};

// What a role's own call of a sample answers where that is not OK though the method is allowed:
// what else must be the case is tested in views_test.cc.
std::string ExpectedReason(Role role, const std::string& rpc) {
  static const auto& exceptions = *new std::map<std::pair<Role, std::string>, std::string>{
      // Only what is the person's to say.
      {{Role::kApp, "UpdateCandidate"}, "FIELD_NOT_ALLOWED"},
      {{Role::kApp, "TransitionReferral"}, "STEP_NOT_ALLOWED"},
      // A place of travel is no county's.
      {{Role::kBureau, "ImportTravelTimes"}, "OUT_OF_SCOPE"},
      {{Role::kBureau, "DeleteTravelPlace"}, "NOT_FOUND"},
      // The sample asks for people; a person may watch postings only.
      {{Role::kApp, "WatchMatches"}, "OUT_OF_SCOPE"},
      // Nobody has been referred to it yet when the table comes to this.
      {{Role::kEnterprise, "GetCandidate"}, "NOT_FOUND"},
      {{Role::kEnterprise, "BatchGetCandidates"}, "NOT_FOUND"}};
  const auto found = exceptions.find({role, rpc});
  return found == exceptions.end() ? "" : found->second;
}

// Who may call what, and on what: written down here once more, so that whoever allows more must say
// so twice. The operator may do everything, nobody nothing.
struct ExpectedRow {
  const char* rpc;  // Without "leye.v1.".
  Scope bureau;
  Scope enterprise;
  Scope app;
  Scope auditor = Scope::kNowhere;
};

constexpr Scope kNo = Scope::kNowhere;
constexpr Scope kOwn = Scope::kOwn;
constexpr Scope kAll = Scope::kEverywhere;

constexpr ExpectedRow kExpected[] = {
    // clang-format off
    {"SettlementAreaService.CreateSettlementArea", kOwn,  kNo,  kNo},
    {"SettlementAreaService.GetSettlementArea",    kOwn,  kNo,  kNo},
    {"SettlementAreaService.ListSettlementAreas",  kOwn,  kNo,  kNo},
    {"SettlementAreaService.UpdateSettlementArea", kOwn,  kNo,  kNo},
    {"SettlementAreaService.DeleteSettlementArea", kOwn,  kNo,  kNo},
    {"SettlementAreaService.ImportTravelTimes",    kOwn,  kNo,  kNo},
    {"SettlementAreaService.GetTravelPlace",       kAll,  kNo,  kNo},
    {"SettlementAreaService.ListTravelPlaces",     kAll,  kNo,  kNo},
    {"SettlementAreaService.DeleteTravelPlace",    kOwn,  kNo,  kNo},
    {"HouseholdService.CreateHousehold",           kOwn,  kNo,  kNo},
    {"HouseholdService.GetHousehold",              kOwn,  kNo,  kNo},
    {"HouseholdService.ListHouseholds",            kOwn,  kNo,  kNo},
    {"HouseholdService.UpdateHousehold",           kOwn,  kNo,  kNo},
    {"HouseholdService.ImportHouseholds",          kOwn,  kNo,  kNo},
    {"CandidateService.CreateCandidate",           kOwn,  kNo,  kNo},
    {"CandidateService.GetCandidate",              kOwn,  kOwn, kOwn},
    {"CandidateService.BatchGetCandidates",        kOwn,  kOwn, kOwn},
    {"CandidateService.ListCandidates",            kOwn,  kNo,  kNo},
    {"CandidateService.UpdateCandidate",           kOwn,  kNo,  kOwn},
    {"CandidateService.DeleteCandidate",           kOwn,  kNo,  kNo},
    {"CandidateService.ImportCandidates",          kOwn,  kNo,  kNo},
    {"PersonalDataService.WithdrawConsent",        kOwn,  kNo,  kOwn},
    {"PersonalDataService.ExportPerson",           kOwn,  kNo,  kOwn},
    {"PersonalDataService.ListExpiredRecords",     kOwn,  kNo,  kNo},
    {"AuditService.ListAuditEntries",              kNo,   kNo,  kNo,  kAll},
    {"EmployerService.CreateEmployer",             kOwn,  kNo,  kNo},
    {"EmployerService.GetEmployer",                kOwn,  kOwn, kNo},
    {"EmployerService.ListEmployers",              kOwn,  kOwn, kNo},
    {"EmployerService.UpdateEmployer",             kOwn,  kOwn, kNo},
    {"EmployerService.SuspendEmployer",            kOwn,  kNo,  kNo},
    {"EmployerService.ReinstateEmployer",          kOwn,  kNo,  kNo},
    {"PostingService.CreatePosting",               kOwn,  kOwn, kNo},
    {"PostingService.GetPosting",                  kOwn,  kOwn, kAll},
    {"PostingService.BatchGetPostings",            kOwn,  kOwn, kAll},
    {"PostingService.ListPostings",                kOwn,  kOwn, kNo},
    {"PostingService.UpdatePosting",               kOwn,  kOwn, kNo},
    {"PostingService.ClosePosting",                kOwn,  kOwn, kNo},
    {"PostingService.ReopenPosting",               kOwn,  kOwn, kNo},
    {"PostingService.ApprovePosting",              kOwn,  kNo,  kNo},
    {"PostingService.RejectPosting",               kOwn,  kNo,  kNo},
    {"PostingService.BatchReviewPostings",         kOwn,  kNo,  kNo},
    {"PostingService.ListPostingReviews",          kOwn,  kNo,  kNo},
    {"PostingService.DeletePosting",               kOwn,  kOwn, kNo},
    {"PostingService.ImportPostings",              kOwn,  kOwn, kNo},
    {"PostingService.WatchPostings",               kOwn,  kOwn, kNo},
    {"NoticeService.SuggestFromNotice",            kAll,  kAll, kNo},
    {"SkillService.GetSkill",                      kAll,  kAll, kAll},
    {"SkillService.ListSkills",                    kAll,  kAll, kAll},
    {"SkillService.SearchSkills",                  kAll,  kAll, kAll},
    {"SkillService.GetTrade",                      kAll,  kAll, kAll},
    {"SkillService.ListTrades",                    kAll,  kAll, kAll},
    {"SkillService.NormalizeSkills",               kAll,  kAll, kAll},
    {"MatchService.RankCandidates",                kOwn,  kOwn, kNo},
    {"MatchService.RecommendPostings",             kOwn,  kNo,  kOwn},
    {"MatchService.ExplainMatch",                  kOwn,  kNo,  kOwn},
    {"MatchService.ScorePairs",                    kOwn,  kNo,  kOwn},
    {"MatchService.WatchMatches",                  kOwn,  kOwn, kOwn},
    {"RulesetService.CreateRuleset",               kNo,   kNo,  kNo},
    {"RulesetService.GetRuleset",                  kAll,  kAll, kAll},
    {"RulesetService.ListRulesets",                kAll,  kNo,  kNo},
    {"RulesetService.ActivateRuleset",             kNo,   kNo,  kNo},
    {"RulesetService.GetRulesetSchedule",          kAll,  kNo,  kNo},
    {"RulesetService.SimulateRuleset",             kNo,   kNo,  kNo},
    {"ReportService.GetCoverageReport",            kOwn,  kNo,  kNo},
    {"ReportService.GetOutcomeReport",             kOwn,  kNo,  kNo},
    {"ReportService.ListPostingCompliance",        kOwn,  kNo,  kNo},
    {"ReportService.FindTrainingGaps",             kOwn,  kNo,  kNo},
    {"PlanService.CreatePlan",                     kOwn,  kNo,  kNo},
    {"PlanService.GetPlan",                        kOwn,  kNo,  kNo},
    {"PlanService.ListPlans",                      kOwn,  kNo,  kNo},
    {"PlanService.ListPlanAssignments",            kOwn,  kNo,  kNo},
    {"PlanService.ListPlanOutcomes",               kOwn,  kNo,  kNo},
    {"PlanService.CancelPlan",                     kOwn,  kNo,  kNo},
    {"PlanService.CommitPlan",                     kOwn,  kNo,  kNo},
    {"PlanService.DeletePlan",                     kOwn,  kNo,  kNo},
    {"ReferralService.CreateReferral",             kOwn,  kNo,  kNo},
    {"ReferralService.BatchCreateReferrals",       kOwn,  kNo,  kNo},
    {"ReferralService.GetReferral",                kOwn,  kOwn, kOwn},
    {"ReferralService.ListReferrals",              kOwn,  kOwn, kOwn},
    {"ReferralService.TransitionReferral",         kOwn,  kOwn, kOwn},
    {"ReferralService.ListReferralTasks",          kOwn,  kNo,  kNo},
    {"ReferralService.WatchReferrals",             kOwn,  kOwn, kOwn},
    // clang-format on
};

const ExpectedRow* FindExpected(const Rpc& rpc) {
  const auto* found =
      std::find_if(std::begin(kExpected), std::end(kExpected), [&rpc](const ExpectedRow& row) {
        return absl::StrCat("leye.v1.", row.rpc) == rpc.full_name();
      });
  return found == std::end(kExpected) ? nullptr : found;
}

Scope ScopeIn(Role role, const Rpc& rpc) {
  const ExpectedRow* row = FindExpected(rpc);
  Require(row != nullptr, absl::StrCat(rpc.full_name(), " has no row in kExpected"));
  switch (role) {
    case Role::kOperator:
      return kAll;
    case Role::kBureau:
      return row->bureau;
    case Role::kEnterprise:
      return row->enterprise;
    case Role::kApp:
      return row->app;
    case Role::kAuditor:
      return row->auditor;
    default:
      return kNo;
  }
}

// Whether it is about a person, or has something in it that is. No message holds its own kind.
bool IsAboutPersons(const google::protobuf::Descriptor& type) {
  if (type.options().GetExtension(v1::about_person)) return true;
  for (int i = 0; i < type.field_count(); ++i) {
    const auto* inner = type.field(i)->message_type();
    if (inner != nullptr && IsAboutPersons(*inner)) return true;
  }
  return false;
}

TEST(AccessTable, IsTheOneThatIsShipped) {
  std::map<std::pair<std::string, Role>, Scope> shipped;
  for (const access::PolicyLine& line : access::DefaultPolicy()) {
    shipped[{line.method, line.role}] = line.scope;
  }
  for (const Rpc* rpc : AllRpcs()) {
    const std::string method = absl::StrCat("/", rpc->service()->full_name(), "/", rpc->name());
    for (const Role role : kAllRoles) {
      const auto line = shipped.find({method, role});
      ASSERT_NE(line, shipped.end()) << method << " " << access::RoleName(role);
      EXPECT_EQ(line->second, ScopeIn(role, *rpc)) << method << " " << access::RoleName(role);
    }
  }
  EXPECT_EQ(shipped.size(), AllRpcs().size() * std::size(kAllRoles));
}

TEST(AccessTable, LetsOnlyOfficesReachEverybody) {
  for (const Rpc* rpc : AllRpcs()) {
    if (!IsAboutPersons(*rpc->input_type()) && !IsAboutPersons(*rpc->output_type())) continue;
    for (const Role role : {Role::kBureau, Role::kEnterprise, Role::kApp}) {
      EXPECT_NE(ScopeIn(role, *rpc), kAll) << rpc->full_name() << " " << access::RoleName(role);
    }
  }
}

// The same request about records that are not there.
std::string AboutNone(const SampleRequest& sample) {
  const std::string text = absl::StrReplaceAll(sample.message->Utf8DebugString(),
                                               {{"candidates/sewer-near", "candidates/nobody"},
                                                {"candidates/sewer-far", "candidates/nobody"},
                                                {"candidates/new", "candidates/nobody"},
                                                {"households/li", "households/none"},
                                                {"settlementAreas/yian", "settlementAreas/none"},
                                                {"settlementAreas/empty", "settlementAreas/none"},
                                                {"employers/garment", "employers/none"},
                                                {"postings/sewing", "postings/none"},
                                                {"postings/cleaning", "postings/none"},
                                                {"postings/new", "postings/none"},
                                                {"plans/fair", "plans/none"},
                                                {"plans/later", "plans/none"},
                                                {"referrals/near", "referrals/none"}});
  const auto changed = NewMessage(*sample.message->GetDescriptor());
  Require(google::protobuf::TextFormat::ParseFromString(text, changed.get()), text);
  return changed->SerializeAsString();
}

// The number of records that an answer of a list holds.
int RecordsIn(const Answer& answer, const Rpc& rpc) {
  if (answer.messages.empty()) return 0;
  const auto response = NewMessage(*rpc.output_type());
  Require(response->ParseFromString(answer.messages[0]), rpc.full_name());
  const auto* records = response->GetDescriptor()->field(0);
  return response->GetReflection()->FieldSize(*response, records);
}

// The numbers that a report tells, added up.
int64_t NumbersIn(const google::protobuf::Message& message) {
  const auto& reflection = *message.GetReflection();
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  int64_t sum = 0;
  for (const auto* field : fields) {
    if (field->cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_INT64) {
      sum += reflection.GetInt64(message, field);
    }
    if (field->cpp_type() != google::protobuf::FieldDescriptor::CPPTYPE_MESSAGE) continue;
    if (!field->is_repeated()) {
      sum += NumbersIn(reflection.GetMessage(message, field));
      continue;
    }
    for (int i = 0; i < reflection.FieldSize(message, field); ++i) {
      sum += NumbersIn(reflection.GetRepeatedMessage(message, field, i));
    }
  }
  return sum;
}
int64_t NumbersIn(const Answer& answer, const Rpc& rpc) {
  if (answer.messages.empty()) return -1;
  const auto response = NewMessage(*rpc.output_type());
  Require(response->ParseFromString(answer.messages[0]), rpc.full_name());
  return NumbersIn(*response);
}

Answer Call(const Client& client, const SampleRequest& sample, const std::string& bytes) {
  CallOptions options = OneAnswerOf(*sample.rpc);
  if (NeverEnds(*sample.rpc)) options.patience = absl::Milliseconds(500);
  return client.CallRaw(sample.rpc->full_name(), {bytes}, options);
}
Answer Call(const Client& client, const SampleRequest& sample) {
  return Call(client, sample, sample.message->SerializeAsString());
}

class AccessMatrix : public ::testing::TestWithParam<RoleCase> {
 protected:
  void SetUp() override {
    ASSERT_THAT(MakeSmallWorld(operating_), IsOk());
    ASSERT_THAT(MakePlans(operating_), IsOk());
  }

  // A stream that goes on is left by the test: when its time is over, or at its first message.
  static bool Allowed(const Answer& answer, const Rpc& rpc) {
    if (!NeverEnds(rpc)) return answer.status.ok();
    return absl::IsDeadlineExceeded(answer.status) || absl::IsCancelled(answer.status);
  }

  void ExpectOwn(const SampleRequest& sample, const Answer& answer) const {
    const std::string reason = ExpectedReason(GetParam().role, sample.rpc->name());
    if (ScopeIn(GetParam().role, *sample.rpc) == kNo) {
      EXPECT_EQ(ErrorReason(answer.status), "METHOD_NOT_ALLOWED") << answer.status;
    } else if (!reason.empty()) {
      EXPECT_EQ(ErrorReason(answer.status), reason) << answer.status;
    } else {
      EXPECT_TRUE(Allowed(answer, *sample.rpc)) << answer.status;
    }
  }

  // REQUIRES: not every record is the role's own.
  void ExpectOthers(const SampleRequest& sample, const Answer& other, const Answer& none) const {
    const Scope scope = ScopeIn(GetParam().role, *sample.rpc);
    if (scope == kNo) {
      EXPECT_EQ(ErrorReason(other.status), "METHOD_NOT_ALLOWED") << other.status;
      EXPECT_EQ(ErrorReason(none.status), "METHOD_NOT_ALLOWED") << none.status;
      return;
    }
    const bool of_region = absl::StrContains(sample.message->ShortDebugString(), "\"regions/13\"");
    if (absl::StartsWith(sample.rpc->name(), "List") && of_region) {
      EXPECT_THAT(other.status, IsOk());
      EXPECT_EQ(RecordsIn(other, *sample.rpc), 0);
    } else if (sample.rpc->service()->name() == "ReportService") {
      EXPECT_THAT(other.status, IsOk());
      EXPECT_EQ(NumbersIn(other, *sample.rpc), 0);
    } else if (NeverEnds(*sample.rpc)) {
      EXPECT_EQ(other.messages.size(), 0U);
    } else if (sample.rpc->client_streaming()) {
      EXPECT_EQ(other.messages.size(), 1U);  // A receipt that says REJECTED:
      EXPECT_THAT(Receipt(other), ::testing::HasSubstr("REJECTED"));
    } else {
      EXPECT_FALSE(other.status.ok());
      EXPECT_FALSE(none.status.ok());
      const bool by_content = absl::StartsWith(sample.rpc->name(), "Create");
      if (by_content) return;  // Says itself where it belongs; the record need not be there.
      EXPECT_EQ(other.status.code(), none.status.code()) << other.status << " " << none.status;
      EXPECT_EQ(ErrorReason(other.status), ErrorReason(none.status));
    }
  }

  static std::string Receipt(const Answer& answer) {
    v1::ImportCandidatesResponse response;  // All imports' responses are alike.
    if (answer.messages.empty() || !response.ParseFromString(answer.messages[0])) return "";
    return response.ShortDebugString();
  }

  Callers callers_;
  ServerInProcess server_{callers_.Options()};
  const Client operating_ = callers_.Of("leye://operator", server_.address());
};

TEST_P(AccessMatrix, HoldsForEveryRpc) {
  const Client own = callers_.Of(GetParam().own, server_.address());
  const Client other = callers_.Of(GetParam().other, server_.address());
  int rpcs = 0;
  for (const SampleRequest& sample : SampleRequests()) {
    SCOPED_TRACE(sample.rpc->full_name());
    ++rpcs;
    if (ScopeIn(GetParam().role, *sample.rpc) != kAll) {
      ExpectOthers(sample, Call(other, sample), Call(other, sample, AboutNone(sample)));
    } else if (!Mutates(*sample.rpc)) {
      EXPECT_TRUE(Allowed(Call(other, sample), *sample.rpc));
    }
    const Answer answer = Call(own, sample);
    ExpectOwn(sample, answer);
    if (sample.rpc->name() == "GetCoverageReport" && answer.status.ok()) {
      EXPECT_GT(NumbersIn(answer, *sample.rpc), 0);
    }
    if (!answer.status.ok() && !NeverEnds(*sample.rpc)) {
      EXPECT_THAT(Call(operating_, sample).status, IsOk()) << "the world must go on";
    }
  }
  EXPECT_EQ(rpcs, static_cast<int>(AllRpcs().size()));
}

TEST_P(AccessMatrix, ARefusalComesBeforeAnyValidation) {
  const Client own = callers_.Of(GetParam().own, server_.address());
  for (const SampleRequest& sample : SampleRequests()) {
    if (ScopeIn(GetParam().role, *sample.rpc) != kNo) continue;
    SCOPED_TRACE(sample.rpc->full_name());
    EXPECT_EQ(ErrorReason(Call(own, sample, "").status), "METHOD_NOT_ALLOWED");
  }
}

INSTANTIATE_TEST_SUITE_P(All, AccessMatrix, ::testing::ValuesIn(kRoles),
                         [](const auto& test) { return std::string(test.param.name); });

// Nobody gets anything.
TEST(AccessWithoutIdentity, IsNone) {
  const Callers callers;
  ServerInProcess server(callers.Options());
  const std::shared_ptr<grpc::Channel> channel = callers.Connect(server.address());
  const Client nobody(channel);
  const Client stranger(channel, {{"x-api-key", "leye_guessed"}});
  const Client forger(channel, {{"authorization", "Bearer v1.bGV5ZQ.bGV5ZQ"}});
  for (const SampleRequest& sample : SampleRequests()) {
    SCOPED_TRACE(sample.rpc->full_name());
    EXPECT_EQ(ErrorReason(Call(nobody, sample).status), "NO_IDENTITY");
    EXPECT_EQ(ErrorReason(Call(stranger, sample).status), "BAD_API_KEY");
    EXPECT_EQ(ErrorReason(Call(forger, sample).status), "BAD_TOKEN");
  }
}

// Identities belong to calls, never to the connection that they share: only who brings none is whom
// its certificate names.
TEST(ManyCallersOnOneConnection, NobodyIsTakenForAnother) {
  const Callers callers;
  ServerInProcess server(callers.Options());
  ASSERT_THAT(MakeSmallWorld(callers.Of("leye://operator", server.address())), IsOk());
  const auto channel = callers.Connect(server.address(), "leye://operator");
  const struct {
    const char* identity;
    absl::StatusCode employer;
    absl::StatusCode candidate;
  } callers_at_once[] = {
      {"", absl::StatusCode::kOk, absl::StatusCode::kOk},
      {"leye://bureau/130723", absl::StatusCode::kOk, absl::StatusCode::kOk},
      {"leye://bureau/130802", absl::StatusCode::kNotFound, absl::StatusCode::kNotFound},
      {"leye://bureau/44", absl::StatusCode::kPermissionDenied,
       absl::StatusCode::kPermissionDenied},
      {"leye://enterprise/13/garment", absl::StatusCode::kOk, absl::StatusCode::kNotFound},
      {"leye://enterprise/13/other", absl::StatusCode::kNotFound, absl::StatusCode::kNotFound},
      {"leye://app/13/welder", absl::StatusCode::kPermissionDenied, absl::StatusCode::kOk},
      {"leye://app/13/sewer-near", absl::StatusCode::kPermissionDenied,
       absl::StatusCode::kNotFound},
  };
  v1::GetEmployerRequest get_employer;
  get_employer.set_name(NameOf("employers", "garment"));
  v1::GetCandidateRequest get_candidate;
  get_candidate.set_name(NameOf("candidates", "welder"));
  constexpr int kThreads = 4;
  constexpr int kCallsOfThread = 2'500;
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&, thread] {
      std::vector<Client> clients;
      for (const auto& caller : callers_at_once) {
        clients.emplace_back(channel, callers.HeadersOf(caller.identity));
      }
      for (int i = 0; i < kCallsOfThread; ++i) {
        const size_t who = static_cast<size_t>(i * 7 + thread) % clients.size();
        const bool employer = (i + thread) % 2 == 0;
        const absl::StatusCode got = employer
                                         ? clients[who].CallMethodOf(get_employer).status.code()
                                         : clients[who].CallMethodOf(get_candidate).status.code();
        const absl::StatusCode expected =
            employer ? callers_at_once[who].employer : callers_at_once[who].candidate;
        if (got != expected) ++wrong;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace leye::e2e
