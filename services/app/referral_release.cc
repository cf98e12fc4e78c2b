#include "services/app/referral_release.h"

#include <optional>
#include <set>

#include "absl/strings/str_cat.h"

#include "leye/storage/v1/claim.pb.h"
#include "services/app/names.h"
#include "services/app/referral_errors.h"
#include "services/base/status.h"

namespace leye::app {

using storage::v1::Bar;
using store::Kind;
using store::Mutation;
using store::Precondition;

absl::Status ReleasePerson(store::Store& store, store::Region region, const std::string& name,
                           std::vector<Mutation>& mutations) {
  const std::vector<store::RecordKey> keys = {{Kind::kClaim, name}, {Kind::kPlacement, name}};
  LEYE_ASSIGN_OR_RETURN(const auto records, store.BatchGet(region, keys));
  for (size_t i = 0; i < keys.size(); ++i) {
    if (records[i].has_value()) {
      storage::v1::Claim claim;
      claim.ParseFromString(records[i]->envelope.open());
      return PersonHeld(name, FormatName(region, "referrals", claim.claim_id()));
    }
    mutations.push_back(Mutation::Check(keys[i].kind, keys[i].name, Precondition::Absent()));
  }
  return absl::OkStatus();
}

absl::Status ReleasePosting(store::Store& store, store::Region region, const std::string& name,
                            std::vector<Mutation>& mutations) {
  LEYE_ASSIGN_OR_RETURN(const auto records, store.BatchGet(region, {{Kind::kHolds, name}}));
  if (!records[0].has_value()) {
    mutations.push_back(Mutation::Check(Kind::kHolds, name, Precondition::Absent()));
    return absl::OkStatus();
  }
  storage::v1::Holds holds;
  holds.ParseFromString(records[0]->envelope.open());
  // Those of this region bar their pair, those of other regions only hold.
  std::set<std::string> referrals;
  for (const Bar& bar : holds.bars()) referrals.insert(bar.open_referral());
  for (const storage::v1::Hold& hold : holds.holds()) referrals.insert(hold.claim_id());
  referrals.erase("");
  const size_t open = referrals.size();
  if (open > 0) {
    return WithMessageZh(
        Error(absl::StatusCode::kFailedPrecondition, "HAS_DEPENDENTS",
              absl::StrCat(open, " referrals to ", name, " have not ended: end them first"),
              {{"name", name}, {"count", absl::StrCat(open)}}),
        absl::StrCat("仍有 ", open, " 条未结束的推荐，请先办结：", name));
  }
  mutations.push_back(
      Mutation::Delete(Kind::kHolds, name, Precondition::AtVersion(records[0]->version)));
  return absl::OkStatus();
}

}  // namespace leye::app
