// The use case of who reads the audit: see AuditService in leye/v1/audit.proto.
#ifndef LEYE_SERVICES_APP_AUDIT_TRAIL_H_
#define LEYE_SERVICES_APP_AUDIT_TRAIL_H_

#include "absl/status/statusor.h"

#include "leye/v1/audit.pb.h"
#include "services/access/audit.h"
#include "services/app/context.h"

namespace leye::app {

// Thread-safe. Every method answers the status and does what the RPC of its name documents.
class AuditTrail {
 public:
  // `audit` outlives this; null: none is kept.
  explicit AuditTrail(const access::AuditLog* audit) : audit_(audit) {}

  absl::StatusOr<v1::ListAuditEntriesResponse> ListAuditEntries(
      const v1::ListAuditEntriesRequest& request, const CallContext& context) const;

 private:
  const access::AuditLog* const audit_;
};

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_AUDIT_TRAIL_H_
