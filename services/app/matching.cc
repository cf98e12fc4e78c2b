#include "services/app/matching.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "matcher/exact_funnel.h"
#include "services/app/match_reach.h"
#include "services/app/match_watches.h"
#include "services/app/matching_answer.h"
#include "services/app/names.h"
#include "services/app/showings.h"
#include "services/base/status.h"

namespace leye::app {
namespace {

// An error names at most so many missing records.
constexpr size_t kMostNamed = 20;

absl::Status NotFound(std::vector<std::string> missing) {
  const size_t count = missing.size();
  if (count > kMostNamed) missing.resize(kMostNamed);
  const std::string names = absl::StrJoin(missing, ", ");
  const std::string message = count == 1 ? absl::StrCat("does not exist: ", names)
                                         : absl::StrCat(count, " records do not exist: ", names);
  return WithMessageZh(Error(absl::StatusCode::kNotFound, "NOT_FOUND", message, {{"names", names}}),
                       absl::StrCat("有 ", count, " 个记录不存在：", names));
}

absl::Status AreaUnknown(const std::string& name) {
  return WithMessageZh(Error(absl::StatusCode::kFailedPrecondition, "AREA_UNKNOWN",
                             absl::StrCat("household or settlement area is not on record: ", name),
                             {{"name", name}}),
                       absl::StrCat("所在家庭或安置区未登记：", name));
}

struct Person {
  matcher::CandidateRecord record;
  matcher::AreaProfile area;
};

absl::StatusOr<Person> FindPerson(const MatchWorld& world, const std::string& name) {
  const std::optional<matcher::CandidateId> id = world.FindCandidate(name);
  std::optional<matcher::CandidateRecord> record;
  if (id.has_value()) record = world.people().Find(*id);
  if (!record.has_value()) return NotFound({name});
  const std::optional<matcher::AreaProfile> area = world.people().FindArea(record->candidate.area);
  if (!area.has_value()) return AreaUnknown(name);
  return Person{.record = *std::move(record), .area = *area};
}

absl::StatusOr<matcher::PostingProfile> FindPosting(const MatchWorld& world,
                                                    const std::string& name) {
  const std::optional<matcher::PostingId> id = world.FindPosting(name);
  std::optional<matcher::PostingProfile> posting;
  if (id.has_value()) posting = world.postings().Find(*id);
  if (!posting.has_value()) return NotFound({name});
  return *std::move(posting);
}

// Whether the world has a person of that name whom the caller reaches.
bool HasPerson(const MatchWorld& world, const MatchReach& reach, const std::string& name) {
  const std::optional<matcher::CandidateId> id = world.FindCandidate(name);
  if (!id.has_value() || reach.whole()) return id.has_value();
  const std::optional<matcher::CandidateRecord> record = world.people().Find(*id);
  return record.has_value() && reach.Covers(record->candidate);
}

// Whether the world has a posting of that name of which the caller may ask. What is published is an
// advert: whoever may ask of a person may ask of any of them.
bool HasPosting(const MatchWorld& world, const MatchReach& reach, const std::string& name) {
  const std::optional<matcher::PostingId> id = world.FindPosting(name);
  if (!id.has_value() || reach.whole() || world.DisplayOf(*id).published) return id.has_value();
  const std::optional<matcher::PostingProfile> posting = world.postings().Find(*id);
  return posting.has_value() && reach.Covers(*posting);
}

// The names of `pairs` that are not in the world for the caller, each once a pair.
std::vector<std::string> MissingNames(const MatchWorld& world, const MatchReach& reach,
                                      const google::protobuf::RepeatedPtrField<v1::Pair>& pairs) {
  std::vector<std::string> missing;
  for (const v1::Pair& pair : pairs) {
    if (!HasPerson(world, reach, pair.candidate())) missing.push_back(pair.candidate());
    if (!HasPosting(world, reach, pair.posting())) missing.push_back(pair.posting());
  }
  return missing;
}

void CheckPair(const v1::Pair& pair, absl::string_view path, Violations& violations) {
  MatchQueryReader::CheckName(pair.candidate(), "candidates", absl::StrCat(path, ".candidate"),
                              violations);
  MatchQueryReader::CheckName(pair.posting(), "postings", absl::StrCat(path, ".posting"),
                              violations);
}

// Of a pair or of many channels: the enterprise's, unless the posting says which.
const matcher::Weights& ForwardWeights(const matcher::Ruleset& ruleset,
                                       matcher::Channel channel = matcher::Channel::kEnterprise) {
  return ruleset.ForwardWeights(channel);
}

// Whether nobody fits and the search, which skips those who cannot, did not learn why.
template <typename Ranking>
bool OwesReasons(const Ranking& ranked, const PageQuery& page) {
  return ranked.entries.empty() && !page.after.has_value() &&
         !ranked.funnel.TurnedAwayBy(matcher::RuleId::kOpen).exact;
}

// Why nobody fits, as far as many pairs can tell in some ten milliseconds.
template <typename Snapshot, typename Asked>
matcher::Funnel Reasons(const Snapshot& snapshot, const Asked& asked,
                        const matcher::FitContext& fit) {
  constexpr int64_t kMostPairs = 10'000;
  matcher::Funnel funnel = matcher::PartialFunnel(snapshot, asked, fit, kMostPairs);
  funnel.eligible = {.count = 0, .exact = true};
  return funnel;
}

// Cuts the entry that was asked for only to learn whether there are more.
template <typename Entry>
bool CutToPage(std::vector<Entry>& entries, const PageQuery& page) {
  if (entries.size() <= page.size) return false;
  entries.resize(page.size);
  return true;
}

}  // namespace

absl::Status NotReady() {
  return WithMessageZh(Error(absl::StatusCode::kUnavailable, "NOT_READY",
                             "the records are still being loaded: try again shortly"),
                       "数据正在加载，请稍后重试");
}

absl::StatusOr<MatchWorldSource::World> AwaitWorld(
    const MatchWorldSource& worlds, const std::vector<store::RegionRevision>& revisions,
    const Clock& clock, const CallContext& context) {
  // In short turns: whoever has gone away, or a server that ends, waits for nothing.
  const SteadyTime until = SteadyDeadline(context.deadline - clock.Now());
  while (true) {
    LEYE_RETURN_IF_ERROR(CheckAlive(context, clock));
    const SteadyTime turn = std::min(until, SteadyDeadline(absl::Milliseconds(100)));
    auto world = worlds.WaitFor(revisions, turn);
    if (turn == until || !absl::IsDeadlineExceeded(world.status())) return world;
  }
}

// Rankers keep scratch memory and serve one call at a time; a few are lent out and taken back.
// Thread-safe.
class Matching::RankerPool {
 public:
  // Runs `use` with a ranker of its own.
  template <typename Use>
  auto With(Use use) ABSL_LOCKS_EXCLUDED(mutex_) {
    std::unique_ptr<matcher::Ranker> ranker = Take();
    auto result = use(*ranker);
    MutexLock lock(mutex_);
    idle_.push_back(std::move(ranker));
    return result;
  }

 private:
  std::unique_ptr<matcher::Ranker> Take() ABSL_LOCKS_EXCLUDED(mutex_) {
    MutexLock lock(mutex_);
    if (idle_.empty()) return std::make_unique<matcher::Ranker>();
    std::unique_ptr<matcher::Ranker> ranker = std::move(idle_.back());
    idle_.pop_back();
    return ranker;
  }

  Mutex mutex_;
  std::vector<std::unique_ptr<matcher::Ranker>> idle_ ABSL_GUARDED_BY(mutex_);
};

Matching::Matching(const MatchingDependencies& dependencies)
    : dependencies_(dependencies),
      reader_(dependencies.catalogue),
      rankers_(std::make_unique<RankerPool>()) {}

Matching::~Matching() = default;

absl::StatusOr<v1::RankCandidatesResponse> Matching::RankCandidates(
    const v1::RankCandidatesRequest& request, const CallContext& context) const {
  Violations violations;
  MatchQueryReader::CheckName(request.posting(), "postings", "posting", violations);
  const RulesetSource::Ruleset rules = RulesetFor(request.posting());
  const PageQuery page = reader_.ReadPage(request, *rules, violations);
  MatchQuery query = reader_.ReadOptions(request.options(), rules, context, violations);
  query.congested = ReadCongestion(request.congestion(), "congestion", violations);
  LEYE_RETURN_IF_ERROR(violations.ToStatus());
  LEYE_ASSIGN_OR_RETURN(const MatchWorldSource::World world, TakeWorld(query, context));
  LEYE_ASSIGN_OR_RETURN(const matcher::PostingProfile posting,
                        FindPosting(*world, request.posting()));
  const MatchReach reach(context, *world);
  if (!reach.Covers(posting)) return NotFound({request.posting()});

  const matcher::FitContext fit = FitContextFor(query, *world);
  matcher::RankRequest ranking{
      .k = page.size + 1, .side = query.side, .after = {}, .funnel = query.funnel};
  if (query.congested) ranking.exposure = world.get();
  if (page.after.has_value()) {
    ranking.after = {.score = page.after->score,
                     .waiting_since = page.after->waiting_since,
                     .id = matcher::CandidateId(page.after->id)};
    ranking.funnel = matcher::FunnelMode::kBounded;  // Not in the answer: not worth the work.
  }
  const auto alive = [&] { return CheckAlive(context, dependencies_.clock); };
  LEYE_ASSIGN_OR_RETURN(matcher::CandidateRanking ranked,
                        RankReached(ranking, reach, alive, [&](const matcher::RankRequest& asked) {
                          return rankers_->With([&](matcher::Ranker& ranker) {
                            matcher::CandidateRanking round =
                                ranker.RankCandidates(world->people(), posting, asked, fit);
                            if (dependencies_.figures != nullptr)
                              dependencies_.figures->candidates.Add(round);
                            return round;
                          });
                        }));
  if (OwesReasons(ranked, page)) ranked.funnel = Reasons(world->people(), posting, fit);

  v1::RankCandidatesResponse response;
  const MatchAnswer answer({.world = *world,
                            .fit = fit,
                            .catalogue = dependencies_.catalogue,
                            .query = query,
                            .side = query.side.value_or(fit.ruleset.rank_candidates_by)});
  if (CutToPage(ranked.entries, page)) {
    const matcher::CandidateOrder& last = ranked.entries.back().order;
    response.set_next_page_token(
        MatchQueryReader::PageToken(page, {last.score, last.waiting_since, last.id.value()}));
  }
  response.mutable_matches()->Reserve(static_cast<int>(ranked.entries.size()));
  std::vector<matcher::CandidateId> shown;
  for (const matcher::RankedCandidate& entry : ranked.entries) {
    answer.Fill(entry, posting, *response.add_matches());
    shown.push_back(entry.order.id);
  }
  if (dependencies_.showings != nullptr) dependencies_.showings->Note(posting, shown);
  if (!page.after.has_value()) answer.Fill(ranked.funnel, *response.mutable_funnel());
  answer.FillBasis(ForwardWeights(fit.ruleset, posting.channel), *response.mutable_basis());
  return response;
}

absl::StatusOr<v1::RecommendPostingsResponse> Matching::RecommendPostings(
    const v1::RecommendPostingsRequest& request, const CallContext& context) const {
  Violations violations;
  MatchQueryReader::CheckName(request.candidate(), "candidates", "candidate", violations);
  const RulesetSource::Ruleset rules = RulesetFor(request.candidate());
  const PageQuery page = reader_.ReadPage(request, *rules, violations);
  const MatchQuery query = reader_.ReadOptions(request.options(), rules, context, violations);
  LEYE_RETURN_IF_ERROR(violations.ToStatus());
  LEYE_ASSIGN_OR_RETURN(const MatchWorldSource::World world, TakeWorld(query, context));
  LEYE_ASSIGN_OR_RETURN(const Person person, FindPerson(*world, request.candidate()));
  if (!MatchReach(context, *world).Covers(person.record.candidate)) {
    return NotFound({request.candidate()});
  }

  const matcher::FitContext fit = FitContextFor(query, *world);
  matcher::RecommendRequest ranking{
      .k = page.size + 1, .side = query.side, .after = {}, .funnel = query.funnel};
  if (page.after.has_value()) {
    ranking.after = {.score = page.after->score, .id = matcher::PostingId(page.after->id)};
    ranking.funnel = matcher::FunnelMode::kBounded;
  }
  const matcher::Person who{person.record.candidate, person.record.household, person.area};
  matcher::PostingRanking ranked = rankers_->With([&](matcher::Ranker& ranker) {
    return ranker.RecommendPostings(world->postings(), who, ranking, fit);
  });
  if (dependencies_.figures != nullptr) dependencies_.figures->postings.Add(ranked);
  if (OwesReasons(ranked, page)) ranked.funnel = Reasons(world->postings(), who, fit);

  v1::RecommendPostingsResponse response;
  const MatchAnswer answer({.world = *world,
                            .fit = fit,
                            .catalogue = dependencies_.catalogue,
                            .query = query,
                            .side = query.side.value_or(fit.ruleset.recommend_postings_by)});
  if (CutToPage(ranked.entries, page)) {
    const matcher::PostingOrder& last = ranked.entries.back().order;
    response.set_next_page_token(
        MatchQueryReader::PageToken(page, {last.score, {}, last.id.value()}));
  }
  response.mutable_matches()->Reserve(static_cast<int>(ranked.entries.size()));
  for (const matcher::RankedPosting& entry : ranked.entries) {
    answer.Fill(entry, person.record, *response.add_matches());
  }
  if (!page.after.has_value()) answer.Fill(ranked.funnel, *response.mutable_funnel());
  answer.FillBasis(ForwardWeights(fit.ruleset), *response.mutable_basis());
  return response;
}

absl::StatusOr<v1::ExplainMatchResponse> Matching::ExplainMatch(
    const v1::ExplainMatchRequest& request, const CallContext& context) const {
  Violations violations;
  CheckPair(request.pair(), "pair", violations);
  MatchQuery query = reader_.ReadOptions(request.options(), RulesetFor(request.pair().posting()),
                                         context, violations);
  query.full = true;
  query.congested = ReadCongestion(request.congestion(), "congestion", violations);
  LEYE_RETURN_IF_ERROR(violations.ToStatus());
  LEYE_ASSIGN_OR_RETURN(const MatchWorldSource::World world, TakeWorld(query, context));
  google::protobuf::RepeatedPtrField<v1::Pair> pairs;
  *pairs.Add() = request.pair();
  std::vector<std::string> missing = MissingNames(*world, MatchReach(context, *world), pairs);
  if (!missing.empty()) return NotFound(std::move(missing));
  LEYE_ASSIGN_OR_RETURN(const Person person, FindPerson(*world, request.pair().candidate()));
  LEYE_ASSIGN_OR_RETURN(const matcher::PostingProfile posting,
                        FindPosting(*world, request.pair().posting()));

  const matcher::FitContext fit = FitContextFor(query, *world);
  const MatchAnswer answer({.world = *world,
                            .fit = fit,
                            .catalogue = dependencies_.catalogue,
                            .query = query,
                            .side = query.side.value_or(fit.ruleset.rank_candidates_by)});
  v1::ExplainMatchResponse response;
  *response.mutable_match()->mutable_pair() = request.pair();
  answer.FillPair({.person = person.record,
                   .posting = posting,
                   .travel = matcher::TravelBetween(person.area, posting, fit)},
                  *response.mutable_match());
  answer.Fill(person.record.candidate, *response.mutable_candidate());
  answer.Fill(posting, *response.mutable_posting());
  answer.FillBasis(ForwardWeights(fit.ruleset, posting.channel), *response.mutable_basis());
  return response;
}

absl::StatusOr<v1::ScorePairsResponse> Matching::ScorePairs(const v1::ScorePairsRequest& request,
                                                            const CallContext& context) const {
  Violations violations;
  if (request.pairs().empty() || request.pairs_size() > MatchQueryReader::kMaxPairs) {
    violations.Add({"pairs", "OUT_OF_RANGE", "must be 1 to 1000 pairs", "须为 1 至 1000 对"});
  }
  for (int i = 0; i < std::min(request.pairs_size(), MatchQueryReader::kMaxPairs); ++i) {
    CheckPair(request.pairs(i), absl::StrCat("pairs[", i, "]"), violations);
  }
  const std::string first = request.pairs().empty() ? "" : request.pairs(0).posting();
  const MatchQuery query =
      reader_.ReadOptions(request.options(), RulesetFor(first), context, violations);
  LEYE_RETURN_IF_ERROR(violations.ToStatus());
  LEYE_ASSIGN_OR_RETURN(const MatchWorldSource::World world, TakeWorld(query, context));
  std::vector<std::string> missing =
      MissingNames(*world, MatchReach(context, *world), request.pairs());
  if (!missing.empty()) return NotFound(std::move(missing));

  const matcher::FitContext fit = FitContextFor(query, *world);
  const MatchAnswer answer({.world = *world,
                            .fit = fit,
                            .catalogue = dependencies_.catalogue,
                            .query = query,
                            .side = query.side.value_or(fit.ruleset.rank_candidates_by)});
  v1::ScorePairsResponse response;
  response.mutable_matches()->Reserve(request.pairs_size());
  for (const v1::Pair& pair : request.pairs()) {
    LEYE_ASSIGN_OR_RETURN(const Person person, FindPerson(*world, pair.candidate()));
    LEYE_ASSIGN_OR_RETURN(const matcher::PostingProfile posting,
                          FindPosting(*world, pair.posting()));
    v1::PairMatch& match = *response.add_matches();
    *match.mutable_pair() = pair;
    answer.FillPair({.person = person.record,
                     .posting = posting,
                     .travel = matcher::TravelBetween(person.area, posting, fit)},
                    match);
  }
  answer.FillBasis(ForwardWeights(fit.ruleset), *response.mutable_basis());
  return response;
}

absl::StatusOr<std::unique_ptr<MatchWatch>> Matching::WatchMatches(
    const v1::WatchMatchesRequest& request, const CallContext& context) const {
  if (dependencies_.watches == nullptr) return NotReady();
  return dependencies_.watches->WatchMatches(request, context);
}

absl::StatusOr<MatchWorldSource::World> Matching::TakeWorld(const MatchQuery& query,
                                                            const CallContext& context) const {
  if (query.min_revisions.empty()) {
    MatchWorldSource::World world = dependencies_.worlds.Current();
    if (world == nullptr) return NotReady();
    return world;
  }
  return AwaitWorld(dependencies_.worlds, query.min_revisions, dependencies_.clock, context);
}

RulesetSource::Ruleset Matching::RulesetFor(absl::string_view name) const {
  const store::Region region = RegionOfName(name).value_or(store::Region::FromNumber(0));
  return dependencies_.rulesets.InForce(region, Today(dependencies_.clock));
}

matcher::FitContext Matching::FitContextFor(const MatchQuery& query,
                                            const MatchWorld& world) const {
  return {.ruleset = *query.ruleset,
          .catalogue = dependencies_.catalogue.matcher_catalogue(),
          .day = matcher::Day::FromCivil(Today(dependencies_.clock)),
          .travel_times = world.travel_times()};
}

}  // namespace leye::app
