// What plans have found, as lists; the other use cases are in plans.cc and plan_commit.cc.
#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

#include "matcher/fit.h"
#include "services/app/matching_answer.h"
#include "services/app/names.h"
#include "services/app/plan_records.h"
#include "services/app/plans.h"
#include "services/app/request_view.h"
#include "services/app/resource_checks.h"
#include "services/base/status.h"

namespace leye::app {

using google::protobuf::Message;
using store::Kind;

namespace {

struct FoundPair {
  matcher::CandidateRecord person;
  matcher::PostingProfile posting;
  matcher::Travel travel;
};

// nullopt when one of the two is no longer there, or lives nowhere.
std::optional<FoundPair> FindPair(const MatchWorld& world, const matcher::FitContext& fit,
                                  const v1::PlanAssignment& line) {
  const auto person_id = world.FindCandidate(line.candidate());
  const auto posting_id = world.FindPosting(line.posting());
  if (!person_id.has_value() || !posting_id.has_value()) return std::nullopt;
  auto person = world.people().Find(*person_id);
  auto posting = world.postings().Find(*posting_id);
  if (!person.has_value() || !posting.has_value()) return std::nullopt;
  const auto area = world.people().FindArea(person->candidate.area);
  if (!area.has_value()) return std::nullopt;
  const matcher::Travel travel = TravelBetween(*area, *posting, fit);
  return FoundPair{.person = *std::move(person), .posting = *std::move(posting), .travel = travel};
}

// A line, or an outcome, by its place: sorts as a number does.
std::string PlaceName(int place) { return absl::StrFormat("%07d", place); }

template <typename Items>
void AddItems(const Items& items, int first, ListChunk& chunk) {
  int place = first;
  for (const auto& item : items) {
    const std::string name = PlaceName(++place);
    if (name <= chunk.last_name) continue;
    std::unique_ptr<Message> message(item.New());
    message->CopyFrom(item);
    chunk.items.push_back({.name = name, .message = std::move(message)});
  }
}

}  // namespace

absl::StatusOr<v1::Plan> Plans::ReadFinished(const std::string& name,
                                             const CallContext& context) const {
  WorkingSet set(dependencies_.store, ParseName(name, "plans")->region, dependencies_.clock.Now());
  LEYE_ASSIGN_OR_RETURN(v1::Plan plan, ReadPlan(name, context, set));
  if (plan.state() != v1::PLAN_STATE_SUCCEEDED) return WrongState(name, "SUCCEEDED", "已完成");
  return plan;
}

absl::StatusOr<ListResult> Plans::ListFound(const ListQuery& query, const v1::Plan& plan,
                                            PlanContent content, const CallContext& context) const {
  const auto total =
      content == PlanContent::kLines ? plan.lines() : static_cast<int>(plan.figures().postings());
  LEYE_ASSIGN_OR_RETURN(const store::Revision head,
                        dependencies_.store.Head(ParseName(plan.name(), "plans")->region));
  const auto read = [&](absl::string_view after, int limit) -> absl::StatusOr<ListChunk> {
    LEYE_RETURN_IF_ERROR(CheckAlive(context, dependencies_.clock));
    int done = 0;
    if (!absl::SimpleAtoi(after, &done)) done = 0;
    const int first = done / kPerPart;
    const int count = 1 + std::max(0, limit - 1) / kPerPart;
    LEYE_ASSIGN_OR_RETURN(const auto parts,
                          ReadPlanParts(dependencies_.store, plan.name(), content, first, count));
    ListChunk chunk{.items = {}, .last_name = std::string(after), .more = false, .revision = head};
    for (size_t i = 0; i < parts.size(); ++i) {
      const int before = (first + static_cast<int>(i)) * kPerPart;
      if (content == PlanContent::kLines) {
        AddItems(parts[i].assignments(), before, chunk);
      } else {
        AddItems(parts[i].outcomes(), before, chunk);
      }
    }
    const int end = std::min(total, (first + static_cast<int>(parts.size())) * kPerPart);
    chunk.last_name = PlaceName(end);
    chunk.more = !parts.empty() && end < total;
    return chunk;
  };
  return RunList(query, read);
}

template <typename Response, typename Request>
absl::StatusOr<Response> Plans::ListContent(const Request& request, const ListSchema& schema,
                                            PlanContent content, const CallContext& context,
                                            v1::Plan& plan) const {
  Violations violations;
  if (!ParseName(request.parent(), "plans")) violations.Add(BadName("parent", "plans"));
  const ListQuery query =
      schema.Parse({.method = absl::StrCat(Request::descriptor()->name(), " ", request.parent()),
                    .filter = request.filter(),
                    .order_by = "",
                    .page_token = request.page_token(),
                    .page_size = request.page_size()},
                   violations);
  LEYE_RETURN_IF_ERROR(violations.ToStatus());
  LEYE_ASSIGN_OR_RETURN(plan, ReadFinished(request.parent(), context));
  LEYE_ASSIGN_OR_RETURN(ListResult found, ListFound(query, plan, content, context));
  Response response;
  for (ListItem& item : found.items) GiveResource(response, std::move(item.message));
  response.set_next_page_token(std::move(found.next_page_token));
  return response;
}

absl::StatusOr<v1::ListPlanAssignmentsResponse> Plans::ListPlanAssignments(
    const v1::ListPlanAssignmentsRequest& request, const CallContext& context) const {
  v1::Plan plan;
  LEYE_ASSIGN_OR_RETURN(auto response,
                        ListContent<v1::ListPlanAssignmentsResponse>(
                            request, assignment_lists_, PlanContent::kLines, context, plan));
  AddWords(plan, context, response);
  LEYE_RETURN_IF_ERROR(AddReferrals(plan, response));
  return response;
}

absl::StatusOr<v1::ListPlanOutcomesResponse> Plans::ListPlanOutcomes(
    const v1::ListPlanOutcomesRequest& request, const CallContext& context) const {
  v1::Plan plan;
  return ListContent<v1::ListPlanOutcomesResponse>(request, outcome_lists_, PlanContent::kOutcomes,
                                                   context, plan);
}

void Plans::AddWords(const v1::Plan& plan, const CallContext& context,
                     v1::ListPlanAssignmentsResponse& response) const {
  const absl::StatusOr<PlanBasis> basis = source_.BasisNow(plan);
  if (!basis.ok()) return;  // Lines stand without words.
  const matcher::FitContext fit{.ruleset = *basis->rules,
                                .catalogue = basis->catalogue.matcher_catalogue(),
                                .day = basis->day,
                                .travel_times = basis->world->travel_times()};
  const MatchQuery query{.side = {},
                         .ruleset = basis->rules,
                         .full = true,
                         .min_revisions = {},
                         .language = LanguageOf(context.language)};
  const MatchAnswer answer({.world = *basis->world,
                            .fit = fit,
                            .catalogue = basis->catalogue,
                            .query = query,
                            .side = basis->rules->rank_candidates_by});
  for (v1::PlanAssignment& line : *response.mutable_assignments()) {
    const auto pair = FindPair(*basis->world, fit, line);
    if (!pair.has_value()) continue;
    v1::PairMatch match;
    answer.FillPair({.person = pair->person, .posting = pair->posting, .travel = pair->travel},
                    match);
    for (v1::Criterion& criterion : *line.mutable_criteria()) {
      for (const v1::Criterion& now : match.criteria()) {
        if (now.criterion() == criterion.criterion()) criterion.set_evidence(now.evidence());
      }
    }
    *line.mutable_notes() = match.notes();
  }
}

absl::Status Plans::AddReferrals(const v1::Plan& plan,
                                 v1::ListPlanAssignmentsResponse& response) const {
  if (plan.committed_lines() == 0 || response.assignments().empty()) return absl::OkStatus();
  std::vector<store::RecordKey> keys;
  for (const v1::PlanAssignment& line : response.assignments()) {
    keys.push_back({Kind::kReferral, ReferralOfLine(plan, line.line())});
  }
  LEYE_ASSIGN_OR_RETURN(const auto records, dependencies_.store.BatchGet(
                                                ParseName(plan.name(), "plans")->region, keys));
  for (size_t i = 0; i < keys.size(); ++i) {
    if (records[i].has_value()) {
      response.mutable_assignments(static_cast<int>(i))->set_referral(keys[i].name);
    }
  }
  return absl::OkStatus();
}

}  // namespace leye::app
