#include "services/leyed/region_commands.h"

#include <memory>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

#include "services/base/random.h"
#include "services/base/status.h"
#include "services/leyed/open_sealer.h"
#include "services/leyed/open_store.h"
#include "services/leyed/region_transfer.h"
#include "services/leyed/resealer.h"

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
    return Error(
        absl::StatusCode::kInvalidArgument, "USAGE",
        "the commands are: export REGION FILE, import FILE, verify FILE, restored, reseal; without "
        "one leyed serves");
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

// Until a reading has found nothing to do: what was written meanwhile is seen by the next.
absl::StatusOr<std::string> Reseal(store::Store& store, const access::KeyedSealer& sealer,
                                   const Logger& log) {
  SealCensus census;
  int64_t resealed = 0;
  do {
    LEYE_ASSIGN_OR_RETURN(census, ResealAll({.store = store, .sealer = sealer, .log = log}));
    resealed += census.resealed;
  } while (census.resealed + census.skipped > 0);
  std::string needed;
  for (const auto& [key, count] : census.by_key) {
    absl::StrAppend(&needed, needed.empty() ? "" : ", ", key.empty() ? "(not sealed)" : key, " ",
                    count);
  }
  const std::string sentence = absl::StrCat(
      "reseal: ", resealed,
      " records sealed anew; records by master key: ", needed.empty() ? "none" : needed);
  if (census.failed == 0) return sentence;
  return Error(absl::StatusCode::kFailedPrecondition, "RESEAL_INCOMPLETE",
               absl::StrCat(sentence, "; ", census.failed, " cannot be sealed anew, see the log"));
}

absl::StatusOr<std::string> RunReseal(const LeyedOptions& options, const Clock& clock,
                                      const Logger& log) {
  if (!HasMasterKeys(options)) {
    return Error(absl::StatusCode::kInvalidArgument, "USAGE",
                 "reseal needs master-keys or master-keys-command");
  }
  SystemRandom random;
  LEYE_ASSIGN_OR_RETURN(const OpenedSealer sealer, OpenSealer(options, clock, log));
  LEYE_ASSIGN_OR_RETURN(const std::unique_ptr<store::Store> store,
                        OpenStore(options, {clock, random, log}));
  return Reseal(*store, *sealer.keyed(), log);
}

}  // namespace

std::string RegionCommandsHelp() {
  return "\nTo move a region to another store, with the keys that name the store, while nothing\n"
         "writes to the region (the embedded store: while no leyed runs):\n\n"
         "  leyed export REGION FILE   All of the region, personal parts as they are sealed.\n"
         "  leyed import FILE          Into a store that has nothing of the region; then "
         "verifies.\n"
         "  leyed verify FILE          Whether the store's region is the file's, by digest.\n\n"
         "An export or an import that was killed goes on where it was; verify begins anew. The\n"
         "file is as confidential as the store.\n\n"
         "  leyed restored             Once after the embedded store was put back from a backup, "
         "before\n"
         "                             it serves: what callers know of lost changes is void.\n"
         "\n"
         "To seal all personal data under the first of the master keys, as a leyed that serves "
         "does\n"
         "by itself, with the keys that name store and master keys (the embedded store: while no\n"
         "leyed runs):\n\n"
         "  leyed reseal               Then says which keys records need; others may be removed.\n";
}

absl::StatusOr<std::string> RunRegionCommand(const std::vector<std::string>& words,
                                             const LeyedOptions& options, const Clock& clock,
                                             const Logger& log) {
  if (words.size() == 1 && words[0] == "reseal") return RunReseal(options, clock, log);
  SystemRandom random;
  if (words == std::vector<std::string>{"restored"}) {
    LEYE_RETURN_IF_ERROR(BeginNewEpochs(options, {clock, random, log}));
    return absl::StrCat("restored: every region of ", options.data_dir, " begins a new epoch");
  }
  LEYE_ASSIGN_OR_RETURN(const RegionCommand command, ParseCommand(words));
  LEYE_ASSIGN_OR_RETURN(const std::unique_ptr<store::Store> store,
                        OpenStore(options, {clock, random, log}));
  const absl::StatusOr<RegionSummary> summary = Run(command, {*store, clock, log});
  const bool goes_on = command.verb != "verify" && ErrorReason(summary.status()) != "FILE_ERROR";
  if (absl::IsUnavailable(summary.status()) && goes_on) {
    return WithContext(summary.status(), "stopped; the same command again goes on from here");
  }
  LEYE_RETURN_IF_ERROR(summary);
  return Sentence(command, *summary);
}

}  // namespace leye
