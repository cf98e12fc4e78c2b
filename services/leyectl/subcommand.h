// A command below a group, whose flags an object of the group's holds.
#ifndef LEYE_SERVICES_LEYECTL_SUBCOMMAND_H_
#define LEYE_SERVICES_LEYECTL_SUBCOMMAND_H_

#include <memory>
#include <string>

#include "absl/strings/string_view.h"
#include <CLI/CLI.hpp>

#include "services/leyectl/commands.h"

namespace leye::ctl {

// `action` is called with `flags` as the command line has set them. The caller adds the options.
template <typename Flags>
CLI::App& AddSubcommand(CLI::App& group, Invocation& invocation, const char* name,
                        absl::string_view help, const std::shared_ptr<Flags>& flags,
                        ExitCode (*action)(Session&, const Flags&)) {
  CLI::App* sub = group.add_subcommand(name, std::string(help));
  sub->callback(
      [&invocation, flags, action] { invocation.exit_code = action(invocation.session, *flags); });
  return *sub;
}

}  // namespace leye::ctl

#endif  // LEYE_SERVICES_LEYECTL_SUBCOMMAND_H_
