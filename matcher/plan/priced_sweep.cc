#include "matcher/plan/priced_sweep.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>

#include "matcher/criteria.h"
#include "matcher/posting_query.h"

namespace leye::matcher::plan {
namespace {

// More than sums and means of rounded scores can be off.
constexpr int64_t kRounding = 6;
constexpr double kFarthestKm = 1e9;
constexpr int64_t kMostPlateaus = std::numeric_limits<uint16_t>::max();

// Of a squared chord: what nearness is counted in.
double NearPart() { return JobAtlas::NearChord() / kMostPlateaus; }

Criteria Ones() {
  Criteria ones;
  ones.scores.fill(Score::One());
  return ones;
}

}  // namespace

LotPrices FreeSeats(const Roster& roster) {
  std::vector<int64_t> prices(2 * roster.jobs.size(), kUnaffordable);
  for (Job job = 0; job < roster.jobs.size(); ++job) {
    const JobFacts& facts = roster.jobs[job];
    if (facts.open_seats > 0) prices[LotPrices::Open(job)] = 0;
    if (facts.HasReserve()) prices[LotPrices::Reserved(job)] = 0;
  }
  return LotPrices(std::move(prices));
}

// Where people start from.
struct PricedSweep::Place {
  AreaProfile profile;
  UnitVector at;
  TravelTable::FromArea ways;
};

// One person's look at everything.
class PricedSweep::Search {
 public:
  Search(PricedSweep& sweep, const Place& place, const Area& area, Desk& desk,
         const CandidateRecord& record, const Asked& asked)
      : sweep_(sweep),
        place_(place),
        area_(area),
        desk_(desk),
        asked_(asked),
        person_{
            .candidate = record.candidate, .household = record.household, .area = place.profile},
        query_(person_, sweep.side_, sweep.request_.basis, desk.skills),
        fit_(record.candidate, record.household, sweep.request_.basis) {
    if (!query_.TakesNothing()) {
      FindDeductions();
      Run();
    }
  }

  int64_t unlisted() const { return unlisted_; }
  // Once.
  std::vector<Choice> TakeChoices() {
    std::ranges::sort(best_, [](const Seen& a, const Seen& b) {
      return a.choice.score_micros != b.choice.score_micros
                 ? a.choice.score_micros > b.choice.score_micros
                 : a.choice.job < b.choice.job;
    });
    std::vector<Choice> choices;
    for (const Seen& seen : best_) choices.push_back(seen.choice);
    return choices;
  }

 private:
  struct Seen {
    int64_t value = 0;
    Choice choice;

    // The worst is on top of a heap.
    friend bool operator<(const Seen& a, const Seen& b) {
      return a.value != b.value ? a.value > b.value : a.choice.job < b.choice.job;
    }
  };

  // By how much less than anybody this person can gain, wherever it is.
  void FindDeductions() {
    for (size_t i = 0; i < deductions_.size(); ++i) {
      PostingSummary dream;
      dream.channels.Insert(static_cast<Channel>(i));
      dream.greatest_pay = std::numeric_limits<int32_t>::max();
      dream.any_without_pay = true;
      const PostingFrame frame = query_.FrameOf(dream, Kilometres::Of(0), /*at_home=*/true);
      deductions_[i] = sweep_.dreams_[i] - query_.Bound(frame, Score::One()).score.micros();
    }
    least_deduction_ = *std::ranges::min_element(deductions_);
  }

  void Run() {
    const bool moves = person_.candidate.wants_to_go_out;
    LookNear(desk_.daily, false);
    LookNear(moves ? desk_.living : desk_.lodging, moves);
    LookFar(sweep_.at_home_, 0);
    // Whoever is too old for everything would look at everything.
    if (!query_.MayHold(sweep_.atlas_.SummaryOfRoaming(), JobAtlas::NearChord())) return;
    LookFar(sweep_.daily_, area_.far_micros);
    LookFar(moves ? sweep_.living_ : sweep_.lodging_, moves ? 0 : area_.far_micros);
  }

  void LookNear(AskOrder& order, bool lives_there) {
    const auto admits = [this](const AskLists::Admission& whom) { return Admits(whom); };
    order.ForEach(desk_.skills, 0, admits, [&](uint32_t position, int64_t top) {
      if (IsOver(top)) return false;
      const Near& near = area_.near[position];
      if (!query_.MayGo(near.nearest * NearPart())) return true;
      const JobAtlas::Gist& gist = sweep_.atlas_.GistOf(near.job);
      if (!Admits(gist.admission)) return true;
      const int64_t most = lives_there ? sweep_.FarCeiling(gist.channel, Score::One())
                                       : near.ceiling * kPlateauMicros;
      Look(near.job, top, most, nullptr);
      return true;
    });
  }

  void LookFar(Far& far, int64_t far_micros) {
    const uint32_t turn = (asked_.applicant * 2'654'435'761U) >> 8;
    const auto admits = [this](const AskLists::Admission& whom) { return Admits(whom); };
    far.order.ForEach(desk_.skills, turn, admits, [&](Job job, int64_t top) {
      if (IsOver(top + far_micros)) return false;
      const JobAtlas::Gist& gist = sweep_.atlas_.GistOf(job);
      if (!Admits(gist.admission)) return true;
      const int64_t most = sweep_.FarCeiling(gist.channel, far.proximity) + far_micros;
      Look(job, top + far_micros, most, &far);
      return true;
    });
  }

  bool Admits(const AskLists::Admission& admission) const {
    return query_.MayAdmit(admission.least_age, admission.most_age, admission.least_education);
  }

  bool IsFull() const { return best_.size() == asked_.most; }
  int64_t Worst() const { return best_.front().value; }

  // Nothing of this top, or of a lower one, is wanted any more.
  bool IsOver(int64_t top) {
    const int64_t bound = top - least_deduction_ + kRounding;
    if (!IsFull() || bound > Worst() + kSlackMicros) return false;
    unlisted_ = std::max(unlisted_, bound);
    return true;
  }

  bool MayEnter(int64_t bound) {
    if (!IsFull() || bound > Worst()) return true;
    unlisted_ = std::max(unlisted_, bound);
    return false;
  }

  // `most`: the score of whom nothing is wanting.
  void Look(Job job, int64_t top, int64_t most, const Far* far) {
    const Channel channel = sweep_.atlas_.GistOf(job).channel;
    const int64_t deduction = deductions_[static_cast<size_t>(channel)] - kRounding;
    if (!MayEnter(top - deduction)) return;
    const OfferedSkills::Verdict skills = desk_.skills.Weigh(sweep_.atlas_.AsksOf(job));
    if (sweep_.requires_skills_ && !skills.meets) return;
    const int64_t lacking = Score::kMicrosPerUnit - skills.value.micros();
    const int64_t lost =
        sweep_.Weight(channel, Criterion::kSkills) * lacking / Score::kMicrosPerUnit;
    if (!MayEnter(most - sweep_.prices_.Least(job) - lost - deduction)) return;
    Judge(job, far != nullptr);
  }

  void Judge(Job job, bool is_far) {
    const Roster& roster = sweep_.roster_;
    if (!roster.MaySit(asked_.applicant, job) || IsListed(job)) return;
    const JobAtlas::Sketch& sketch = sweep_.atlas_.SketchOf(job);
    const double chord = sketch.home_based ? 0 : SquaredChord(place_.at, sketch.work);
    if (!sketch.home_based && is_far != (chord > JobAtlas::NearChord())) return;
    if (!query_.MayHold(sketch.summary, chord)) return;
    const Travel travel = sketch.home_based
                              ? TravelOver(Kilometres::Of(0), std::nullopt)
                              : TravelOver(DistanceOf(chord), place_.ways.To(sketch.work));
    const int64_t price = sweep_.prices_.For(job, roster.IsReservedFor(job, asked_.applicant));
    if (price >= kUnaffordable) return;
    const std::optional<PairScore> score = fit_.Score(sweep_.atlas_.PostingOf(job), travel);
    if (!score.has_value()) return;
    const int32_t score_micros = score->BySide(sweep_.side_).micros();
    const Seen seen{.value = score_micros - price,
                    .choice = {.job = job, .score_micros = score_micros}};
    if (IsFull()) {
      unlisted_ = std::max(unlisted_, std::min(seen.value, Worst()));
      if (!(seen < best_.front())) return;
      unlisted_ = std::max(unlisted_, Worst());
      std::pop_heap(best_.begin(), best_.end());
      best_.pop_back();
    }
    best_.push_back(seen);
    std::push_heap(best_.begin(), best_.end());
  }

  // A job may stand in several lists.
  bool IsListed(Job job) const {
    return std::ranges::any_of(best_, [job](const Seen& seen) { return seen.choice.job == job; });
  }

  PricedSweep& sweep_;
  const Place& place_;
  const Area& area_;
  Desk& desk_;
  const Asked& asked_;
  const Person person_;
  PostingQuery query_;
  PersonFit fit_;
  std::array<int64_t, kEnumCount<Channel>> deductions_{};
  int64_t least_deduction_ = 0;
  std::vector<Seen> best_;
  int64_t unlisted_ = kNothing;
};

PricedSweep::PricedSweep(const PlanRequest& request, const Roster& roster, Side side)
    : request_(request),
      roster_(roster),
      side_(side),
      requires_skills_(request.basis.ruleset.enabled.Contains(RuleId::kSkillRequired)),
      atlas_(request, roster),
      areas_(roster.place_numbers.size()),
      prices_(FreeSeats(roster)),
      plateaus_(roster.jobs.size()) {
  for (size_t i = 0; i < dreams_.size(); ++i) {
    const auto channel = static_cast<Channel>(i);
    const Score near = ChannelOf(channel, Kilometres::Of(0));
    const Score any = std::max(near, ChannelOf(channel, Kilometres::Of(kFarthestKm)));
    dreams_[i] = Ceiling(channel, Score::One(), near);
    far_ceilings_[0][i] = Ceiling(channel, Score::Zero(), any);
    far_ceilings_[1][i] = Ceiling(channel, Score::One(), any);
  }
  std::vector<Job> without_lodging;
  std::vector<Job> with_lodging;
  for (const Job job : atlas_.Roaming()) {
    (atlas_.SketchOf(job).summary.any_lodging ? with_lodging : without_lodging).push_back(job);
  }
  ListFar(without_lodging, Score::Zero(), daily_);
  ListFar(with_lodging, Score::Zero(), lodging_);
  ListFar(with_lodging, Score::One(), living_);
  ListFar(atlas_.AtHome(), Score::One(), at_home_);
}

void PricedSweep::SetPrices(LotPrices prices, size_t threads) {
  prices_ = std::move(prices);
  for (Job job = 0; job < plateaus_.size(); ++job) {
    plateaus_[job] = static_cast<uint16_t>(
        std::min<int64_t>(prices_.Least(job) / kPlateauMicros, kMostPlateaus));
  }
  for (Far* far : {&daily_, &lodging_, &living_, &at_home_}) {
    far->order.Start(far->lists, plateaus_);
    far->order.SortAll(threads);
  }
}

void PricedSweep::ListFar(std::span<const Job> jobs, Score proximity, Far& far) const {
  std::vector<AskLists::Item> items;
  for (const Job job : jobs) {
    const int64_t ceiling = FarCeiling(atlas_.GistOf(job).channel, proximity);
    AddItems({.id = job, .job = job, .ceiling = ceiling}, atlas_.FineStandsOf(job), items);
  }
  far.lists = AskLists(std::move(items));
  far.proximity = proximity;
}

void PricedSweep::AddItems(const Listed& listed, std::span<const AskLists::Stand> stands,
                           std::vector<AskLists::Item>& items) const {
  const JobAtlas::Gist& gist = atlas_.GistOf(listed.job);
  const int64_t weight = Weight(gist.channel, Criterion::kSkills);
  for (const AskLists::Stand& stand : stands) {
    const int64_t lacking = Score::kMicrosPerUnit - stand.most.micros();
    const int64_t lost = weight * lacking / Score::kMicrosPerUnit;
    items.push_back(
        {.list = stand.list,
         .id = listed.id,
         .ceiling_micros = static_cast<int32_t>(std::max<int64_t>(0, listed.ceiling - lost)),
         .admission = gist.admission});
  }
}

int64_t PricedSweep::FarCeiling(Channel channel, Score proximity) const {
  return far_ceilings_[proximity == Score::One() ? 1 : 0][static_cast<size_t>(channel)];
}

// As ChannelValue, without looking at the posting.
Score PricedSweep::ChannelOf(Channel channel, Kilometres distance) const {
  const ChannelParameters& parameters = request_.basis.ruleset.channel;
  return ChannelValue(channel, distance <= parameters.near, parameters);
}

int64_t PricedSweep::Weight(Channel channel, Criterion criterion) const {
  const int64_t forward = request_.basis.ruleset.ForwardWeights(channel)[criterion].micros();
  const int64_t reverse = request_.basis.ruleset.reverse_weights[criterion].micros();
  switch (side_) {
    case Side::kForward:
      return forward;
    case Side::kReverse:
      return reverse;
    case Side::kMutual:
      break;
  }
  return (forward + reverse) / 2;
}

int64_t PricedSweep::Ceiling(Channel channel, Score proximity, Score channel_value) const {
  Criteria most = Ones();
  most[Criterion::kProximity] = proximity;
  most[Criterion::kChannel] = channel_value;
  PairScore score;
  score.forward = WeightedSum(request_.basis.ruleset.ForwardWeights(channel), most);
  score.reverse = WeightedSum(request_.basis.ruleset.reverse_weights, most);
  score.mutual = Mean(score.forward, score.reverse);
  return score.BySide(side_).micros();
}

const PricedSweep::Area& PricedSweep::AreaOf(const Place& place) {
  std::unique_ptr<const Area>& area = areas_[place.profile.index.value()];
  if (area == nullptr) area = std::make_unique<const Area>(Survey(place));
  return *area;
}

PricedSweep::Area PricedSweep::Survey(const Place& place) const {
  const FitContext& basis = request_.basis;
  Area area;
  std::vector<AskLists::Item> daily;
  std::vector<AskLists::Item> lodging;
  std::vector<AskLists::Item> living;
  atlas_.ForEachNear(place.at, [&](Job job, double chord) {
    const JobAtlas::Sketch& sketch = atlas_.SketchOf(job);
    const Channel channel = atlas_.GistOf(job).channel;
    const Travel travel = TravelOver(DistanceOf(chord), place.ways.To(sketch.work));
    const Score of_channel = ChannelOf(channel, travel.distance);
    const int64_t ceiling = Ceiling(channel, DistanceDecay(travel, basis.ruleset), of_channel);
    const auto id = static_cast<uint32_t>(area.near.size());
    area.near.push_back({.job = job,
                         .nearest = static_cast<uint16_t>(chord / NearPart()),
                         .ceiling = static_cast<uint16_t>(ceiling / kPlateauMicros + 1)});
    const bool lodges = sketch.summary.any_lodging;
    const std::span<const AskLists::Stand> stands = atlas_.StandsOf(job);
    AddItems({.id = id, .job = job, .ceiling = ceiling}, stands, lodges ? lodging : daily);
    if (!lodges) return;
    const int64_t there = Ceiling(channel, Score::One(), of_channel);
    AddItems({.id = id, .job = job, .ceiling = there}, stands, living);
  });
  area.near.shrink_to_fit();
  area.daily = AskLists(std::move(daily));
  area.lodging = AskLists(std::move(lodging));
  area.living = AskLists(std::move(living));
  const Kilometres far = DistanceOf(JobAtlas::NearChord());
  const Score decay = GreatestDecay(far, place.ways.LeastMinutes(far), basis.ruleset);
  for (int channel = 0; channel < kEnumCount<Channel>; ++channel) {
    const int64_t weight = Weight(static_cast<Channel>(channel), Criterion::kProximity) + 1;
    area.far_micros =
        std::max(area.far_micros, weight * decay.micros() / Score::kMicrosPerUnit + 1);
  }
  return area;
}

PricedSweep::Found PricedSweep::Sweep(std::span<const Asked> people, Desk& desk) {
  Place place;
  place.profile = *request_.people.FindArea(roster_.applicants[people.front().applicant].area);
  place.at = ToUnitVector(place.profile.location);
  if (request_.basis.travel_times != nullptr) {
    place.ways = request_.basis.travel_times->WaysFrom(place.profile.index,
                                                       request_.basis.ruleset.travel.modes);
  }
  const Area& area = AreaOf(place);
  PutInOrder(area, desk);
  Found found;
  for (const Asked& asked : people) {
    const auto record = request_.people.Find(roster_.applicants[asked.applicant].id);
    Search search(*this, place, area, desk, *record, asked);
    const std::vector<Choice> choices = search.TakeChoices();
    found.choices.insert(found.choices.end(), choices.begin(), choices.end());
    found.counts.push_back(static_cast<uint32_t>(choices.size()));
    found.unlisted.push_back(search.unlisted());
  }
  return found;
}

void PricedSweep::PutInOrder(const Area& area, Desk& desk) const {
  desk.prices.clear();
  for (const Near& near : area.near) desk.prices.push_back(plateaus_[near.job]);
  desk.daily.Start(area.daily, desk.prices);
  desk.lodging.Start(area.lodging, desk.prices);
  desk.living.Start(area.living, desk.prices);
}

}  // namespace leye::matcher::plan
