#include "tests/bench/grpc_queries.h"

#include <chrono>
#include <cstdlib>
#include <functional>
#include <thread>

#include "grpc/health/v1/health.grpc.pb.h"
#include <fmt/core.h>
#include <grpcpp/client_context.h>

#include "leye/v1/candidate.grpc.pb.h"
#include "leye/v1/match.grpc.pb.h"
#include "leye/v1/skill.grpc.pb.h"
#include "tests/bench/report.h"
#include "tests/bench/stopwatch.h"

namespace leye::bench {
namespace {

constexpr int kPageSize = 10;
constexpr size_t kStride = 7'919;  // A prime: successive queries lie far from each other.

void Check(const grpc::Status& status) {
  if (status.ok()) return;
  fmt::print(stderr, "leye_bench: a call failed: {}\n", status.error_message());
  std::exit(1);
}

double Milliseconds(Clock::time_point began) {
  return std::chrono::duration<double, std::milli>(Clock::now() - began).count();
}

Percentiles PercentilesOf(const std::vector<double>& milliseconds) {
  return {Percentile(milliseconds, 0.50), Percentile(milliseconds, 0.95),
          Percentile(milliseconds, 0.99)};
}

const std::string& At(const std::vector<std::string>& names, size_t i) {
  return names[i * kStride % names.size()];
}

// The stubs and the calls that are measured; each answers its milliseconds.
class Asker {
 public:
  explicit Asker(const std::shared_ptr<grpc::Channel>& channel)
      : health_(grpc::health::v1::Health::NewStub(channel)),
        skills_(v1::SkillService::NewStub(channel)),
        matches_(v1::MatchService::NewStub(channel)) {}

  double Health() {
    return Timed([this](grpc::ClientContext& context) {
      grpc::health::v1::HealthCheckResponse response;
      return health_->Check(&context, {}, &response);
    });
  }

  double GetSkill() {
    v1::GetSkillRequest request;
    request.set_name("skills/welding-arc");
    return Timed([&](grpc::ClientContext& context) {
      v1::GetSkillResponse response;
      return skills_->GetSkill(&context, request, &response);
    });
  }

  double Rank(const std::string& posting, v1::MatchView view) {
    v1::RankCandidatesRequest request;
    request.set_posting(posting);
    request.set_page_size(kPageSize);
    request.mutable_options()->set_view(view);
    return Timed([&](grpc::ClientContext& context) {
      v1::RankCandidatesResponse response;
      const grpc::Status status = matches_->RankCandidates(&context, request, &response);
      last_matches_ = response.matches_size();
      return status;
    });
  }

  // A state of the region that holds `revision`.
  double RankAt(const std::string& posting, const std::string& revision) {
    v1::RankCandidatesRequest request;
    request.set_posting(posting);
    request.set_page_size(1);
    request.mutable_options()->set_view(v1::MATCH_VIEW_BASIC);
    request.mutable_options()->add_min_revisions(revision);
    return Timed([&](grpc::ClientContext& context) {
      v1::RankCandidatesResponse response;
      return matches_->RankCandidates(&context, request, &response);
    });
  }

  double Recommend(const std::string& candidate) {
    v1::RecommendPostingsRequest request;
    request.set_candidate(candidate);
    request.set_page_size(kPageSize);
    return Timed([&](grpc::ClientContext& context) {
      v1::RecommendPostingsResponse response;
      return matches_->RecommendPostings(&context, request, &response);
    });
  }

  int last_matches() const { return last_matches_; }

 private:
  static double Timed(const std::function<grpc::Status(grpc::ClientContext&)>& call) {
    grpc::ClientContext context;
    const Clock::time_point began = Clock::now();
    const grpc::Status status = call(context);
    const double milliseconds = Milliseconds(began);
    Check(status);
    return milliseconds;
  }

  std::unique_ptr<grpc::health::v1::Health::Stub> health_;
  std::unique_ptr<v1::SkillService::Stub> skills_;
  std::unique_ptr<v1::MatchService::Stub> matches_;
  int last_matches_ = 0;
};

// Changes a person; the revision that holds it.
std::string Change(v1::CandidateService::Stub& candidates, const std::string& name, int months) {
  v1::UpdateCandidateRequest request;
  request.mutable_candidate()->set_name(name);
  request.mutable_candidate()->set_experience_months(months);
  request.mutable_update_mask()->add_paths("experience_months");
  grpc::ClientContext context;
  v1::UpdateCandidateResponse response;
  Check(candidates.UpdateCandidate(&context, request, &response));
  return response.revision();
}

void AskUntil(Asker& asker, const Subjects& subjects, size_t first, Clock::time_point end,
              std::vector<double>& milliseconds) {
  for (size_t i = first; Clock::now() < end; ++i) {
    milliseconds.push_back(asker.Rank(At(subjects.postings, i), v1::MATCH_VIEW_FULL));
  }
}

}  // namespace

std::string WaitUntilVisible(const std::shared_ptr<grpc::Channel>& channel,
                             const Subjects& subjects) {
  v1::RankCandidatesRequest request;
  request.set_posting(subjects.postings.front());
  for (const std::string& revision : subjects.min_revisions) {
    request.mutable_options()->add_min_revisions(revision);
  }
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::minutes(2));
  v1::RankCandidatesResponse response;
  return v1::MatchService::NewStub(channel)
      ->RankCandidates(&context, request, &response)
      .error_message();
}

LatencyResult MeasureLatency(const std::shared_ptr<grpc::Channel>& channel,
                             const Subjects& subjects, int queries) {
  Asker asker(channel);
  for (int i = 0; i < queries / 10; ++i) {  // Not measured: connections, caches, branches.
    asker.Rank(At(subjects.postings, static_cast<size_t>(i)), v1::MATCH_VIEW_FULL);
  }
  std::vector<double> health, get_skill, rank, rank_basic, recommend;
  double matches = 0;
  for (size_t i = 0; i < static_cast<size_t>(queries); ++i) {
    health.push_back(asker.Health());
    rank.push_back(asker.Rank(At(subjects.postings, i), v1::MATCH_VIEW_FULL));
    matches += asker.last_matches();
    get_skill.push_back(asker.GetSkill());
    rank_basic.push_back(asker.Rank(At(subjects.postings, i), v1::MATCH_VIEW_BASIC));
    recommend.push_back(asker.Recommend(At(subjects.candidates, i)));
  }
  return {PercentilesOf(health),     PercentilesOf(get_skill), PercentilesOf(rank),
          PercentilesOf(rank_basic), PercentilesOf(recommend), matches / queries};
}

Percentiles MeasurePropagation(const std::shared_ptr<grpc::Channel>& writer,
                               const std::shared_ptr<grpc::Channel>& reader,
                               const Subjects& subjects, int changes) {
  constexpr int kMostMonths = 800;
  const auto candidates = v1::CandidateService::NewStub(writer);
  Asker asker(reader);
  std::vector<double> milliseconds;
  for (int i = 0; i < changes; ++i) {
    const auto n = static_cast<size_t>(i);
    const std::string revision = Change(*candidates, At(subjects.candidates, n), i % kMostMonths);
    milliseconds.push_back(asker.RankAt(At(subjects.postings, n), revision));
  }
  return PercentilesOf(milliseconds);
}

ThroughputResult MeasureThroughput(const std::vector<std::shared_ptr<grpc::Channel>>& clients,
                                   const Subjects& subjects, int seconds) {
  std::vector<std::vector<double>> milliseconds(clients.size());
  std::vector<std::thread> threads;
  const Clock::time_point began = Clock::now();
  const Clock::time_point end = began + std::chrono::seconds(seconds);
  for (size_t number = 0; number < clients.size(); ++number) {
    threads.emplace_back([&, number] {
      Asker asker(clients[number]);
      AskUntil(asker, subjects, number * 1'000'003, end, milliseconds[number]);
    });
  }
  for (std::thread& thread : threads) thread.join();
  const double elapsed = Milliseconds(began) / 1'000;
  std::vector<double> all;
  for (const auto& part : milliseconds) all.insert(all.end(), part.begin(), part.end());
  return {static_cast<double>(all.size()) / elapsed, PercentilesOf(all)};
}

}  // namespace leye::bench
