#include "services/leyed/referral_clock.h"

#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "gtest/gtest.h"

#include "services/app/referrals.h"
#include "services/base/status.h"
#include "tests/services/app/referral_fixture.h"
#include "tests/services/live/store_proxy.h"
#include "tests/testing/status_matchers.h"

namespace leye {
namespace {

using ::leye::testing::IsOk;

constexpr store::Region kLost = store::Region::FromNumber(11);

// A store whose first region cannot be read: its shard is down, say.
class StoreWithALostRegion final : public live::StoreProxy {
 public:
  using StoreProxy::StoreProxy;

  absl::StatusOr<store::Heads> ListRegions() override {
    LEYE_ASSIGN_OR_RETURN(store::Heads heads, StoreProxy::ListRegions());
    heads.emplace(kLost, store::Revision());
    return heads;
  }

  absl::StatusOr<store::ScanPage> Scan(const store::ScanRequest& request) override {
    if (request.region == kLost) return absl::UnavailableError("lost");
    return StoreProxy::Scan(request);
  }
};

TEST(ReferralClock, ARegionThatCannotBeReadKeepsNoOtherFromItsEnds) {
  app::Bureau bureau;
  bureau.AddPerson("wang");
  bureau.AddPosting("one", "openings: 1");
  ASSERT_THAT(bureau.Create("r", "wang", "one"), IsOk());
  bureau.app.clock.Advance(absl::Hours(24 * 8));
  bureau.app.store = std::make_unique<StoreWithALostRegion>(std::move(bureau.app.store));
  const app::Referrals referrals(
      app::Dependencies{*bureau.app.store, bureau.app.sealer, bureau.app.dependencies->catalogue,
                        bureau.app.clock, bureau.app.random},
      bureau.judge, bureau.app.figures);
  const Logger silent = Logger::Discard();
  // Ends after a whole round at least.
  { const ReferralClock clock({}, referrals, *bureau.app.store, silent); }
  EXPECT_EQ(bureau.Get("r").state(), v1::REFERRAL_STATE_EXPIRED);
}

}  // namespace
}  // namespace leye
