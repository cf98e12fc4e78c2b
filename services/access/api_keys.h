// Keys of small partners who have no certificate: long random texts, of which the server keeps only
// hashes.
//
//   const std::string key = NewApiKey();                       // given to the partner, once
//   ApiKeyLine(key, "leye://enterprise/13/yian");              // a line of the server's file
//   LEYE_ASSIGN_OR_RETURN(const ApiKeys keys, ApiKeys::Parse(file));
//   LEYE_ASSIGN_OR_RETURN(const Principal partner, keys.Find(key, clock.Now()));
//
// A line of the file is the key's SHA-256 in hexadecimal, the identity, and, if it ends, the last
// day in China: "3fd0... leye://enterprise/13/yian 2026-12-31". Empty lines and those that begin
// with # say nothing. A key has 256 random bits, so that a fast hash keeps it as well as a slow
// one.
#ifndef LEYE_SERVICES_ACCESS_API_KEYS_H_
#define LEYE_SERVICES_ACCESS_API_KEYS_H_

#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"

#include "services/access/principal.h"

namespace leye::access {

// "leye_" and 43 characters.
absl::StatusOr<std::string> NewApiKey();

// INVALID_ARGUMENT (INVALID_IDENTITY), also for whom no key is: an app acts by tokens alone, an
// operator and an auditor by certificates.
absl::StatusOr<std::string> ApiKeyLine(absl::string_view key, absl::string_view identity);

// Immutable, safe for concurrent use.
class ApiKeys {
 public:
  // INVALID_ARGUMENT (INVALID_FILE) naming the first line that is wrong.
  static absl::StatusOr<ApiKeys> Parse(absl::string_view file);

  // UNAUTHENTICATED (BAD_API_KEY) for a key that is not there or has ended.
  absl::StatusOr<Principal> Find(absl::string_view key, absl::Time now) const;

 private:
  struct Entry {
    Principal principal;
    absl::CivilDay last_day;
  };

  absl::flat_hash_map<std::string, Entry> entries_;  // By hash, 64 digits.
};

}  // namespace leye::access

#endif  // LEYE_SERVICES_ACCESS_API_KEYS_H_
