// Completion: which command the line is in so far, and what may come there. Words that are neither
// commands nor options are left to the shell's own completion of file names.

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"

#include "services/leyectl/command_tree.h"

namespace leye::ctl {
namespace {

// `text` as one word of a shell.
std::string Quoted(const std::string& text) {
  return absl::StrCat("'", absl::StrReplaceAll(text, {{"'", "'\\''"}}), "'");
}

// "NAME:DESCRIPTION" as _describe of zsh takes it.
std::string Described(const std::string& name, const std::string& description) {
  return Quoted(absl::StrCat(absl::StrReplaceAll(name, {{":", "\\:"}}), ":", description));
}

// Options of the program stand behind every command too.
std::vector<Flag> OptionsAt(const Command& program, const Command& command) {
  std::vector<Flag> options = command.options;
  if (&program == &command) return options;
  for (const Flag& flag : program.options) {
    if (flag.names.back() != "--help") options.push_back(flag);
  }
  return options;
}

// Calls `visit` for `command` and everything below it.
template <typename Visit>
void ForEachCommand(const Command& command, const Visit& visit) {
  visit(command);
  for (const Command& below : command.commands) ForEachCommand(below, visit);
}

// The lines of a `case "$path $word"` that follow the words of the line into the commands.
std::string Descent(const Command& program) {
  std::string lines;
  ForEachCommand(program, [&](const Command& command) {
    for (const Command& below : command.commands) {
      absl::StrAppend(&lines, "      ", Quoted(absl::StrCat(command.path, " ", below.name)),
                      ") path=", Quoted(below.path), " ;;\n");
    }
  });
  return lines;
}

// The options that take a value, by their choices: a line of a `case` each, `say` making its
// action.
template <typename Say>
std::string ValuesOf(const Command& program, const Command& command, const Say& say) {
  std::string lines;
  for (const Flag& flag : OptionsAt(program, command)) {
    if (!flag.takes_value) continue;
    absl::StrAppend(&lines, "        ", absl::StrJoin(flag.names, "|"), ") ", say(flag.choices),
                    " return ;;\n");
  }
  return lines;
}

std::string BashCase(const Command& program, const Command& command) {
  std::vector<std::string> commands;
  for (const Command& below : command.commands) commands.push_back(below.name);
  std::vector<std::string> options;
  for (const Flag& flag : OptionsAt(program, command)) {
    options.insert(options.end(), flag.names.begin(), flag.names.end());
  }
  const std::string values =
      ValuesOf(program, command, [](const std::vector<std::string>& choices) -> std::string {
        if (choices.empty()) return "";
        return absl::StrCat("COMPREPLY=($(compgen -W ", Quoted(absl::StrJoin(choices, " ")),
                            " -- \"$word\"));");
      });
  return absl::StrCat("    ", Quoted(command.path), ")\n      case $before in\n", values,
                      "      esac\n      commands=", Quoted(absl::StrJoin(commands, " ")),
                      "\n      options=", Quoted(absl::StrJoin(options, " ")), " ;;\n");
}

std::string ZshCase(const Command& program, const Command& command) {
  std::string commands;
  for (const Command& below : command.commands) {
    absl::StrAppend(&commands, " ", Described(below.name, below.description));
  }
  std::string options;
  for (const Flag& flag : OptionsAt(program, command)) {
    for (const std::string& name : flag.names) {
      absl::StrAppend(&options, " ", Described(name, flag.description));
    }
  }
  const std::string values =
      ValuesOf(program, command, [](const std::vector<std::string>& choices) -> std::string {
        if (choices.empty()) return "_files;";
        return absl::StrCat("compadd -- ", absl::StrJoin(choices, " "), ";");
      });
  return absl::StrCat("    ", Quoted(command.path), ")\n      case $before in\n", values,
                      "      esac\n      commands=(", commands, ")\n      options=(", options,
                      ") ;;\n");
}

template <typename Case>
std::string Cases(const Command& program, const Case& one) {
  std::string cases;
  ForEachCommand(program,
                 [&](const Command& command) { absl::StrAppend(&cases, one(program, command)); });
  return cases;
}

}  // namespace

std::string BashCompletion(const Command& program) {
  return absl::StrCat(
      "# bash completion of ", program.name, "; made by it.\n_", program.name,
      "() {\n"
      "  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}\n"
      "  local path=",
      Quoted(program.path),
      " commands='' options='' said\n"
      "  COMPREPLY=()\n"
      "  for said in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
      "    case \"$path $said\" in\n",
      Descent(program),
      "    esac\n"
      "  done\n"
      "  case $path in\n",
      Cases(program, BashCase),
      "  esac\n"
      "  if [[ $word == -* ]]; then\n"
      "    COMPREPLY=($(compgen -W \"$options\" -- \"$word\"))\n"
      "  else\n"
      "    COMPREPLY=($(compgen -W \"$commands\" -- \"$word\"))\n"
      "  fi\n"
      "}\n"
      "complete -o default -F _",
      program.name, " ", program.name, "\n");
}

std::string ZshCompletion(const Command& program) {
  return absl::StrCat("#compdef ", program.name, "\n# Made by ", program.name, ".\n_", program.name,
                      "() {\n"
                      "  local where=",
                      Quoted(program.path),
                      " said before=$words[CURRENT-1]\n"
                      "  local -a commands options\n"
                      "  for said in ${words[2,CURRENT-1]}; do\n"
                      "    case \"$where $said\" in\n",
                      absl::StrReplaceAll(Descent(program), {{") path=", ") where="}}),
                      "    esac\n"
                      "  done\n"
                      "  case $where in\n",
                      Cases(program, ZshCase),
                      "  esac\n"
                      "  if [[ $PREFIX == -* ]]; then\n"
                      "    _describe option options\n"
                      "  elif (( $#commands )); then\n"
                      "    _describe command commands\n"
                      "  else\n"
                      "    _files\n"
                      "  fi\n"
                      "}\n"
                      "_",
                      program.name, " \"$@\"\n");
}

}  // namespace leye::ctl
