// The two directions in which matches are watched: people for a posting, and postings for a person.
//
// A direction says how to find who fits a subject in a world, and, the other way round, which of
// the subjects that stand in an index of their own somebody fits: the same question that the ranker
// answers for everybody, asked of the few who are watched. For WatchedMatches (watched_matches.h).
#ifndef LEYE_SERVICES_APP_MATCH_DIRECTIONS_H_
#define LEYE_SERVICES_APP_MATCH_DIRECTIONS_H_

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"

#include "matcher/changed_ids.h"
#include "matcher/ranker.h"
#include "services/app/match_reach.h"
#include "services/app/matching_world.h"

namespace leye::app {

// Whom to look for: the `k` best, of this score or more.
struct MatchSearch {
  size_t k = 0;
  matcher::Side side = matcher::Side::kForward;
  matcher::Score least;
  const matcher::FitContext& fit;
};

template <typename Subject>
struct SubjectHit {
  Subject subject;
  matcher::Score score;
};

// The subject is a posting.
struct PeopleForPosting {
  using Subject = matcher::PostingId;
  using Other = matcher::CandidateId;
  using Index = matcher::PostingIndex;
  using Snapshot = matcher::PostingSnapshot;
  using Profile = matcher::PostingProfile;

  static const auto& SubjectsIn(const matcher::ChangedIds& changed) { return changed.postings(); }
  static const auto& OthersIn(const matcher::ChangedIds& changed) { return changed.people(); }
  static matcher::Side SideOf(const matcher::Ruleset& rules) { return rules.rank_candidates_by; }
  static std::optional<Subject> FindSubject(const MatchWorld& world, const std::string& name) {
    return world.FindPosting(name);
  }
  static std::optional<Other> FindOther(const MatchWorld& world, const std::string& name) {
    return world.FindCandidate(name);
  }
  static std::optional<Profile> ProfileOf(const MatchWorld& world, Subject subject);
  static bool Covers(const MatchReach& reach, const Profile& posting);
  static bool MayList(const MatchReach& reach, Other person) { return reach.MayList(person); }

  static void Put(const Profile& posting, Index& index) { index.Upsert(posting); }
  static void Remove(Subject posting, Index& index) { index.Remove(posting); }

  // Those in the world whom the caller may be told of.
  static absl::StatusOr<std::vector<Other>> Fitting(const MatchWorld& world, const Profile& posting,
                                                    const MatchReach& reach,
                                                    const MatchSearch& search,
                                                    matcher::Ranker& ranker);
  // The subjects that `person` fits.
  static std::vector<SubjectHit<Subject>> FittedBy(const MatchWorld& world, Other person,
                                                   const Snapshot& subjects,
                                                   const MatchSearch& search,
                                                   matcher::Ranker& ranker);
};

// The subject is a person.
struct PostingsForPerson {
  using Subject = matcher::CandidateId;
  using Other = matcher::PostingId;
  using Index = matcher::CandidateIndex;
  using Snapshot = matcher::CandidateSnapshot;
  struct Profile {
    matcher::CandidateRecord record;
    std::optional<matcher::AreaProfile> area;  // Absent: lives nowhere, and nothing fits.
  };

  static const auto& SubjectsIn(const matcher::ChangedIds& changed) { return changed.people(); }
  static const auto& OthersIn(const matcher::ChangedIds& changed) { return changed.postings(); }
  static matcher::Side SideOf(const matcher::Ruleset& rules) { return rules.recommend_postings_by; }
  static std::optional<Subject> FindSubject(const MatchWorld& world, const std::string& name) {
    return world.FindCandidate(name);
  }
  static std::optional<Other> FindOther(const MatchWorld& world, const std::string& name) {
    return world.FindPosting(name);
  }
  static std::optional<Profile> ProfileOf(const MatchWorld& world, Subject subject);
  static bool Covers(const MatchReach& reach, const Profile& person);
  static bool MayList(const MatchReach& /*reach*/, Other /*posting*/) { return true; }

  static void Put(const Profile& person, Index& index);
  static void Remove(Subject person, Index& index);

  static absl::StatusOr<std::vector<Other>> Fitting(const MatchWorld& world, const Profile& person,
                                                    const MatchReach& reach,
                                                    const MatchSearch& search,
                                                    matcher::Ranker& ranker);
  static std::vector<SubjectHit<Subject>> FittedBy(const MatchWorld& world, Other posting,
                                                   const Snapshot& subjects,
                                                   const MatchSearch& search,
                                                   matcher::Ranker& ranker);
};

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_MATCH_DIRECTIONS_H_
