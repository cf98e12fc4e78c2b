#include "tests/services/app/matching_world_fixture.h"

#include <algorithm>
#include <cstdlib>

#include "absl/strings/str_cat.h"

namespace leye::app {
namespace {

constexpr char kBasics[] = R"(sex: SEX_FEMALE labour_class: LABOUR_CLASS_COMMON
    preferences { willing: true monthly_pay_yuan: 4000 } groups: GROUP_RELOCATED
    education: EDUCATION_JUNIOR_SECONDARY )";
constexpr char kConsent[] = "consent { given_date: '2023-01-01' } ";

std::string PersonOf(const std::string& household, const std::string& birth) {
  return absl::StrCat(kBasics, "household: 'regions/13/households/", household, "' birth_date: '",
                      birth, "' ");
}

std::string Sewing(int level) {
  return absl::StrCat("skills { skill: 'skills/sewing-lockstitch' level: ", level, " } ");
}

std::string Offer(const std::string& title, double latitude, double longitude) {
  return absl::StrCat("employer: 'regions/13/employers/e' state: POSTING_STATE_OPEN openings: 2 ",
                      "title: '", title,
                      "' place { division_code: '130723' location { latitude: ", latitude,
                      " longitude: ", longitude, " } } ");
}

}  // namespace

Town::Town()
    : rounds({}, {*world.store, codes, world.clock, world.logger, world.holder}),
      matching({world.holder, rulesets, TestCatalogue(), world.clock}) {
  AddPlaces();
  AddPeople();
  AddPostings();
  CatchUp();
}

void Town::AddPlaces() {
  world.Put<v1::SettlementArea>("settlementAreas/a", R"(display_name: "怡安社区"
      division_code: "130723" location { latitude: 41.85 longitude: 114.61 })");
  world.Put<v1::SettlementArea>("settlementAreas/b", R"(display_name: "远山社区"
      division_code: "130724" location { latitude: 41.45 longitude: 115.10 })");
  world.Put<v1::Household>("households/ha", R"(settlement_area: "regions/13/settlementAreas/a"
      category: HOUSEHOLD_CATEGORY_LIFTED_FROM_POVERTY)");
  world.Put<v1::Household>("households/hb", R"(settlement_area: "regions/13/settlementAreas/b")");
  world.Put<v1::Employer>("employers/e",
                          R"(display_name: "怡安服装厂" state: EMPLOYER_STATE_ACTIVE)");
}

void Town::AddPeople() {
  world.Put<v1::Candidate>("candidates/wang", PersonOf("ha", "1990-03-01") + kConsent + Sewing(4) +
                                                  "unemployed_since: '2023-09-01'");
  world.Put<v1::Candidate>("candidates/li", PersonOf("ha", "1985-07-01") + kConsent);
  world.Put<v1::Candidate>("candidates/zhao", PersonOf("hb", "1992-01-01") + kConsent + Sewing(2) +
                                                  "preferences { willing_to_leave_home: true }");
  world.Put<v1::Candidate>("candidates/old", PersonOf("ha", "1960-01-01") + kConsent);
  world.Put<v1::Candidate>("candidates/quiet", PersonOf("ha", "1991-01-01"));
}

void Town::AddPostings() {
  world.Put<v1::Posting>("postings/sewing", Offer("缝纫工", 41.87, 114.63) + R"(enterprise {}
      preferred_skills { skill: "skills/sewing-lockstitch" min_level: 3 }
      conditions { ages { min_years: 18 max_years: 55 } }
      pay { unit: PAY_UNIT_MONTH min_yuan: 3500 max_yuan: 4500 })");
  world.Put<v1::Posting>(
      "postings/cleaning",
      Offer("保洁员", 41.851, 114.612) + "public_welfare { kind: PUBLIC_WELFARE_KIND_CLEANING }");
  world.Put<v1::Posting>(
      "postings/far", Offer("电子装配", 34.0, 118.0) + "enterprise {} benefits { lodging: true }");
  world.Put<v1::Posting>("postings/closed",
                         Offer("已招满", 41.87, 114.63) + "state: POSTING_STATE_CLOSED");
}

void Town::CatchUp() {
  do {
    if (!rounds.Run(absl::ZeroDuration()).ok()) std::abort();
  } while (rounds.behind());
}

CallContext Town::Caller() const {
  return {.principal = access::LocalOperator(),
          .deadline = world.clock.Now() + absl::Milliseconds(20)};
}

std::string Town::LastPart(const std::string& name) { return name.substr(name.rfind('/') + 1); }

v1::RankCandidatesRequest Town::RankRequest(const std::string& posting, const std::string& more) {
  return Parse<v1::RankCandidatesRequest>(
      absl::StrCat("posting: 'regions/13/postings/", posting, "' ", more));
}

v1::RecommendPostingsRequest Town::RecommendRequest(const std::string& candidate,
                                                    const std::string& more) {
  return Parse<v1::RecommendPostingsRequest>(
      absl::StrCat("candidate: 'regions/13/candidates/", candidate, "' ", more));
}

std::vector<std::string> Town::Rank(const std::string& posting) const {
  std::vector<std::string> ids;
  const auto answer = matching.RankCandidates(RankRequest(posting), Caller());
  if (!answer.ok()) return {answer.status().ToString()};
  for (const v1::CandidateMatch& match : answer->matches()) {
    ids.push_back(LastPart(match.candidate().name()));
  }
  return ids;
}

std::vector<std::string> Town::Recommend(const std::string& candidate) const {
  std::vector<std::string> ids;
  const auto answer = matching.RecommendPostings(RecommendRequest(candidate), Caller());
  if (!answer.ok()) return {answer.status().ToString()};
  for (const v1::PostingMatch& match : answer->matches()) {
    ids.push_back(LastPart(match.posting().name()));
  }
  return ids;
}

std::vector<std::string> Town::RankByFit(const std::string& posting) const {
  const auto now = world.holder.Get();
  const auto id = now->directory.FindPosting("regions/13/postings/" + posting);
  const auto profile = *now->postings->Find(*id);
  const matcher::FitContext context{.ruleset = ruleset,
                                    .catalogue = TestCatalogue().matcher_catalogue(),
                                    .day = matcher::Day::FromCivil(Today(world.clock)),
                                    .travel_times = now->travel_times.get()};
  std::vector<matcher::CandidateOrder> eligible;
  now->people->ForEach([&](const matcher::CandidateRecord& person) {
    const auto area = now->people->FindArea(person.candidate.area);
    if (!area.has_value()) return;
    const matcher::FitResult fit =
        Fit({person.candidate, person.household, profile, TravelBetween(*area, profile, context)},
            context);
    if (!fit.eligible()) return;
    eligible.push_back(OrderOf(person.candidate, fit.forward, ruleset.candidate_ties));
  });
  std::ranges::sort(eligible);
  std::vector<std::string> ids;
  ids.reserve(eligible.size());
  for (const auto& order : eligible) ids.push_back(LastPart(now->directory.NameOf(order.id)));
  return ids;
}

}  // namespace leye::app
