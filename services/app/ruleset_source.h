// Which rules are in force where and when.
#ifndef LEYE_SERVICES_APP_RULESET_SOURCE_H_
#define LEYE_SERVICES_APP_RULESET_SOURCE_H_

#include <memory>
#include <utility>

#include "absl/time/civil_time.h"

#include "matcher/ruleset.h"
#include "services/store/region.h"

namespace leye::app {

// Implementations are thread-safe and answer at once, from memory.
class RulesetSource {
 public:
  using Ruleset = std::shared_ptr<const matcher::Ruleset>;

  virtual ~RulesetSource() = default;

  // Never null, and valid.
  virtual Ruleset InForce(store::Region region, absl::CivilDay day) const = 0;
};

// The same everywhere and always.
class OneRuleset final : public RulesetSource {
 public:
  explicit OneRuleset(matcher::Ruleset ruleset)
      : ruleset_(std::make_shared<const matcher::Ruleset>(std::move(ruleset))) {}

  Ruleset InForce(store::Region, absl::CivilDay) const override { return ruleset_; }

 private:
  const Ruleset ruleset_;
};

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_RULESET_SOURCE_H_
