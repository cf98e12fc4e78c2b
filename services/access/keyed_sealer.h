// Seals each record's personal part with a data key of its own, which a master key wraps.
//
//   LEYE_ASSIGN_OR_RETURN(auto keys, MasterKeySource::Open({.file = path}, clock, log));
//   LEYE_ASSIGN_OR_RETURN(auto sealer, KeyedSealer::Create(*keys));
//   sealer->Seal(name, content, sealed);
//   sealer->Renew(name, sealed);         // the same content, under the newest master key
//
// Every sealing draws a new data key and new nonces: nothing is sealed twice under one key. Both
// texts are AES-256-GCM and bound to what they are of: the content to the record's name, the
// wrapped key to the name and the master key's id. What is not sealed yet opens as it is.
#ifndef LEYE_SERVICES_ACCESS_KEYED_SEALER_H_
#define LEYE_SERVICES_ACCESS_KEYED_SEALER_H_

#include <memory>
#include <optional>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "services/access/aes_gcm.h"
#include "services/access/master_keys.h"
#include "services/access/reloaded.h"
#include "services/access/sealer.h"
#include "services/base/clock.h"
#include "services/base/interval_thread.h"
#include "services/base/logging.h"
#include "services/base/mutex.h"

namespace leye::access {

// The master keys as they are now. Thread-safe.
class MasterKeySource {
 public:
  // One of the first two is given.
  struct Options {
    std::string file = {};     // Looked at every second when it is asked for (reloaded.h).
    std::string command = {};  // Run anew after every interval.
    absl::Duration command_interval = absl::Minutes(1);
  };

  // The errors of LoadMasterKeyFile or RunMasterKeyCommand. Later ones are told to the log and
  // change nothing. Clock and log outlive it.
  static absl::StatusOr<std::unique_ptr<MasterKeySource>> Open(const Options& options,
                                                               const Clock& clock,
                                                               const Logger& log);

  std::shared_ptr<const MasterKeys> Get() const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  explicit MasterKeySource(const Logger& log) : log_(log) {}

  void RunAgain(const std::string& command) ABSL_LOCKS_EXCLUDED(mutex_);

  const Logger& log_;
  std::unique_ptr<Reloaded<MasterKeys>> file_;  // Null: a command.
  mutable Mutex mutex_;
  std::shared_ptr<const MasterKeys> said_ ABSL_GUARDED_BY(mutex_);  // By the command.
  bool first_round_ = true;                                         // Of the thread.
  std::optional<IntervalThread> again_;                             // Ends first.
};

// Thread-safe.
class KeyedSealer final : public Sealer {
 public:
  // INTERNAL (CRYPTO_ERROR). `keys` outlives it.
  static absl::StatusOr<std::unique_ptr<KeyedSealer>> Create(const MasterKeySource& keys);

  absl::Status Seal(absl::string_view name, std::string content,
                    storage::v1::Sealed& sealed) const override;
  absl::StatusOr<std::string> Open(absl::string_view name,
                                   const storage::v1::Sealed& sealed) const override;

  // Whether the active master key is another than what seals `sealed`.
  bool IsOutdated(const storage::v1::Sealed& sealed) const;

  // Wraps the data key anew, under the active master key; seals what is plain. The content is not
  // opened. The errors of Open.
  absl::Status Renew(absl::string_view name, storage::v1::Sealed& sealed) const;

  // OK when the data key can be had, without opening the content: the errors of Open.
  absl::Status Check(absl::string_view name, const storage::v1::Sealed& sealed) const;

  std::shared_ptr<const MasterKeys> keys() const { return keys_.Get(); }

 private:
  KeyedSealer(const MasterKeySource& keys, AesGcm aes) : keys_(keys), aes_(std::move(aes)) {}

  absl::Status Wrap(absl::string_view name, const MasterKey& master, const ShortKey& data_key,
                    storage::v1::Sealed& sealed) const;
  absl::Status Unwrap(absl::string_view name, const storage::v1::Sealed& sealed,
                      ShortKey& data_key) const;
  absl::Status SealingFailed(absl::string_view name) const;

  const MasterKeySource& keys_;
  const AesGcm aes_;
};

}  // namespace leye::access

#endif  // LEYE_SERVICES_ACCESS_KEYED_SEALER_H_
