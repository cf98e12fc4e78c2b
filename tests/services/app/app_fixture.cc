#include "tests/services/app/app_fixture.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include <google/protobuf/text_format.h>

#include "services/app/phrase_normalizer.h"
#include "services/base/status.h"

namespace leye::app {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::TextFormat;

const Catalogue& TestCatalogue() {
  static const Catalogue& catalogue = *new Catalogue(*Catalogue::LoadBuiltIn());
  return catalogue;
}

const PhraseNormalizer& TestNormalizer() {
  static const auto& normalizer = *new PhraseNormalizer(TestCatalogue(), BuiltInTables());
  return normalizer;
}

void ParseInto(const std::string& text, Message& message) {
  if (TextFormat::ParseFromString(text, &message)) return;
  std::fprintf(stderr, "not a %s: %s\n", message.GetTypeName().c_str(), text.c_str());
  std::abort();
}

namespace {

std::string TextOf(const Message& message, const FieldDescriptor* field) {
  std::string text;
  if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
    return message.GetReflection()->GetString(message, field);
  }
  TextFormat::PrintFieldValueToString(message, field, -1, &text);
  return text;
}

}  // namespace

std::string Answer::Text(const std::string& path) const {
  if (response == nullptr) return absl::StrCat("no answer: ", status.ToString());
  const Message* at = response.get();
  const std::vector<std::string> steps = absl::StrSplit(path, '.');
  for (size_t i = 0; i < steps.size(); ++i) {
    const FieldDescriptor* field = at->GetDescriptor()->FindFieldByName(steps[i]);
    if (field == nullptr) return absl::StrCat("no field ", steps[i]);
    if (i + 1 == steps.size()) return TextOf(*at, field);
    if (field->is_repeated() && at->GetReflection()->FieldSize(*at, field) == 0) return "";
    at = field->is_repeated() ? &at->GetReflection()->GetRepeatedMessage(*at, field, 0)
                              : &at->GetReflection()->GetMessage(*at, field);
  }
  return "";
}

int Answer::Size(const std::string& path) const {
  const FieldDescriptor* field =
      response == nullptr ? nullptr : response->GetDescriptor()->FindFieldByName(path);
  return field == nullptr ? -1 : response->GetReflection()->FieldSize(*response, field);
}

std::string Answer::Fault() const {
  const ErrorDetails details = GetErrorDetails(status);
  std::vector<std::string> fields;
  for (const FieldViolation& violation : details.violations) fields.push_back(violation.field);
  std::sort(fields.begin(), fields.end());
  return absl::StrCat(details.reason, fields.empty() ? "" : ": ", absl::StrJoin(fields, ", "));
}

std::optional<v1::HouseholdFigures> StubFigures::FiguresOf(absl::string_view household) const {
  if (household != "regions/13/households/h") return std::nullopt;
  v1::HouseholdFigures figures;
  figures.set_members(3);
  figures.set_zero_employment(zero_employment);
  return figures;
}

App::App() {
  store = *store::OpenSqliteStore(
      {.path = dir.File("leye.db"), .durability = store::Durability::kProcessCrashUnsafe},
      {clock, random, logger});
  dependencies =
      std::make_unique<Dependencies>(Dependencies{*store, sealer, TestCatalogue(), clock, random});
  areas = std::make_unique<SettlementAreas>(*dependencies);
  households = std::make_unique<Households>(*dependencies, figures);
  employers = std::make_unique<Employers>(*dependencies);
  candidates = std::make_unique<Candidates>(*dependencies);
  postings = std::make_unique<Postings>(*dependencies, rulesets);
  skills = std::make_unique<Skills>(TestCatalogue(), TestNormalizer(), clock);
  notices = std::make_unique<Notices>(TestCatalogue(), TestNormalizer(), rulesets, clock);
  BindPlaces();
  BindPeople();
  BindWork();
}

template <typename Request, typename Response, typename UseCases>
void App::Bind(const UseCases& use_cases,
               absl::StatusOr<Response> (UseCases::*method)(const Request&, const CallContext&)
                   const) {
  std::string name = Request::descriptor()->name();
  name.resize(name.size() - std::string("Request").size());
  rpcs_[name] = {&Request::default_instance(),
                 [&use_cases, method](const Message& request, const CallContext& context) {
                   auto result = (use_cases.*method)(static_cast<const Request&>(request), context);
                   if (!result.ok()) return Answer{result.status(), nullptr};
                   return Answer{absl::OkStatus(), std::make_unique<Response>(*result)};
                 }};
}

void App::BindPlaces() {
  Bind(*areas, &SettlementAreas::CreateSettlementArea);
  Bind(*areas, &SettlementAreas::GetSettlementArea);
  Bind(*areas, &SettlementAreas::ListSettlementAreas);
  Bind(*areas, &SettlementAreas::UpdateSettlementArea);
  Bind(*areas, &SettlementAreas::DeleteSettlementArea);
  Bind(*areas, &SettlementAreas::ImportTravelTimes);
  Bind(*areas, &SettlementAreas::GetTravelPlace);
  Bind(*areas, &SettlementAreas::ListTravelPlaces);
  Bind(*areas, &SettlementAreas::DeleteTravelPlace);
  Bind(*skills, &Skills::GetSkill);
  Bind(*skills, &Skills::ListSkills);
  Bind(*skills, &Skills::SearchSkills);
  Bind(*skills, &Skills::GetTrade);
  Bind(*skills, &Skills::ListTrades);
  Bind(*skills, &Skills::NormalizeSkills);
  Bind(*notices, &Notices::SuggestFromNotice);
}

void App::BindPeople() {
  Bind(*households, &Households::CreateHousehold);
  Bind(*households, &Households::GetHousehold);
  Bind(*households, &Households::ListHouseholds);
  Bind(*households, &Households::UpdateHousehold);
  Bind(*candidates, &Candidates::CreateCandidate);
  Bind(*candidates, &Candidates::GetCandidate);
  Bind(*candidates, &Candidates::BatchGetCandidates);
  Bind(*candidates, &Candidates::ListCandidates);
  Bind(*candidates, &Candidates::UpdateCandidate);
  Bind(*candidates, &Candidates::DeleteCandidate);
}

void App::BindWork() {
  Bind(*employers, &Employers::CreateEmployer);
  Bind(*employers, &Employers::GetEmployer);
  Bind(*employers, &Employers::ListEmployers);
  Bind(*employers, &Employers::UpdateEmployer);
  Bind(*employers, &Employers::SuspendEmployer);
  Bind(*employers, &Employers::ReinstateEmployer);
  Bind(*postings, &Postings::CreatePosting);
  Bind(*postings, &Postings::GetPosting);
  Bind(*postings, &Postings::BatchGetPostings);
  Bind(*postings, &Postings::ListPostings);
  Bind(*postings, &Postings::UpdatePosting);
  Bind(*postings, &Postings::ClosePosting);
  Bind(*postings, &Postings::ReopenPosting);
  Bind(*postings, &Postings::ApprovePosting);
  Bind(*postings, &Postings::RejectPosting);
  Bind(*postings, &Postings::BatchReviewPostings);
  Bind(*postings, &Postings::ListPostingReviews);
  Bind(*postings, &Postings::DeletePosting);
}

std::unique_ptr<Message> App::NewRequest(const std::string& rpc) const {
  return std::unique_ptr<Message>(rpcs_.at(rpc).request->New());
}

Answer App::Call(const std::string& rpc, const std::string& request_text) const {
  const std::unique_ptr<Message> request = NewRequest(rpc);
  ParseInto(request_text, *request);
  return Call(rpc, *request);
}

Answer App::Call(const std::string& rpc, const Message& request) const {
  return rpcs_.at(rpc).call(request, Caller());
}

std::string ResourceCase::Create(const std::string& id, const std::string& more_body,
                                 const std::string& more) const {
  return absl::StrCat("parent: 'regions/13' ", field, "_id: '", id, "' ", field, " {", body, " ",
                      more_body, "} ", more);
}

const std::vector<ResourceCase>& AllResources() {
  static const std::vector<ResourceCase>& all = *new std::vector<ResourceCase>{
      {.type = "SettlementArea",
       .field = "settlement_area",
       .collection = "settlementAreas",
       .body = "display_name: '怡安社区' division_code: '130723' "
               "location { latitude: 41.85 longitude: 114.6 }",
       .change = "remarks: 'new'",
       .path = "remarks",
       .required = "settlement_area.display_name, settlement_area.division_code, "
                   "settlement_area.location",
       .has_delete = true},
      {.type = "Household",
       .field = "household",
       .collection = "households",
       .body = "settlement_area: 'regions/13/settlementAreas/a' address: '1-1-101'",
       .change = "subsistence_allowance: true",
       .path = "subsistence_allowance",
       .required = "household.settlement_area"},
      {.type = "Employer",
       .field = "employer",
       .collection = "employers",
       .body = "display_name: '怡安服装' kind: EMPLOYER_KIND_ENTERPRISE "
               "contact { full_name: '王' phone: '0313-123' }",
       .change = "address: 'new'",
       .path = "address",
       .required = "employer.display_name, employer.kind"},
      {.type = "Candidate",
       .field = "candidate",
       .collection = "candidates",
       .body = "household: 'regions/13/households/h' birth_date: '1990-01-02' full_name: '李梅' "
               "phone: '139' preferences { willing: true } "
               "certificates { skill: 'skills/cert-work-at-height' number: 'No 1' }",
       .change = "relation_to_head: 'new'",
       .path = "relation_to_head",
       .required = "candidate.birth_date, candidate.household",
       .has_delete = true,
       .has_batch = true},
      {.type = "Posting",
       .field = "posting",
       .collection = "postings",
       .body = "employer: 'regions/13/employers/e' title: '缝纫工' openings: 5 enterprise {} "
               "place { division_code: '130723' location { latitude: 41.8 longitude: 114.6 } } "
               "contact { full_name: '张' }",
       .change = "notice_id: 'new'",
       .path = "notice_id",
       .required = "posting.channel, posting.employer, posting.openings, posting.place, "
                   "posting.title",
       .has_delete = true,
       .has_batch = true},
  };
  return all;
}

const ResourceCase& CaseOf(const std::string& type) {
  return *std::find_if(AllResources().begin(), AllResources().end(),
                       [&](const ResourceCase& resource) { return resource.type == type; });
}

void App::AddBasics() const {
  const std::pair<const char*, const char*> basics[] = {
      {"SettlementArea", "a"}, {"Household", "h"}, {"Household", "h2"}, {"Employer", "e"}};
  for (const auto& [type, id] : basics) {
    const Answer made = Call(absl::StrCat("Create", type), CaseOf(type).Create(id));
    if (!made.ok()) {
      std::fprintf(stderr, "%s\n", made.status.ToString().c_str());
      std::abort();
    }
  }
}

}  // namespace leye::app
