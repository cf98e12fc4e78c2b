// The command line as a whole: global flags, help, exit status.

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "services/base/version.h"
#include "services/leyectl/commands.h"

namespace leye::ctl {
namespace {

// Settings as text, checked after parsing.
struct GlobalFlags {
  std::string language;
  std::string timeout = "30s";
  bool no_color = false;
};

void AddGlobalFlags(CLI::App& app, Session& session, GlobalFlags& flags) {
  Settings& settings = session.settings;
  app.add_option("--server", settings.server,
                 std::string(session.Say("Address of leyed, host:port", "leyed 的地址 host:port")))
      ->envname("LEYECTL_SERVER")
      ->capture_default_str();
  app.add_option("--region", settings.region,
                 std::string(session.Say("Two-digit division code that short names mean",
                                         "简写名称所指的区域，两位区划代码")))
      ->envname("LEYECTL_REGION")
      ->capture_default_str();
  app.add_flag("--json", settings.json,
               std::string(session.Say("For programs: proto JSON, one object a line",
                                       "供程序使用：proto JSON，每行一个对象")));
  app.add_option(
      "--lang", flags.language,
      std::string(session.Say("zh-CN or en; default by LANG", "zh-CN 或 en，默认随 LANG")));
  app.add_option("--timeout", flags.timeout,
                 std::string(session.Say("Most time for one call, such as 500ms or 30s",
                                         "单次调用的时限，如 500ms、30s")))
      ->capture_default_str();
  app.add_flag("--no-color", flags.no_color, std::string(session.Say("No colours", "不用颜色")))
      ->envname("NO_COLOR");
}

// Who calls: by certificate, by a token, or by a key; the last two by environment, so that no list
// of processes shows them.
void AddCallerFlags(CLI::App& app, Session& session) {
  CallerSettings& caller = session.settings.caller;
  app.add_option("--ca-file", caller.ca_file,
                 std::string(session.Say("PEM of the authorities that may vouch for the server; "
                                         "turns TLS on",
                                         "信任的服务器证书颁发者（PEM）；启用 TLS")))
      ->envname("LEYECTL_CA_FILE");
  app.add_option("--cert-file", caller.cert_file,
                 std::string(session.Say("PEM of your own certificate", "本人证书（PEM）")))
      ->envname("LEYECTL_CERT_FILE");
  app.add_option("--key-file", caller.key_file,
                 std::string(session.Say("PEM of its private key", "证书私钥（PEM）")))
      ->envname("LEYECTL_KEY_FILE");
  app.add_option("--token-file", caller.token_file,
                 std::string(session.Say("File with an app's token; or LEYECTL_TOKEN",
                                         "令牌文件；或用 LEYECTL_TOKEN")));
  app.add_option("--api-key-file", caller.api_key_file,
                 std::string(session.Say("File with a partner's key; or LEYECTL_API_KEY",
                                         "密钥文件；或用 LEYECTL_API_KEY")));
  app.add_option(
         "--purpose", caller.purpose,
         std::string(session.Say("Why you call: a code for the audit", "调用目的代码，记入审计")))
      ->envname("LEYECTL_PURPOSE");
}

// Empty when all is well.
std::string ApplyFlags(const GlobalFlags& flags, Settings& settings) {
  if (!flags.language.empty()) {
    const std::optional<Language> language = ParseLanguage(flags.language);
    if (!language.has_value()) return "--lang: zh-CN or en, not " + flags.language;
    settings.language = *language;
  }
  if (!absl::ParseDuration(flags.timeout, &settings.timeout) ||
      settings.timeout <= absl::ZeroDuration()) {
    return "--timeout: a duration such as 500ms or 30s, not " + flags.timeout;
  }
  if (flags.no_color) settings.color = false;
  return ReadCaller(settings.caller);
}

void AddCommands(CLI::App& app, Invocation& invocation) {
  AddMatchCommands(app, invocation);
  AddMatchWatchCommands(app, invocation);
  AddReadCommands(app, invocation);
  AddWriteCommands(app, invocation);
  AddImportCommand(app, invocation);
  AddExportCommand(app, invocation);
  AddWatchCommand(app, invocation);
  AddSkillsCommand(app, invocation);
  AddReferralCommands(app, invocation);
  AddRulesetCommands(app, invocation);
  AddReportCommands(app, invocation);
  AddReviewCommands(app, invocation);
  AddPostingCommands(app, invocation);
  AddPlanCommands(app, invocation);
  AddPersonCommands(app, invocation);
  AddNormalizeCommand(app, invocation);
  AddStatusCommand(app, invocation);
  AddAccessCommands(app, invocation);
  AddAuditCommands(app, invocation);
  AddSampleCommand(app, invocation);
  AddSelfCommands(app, invocation);
}

ExitCode Leave(const CLI::App& app, const CLI::ParseError& error, Session& session) {
  if (error.get_exit_code() == 0) {  // --help, --version
    app.exit(error, session.out, session.err);
    return ExitCode::kOk;
  }
  session.err << "leyectl: " << error.what() << "\n"
              << session.Say("try: leyectl --help", "请看：leyectl --help") << "\n";
  return ExitCode::kUsage;
}

}  // namespace

ExitCode RunProgram(int argc, const char* const* argv, Session& session) {
  CLI::App app(std::string(session.Say(
                   "leyectl: the command line of leye, which matches relocated people with work.",
                   "leyectl：乐业的命令行客户端，为易地扶贫搬迁群众匹配就业岗位。")),
               "leyectl");
  app.require_subcommand(1);
  app.fallthrough();  // Global flags may stand after the command.
  app.footer(absl::StrCat(
      "\n", ExitCodeHelp(session.settings.language), "\n",
      session.Say("A whole region moves to another store by leyed export and leyed import.",
                  "整个区域迁移到其他存储：leyed export 与 leyed import。")));
  app.set_version_flag("--version", absl::StrCat("leyectl ", Version()),
                       std::string(session.Say("Print the version and leave", "显示版本并退出")));
  GlobalFlags flags;
  AddGlobalFlags(app, session, flags);
  AddCallerFlags(app, session);
  Invocation invocation{session};
  AddCommands(app, invocation);
  app.parse_complete_callback([&flags, &session] {
    const std::string mistake = ApplyFlags(flags, session.settings);
    if (!mistake.empty()) throw CLI::ValidationError(mistake);
  });
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return Leave(app, error, session);
  }
  return invocation.exit_code;
}

}  // namespace leye::ctl
