// rank, recommend, explain, score: the main job.

#include <functional>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include <CLI/App.hpp>

#include "leye/v1/match.grpc.pb.h"
#include "services/leyectl/commands.h"
#include "services/leyectl/match_text.h"
#include "services/leyectl/resource.h"

namespace leye::ctl {
namespace {

struct MatchFlags {
  std::string candidate;
  std::string posting;
  std::vector<std::string> pairs;
  int limit = 10;
  std::string side;
  bool exact_funnel = false;
  bool congestion = false;
  std::vector<std::string> min_revisions;
};

v1::MatchOptions Options(const Session& session, const MatchFlags& flags) {
  v1::MatchOptions options;
  if (flags.side == "forward") options.set_side(v1::SCORE_SIDE_FORWARD);
  if (flags.side == "reverse") options.set_side(v1::SCORE_SIDE_REVERSE);
  if (flags.side == "mutual") options.set_side(v1::SCORE_SIDE_MUTUAL);
  options.set_funnel(flags.exact_funnel ? v1::FUNNEL_MODE_EXACT : v1::FUNNEL_MODE_BOUNDED);
  options.set_language_code(LanguageTag(session.settings.language));
  for (const std::string& revision : flags.min_revisions) options.add_min_revisions(revision);
  return options;
}

v1::CongestionMode CongestionAsked(const MatchFlags& flags) {
  return flags.congestion ? v1::CONGESTION_MODE_DISCOUNTED : v1::CONGESTION_MODE_IGNORED;
}

std::string CandidateName(const Session& session, const std::string& name) {
  return FullName(name, "candidates", session.settings.region);
}

std::string PostingName(const Session& session, const std::string& name) {
  return FullName(name, "postings", session.settings.region);
}

// Prints the answer in the form that was asked for, or the error.
template <typename Response>
ExitCode Finish(Session& session, const grpc::Status& status, const Response& response) {
  if (!status.ok()) return session.Fail(status);
  if (session.settings.json) {
    session.PrintJson(response);
  } else {
    session.out << MatchText(response, session.settings) << std::flush;
  }
  return ExitCode::kOk;
}

ExitCode Rank(Session& session, const MatchFlags& flags) {
  v1::RankCandidatesRequest request;
  request.set_posting(PostingName(session, flags.posting));
  request.set_page_size(flags.limit);
  *request.mutable_options() = Options(session, flags);
  request.set_congestion(CongestionAsked(flags));
  v1::RankCandidatesResponse response;
  const auto context = session.NewContext();
  const grpc::Status status = v1::MatchService::NewStub(session.channel())
                                  ->RankCandidates(context.get(), request, &response);
  return Finish(session, status, response);
}

ExitCode Recommend(Session& session, const MatchFlags& flags) {
  v1::RecommendPostingsRequest request;
  request.set_candidate(CandidateName(session, flags.candidate));
  request.set_page_size(flags.limit);
  *request.mutable_options() = Options(session, flags);
  v1::RecommendPostingsResponse response;
  const auto context = session.NewContext();
  const grpc::Status status = v1::MatchService::NewStub(session.channel())
                                  ->RecommendPostings(context.get(), request, &response);
  return Finish(session, status, response);
}

ExitCode Explain(Session& session, const MatchFlags& flags) {
  v1::ExplainMatchRequest request;
  request.mutable_pair()->set_candidate(CandidateName(session, flags.candidate));
  request.mutable_pair()->set_posting(PostingName(session, flags.posting));
  *request.mutable_options() = Options(session, flags);
  request.set_congestion(CongestionAsked(flags));
  v1::ExplainMatchResponse response;
  const auto context = session.NewContext();
  const grpc::Status status =
      v1::MatchService::NewStub(session.channel())->ExplainMatch(context.get(), request, &response);
  return Finish(session, status, response);
}

// Adds `CANDIDATE,POSTING`; false when it is not of that form.
bool AddPair(const Session& session, const std::string& text, v1::ScorePairsRequest& request) {
  const std::vector<std::string> parts =
      absl::StrSplit(text, absl::ByAnyChar(", \t"), absl::SkipEmpty());
  if (parts.size() != 2) return false;
  v1::Pair* pair = request.add_pairs();
  pair->set_candidate(CandidateName(session, parts[0]));
  pair->set_posting(PostingName(session, parts[1]));
  return true;
}

std::vector<std::string> PairsGiven(const MatchFlags& flags) {
  if (flags.pairs != std::vector<std::string>{"-"}) return flags.pairs;
  std::vector<std::string> lines;
  for (std::string line; std::getline(std::cin, line);) {
    if (!line.empty()) lines.push_back(line);
  }
  return lines;
}

ExitCode Score(Session& session, const MatchFlags& flags) {
  v1::ScorePairsRequest request;
  for (const std::string& text : PairsGiven(flags)) {
    if (AddPair(session, text, request)) continue;
    return session.Fail(ExitCode::kUsage,
                        absl::StrCat(session.Say("a pair is CANDIDATE,POSTING, not ",
                                                 "一对应写作 求职者,岗位，而不是 "),
                                     text));
  }
  *request.mutable_options() = Options(session, flags);
  v1::ScorePairsResponse response;
  const auto context = session.NewContext();
  const grpc::Status status =
      v1::MatchService::NewStub(session.channel())->ScorePairs(context.get(), request, &response);
  return Finish(session, status, response);
}

using Command = ExitCode (*)(Session&, const MatchFlags&);

// A command with the options that all four share.
CLI::App* AddCommand(CLI::App& app, Invocation& invocation, const std::string& name,
                     absl::string_view help, const std::shared_ptr<MatchFlags>& flags,
                     Command command) {
  CLI::App* sub = app.add_subcommand(name, std::string(help));
  sub->add_option("--side", flags->side,
                  std::string(invocation.session.Say("Whose weights order the answer",
                                                     "以哪一侧的权重排序")))
      ->check(CLI::IsMember({"forward", "reverse", "mutual"}));
  sub->add_option("--min-revision", flags->min_revisions,
                  std::string(invocation.session.Say("Wait for this revision of a write",
                                                     "等待某次写入的修订号生效")));
  sub->callback([&invocation, flags, command] {
    invocation.exit_code = command(invocation.session, *flags);
  });
  return sub;
}

void AddListOptions(CLI::App* sub, const Session& session,
                    const std::shared_ptr<MatchFlags>& flags) {
  sub->add_option("-n,--limit", flags->limit,
                  std::string(session.Say("How many to show", "显示多少条")))
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  sub->add_flag("--exact-funnel", flags->exact_funnel,
                std::string(session.Say("Count exactly whom each rule turned away (slower)",
                                        "精确统计每条规则排除的人数（较慢）")));
}

void AddCongestionFlag(CLI::App* sub, const Session& session,
                       const std::shared_ptr<MatchFlags>& flags) {
  sub->add_flag("--congestion", flags->congestion,
                std::string(session.Say("Who was shown for many other postings comes later",
                                        "已向许多其他岗位展示的人适当后移")));
}

}  // namespace

void AddMatchCommands(CLI::App& app, Invocation& invocation) {
  const Session& session = invocation.session;
  auto flags = std::make_shared<MatchFlags>();
  CLI::App* rank =
      AddCommand(app, invocation, "rank",
                 session.Say("The best people for a posting", "为岗位找最合适的人"), flags, Rank);
  rank->add_option("POSTING", flags->posting,
                   std::string(session.Say("Such as job-0001", "例如 job-0001")))
      ->required();
  AddListOptions(rank, session, flags);
  AddCongestionFlag(rank, session, flags);

  CLI::App* recommend = AddCommand(
      app, invocation, "recommend",
      session.Say("The best postings for a person", "为求职者找最合适的岗位"), flags, Recommend);
  recommend
      ->add_option("CANDIDATE", flags->candidate,
                   std::string(session.Say("Such as c000160", "例如 c000160")))
      ->required();
  AddListOptions(recommend, session, flags);

  CLI::App* explain = AddCommand(
      app, invocation, "explain",
      session.Say("Why a pair fits, or what turns it away", "说明一对为何合适、为何不合适"), flags,
      Explain);
  explain
      ->add_option("CANDIDATE", flags->candidate,
                   std::string(session.Say("Such as c000160", "例如 c000160")))
      ->required();
  explain
      ->add_option("POSTING", flags->posting,
                   std::string(session.Say("Such as job-0001", "例如 job-0001")))
      ->required();

  AddCongestionFlag(explain, session, flags);

  CLI::App* score =
      AddCommand(app, invocation, "score",
                 session.Say("Scores of given pairs CANDIDATE,POSTING; - reads them from lines",
                             "给出若干对（求职者,岗位）的得分；- 表示逐行读入"),
                 flags, Score);
  score
      ->add_option("PAIR", flags->pairs,
                   std::string(session.Say("Such as c000160,job-0001", "例如 c000160,job-0001")))
      ->required();
}

}  // namespace leye::ctl
