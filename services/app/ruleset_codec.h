// Rulesets of the API and of the matcher, one made from the other.
//
//   matcher::Ruleset rules = matcher::DefaultRuleset();
//   ApplyRuleset(overlay, "ruleset", rules, violations);   // what it says; the rest stays
//   v1::Ruleset told = DescribeRuleset(rules);             // with every field set
//
// Both walk one table, which pairs each field of leye.v1.Ruleset, by its path, with the matcher's:
// what is added to the one and not to the table, a test reports.
#ifndef LEYE_SERVICES_APP_RULESET_CODEC_H_
#define LEYE_SERVICES_APP_RULESET_CODEC_H_

#include <string>

#include "absl/strings/string_view.h"

#include "leye/v1/ruleset.pb.h"
#include "matcher/ruleset.h"
#include "services/app/violations.h"

namespace leye::app {

// Changes `rules` to what `given` says, and adds what makes no sense, alone or together, by its
// path within the request. `rules` may be used only if nothing was added.
void ApplyRuleset(const v1::Ruleset& given, absl::string_view path, matcher::Ruleset& rules,
                  Violations& violations);

// Everything but what is about the record: name, etag, times, display name, sources, base.
v1::Ruleset DescribeRuleset(const matcher::Ruleset& rules);

// UNSPECIFIED for a group that the API does not name.
v1::Group ToApi(matcher::Group group);

// "rulesets/hebei-2026" for what leyed brings along; a region's is its version.
std::string RulesetName(const matcher::Ruleset& rules);

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_RULESET_CODEC_H_
