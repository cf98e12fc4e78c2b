// The RPCs that the gateway serves, by path, from their descriptors.
//
//   LEYE_ASSIGN_OR_RETURN(auto methods, MethodTable::Create({"leye.v1.PostingService"}));
//   const Method* method = methods->Find("/leye.v1.PostingService/GetPosting");

#ifndef LEYE_SERVICES_GATEWAY_METHODS_H_
#define LEYE_SERVICES_GATEWAY_METHODS_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

namespace leye::gateway {

// Immutable value; valid for the length of the process.
struct Method {
  const google::protobuf::MethodDescriptor* rpc = nullptr;
  std::string path;  // "/leye.v1.PostingService/GetPosting".

  bool streams_answers() const { return rpc->server_streaming(); }
  // HTTP/1.1 gives one request, then one answer: what the client streams cannot be carried.
  bool streams_requests() const { return rpc->client_streaming(); }
  // Declared in the proto: idempotency_level = NO_SIDE_EFFECTS.
  bool only_reads() const;

  std::unique_ptr<google::protobuf::Message> NewRequest() const;
  std::unique_ptr<google::protobuf::Message> NewResponse() const;
};

// Immutable, safe for concurrent use.
class MethodTable {
 public:
  // NOT_FOUND when the descriptor of a service is not linked in, FAILED_PRECONDITION when one of
  // its messages has no JSON here (json_writer.h): a map or an unusual well-known type.
  static absl::StatusOr<std::unique_ptr<const MethodTable>> Create(
      const std::vector<std::string>& services);

  // Null for no such method.
  const Method* Find(absl::string_view path) const;

 private:
  explicit MethodTable(absl::flat_hash_map<std::string, Method> methods)
      : methods_(std::move(methods)) {}

  absl::flat_hash_map<std::string, Method> methods_;
};

}  // namespace leye::gateway

#endif  // LEYE_SERVICES_GATEWAY_METHODS_H_
