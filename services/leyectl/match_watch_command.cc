// match watch posting, match watch candidate: who comes to fit and who no longer does.

#include <fstream>
#include <iterator>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include <CLI/CLI.hpp>

#include "leye/v1/match.grpc.pb.h"
#include "services/leyectl/commands.h"
#include "services/leyectl/json.h"
#include "services/leyectl/match_text.h"
#include "services/leyectl/resource.h"
#include "services/leyectl/subcommand.h"
#include "services/leyectl/table.h"
#include "services/leyectl/words.h"

namespace leye::ctl {
namespace {

struct MatchWatchFlags {
  std::string subject;
  double min_score = 0;
  std::string state_file;
  int count = 0;
};

// What a client keeps to go on where it was: the request that it would send next.
class MatchList {
 public:
  explicit MatchList(v1::WatchMatchesRequest start) : request_(std::move(start)) {
    names_.insert(request_.known().begin(), request_.known().end());
  }

  // True when `event` makes the list right.
  bool Take(const v1::WatchMatchesResponse& event) {
    if (event.change() == v1::MATCH_CHANGE_ADDED) names_.insert(event.name());
    if (event.change() == v1::MATCH_CHANGE_REMOVED) names_.erase(event.name());
    if (!event.last()) return false;
    *request_.mutable_known() = {names_.begin(), names_.end()};
    *request_.mutable_options()->mutable_min_revisions() = event.basis().revisions();
    return true;
  }

  // Until Take has said so again, as of when it last did.
  const v1::WatchMatchesRequest& request() const { return request_; }

 private:
  v1::WatchMatchesRequest request_;
  std::set<std::string> names_;
};

// What the file says of an earlier watch goes into `request`. False when it says nothing usable.
bool ReadState(const std::string& path, v1::WatchMatchesRequest& request) {
  std::ifstream file(path);
  if (!file) return true;  // The first time.
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  v1::WatchMatchesRequest kept;
  if (!FromJson(text, &kept).ok()) return false;
  if (kept.posting() != request.posting() || kept.candidate() != request.candidate()) return false;
  request.mutable_known()->Swap(kept.mutable_known());
  *request.mutable_options()->mutable_min_revisions() = kept.options().min_revisions();
  return true;
}

void PrintMatch(const Session& session, const v1::WatchMatchesResponse& event) {
  if (session.settings.json) {
    session.PrintJson(event);
    return;
  }
  if (event.change() == v1::MATCH_CHANGE_NONE) return;
  session.out << WordOf(event.change(), session.settings.language) << "  "
              << ShortName(event.name(), session.settings.region);
  const v1::Scores& scores =
      event.has_posting_match() ? event.posting_match().scores() : event.candidate_match().scores();
  if (event.change() == v1::MATCH_CHANGE_ADDED) {
    session.out << "  "
                << Percent(event.has_posting_match() ? scores.reverse_micros()
                                                     : scores.forward_micros());
  }
  if (event.has_posting_match()) {
    session.out << "  " << event.posting_match().posting().title() << "  "
                << DistanceText(event.posting_match().travel());
  } else if (event.has_candidate_match()) {
    session.out << "  " << DistanceText(event.candidate_match().travel());
  }
  session.out << "\n" << std::flush;
}

ExitCode WatchSubject(Session& session, const MatchWatchFlags& flags,
                      v1::WatchMatchesRequest request) {
  request.set_min_score_micros(static_cast<int>(flags.min_score * 1e6 + 0.5));
  request.mutable_options()->set_language_code(LanguageTag(session.settings.language));
  if (!flags.state_file.empty() && !ReadState(flags.state_file, request)) {
    return session.Fail(
        ExitCode::kUsage,
        absl::StrCat(flags.state_file, session.Say(" is of another watch", " 属于另一个订阅")));
  }
  MatchList list(request);
  const auto context = session.NewStreamContext();
  const auto stub = v1::MatchService::NewStub(session.channel());
  const auto reader = stub->WatchMatches(context.get(), request);
  v1::WatchMatchesResponse event;
  for (int seen = 0; reader->Read(&event);) {
    PrintMatch(session, event);
    if (list.Take(event) && !flags.state_file.empty()) {
      std::ofstream(flags.state_file) << ToJson(list.request()) << "\n";
    }
    if (++seen == flags.count) {
      context->TryCancel();
      (void)reader->Finish();  // CANCELLED, by ourselves.
      return ExitCode::kOk;
    }
  }
  const grpc::Status status = reader->Finish();
  return status.ok() ? ExitCode::kOk : session.Fail(status);
}

ExitCode WatchOfPosting(Session& session, const MatchWatchFlags& flags) {
  v1::WatchMatchesRequest request;
  request.set_posting(FullName(flags.subject, "postings", session.settings.region));
  return WatchSubject(session, flags, std::move(request));
}

ExitCode WatchOfCandidate(Session& session, const MatchWatchFlags& flags) {
  v1::WatchMatchesRequest request;
  request.set_candidate(FullName(flags.subject, "candidates", session.settings.region));
  return WatchSubject(session, flags, std::move(request));
}

void AddMatchWatchOptions(CLI::App& command, const Session& session,
                          const std::shared_ptr<MatchWatchFlags>& flags) {
  command.add_option("NAME", flags->subject, std::string(session.Say("Whose matches", "对象名称")))
      ->required();
  command
      .add_option("--min-score", flags->min_score,
                  std::string(session.Say("Least score, 0 to 1", "最低得分，0 至 1")))
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  command.add_option("--state", flags->state_file,
                     std::string(session.Say("Keep the list in this file, and go on from it",
                                             "将名单存入该文件，下次由此继续")));
  command.add_option("--count", flags->count,
                     std::string(session.Say("Leave after so many changes", "收到若干条后退出")));
}

}  // namespace

void AddMatchWatchCommands(CLI::App& app, Invocation& invocation) {
  const Session& session = invocation.session;
  CLI::App* match = app.add_subcommand(
      "match", std::string(session.Say("Matches as they come and go", "持续关注匹配")));
  match->require_subcommand(1);
  CLI::App* watch = match->add_subcommand(
      "watch", std::string(session.Say("Prints matches that come and go, until interrupted",
                                       "持续输出新增与消失的匹配，直到中断")));
  watch->require_subcommand(1);
  auto flags = std::make_shared<MatchWatchFlags>();
  AddMatchWatchOptions(AddSubcommand(*watch, invocation, "posting",
                                     session.Say("People who fit a posting", "适合某岗位的人"),
                                     flags, WatchOfPosting),
                       session, flags);
  AddMatchWatchOptions(AddSubcommand(*watch, invocation, "candidate",
                                     session.Say("Postings that fit a person", "适合某人的岗位"),
                                     flags, WatchOfCandidate),
                       session, flags);
}

}  // namespace leye::ctl
