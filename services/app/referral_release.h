// What the deletion of a person or a posting has to do about referrals: nobody who holds an opening
// is deleted, nor a posting that is held.
#ifndef LEYE_SERVICES_APP_REFERRAL_RELEASE_H_
#define LEYE_SERVICES_APP_REFERRAL_RELEASE_H_

#include <string>
#include <vector>

#include "absl/status/status.h"

#include "services/store/store.h"

namespace leye::app {

// Adds to `mutations` that no referral holds the person; FAILED_PRECONDITION (PERSON_HELD) when one
// does. Referrals that hold nothing stay, as the history of a name.
absl::Status ReleasePerson(store::Store& store, store::Region region, const std::string& name,
                           std::vector<store::Mutation>& mutations);

// Adds to `mutations` that the posting's ledger goes with it; FAILED_PRECONDITION (HAS_DEPENDENTS)
// when it has referrals that have not ended.
absl::Status ReleasePosting(store::Store& store, store::Region region, const std::string& name,
                            std::vector<store::Mutation>& mutations);

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_REFERRAL_RELEASE_H_
