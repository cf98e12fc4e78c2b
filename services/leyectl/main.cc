// leyectl: the command-line client. What it can do: leyectl --help, and README.md in this folder.

#include <unistd.h>

#include <cstdlib>
#include <exception>
#include <iostream>

#include "services/leyectl/commands.h"

int main(int argc, char** argv) {
  leye::ctl::Session session(std::cout, std::cerr);
  session.settings.language = leye::ctl::LanguageFromEnvironment();
  session.settings.color = isatty(STDOUT_FILENO) == 1;
  session.settings.progress = isatty(STDERR_FILENO) == 1;
  try {
    return static_cast<int>(leye::ctl::RunProgram(argc, argv, session));
  } catch (const std::exception& error) {  // Out of memory, a broken pipe of the streams.
    std::cerr << "leyectl: " << error.what() << "\n";
    return static_cast<int>(leye::ctl::ExitCode::kInternal);
  }
}
