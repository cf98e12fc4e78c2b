// Commits, and the answers that are remembered for them.

#ifndef LEYE_SERVICES_STORE_REDIS_COMMIT_H_
#define LEYE_SERVICES_STORE_REDIS_COMMIT_H_

#include <optional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "services/store/environment.h"
#include "services/store/redis_client.h"
#include "services/store/store.h"

namespace leye::store::redis {

// Thread-safe. All that is given outlives it.
class Committer {
 public:
  // `replicas`: how many must have a commit before it is acknowledged.
  Committer(Client& client, const StoreEnvironment& environment, int replicas)
      : client_(client), environment_(environment), replicas_(replicas) {}

  // As Store::Commit, for a request that was checked.
  absl::StatusOr<CommitResult> Commit(const CommitRequest& request) const;

  // As Store::FindRequest. What it finds is as safe as what Commit acknowledges.
  absl::StatusOr<std::optional<CommitResult>> FindRequest(Region region,
                                                          absl::string_view request_id,
                                                          absl::string_view fingerprint) const;

 private:
  Call MakeCall(const CommitRequest& request) const;
  absl::StatusOr<CommitResult> Replay(Region region, ReplyView answer) const;

  Client& client_;
  const StoreEnvironment environment_;
  const int replicas_;
};

// OK when as many as `replicas` have what the call wrote or read, else OUTCOME_UNKNOWN.
absl::Status CheckReplicas(const Answer& answer, int replicas);

}  // namespace leye::store::redis

#endif  // LEYE_SERVICES_STORE_REDIS_COMMIT_H_
