// FindTrainingGaps, and its twin that judges every pair.
#include <algorithm>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "matcher/fit.h"
#include "tests/services/leyed/town_reports.h"

namespace leye {
namespace {

using app::Town;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string Show(const v1::TrainingGap& gap) {
  std::vector<std::string> postings;
  for (const std::string& posting : gap.postings()) postings.push_back(Town::LastPart(posting));
  return absl::StrCat(Town::LastPart(gap.settlement_area()), " ", Town::LastPart(gap.skill()), " ",
                      gap.has_level() ? absl::StrCat(gap.level()) : "any", ": ", gap.openings(),
                      " openings of ", absl::StrJoin(postings, " "), ", ", gap.people(), " people");
}

std::vector<std::string> Show(const v1::FindTrainingGapsResponse& response) {
  std::vector<std::string> shown;
  for (const v1::TrainingGap& gap : response.gaps()) shown.push_back(Show(gap));
  return shown;
}

void PutSewers(Town& town, int openings) {
  town.world.Put<v1::Posting>("postings/sewers", absl::StrCat(R"(
      employer: 'regions/13/employers/e' state: POSTING_STATE_OPEN title: '缝纫工' enterprise {}
      place { division_code: '130723' location { latitude: 41.851 longitude: 114.612 } radius_km: 100 }
      required_skills { skills { skill: 'skills/sewing-lockstitch' min_level: 3 } }
      openings: )",
                                                              openings));
  town.CatchUp();
}

// Wang has the skill, zhao has it at a lower level, li and old have none.
TEST(TrainingGaps, TeachingWhatItSaysFillsTheOpenings) {
  Town town;
  PutSewers(town, 5);
  const TownReports reports(town);
  ASSERT_THAT(town.RankByFit("sewers"), ElementsAre("wang"));
  const v1::FindTrainingGapsResponse gaps = reports.Gaps();
  EXPECT_THAT(Show(gaps), ElementsAre("a sewing-lockstitch 3: 2 openings of sewers, 2 people",
                                      "b sewing-lockstitch 3: 1 openings of sewers, 1 people"));
  EXPECT_EQ(gaps.postings_considered(), 1);
  EXPECT_EQ(gaps.postings_short(), 1);
  EXPECT_THAT(Show(reports.Gaps("settlement_area: 'regions/13/settlementAreas/b'")),
              ElementsAre("b sewing-lockstitch 3: 1 openings of sewers, 1 people"));
  EXPECT_EQ(reports.Gaps("max_gaps: 1").gaps_size(), 1);

  town.world.Put<v1::Candidate>("candidates/li", R"(sex: SEX_FEMALE
      labour_class: LABOUR_CLASS_COMMON groups: GROUP_RELOCATED education: EDUCATION_JUNIOR_SECONDARY
      preferences { willing: true monthly_pay_yuan: 4000 } household: 'regions/13/households/ha'
      birth_date: '1985-07-01' consent { given_date: '2023-01-01' }
      skills { skill: 'skills/sewing-lockstitch' level: 3 })");
  town.CatchUp();
  EXPECT_EQ(town.RankByFit("sewers").size(), 2U);
  EXPECT_THAT(Show(reports.Gaps()),
              ElementsAre("a sewing-lockstitch 3: 1 openings of sewers, 1 people",
                          "b sewing-lockstitch 3: 1 openings of sewers, 1 people"));
}

TEST(TrainingGaps, APostingThatCanBeFilledNeedsNobodyTaught) {
  Town town;
  PutSewers(town, 1);
  const v1::FindTrainingGapsResponse gaps = TownReports(town).Gaps();
  EXPECT_THAT(Show(gaps), IsEmpty());
  EXPECT_EQ(gaps.postings_considered(), 1);
  EXPECT_EQ(gaps.postings_short(), 0);
}

// The gaps of a town, everybody judged with everything, pair by pair.
class PlainGaps {
 public:
  explicit PlainGaps(const Town& town)
      : now_(town.world.holder.Get()),
        context_{.ruleset = town.ruleset,
                 .catalogue = app::TestCatalogue().matcher_catalogue(),
                 .day = matcher::Day::FromCivil(Today(town.world.clock))} {
    now_->postings->ForEach([&](const matcher::PostingProfile& posting) { Add(posting); });
  }

  std::vector<std::string> Shown() const {
    std::vector<v1::TrainingGap> gaps;
    for (const auto& [key, found] : found_) {
      v1::TrainingGap& gap = gaps.emplace_back();
      const auto& [area, skill, level] = key;
      gap.set_settlement_area(area);
      gap.set_skill(skill);
      if (level >= 0) gap.set_level(level);
      gap.set_openings(found.openings);
      gap.set_people(static_cast<int64_t>(found.people.size()));
      for (const auto& [openings, name] : found.postings) gap.add_postings(name);
    }
    // The keys are in order already.
    std::stable_sort(gaps.begin(), gaps.end(), [](const auto& a, const auto& b) {
      return std::pair(-a.openings(), -a.people()) < std::pair(-b.openings(), -b.people());
    });
    std::vector<std::string> shown;
    for (const v1::TrainingGap& gap : gaps) shown.push_back(Show(gap));
    return shown;
  }

 private:
  struct Found {
    std::set<std::pair<int64_t, std::string>> postings;
    int64_t openings = 0;
    std::set<uint64_t> people;
  };
  using People = std::vector<matcher::CandidateRecord>;

  People Eligible(const matcher::PostingProfile& posting) const {
    People eligible;
    now_->people->ForEach([&](const matcher::CandidateRecord& person) {
      const auto area = now_->people->FindArea(person.candidate.area);
      if (!area.has_value()) return;
      const matcher::Travel travel = TravelBetween(*area, posting, context_);
      if (Fit({person.candidate, person.household, posting, travel}, context_).eligible()) {
        eligible.push_back(person);
      }
    });
    return eligible;
  }

  void Add(const matcher::PostingProfile& posting) {
    const People eligible = Eligible(posting);
    const int64_t lacking = posting.openings_left - static_cast<int64_t>(eligible.size());
    if (!posting.open || posting.openings_left == 0 || lacking <= 0) return;
    std::set<uint64_t> already;
    for (const auto& person : eligible) already.insert(person.candidate.id.value());
    for (size_t i = 0; i < posting.required_skills.size(); ++i) {
      matcher::PostingProfile without = posting;
      without.required_skills.erase(without.required_skills.begin() +
                                    static_cast<std::ptrdiff_t>(i));
      std::map<std::string, std::set<uint64_t>> more;
      for (const auto& person : Eligible(without)) {
        const uint64_t id = person.candidate.id.value();
        if (already.contains(id)) continue;
        more[now_->directory.FindArea(person.candidate.area)->name].insert(id);
      }
      for (const auto& [area, people] : more) Count(posting, i, lacking, area, people);
    }
  }

  void Count(const matcher::PostingProfile& posting, size_t group, int64_t lacking,
             const std::string& area, const std::set<uint64_t>& people) {
    const int64_t openings = std::min(lacking, static_cast<int64_t>(people.size()));
    for (const matcher::AskedSkill& asked : posting.required_skills[group].any_of) {
      Found& gap =
          found_[{area, app::TestCatalogue().skill(asked.skill).name(), asked.min_level.value()}];
      gap.openings += openings;
      gap.postings.emplace(-openings, now_->directory.NameOf(posting.id));
      gap.people.insert(people.begin(), people.end());
    }
  }

  const std::shared_ptr<const live::LiveSnapshot> now_;
  const matcher::FitContext context_;
  std::map<std::tuple<std::string, std::string, int>, Found> found_;
};

TEST(TrainingGaps, AreThoseOfEveryPairInRandomTowns) {
  constexpr const char* kSkills[] = {"sewing-lockstitch", "welding-arc", "housekeeping"};
  int gaps = 0;
  for (int seed = 0; seed < 12; ++seed) {
    Town town;
    std::mt19937 random(seed);
    const auto pick = [&](int count) { return static_cast<int>(random() % count); };
    const auto skill = [&](const std::string& field, const std::string& level) {
      std::string text = absl::StrCat(field, " 'skills/", kSkills[pick(3)], "' ");
      if (pick(3) > 0) absl::StrAppend(&text, level, ": ", pick(5), " ");
      return text;
    };
    for (int i = 0; i < 25; ++i) {
      std::string skills;
      for (int s = pick(3); s > 0; --s)
        absl::StrAppend(&skills, "skills { ", skill("skill:", "level"), "} ");
      town.world.Put<v1::Candidate>(
          absl::StrCat("candidates/p", i),
          absl::StrCat(R"(sex: SEX_FEMALE labour_class: LABOUR_CLASS_COMMON
              preferences { willing: true willing_to_leave_home: true } groups: GROUP_RELOCATED
              education: EDUCATION_JUNIOR_SECONDARY consent { given_date: '2023-01-01' }
              birth_date: '1990-01-01' household: 'regions/13/households/)",
                       pick(2) == 0 ? "ha" : "hb", "' ", skills));
    }
    for (int i = 0; i < 6; ++i) {
      std::string required;
      for (int r = 1 + pick(2); r > 0; --r) {
        absl::StrAppend(&required, "required_skills { ");
        for (int a = 1 + pick(2); a > 0; --a)
          absl::StrAppend(&required, "skills { ", skill("skill:", "min_level"), "} ");
        absl::StrAppend(&required, "} ");
      }
      town.world.Put<v1::Posting>(
          absl::StrCat("postings/q", i),
          absl::StrCat(R"(employer: 'regions/13/employers/e' state: POSTING_STATE_OPEN enterprise {}
              title: '工' place { division_code: '130723' location { latitude: 41.851
              longitude: 114.612 } radius_km: )",
                       pick(2) == 0 ? 30 : 200, " } openings: ", 1 + pick(30), " ", required));
    }
    town.CatchUp();
    const std::vector<std::string> plain = PlainGaps(town).Shown();
    EXPECT_EQ(Show(TownReports(town).Gaps("max_gaps: 200")), plain) << "seed " << seed;
    gaps += static_cast<int>(plain.size());
  }
  EXPECT_GT(gaps, 50);  // There was something to find.
}

}  // namespace
}  // namespace leye
