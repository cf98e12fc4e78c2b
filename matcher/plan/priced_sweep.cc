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

// A job near an area.
struct PricedSweep::Near {
  Job job = kNone;
  double chord = 0;
  Travel travel;
};

struct PricedSweep::Area {
  AreaProfile place = {};
  UnitVector at = {};
  TravelTable::FromArea ways = {};
  std::vector<Near> near = {};
  // Positions in `near`, as the lists of these names for what is far.
  AskLists daily = {};
  AskLists lodging = {};
  AskLists living = {};
  int64_t far_micros = 0;  // the most that being near is worth where it is far
};

// One person's look at everything.
class PricedSweep::Search {
 public:
  Search(const PricedSweep& sweep, const Area& area, const CandidateRecord& record,
         const Asked& asked, OfferedSkills& skills)
      : sweep_(sweep),
        area_(area),
        asked_(asked),
        person_{.candidate = record.candidate, .household = record.household, .area = area.place},
        skills_(skills),
        query_(person_, sweep.side_, sweep.request_.basis, skills),
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
    LookNear(area_.daily);
    LookNear(moves ? area_.living : area_.lodging);
    LookFar(sweep_.at_home_, 0);
    // Whoever is too old for everything would look at everything.
    if (!query_.MayHold(sweep_.atlas_.SummaryOfRoaming(), JobAtlas::NearChord())) return;
    LookFar(sweep_.daily_, area_.far_micros);
    LookFar(moves ? sweep_.living_ : sweep_.lodging_, moves ? 0 : area_.far_micros);
  }

  void LookNear(const AskLists& lists) {
    lists.ForEach(skills_, 0, [&](uint32_t position, const AskLists::Most& most) {
      if (IsOver(most.top)) return false;
      if (!Admits(most.admission)) return true;
      const Near& near = area_.near[position];
      if (query_.MayGo(near.chord)) Look(near.job, near.chord, most, &near.travel);
      return true;
    });
  }

  void LookFar(const AskLists& lists, int64_t far_micros) {
    const uint32_t turn = asked_.applicant * 2'654'435'761U;
    lists.ForEach(skills_, turn >> 8, [&](Job job, AskLists::Most most) {
      most.top += far_micros;
      if (IsOver(most.top)) return false;
      if (!Admits(most.admission)) return true;
      const JobAtlas::Sketch& sketch = sweep_.atlas_.SketchOf(job);
      if (sketch.home_based) {
        Look(job, 0, most, nullptr);
        return true;
      }
      const double chord = SquaredChord(area_.at, sketch.work);
      const bool is_far = chord > JobAtlas::NearChord();
      if (is_far && query_.MayGo(chord)) Look(job, chord, most, nullptr);
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

  // `travel` is null if it is not known yet.
  void Look(Job job, double chord, const AskLists::Most& most, const Travel* travel) {
    const JobAtlas::Sketch& sketch = sweep_.atlas_.SketchOf(job);
    int64_t bound = most.top - deductions_[static_cast<size_t>(sketch.channel)] + kRounding;
    if (!MayEnter(bound)) return;
    if (!query_.MayHold(sketch.summary, chord)) return;
    const OfferedSkills::Verdict skills = skills_.Weigh(sweep_.atlas_.AsksOf(job));
    if (sweep_.requires_skills_ && !skills.meets) return;
    const Score counted = most.without_key ? sketch.most_without : Score::One();
    const int64_t lacking = std::max(0, counted.micros() - skills.value.micros());
    bound -= sweep_.Weight(sketch.channel, Criterion::kSkills) * lacking / Score::kMicrosPerUnit;
    if (!MayEnter(bound) || !sweep_.roster_.MaySit(asked_.applicant, job)) return;
    Judge(job, travel != nullptr ? *travel : WayTo(sketch, chord));
  }

  Travel WayTo(const JobAtlas::Sketch& sketch, double chord) const {
    if (sketch.home_based) return TravelOver(Kilometres::Of(0), std::nullopt);
    return TravelOver(DistanceOf(chord), area_.ways.To(sketch.work));
  }

  void Judge(Job job, const Travel& travel) {
    const Roster& roster = sweep_.roster_;
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

  const PricedSweep& sweep_;
  const Area& area_;
  const Asked& asked_;
  const Person person_;
  OfferedSkills& skills_;
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
      prices_(FreeSeats(roster)) {
  for (size_t i = 0; i < dreams_.size(); ++i) {
    const auto channel = static_cast<Channel>(i);
    dreams_[i] = Ceiling(channel, Score::One(), ChannelOf(channel, Kilometres::Of(0)));
  }
}

void PricedSweep::SetPrices(LotPrices prices) {
  prices_ = std::move(prices);
  std::vector<Job> without_lodging;
  std::vector<Job> with_lodging;
  for (const Job job : atlas_.Roaming()) {
    (atlas_.SketchOf(job).summary.any_lodging ? with_lodging : without_lodging).push_back(job);
  }
  daily_ = ListsOf(without_lodging, Score::Zero());
  lodging_ = ListsOf(with_lodging, Score::Zero());
  living_ = ListsOf(with_lodging, Score::One());
  at_home_ = ListsOf(atlas_.AtHome(), Score::One());
}

AskLists PricedSweep::ListsOf(std::span<const Job> jobs, Score proximity) const {
  std::vector<AskLists::Item> items;
  for (const Job job : jobs) {
    const Channel channel = atlas_.SketchOf(job).channel;
    const Score of_channel = std::max(ChannelOf(channel, Kilometres::Of(0)),
                                      ChannelOf(channel, Kilometres::Of(kFarthestKm)));
    items.push_back(ItemOf(job, job, proximity, of_channel));
  }
  return AskLists(items, requires_skills_);
}

AskLists::Item PricedSweep::ItemOf(uint32_t id, Job job, Score proximity, Score of_channel) const {
  const JobAtlas::Sketch& sketch = atlas_.SketchOf(job);
  const int64_t top = Ceiling(sketch.channel, proximity, of_channel) - prices_.Least(job);
  const int64_t lacking = Score::kMicrosPerUnit - sketch.most_without.micros();
  const int64_t weight = Weight(sketch.channel, Criterion::kSkills);
  return {.id = id,
          .top = top,
          .top_without_key = top - weight * lacking / Score::kMicrosPerUnit,
          .key = sketch.key,
          .admission = {.least_age = sketch.summary.least_age,
                        .most_age = sketch.summary.most_age,
                        .least_education = sketch.summary.least_education}};
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

PricedSweep::Area PricedSweep::Survey(const AreaProfile& place) const {
  const FitContext& basis = request_.basis;
  Area area{.place = place, .at = ToUnitVector(place.location)};
  if (basis.travel_times != nullptr) {
    area.ways = basis.travel_times->WaysFrom(place.index, basis.ruleset.travel.modes);
  }
  std::vector<AskLists::Item> daily;
  std::vector<AskLists::Item> lodging;
  std::vector<AskLists::Item> living;
  atlas_.ForEachNear(area.at, [&](Job job, double chord) {
    const JobAtlas::Sketch& sketch = atlas_.SketchOf(job);
    const auto id = static_cast<uint32_t>(area.near.size());
    const Near& near = area.near.emplace_back(
        Near{.job = job,
             .chord = chord,
             .travel = TravelOver(DistanceOf(chord), area.ways.To(sketch.work))});
    const Score of_channel = ChannelOf(sketch.channel, near.travel.distance);
    const Score decay = DistanceDecay(near.travel, basis.ruleset);
    (sketch.summary.any_lodging ? lodging : daily).push_back(ItemOf(id, job, decay, of_channel));
    if (sketch.summary.any_lodging) living.push_back(ItemOf(id, job, Score::One(), of_channel));
  });
  area.daily = AskLists(daily, requires_skills_);
  area.lodging = AskLists(lodging, requires_skills_);
  area.living = AskLists(living, requires_skills_);
  const Kilometres far = DistanceOf(JobAtlas::NearChord());
  const Score decay = GreatestDecay(far, area.ways.LeastMinutes(far), basis.ruleset);
  for (int channel = 0; channel < kEnumCount<Channel>; ++channel) {
    const int64_t weight = Weight(static_cast<Channel>(channel), Criterion::kProximity) + 1;
    area.far_micros =
        std::max(area.far_micros, weight * decay.micros() / Score::kMicrosPerUnit + 1);
  }
  return area;
}

PricedSweep::Found PricedSweep::Sweep(std::span<const Asked> people) const {
  const AreaIndex index = roster_.applicants[people.front().applicant].area;
  const Area area = Survey(*request_.people.FindArea(index));
  OfferedSkills skills;
  Found found;
  for (const Asked& asked : people) {
    const auto record = request_.people.Find(roster_.applicants[asked.applicant].id);
    Search search(*this, area, *record, asked, skills);
    const std::vector<Choice> choices = search.TakeChoices();
    found.choices.insert(found.choices.end(), choices.begin(), choices.end());
    found.counts.push_back(static_cast<uint32_t>(choices.size()));
    found.unlisted.push_back(search.unlisted());
  }
  return found;
}

}  // namespace leye::matcher::plan
