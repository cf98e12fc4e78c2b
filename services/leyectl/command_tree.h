// What leyectl can do, as its own command definitions say it: for manual pages and completion.
//
//   const Command program = ReadCommands(app);
//   std::cout << BashCompletion(program);

#ifndef LEYE_SERVICES_LEYECTL_COMMAND_TREE_H_
#define LEYE_SERVICES_LEYECTL_COMMAND_TREE_H_

#include <string>
#include <vector>

namespace CLI {  // NOLINT(readability-identifier-naming): the name of that library.
class App;
}  // namespace CLI

namespace leye::ctl {

struct Flag {
  std::vector<std::string> names;  // "-h", "--help"; an argument's one name, without dashes.
  std::string description;
  std::string environment;    // Variable that sets it; empty for none.
  std::string default_value;  // Empty for none.
  bool takes_value = false;
  bool required = false;
  bool repeated = false;             // May stand several times, or has several values.
  std::vector<std::string> choices;  // The only values; empty: any.
};

struct Command {
  std::string path;  // "leyectl access token".
  std::string name;  // "token".
  std::string description;
  std::vector<Flag> options;
  std::vector<Flag> arguments;  // By position.
  std::vector<Command> commands;
};

// `app` with all that is below it, in the order of --help.
Command ReadCommands(const CLI::App& app);

// Scripts that the shell reads: bash 4 or later, zsh 5 or later (a function of its fpath).
std::string BashCompletion(const Command& program);
std::string ZshCompletion(const Command& program);

// The page leyectl(1) in roff's macros "man"; `ending` is what --help says last.
std::string ManualPage(const Command& program, const std::string& ending);

}  // namespace leye::ctl

#endif  // LEYE_SERVICES_LEYECTL_COMMAND_TREE_H_
