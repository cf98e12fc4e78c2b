// Text to typed value and back, for config.h.

#ifndef LEYE_SERVICES_BASE_CONFIG_VALUE_H_
#define LEYE_SERVICES_BASE_CONFIG_VALUE_H_

#include <string>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "services/base/config.h"

namespace leye::config_internal {

// One alternative for each alternative of ConfigTarget, in the same order.
using ConfigValue =
    std::variant<std::string, bool, int, int64_t, double, absl::Duration, std::vector<std::string>>;

// `text` as a value of `key`'s type, within its limits. The message of an error says what was
// expected, and not the key.
absl::StatusOr<ConfigValue> ParseValue(const ConfigKey& key, absl::string_view text);

// Sets `target`. REQUIRES: `value` has the target's type.
void SetTarget(const ConfigTarget& target, const ConfigValue& value);

// What the target holds, as ParseValue reads it.
std::string FormatTarget(const ConfigTarget& target);

// "text", "number", "duration" and so on.
absl::string_view TypeName(const ConfigTarget& target);

// "1 to 256", "at least 0", "one of a, b"; "" when anything goes.
std::string FormatLimits(const ConfigKey& key);

}  // namespace leye::config_internal

#endif  // LEYE_SERVICES_BASE_CONFIG_VALUE_H_
