// Five people, two households' areas and a third, three kinds of work: small enough to reckon by
// hand.
//
//   yian       lies where the work is. Household `li` (lifted from poverty): `sewer-near`, who can
//              sew at level 4, hopes for 3,500 yuan and has waited for years; `earner`, who is in
//              work and wants no other. Household `zhao` (moved along): `welder`; `no-consent`.
//   ten-north  lies 10 km from it, one half-distance. Household `wang` (monitored, at risk), in
//   which
//              nobody works: `sewer-far`, who can sew at level 2 and says no more.
//   empty      nobody lives there.
//
// All work is at one point and pays 3,000 to 4,000 yuan: `sewing` (a job on the market that asks
// for sewing at level 2), `cleaning` (a village's public-welfare post), `road` (work for relief).
//
//   LEYE_ASSERT_OK_AND_ASSIGN(const std::string revision, MakeSmallWorld(client));

#ifndef LEYE_TESTS_E2E_SMALL_WORLD_H_
#define LEYE_TESTS_E2E_SMALL_WORLD_H_

#include <string>

#include "absl/status/statusor.h"

#include "leye/v1/candidate.pb.h"
#include "leye/v1/plan.pb.h"
#include "leye/v1/posting.pb.h"
#include "tests/e2e/client.h"

namespace leye::e2e {

// Creates it by unary calls in region 13. The revision that holds the last of it.
absl::StatusOr<std::string> MakeSmallWorld(const Client& client);

// Sends `sewer-near` to `sewing`, as referral `near` of the small world. The revision that holds
// it.
absl::StatusOr<std::string> MakeReferral(const Client& client);

// Two plans of county 130723: `fair`, which gives `welder` the work on the `road` and has been
// worked out, and `later`, which waits until the year 2100. The revision that holds both.
absl::StatusOr<std::string> MakePlans(const Client& client);

// The plan when it has ended, whichever way; DEADLINE_EXCEEDED after a minute.
absl::StatusOr<v1::Plan> WaitForPlan(const Client& client, const std::string& name);

// "regions/13/<collection>/<id>".
std::string NameOf(absl::string_view collection, absl::string_view id);

// A candidate of household `li` and a posting of employer `garment` that lack nothing.
v1::Candidate SomeCandidate();
v1::Posting SomePosting();

// The revision of region 13 now. Any change of any record of the region changes it.
absl::StatusOr<std::string> RevisionNow(const Client& client);

}  // namespace leye::e2e

#endif  // LEYE_TESTS_E2E_SMALL_WORLD_H_
