#include "services/app/matching_answer.h"

#include <algorithm>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "google/protobuf/util/time_util.h"

#include "services/app/ruleset_codec.h"

namespace leye::app {
namespace {

// The API numbers these lists as the matcher does, after UNSPECIFIED = 0.
template <typename V1, typename E>
V1 NextNumber(E value) {
  return static_cast<V1>(static_cast<int>(value) + 1);
}

v1::ScoreSide ToV1(matcher::Side side) { return NextNumber<v1::ScoreSide>(side); }
v1::RuleId ToV1(matcher::RuleId rule) { return NextNumber<v1::RuleId>(rule); }
v1::CriterionKind ToV1(matcher::Criterion c) { return NextNumber<v1::CriterionKind>(c); }
v1::Channel ToV1(matcher::Channel channel) { return NextNumber<v1::Channel>(channel); }

v1::Education ToV1(std::optional<matcher::Education> education) {
  if (!education.has_value()) return v1::EDUCATION_UNSPECIFIED;
  return NextNumber<v1::Education>(*education);
}

// `Scored` is PairScore or FitResult.
template <typename Scored>
void FillScores(const Scored& scored, v1::Scores& scores) {
  scores.set_forward_micros(scored.forward.micros());
  scores.set_reverse_micros(scored.reverse.micros());
  scores.set_mutual_micros(scored.mutual.micros());
}

void FillWeights(const matcher::Weights& weights,
                 google::protobuf::RepeatedPtrField<v1::CriterionWeight>& answer) {
  answer.Reserve(matcher::kCriterionCount);
  for (int i = 0; i < matcher::kCriterionCount; ++i) {
    const auto criterion = static_cast<matcher::Criterion>(i);
    v1::CriterionWeight& weight = *answer.Add();
    weight.set_criterion(ToV1(criterion));
    weight.set_weight_micros(weights[criterion].micros());
  }
}

// "130723"; empty when not known.
std::string SixDigits(matcher::DivisionCode division) {
  if (!division.known()) return "";
  return std::to_string(division.twelve_digits() / 1'000'000);
}

}  // namespace

void FillTravel(const matcher::Travel& travel, const matcher::Ruleset& ruleset,
                v1::Travel& answer) {
  answer.set_distance_km(travel.distance.km());
  if (!travel.minutes.has_value()) {
    answer.set_road_km(RoadOf(travel, ruleset).km());
    return;
  }
  answer.set_travel_minutes(*travel.minutes);
  answer.set_mode(NextNumber<v1::TravelMode>(travel.mode));
  if (travel.cost_fen.has_value()) answer.set_cost_fen(*travel.cost_fen);
}

void MatchAnswer::Fill(const matcher::RankedCandidate& entry,
                       const matcher::PostingProfile& posting, v1::CandidateMatch& match) const {
  FillScores(entry.score, *match.mutable_scores());
  FillTravel(entry.travel, posting, *match.mutable_travel());
  if (basis_.query.congested) {
    FillCongestion(entry.congestion, entry.score.BySide(basis_.side), *match.mutable_congestion());
  }
  if (!basis_.query.full) {
    match.mutable_candidate()->set_name(basis_.world.NameOf(entry.order.id));
    return;
  }
  const std::optional<matcher::CandidateRecord> person = basis_.world.people().Find(entry.order.id);
  if (!person.has_value()) return;  // Cannot be: the entry is of this snapshot.
  Fill(person->candidate, *match.mutable_candidate());
  const PairRecords pair{.person = *person, .posting = posting, .travel = entry.travel};
  FillReasons(pair, Fit({person->candidate, person->household, posting, entry.travel}, basis_.fit),
              match);
}

void MatchAnswer::Fill(const matcher::RankedPosting& entry, const matcher::CandidateRecord& person,
                       v1::PostingMatch& match) const {
  FillScores(entry.score, *match.mutable_scores());
  const std::optional<matcher::PostingProfile> posting =
      basis_.world.postings().Find(entry.order.id);
  if (!posting.has_value()) return;  // Cannot be: the entry is of this snapshot.
  FillTravel(entry.travel, *posting, *match.mutable_travel());
  if (!basis_.query.full) {
    match.mutable_posting()->set_name(basis_.world.NameOf(entry.order.id));
    return;
  }
  Fill(*posting, *match.mutable_posting());
  const PairRecords pair{.person = person, .posting = *posting, .travel = entry.travel};
  FillReasons(pair, Fit({person.candidate, person.household, *posting, entry.travel}, basis_.fit),
              match);
}

void MatchAnswer::FillPair(const PairRecords& pair, v1::PairMatch& match) const {
  const matcher::FitResult fit =
      Fit({pair.person.candidate, pair.person.household, pair.posting, pair.travel}, basis_.fit);
  match.set_eligible(fit.eligible());
  if (fit.eligible()) FillScores(fit, *match.mutable_scores());
  FillTravel(pair.travel, pair.posting, *match.mutable_travel());
  match.mutable_failures()->Reserve(static_cast<int>(fit.failures.size()));
  for (const matcher::Finding& finding : fit.failures) {
    v1::RuleFailure& failure = *match.add_failures();
    failure.set_rule(ToV1(finding.rule));
    const absl::string_view reason = matcher::CauseName(finding.cause);
    failure.set_reason(reason.data(), reason.size());
    failure.set_evidence(explainer_.Text(finding));
  }
  if (fit.eligible() && basis_.query.congested) {
    const matcher::Congestion congestion = CongestionOf(
        basis_.world.ShowingsOf(pair.person.candidate.id), pair.posting.id,
        fit.criteria[matcher::Criterion::kPriority], basis_.fit.ruleset.congestion, basis_.fit.day);
    FillCongestion(congestion, fit.BySide(basis_.side), *match.mutable_congestion());
  }
  if (basis_.query.full) FillReasons(pair, fit, match);
}

void MatchAnswer::FillCongestion(const matcher::Congestion& congestion, matcher::Score score,
                                 v1::Congestion& answer) const {
  answer.set_shown_for_others(congestion.shown_for_others);
  answer.set_discount_micros(congestion.discount.micros());
  answer.set_ordering_micros(congestion.Less(score).micros());
  answer.set_evidence(explainer_.Text(congestion));
}

template <typename Match>
void MatchAnswer::FillReasons(const PairRecords& pair, const matcher::FitResult& fit,
                              Match& match) const {
  const matcher::Explanation why = matcher::Explain(fit, basis_.side);
  const PairView view{.candidate = pair.person.candidate,
                      .household = pair.person.household,
                      .posting = pair.posting,
                      .fit = fit,
                      .area_name = AreaName(pair.person.candidate.area)};
  match.mutable_criteria()->Reserve(matcher::kCriterionCount);
  for (const matcher::CriterionReason& reason : why.criteria) {
    v1::Criterion& criterion = *match.add_criteria();
    criterion.set_criterion(ToV1(reason.criterion));
    criterion.set_value_micros(reason.value.micros());
    criterion.set_forward_weight_micros(reason.forward_weight.micros());
    criterion.set_reverse_weight_micros(reason.reverse_weight.micros());
    criterion.set_contribution_micros(reason.contribution.micros());
    criterion.set_evidence(explainer_.Evidence(reason.criterion, view));
  }
  for (const matcher::Finding& note : fit.notes) match.add_notes(explainer_.Text(note));
}

void MatchAnswer::FillTravel(const matcher::Travel& travel, const matcher::PostingProfile& posting,
                             v1::Travel& answer) const {
  if (!posting.home_based) app::FillTravel(travel, basis_.fit.ruleset, answer);
}

absl::string_view MatchAnswer::AreaName(matcher::AreaIndex area) const {
  return basis_.world.DisplayOf(area).display_name;
}

void MatchAnswer::Fill(const matcher::CandidateProfile& candidate,
                       v1::CandidateSummary& summary) const {
  const AreaDisplay area = basis_.world.DisplayOf(candidate.area);
  summary.set_name(basis_.world.NameOf(candidate.id));
  summary.set_age(matcher::WholeYearsBetween(candidate.birth, basis_.fit.day));
  summary.set_education(ToV1(candidate.education));
  summary.set_settlement_area(area.name.data(), area.name.size());
  summary.set_settlement_area_display_name(area.display_name.data(), area.display_name.size());
}

void MatchAnswer::Fill(const matcher::PostingProfile& posting, v1::PostingSummary& summary) const {
  const PostingDisplay display = basis_.world.DisplayOf(posting.id);
  summary.set_name(basis_.world.NameOf(posting.id));
  summary.set_title(display.title.data(), display.title.size());
  summary.set_employer_display_name(display.employer_display_name.data(),
                                    display.employer_display_name.size());
  summary.set_channel(ToV1(posting.channel));
  summary.set_division_code(SixDigits(posting.division));
  if (posting.min_yuan_per_month.has_value()) {
    summary.set_monthly_pay_min_yuan(*posting.min_yuan_per_month);
  }
  if (posting.max_yuan_per_month.has_value()) {
    summary.set_monthly_pay_max_yuan(*posting.max_yuan_per_month);
  }
  summary.set_openings_left(posting.openings_left);
}

void MatchAnswer::Fill(const matcher::Funnel& funnel, v1::Funnel& answer) const {
  answer.set_considered(funnel.considered);
  answer.set_eligible(funnel.eligible.count);
  answer.set_eligible_exact(funnel.eligible.exact);
  for (int i = 0; i < matcher::kEnumCount<matcher::RuleId>; ++i) {
    const auto rule = static_cast<matcher::RuleId>(i);
    const matcher::FunnelCount& count = funnel.TurnedAwayBy(rule);
    if (count.count == 0) continue;
    v1::RuleCount& turned_away = *answer.add_turned_away();
    turned_away.set_rule(ToV1(rule));
    turned_away.set_count(count.count);
    turned_away.set_exact(count.exact);
  }
}

void MatchAnswer::FillBasis(const matcher::Weights& forward, v1::MatchBasis& answer) const {
  for (const auto& [region, revision] : basis_.world.revisions()) {
    answer.add_revisions(store::FormatToken({region, revision}));
  }
  *answer.mutable_snapshot_time() = google::protobuf::util::TimeUtil::NanosecondsToTimestamp(
      absl::ToUnixNanos(basis_.world.published()));
  if (basis_.world.current() != absl::InfinitePast()) {
    *answer.mutable_complete_time() = google::protobuf::util::TimeUtil::NanosecondsToTimestamp(
        absl::ToUnixNanos(basis_.world.current()));
  }
  answer.set_ruleset(RulesetName(basis_.fit.ruleset));
  answer.set_date(absl::FormatCivilTime(basis_.fit.day.civil()));
  FillWeights(forward, *answer.mutable_forward_weights());
  FillWeights(basis_.fit.ruleset.reverse_weights, *answer.mutable_reverse_weights());
  answer.set_side(ToV1(basis_.side));
}

}  // namespace leye::app
