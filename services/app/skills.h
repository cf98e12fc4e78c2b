// The use cases of the catalogue: see SkillService in leye/v1/skill.proto.
#ifndef LEYE_SERVICES_APP_SKILLS_H_
#define LEYE_SERVICES_APP_SKILLS_H_

#include "absl/status/statusor.h"

#include "leye/v1/skill.pb.h"
#include "services/app/catalogue.h"
#include "services/app/context.h"
#include "services/app/phrase_normalizer.h"
#include "services/base/clock.h"

namespace leye::app {

// Thread-safe. Every method answers the status and does what the RPC of its name documents.
class Skills {
 public:
  // All outlive this. `normalizer` is over `catalogue`.
  Skills(const Catalogue& catalogue, const PhraseNormalizer& normalizer, const Clock& clock)
      : catalogue_(catalogue), normalizer_(normalizer), clock_(clock) {}

  absl::StatusOr<v1::GetSkillResponse> GetSkill(const v1::GetSkillRequest& request,
                                                const CallContext& context) const;
  absl::StatusOr<v1::ListSkillsResponse> ListSkills(const v1::ListSkillsRequest& request,
                                                    const CallContext& context) const;
  absl::StatusOr<v1::SearchSkillsResponse> SearchSkills(const v1::SearchSkillsRequest& request,
                                                        const CallContext& context) const;
  absl::StatusOr<v1::GetTradeResponse> GetTrade(const v1::GetTradeRequest& request,
                                                const CallContext& context) const;
  absl::StatusOr<v1::ListTradesResponse> ListTrades(const v1::ListTradesRequest& request,
                                                    const CallContext& context) const;
  absl::StatusOr<v1::NormalizeSkillsResponse> NormalizeSkills(
      const v1::NormalizeSkillsRequest& request, const CallContext& context) const;

 private:
  const Catalogue& catalogue_;
  const PhraseNormalizer& normalizer_;
  const Clock& clock_;
};

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_SKILLS_H_
