// skills search: the catalogue by words.

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_join.h"
#include <CLI/App.hpp>

#include "leye/v1/skill.grpc.pb.h"
#include "services/leyectl/commands.h"
#include "services/leyectl/words.h"

namespace leye::ctl {
namespace {

struct SearchFlags {
  std::vector<std::string> words;
  int limit = 20;
};

void PrintTable(const Session& session, const v1::SearchSkillsResponse& response) {
  const Language language = session.settings.language;
  Table table({{.title = ColumnTitle("name", language)},
               {.title = ColumnTitle("kind", language)},
               {.title = ColumnTitle("display_name_zh", language)},
               {.title = ColumnTitle("display_name_en", language)},
               {.title = std::string(session.Say("matched", "命中"))}});
  for (const v1::SkillMatch& match : response.matches()) {
    if (match.has_trade()) {
      table.Add({match.trade().name(), std::string(session.Say("trade", "职业")),
                 match.trade().display_name_zh(), "", match.matched()});
    } else {
      const v1::Skill& skill = match.skill();
      table.Add({skill.name(), WordOf(skill.kind(), language), skill.display_name_zh(),
                 skill.display_name_en(), match.matched()});
    }
  }
  session.out << table.Render(session.table_style()) << std::flush;
}

ExitCode Search(Session& session, const SearchFlags& flags) {
  v1::SearchSkillsRequest request;
  request.set_query(absl::StrJoin(flags.words, " "));
  request.set_page_size(flags.limit);
  v1::SearchSkillsResponse response;
  const auto context = session.NewContext();
  const grpc::Status status =
      v1::SkillService::NewStub(session.channel())->SearchSkills(context.get(), request, &response);
  if (!status.ok()) return session.Fail(status);
  if (session.settings.json) {
    session.PrintJson(response);
  } else {
    PrintTable(session, response);
  }
  return ExitCode::kOk;
}

}  // namespace

void AddSkillsCommand(CLI::App& app, Invocation& invocation) {
  const Session& session = invocation.session;
  auto flags = std::make_shared<SearchFlags>();
  CLI::App* skills = app.add_subcommand(
      "skills", std::string(session.Say("The catalogue of skills and trades", "技能与职业目录")));
  skills->require_subcommand(1);
  CLI::App* search = skills->add_subcommand(
      "search", std::string(session.Say("Finds skills and trades by words", "按词查找技能与职业")));
  search
      ->add_option("WORDS", flags->words,
                   std::string(session.Say("Chinese or English", "中文或英文")))
      ->required();
  search
      ->add_option("-n,--limit", flags->limit,
                   std::string(session.Say("How many to show", "显示多少条")))
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  search->callback(
      [&invocation, flags] { invocation.exit_code = Search(invocation.session, *flags); });
}

}  // namespace leye::ctl
