#include "matcher/plan/roster.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "matcher/plan/household_caps.h"

namespace leye::matcher::plan {
namespace {

JobFacts JobFactsOf(const PostingProfile& posting, const Ruleset& rules) {
  JobFacts job;
  job.id = posting.id;
  job.openings = posting.openings_left;
  job.reserved = std::min(posting.reserved_openings_left, posting.openings_left);
  job.seats = job.openings;
  job.open_seats = static_cast<uint16_t>(job.openings - job.reserved);
  job.reserved_for = posting.reserved_for;
  if (posting.channel == Channel::kPublicWelfare && rules.enabled.Contains(RuleId::kHouseholdCap)) {
    job.programme = {.kind = posting.public_welfare.kind,
                     .cap = posting.public_welfare.household_cap.value_or(kNoCap)};
  }
  return job;
}

// Along a curve that fills the map square by square (Morton 1966): what is near on the curve is
// near on the map.
uint64_t PositionOnCurve(const GeoPoint& at) {
  constexpr double kLinesPerDegree = 100;
  const auto line = static_cast<uint64_t>((at.latitude_degrees() + 90) * kLinesPerDegree);
  const auto column = static_cast<uint64_t>((at.longitude_degrees() + 180) * kLinesPerDegree);
  uint64_t position = 0;
  for (int bit = 0; bit < 16; ++bit) {
    position |= (line >> bit & 1) << (2 * bit + 1) | (column >> bit & 1) << (2 * bit);
  }
  return position;
}

// One person while the roster is made.
struct Arrival {
  CandidateOrder order;
  AreaIndex area;
  HouseholdId household;
  GroupSet groups;
};

std::string Text(const std::vector<PinProblem>& problems) {
  return absl::StrJoin(problems, "; ", [](std::string* text, const PinProblem& problem) {
    absl::StrAppend(text, "pin of candidate ", problem.pin.candidate.value(), " to posting ",
                    problem.pin.posting.value(), ": ", problem.problem);
  });
}

class RosterMaker {
 public:
  RosterMaker(const PlanRequest& request, Side side) : request_(request), side_(side) {}

  absl::StatusOr<Roster> Make() {
    roster_.caps_hold = request_.basis.ruleset.enabled.Contains(RuleId::kHouseholdCap);
    ReadJobs();
    ReadPins();
    ReadPeople();
    SettlePins();
    if (!problems_.empty()) return absl::InvalidArgumentError(Text(problems_));
    return std::move(roster_);
  }

  std::vector<PinProblem> CheckPins() {
    roster_.caps_hold = request_.basis.ruleset.enabled.Contains(RuleId::kHouseholdCap);
    ReadJobs();
    ReadPins();
    MakeHomes();
    SettlePins();
    return std::move(problems_);
  }

 private:
  void ReadJobs() {
    request_.postings.ForEach([&](const PostingProfile& posting) {
      roster_.jobs.push_back(JobFactsOf(posting, request_.basis.ruleset));
    });
    std::ranges::sort(roster_.jobs, {}, &JobFacts::id);
    roster_.job_of.reserve(roster_.jobs.size());
    for (Job job = 0; job < roster_.jobs.size(); ++job) roster_.job_of[roster_.jobs[job].id] = job;
  }

  void Complain(const PlanPair& pin, absl::string_view problem) {
    problems_.push_back({.pin = pin, .problem = std::string(problem)});
  }

  void ReadPins() {
    std::vector<PlanPair> pins = request_.pins;
    std::ranges::sort(pins);
    pins.erase(std::unique(pins.begin(), pins.end()), pins.end());
    for (const PlanPair& ban : request_.bans) roster_.bans.insert({ban.candidate, ban.posting});
    for (const PlanPair& pin : pins) {
      if (!pinned_.insert(pin.candidate).second) Complain(pin, "the candidate is pinned elsewhere");
      if (roster_.bans.contains({pin.candidate, pin.posting})) Complain(pin, "it is banned");
      ReadPin(pin);
    }
  }

  void ReadPin(const PlanPair& pin) {
    const std::optional<CandidateRecord> record = request_.people.Find(pin.candidate);
    const std::optional<PostingProfile> posting = request_.postings.Find(pin.posting);
    const std::optional<AreaProfile> area =
        record.has_value() ? request_.people.FindArea(record->candidate.area) : std::nullopt;
    if (!area.has_value()) Complain(pin, "there is no such candidate in a known area");
    if (!posting.has_value()) Complain(pin, "there is no such posting in the plan");
    if (!area.has_value() || !posting.has_value()) return;
    const PairScore score = ScorePair({.candidate = record->candidate,
                                       .household = record->household,
                                       .posting = *posting,
                                       .travel = TravelBetween(*area, *posting, request_.basis)},
                                      request_.basis);
    for (int rule = 0; rule < kEnumCount<RuleId>; ++rule) {
      if (!score.failed.Contains(static_cast<RuleId>(rule))) continue;
      Complain(pin, absl::StrCat("rule ", RuleName(static_cast<RuleId>(rule)), " turns it away"));
    }
    const Job job = roster_.job_of.at(pin.posting);
    roster_.pins.push_back(
        {.pair = pin, .job = job, .score = score.BySide(side_), .household = record->household.id});
    TakeSeat(pin, job,
             EffectiveGroups(record->candidate, record->household, request_.basis.ruleset.age,
                             request_.basis.day));
    pinned_homes_.push_back(record->household);
  }

  void TakeSeat(const PlanPair& pin, Job job, GroupSet groups) {
    JobFacts& facts = roster_.jobs[job];
    const bool reserved = groups.Contains(facts.reserved_for);
    if (facts.seats == 0 || (!reserved && facts.open_seats == 0)) {
      Complain(pin, facts.seats == 0 ? "all openings of the posting are pinned already"
                                     : "what is left of the posting is reserved");
      return;
    }
    --facts.seats;
    if (!reserved) --facts.open_seats;
    facts.open_seats = std::min(facts.open_seats, facts.seats);
  }

  void ReadPeople() {
    const absl::flat_hash_set<AreaIndex> areas(request_.areas.begin(), request_.areas.end());
    std::optional<AreaIndex> area;
    bool takes_part = false;
    request_.people.ForEach([&](const CandidateRecord& record) {
      if (area != record.candidate.area) {
        area = record.candidate.area;
        takes_part =
            (areas.empty() || areas.contains(*area)) && request_.people.FindArea(*area).has_value();
      }
      if (takes_part && !pinned_.contains(record.candidate.id)) Arrive(record);
    });
    std::ranges::sort(arrivals_,
                      [](const Arrival& a, const Arrival& b) { return a.order < b.order; });
    MakeHomes();
    MakeApplicants();
  }

  void Arrive(const CandidateRecord& record) {
    const Ruleset& rules = request_.basis.ruleset;
    if (rules.enabled.Contains(RuleId::kSeeking) &&
        (!record.candidate.seeking || !record.candidate.willing)) {
      return;
    }
    arrivals_.push_back({.order = OrderOf(record.candidate, Score::Zero(), rules.candidate_ties),
                         .area = record.candidate.area,
                         .household = record.household.id,
                         .groups = EffectiveGroups(record.candidate, record.household, rules.age,
                                                   request_.basis.day)});
    if (record.household.id != HouseholdId()) AddHome(record.household);
  }

  void AddHome(const HouseholdProfile& household) {
    HomeFacts home;
    home.id = household.id;
    home.jobless = household.ZeroEmployment();
    home.holders = household.public_welfare_holders;
    roster_.homes.push_back(home);
  }

  void MakeHomes() {
    for (const HouseholdProfile& household : pinned_homes_) {
      if (household.id != HouseholdId()) AddHome(household);
    }
    std::vector<HomeFacts>& homes = roster_.homes;
    std::ranges::sort(homes, {}, &HomeFacts::id);
    const auto same = [](const HomeFacts& a, const HomeFacts& b) { return a.id == b.id; };
    homes.erase(std::unique(homes.begin(), homes.end(), same), homes.end());
    homes.shrink_to_fit();
  }

  Home HomeOf(HouseholdId id) const {
    if (id == HouseholdId()) return kNone;
    const auto found = std::ranges::lower_bound(roster_.homes, id, {}, &HomeFacts::id);
    return static_cast<Home>(found - roster_.homes.begin());
  }

  void MakeApplicants() {
    roster_.applicants.reserve(arrivals_.size());
    for (const Arrival& arrival : arrivals_) {
      const Home home = HomeOf(arrival.household);
      roster_.applicants.push_back(
          {.id = arrival.order.id, .area = arrival.area, .home = home, .groups = arrival.groups});
      if (home != kNone) ++roster_.homes[home].member_count;
    }
    arrivals_ = {};
    NumberPlaces();
    uint32_t total = 0;
    for (HomeFacts& home : roster_.homes) {
      home.first_member = total;
      total += std::exchange(home.member_count, 0);
    }
    roster_.members.resize(total);
    for (Applicant a = 0; a < roster_.applicants.size(); ++a) {
      if (roster_.applicants[a].home == kNone) continue;
      HomeFacts& home = roster_.homes[roster_.applicants[a].home];
      roster_.members[home.first_member + home.member_count++] = a;
    }
  }

  void NumberPlaces() {
    std::vector<std::pair<uint64_t, AreaIndex>> places;
    std::vector<bool> seen;
    for (const ApplicantFacts& applicant : roster_.applicants) {
      const size_t area = applicant.area.value();
      if (area >= seen.size()) seen.resize(area + 1);
      if (seen[area]) continue;
      seen[area] = true;
      const GeoPoint at = request_.people.FindArea(applicant.area)->location;
      places.emplace_back(PositionOnCurve(at), applicant.area);
    }
    std::ranges::sort(places);
    roster_.place_numbers.resize(seen.size());
    for (uint32_t i = 0; i < places.size(); ++i) {
      roster_.place_numbers[places[i].second.value()] = i;
    }
  }

  // Pins are earners of their households, and hold posts.
  void SettlePins() {
    for (KeptPin& pin : roster_.pins) {
      const Home home = HomeOf(pin.household);
      if (home == kNone) continue;
      pin.first_earner = std::exchange(roster_.homes[home].jobless, false);
      std::vector<Programme>& taken = roster_.pinned_programmes[home];
      taken.push_back(roster_.jobs[pin.job].programme);
      if (!CapsHold(roster_.homes[home], taken)) {
        Complain(pin.pair, "rule HH-CAP turns it away, together with the household's other pins");
      }
    }
  }

  const PlanRequest& request_;
  Side side_;
  Roster roster_;
  std::vector<Arrival> arrivals_;
  absl::flat_hash_set<CandidateId> pinned_;
  std::vector<HouseholdProfile> pinned_homes_;
  std::vector<PinProblem> problems_;
};

// Rearranges the items; `order`: the old position of each new one. Returns the new positions by the
// old ones.
template <typename Item>
std::vector<uint32_t> Rearrange(std::span<const uint32_t> order, std::vector<Item>& items) {
  std::vector<Item> arranged;
  arranged.reserve(items.size());
  std::vector<uint32_t> now_at(items.size());
  for (const uint32_t old : order) {
    now_at[old] = static_cast<uint32_t>(arranged.size());
    arranged.push_back(items[old]);
  }
  items = std::move(arranged);
  return now_at;
}

void NumberPeopleByPlace(Roster& roster) {
  std::vector<uint32_t> order(roster.applicants.size());
  std::iota(order.begin(), order.end(), 0U);
  std::ranges::stable_sort(order, {}, [&](Applicant a) { return roster.PlaceOf(a); });
  const std::vector<uint32_t> now_at = Rearrange(order, roster.applicants);
  for (Applicant& member : roster.members) member = now_at[member];
}

void NumberJobsByPlace(const PlanRequest& request, Roster& roster) {
  std::vector<uint64_t> positions(roster.jobs.size());
  request.postings.ForEach([&](const PostingProfile& posting) {
    positions[roster.job_of.at(posting.id)] = PositionOnCurve(posting.location);
  });
  std::vector<uint32_t> order(roster.jobs.size());
  std::iota(order.begin(), order.end(), 0U);
  std::ranges::stable_sort(order, {}, [&](Job job) { return positions[job]; });
  const std::vector<uint32_t> now_at = Rearrange(order, roster.jobs);
  for (auto& [id, job] : roster.job_of) job = now_at[job];
  for (KeptPin& pin : roster.pins) pin.job = now_at[pin.job];
}

}  // namespace

bool Roster::MaySit(Applicant applicant, Job job) const {
  const JobFacts& facts = jobs[job];
  if (facts.seats == 0) return false;
  if (facts.open_seats == 0 && !IsReservedFor(job, applicant)) return false;
  return bans.empty() || !bans.contains({applicants[applicant].id, facts.id});
}

std::vector<PinProblem> CheckPins(const PlanRequest& request) {
  return RosterMaker(request, request.basis.ruleset.rank_candidates_by).CheckPins();
}

absl::StatusOr<Roster> MakeRoster(const PlanRequest& request, Side side) {
  return RosterMaker(request, side).Make();
}

void NumberByPlace(const PlanRequest& request, Roster& roster) {
  NumberPeopleByPlace(roster);
  NumberJobsByPlace(request, roster);
}

}  // namespace leye::matcher::plan
