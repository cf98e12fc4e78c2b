// person: what a person may ask about their own data, and what the server is about to erase.

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include <CLI/App.hpp>

#include "leye/v1/personal_data.pb.h"
#include "services/leyectl/commands.h"
#include "services/leyectl/json.h"
#include "services/leyectl/resource.h"
#include "services/leyectl/subcommand.h"

namespace leye::ctl {
namespace {

struct PersonFlags {
  std::string name;
  std::string file = "-";
  std::vector<std::string> scopes;
  std::string date;
  std::string request_id;
  std::string page_token;
  int page_size = 50;
  bool validate_only = false;
};

constexpr absl::string_view kExpiredColumns[] = {"name", "over_date", "erase_date"};

// Into a file that its owner alone may read, or to standard output.
bool Write(const std::string& json, const PersonFlags& flags, Session& session) {
  if (flags.file == "-") {
    session.out << json << "\n";
    return true;
  }
  std::ofstream file(flags.file, std::ios::binary | std::ios::trunc);
  std::error_code error;
  std::filesystem::permissions(
      flags.file, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write, error);
  file << json << "\n" << std::flush;
  return file.good() && !error;
}

ExitCode Export(Session& session, const PersonFlags& flags) {
  v1::ExportPersonRequest request;
  request.set_name(FullName(flags.name, "candidates", session.settings.region));
  v1::ExportPersonResponse response;
  const grpc::Status status =
      session.Call(Rpc("PersonalDataService.ExportPerson"), request, &response);
  if (!status.ok()) return session.Fail(status);
  const std::string json = session.settings.json ? ToJson(response) : ToReadableJson(response);
  if (Write(json, flags, session)) return ExitCode::kOk;
  return session.Fail(ExitCode::kFile,
                      absl::StrCat(session.Say("cannot write ", "无法写入 "), flags.file));
}

ExitCode Withdraw(Session& session, const PersonFlags& flags) {
  v1::WithdrawConsentRequest request;
  request.set_name(FullName(flags.name, "candidates", session.settings.region));
  for (const std::string& scope : flags.scopes) {
    request.add_scopes(scope == "matching" ? v1::CONSENT_SCOPE_MATCHING
                                           : v1::CONSENT_SCOPE_EMPLOYERS);
  }
  request.set_request_id(flags.request_id);
  request.set_validate_only(flags.validate_only);
  return session.CallAndPrint(Rpc("PersonalDataService.WithdrawConsent"), request);
}

ExitCode Expired(Session& session, const PersonFlags& flags) {
  v1::ListExpiredRecordsRequest request;
  request.set_parent(RegionName(session.settings.region));
  request.set_date(flags.date);
  request.set_page_size(flags.page_size);
  request.set_page_token(flags.page_token);
  v1::ListExpiredRecordsResponse response;
  const grpc::Status status =
      session.Call(Rpc("PersonalDataService.ListExpiredRecords"), request, &response);
  if (!status.ok()) return session.Fail(status);
  session.PrintList(response, kExpiredColumns);
  session.TellMore(response.next_page_token());
  return ExitCode::kOk;
}

void AddExport(CLI::App& group, Invocation& invocation) {
  const Session& session = invocation.session;
  auto flags = std::make_shared<PersonFlags>();
  CLI::App& sub = AddSubcommand(group, invocation, "export",
                                session.Say("Everything that is held about one person, as JSON",
                                            "导出某人的全部数据（JSON）"),
                                flags, Export);
  sub.add_option("NAME", flags->name, std::string(session.Say("Of the person", "求职者的标识")))
      ->required();
  sub.add_option(
         "FILE", flags->file,
         std::string(session.Say("Where to; - is standard output", "写入的文件；- 为标准输出")))
      ->capture_default_str();
}

void AddWithdraw(CLI::App& group, Invocation& invocation) {
  const Session& session = invocation.session;
  auto flags = std::make_shared<PersonFlags>();
  CLI::App& sub =
      AddSubcommand(group, invocation, "withdraw",
                    session.Say("Takes back a person's consent, and cancels what needs it",
                                "撤回本人授权，并取消依赖授权的推荐"),
                    flags, Withdraw);
  sub.add_option("NAME", flags->name, std::string(session.Say("Of the person", "求职者的标识")))
      ->required();
  sub.add_option("--scope", flags->scopes,
                 std::string(session.Say("matching or employers; else all of it",
                                         "matching 或 employers；默认全部")))
      ->check(CLI::IsMember({"matching", "employers"}))
      ->delimiter(',');
  sub.add_option("--request-id", flags->request_id,
                 std::string(session.Say("Makes a retry safe", "使重试安全")));
  sub.add_flag("--validate-only", flags->validate_only,
               std::string(session.Say("Check, change nothing", "只检查，不改动")));
}

void AddExpired(CLI::App& group, Invocation& invocation) {
  const Session& session = invocation.session;
  auto flags = std::make_shared<PersonFlags>();
  CLI::App& sub = AddSubcommand(group, invocation, "expired",
                                session.Say("What the retention periods erase, before they do",
                                            "预览保存期限届满、将被清除的记录"),
                                flags, Expired);
  sub.add_option("--date", flags->date,
                 std::string(session.Say("As if it were that day, such as 2026-12-01; else today",
                                         "按此日计算，如 2026-12-01；默认今天")));
  sub.add_option("--page-size", flags->page_size,
                 std::string(session.Say("Most of one page", "每页至多几条")))
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  sub.add_option("--page-token", flags->page_token,
                 std::string(session.Say("Go on where a page ended", "接着上一页")));
}

}  // namespace

void AddPersonCommands(CLI::App& app, Invocation& invocation) {
  CLI::App* group = app.add_subcommand(
      "person",
      std::string(invocation.session.Say("A person's own data: export, consent, retention",
                                         "个人信息：导出、撤回授权、保存期限")));
  group->require_subcommand(1);
  AddExport(*group, invocation);
  AddWithdraw(*group, invocation);
  AddExpired(*group, invocation);
}

}  // namespace leye::ctl
