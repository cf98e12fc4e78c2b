// Watched matches against their twin, who judges every pair anew: a reader who applies what it is
// told always has the list that the twin makes of the same world, is never told anything twice, and
// goes on anywhere from what it has.
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/oracle/dice.h"
#include "tests/services/app/match_watch_fixture.h"

namespace leye::app {
namespace {

using matcher::oracle::Dice;

// What happens to the records of the town.
class RandomLife {
 public:
  RandomLife(Watched& watched, uint64_t seed) : watched_(watched), dice_(seed) {
    for (int i = 0; i < kPeople; ++i) PutPerson(i);
    for (int i = 0; i < kPostings; ++i) PutPosting(i);
  }

  void GoOn() {
    switch (dice_.OneOf({0, 0, 0, 0, 0, 1, 1, 1, 2, 2, 3, 4, 5, 6, 7, 8})) {
      case 0:
        return PutPerson(dice_.Between(0, kPeople - 1));
      case 1:
        return PutPosting(dice_.Between(0, kPostings - 1));
      case 2:
        return PutHousehold();
      case 3:
        return Delete();
      case 4:
        return PutArea();
      case 5:
        return watched_.town.world.clock.Advance(absl::Hours(24 * dice_.OneOf({1, 20, 200})));
      case 6:
        return PutEmployer();
      case 7:
        return PutTravelTimes();
      default:
        return ChangeRules();
    }
  }

  Dice& dice() { return dice_; }
  // Those stay, so that they can be watched.
  static std::vector<std::string> postings() { return {"j0", "j1", "sewing", "cleaning"}; }
  static std::vector<std::string> people() { return {"p0", "p1", "zhao", "wang"}; }

 private:
  static constexpr int kPeople = 12;
  static constexpr int kPostings = 6;

  live::LiveWorld& world() { return watched_.town.world; }

  void PutPerson(int i) {
    std::string text = absl::StrCat("household: 'regions/13/households/",
                                    dice_.OneOf<std::string>({"ha", "hb", "hc"}), "' birth_date: '",
                                    dice_.OneOf({1962, 1985, 1999, 2009}),
                                    "-03-01' labour_class: LABOUR_CLASS_COMMON ");
    if (!dice_.OneIn(4)) {
      absl::StrAppend(&text, "consent { given_date: '2023-01-01' ",
                      dice_.OneIn(2) ? "scopes: CONSENT_SCOPE_MATCHING " : "", " } ");
    }
    absl::StrAppend(&text, "preferences { willing: ", dice_.OneIn(5) ? "false" : "true",
                    " monthly_pay_yuan: ", dice_.OneOf({2000, 4000, 9000}),
                    dice_.OneIn(3) ? " willing_to_leave_home: true" : "", " } ");
    if (dice_.OneIn(2)) {
      absl::StrAppend(&text,
                      "skills { skill: 'skills/sewing-lockstitch' level: ", dice_.OneOf({1, 3, 5}),
                      " } ");
    }
    const std::string path = absl::StrCat("candidates/p", i);
    there_.insert(path);
    world().Put<v1::Candidate>(path, text);
  }

  void PutPosting(int i) {
    const bool here = dice_.OneIn(2);
    std::string text = absl::StrCat(
        "employer: 'regions/13/employers/e' title: 'x' openings: 2 state: POSTING_STATE_",
        dice_.OneIn(4) ? "CLOSED" : "OPEN",
        " place { division_code: '130723' location { latitude: ", here ? 41.85 : 41.45,
        " longitude: ", here ? 114.61 : 115.1, " } } ");
    text += dice_.OneIn(3) ? "public_welfare { kind: PUBLIC_WELFARE_KIND_CLEANING } "
                           : "enterprise {} ";
    if (dice_.OneIn(2)) text += "conditions { ages { min_years: 18 max_years: 45 } } ";
    const std::string asked = "{ skill: 'skills/sewing-lockstitch' min_level: 3 } ";
    if (dice_.OneIn(3))
      absl::StrAppend(&text, "required_skills { quantifier: QUANTIFIER_ALL skills ", asked, "} ");
    if (dice_.OneIn(3)) absl::StrAppend(&text, "preferred_skills ", asked);
    const std::string path = absl::StrCat("postings/j", i);
    there_.insert(path);
    world().Put<v1::Posting>(path, text);
  }

  void PutHousehold() {
    world().Put<v1::Household>(
        absl::StrCat("households/", dice_.OneOf<std::string>({"ha", "hb", "hc"})),
        absl::StrCat("settlement_area: 'regions/13/settlementAreas/",
                     dice_.OneOf<std::string>({"a", "b", "nowhere"}),
                     "' category: HOUSEHOLD_CATEGORY_",
                     dice_.OneIn(2) ? "GENERAL" : "LIFTED_FROM_POVERTY"));
  }

  void Delete() {
    const bool person = dice_.OneIn(2);
    const std::string path = person ? absl::StrCat("candidates/p", dice_.Between(2, kPeople - 1))
                                    : absl::StrCat("postings/j", dice_.Between(2, kPostings - 1));
    if (there_.erase(path) == 0) return;
    world().Delete(person ? store::Kind::kCandidate : store::Kind::kPosting, path);
  }

  void PutArea() {
    world().Put<v1::SettlementArea>(
        "settlementAreas/b",
        absl::StrCat("display_name: '远山社区' division_code: '130724' location { latitude: ",
                     dice_.OneOf({41.45, 41.8, 30.0}), " longitude: 115.1 }"));
  }

  void PutEmployer() {
    world().Put<v1::Employer>("employers/e",
                              absl::StrCat("display_name: '怡安服装厂' state: EMPLOYER_STATE_",
                                           dice_.OneIn(2) ? "SUSPENDED" : "ACTIVE"));
  }

  // To where most postings are.
  void PutTravelTimes() {
    world().Put<v1::TravelPlace>(
        "travelPlaces/town",
        absl::StrCat("location { latitude: 41.87 longitude: 114.63 } radius_m: 5000 "
                     "settlement_areas: ['a', 'b'] rows { mode: TRAVEL_MODE_BUS minutes: [",
                     dice_.OneOf({0, 5, 40, 300}), ", ", dice_.OneOf({0, 20, 90}), "] }"));
  }

  void ChangeRules() {
    matcher::Ruleset rules = matcher::DefaultRuleset();
    rules.proximity.half_distance = matcher::Kilometres::Of(dice_.OneOf({5.0, 20.0}));
    rules.rank_candidates_by = dice_.OneOf({matcher::Side::kForward, matcher::Side::kMutual});
    watched_.rules.Set(rules);
  }

  Watched& watched_;
  Dice dice_;
  std::set<std::string> there_;  // People and postings of this life.
};

std::vector<Reader> ReadersOf(Watched& watched, Dice& dice) {
  std::vector<Reader> readers;
  const auto add = [&](bool of_posting, const std::string& id) {
    MatchQuestion question = QuestionOf(of_posting, id, dice.OneOf({0, 300'000, 500'000, 700'000}));
    if (dice.OneIn(4)) question.query.side = matcher::Side::kReverse;
    if (of_posting && dice.OneIn(3)) {
      question.caller.principal = access::Enterprise("regions/13/employers/e");
      question.caller.scope = access::Scope::kOwn;
    } else if (of_posting && dice.OneIn(3)) {
      question.caller.principal = access::Bureau("130723");
      question.caller.scope = access::Scope::kOwn;
    }
    readers.emplace_back(watched, question);
  };
  for (int i = 0; i < 3; ++i) {
    for (const std::string& id : RandomLife::postings()) add(true, id);
    for (const std::string& id : RandomLife::people()) add(false, id);
  }
  return readers;
}

struct LifeOptions {
  int steps = 120;
  int forget_one_change_in = 0;  // A planted fault: so often one of the changed is not told.
};

// Everything that is wrong in one random life.
std::vector<std::string> Live(uint64_t seed, const LifeOptions& options) {
  std::vector<std::string> complaints;
  Watched watched;
  RandomLife life(watched, seed);
  Dice& dice = life.dice();
  watched.town.CatchUp();
  std::vector<Reader> readers = ReadersOf(watched, dice);
  for (int step = 0; step < options.steps && complaints.empty(); ++step) {
    for (int i = dice.Between(0, 2); i >= 0; --i) life.GoOn();
    if (options.forget_one_change_in > 0) {
      watched.town.CatchUp();
      const auto taken = watched.town.world.holder.TakeChanges(SteadyTime());
      if (!dice.OneIn(options.forget_one_change_in)) watched.untaken.Add(taken.changed);
    }
    watched.CatchUp();
    for (Reader& reader : readers) {
      if (dice.OneIn(3)) continue;  // A slow one.
      reader.Read(complaints);
      if (reader.list != watched.Twin(reader.question)) {
        complaints.push_back(
            absl::StrCat("step ", step, ": the list of ", reader.question.subject, " is wrong"));
      }
    }
    if (dice.OneIn(20)) {
      watched.NewServer();
      for (Reader& reader : readers) reader.Resume(watched);
    } else if (dice.OneIn(3)) {
      readers[static_cast<size_t>(dice.Between(0, static_cast<int>(readers.size()) - 1))].Resume(
          watched);
    }
  }
  return complaints;
}

TEST(MatchWatchProperty, EveryListIsThatOfTheTwin) {
  for (uint64_t seed = 1; seed <= 4; ++seed) {
    ASSERT_THAT(Live(seed, {}), ::testing::IsEmpty()) << "seed " << seed;
  }
}

// The comparison is not blind: it notices when changes are lost on the way.
TEST(MatchWatchProperty, NoticesALostChange) {
  int noticed = 0;
  for (uint64_t seed = 1; seed <= 3; ++seed) {
    if (!Live(seed, {.forget_one_change_in = 4}).empty()) ++noticed;
  }
  EXPECT_EQ(noticed, 3);
}

}  // namespace
}  // namespace leye::app
