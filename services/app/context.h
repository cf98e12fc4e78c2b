// What every use case is told beside its request, and what the use cases are built from.
#ifndef LEYE_SERVICES_APP_CONTEXT_H_
#define LEYE_SERVICES_APP_CONTEXT_H_

#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"

#include "services/access/policy.h"
#include "services/access/principal.h"
#include "services/access/reach.h"
#include "services/access/sealer.h"
#include "services/base/clock.h"
#include "services/base/random.h"
#include "services/store/store.h"

namespace leye::app {

class Catalogue;

// One call. Thread-compatible; made by the handler, alive until the call has been answered.
struct CallContext {
  access::Principal principal;
  access::Scope scope = access::Scope::kOwn;  // On which records the policy lets it act.
  absl::Time deadline = absl::InfiniteFuture();
  std::string language = "zh-CN";  // Of texts made for people: "zh-CN" or "en".
  std::string purpose = {};        // Why the caller says it calls: a code, for the audit.
  // True once nobody waits for the answer. Long work asks it now and then. Empty: never.
  std::function<bool()> cancelled = {};
};

// OK, or CANCELLED, or DEADLINE_EXCEEDED: asked between the steps of long work.
absl::Status CheckAlive(const CallContext& context, const Clock& clock);

// What the use cases are built from. Everything outlives them.
struct Dependencies {
  store::Store& store;
  const access::Sealer& sealer;
  const Catalogue& catalogue;
  const Clock& clock;
  RandomSource& random;
};

// What of the region the caller reaches today. Not to outlive the call.
inline access::Reach ReachOf(const CallContext& context, const Dependencies& dependencies,
                             store::Region region) {
  return {context.principal, context.scope, dependencies.store, region, Today(dependencies.clock)};
}

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_CONTEXT_H_
