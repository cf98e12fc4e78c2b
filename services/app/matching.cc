#include "services/app/matching.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "matcher/exact_funnel.h"
#include "services/app/matching_answer.h"
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

absl::Status NotReady() {
  return WithMessageZh(Error(absl::StatusCode::kUnavailable, "NOT_READY",
                             "the records are still being loaded: try again shortly"),
                       "数据正在加载，请稍后重试");
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

// The names of `pairs` that are not in the world, each once a pair.
std::vector<std::string> MissingNames(const MatchWorld& world,
                                      const google::protobuf::RepeatedPtrField<v1::Pair>& pairs) {
  std::vector<std::string> missing;
  for (const v1::Pair& pair : pairs) {
    if (!world.FindCandidate(pair.candidate()).has_value()) missing.push_back(pair.candidate());
    if (!world.FindPosting(pair.posting()).has_value()) missing.push_back(pair.posting());
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
      reader_(dependencies.catalogue, dependencies.ruleset),
      rankers_(std::make_unique<RankerPool>()) {}

Matching::~Matching() = default;

absl::StatusOr<v1::RankCandidatesResponse> Matching::RankCandidates(
    const v1::RankCandidatesRequest& request, const CallContext& context) const {
  Violations violations;
  MatchQueryReader::CheckName(request.posting(), "postings", "posting", violations);
  const PageQuery page = reader_.ReadPage(request, violations);
  const MatchQuery query = reader_.ReadOptions(request.options(), context, violations);
  LEYE_RETURN_IF_ERROR(violations.ToStatus());
  LEYE_ASSIGN_OR_RETURN(const MatchWorldSource::World world, TakeWorld(query, context));
  LEYE_ASSIGN_OR_RETURN(const matcher::PostingProfile posting,
                        FindPosting(*world, request.posting()));

  const matcher::FitContext fit = FitContextFor(query);
  matcher::RankRequest ranking{
      .k = page.size + 1, .side = query.side, .after = {}, .funnel = query.funnel};
  if (page.after.has_value()) {
    ranking.after = {.score = page.after->score,
                     .waiting_since = page.after->waiting_since,
                     .id = matcher::CandidateId(page.after->id)};
    ranking.funnel = matcher::FunnelMode::kBounded;  // Not in the answer: not worth the work.
  }
  matcher::CandidateRanking ranked = rankers_->With([&](matcher::Ranker& ranker) {
    return ranker.RankCandidates(world->people(), posting, ranking, fit);
  });
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
  for (const matcher::RankedCandidate& entry : ranked.entries) {
    answer.Fill(entry, posting, *response.add_matches());
  }
  if (!page.after.has_value()) answer.Fill(ranked.funnel, *response.mutable_funnel());
  answer.FillBasis(ForwardWeights(fit.ruleset, posting.channel), *response.mutable_basis());
  return response;
}

absl::StatusOr<v1::RecommendPostingsResponse> Matching::RecommendPostings(
    const v1::RecommendPostingsRequest& request, const CallContext& context) const {
  Violations violations;
  MatchQueryReader::CheckName(request.candidate(), "candidates", "candidate", violations);
  const PageQuery page = reader_.ReadPage(request, violations);
  const MatchQuery query = reader_.ReadOptions(request.options(), context, violations);
  LEYE_RETURN_IF_ERROR(violations.ToStatus());
  LEYE_ASSIGN_OR_RETURN(const MatchWorldSource::World world, TakeWorld(query, context));
  LEYE_ASSIGN_OR_RETURN(const Person person, FindPerson(*world, request.candidate()));

  const matcher::FitContext fit = FitContextFor(query);
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
  MatchQuery query = reader_.ReadOptions(request.options(), context, violations);
  query.full = true;
  LEYE_RETURN_IF_ERROR(violations.ToStatus());
  LEYE_ASSIGN_OR_RETURN(const MatchWorldSource::World world, TakeWorld(query, context));
  google::protobuf::RepeatedPtrField<v1::Pair> pairs;
  *pairs.Add() = request.pair();
  std::vector<std::string> missing = MissingNames(*world, pairs);
  if (!missing.empty()) return NotFound(std::move(missing));
  LEYE_ASSIGN_OR_RETURN(const Person person, FindPerson(*world, request.pair().candidate()));
  LEYE_ASSIGN_OR_RETURN(const matcher::PostingProfile posting,
                        FindPosting(*world, request.pair().posting()));

  const matcher::FitContext fit = FitContextFor(query);
  const MatchAnswer answer({.world = *world,
                            .fit = fit,
                            .catalogue = dependencies_.catalogue,
                            .query = query,
                            .side = query.side.value_or(fit.ruleset.rank_candidates_by)});
  v1::ExplainMatchResponse response;
  *response.mutable_match()->mutable_pair() = request.pair();
  answer.FillPair({.person = person.record,
                   .posting = posting,
                   .travel = matcher::TravelBetween(person.area, posting)},
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
  const MatchQuery query = reader_.ReadOptions(request.options(), context, violations);
  LEYE_RETURN_IF_ERROR(violations.ToStatus());
  LEYE_ASSIGN_OR_RETURN(const MatchWorldSource::World world, TakeWorld(query, context));
  std::vector<std::string> missing = MissingNames(*world, request.pairs());
  if (!missing.empty()) return NotFound(std::move(missing));

  const matcher::FitContext fit = FitContextFor(query);
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
                     .travel = matcher::TravelBetween(person.area, posting)},
                    match);
  }
  answer.FillBasis(ForwardWeights(fit.ruleset), *response.mutable_basis());
  return response;
}

absl::StatusOr<MatchWorldSource::World> Matching::TakeWorld(const MatchQuery& query,
                                                            const CallContext& context) const {
  if (query.min_revisions.empty()) {
    MatchWorldSource::World world = dependencies_.worlds.Current();
    if (world == nullptr) return NotReady();
    return world;
  }
  const absl::Duration left = context.deadline - dependencies_.clock.Now();
  return dependencies_.worlds.WaitFor(query.min_revisions, SteadyDeadline(left));
}

matcher::FitContext Matching::FitContextFor(const MatchQuery& query) const {
  return {.ruleset = query.overridden.has_value() ? *query.overridden : dependencies_.ruleset,
          .catalogue = dependencies_.catalogue.matcher_catalogue(),
          .day = Today()};
}

matcher::Day Matching::Today() const {
  return matcher::Day::FromCivil(leye::Today(dependencies_.clock));
}

}  // namespace leye::app
