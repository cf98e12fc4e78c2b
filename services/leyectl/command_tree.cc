#include "services/leyectl/command_tree.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

namespace leye::ctl {
namespace {

// The words of a type such as "TEXT:{forward,reverse}".
std::vector<std::string> ChoicesIn(const std::string& type) {
  const size_t begin = type.find('{');
  const size_t end = type.find('}', begin == std::string::npos ? 0 : begin);
  if (begin == std::string::npos || end == std::string::npos) return {};
  return absl::StrSplit(type.substr(begin + 1, end - begin - 1), ',');
}

Flag ReadFlag(const CLI::Option& option) {
  Flag flag;
  flag.names = absl::StrSplit(option.get_name(false, true), ',');
  flag.description = option.get_description();
  flag.environment = option.get_envname();
  flag.default_value = option.get_default_str();
  flag.takes_value = option.get_expected_max() > 0 && option.get_type_size() > 0;
  flag.required = option.get_required();
  flag.repeated = option.get_expected_max() > 1;
  flag.choices = ChoicesIn(option.get_type_name());
  return flag;
}

Command ReadCommand(const CLI::App& app, const std::string& above) {
  Command command;
  command.name = app.get_name();
  command.path = above.empty() ? command.name : absl::StrCat(above, " ", command.name);
  command.description = app.get_description();
  for (const CLI::Option* option : app.get_options()) {
    Flag flag = ReadFlag(*option);
    if (option->get_positional()) {
      flag.names = {option->get_name(true)};
      command.arguments.push_back(std::move(flag));
    } else {
      command.options.push_back(std::move(flag));
    }
  }
  for (const CLI::App* below : app.get_subcommands(nullptr)) {
    command.commands.push_back(ReadCommand(*below, command.path));
  }
  return command;
}

}  // namespace

Command ReadCommands(const CLI::App& app) { return ReadCommand(app, ""); }

}  // namespace leye::ctl
