#include "services/app/candidates.h"

#include <map>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "services/app/formats.h"
#include "services/app/importer.h"
#include "services/app/names.h"
#include "services/app/record_service.h"
#include "services/app/referral_release.h"
#include "services/app/resource_checks.h"
#include "services/app/showings.h"
#include "services/base/status.h"

namespace leye::app {
namespace {

using store::Region;

constexpr int kMaxAgeYears = 120;

RecordKind CandidateKind() {
  return {.kind = store::Kind::kCandidate,
          .collection = "candidates",
          .noun_zh = "求职者",
          .prototype = &v1::Candidate::default_instance(),
          .filter_fields = {{"household"},
                            {"settlement_area"},
                            {"sex"},
                            {"birth_date"},
                            {"education"},
                            {"labour_class"},
                            {"groups"},
                            {"skills.skill"},
                            {"certificates.skill"},
                            {"employment.state"},
                            {"employment.channel"},
                            {"preferences.willing"},
                            {"preferences.trades"},
                            {"create_time"},
                            {"update_time"},
                            {"external_id.source"},
                            {"external_id.id"}},
          .order_fields = {"name", "birth_date", "unemployed_since", "create_time", "update_time"},
          .derived_fields = {"settlement_area"}};
}

void CheckBirth(const v1::Candidate& person, const Checks& checks) {
  const std::optional<absl::CivilDay> birth = ParseDate(person.birth_date());
  if (!birth.has_value()) return;
  const absl::CivilDay& today = checks.scope().today;
  const absl::CivilDay earliest(today.year() - kMaxAgeYears, today.month(), today.day());
  if (*birth > today || *birth < earliest) {
    checks.Add("birth_date", "OUT_OF_RANGE",
               "must not lie in the future nor more than 120 years ago",
               "不得晚于今日，也不得早于 120 年前");
  }
}

void CheckIdNumber(const v1::Candidate& person, const Checks& checks) {
  const std::string& number = person.id_number();
  if (number.empty()) return;
  if (!IsIdNumber(number)) {
    return checks.Add("id_number", "INVALID_FORMAT",
                      "must have 18 characters with a right check character",
                      "须为 18 位且校验码正确");
  }
  const std::optional<absl::CivilDay> birth = ParseDate(person.birth_date());
  if (birth.has_value() && *birth != BirthDateOfIdNumber(number)) {
    checks.Add("id_number", "CONTRADICTION", "must agree with birth_date", "与出生日期不一致");
  }
  const v1::Sex sex = IsMaleIdNumber(number) ? v1::SEX_MALE : v1::SEX_FEMALE;
  if (person.sex() != v1::SEX_UNSPECIFIED && person.sex() != sex) {
    checks.Add("id_number", "CONTRADICTION", "must agree with sex", "与性别不一致");
  }
}

void CheckRetirement(const v1::Candidate& person, const Checks& checks) {
  if (person.retirement_category() == v1::RETIREMENT_CATEGORY_UNSPECIFIED) return;
  if (person.sex() == v1::SEX_FEMALE) return;
  checks.Add("retirement_category", "CONTRADICTION", "goes only with the sex SEX_FEMALE",
             "仅适用于女性");
}

void CheckPapers(const v1::Candidate& person, const Checks& checks) {
  for (int i = 0; i < person.skills_size(); ++i) {
    checks.SkillIs(person.skills(i).skill(), Checks::Wanted::kSkill,
                   [i] { return absl::StrCat("skills[", i, "].skill"); });
  }
  for (int i = 0; i < person.certificates_size(); ++i) {
    checks.SkillIs(person.certificates(i).skill(), Checks::Wanted::kPaper,
                   [i] { return absl::StrCat("certificates[", i, "].skill"); });
  }
}

void CheckEmployment(const v1::Candidate& person, const Checks& checks) {
  const v1::Employment& work = person.employment();
  const bool public_welfare = work.channel() == v1::CHANNEL_PUBLIC_WELFARE;
  if (work.public_welfare_kind() != v1::PUBLIC_WELFARE_KIND_UNSPECIFIED && !public_welfare) {
    checks.Add("employment.public_welfare_kind", "CONTRADICTION",
               "goes only with the channel CHANNEL_PUBLIC_WELFARE", "仅适用于公益性岗位就业");
  }
  if (work.channel() != v1::CHANNEL_UNSPECIFIED && work.state() != v1::EMPLOYMENT_STATE_EMPLOYED) {
    checks.Add("employment.channel", "CONTRADICTION",
               "goes only with the state EMPLOYMENT_STATE_EMPLOYED", "仅适用于已就业人员");
  }
}

void CheckDates(const v1::Candidate& person, const Checks& checks) {
  const v1::Preferences& wishes = person.preferences();
  checks.DatesInOrder(wishes.available_from(), wishes.available_until(),
                      "preferences.available_until", "preferences.available_from");
  const v1::Consent& consent = person.consent();
  checks.DatesInOrder(consent.given_date(), consent.expire_date(), "consent.expire_date",
                      "consent.given_date");
  checks.DatesInOrder(consent.given_date(), consent.withdrawn_date(), "consent.withdrawn_date",
                      "consent.given_date");
  if (consent.given_date().empty() && !consent.withdrawn_date().empty()) {
    checks.Add("consent.withdrawn_date", "CONTRADICTION", "needs consent.given_date",
               "须先填写同意日期");
  }
  checks.DatesInOrder(person.birth_date(), person.unemployed_since(), "unemployed_since",
                      "birth_date");
  checks.DatesInOrder(person.birth_date(), person.employment().start_date(),
                      "employment.start_date", "birth_date");
}

// An identity number as an external id would put it into names and logs.
void CheckExternalId(const v1::Candidate& person, const Checks& checks) {
  if (IsIdNumber(person.external_id().id())) {
    checks.Add("external_id.id", "PERSONAL_DATA", "must not be an identity number",
               "不得使用身份证号作为外部编号");
  }
}

class CandidateRules final : public RecordRules {
 public:
  explicit CandidateRules(store::Store& store) : RecordRules(CandidateKind()), store_(store) {}

  void Check(const Message& message, const CheckScope& scope,
             Violations& violations) const override {
    const auto& person = static_cast<const v1::Candidate&>(message);
    const Checks checks(scope, violations);
    CheckBirth(person, checks);
    CheckIdNumber(person, checks);
    CheckRetirement(person, checks);
    checks.Phone(person.phone(), "phone");
    CheckPapers(person, checks);
    CheckEmployment(person, checks);
    CheckDates(person, checks);
    CheckExternalId(person, checks);
  }

  absl::Status Release(store::Store& store, Region region, const std::string& name,
                       std::vector<store::Mutation>& mutations) const override {
    LEYE_RETURN_IF_ERROR(ReleasePerson(store, region, name, mutations));
    return EraseShowings(store, region, name, mutations);
  }

  // The area is the household's: read once for each household.
  absl::Status Derive(Region region, const std::vector<Message*>& messages) const override {
    std::map<std::string, std::string> areas;
    for (const Message* message : messages) {
      areas.emplace(static_cast<const v1::Candidate*>(message)->household(), "");
    }
    std::vector<store::RecordKey> keys;
    keys.reserve(areas.size());
    for (const auto& entry : areas) keys.push_back({store::Kind::kHousehold, entry.first});
    LEYE_ASSIGN_OR_RETURN(const auto households, store_.BatchGet(region, keys));
    for (size_t i = 0; i < keys.size(); ++i) {
      v1::Household household;
      if (!households[i].has_value() ||
          !household.ParseFromString(households[i]->envelope.open())) {
        continue;
      }
      areas[keys[i].name] = household.settlement_area();
    }
    for (Message* message : messages) {
      auto& person = static_cast<v1::Candidate&>(*message);
      person.set_settlement_area(areas[person.household()]);
    }
    return absl::OkStatus();
  }

 private:
  store::Store& store_;
};

}  // namespace

Candidates::Candidates(const Dependencies& dependencies)
    : records_(std::make_unique<RecordService>(
          dependencies, std::make_unique<CandidateRules>(dependencies.store))) {}
Candidates::~Candidates() = default;

absl::StatusOr<v1::CreateCandidateResponse> Candidates::CreateCandidate(
    const v1::CreateCandidateRequest& request, const CallContext& context) const {
  return records_->Call<v1::CreateCandidateResponse>(&RecordService::Create, request, context);
}

absl::StatusOr<v1::GetCandidateResponse> Candidates::GetCandidate(
    const v1::GetCandidateRequest& request, const CallContext& context) const {
  return records_->Call<v1::GetCandidateResponse>(&RecordService::Get, request, context);
}

absl::StatusOr<v1::BatchGetCandidatesResponse> Candidates::BatchGetCandidates(
    const v1::BatchGetCandidatesRequest& request, const CallContext& context) const {
  return records_->Call<v1::BatchGetCandidatesResponse>(&RecordService::BatchGet, request, context);
}

absl::StatusOr<v1::ListCandidatesResponse> Candidates::ListCandidates(
    const v1::ListCandidatesRequest& request, const CallContext& context) const {
  return records_->Call<v1::ListCandidatesResponse>(&RecordService::List, request, context);
}

absl::StatusOr<v1::UpdateCandidateResponse> Candidates::UpdateCandidate(
    const v1::UpdateCandidateRequest& request, const CallContext& context) const {
  return records_->Call<v1::UpdateCandidateResponse>(&RecordService::Update, request, context);
}

absl::StatusOr<v1::DeleteCandidateResponse> Candidates::DeleteCandidate(
    const v1::DeleteCandidateRequest& request, const CallContext& context) const {
  return records_->Call<v1::DeleteCandidateResponse>(&RecordService::Delete, request, context);
}

std::unique_ptr<CandidateImport> Candidates::ImportCandidates(const CallContext& context) const {
  return NewImportSession<v1::ImportCandidatesRequest, v1::ImportCandidatesResponse>(
      *records_, context,
      [](v1::ImportCandidatesRequest& request) { return request.mutable_candidates(); });
}

}  // namespace leye::app
