// What referrals hold: pure changes of the ledgers that a referral's commit writes beside it.
//
// Three records keep the promises that no single referral can:
//   kHolds of a posting    who holds its openings, and who is barred from it
//   kPlacement of a person the one referral that holds the person
//   kHolds of a household  public-welfare posts held for members who have not begun
// A referral in a state that holds an opening stands in the first two as a hold; one that is open
// without holding only bars its pair in the first.
// Every change of them is in the commit of the step that causes it, on condition that they are as
// they were read: so no opening and no person is held twice, whoever calls at once.
#ifndef LEYE_SERVICES_APP_REFERRAL_LEDGER_H_
#define LEYE_SERVICES_APP_REFERRAL_LEDGER_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "leye/storage/v1/claim.pb.h"
#include "leye/v1/posting.pb.h"
#include "leye/v1/referral.pb.h"
#include "matcher/openings.h"
#include "services/store/record.h"
#include "services/store/region.h"

namespace leye::app {

// --- Openings of a posting -----------------------------------------------------------------------

v1::Channel PostingChannel(const v1::Posting& posting);

// The group that openings are reserved for: that of relocated people unless the posting says so.
v1::Group ReservedGroupOf(const v1::Posting& posting);

// How many are left, and for whom. A holder counts for the group that the posting reserves openings
// for now only if it was that group already when the holder took one: never too few are kept.
matcher::OpeningsLeft LeftOf(const v1::Posting& posting, const storage::v1::Holds& holds);

// Adds a hold if an opening of the posting is left to a person of the hold's reserved group.
// FAILED_PRECONDITION (NO_OPENING) else.
absl::Status AddHold(const std::string& posting_name, const v1::Posting& posting,
                     const storage::v1::Hold& hold, storage::v1::Holds& holds);

// Adds or replaces the hold of `hold.claim_id`.
void SetHold(const storage::v1::Hold& hold, storage::v1::Holds& holds);
// Nothing happens when there is none.
void RemoveHold(absl::string_view claim_id, storage::v1::Holds& holds);
const storage::v1::Hold* FindHold(const storage::v1::Holds& holds, absl::string_view claim_id);

// The holds whose time is over.
std::vector<storage::v1::Hold> OverdueHolds(const storage::v1::Holds& holds, absl::Time now);

// Public-welfare posts of that kind held for a household.
int HoldsOfKind(const storage::v1::Holds& holds, v1::PublicWelfareKind kind);

// --- Who is barred from a posting ----------------------------------------------------------------

// The id of the pair's open referral, "" when it has none.
std::string OpenReferralOf(const storage::v1::Holds& holds, absl::string_view candidate);

// Replaces what was said of that person before.
void SetBar(const storage::v1::Bar& bar, storage::v1::Holds& holds);
void RemoveBar(absl::string_view candidate, storage::v1::Holds& holds);

// Forgets refusals so long ago that no ruleset asks for them any more.
void ForgetOldBars(absl::Time now, storage::v1::Holds& holds);

// --- What is due ---------------------------------------------------------------------------------

// The record that says that a referral's time is over then. Such records sort by time.
store::RecordKey DueKeyOf(store::Region region, absl::Time due, absl::string_view referral_id);

// What the name of such a record says.
struct DueReferral {
  absl::Time due;
  std::string referral;  // Full name.
};
// REQUIRES: the name of a record of Kind::kDue.
DueReferral ParseDueName(absl::string_view name);

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_REFERRAL_LEDGER_H_
