// The keys that wrap the data keys of records (keyed_sealer.h), as an operator keeps them.
//
//   LEYE_ASSIGN_OR_RETURN(const MasterKeys keys, LoadMasterKeyFile("/etc/leye/master-keys"));
//   keys.active().id;                 // seals
//   keys.Find("k2026-11");            // opens; null: not there
//
// A line is an id and 32 bytes, in 64 hexadecimal digits or in base64:
//
//   k2026-12 3b1f...e0
//   k2026-11 5Kd0...8=
//
// The first line is the active key; the others open what was sealed before. Empty lines and those
// that begin with # say nothing.
#ifndef LEYE_SERVICES_ACCESS_MASTER_KEYS_H_
#define LEYE_SERVICES_ACCESS_MASTER_KEYS_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "services/access/secret.h"

namespace leye::access {

struct MasterKey {
  std::string id;
  SecretKey wrapping;  // Derived from the line's bytes, which are not kept.
};

// Immutable, safe for concurrent use.
class MasterKeys {
 public:
  // INVALID_ARGUMENT (INVALID_FILE) naming every line that is wrong, and no key.
  static absl::StatusOr<MasterKeys> Parse(absl::string_view text);

  const MasterKey& active() const { return keys_.front(); }
  const MasterKey* Find(absl::string_view id) const;
  const std::vector<MasterKey>& keys() const { return keys_; }

 private:
  std::vector<MasterKey> keys_;  // At least one.
};

// NOT_FOUND (FILE_ERROR); FAILED_PRECONDITION (KEY_FILE_MODE) when it is no plain file of ours or
// root's, or anybody else may read or write it; the errors of Parse.
absl::StatusOr<MasterKeys> LoadMasterKeyFile(const std::string& path);

// What `command`, given to /bin/sh, writes to its standard output. UNAVAILABLE (KEY_COMMAND) when
// it fails, or has not ended within half a minute; the errors of Parse.
absl::StatusOr<MasterKeys> RunMasterKeyCommand(const std::string& command);

// Puts a new random key before those in the file, which is made when it is missing, readable by its
// owner only; the new key's id, "k" and today in China, with "-2" and so on behind it when there is
// such a one. The errors of LoadMasterKeyFile; UNAVAILABLE (FILE_ERROR) when it cannot be written,
// and the file is as before.
absl::StatusOr<std::string> AddMasterKey(const std::string& path, absl::Time now);

}  // namespace leye::access

#endif  // LEYE_SERVICES_ACCESS_MASTER_KEYS_H_
