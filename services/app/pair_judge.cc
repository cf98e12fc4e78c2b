#include "services/app/pair_judge.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"

#include "matcher/fit.h"
#include "services/app/names.h"
#include "services/app/record_service.h"
#include "services/base/status.h"

namespace leye::app {

using matcher::Cause;

namespace {

constexpr absl::string_view kPersonZh = "求职者";
constexpr absl::string_view kPostingZh = "岗位";

absl::Status LivesNowhere(const std::string& name) {
  return WithMessageZh(Error(absl::StatusCode::kFailedPrecondition, "AREA_UNKNOWN",
                             absl::StrCat("household or settlement area is not on record: ", name),
                             {{"name", name}}),
                       absl::StrCat("所在家庭或安置区未登记：", name));
}

// What a ledger tells exactly, and at once.
bool IsToldByLedgers(const matcher::Finding& finding) {
  return finding.cause == Cause::kNoOpeningsLeft || finding.cause == Cause::kOnlyReservedLeft ||
         finding.cause == Cause::kPlacedElsewhere || finding.cause == Cause::kPairReferred;
}

}  // namespace

absl::StatusOr<MatchWorldSource::World> WorldJudge::WorldNow(const PairQuestion& question) const {
  const std::optional<ResourceName> person = ParseName(question.candidate, "candidates");
  const std::optional<ResourceName> posting = ParseName(question.posting, "postings");
  if (!person.has_value()) return NoSuchRecord(question.candidate, kPersonZh);
  if (!posting.has_value()) return NoSuchRecord(question.posting, kPostingZh);
  std::vector<store::RegionRevision> least;
  for (const store::Region region : std::set{person->region, posting->region}) {
    LEYE_ASSIGN_OR_RETURN(const store::Revision head, dependencies_.store.Head(region));
    least.push_back({region, head});
  }
  const absl::Duration left = question.deadline - dependencies_.clock.Now();
  return dependencies_.worlds.WaitFor(least,
                                      SteadyDeadline(std::min(dependencies_.patience, left)));
}

RulesetSource::Ruleset WorldJudge::RulesFor(const std::string& posting) const {
  const store::Region region = RegionOfName(posting).value_or(store::Region::FromNumber(0));
  return dependencies_.rulesets.InForce(region, Today(dependencies_.clock));
}

absl::StatusOr<PairVerdict> WorldJudge::Judge(const PairQuestion& question) const {
  LEYE_ASSIGN_OR_RETURN(const MatchWorldSource::World world, WorldNow(question));
  const auto person_id = world->FindCandidate(question.candidate);
  const auto posting_id = world->FindPosting(question.posting);
  if (!person_id.has_value()) return NoSuchRecord(question.candidate, kPersonZh);
  if (!posting_id.has_value()) return NoSuchRecord(question.posting, kPostingZh);
  auto person = world->people().Find(*person_id);
  const auto posting = world->postings().Find(*posting_id);
  if (!person.has_value()) return NoSuchRecord(question.candidate, kPersonZh);
  if (!posting.has_value()) return NoSuchRecord(question.posting, kPostingZh);
  const auto area = world->people().FindArea(person->candidate.area);
  if (!area.has_value()) return LivesNowhere(question.candidate);

  auto& holders =
      person->household.public_welfare_holders[static_cast<size_t>(posting->public_welfare.kind)];
  const int added = question.household_holds - question.household_holds_stored;
  holders = static_cast<uint8_t>(std::clamp(holders + added, 0, 255));
  const RulesetSource::Ruleset rules = RulesFor(question.posting);
  const matcher::FitContext context{.ruleset = *rules,
                                    .catalogue = dependencies_.catalogue.matcher_catalogue(),
                                    .day = matcher::Day::FromCivil(Today(dependencies_.clock)),
                                    .travel_times = world->travel_times()};
  matcher::FitResult fit =
      matcher::Fit({.candidate = person->candidate,
                    .household = person->household,
                    .posting = *posting,
                    .travel = matcher::TravelBetween(*area, *posting, context)},
                   context);
  std::erase_if(fit.failures, IsToldByLedgers);
  if (question.by_hand) {
    std::erase_if(fit.failures, [](const matcher::Finding& finding) {
      return finding.rule == matcher::RuleId::kOptOut;
    });
  }
  const matcher::GroupSet groups = matcher::EffectiveGroups(person->candidate, person->household,
                                                            context.ruleset.age, context.day);
  return PairVerdict{.failures = std::move(fit.failures),
                     .of_reserved_group = groups.Contains(posting->reserved_for)};
}

}  // namespace leye::app
