// review: queue, approve, reject, lint. What keeps postings from being published, and the bureau's
// decisions about it.

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include <CLI/App.hpp>

#include "leye/v1/posting.pb.h"
#include "services/leyectl/commands.h"
#include "services/leyectl/importer.h"
#include "services/leyectl/resource.h"
#include "services/leyectl/subcommand.h"
#include "services/leyectl/words.h"

namespace leye::ctl {
namespace {

struct ReviewFlags {
  std::vector<std::string> names;
  std::vector<std::string> files;
  std::vector<std::string> accepted;
  std::string reason;
  std::string note;
  std::string etag;
  std::string filter;
  std::string code;
  std::string page_token;
  std::string request_id;
  int page_size = 50;
  bool all = false;
  bool validate_only = false;
};

constexpr absl::string_view kQueueColumns[] = {
    "name", "title", "place.division_code", "publication", "publication_time", "employer"};

// "bait" or "LINT_CODE_BAIT" as `LINT_CODE_BAIT`.
std::string FullWord(absl::string_view prefix, const std::string& word) {
  const std::string upper = absl::AsciiStrToUpper(word);
  return absl::StartsWith(upper, prefix) ? upper : absl::StrCat(prefix, upper);
}

void PrintFindings(Session& session, const v1::Posting& posting) {
  for (const v1::LintFinding& finding : posting.findings()) {
    session.out << "  " << IdOf(posting.name()) << ": " << FindingText(finding, session) << "\n";
  }
}

ExitCode Queue(Session& session, const ReviewFlags& flags) {
  v1::ListPostingReviewsRequest request;
  request.set_parent(RegionName(session.settings.region));
  std::string filter = flags.filter;
  if (!flags.code.empty()) {
    absl::StrAppend(&filter, filter.empty() ? "" : " AND ",
                    "findings.code : ", FullWord("LINT_CODE_", flags.code));
  }
  request.set_filter(filter);
  request.set_page_size(flags.page_size);
  request.set_page_token(flags.page_token);
  do {
    v1::ListPostingReviewsResponse response;
    const grpc::Status status =
        session.Call(Rpc("PostingService.ListPostingReviews"), request, &response);
    if (!status.ok()) return session.Fail(status);
    session.PrintList(response, kQueueColumns);
    if (!session.settings.json) {
      for (const v1::Posting& posting : response.postings()) PrintFindings(session, posting);
    }
    request.set_page_token(response.next_page_token());
  } while (flags.all && !request.page_token().empty());
  if (!request.page_token().empty()) {
    session.err << session.Say("more: --all, or --page-token ", "还有更多：--all，或 --page-token ")
                << request.page_token() << "\n";
  }
  return ExitCode::kOk;
}

// All decisions in one step. `verdict` holds what they have in common.
ExitCode Decide(Session& session, const ReviewFlags& flags, const v1::PostingVerdict& verdict) {
  if (flags.names.size() > 1 && !flags.etag.empty()) {
    return session.Fail(ExitCode::kUsage,
                        session.Say("--etag goes with one posting", "--etag 仅用于单个岗位"));
  }
  v1::BatchReviewPostingsRequest request;
  request.set_parent(RegionName(session.settings.region));
  request.set_request_id(flags.request_id);
  request.set_validate_only(flags.validate_only);
  for (const std::string& name : flags.names) {
    v1::PostingVerdict& one = *request.add_verdicts();
    one = verdict;
    one.set_name(FullName(name, "postings", session.settings.region));
    one.set_etag(flags.etag);
    one.set_note(flags.note);
  }
  return session.CallAndPrint(Rpc("PostingService.BatchReviewPostings"), request);
}

ExitCode Approve(Session& session, const ReviewFlags& flags) {
  v1::PostingVerdict verdict;
  verdict.set_verdict(v1::REVIEW_VERDICT_APPROVED);
  for (const std::string& word : flags.accepted) {
    v1::LintCode code = v1::LINT_CODE_UNSPECIFIED;
    if (!v1::LintCode_Parse(FullWord("LINT_CODE_", word), &code)) {
      return session.Fail(ExitCode::kUsage,
                          absl::StrCat(session.Say("no such finding: ", "没有这种提示："), word));
    }
    verdict.add_accepted_codes(code);
  }
  return Decide(session, flags, verdict);
}

ExitCode Reject(Session& session, const ReviewFlags& flags) {
  v1::PostingVerdict verdict;
  verdict.set_verdict(v1::REVIEW_VERDICT_REJECTED);
  v1::RejectionReason reason = v1::REJECTION_REASON_UNSPECIFIED;
  if (!v1::RejectionReason_Parse(FullWord("REJECTION_REASON_", flags.reason), &reason)) {
    return session.Fail(
        ExitCode::kUsage,
        absl::StrCat(session.Say("no such reason: ", "没有这种原因："), flags.reason));
  }
  verdict.set_reason(reason);
  return Decide(session, flags, verdict);
}

ExitCode Lint(Session& session, const ReviewFlags& flags) {
  RecordFiles source(flags.files, RecordFormat::kByName);
  ImportReport report(session);
  report.TellFlags();
  return ImportInto(session, *FindKind("postings"), source, {.validate_only = true}, report);
}

void AddQueue(CLI::App& group, Invocation& invocation) {
  const Session& session = invocation.session;
  auto flags = std::make_shared<ReviewFlags>();
  CLI::App& sub = AddSubcommand(group, invocation, "queue",
                                session.Say("Postings that wait for a bureau, the longest first",
                                            "待审查的岗位，等候最久者在前"),
                                flags, Queue);
  sub.add_option(
      "--code", flags->code,
      std::string(session.Say("Only with this finding, such as bait", "仅含该提示者，例如 bait")));
  sub.add_option("--filter", flags->filter,
                 std::string(session.Say("Such as 'publication_time < \"2026-11-01\"'",
                                         "例如 'publication_time < \"2026-11-01\"'")));
  sub.add_option("--page-size", flags->page_size,
                 std::string(session.Say("Most of one page", "每页至多几条")))
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  sub.add_option("--page-token", flags->page_token,
                 std::string(session.Say("Go on where a page ended", "接着上一页")));
  sub.add_flag("--all", flags->all, std::string(session.Say("All pages", "全部各页")));
}

void AddDecisionOptions(CLI::App& sub, const Session& session, ReviewFlags& flags) {
  sub.add_option("NAMES", flags.names,
                 std::string(session.Say("Postings, all in one step", "岗位，一次提交")))
      ->required();
  sub.add_option("--note", flags.note,
                 std::string(session.Say("To whoever posted it", "给发布单位的说明")));
  sub.add_option("--etag", flags.etag,
                 std::string(session.Say("Only if it is unchanged since", "仅当未被改动时")));
  sub.add_option("--request-id", flags.request_id,
                 std::string(session.Say("Makes a retry safe", "使重试安全")));
  sub.add_flag("--validate-only", flags.validate_only,
               std::string(session.Say("Check, change nothing", "只检查，不改动")));
}

void AddDecisions(CLI::App& group, Invocation& invocation) {
  const Session& session = invocation.session;
  auto approval = std::make_shared<ReviewFlags>();
  CLI::App& approve =
      AddSubcommand(group, invocation, "approve",
                    session.Say("Publishes postings with what was found", "确认提示并发布岗位"),
                    approval, Approve);
  AddDecisionOptions(approve, session, *approval);
  approve
      .add_option("--accept", approval->accepted,
                  std::string(session.Say("The findings that are accepted, such as bait",
                                          "所接受的提示，例如 bait")))
      ->delimiter(',');
  auto rejection = std::make_shared<ReviewFlags>();
  CLI::App& reject =
      AddSubcommand(group, invocation, "reject", session.Say("Keeps postings back", "退回岗位"),
                    rejection, Reject);
  AddDecisionOptions(reject, session, *rejection);
  reject
      .add_option("--reason", rejection->reason,
                  "untrue, discriminating, charges_people, underpaid, duplicate, employer, "
                  "programme, other")
      ->required();
}

void AddLint(CLI::App& group, Invocation& invocation) {
  const Session& session = invocation.session;
  auto flags = std::make_shared<ReviewFlags>();
  CLI::App& sub =
      AddSubcommand(group, invocation, "lint",
                    session.Say("What would be found in files of postings; imports nothing",
                                "检查岗位文件中的问题，不导入"),
                    flags, Lint);
  sub.add_option("FILES", flags->files,
                 std::string(session.Say("Records of postings: .jsonl or .binpb",
                                         "岗位记录文件：.jsonl 或 .binpb")))
      ->required();
}

}  // namespace

void AddReviewCommands(CLI::App& app, Invocation& invocation) {
  CLI::App* group = app.add_subcommand(
      "review",
      std::string(invocation.session.Say("Postings that a bureau must look at before people see "
                                         "them: the queue, approve, reject, lint a file",
                                         "岗位发布前审查：队列、通过、退回、检查文件")));
  group->require_subcommand(1);
  AddQueue(*group, invocation);
  AddDecisions(*group, invocation);
  AddLint(*group, invocation);
}

}  // namespace leye::ctl
