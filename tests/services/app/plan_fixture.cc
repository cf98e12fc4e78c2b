#include "tests/services/app/plan_fixture.h"

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"

#include "matcher/fit.h"
#include "services/app/record_codec.h"
#include "services/base/status.h"

namespace leye::app {
namespace {

void Require(const absl::Status& status, const std::string& what) {
  if (status.ok()) return;
  std::cerr << what << ": " << status << '\n';
  std::abort();
}

}  // namespace

Fair::Fair() : follower_(absl::Milliseconds(1), [this] { town.CatchUp(); }) {
  Require(book.Refresh(), "rulesets");
}

void Fair::AddHousehold(const std::string& id, const std::string& area) {
  town.world.Put<v1::Household>(
      "households/" + id, absl::StrCat("settlement_area: 'regions/13/settlementAreas/", area, "'"));
}

void Fair::AddEarner(const std::string& household) {
  AddPerson(household + "-earner", household,
            "employment { state: EMPLOYMENT_STATE_EMPLOYED channel: CHANNEL_ENTERPRISE } "
            "preferences { willing: false }");
}

void Fair::AddPerson(const std::string& id, const std::string& household, const std::string& more) {
  town.world.Put<v1::Candidate>(
      "candidates/" + id,
      absl::StrCat("household: 'regions/13/households/", household,
                   "' birth_date: '1990-01-02' sex: SEX_FEMALE labour_class: LABOUR_CLASS_COMMON "
                   "preferences { willing: true } groups: GROUP_RELOCATED "
                   "education: EDUCATION_JUNIOR_SECONDARY consent { given_date: '2023-01-01' } ",
                   more));
}

void Fair::AddPosting(const std::string& id, const std::string& more) {
  const bool other = more.find("public_welfare") != std::string::npos;
  town.world.Put<v1::Posting>(
      "postings/" + id,
      absl::StrCat("employer: 'regions/13/employers/e' state: POSTING_STATE_OPEN title: '", id,
                   "' place { division_code: '130723' location { latitude: 41.851 longitude: "
                   "114.612 } } ",
                   more, other ? "" : " enterprise {}"));
  postings_.push_back(Name("postings", id));
}

absl::StatusOr<v1::Plan> Fair::Create(const std::string& id, const std::string& body,
                                      const std::string& more) {
  auto request =
      Parse<v1::CreatePlanRequest>(absl::StrCat("parent: 'regions/13' plan_id: '", id, "' ", more));
  *request.mutable_plan() = Parse<v1::Plan>(body);
  if (request.plan().postings().empty() && request.plan().posting_filter().empty()) {
    for (const std::string& posting : postings_) request.mutable_plan()->add_postings(posting);
  }
  auto response = plans.CreatePlan(request, Caller());
  if (!response.ok()) return response.status();
  return response->plan();
}

v1::Plan Fair::Get(const std::string& id) const {
  v1::GetPlanRequest request;
  request.set_name(Name("plans", id));
  const auto response = plans.GetPlan(request, Caller());
  Require(response.status(), id);
  return response->plan();
}

absl::StatusOr<v1::Plan> Fair::Cancel(const std::string& id) const {
  v1::CancelPlanRequest request;
  request.set_name(Name("plans", id));
  auto response = plans.CancelPlan(request, Caller());
  if (!response.ok()) return response.status();
  return response->plan();
}

absl::StatusOr<v1::CommitPlanResponse> Fair::Commit(const std::string& id,
                                                    const std::string& more) const {
  auto request = Parse<v1::CommitPlanRequest>(more);
  request.set_name(Name("plans", id));
  return plans.CommitPlan(request, Caller());
}

void Fair::Run() const {
  for (bool more = true; more;) {
    const absl::StatusOr<bool> ran = RunOne();
    Require(ran.status(), "run");
    more = *ran;
  }
}

std::vector<v1::PlanAssignment> Fair::Assignments(const std::string& plan,
                                                  const std::string& more) const {
  auto request = Parse<v1::ListPlanAssignmentsRequest>(more);
  request.set_parent(Name("plans", plan));
  std::vector<v1::PlanAssignment> all;
  do {
    const auto page = plans.ListPlanAssignments(request, Caller());
    Require(page.status(), plan);
    all.insert(all.end(), page->assignments().begin(), page->assignments().end());
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  return all;
}

std::vector<v1::PlanOutcome> Fair::Outcomes(const std::string& plan,
                                            const std::string& more) const {
  auto request = Parse<v1::ListPlanOutcomesRequest>(more);
  request.set_parent(Name("plans", plan));
  std::vector<v1::PlanOutcome> all;
  do {
    const auto page = plans.ListPlanOutcomes(request, Caller());
    Require(page.status(), plan);
    all.insert(all.end(), page->outcomes().begin(), page->outcomes().end());
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  return all;
}

std::vector<std::string> Fair::Lines(const std::string& plan) const {
  std::vector<std::string> lines;
  for (const v1::PlanAssignment& line : Assignments(plan)) {
    lines.push_back(
        absl::StrCat(Town::LastPart(line.candidate()), " ", Town::LastPart(line.posting())));
  }
  return lines;
}

std::vector<std::string> Fair::ReferralsNow() const {
  std::vector<std::string> found;
  const auto page = town.world.store->Scan(
      {.region = region, .kind = store::Kind::kReferral, .after_name = "", .limit = 10'000});
  Require(page.status(), "referrals");
  for (const store::Record& record : page->records) {
    v1::Referral referral;
    Require(DecodeOpenInto(record, referral), record.name);
    found.push_back(absl::StrCat(Town::LastPart(referral.candidate()), " ",
                                 Town::LastPart(referral.posting())));
  }
  std::ranges::sort(found);
  return found;
}

std::vector<std::string> Fair::ProblemsOf(const std::string& plan) const {
  const auto now = town.world.holder.Get();
  const matcher::FitContext context{.ruleset = town.ruleset,
                                    .catalogue = TestCatalogue().matcher_catalogue(),
                                    .day = matcher::Day::FromCivil(Today(town.world.clock)),
                                    .travel_times = now->travel_times.get()};
  std::vector<std::string> problems;
  std::set<std::string> people;
  std::map<std::string, int> given;
  std::map<std::string, int> given_to_others;
  std::map<std::pair<matcher::HouseholdId, matcher::PublicWelfareKind>, int> posts;
  for (const v1::PlanAssignment& line : Assignments(plan)) {
    const std::string pair = absl::StrCat(line.candidate(), " ", line.posting());
    const auto person = *now->people->Find(*now->directory.FindCandidate(line.candidate()));
    const auto posting = *now->postings->Find(*now->directory.FindPosting(line.posting()));
    const auto area = *now->people->FindArea(person.candidate.area);
    const matcher::FitResult fit =
        Fit({person.candidate, person.household, posting, TravelBetween(area, posting, context)},
            context);
    if (!fit.eligible()) problems.push_back("turned away: " + pair);
    if (fit.forward.micros() != line.scores().forward_micros())
      problems.push_back("score: " + pair);
    const auto& post = posting.public_welfare;
    if (posting.channel == matcher::Channel::kPublicWelfare && post.household_cap.has_value() &&
        ++posts[{person.household.id, post.kind}] > *post.household_cap) {
      problems.push_back("household's cap: " + pair);
    }
    if (!people.insert(line.candidate()).second) problems.push_back("twice: " + pair);
    const bool reserved =
        EffectiveGroups(person.candidate, person.household, context.ruleset.age, context.day)
            .Contains(posting.reserved_for);
    if (++given[line.posting()] > posting.openings_left) problems.push_back("over-booked: " + pair);
    if (!reserved && ++given_to_others[line.posting()] >
                         posting.openings_left - posting.reserved_openings_left) {
      problems.push_back("reserved: " + pair);
    }
  }
  return problems;
}

PlanRunsOptions Fair::RunnerNamed(const std::string& name) const {
  PlanRunsOptions options;
  options.runner = name;
  options.renewal = absl::ZeroDuration();
  return options;
}

std::vector<std::string> FieldsOf(const absl::Status& status) {
  std::vector<std::string> fields;
  for (const FieldViolation& each : GetErrorDetails(status).violations) {
    fields.push_back(each.field);
  }
  return fields;
}

}  // namespace leye::app
