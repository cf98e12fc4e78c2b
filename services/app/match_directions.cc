#include "services/app/match_directions.h"

#include <utility>

#include "services/base/status.h"

namespace leye::app {
namespace {

// In an index of watched people each has a household of their own with the real one's facts, so
// that it comes and goes with the person.
matcher::HouseholdId OwnHousehold(matcher::CandidateId person) {
  return matcher::HouseholdId(person.value());
}

template <typename Ranking>
auto IdsOf(const Ranking& ranking) {
  std::vector<decltype(ranking.entries.front().order.id)> ids;
  ids.reserve(ranking.entries.size());
  for (const auto& entry : ranking.entries) ids.push_back(entry.order.id);
  return ids;
}

template <typename Ranking>
auto HitsOf(const Ranking& ranking) {
  std::vector<SubjectHit<decltype(ranking.entries.front().order.id)>> hits;
  hits.reserve(ranking.entries.size());
  for (const auto& entry : ranking.entries) hits.push_back({entry.order.id, entry.order.score});
  return hits;
}

}  // namespace

std::optional<matcher::PostingProfile> PeopleForPosting::ProfileOf(const MatchWorld& world,
                                                                   Subject subject) {
  return world.postings().Find(subject);
}

bool PeopleForPosting::Covers(const MatchReach& reach, const Profile& posting) {
  return reach.Covers(posting);
}

absl::StatusOr<std::vector<matcher::CandidateId>> PeopleForPosting::Fitting(
    const MatchWorld& world, const Profile& posting, const MatchReach& reach,
    const MatchSearch& search, matcher::Ranker& ranker) {
  const matcher::RankRequest request{
      .k = search.k, .side = search.side, .after = {}, .least = search.least};
  LEYE_ASSIGN_OR_RETURN(const matcher::CandidateRanking ranked,
                        RankReached(
                            request, reach, [] { return absl::OkStatus(); },
                            [&](const matcher::RankRequest& asked) {
                              return ranker.RankCandidates(world.people(), posting, asked,
                                                           search.fit);
                            }));
  return IdsOf(ranked);
}

std::vector<SubjectHit<matcher::PostingId>> PeopleForPosting::FittedBy(const MatchWorld& world,
                                                                       Other person,
                                                                       const Snapshot& subjects,
                                                                       const MatchSearch& search,
                                                                       matcher::Ranker& ranker) {
  const std::optional<PostingsForPerson::Profile> profile =
      PostingsForPerson::ProfileOf(world, person);
  if (!profile.has_value() || !profile->area.has_value()) return {};
  const matcher::PostingRanking ranked = ranker.RecommendPostings(
      subjects, {profile->record.candidate, profile->record.household, *profile->area},
      {.k = search.k, .side = search.side, .after = {}, .least = search.least}, search.fit);
  return HitsOf(ranked);
}

std::optional<PostingsForPerson::Profile> PostingsForPerson::ProfileOf(const MatchWorld& world,
                                                                       Subject subject) {
  std::optional<matcher::CandidateRecord> record = world.people().Find(subject);
  if (!record.has_value()) return std::nullopt;
  const auto area = world.people().FindArea(record->candidate.area);
  return Profile{.record = *std::move(record), .area = area};
}

bool PostingsForPerson::Covers(const MatchReach& reach, const Profile& person) {
  return reach.Covers(person.record.candidate);
}

void PostingsForPerson::Put(const Profile& person, Index& index) {
  if (!person.area.has_value()) {
    Remove(person.record.candidate.id, index);
    return;
  }
  matcher::CandidateRecord own = person.record;
  own.household.id = own.candidate.household = OwnHousehold(own.candidate.id);
  index.UpsertArea(*person.area);
  index.UpsertHousehold(own.household);
  index.Upsert(own.candidate);
}

void PostingsForPerson::Remove(Subject person, Index& index) {
  index.Remove(person);
  index.RemoveHousehold(OwnHousehold(person));
}

absl::StatusOr<std::vector<matcher::PostingId>> PostingsForPerson::Fitting(
    const MatchWorld& world, const Profile& person, const MatchReach& /*reach*/,
    const MatchSearch& search, matcher::Ranker& ranker) {
  if (!person.area.has_value()) return std::vector<Other>();
  const matcher::PostingRanking ranked = ranker.RecommendPostings(
      world.postings(), {person.record.candidate, person.record.household, *person.area},
      {.k = search.k, .side = search.side, .after = {}, .least = search.least}, search.fit);
  return IdsOf(ranked);
}

std::vector<SubjectHit<matcher::CandidateId>> PostingsForPerson::FittedBy(const MatchWorld& world,
                                                                          Other posting,
                                                                          const Snapshot& subjects,
                                                                          const MatchSearch& search,
                                                                          matcher::Ranker& ranker) {
  const std::optional<matcher::PostingProfile> profile = world.postings().Find(posting);
  if (!profile.has_value()) return {};
  const matcher::CandidateRanking ranked = ranker.RankCandidates(
      subjects, *profile, {.k = search.k, .side = search.side, .after = {}, .least = search.least},
      search.fit);
  return HitsOf(ranked);
}

}  // namespace leye::app
