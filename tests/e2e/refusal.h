// What a refusal must be: a specific status, a reason of leye's, the field, in two languages.
//
//   EXPECT_THAT(answer, RefusesField("posting.openings"));
//   EXPECT_THAT(answer, Refuses(absl::StatusCode::kAborted, "ETAG_MISMATCH"));

#ifndef LEYE_TESTS_E2E_REFUSAL_H_
#define LEYE_TESTS_E2E_REFUSAL_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "gmock/gmock.h"

#include "services/base/status.h"
#include "tests/e2e/client.h"

namespace leye::e2e {

// What is missing from a refusal that every refusal has: "" when it is whole.
std::string WhatIsMissing(const absl::Status& status);

// The fields that an answer finds fault with: of the status, or of an import's rejected items.
// Items are named as imports name them: "candidate.sex".
std::vector<std::string> FaultyFields(const Answer& answer);

// As an import's problems name the first item's field: "candidates[0].sex" -> "candidate.sex".
std::string ImportField(const std::string& field);

MATCHER_P2(Refuses, code, reason, "") {
  const std::string missing = WhatIsMissing(arg.status);
  *result_listener << arg.status << "; missing: " << missing;
  return missing.empty() && arg.status.code() == code &&
         GetErrorDetails(arg.status).reason == reason;
}

// INVALID_ARGUMENT that names `field`, or an import that rejects the item for it.
MATCHER_P(RefusesField, field, "") {
  const bool rejected_item = arg.status.ok() && !arg.messages.empty();
  const std::string missing = rejected_item ? "" : WhatIsMissing(arg.status);
  *result_listener << arg.status << "; missing: " << missing
                   << "; named: " << ::testing::PrintToString(FaultyFields(arg));
  const bool code_fits = rejected_item || arg.status.code() == absl::StatusCode::kInvalidArgument;
  return code_fits && missing.empty() &&
         ::testing::Value(FaultyFields(arg), ::testing::Contains(std::string(field)));
}

}  // namespace leye::e2e

#endif  // LEYE_TESTS_E2E_REFUSAL_H_
