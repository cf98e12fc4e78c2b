// The manual page: a section of commands, each with its arguments and options.

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"

#include "services/leyectl/command_tree.h"

namespace leye::ctl {
namespace {

// Text as roff prints it: dashes that can be copied, no line that is taken for a request.
std::string Roff(const std::string& text) {
  std::string safe = absl::StrReplaceAll(text, {{"\\", "\\e"}, {"-", "\\-"}});
  if (absl::StartsWith(safe, ".") || absl::StartsWith(safe, "'")) safe.insert(0, "\\&");
  return absl::StrReplaceAll(safe, {{"\n.", "\n\\&."}, {"\n'", "\n\\&'"}});
}

std::string Bold(const std::string& text) { return absl::StrCat("\\fB", Roff(text), "\\fR"); }
std::string Italic(const std::string& text) { return absl::StrCat("\\fI", Roff(text), "\\fR"); }

// What stands for a flag's value.
std::string ValueOf(const Flag& flag) {
  return flag.choices.empty() ? Italic("VALUE") : Roff(absl::StrJoin(flag.choices, "|"));
}

void AppendFlag(const Flag& flag, std::string& page) {
  std::vector<std::string> names;
  for (const std::string& name : flag.names) {
    names.push_back(absl::StrCat(Bold(name), flag.takes_value ? " " + ValueOf(flag) : ""));
  }
  absl::StrAppend(&page, ".TP\n", absl::StrJoin(names, ", "), "\n", Roff(flag.description), ".");
  if (flag.required) absl::StrAppend(&page, " Required.");
  if (flag.takes_value && !flag.default_value.empty()) {
    absl::StrAppend(&page, " Default: ", Roff(flag.default_value), ".");
  }
  if (!flag.environment.empty()) absl::StrAppend(&page, " Variable: ", Bold(flag.environment), ".");
  absl::StrAppend(&page, "\n");
}

std::string Synopsis(const Command& command) {
  std::string line = Bold(command.path);
  if (!command.options.empty()) absl::StrAppend(&line, " [", Italic("OPTIONS"), "]");
  if (!command.commands.empty()) absl::StrAppend(&line, " ", Italic("COMMAND"), " ...");
  for (const Flag& argument : command.arguments) {
    const std::string name =
        absl::StrCat(Italic(argument.names.front()), argument.repeated ? " ..." : "");
    absl::StrAppend(&line,
                    argument.required ? absl::StrCat(" ", name) : absl::StrCat(" [", name, "]"));
  }
  return line;
}

void AppendCommand(const Command& command, std::string& page) {
  absl::StrAppend(&page, ".SS ", Synopsis(command), "\n", Roff(command.description), ".\n");
  for (const Flag& argument : command.arguments) {
    if (argument.description.empty()) continue;
    absl::StrAppend(&page, ".TP\n", Italic(argument.names.front()), "\n",
                    Roff(argument.description), ".\n");
  }
  for (const Flag& option : command.options) {
    if (option.names.back() != "--help") AppendFlag(option, page);
  }
  for (const Command& below : command.commands) AppendCommand(below, page);
}

}  // namespace

std::string ManualPage(const Command& program, const std::string& ending) {
  std::string page = absl::StrCat(
      ".TH LEYECTL 1 \"\" \"leye\" \"User Commands\"\n.SH NAME\nleyectl \\- the command line of "
      "leye, "
      "which matches relocated people with work\n.SH SYNOPSIS\n",
      Synopsis(program), "\n.SH OPTIONS\nThey may stand before the command or behind it.\n");
  for (const Flag& option : program.options) AppendFlag(option, page);
  absl::StrAppend(&page, ".SH COMMANDS\n");
  for (const Command& command : program.commands) AppendCommand(command, page);
  absl::StrAppend(&page, ".SH EXIT STATUS\n.nf\n", Roff(ending),
                  "\n.fi\n.SH ENVIRONMENT\nVariables are named beside the options that they set.\n"
                  ".SH SEE ALSO\n.BR leyed (8)\n");
  return page;
}

}  // namespace leye::ctl
