// audit: what a server has written down; is a local file as it was written?

#include <algorithm>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include <CLI/App.hpp>

#include "leye/v1/audit.pb.h"
#include "services/access/audit.h"
#include "services/base/status.h"
#include "services/leyectl/commands.h"
#include "services/leyectl/resource.h"
#include "services/leyectl/subcommand.h"

namespace leye::ctl {
namespace {

struct AuditFlags {
  std::string file;
  std::string head;  // "<number>:<hash>"
  std::string record;
  std::string principal;
  std::string rpc;
  std::string from;
  std::string until;
  std::string page_token;
  int page_size = 50;
};

constexpr absl::string_view kAuditColumns[] = {"sequence", "time",    "principal", "rpc",
                                               "purpose",  "outcome", "records"};

absl::StatusOr<access::AuditHead> ParseHead(const std::string& text) {
  access::AuditHead head;
  if (text.empty()) return head;
  const std::vector<std::string> parts = absl::StrSplit(text, ':');
  if (parts.size() != 2 || !absl::SimpleAtoi(parts[0], &head.number)) {
    return Error(absl::StatusCode::kInvalidArgument, "USAGE",
                 "--head: number:hash, as the log of leyed tells it");
  }
  head.hash = parts[1];
  return head;
}

absl::StatusOr<access::AuditHead> Verify(const AuditFlags& flags) {
  LEYE_ASSIGN_OR_RETURN(const access::AuditHead head, ParseHead(flags.head));
  std::ifstream file(flags.file, std::ios::binary);
  if (!file) {
    return Error(absl::StatusCode::kNotFound, "FILE_ERROR",
                 absl::StrCat("cannot read ", flags.file));
  }
  return access::VerifyAudit(file, head);
}

ExitCode RunVerify(Session& session, const AuditFlags& flags) {
  const absl::StatusOr<access::AuditHead> head = Verify(flags);
  if (!head.ok()) {
    const bool usage = absl::IsInvalidArgument(head.status());
    return session.Fail(usage ? ExitCode::kUsage : ExitCode::kFile, head.status().message());
  }
  session.out << session.Say("sound", "完好") << " " << head->number << ":" << head->hash << "\n"
              << std::flush;
  return ExitCode::kOk;
}

// As callers may shorten it everywhere: "13/candidates/li", "candidates/li".
std::string RecordNamed(const std::string& name, const Session& session) {
  const ResourceKind* kind = KindOfName(name);
  return kind == nullptr ? name : FullName(name, kind->collection, session.settings.region);
}

ExitCode ListEntries(Session& session, const AuditFlags& flags) {
  v1::ListAuditEntriesRequest request;
  request.set_record(RecordNamed(flags.record, session));
  request.set_principal(flags.principal);
  request.set_rpc(flags.rpc);
  request.set_from_date(flags.from);
  request.set_until_date(flags.until);
  request.set_page_size(flags.page_size);
  request.set_page_token(flags.page_token);
  v1::ListAuditEntriesResponse response;
  const grpc::Status status =
      session.Call(Rpc("AuditService.ListAuditEntries"), request, &response);
  if (!status.ok()) return session.Fail(status);
  session.PrintList(response, kAuditColumns);
  session.TellMore(response.next_page_token());
  session.err << session.Say("head ", "末行 ") << response.head_sequence() << ":"
              << response.head_hash() << "\n"
              << std::flush;
  return ExitCode::kOk;
}

void AddAuditVerify(CLI::App& group, Invocation& invocation) {
  const Session& session = invocation.session;
  auto flags = std::make_shared<AuditFlags>();
  CLI::App& sub =
      AddSubcommand(group, invocation, "verify",
                    session.Say("Finds removed, changed and moved lines of a local file",
                                "检查本地审计文件有无删改、调换"),
                    flags, RunVerify);
  sub.add_option("file", flags->file, "leyed --audit-file")->required();
  sub.add_option(
      "--head", flags->head,
      std::string(session.Say("number:hash of a line that must be in it, as the log or "
                              "audit list told: finds an end that was cut off",
                              "日志或 audit list 给出的 序号:哈希，用于发现被截去的末尾")));
}

void AddAuditList(CLI::App& group, Invocation& invocation) {
  const Session& session = invocation.session;
  auto flags = std::make_shared<AuditFlags>();
  CLI::App& sub = AddSubcommand(
      group, invocation, "list",
      session.Say("Who saw or changed what, from the server's audit, the oldest first",
                  "查询服务器的审计记录，由旧到新"),
      flags, ListEntries);
  const auto option = [&sub, &session](const char* name, std::string& value,
                                       absl::string_view english, absl::string_view chinese) {
    sub.add_option(name, value, std::string(session.Say(english, chinese)));
  };
  option("--record", flags->record, "Calls that named this record, such as candidates/li",
         "涉及此记录，如 candidates/li");
  option("--principal", flags->principal, "Calls by it: bureau/1307, or bureau for all of them",
         "调用者，如 bureau/1307；bureau 表示全部机构");
  option("--rpc", flags->rpc, "Calls of it: CandidateService/GetCandidate",
         "接口，如 CandidateService/GetCandidate");
  option("--from", flags->from, "First day, such as 2026-12-01", "起始日期，如 2026-12-01");
  option("--until", flags->until, "Last day", "截止日期");
  sub.add_option("--page-size", flags->page_size,
                 std::string(session.Say("Most of one page", "每页至多几条")))
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  option("--page-token", flags->page_token, "Go on where a page ended", "接着上一页");
}

}  // namespace

void AddAuditCommands(CLI::App& app, Invocation& invocation) {
  CLI::App* group = app.add_subcommand(
      "audit", std::string(invocation.session.Say("The audit of a leyed", "审计记录")));
  group->require_subcommand(1);
  AddAuditVerify(*group, invocation);
  AddAuditList(*group, invocation);
}

}  // namespace leye::ctl
