// What the API is, by its own descriptors: every RPC of package leye.v1.
//
//   for (const google::protobuf::MethodDescriptor* rpc : AllRpcs()) { ... }

#ifndef LEYE_TESTS_E2E_RPCS_H_
#define LEYE_TESTS_E2E_RPCS_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

namespace leye::e2e {

using Rpc = google::protobuf::MethodDescriptor;

// The names of all services of the API, sorted.
std::vector<std::string> AllServices();

// All RPCs, in the order of the protos. A service is found when its proto is linked in, which
// AllServices ensures for all of them; a new service must be added there, or a test fails.
std::vector<const Rpc*> AllRpcs();

// The RPC with this request type. REQUIRES: there is one.
const Rpc& MethodOf(const google::protobuf::Descriptor& request);

// An empty message of a generated type.
std::unique_ptr<google::protobuf::Message> NewMessage(const google::protobuf::Descriptor& type);

}  // namespace leye::e2e

#endif  // LEYE_TESTS_E2E_RPCS_H_
