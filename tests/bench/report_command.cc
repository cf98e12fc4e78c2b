#include "tests/bench/report_command.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include <fmt/core.h>
#include <grpcpp/client_context.h>
#include <nlohmann/json.hpp>

#include "leye/v1/match.grpc.pb.h"
#include "leye/v1/referral.grpc.pb.h"
#include "leye/v1/report.grpc.pb.h"
#include "tests/bench/grpc_queries.h"
#include "tests/bench/grpc_server.h"
#include "tests/bench/stopwatch.h"
#include "tests/bench/world_import.h"

namespace leye::bench {
namespace {

constexpr char kReportedRegion[] = "regions/13";
constexpr int kMessageItems = 500;

// Refers the best people of postings who have not been referred yet.
class Referrer {
 public:
  explicit Referrer(const std::shared_ptr<grpc::Channel>& channel)
      : matches_(v1::MatchService::NewStub(channel)),
        referrals_(v1::ReferralService::NewStub(channel)) {}

  // False: nobody new was found, or the posting takes nobody.
  bool ReferSomebody(const std::string& posting, bool to_work) {
    v1::RankCandidatesRequest asked;
    asked.set_posting(posting);
    asked.set_page_size(10);
    v1::RankCandidatesResponse ranked;
    grpc::ClientContext context;
    if (!matches_->RankCandidates(&context, asked, &ranked).ok()) return false;
    for (const v1::CandidateMatch& match : ranked.matches()) {
      if (!referred_.insert(match.candidate().name()).second) continue;
      const std::string name = Create(match.candidate().name(), posting);
      if (name.empty()) continue;
      if (to_work) GoToWork(name);
      return true;
    }
    return false;
  }

 private:
  // Empty: refused.
  std::string Create(const std::string& candidate, const std::string& posting) {
    v1::CreateReferralRequest request;
    request.set_parent(kReportedRegion);
    request.mutable_referral()->set_candidate(candidate);
    request.mutable_referral()->set_posting(posting);
    v1::CreateReferralResponse response;
    grpc::ClientContext context;
    referrals_->CreateReferral(&context, request, &response);
    return response.referral().name();
  }

  // As far as the channel's steps are these.
  void GoToWork(const std::string& name) {
    for (const v1::ReferralEvent event :
         {v1::REFERRAL_EVENT_PUSH, v1::REFERRAL_EVENT_ACCEPT, v1::REFERRAL_EVENT_REFER,
          v1::REFERRAL_EVENT_HIRE, v1::REFERRAL_EVENT_ONBOARD}) {
      v1::TransitionReferralRequest request;
      request.set_name(name);
      request.set_event(event);
      v1::TransitionReferralResponse response;
      grpc::ClientContext context;
      if (!referrals_->TransitionReferral(&context, request, &response).ok()) return;
    }
  }

  const std::unique_ptr<v1::MatchService::Stub> matches_;
  const std::unique_ptr<v1::ReferralService::Stub> referrals_;
  absl::flat_hash_set<std::string> referred_;
};

int Refer(const std::shared_ptr<grpc::Channel>& channel, const GrpcWorld& world, int most) {
  Referrer referrer(channel);
  int referred = 0;
  for (const v1::Posting& posting : world.postings) {
    if (referred == most) break;
    if (referrer.ReferSomebody(posting.name(), referred % 2 == 0)) ++referred;
  }
  return referred;
}

struct ReportTime {
  std::string name;
  double median_seconds = 0;
  double worst_seconds = 0;
};

template <typename Request, typename Response>
ReportTime Time(const std::string& name, v1::ReportService::Stub& stub, const Request& request,
                grpc::Status (v1::ReportService::Stub::*method)(grpc::ClientContext*,
                                                                const Request&, Response*),
                int rounds) {
  std::vector<double> seconds;
  for (int i = 0; i < rounds; ++i) {
    Response response;
    grpc::ClientContext context;
    const Clock::time_point start = Clock::now();
    const grpc::Status status = (stub.*method)(&context, request, &response);
    seconds.push_back(SecondsSince(start));
    if (!status.ok()) Fail(name + ": " + status.error_message());
  }
  std::ranges::sort(seconds);
  return {
      .name = name, .median_seconds = seconds[seconds.size() / 2], .worst_seconds = seconds.back()};
}

std::vector<ReportTime> TimeAll(const std::shared_ptr<grpc::Channel>& channel, int rounds) {
  using Stub = v1::ReportService::Stub;
  const std::unique_ptr<Stub> stub = v1::ReportService::NewStub(channel);
  v1::GetCoverageReportRequest coverage;
  coverage.set_parent(kReportedRegion);
  v1::GetOutcomeReportRequest outcome;
  outcome.set_parent(kReportedRegion);
  v1::ListPostingComplianceRequest compliance;
  compliance.set_parent(kReportedRegion);
  compliance.set_page_size(1'000);
  v1::FindTrainingGapsRequest gaps;
  gaps.set_parent(kReportedRegion);
  return {
      Time("GetCoverageReport", *stub, coverage, &Stub::GetCoverageReport, rounds),
      Time("GetOutcomeReport", *stub, outcome, &Stub::GetOutcomeReport, rounds),
      Time("ListPostingCompliance", *stub, compliance, &Stub::ListPostingCompliance, rounds),
      Time("FindTrainingGaps", *stub, gaps, &Stub::FindTrainingGaps, rounds),
  };
}

}  // namespace

int RunReportBench(const ReportBenchOptions& options) {
  const absl::StatusOr<GrpcWorld> world = InventWorld({.people = options.people,
                                                       .areas = options.areas,
                                                       .postings = options.postings,
                                                       .seed = options.seed});
  if (!world.ok()) Fail(world.status().ToString());
  const Folder folder;
  GrpcServer server({"--data-dir=" + folder.path()});
  const WorldImport imported = ImportWorld(server, *world, kMessageItems);
  const std::string wrong =
      WaitUntilVisible(server.Connect(), {.postings = {world->postings.front().name()},
                                          .candidates = {},
                                          .min_revisions = {imported.postings.revision}});
  if (!wrong.empty()) Fail(wrong);
  const int referrals = Refer(server.Connect(), *world, options.referrals);
  const std::vector<ReportTime> times = TimeAll(server.Connect(), options.rounds);
  server.End();
  fmt::print("{} people, {} areas, {} postings, {} referrals\n", options.people, options.areas,
             options.postings, referrals);
  nlohmann::json json = {{"benchmark", "report"}, {"referrals", referrals}};
  for (const ReportTime& time : times) {
    fmt::print("  {:<24} median {:>7.3f} s, worst {:>7.3f} s\n", time.name, time.median_seconds,
               time.worst_seconds);
    json[time.name] = {{"median_s", time.median_seconds}, {"worst_s", time.worst_seconds}};
  }
  if (options.json) fmt::print("{}\n", json.dump());
  return 0;
}

}  // namespace leye::bench
