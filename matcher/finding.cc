#include "matcher/finding.h"

#include <array>
#include <cstddef>

#include "matcher/enum_set.h"

namespace leye::matcher {
namespace {

struct NamedCause {
  Cause cause;
  absl::string_view name;
};

// By Cause.
constexpr std::array<NamedCause, kEnumCount<Cause>> kNames = {{
    {Cause::kPostingClosed, "POSTING_CLOSED"},
    {Cause::kOutsideWindow, "OUTSIDE_WINDOW"},
    {Cause::kNoOpeningsLeft, "NO_OPENINGS_LEFT"},
    {Cause::kOnlyReservedLeft, "ONLY_RESERVED_LEFT"},
    {Cause::kNotSeeking, "NOT_SEEKING"},
    {Cause::kNotWilling, "NOT_WILLING"},
    {Cause::kNoConsent, "NO_CONSENT"},
    {Cause::kPlacedElsewhere, "PLACED_ELSEWHERE"},
    {Cause::kUnderMinimumAge, "UNDER_MINIMUM_AGE"},
    {Cause::kMinorBarredHazard, "MINOR_BARRED_HAZARD"},
    {Cause::kMinorBarredIntensity, "MINOR_BARRED_INTENSITY"},
    {Cause::kBelowAgeRange, "BELOW_AGE_RANGE"},
    {Cause::kAboveAgeRange, "ABOVE_AGE_RANGE"},
    {Cause::kRetiredHazardous, "RETIRED_HAZARDOUS"},
    {Cause::kRetiredPublicWelfare, "RETIRED_PUBLIC_WELFARE"},
    {Cause::kProtectedHazard, "PROTECTED_HAZARD"},
    {Cause::kProtectedIntensity, "PROTECTED_INTENSITY"},
    {Cause::kOperationCertificateMissing, "OPERATION_CERTIFICATE_MISSING"},
    {Cause::kOperationCertificateExpired, "OPERATION_CERTIFICATE_EXPIRED"},
    {Cause::kOperationUnderAge, "OPERATION_UNDER_AGE"},
    {Cause::kOperationRetired, "OPERATION_RETIRED"},
    {Cause::kSkillMissing, "SKILL_MISSING"},
    {Cause::kSkillLevelTooLow, "SKILL_LEVEL_TOO_LOW"},
    {Cause::kSkillLevelUnknown, "SKILL_LEVEL_UNKNOWN"},
    {Cause::kSkillExpired, "SKILL_EXPIRED"},
    {Cause::kEducationTooLow, "EDUCATION_TOO_LOW"},
    {Cause::kEducationUnknown, "EDUCATION_UNKNOWN"},
    {Cause::kPaperMissing, "PAPER_MISSING"},
    {Cause::kPaperExpired, "PAPER_EXPIRED"},
    {Cause::kBeyondPostingRadius, "BEYOND_POSTING_RADIUS"},
    {Cause::kBeyondCandidateLimit, "BEYOND_CANDIDATE_LIMIT"},
    {Cause::kBeyondCandidateMinutes, "BEYOND_CANDIDATE_MINUTES"},
    {Cause::kLodgingNotGiven, "LODGING_NOT_GIVEN"},
    {Cause::kTransportNotGiven, "TRANSPORT_NOT_GIVEN"},
    {Cause::kShiftsNotFree, "SHIFTS_NOT_FREE"},
    {Cause::kTooManyHours, "TOO_MANY_HOURS"},
    {Cause::kFormNotAccepted, "FORM_NOT_ACCEPTED"},
    {Cause::kAvailableTooLate, "AVAILABLE_TOO_LATE"},
    {Cause::kAvailableTooShort, "AVAILABLE_TOO_SHORT"},
    {Cause::kLabourClassBarred, "LABOUR_CLASS_BARRED"},
    {Cause::kTooHeavyForWeak, "TOO_HEAVY_FOR_WEAK"},
    {Cause::kOverIntensityLimit, "OVER_INTENSITY_LIMIT"},
    {Cause::kDisabilityUnsuitable, "DISABILITY_UNSUITABLE"},
    {Cause::kDisabilityHazard, "DISABILITY_HAZARD"},
    {Cause::kDisabilityIntensity, "DISABILITY_INTENSITY"},
    {Cause::kDisabledOnly, "DISABLED_ONLY"},
    {Cause::kLivesElsewhere, "LIVES_ELSEWHERE"},
    {Cause::kNoEligibleGroup, "NO_ELIGIBLE_GROUP"},
    {Cause::kExcludedGroup, "EXCLUDED_GROUP"},
    {Cause::kExcludedHousehold, "EXCLUDED_HOUSEHOLD"},
    {Cause::kNotRegisteredUnemployed, "NOT_REGISTERED_UNEMPLOYED"},
    {Cause::kHouseholdCapReached, "HOUSEHOLD_CAP_REACHED"},
    {Cause::kExperienceTooShort, "EXPERIENCE_TOO_SHORT"},
    {Cause::kNotInScheme, "NOT_IN_SCHEME"},
    {Cause::kTermUsedUp, "TERM_USED_UP"},
    {Cause::kPlacementsUsedUp, "PLACEMENTS_USED_UP"},
    {Cause::kNotFirstPlacement, "NOT_FIRST_PLACEMENT"},
    {Cause::kHoldsPublicWelfarePost, "HOLDS_PUBLIC_WELFARE_POST"},
    {Cause::kWorksOutsideCounty, "WORKS_OUTSIDE_COUNTY"},
    {Cause::kPairReferred, "PAIR_REFERRED"},
    {Cause::kPairRefused, "PAIR_REFUSED"},
    {Cause::kRankingDeclined, "RANKING_DECLINED"},
    {Cause::kPastRetirementAge, "PAST_RETIREMENT_AGE"},
    {Cause::kAgeRelaxed, "AGE_RELAXED"},
    {Cause::kTermMonthsLeft, "TERM_MONTHS_LEFT"},
    {Cause::kTermMayRunToRetirement, "TERM_MAY_RUN_TO_RETIREMENT"},
    {Cause::kPlacedAgain, "PLACED_AGAIN"},
    {Cause::kDisabilityNotStated, "DISABILITY_NOT_STATED"},
    {Cause::kExperienceUnverified, "EXPERIENCE_UNVERIFIED"},
    {Cause::kFartherThanWished, "FARTHER_THAN_WISHED"},
    {Cause::kLongerThanWished, "LONGER_THAN_WISHED"},
}};

constexpr bool InOrder() {
  for (size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i].cause != static_cast<Cause>(i)) return false;
  }
  return true;
}
static_assert(InOrder());

}  // namespace

absl::string_view CauseName(Cause cause) { return kNames[static_cast<size_t>(cause)].name; }

}  // namespace leye::matcher
