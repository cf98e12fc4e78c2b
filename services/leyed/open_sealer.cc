#include "services/leyed/open_sealer.h"

#include "services/base/status.h"

namespace leye {

absl::StatusOr<OpenedSealer> OpenSealer(const LeyedOptions& options, const Clock& clock,
                                        const Logger& log) {
  if (!HasMasterKeys(options)) {
    log.Warning("personal data is kept apart but not sealed: there are no master keys");
    return OpenedSealer();
  }
  absl::StatusOr<std::unique_ptr<access::MasterKeySource>> keys = access::MasterKeySource::Open(
      {.file = options.master_keys, .command = options.master_keys_command}, clock, log);
  if (!keys.ok()) return WithContext(keys.status(), "reading the master keys");
  LEYE_ASSIGN_OR_RETURN(auto sealer, access::KeyedSealer::Create(**keys));
  log.Info("personal data is sealed",
           {{"key", (*keys)->Get()->active().id}, {"keys", (*keys)->Get()->keys().size()}});
  return OpenedSealer(*std::move(keys), std::move(sealer));
}

}  // namespace leye
