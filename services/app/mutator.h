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

// What an attempt would commit, worked out from what the store says now. The resource's own
// mutation comes first.
struct Attempt {
  std::vector<store::Mutation> mutations;
  std::unique_ptr<google::protobuf::Message> answer;  // Null for a deletion.
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

  // `prepare` makes an attempt, and is called again after a conflict.
  absl::Status Run(absl::FunctionRef<absl::StatusOr<Attempt>()> prepare, Message& response) const;

  // A put of `resource` (used up) over `existing`, or as a new record when that is null.
  absl::StatusOr<store::Mutation> Put(const std::string& name, Message& resource,
                                      const store::Record* existing) const;

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
