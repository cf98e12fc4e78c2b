// What a hard rule has to say about a pair: a failure or a note, with its evidence.
//
// Evidence is structured: a cause, and up to three numbers whose meaning the cause fixes. Words are
// made from it elsewhere. A Finding is a small plain value.
#ifndef LEYE_MATCHER_FINDING_H_
#define LEYE_MATCHER_FINDING_H_

#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"

#include "matcher/rule_id.h"

namespace leye::matcher {

// Behind each cause: what `asked` and `had` hold, and `subject` where there is one. "Set" means the
// bits of an EnumSet; an absent number means that nobody said.
enum class Cause : uint8_t {
  // OPEN
  kPostingClosed,
  kOutsideWindow,  // had: today's Day; asked: the nearer end of the window
  kNoOpeningsLeft,
  kOnlyReservedLeft,  // asked: Group; had: openings left
  // SEEKING
  kNotSeeking,
  kNotWilling,
  kNoConsent,  // had: today's Day
  kPlacedElsewhere,
  // AGE-*
  kUnderMinimumAge,       // asked, had: years
  kMinorBarredHazard,     // asked: HazardSet that bars; had: years
  kMinorBarredIntensity,  // asked: highest grade allowed; had: the posting's; subject: years
  kBelowAgeRange,         // asked, had: years
  kAboveAgeRange,         // asked, had: years
  kRetiredHazardous,      // asked: retirement Day; had: today's Day; subject: HazardSet
  kRetiredPublicWelfare,  // asked: retirement Day; had: today's Day
  // PROTECTION
  kProtectedHazard,     // asked: HazardSet that bars
  kProtectedIntensity,  // asked: highest grade allowed; had: the posting's
  // HAZ-CERT
  kOperationCertificateMissing,  // subject: SkillId
  kOperationCertificateExpired,  // subject: SkillId; had: expiry Day
  kOperationUnderAge,            // asked, had: years
  kOperationRetired,             // asked: retirement Day; had: today's Day
  // SKILL-REQ: subject: SkillId of the group's first alternative, or the one nearly met
  kSkillMissing,       // asked: level or absent
  kSkillLevelTooLow,   // asked, had: level
  kSkillLevelUnknown,  // asked: level
  kSkillExpired,       // had: expiry Day
  // EDU-MIN, LICENCE
  kEducationTooLow,   // asked, had: Education
  kEducationUnknown,  // asked: Education
  kPaperMissing,      // subject: SkillId
  kPaperExpired,      // subject: SkillId; had: expiry Day
  // REACH: metres, rounded; by road but for the radius
  kBeyondPostingRadius,     // asked, had: metres
  kBeyondCandidateLimit,    // asked, had: metres; the candidate would not leave home
  kBeyondCandidateMinutes,  // asked, had: minutes; the candidate would not leave home
  kLodgingNotGiven,         // had: metres
  kTransportNotGiven,       // had: metres
  // TIME
  kShiftsNotFree,      // asked: ShiftSet; had: ShiftSet
  kTooManyHours,       // asked: the posting's least; had: the candidate's most
  kFormNotAccepted,    // asked: WorkForm; had: WorkFormSet
  kAvailableTooLate,   // asked: latest Day; had: Day
  kAvailableTooShort,  // asked: Day needed; had: last Day
  // HEALTH
  kLabourClassBarred,     // had: LabourClass
  kTooHeavyForWeak,       // asked: the posting's grade; had: highest grade allowed
  kOverIntensityLimit,    // asked: the posting's grade; had: the candidate's limit
  kDisabilityUnsuitable,  // asked: DisabilitySet; had: DisabilityKind
  kDisabilityHazard,      // asked: HazardSet that bars; had: DisabilityKind
  kDisabilityIntensity,   // asked: the posting's grade; had: highest grade allowed
  kDisabledOnly,
  // RESIDENCE, GROUPS, REGISTRATION, HH-CAP
  kLivesElsewhere,
  kNoEligibleGroup,    // had: GroupSet; subject: number of alternatives
  kExcludedGroup,      // asked: GroupSet that excludes
  kExcludedHousehold,  // asked: HouseholdExclusionSet that excludes
  kNotRegisteredUnemployed,
  kHouseholdCapReached,  // asked: most; had: holders; subject: PublicWelfareKind
  // EXPERIENCE
  kExperienceTooShort,  // asked, had: months
  // PUB-*
  kNotInScheme,             // asked: GroupSet, any of; had: GroupSet
  kTermUsedUp,              // asked: most months; had: months used
  kPlacementsUsedUp,        // asked: most; had: placements
  kNotFirstPlacement,       // had: placements
  kHoldsPublicWelfarePost,  // had: PublicWelfareKind
  kWorksOutsideCounty,
  // BANNED
  kPairReferred,
  kPairRefused,  // asked: first Day on which the pair may be matched again; had: Day of the refusal
  // OPT-OUT
  kRankingDeclined,

  // Notes: they turn nobody away.
  kPastRetirementAge,       // asked: retirement Day; had: today's Day
  kAgeRelaxed,              // asked: the usual end, years; had: years; subject: relaxed end
  kTermMonthsLeft,          // had: subsidised months left
  kTermMayRunToRetirement,  // asked: retirement Day
  kPlacedAgain,             // asked: most placements; had: placements before this
  kDisabilityNotStated,     // had: DisabilityKind; the posting does not say which it suits
  kExperienceUnverified,    // asked: months
  kFartherThanWished,       // asked, had: metres; the candidate is willing to leave home
  kLongerThanWished,        // asked, had: minutes; the candidate is willing to leave home
  kCount,
};

// The upper-case name, "KIND_OF_CAUSE". Lives forever.
absl::string_view CauseName(Cause cause);

struct Finding {
  RuleId rule = RuleId::kOpen;
  Cause cause = Cause::kPostingClosed;
  std::optional<int64_t> asked;
  std::optional<int64_t> had;
  std::optional<int64_t> subject;

  friend bool operator==(const Finding&, const Finding&) = default;
};

}  // namespace leye::matcher

#endif  // LEYE_MATCHER_FINDING_H_
