#include "matcher/plan/dual_bound.h"

#include <algorithm>
#include <numeric>
#include <optional>

#include "matcher/parallel_for.h"
#include "matcher/plan/household_caps.h"

namespace leye::matcher::plan {
namespace {

// More ways than these are not tried; a bound that leaves HH-CAP out is a bound too.
constexpr size_t kMostWays = 100'000;
constexpr uint32_t kPart = 4096;  // people, and homes, looked at by one thread in one go

// The best choice of a household: each member one option or none, within the caps.
class HomeChoice {
 public:
  template <typename Members>
  HomeChoice(const HomeFacts& home, const std::vector<Programme>* pinned, int64_t bonus_micros,
             const Members& members)
      : home_(home), bonus_micros_(home.jobless ? bonus_micros : 0) {
    if (pinned != nullptr) taken_ = *pinned;
    Try(members, 0, 0, false);
  }

  int64_t best_micros() const { return best_micros_; }

 private:
  template <typename Members>
  void Try(const Members& members, size_t next, int64_t value, bool anybody) {
    if (next == members.size()) {
      best_micros_ = std::max(best_micros_, value + (anybody ? bonus_micros_ : 0));
      return;
    }
    Try(members, next + 1, value, anybody);
    for (const auto& option : members[next]) {
      taken_.push_back(option.programme);
      if (CapsHold(home_, taken_)) {
        Try(members, next + 1, value + option.value_micros, true);
      }
      taken_.pop_back();
    }
  }

  const HomeFacts& home_;
  const int64_t bonus_micros_;
  std::vector<Programme> taken_;
  int64_t best_micros_ = 0;
};

}  // namespace

DualBound::DualBound(const Roster& roster, const ChoiceLists& choices, const SeatBook& seats,
                     const PathSearch& search, size_t threads)
    : roster_(roster), choices_(choices), seats_(seats), search_(search), threads_(threads) {}

// The open part costs at least what the whole does: whoever enters it takes a seat of the whole.
int64_t DualBound::Price(SeatNode node, const DualPoint& point) const {
  const int64_t whole = seats_.Price(SeatBook::Whole(SeatBook::JobAt(node)));
  return std::min(point.most_price_micros, std::max(whole, seats_.Price(node)));
}

absl::int128 DualBound::Excess(const DualPoint& point) const {
  const size_t count = std::max(roster_.applicants.size(), roster_.homes.size());
  std::vector<absl::int128> parts((count + kPart - 1) / kPart);
  ParallelFor(parts.size(), threads_, [&](size_t i) {
    const auto begin = static_cast<uint32_t>(i * kPart);
    parts[i] = ExcessOfRange(begin, begin + kPart, point);
  });
  return std::accumulate(parts.begin(), parts.end(), ExcessOfSeats(point));
}

absl::int128 DualBound::ExcessOfRange(uint32_t begin, uint32_t end, const DualPoint& point) const {
  absl::int128 excess = 0;
  const auto as_one = [this](Home home) {
    return home != kNone && (roster_.homes[home].jobless || MayCapBind(home));
  };
  for (Applicant a = begin; a < std::min<size_t>(end, roster_.applicants.size()); ++a) {
    if (!as_one(roster_.applicants[a].home)) excess += ExcessOfOne(a, point);
  }
  for (Home home = begin; home < std::min<size_t>(end, roster_.homes.size()); ++home) {
    if (as_one(home)) excess += ExcessOfHome(home, point);
  }
  return excess;
}

// Seats that are paid for and empty.
absl::int128 DualBound::ExcessOfSeats(const DualPoint& point) const {
  absl::int128 excess = 0;
  for (Job job = 0; job < roster_.jobs.size(); ++job) {
    const SeatNode whole = SeatBook::Whole(job);
    const SeatNode open = SeatBook::OpenPart(job);
    const int64_t price = Price(whole, point);
    excess += absl::int128(price) * (seats_.Seats(whole) - seats_.Used(whole));
    if (!seats_.HasReserve(job)) continue;
    excess += absl::int128(Price(open, point) - price) * (seats_.Seats(open) - seats_.Used(open));
  }
  return excess;
}

int64_t DualBound::ValueOf(Applicant applicant, const DualPoint& point) const {
  if (!seats_.IsSeated(applicant)) return 0;
  return search_.ScoreOf(applicant) - Price(seats_.SeatOf(applicant), point);
}

int64_t DualBound::BestOf(Applicant applicant, const DualPoint& point) const {
  int64_t best =
      choices_.IsComplete(applicant) ? 0 : std::max<int64_t>(0, choices_.UnlistedBound(applicant));
  for (const Choice& choice : choices_.Of(applicant)) {
    if (choice.score_micros <= best) break;
    best =
        std::max(best, choice.score_micros - Price(seats_.EntryOf(applicant, choice.job), point));
  }
  return best;
}

int64_t DualBound::ExcessOfOne(Applicant applicant, const DualPoint& point) const {
  return BestOf(applicant, point) - ValueOf(applicant, point);
}

// A cap can turn away a second member only where two hold, or may hold, posts of programmes.
bool DualBound::MayCapBind(Home home) const {
  return roster_.caps_hold &&
         (roster_.homes[home].member_count > 1 ||
          (!roster_.pinned_programmes.empty() && roster_.pinned_programmes.contains(home)));
}

DualBound::Options DualBound::OptionsOf(Applicant applicant, const DualPoint& point) const {
  Options options;
  const auto offer = [&options](const Programme& programme, int64_t value) {
    const auto same = std::ranges::find(options, programme, &Option::programme);
    if (same == options.end()) {
      options.push_back({.programme = programme, .value_micros = value});
    } else {
      same->value_micros = std::max(same->value_micros, value);
    }
  };
  if (!choices_.IsComplete(applicant)) offer({}, choices_.UnlistedBound(applicant));
  for (const Choice& choice : choices_.Of(applicant)) {
    offer(roster_.jobs[choice.job].programme,
          choice.score_micros - Price(seats_.EntryOf(applicant, choice.job), point));
  }
  return options;
}

int64_t DualBound::ExcessOfHome(Home home, const DualPoint& point) const {
  int64_t value = 0;
  bool anybody = false;
  std::vector<Options> members;
  for (const Applicant member : roster_.MembersOf(home)) {
    value += ValueOf(member, point);
    anybody = anybody || seats_.IsSeated(member);
    members.push_back(OptionsOf(member, point));
  }
  if (anybody && roster_.homes[home].jobless) value += point.bonus_micros;
  return BestOfHome(home, members, point) - value;
}

int64_t DualBound::BestOfHome(Home home, const std::vector<Options>& members,
                              const DualPoint& point) const {
  size_t ways = 1;
  bool any_programme = false;
  for (const Options& options : members) {
    ways = std::min(kMostWays + 1, ways * (options.size() + 1));
    any_programme = any_programme || std::ranges::any_of(options, [](const Option& option) {
                      return option.programme.Counts();
                    });
  }
  if (any_programme && MayCapBind(home) && ways <= kMostWays) {
    const auto pinned = roster_.pinned_programmes.find(home);
    return HomeChoice(roster_.homes[home],
                      pinned == roster_.pinned_programmes.end() ? nullptr : &pinned->second,
                      point.bonus_micros, members)
        .best_micros();
  }
  // Everybody for themselves; the bonus may be worth a loss to one.
  int64_t best = 0;
  std::optional<int64_t> one;
  for (const Options& options : members) {
    int64_t own = 0;
    for (const Option& option : options) {
      own = std::max(own, option.value_micros);
      one = std::max(one.value_or(option.value_micros), option.value_micros);
    }
    best += own;
  }
  if (!roster_.homes[home].jobless || !one.has_value()) return best;
  return std::max(best, best + std::min<int64_t>(0, *one) + point.bonus_micros);
}

}  // namespace leye::matcher::plan
