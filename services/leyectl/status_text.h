// A failed call in words: code, message, reason, and each field that is wrong.

#ifndef LEYE_SERVICES_LEYECTL_STATUS_TEXT_H_
#define LEYE_SERVICES_LEYECTL_STATUS_TEXT_H_

#include <string>

#include <grpcpp/support/status.h>

#include "services/base/status.h"
#include "services/leyectl/language.h"

namespace leye::ctl {

struct Settings;

// Several lines for people, with advice where there is any:
//
//   leyectl: NOT_FOUND: no posting regions/13/postings/x
//     reason  RESOURCE_NOT_FOUND
//     field   posting.openings: must be at least 1
std::string StatusText(const grpc::Status& status, const Settings& settings);

// One line of JSON: code, status, message, and where the server gave them reason, metadata and
// fieldViolations.
std::string StatusJson(const grpc::Status& status);

// The details that the server sent along.
ErrorDetails DetailsOf(const grpc::Status& status);

// `NOT_FOUND`, as the code is written in every gRPC tool.
std::string CodeName(grpc::StatusCode code);

}  // namespace leye::ctl

#endif  // LEYE_SERVICES_LEYECTL_STATUS_TEXT_H_
