// What the server does by itself when a time is over, as a call: of an operator called the clock.
#ifndef LEYE_SERVICES_APP_CLOCK_CONTEXT_H_
#define LEYE_SERVICES_APP_CLOCK_CONTEXT_H_

#include "services/app/context.h"

namespace leye::app {

// In histories and in the audit.
inline constexpr char kClockActor[] = "clock";

inline CallContext ClockContext() {
  return {.principal = {.id = kClockActor, .role = access::Role::kOperator}};
}

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_CLOCK_CONTEXT_H_
