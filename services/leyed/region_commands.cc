#include "services/leyed/region_commands.h"

#include <memory>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

#include "services/base/random.h"
#include "services/base/status.h"
#include "services/leyed/open_store.h"
#include "services/leyed/region_transfer.h"

namespace leye {
namespace {

constexpr size_t kShownDigestBytes = 8;

// What the words say, once they are known to be sound.
struct RegionCommand {
  std::string verb;
  std::string file;
  store::Region region = store::Region::FromNumber(0);  // For "export".
};

absl::StatusOr<RegionCommand> ParseCommand(const std::vector<std::string>& words) {
  RegionCommand command{.verb = words[0], .file = words.back()};
  const bool takes_region = words[0] == "export";
  const bool known = takes_region || words[0] == "import" || words[0] == "verify";
  if (!known || words.size() != (takes_region ? 3 : 2)) {
    return Error(absl::StatusCode::kInvalidArgument, "USAGE",
                 "the commands are: export REGION FILE, import FILE, verify FILE; without one "
                 "leyed serves");
  }
  if (takes_region) {
    LEYE_ASSIGN_OR_RETURN(command.region, store::Region::Parse(words[1]));
  }
  return command;
}

absl::StatusOr<RegionSummary> Run(const RegionCommand& command,
                                  const TransferEnvironment& environment) {
  if (command.verb == "export") return ExportRegion(environment, command.region, command.file);
  if (command.verb == "import") return ImportRegion(environment, command.file);
  return VerifyRegion(environment, command.file);
}

std::string Sentence(const RegionCommand& command, const RegionSummary& summary) {
  return absl::StrCat(command.verb, ": region ", summary.at.region.code(), " at ",
                      store::FormatToken(summary.at), ", ", summary.records, " records, ",
                      summary.requests, " remembered requests, digest ",
                      absl::BytesToHexString(summary.records_digest.substr(0, kShownDigestBytes)));
}

}  // namespace

std::string RegionCommandsHelp() {
  return "\nTo move a region to another store, with the keys that name the store, while nothing\n"
         "writes to the region (the embedded store: while no leyed runs):\n\n"
         "  leyed export REGION FILE   All of the region, personal parts as they are sealed.\n"
         "  leyed import FILE          Into a store that has nothing of the region; then "
         "verifies.\n"
         "  leyed verify FILE          Whether the store's region is the file's, by digest.\n\n"
         "Each goes on where it was when it was killed. The file is as confidential as the "
         "store.\n";
}

absl::StatusOr<std::string> RunRegionCommand(const std::vector<std::string>& words,
                                             const LeyedOptions& options, const Clock& clock,
                                             const Logger& log) {
  LEYE_ASSIGN_OR_RETURN(const RegionCommand command, ParseCommand(words));
  SystemRandom random;
  LEYE_ASSIGN_OR_RETURN(const std::unique_ptr<store::Store> store,
                        OpenStore(options, {clock, random, log}));
  const absl::StatusOr<RegionSummary> summary = Run(command, {*store, clock, log});
  if (absl::IsUnavailable(summary.status())) {
    return WithContext(summary.status(), "stopped; the same command again goes on from here");
  }
  LEYE_RETURN_IF_ERROR(summary);
  return Sentence(command, *summary);
}

}  // namespace leye
