// A server's watched matches by hand, their twin, and a reader who keeps a list.
//
//   Watched watched;
//   Reader reader(watched, QuestionOf(true, "sewing"));
//   watched.CatchUp();
//   reader.Read(complaints);
//   reader.list == watched.Twin(reader.question)
#ifndef LEYE_TESTS_SERVICES_APP_MATCH_WATCH_FIXTURE_H_
#define LEYE_TESTS_SERVICES_APP_MATCH_WATCH_FIXTURE_H_

#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "services/app/match_reach.h"
#include "services/app/match_watch_rounds.h"
#include "tests/services/app/matching_world_fixture.h"

namespace leye::app {

using Names = std::set<std::string>;

// The rules of a region that somebody changes.
class ChangingRules final : public RulesetSource {
 public:
  Ruleset InForce(store::Region, absl::CivilDay) const override { return rules_; }
  void Set(matcher::Ruleset rules) {
    rules_ = std::make_shared<const matcher::Ruleset>(std::move(rules));
  }

 private:
  Ruleset rules_ = std::make_shared<const matcher::Ruleset>(matcher::DefaultRuleset());
};

// A store, a follower and the rounds of one server.
class Watched {
 public:
  Watched() { NewServer(); }

  // As if another server answered: it knows nothing of any watch.
  void NewServer() {
    rounds = std::make_unique<MatchWatchRounds>(MatchWatchRounds::Parts{
        .rulesets = rules, .catalogue = TestCatalogue(), .clock = town.world.clock});
    untaken = matcher::ChangedIds::Everything();
  }

  // Follows the store, and tells the readers.
  void CatchUp() {
    town.CatchUp();
    live::SnapshotChanges taken = town.world.holder.TakeChanges(SteadyTime());
    untaken.Add(taken.changed);
    do {
      rounds->Run({.world = World(), .changed = std::exchange(untaken, {})});
    } while (rounds->busy());
  }

  std::unique_ptr<MatchWatch> Open(const MatchQuestion& asked,
                                   const std::vector<std::string>& known = {}) const {
    const auto question = std::make_shared<const MatchQuestion>(asked);
    const auto news = std::make_shared<MatchNews>();
    rounds->Add(question, known, news);
    return std::make_unique<MatchWatch>(question, news, TestCatalogue());
  }

  MatchWorldSource::World World() const { return MatchWorldSource(town.world.holder).Current(); }

  // What the list of `asked` must be: everybody judged by Fit.
  Names Twin(const MatchQuestion& asked) const {
    const auto world = World();
    return asked.of_posting ? People(*world, asked) : Postings(*world, asked);
  }

  Town town;
  ChangingRules rules;
  std::unique_ptr<MatchWatchRounds> rounds;
  matcher::ChangedIds untaken;

 private:
  bool Right(const MatchWorld& world, const matcher::CandidateRecord& person,
             const matcher::PostingProfile& posting, const MatchQuestion& asked) const {
    const auto area = world.people().FindArea(person.candidate.area);
    if (!area.has_value()) return false;
    const auto ruleset = rules.InForce(store::Region::FromNumber(13), {});
    const matcher::FitContext context{.ruleset = *ruleset,
                                      .catalogue = TestCatalogue().matcher_catalogue(),
                                      .day = matcher::Day::FromCivil(Today(town.world.clock)),
                                      .travel_times = world.travel_times()};
    const matcher::FitResult fit = matcher::Fit(
        {person.candidate, person.household, posting, TravelBetween(*area, posting, context)},
        context);
    const matcher::Side side = asked.query.side.value_or(
        asked.of_posting ? ruleset->rank_candidates_by : ruleset->recommend_postings_by);
    return fit.eligible() && fit.BySide(side) >= asked.least;
  }

  Names People(const MatchWorld& world, const MatchQuestion& asked) const {
    Names names;
    const auto posting = world.postings().Find(*world.FindPosting(asked.subject));
    const MatchReach reach(asked.caller, world);
    world.people().ForEach([&](const matcher::CandidateRecord& person) {
      if (!Right(world, person, *posting, asked) || !reach.MayList(person.candidate.id)) return;
      names.insert(world.NameOf(person.candidate.id));
    });
    return names;
  }

  Names Postings(const MatchWorld& world, const MatchQuestion& asked) const {
    Names names;
    const auto person = world.people().Find(*world.FindCandidate(asked.subject));
    world.postings().ForEach([&](const matcher::PostingProfile& posting) {
      if (Right(world, *person, posting, asked)) names.insert(world.NameOf(posting.id));
    });
    return names;
  }
};

inline MatchQuestion QuestionOf(bool of_posting, const std::string& id, int least_micros = 0) {
  return {.subject = absl::StrCat("regions/13/", of_posting ? "postings/" : "candidates/", id),
          .of_posting = of_posting,
          .least = matcher::Score::FromMicros(least_micros),
          .query = {},
          .caller = {.principal = access::LocalOperator()}};
}

// Somebody who keeps a list by what a watch says. What is wrong goes to `complaints`.
class Reader {
 public:
  Reader(const Watched& watched, const MatchQuestion& asked)
      : question(asked), watch_(watched.Open(question)) {}

  // Until nothing more is told.
  void Read(std::vector<std::string>& complaints) {
    bool right = true;
    while (true) {
      const auto events = watch_->Next(absl::InfinitePast());
      if (!events.ok()) complaints.push_back(events.status().ToString());
      if (!events.ok() || events->empty()) break;
      for (const MatchWatch::Response& event : *events) Take(event, complaints);
      right = events->back().last();
    }
    if (!right) complaints.emplace_back("the list is never right");
  }

  // Goes on from the list, maybe elsewhere.
  void Resume(const Watched& watched) {
    watch_ = watched.Open(question, {list.begin(), list.end()});
  }

  MatchQuestion question;
  Names list;

 private:
  void Take(const MatchWatch::Response& event, std::vector<std::string>& complaints) {
    const bool added = event.change() == v1::MATCH_CHANGE_ADDED;
    const bool removed = event.change() == v1::MATCH_CHANGE_REMOVED;
    if (added && !list.insert(event.name()).second) {
      complaints.push_back(absl::StrCat(event.name(), " is added twice"));
    }
    if (removed && list.erase(event.name()) == 0) {
      complaints.push_back(absl::StrCat(event.name(), " was not there"));
    }
    if (added && event.candidate_match().candidate().name() != event.name() &&
        event.posting_match().posting().name() != event.name()) {
      complaints.push_back(absl::StrCat(event.name(), " is not described"));
    }
  }

  std::unique_ptr<MatchWatch> watch_;
};

}  // namespace leye::app

#endif  // LEYE_TESTS_SERVICES_APP_MATCH_WATCH_FIXTURE_H_
