#include "services/app/outcome_report.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <functional>
#include <map>
#include <set>
#include <tuple>

#include "matcher/fit.h"
#include "services/access/reach.h"
#include "services/app/formats.h"
#include "services/app/match_reach.h"
#include "services/app/mutator.h"
#include "services/app/names.h"
#include "services/app/record_codec.h"
#include "services/app/referral_tasks.h"
#include "services/app/ruleset_codec.h"
#include "services/base/status.h"

namespace leye::app {

using matcher::Group;
using store::Kind;
using store::Region;

namespace {

constexpr size_t kNamesPerRead = 1'000;
constexpr int kMaxTries = 3;
constexpr size_t kFewReferrals = 3;  // From here on a seeker has had enough of them.

// The day in China.
absl::CivilDay DayOf(absl::Time time) { return DayInChina(time); }

bool IsWork(v1::ReferralState state) {
  return state == v1::REFERRAL_STATE_STABLE || state == v1::REFERRAL_STATE_COMPLETED;
}

// The value that `share` of the ascending `values` do not exceed. REQUIRES: not empty.
double Quantile(const std::vector<double>& values, double share) {
  const auto count = static_cast<double>(values.size());
  const auto rank = static_cast<size_t>(std::max(1.0, std::ceil(share * count)));
  return values[rank - 1];
}

matcher::GroupSet GroupsOf(const MatchWorld& world, const std::string& candidate,
                           const AgesOn& ages) {
  const std::optional<matcher::CandidateId> id = world.FindCandidate(candidate);
  if (!id.has_value()) return {};
  const std::optional<matcher::CandidateRecord> record = world.people().Find(*id);
  if (!record.has_value()) return {};
  return matcher::EffectiveGroups(record->candidate, record->household, ages.age,
                                  matcher::Day::FromCivil(ages.today));
}

}  // namespace

// Scans the referrals, and then applies what the log says has happened meanwhile.
class OutcomeReport::Reader {
 public:
  Reader(const OutcomeQuestion& question, const Dependencies& dependencies,
         const CallContext& context)
      : question_(question),
        dependencies_(dependencies),
        context_(context),
        reach_(ReachOf(context, dependencies, question.region)) {}

  // OUT_OF_RANGE when the log was trimmed or history forked meanwhile.
  absl::Status Run() {
    LEYE_RETURN_IF_ERROR(Scan());
    return Replay();
  }

  store::Revision revision() const { return end_; }

  std::vector<Case> TakeCases() {
    std::vector<Case> cases;
    cases.reserve(found_.size());
    for (auto& [name, entry] : found_) {
      if (entry.second.has_value()) cases.push_back(*std::move(entry.second));
    }
    return cases;
  }

 private:
  absl::Status Scan() {
    store::ScanRequest scan{.region = question_.region,
                            .kind = Kind::kReferral,
                            .after_name = "",
                            .limit = question_.page};
    for (bool more = true; more;) {
      LEYE_RETURN_IF_ERROR(CheckAlive(context_, dependencies_.clock));
      LEYE_ASSIGN_OR_RETURN(const store::ScanPage page, dependencies_.store.Scan(scan));
      if (scan.after_name.empty()) begin_ = page.revision;
      end_ = page.revision;
      LEYE_RETURN_IF_ERROR(Keep(page.records));
      more = page.more && !page.records.empty();
      if (more) scan.after_name = page.records.back().name;
    }
    return absl::OkStatus();
  }

  absl::Status Replay() {
    store::Revision at = begin_;
    while (at.sequence < end_.sequence) {
      LEYE_RETURN_IF_ERROR(CheckAlive(context_, dependencies_.clock));
      LEYE_ASSIGN_OR_RETURN(const auto entries,
                            dependencies_.store.ReadLog(question_.region, at, question_.page));
      if (entries.empty()) return Contended();
      for (const store::LogEntry& entry : entries) {
        at = entry.revision;
        if (at.sequence <= end_.sequence) LEYE_RETURN_IF_ERROR(Apply(entry));
      }
    }
    return absl::OkStatus();
  }

  absl::Status Apply(const store::LogEntry& entry) {
    std::vector<store::Record> records;
    for (const store::Change& change : entry.changes) {
      if (change.key.kind != Kind::kReferral) continue;
      if (!change.put.has_value()) {
        found_[change.key.name] = {entry.revision.sequence, std::nullopt};
        continue;
      }
      const auto there = found_.find(change.key.name);
      if (there != found_.end() && there->second.first >= entry.revision.sequence) continue;
      records.push_back({.kind = change.key.kind,
                         .name = change.key.name,
                         .number = change.number,
                         .version = entry.revision.sequence,
                         .envelope = *change.put});
    }
    return Keep(records);
  }

  absl::Status Keep(const std::vector<store::Record>& records) {
    std::vector<v1::Referral> referrals(records.size());
    std::vector<const access::Reach::Message*> messages;
    for (size_t i = 0; i < records.size(); ++i) {
      LEYE_RETURN_IF_ERROR(DecodeOpenInto(records[i], referrals[i]));
      messages.push_back(&referrals[i]);
    }
    LEYE_ASSIGN_OR_RETURN(const std::vector<bool> covered, reach_.Covers(messages));
    for (size_t i = 0; i < records.size(); ++i) {
      std::optional<Case> kept;
      if (covered[i]) kept = ToCase(referrals[i]);
      found_[records[i].name] = {records[i].version, std::move(kept)};
    }
    return absl::OkStatus();
  }

  Case ToCase(const v1::Referral& referral) const {
    Case one{.channel = referral.channel(),
             .state = referral.state(),
             .candidate = referral.candidate(),
             .posting = referral.posting(),
             .employer = referral.employer(),
             .created = ToTime(referral.create_time()),
             .reached = {},
             .household = {}};
    for (const v1::ReferralStep& step : referral.steps()) {
      if (step.to_state() != step.from_state()) {
        one.reached.emplace_back(step.to_state(), ToTime(step.time()));
      }
    }
    if (StateFactsOf(referral.state()).phase == ReferralPhase::kAtWork) {
      one.household = referral.household();
      // As the referral's steps are, by the rules of the posting's region.
      const store::Region region = RegionOfName(referral.posting()).value_or(question_.region);
      const RulesetSource::Ruleset rules = question_.rulesets.InForce(region, question_.today);
      const auto visit = [&](HouseholdWatch watch) {
        return NextFollowUp(referral, watch, rules->referral).value_or(absl::InfiniteFuture());
      };
      one.visit = visit(HouseholdWatch::kUsual);
      one.visit_if_monitored = visit(HouseholdWatch::kMonitored);
    }
    return one;
  }

  const OutcomeQuestion& question_;
  const Dependencies& dependencies_;
  const CallContext& context_;
  access::Reach reach_;
  store::Revision begin_;
  store::Revision end_;
  // By name: the version, and the referral unless it is gone or out of reach.
  std::map<std::string, std::pair<uint64_t, std::optional<Case>>> found_;
};

absl::StatusOr<OutcomeReport> OutcomeReport::Read(const OutcomeQuestion& question,
                                                  const Dependencies& dependencies,
                                                  const CallContext& context) {
  for (int i = 0; i < kMaxTries; ++i) {
    Reader reader(question, dependencies, context);
    const absl::Status read = reader.Run();
    if (absl::IsOutOfRange(read)) continue;
    LEYE_RETURN_IF_ERROR(read);
    OutcomeReport report(question);
    report.revision_ = reader.revision();
    report.cases_ = reader.TakeCases();
    LEYE_RETURN_IF_ERROR(report.ReadPostingTimes(dependencies.store));
    LEYE_RETURN_IF_ERROR(report.CountOverdue(dependencies));
    return report;
  }
  return Contended();
}

bool OutcomeReport::IsIn(absl::Time time) const {
  const absl::CivilDay day = DayOf(time);
  return question_.from <= day && day <= question_.until;
}

std::optional<absl::Time> OutcomeReport::HiredAt(const Case& one) const {
  for (const auto& [state, time] : one.reached) {
    if (state == v1::REFERRAL_STATE_HIRED && IsIn(time)) return time;
  }
  return std::nullopt;
}

// Postings of other regions included.
absl::Status OutcomeReport::ReadPostingTimes(store::Store& store) {
  std::map<Region, std::set<std::string>> wanted;
  for (const Case& one : cases_) {
    const std::optional<Region> region = RegionOfName(one.posting);
    if (region.has_value() && HiredAt(one).has_value()) wanted[*region].insert(one.posting);
  }
  for (const auto& [region, names] : wanted) {
    LEYE_RETURN_IF_ERROR(ReadPostingTimes(region, {names.begin(), names.end()}, store));
  }
  return absl::OkStatus();
}

absl::Status OutcomeReport::ReadPostingTimes(Region region, const std::vector<std::string>& names,
                                             store::Store& store) {
  for (size_t first = 0; first < names.size(); first += kNamesPerRead) {
    std::vector<store::RecordKey> keys;
    for (size_t i = first; i < std::min(names.size(), first + kNamesPerRead); ++i) {
      keys.push_back({Kind::kPosting, names[i]});
    }
    LEYE_ASSIGN_OR_RETURN(const auto records, store.BatchGet(region, keys));
    for (const auto& record : records) {
      if (record.has_value()) posted_[record->name] = ToTime(record->envelope.create_time());
    }
  }
  return absl::OkStatus();
}

absl::Status OutcomeReport::CountOverdue(const Dependencies& dependencies) {
  const absl::Time now = dependencies.clock.Now();
  std::map<std::string, HouseholdWatch> watches;
  for (const Case& one : cases_) {
    if (std::min(one.visit, one.visit_if_monitored) <= now) {
      watches.emplace(one.household, HouseholdWatch::kUsual);
    }
  }
  LEYE_RETURN_IF_ERROR(ReadWatches(dependencies.store, question_.region, watches));
  for (const Case& one : cases_) {
    const auto watch = watches.find(one.household);
    if (watch == watches.end()) continue;
    const bool monitored = watch->second == HouseholdWatch::kMonitored;
    if ((monitored ? one.visit_if_monitored : one.visit) <= now) ++overdue_;
  }
  return absl::OkStatus();
}

v1::GetOutcomeReportResponse OutcomeReport::Tell(const MatchWorld& world,
                                                 const RegionPeople& people, const AgesOn& ages,
                                                 const CallContext& context) const {
  v1::GetOutcomeReportResponse response;
  TellChannels(response);
  TellPeople(world, ages, response);
  TellSeekers(people, response);
  TellShowings(world, ages, context, *response.mutable_showings());
  response.set_overdue_follow_ups(overdue_);
  response.set_revision(store::FormatToken(revision()));
  return response;
}

void OutcomeReport::TellChannels(v1::GetOutcomeReportResponse& response) const {
  struct Sums {
    int64_t created = 0;
    int64_t at_work = 0;
    std::map<v1::ReferralState, int64_t> reached;
    std::vector<double> days;
  };
  std::map<v1::Channel, Sums> channels;
  for (const Case& one : cases_) {
    Sums& sums = channels[one.channel];
    if (IsIn(one.created)) ++sums.created;
    if (StateFactsOf(one.state).phase == ReferralPhase::kAtWork) ++sums.at_work;
    for (const auto& [state, time] : one.reached) {
      if (IsIn(time)) ++sums.reached[state];
    }
    const std::optional<absl::Time> hired = HiredAt(one);
    const auto posted = posted_.find(one.posting);
    if (hired.has_value() && posted != posted_.end()) {
      sums.days.push_back(absl::FDivDuration(*hired - posted->second, absl::Hours(24)));
    }
  }
  for (auto& [channel, sums] : channels) {
    v1::ChannelOutcome& told = *response.add_channels();
    told.set_channel(channel);
    told.set_created(sums.created);
    told.set_at_work(sums.at_work);
    for (const auto& [state, count] : sums.reached) {
      v1::StateCount& reached = *told.add_reached();
      reached.set_state(state);
      reached.set_referrals(count);
    }
    told.set_hires_timed(static_cast<int64_t>(sums.days.size()));
    if (sums.days.empty()) continue;
    std::sort(sums.days.begin(), sums.days.end());
    told.set_days_to_hire_p50(Quantile(sums.days, 0.5));
    told.set_days_to_hire_p90(Quantile(sums.days, 0.9));
  }
}

void OutcomeReport::TellPeople(const MatchWorld& world, const AgesOn& ages,
                               v1::GetOutcomeReportResponse& response) const {
  constexpr size_t kGroups = matcher::kEnumCount<Group>;
  std::array<v1::GroupOutcome, kGroups> groups;
  std::map<std::string, v1::EmployerOutcome> employers;
  for (const Case& one : cases_) {
    const bool created = IsIn(one.created);
    const bool hired = HiredAt(one).has_value();
    if (!created && !hired) continue;
    const matcher::GroupSet of = GroupsOf(world, one.candidate, ages);
    for (size_t i = 0; i < kGroups; ++i) {
      if (!of.Contains(static_cast<Group>(i))) continue;
      groups[i].set_created(groups[i].created() + (created ? 1 : 0));
      groups[i].set_hired(groups[i].hired() + (hired ? 1 : 0));
    }
    if (!hired || one.employer.empty()) continue;
    v1::EmployerOutcome& employer = employers[one.employer];
    const bool relocated = of.Contains(Group::kRelocated);
    employer.set_hired(employer.hired() + 1);
    employer.set_relocated_hired(employer.relocated_hired() + (relocated ? 1 : 0));
    const bool kept = std::any_of(one.reached.begin(), one.reached.end(),
                                  [](const auto& step) { return IsWork(step.first); });
    employer.set_relocated_kept(employer.relocated_kept() + (relocated && kept ? 1 : 0));
  }
  for (size_t i = 0; i < kGroups; ++i) {
    const v1::Group group = ToApi(static_cast<Group>(i));
    if (group == v1::GROUP_UNSPECIFIED || groups[i].created() + groups[i].hired() == 0) continue;
    groups[i].set_group(group);
    *response.add_groups() = groups[i];
  }
  std::vector<v1::EmployerOutcome> best;
  for (auto& [name, outcome] : employers) {
    outcome.set_employer(name);
    best.push_back(outcome);
  }
  std::stable_sort(best.begin(), best.end(), [](const auto& a, const auto& b) {
    return std::tuple(b.relocated_kept(), b.relocated_hired()) <
           std::tuple(a.relocated_kept(), a.relocated_hired());
  });
  response.set_employers_in_all(static_cast<int64_t>(best.size()));
  if (best.size() > question_.max_employers) best.resize(question_.max_employers);
  response.mutable_employers()->Assign(best.begin(), best.end());
}

void OutcomeReport::TellShowings(const MatchWorld& world, const AgesOn& ages,
                                 const CallContext& context, v1::ShowingsOutcome& told) const {
  constexpr size_t kGroups = matcher::kEnumCount<Group>;
  const MatchReach reach(context, world);
  std::array<v1::GroupShowings, kGroups> groups;
  std::vector<int64_t> counts;
  world.ForEachShown(question_.region, [&](matcher::CandidateId id, auto showings) {
    const int64_t shown = std::ranges::count_if(showings, [&](const matcher::Showing& showing) {
      const absl::CivilDay day = showing.last_day.civil();
      return question_.from <= day && day <= question_.until;
    });
    const std::optional<matcher::CandidateRecord> person = world.people().Find(id);
    if (shown == 0 || !person.has_value()) return;
    if (!reach.whole() && !reach.Covers(person->candidate)) return;
    counts.push_back(shown);
    const matcher::GroupSet of = matcher::EffectiveGroups(
        person->candidate, person->household, ages.age, matcher::Day::FromCivil(ages.today));
    for (size_t i = 0; i < kGroups; ++i) {
      if (!of.Contains(static_cast<Group>(i))) continue;
      groups[i].set_people(groups[i].people() + 1);
      groups[i].set_showings(groups[i].showings() + shown);
    }
  });
  std::ranges::sort(counts, std::ranges::greater());
  const size_t tenth = (counts.size() + 9) / 10;
  told.set_people(static_cast<int64_t>(counts.size()));
  told.set_most_shown(counts.empty() ? 0 : counts.front());
  for (size_t i = 0; i < counts.size(); ++i) {
    told.set_showings(told.showings() + counts[i]);
    if (i < tenth) told.set_top_tenth_showings(told.showings());
  }
  for (size_t i = 0; i < kGroups; ++i) {
    const v1::Group group = ToApi(static_cast<Group>(i));
    if (group == v1::GROUP_UNSPECIFIED || groups[i].people() == 0) continue;
    groups[i].set_group(group);
    *told.add_groups() = groups[i];
  }
}

void OutcomeReport::TellSeekers(const RegionPeople& people,
                                v1::GetOutcomeReportResponse& response) const {
  absl::flat_hash_map<std::string, size_t> referrals;
  for (const Case& one : cases_) {
    if (IsIn(one.created)) ++referrals[one.candidate];
  }
  std::array<int64_t, kFewReferrals + 1> seekers{};
  for (const AreaPeople& area : people.areas) {
    for (const std::string& name : area.seekers) {
      const auto found = referrals.find(name);
      const size_t count = found == referrals.end() ? 0 : found->second;
      ++seekers[std::min(count, kFewReferrals)];
    }
  }
  for (size_t i = 0; i < seekers.size(); ++i) {
    v1::SeekersByReferrals& row = *response.add_seekers();
    row.set_referrals(static_cast<int>(i));
    row.set_seekers(seekers[i]);
  }
}

}  // namespace leye::app
