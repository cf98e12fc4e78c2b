// One mutation of one resource, from its request to its answer: asks whether this very request has
// been answered before, then tries until a commit meets the store as the attempt had read it.
//
//   Mutator mutator(service, request, context, region);
//   mutator.CheckRequest(violations);
//   return mutator.Run([&] { return Attempt{...}; }, response);
#ifndef LEYE_SERVICES_APP_MUTATOR_H_
#define LEYE_SERVICES_APP_MUTATOR_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "google/protobuf/message.h"

#include "services/app/record_service.h"
#include "services/store/store.h"

namespace leye::app {

// What an attempt would commit, worked out from what the store says now. The mutations that put
// resources of the service's kind are what is answered, in their order.
struct Attempt {
  std::vector<store::Mutation> mutations;
  // What validate_only answers: those resources. Empty for a deletion.
  std::vector<std::unique_ptr<google::protobuf::Message>> answers;
};

// True for the failures of a commit that mean: somebody was faster, look again.
bool IsConflict(const absl::Status& status);

// The store's "there is no such record" and the like, never of use to a caller, replaced.
absl::Status Contended();

// Thread-compatible. Views everything it is made from.
class Mutator {
 public:
  using Message = google::protobuf::Message;

  Mutator(const RecordService& service, const Message& request, const CallContext& context,
          store::Region region);

  // Checks `request_id`.
  void CheckRequest(Violations& violations) const;

  // Whether nothing is to happen.
  bool validate_only() const { return request_.Flag("validate_only"); }

  // `prepare` makes an attempt, and is called again after a conflict.
  absl::Status Run(absl::FunctionRef<absl::StatusOr<Attempt>()> prepare, Message& response) const;

  // A put of `resource` (used up) over `existing`, or as a new record when that is null.
  absl::StatusOr<store::Mutation> Put(const std::string& name, Message& resource,
                                      const store::Record* existing) const;

  const CallContext& context() const { return context_; }

  // What validate_only answers for `resource` under `name`.
  std::unique_ptr<Message> Preview(const std::string& name, const Message& resource) const;

  // ABORTED (ETAG_MISMATCH) unless `etag` is empty or that of `record`.
  absl::Status CheckEtag(const std::string& etag, const store::Record& record) const;

 private:
  absl::Status Answer(const store::CommitResult& result, Message& response) const;
  std::string Fingerprint() const;

  const RecordService& service_;
  const RequestView request_;
  const CallContext& context_;
  const store::Region region_;
  const std::string request_id_;
};

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_MUTATOR_H_
