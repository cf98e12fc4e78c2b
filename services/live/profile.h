// A stored record as what the matcher knows of it.
//
//   const ProfileContext context{.codes = codes, .working_age = {}};
//   matcher::CandidateProfile person = ToCandidateProfile(candidate, context);
//   LinkToArea(person, facts, area);         // what follows from where the household lives
//
// Pure functions of one record. Ids and references are filled in by whoever knows the other records
// (region_writer.h). What is missing, malformed or not in the catalogue is "not said"; only what is
// *asked* and not in the catalogue is kept, as kUnknownSkill, which nobody holds.
#ifndef LEYE_SERVICES_LIVE_PROFILE_H_
#define LEYE_SERVICES_LIVE_PROFILE_H_

#include <span>

#include "leye/v1/candidate.pb.h"
#include "leye/v1/household.pb.h"
#include "leye/v1/posting.pb.h"
#include "leye/v1/settlement_area.pb.h"
#include "matcher/openings.h"
#include "matcher/posting_profile.h"
#include "matcher/profile.h"
#include "matcher/retirement.h"
#include "services/live/code_book.h"

namespace leye::live {

// Who counts as of working age in a household's figures: from `min_years` to the day before
// statutory retirement.
struct WorkingAge {
  int min_years = 16;
  matcher::RetirementParameters retirement = {};
};

struct ProfileContext {
  const CodeBook& codes;
  const WorkingAge& working_age;
};

// What a household's figures and a move of the household need of a member, beside the profile.
struct MemberFacts {
  matcher::DayRange working_age;
  matcher::DivisionCode residence;  // as recorded of the person; unknown: the area's
  matcher::DivisionCode workplace;
  bool fit_for_work = false;  // by labour class, and neither pupil nor student
  bool willing = false;
  bool earner = false;  // employed or self-employed
  matcher::PublicWelfareKind public_welfare_kind = matcher::PublicWelfareKind::kNone;

  // Counts among the members able to work on `day`.
  bool AbleOn(matcher::Day day) const { return fit_for_work && working_age.Contains(day); }
  friend bool operator==(const MemberFacts&, const MemberFacts&) = default;
};

struct CandidateFacts {
  matcher::CandidateProfile profile;
  MemberFacts member;
};

// Without id, household, area, and what LinkToArea sets.
CandidateFacts ToCandidateFacts(const v1::Candidate& candidate, const ProfileContext& context);
// The same; overwrites `facts`, whose memory is used again.
void ToCandidateFacts(const v1::Candidate& candidate, const ProfileContext& context,
                      CandidateFacts& facts);

// Sets what follows from the area in which the person lives: residence where none is recorded, work
// outside the county, the wish to go out. Idempotent.
void LinkToArea(matcher::CandidateProfile& profile, const MemberFacts& member,
                const matcher::AreaProfile& area);

// Of each kind so many, at most 255.
using PublicWelfareCounts = std::array<uint8_t, matcher::kEnumCount<matcher::PublicWelfareKind>>;

// What the records of the members say of their household on a day.
struct HouseholdCounts {
  int members = 0;
  int able = 0;
  int able_and_willing = 0;
  int earners = 0;
  PublicWelfareCounts public_welfare_holders{};

  // 零就业家庭.
  bool ZeroEmployment() const { return able_and_willing > 0 && earners == 0; }
  friend bool operator==(const HouseholdCounts&, const HouseholdCounts&) = default;
};

void Add(const MemberFacts& member, matcher::Day day, HouseholdCounts& counts);
// Posts that are held for members and not yet in their records.
void Add(const PublicWelfareCounts& held, HouseholdCounts& counts);

// What the household's own record says.
struct HouseholdStanding {
  matcher::GroupSet groups;
  matcher::HouseholdExclusionSet exclusions;

  friend bool operator==(const HouseholdStanding&, const HouseholdStanding&) = default;
};

HouseholdStanding ToHouseholdStanding(const v1::Household& household);

// Counts beyond 255 are 255.
matcher::HouseholdProfile ToHouseholdProfile(matcher::HouseholdId id,
                                             const HouseholdStanding& standing,
                                             const HouseholdCounts& counts);

// Without index. nullopt when the area has no usable location: then nobody can live there yet.
std::optional<matcher::AreaProfile> ToAreaProfile(const v1::SettlementArea& area);

// Without id. `open` is by the posting's own state; whoever knows the employer narrows it. A
// posting without a usable place is not open, unless the work is done at home.
matcher::PostingProfile ToPostingProfile(const v1::Posting& posting, const ProfileContext& context);

// What the posting says of its openings, and what of them is left beside these holders.
matcher::Openings ToOpenings(const v1::Posting& posting);

// Whether it is shown to people who look for work; one stored before postings were looked at is.
bool IsPublished(const v1::Posting& posting);
void SetOpeningsLeft(const matcher::Openings& posted, const matcher::Holders& holders,
                     matcher::PostingProfile& profile);

}  // namespace leye::live

#endif  // LEYE_SERVICES_LIVE_PROFILE_H_
