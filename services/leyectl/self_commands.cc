// What leyectl tells of itself: completion for shells, and its manual page.

#include <memory>
#include <string>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "services/leyectl/command_tree.h"
#include "services/leyectl/commands.h"

namespace leye::ctl {

void AddSelfCommands(CLI::App& app, Invocation& invocation) {
  Session& session = invocation.session;
  auto shell = std::make_shared<std::string>();
  CLI::App* completion = app.add_subcommand(
      "completion",
      std::string(session.Say("Prints a script that completes leyectl's commands and "
                              "options: source <(leyectl completion bash)",
                              "输出命令补全脚本：source <(leyectl completion bash)")));
  completion->add_option("SHELL", *shell, std::string(session.Say("The shell", "所用的 shell")))
      ->required()
      ->check(CLI::IsMember({"bash", "zsh"}));
  completion->callback([&app, &session, shell] {
    const Command program = ReadCommands(app);
    session.out << (*shell == "zsh" ? ZshCompletion(program) : BashCompletion(program));
  });

  CLI::App* manual = app.add_subcommand(
      "manual", std::string(session.Say("Prints the manual page: leyectl manual | man -l -",
                                        "输出手册页：leyectl manual | man -l -")));
  manual->callback(
      [&app, &session] { session.out << ManualPage(ReadCommands(app), app.get_footer()); });
}

}  // namespace leye::ctl
