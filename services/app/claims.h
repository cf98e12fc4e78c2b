// Claims: how one person and one opening are brought together when they may be in different
// regions, which no commit spans.
//
//   Claims claims(store, clock, openings_of);
//   claims.Start({.claim_id = id, .candidate = person, .posting = posting, .expire_time = then});
//   claims.Confirm(person, id);      // Or NO_OPENING, and the person is free again.
//   claims.Settle(person, id);       // Placed; or Undo(person, id) at any time.
//
//                 Start            Confirm                        Settle
//     (nothing) --------> CLAIMED --------------------> CONFIRMED -------> SETTLED
//         ^                  | full, Undo, expired          | Undo,           | Undo
//         |                  v                              | expired         |
//         +------------- UNDOING <--------------------------+-----------------+
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
// again (Start: for as long as the store remembers requests). A process may die between any two;
// Recover brings what it left to an end. Only what was read as CLAIMED or expired is undone without
// being asked for: a placement ends by Undo alone.
//
// No service calls this yet: referrals are of one region so far.

#ifndef LEYE_SERVICES_APP_CLAIMS_H_
#define LEYE_SERVICES_APP_CLAIMS_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "leye/storage/v1/claim.pb.h"
#include "services/base/clock.h"
#include "services/store/store.h"

namespace leye::app {

using storage::v1::Claim;

struct ClaimRequest {
  std::string claim_id;  // New for each claim, for ever (NewId); at most 64 bytes.
  std::string candidate;
  std::string posting;
  absl::Time expire_time;  // Until when it must be settled, else it is undone.
};

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
// FAILED_PRECONDITION (CLAIM_EXPIRED)  too late; NOT_CONFIRMED: too early, to settle
// NOT_FOUND (CLAIM_GONE)               the claim was undone, or never was
// ABORTED (CONTENDED)                  too many others; the same call may be made again
// and the errors of the store, after which the same call may be made again.
class Claims {
 public:
  // How many people a posting takes in all, those placed included; 0 when it takes nobody.
  using OpeningsOf = std::function<absl::StatusOr<int64_t>(const store::Record& posting)>;

  // Everything outlives this.
  Claims(store::Store& store, const Clock& clock, OpeningsOf openings_of)
      : store_(store), clock_(clock), openings_of_(std::move(openings_of)) {}

  // Takes the person. That both exist is the caller's to check.
  absl::StatusOr<Claim> Start(const ClaimRequest& request) const;

  // Holds an opening. A claim that can get none, or is expired, is undone before the error.
  absl::StatusOr<Claim> Confirm(const std::string& candidate, const std::string& claim_id) const;

  // Places the person for good.
  absl::StatusOr<Claim> Settle(const std::string& candidate, const std::string& claim_id) const;

  // Frees opening and person, also after a placement. OK when there is no such claim any more.
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
  const OpeningsOf openings_of_;
};

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_CLAIMS_H_
