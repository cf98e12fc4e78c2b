// A request that succeeds in the small world, for every RPC of the API.
//
//   for (const SampleRequest& sample : SampleRequests()) {
//     client.CallRaw(sample.rpc->full_name(), {sample.message->SerializeAsString()});
//   }
//
// In their order, all of them succeed one after another.

#ifndef LEYE_TESTS_E2E_REQUESTS_H_
#define LEYE_TESTS_E2E_REQUESTS_H_

#include <memory>
#include <string>
#include <vector>

#include <google/protobuf/message.h>

#include "tests/e2e/client.h"
#include "tests/e2e/rpcs.h"

namespace leye::e2e {

struct SampleRequest {
  const Rpc* rpc;
  std::unique_ptr<google::protobuf::Message> message;
};

std::vector<SampleRequest> SampleRequests();

// RPCs that the table does not have, by full name. A new RPC needs a line there.
std::vector<std::string> RpcsWithoutSample();

// Whether `rpc` is a stream that goes on until the caller cancels.
bool NeverEnds(const Rpc& rpc);

// For a call that should be refused: one message is enough of a stream that wrongly goes on.
inline CallOptions OneAnswerOf(const Rpc& rpc) {
  return {.patience = absl::Seconds(20), .most_messages = NeverEnds(rpc) ? 1 : -1};
}

// Whether it changes records.
bool Mutates(const Rpc& rpc);

}  // namespace leye::e2e

#endif  // LEYE_TESTS_E2E_REQUESTS_H_
