// HH-CAP over a whole plan: a post that takes at most n members of a household on its programme
// (kind of public-welfare post) may be planned for one only if all the household's members on that
// programme, present holders, pins and planned ones together, are at most n. So it does not matter
// in which order the plan is carried out.
//
// Pure functions; thread-safe.
#ifndef LEYE_MATCHER_PLAN_HOUSEHOLD_CAPS_H_
#define LEYE_MATCHER_PLAN_HOUSEHOLD_CAPS_H_

#include <span>

#include "matcher/plan/roster.h"

namespace leye::matcher::plan {

// May the household's members hold all these new posts at once?
bool CapsHold(const HomeFacts& home, std::span<const Programme> taken);

}  // namespace leye::matcher::plan

#endif  // LEYE_MATCHER_PLAN_HOUSEHOLD_CAPS_H_
