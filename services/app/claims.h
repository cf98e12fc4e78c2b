// Claims: how one person and one opening of another region are brought together, which no commit
// spans.
//
//   Claims claims(store, clock);
//   claims.Start({.claim_id = id, .candidate = person, .posting = posting, .expire_time = then});
//   claims.Confirm(person, id);      // Or NO_OPENING, and the person is free again.
//   PutPlacement(claim, set);        // In the commit of what the person is placed for,
//   PutUndoing(claim, set);          // and in that of its end,
//   claims.Undo(person, id);         // after which this gives the opening back.
//
//                 Start            Confirm                     PutPlacement
//     (nothing) --------> CLAIMED --------------------> CONFIRMED -------> SETTLED
//         ^                  | full, Undo, expired          | Undo,           |
//         |                  v                              | expired         | PutUndoing
//         +------------- UNDOING <--------------------------+-----------------+
//               Undo
//
// The state is one record in the person's region, named like the person: so a person has at most
// one claim, and every arrow is a conditional commit there, in which claim or placement changes
// hands. The openings are one record in the posting's region, under the posting's name, that lists
// who holds one. Between the two, in this order:
//
//   Confirm   1. reads the posting and its holds, then 2. the claim, which must be CLAIMED;
//             3. adds its hold, provided that holds and posting are still as read; 4. CONFIRMED.
//   Undo      1. UNDOING; 2. writes the holds without its own, also when it has none;
//             3. removes the claim.
//
// So whoever is CONFIRMED or SETTLED has a hold, and a hold has a claim. That Undo always writes
// the holds makes a Confirm that had read them before fail at its step 3; one that reads them later
// sees the claim UNDOING or gone. No process needs to know of another.
//
// Each step may be repeated with the same claim id: what has happened already does not happen
// again. A process may die between any two; Recover brings what it left to an end. Only a claim is
// undone, by Recover when it is expired; a placement ends by PutUndoing alone.

#ifndef LEYE_SERVICES_APP_CLAIMS_H_
#define LEYE_SERVICES_APP_CLAIMS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "leye/storage/v1/claim.pb.h"
#include "services/app/working_set.h"
#include "services/base/clock.h"
#include "services/store/store.h"

namespace leye::app {

using storage::v1::Claim;

struct ClaimRequest {
  std::string claim_id;  // The referral's id; at most 64 bytes.
  std::string candidate;
  std::string posting;
  absl::Time expire_time;          // Until when it must be settled, else it is undone.
  bool of_reserved_group = false;  // For which the posting reserves openings.
};

// The person's placement takes the place of the claim, in a commit of the person's region.
// REQUIRES: the person's records of Kind::kClaim and kPlacement are in the set as they were when
// the claim was confirmed.
void PutPlacement(Claim claim, WorkingSet& set);

// The other way round: the opening is to be given back, and Undo will do it.
// REQUIRES: both records are in the set.
void PutUndoing(Claim claim, WorkingSet& set);

// What Recover did.
struct Recovered {
  int64_t confirmed = 0;
  int64_t undone = 0;
  std::vector<absl::Status> failed;  // One for each claim that could not be brought on now.
};

// Immutable, safe for concurrent use, also by several processes.
//
// INVALID_ARGUMENT (INVALID_FIELDS)    a name or id is malformed
// ALREADY_EXISTS (PERSON_CLAIMED)      the person has another claim, or a placement
// FAILED_PRECONDITION (NO_OPENING)     every opening is held, or the posting is gone or closed
// FAILED_PRECONDITION (CLAIM_EXPIRED)  too late
// NOT_FOUND (CLAIM_GONE)               the claim was undone, or never was
// ABORTED (CONTENDED)                  too many others; the same call may be made again
// and the errors of the store, after which the same call may be made again.
class Claims {
 public:
  // Everything outlives this.
  Claims(store::Store& store, const Clock& clock) : store_(store), clock_(clock) {}

  // Takes the person. That both exist is the caller's to check.
  absl::StatusOr<Claim> Start(const ClaimRequest& request) const;

  // Holds an opening. A claim that can get none, or is expired, is undone before the error.
  absl::StatusOr<Claim> Confirm(const std::string& candidate, const std::string& claim_id) const;

  // Frees opening and person, unless the person is placed. OK also when there is no such claim any
  // more.
  absl::Status Undo(const std::string& candidate, const std::string& claim_id) const;

  // The claim or placement of a person; nullopt when there is none.
  absl::StatusOr<std::optional<Claim>> Find(const std::string& candidate) const;

  // Brings every claim of the region's people to an end: CLAIMED goes on to CONFIRMED, or is undone
  // like what is expired; UNDOING is completed. To be called at the start and now and then.
  absl::StatusOr<Recovered> Recover(store::Region region) const;

 private:
  struct Held;
  enum class End { kLeftAlone, kConfirmed, kUndone };

  absl::StatusOr<std::optional<Held>> Read(const std::string& candidate) const;
  absl::StatusOr<Held> ReadOwn(const std::string& candidate, const std::string& claim_id) const;
  absl::Status HoldOpening(const std::string& candidate, const std::string& claim_id) const;
  absl::Status GiveUp(const Held& own, absl::Status why) const;
  absl::Status GiveBackOpening(const Claim& claim) const;
  absl::Status Advance(const Held& from, storage::v1::ClaimState state) const;
  absl::StatusOr<End> BringToEnd(const store::Record& record) const;
  bool IsExpired(const Claim& claim) const;

  store::Store& store_;
  const Clock& clock_;
};

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_CLAIMS_H_
