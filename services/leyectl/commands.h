// The command groups. Each function adds its commands to the program; a command runs when the
// command line has been read, and leaves its exit code in `invocation.exit_code`.

#ifndef LEYE_SERVICES_LEYECTL_COMMANDS_H_
#define LEYE_SERVICES_LEYECTL_COMMANDS_H_

#include "services/leyectl/exit_code.h"
#include "services/leyectl/session.h"

namespace CLI {  // NOLINT(readability-identifier-naming): the name of that library.
class App;
}  // namespace CLI

namespace leye::ctl {

// One run of the program.
struct Invocation {
  Session& session;
  ExitCode exit_code = ExitCode::kOk;
};

void AddMatchCommands(CLI::App& app, Invocation& invocation);  // rank, recommend, explain, score
void AddMatchWatchCommands(CLI::App& app, Invocation& invocation);  // match watch posting, ...
void AddReadCommands(CLI::App& app, Invocation& invocation);        // get, list
void AddWriteCommands(CLI::App& app, Invocation& invocation);  // create, update, close, reopen, ...
void AddImportCommand(CLI::App& app, Invocation& invocation);  // import
void AddExportCommand(CLI::App& app, Invocation& invocation);  // export
void AddWatchCommand(CLI::App& app, Invocation& invocation);   // watch
void AddSkillsCommand(CLI::App& app, Invocation& invocation);  // skills search
void AddReferralCommands(CLI::App& app, Invocation& invocation);  // referral create, tasks, ...
void AddRulesetCommands(CLI::App& app, Invocation& invocation);   // ruleset activate, simulate, ...
void AddReviewCommands(CLI::App& app, Invocation& invocation);    // review queue, approve, ...
void AddPostingCommands(CLI::App& app, Invocation& invocation);   // posting suggest
void AddReportCommands(CLI::App& app, Invocation& invocation);    // report coverage, outcome, ...
void AddPersonCommands(CLI::App& app, Invocation& invocation);    // person export, withdraw, ...
void AddPlanCommands(CLI::App& app, Invocation& invocation);      // plan create, commit, ...
void AddNormalizeCommand(CLI::App& app, Invocation& invocation);  // normalize
void AddStatusCommand(CLI::App& app, Invocation& invocation);     // status
void AddAccessCommands(CLI::App& app, Invocation& invocation);    // access new-api-key, ...
void AddAuditCommands(CLI::App& app, Invocation& invocation);     // audit verify, list
void AddSampleCommand(CLI::App& app, Invocation& invocation);     // sample
void AddSelfCommands(CLI::App& app, Invocation& invocation);      // completion, manual

// The whole program: reads the command line, runs the command, says how to leave.
ExitCode RunProgram(int argc, const char* const* argv, Session& session);

}  // namespace leye::ctl

#endif  // LEYE_SERVICES_LEYECTL_COMMANDS_H_
