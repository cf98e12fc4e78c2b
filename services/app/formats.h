// The written forms of times, dates, codes and numbers. Pure functions.
#ifndef LEYE_SERVICES_APP_FORMATS_H_
#define LEYE_SERVICES_APP_FORMATS_H_

#include <cstddef>
#include <optional>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "google/protobuf/timestamp.pb.h"

namespace leye::app {

// In microseconds, as records have them.
google::protobuf::Timestamp ToTimestamp(absl::Time time);
absl::Time ToTime(const google::protobuf::Timestamp& time);

// The number of code points, or nullopt when `text` is not valid UTF-8 (overlong forms and
// surrogates are not).
std::optional<size_t> CountCodePoints(absl::string_view text);

// "2024-02-29", from 1900-01-01 to 2199-12-31; nullopt for anything else.
std::optional<absl::CivilDay> ParseDate(absl::string_view text);

// "2024-02", from 1900 to 2199.
bool IsMonth(absl::string_view text);

// Six digits that begin with the code of a province.
bool IsDivisionCode(absl::string_view text);

// Digits with `+`, `-` and blanks, at least three digits.
bool IsPhone(absl::string_view text);

// True if the last of 18 characters is the check character of an identity number (GB 11643, ISO
// 7064 MOD 11-2), and the number holds a date.
bool IsIdNumber(absl::string_view text);

// Of a valid identity number: the birth date it holds, and whether it is a man's.
absl::CivilDay BirthDateOfIdNumber(absl::string_view id_number);
bool IsMaleIdNumber(absl::string_view id_number);

// True for a unified social credit code with a right check character (GB 32100, MOD 31).
bool IsCreditCode(absl::string_view text);

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_FORMATS_H_
