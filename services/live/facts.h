// A stored record, parsed into what live keeps of it.
//
//   LEYE_ASSIGN_OR_RETURN(std::optional<RecordFacts> facts, ParseRecord(record, context));
//
// Parsing needs no other record, so that many threads can do it at once; RegionWriter then puts the
// facts together in order.
#ifndef LEYE_SERVICES_LIVE_FACTS_H_
#define LEYE_SERVICES_LIVE_FACTS_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "leye/v1/travel.pb.h"
#include "matcher/congestion.h"
#include "matcher/openings.h"
#include "matcher/posting_profile.h"
#include "services/live/profile.h"
#include "services/store/record.h"

namespace leye::live {

struct AreaFacts {
  std::string display_name;
  std::optional<matcher::AreaProfile> profile;
};

struct HouseholdFacts {
  std::string area;  // Full name.
  HouseholdStanding standing;
};

// A referral holds the person, or is about to: the record stands under the person's name.
struct PlacementFacts {
  store::Kind kind;  // kClaim or kPlacement
};

// For which postings a person was shown: the record stands under the person's name.
struct ShowingsFacts {
  std::vector<matcher::Showing> showings;
};

// CandidateFacts, and whose member the person is.
struct PersonFacts {
  std::string household;  // Full name.
  CandidateFacts candidate;
};

struct EmployerFacts {
  std::string display_name;
  bool active = false;
};

// What referrals hold of a posting, or of a household: the record stands under its name.
struct HoldsFacts {
  int64_t holders = 0;                         // of a posting
  std::vector<matcher::Group> holder_groups;   // of those of them who are of a group
  std::vector<matcher::BarredPerson> barred;   // of a posting, ascending
  PublicWelfareCounts public_welfare_posts{};  // of a household: not yet in its members' records
};

struct PostingFacts {
  std::string employer;  // Full name.
  std::string title;
  bool published = true;
  matcher::PostingProfile profile;  // As if nobody held an opening.
  matcher::Openings posted;
};

// A place and the times to it, as the record has them.
struct TravelFacts {
  v1::TravelPlace place;
};

// The order is the one in which a region is put together: who is referred to comes first. The large
// ones are apart: a region's households wait together, and must not take as much as postings.
using Facts = std::variant<AreaFacts, HouseholdFacts, PlacementFacts, HoldsFacts, ShowingsFacts,
                           std::unique_ptr<PersonFacts>, EmployerFacts,
                           std::unique_ptr<PostingFacts>, std::unique_ptr<TravelFacts>>;

struct RecordFacts {
  std::string name;  // Full name.
  uint64_t number = 0;
  Facts facts;
};

// Which record: as a store gives it, in a scan or in a log entry.
struct RecordView {
  store::Kind kind;
  absl::string_view name;
  uint64_t number = 0;
  absl::string_view open;  // Envelope.open
};

// The directory has four bytes for every number that a region has given, up to the highest. A
// record of a higher one than this is damaged, and must not take all memory.
inline constexpr uint64_t kMostRecordNumber = uint64_t{1} << 30;

// A person's record; the errors of ParseRecord. Overwrites `facts`, whose memory is used again.
absl::Status ParsePerson(const RecordView& record, const ProfileContext& context,
                         PersonFacts& facts);

// nullopt for a kind that live does not follow. DATA_LOSS (reason RECORD_UNREADABLE) when the bytes
// are not such a message, or the number is above kMostRecordNumber.
absl::StatusOr<std::optional<RecordFacts>> ParseRecord(const RecordView& record,
                                                       const ProfileContext& context);

}  // namespace leye::live

#endif  // LEYE_SERVICES_LIVE_FACTS_H_
