// Bad input: each class is refused with the fields named, and nothing is changed.
#include <ostream>

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/base/status.h"
#include "tests/services/app/app_fixture.h"
#include "tests/testing/status_matchers.h"

namespace leye::app {
namespace {

using ::leye::testing::StatusIs;
using ::testing::HasSubstr;
using ::testing::Not;

// A resource of `type` with `text` merged over the valid one violates exactly `fields`.
struct BadCase {
  std::string what;
  std::string type;
  std::string text;
  std::string fields;
};

void PrintTo(const BadCase& bad, std::ostream* out) { *out << bad.text; }

std::string Repeated(int count, const std::string& text) {
  std::string all;
  for (int i = 0; i < count; ++i) absl::StrAppend(&all, text, " ");
  return all;
}

std::vector<BadCase> PostingCases() {
  const std::string p = "posting.";
  return {
      {"NoChannel", "Posting", "", p + "channel"},
      {"AgesReversed", "Posting",
       "conditions { ages { min_years: 18 max_years: 50 } ages { min_years: 60 max_years: 18 } }",
       p + "conditions.ages[1].max_years"},
      {"GroupAgesReversed", "Posting",
       "conditions { eligible_groups { groups: GROUP_RELOCATED age { min_years: 60 max_years: 18 } "
       "} }",
       p + "conditions.eligible_groups[0].age.max_years"},
      {"RelaxedDownwards", "Posting",
       "conditions { ages { max_years: 60 relaxable_to_years: 50 } }",
       p + "conditions.ages[0].relaxable_to_years"},
      {"DatesReversed", "Posting", "apply_from: '2024-05-02' apply_until: '2024-05-01'",
       p + "apply_until"},
      {"NoSuchDay", "Posting", "apply_from: '2023-02-29'", p + "apply_from"},
      {"FewerAtMostThanAtLeast", "Posting", "max_openings: 4", p + "max_openings"},
      {"PartsOfMoreThanAll", "Posting", "openings_parts { count: 3 } openings_parts { count: 3 }",
       p + "openings_parts"},
      {"PartOfNothing", "Posting", "openings_parts { place: '五里村' }",
       p + "openings_parts[0].count"},
      {"HouseholdCapOfAJob", "Posting", "conditions { household_cap: 1 }",
       p + "conditions.household_cap"},
      {"FirstPlacementOfAJob", "Posting", "conditions { first_placement_only: true }",
       p + "conditions.first_placement_only"},
      {"EligibleAndExcluded", "Posting",
       "conditions { eligible_groups { groups: GROUP_RELOCATED } "
       "eligible_groups { groups: [GROUP_VETERAN, GROUP_DISABLED] } "
       "excluded_groups: GROUP_DISABLED }",
       p + "conditions.eligible_groups[1].groups"},
      {"SkillAsAGroupsCertificate", "Posting",
       "conditions { eligible_groups { groups: GROUP_VETERAN "
       "required_certificates: 'skills/welding-arc' } }",
       p + "conditions.eligible_groups[0].required_certificates[0]"},
      {"LabourShareOfOtherSums", "Posting",
       "work_for_relief { project: '村道' central_funds_yuan: 1000000 labour_pay_yuan: 200000 "
       "labour_pay_percent: 30 }",
       p + "work_for_relief.labour_pay_percent"},
      {"LabourShareOfMoreThanAll", "Posting",
       "work_for_relief { project: '村道' labour_pay_percent: 101 }",
       p + "work_for_relief.labour_pay_percent"},
      {"ReservedTooMany", "Posting", "reserved { count: 6 }", p + "reserved.count"},
      {"NoOpenings", "Posting", "openings: 0", p + "openings"},
      {"TooManyOpenings", "Posting", "openings: 100001", p + "openings"},
      {"PayReversed", "Posting", "pay { min_yuan: 300 max_yuan: 150 unit: PAY_UNIT_DAY }",
       p + "pay.max_yuan"},
      {"PayWithoutUnit", "Posting", "pay { min_yuan: 300 }", p + "pay.unit"},
      {"PayNotANumber", "Posting", "pay { min_yuan: nan unit: PAY_UNIT_DAY }", p + "pay.min_yuan"},
      {"UnknownSkill", "Posting", "required_skills { skills { skill: 'skills/none' } }",
       p + "required_skills[0].skills[0].skill"},
      {"EmptySkillGroup", "Posting", "required_skills {}", p + "required_skills[0].skills"},
      {"CertificateAsSkill", "Posting", "preferred_skills { skill: 'skills/cert-work-at-height' }",
       p + "preferred_skills[0].skill"},
      {"SkillAsCertificate", "Posting", "required_certificates: 'skills/welding-arc'",
       p + "required_certificates[0]"},
      {"UnknownTrade", "Posting", "trade_code: '9-99-99-99'", p + "trade_code"},
      {"TradeOfAHigherLevel", "Posting", "trade_code: '1-00-00-00'", p + "trade_code"},
      {"BadDivision", "Posting", "place { division_code: '13072' }", p + "place.division_code"},
      {"LatitudeOutOfRange", "Posting", "place { location { latitude: 114.6 longitude: 41.8 } }",
       p + "place.location.latitude"},
      {"EmployerOfAnotherRegion", "Posting", "employer: 'regions/44/employers/e'", p + "employer"},
      {"EmployerMalformed", "Posting", "employer: 'employers/e'", p + "employer"},
      {"EmployerMissing", "Posting", "employer: 'regions/13/employers/none'", p + "employer"},
      {"UnknownEnum", "Posting", "intensity: 99", p + "intensity"},
      {"UnspecifiedInAList", "Posting", "hazards: HAZARD_UNSPECIFIED", p + "hazards[0]"},
      {"Repeated", "Posting", "hazards: HAZARD_MINE hazards: HAZARD_TOXIC hazards: HAZARD_MINE",
       p + "hazards[2]"},
      {"TooLong", "Posting", absl::StrCat("title: '", std::string(101, 'x'), "'"), p + "title"},
      {"TooManyItems", "Posting", Repeated(31, "papers: 'x'"), p + "papers"},
      {"InvalidUtf8", "Posting", "title: '\\xe6\\x97'", p + "title"},
      {"ContactPhone", "Posting", "contact { phone: 'call me' }", p + "contact.phone"},
      {"ExternalIdWithoutSource", "Posting", "external_id { id: '1' }", p + "external_id.source"},
  };
}

std::vector<BadCase> OtherCases() {
  const std::string c = "candidate.";
  return {
      {"BirthInTheFuture", "Candidate", "birth_date: '2024-05-02'", c + "birth_date"},
      {"BirthTooLongAgo", "Candidate", "birth_date: '1903-05-01'", c + "birth_date"},
      {"IdNumberCheckDigit", "Candidate", "id_number: '110101199001020011'", c + "id_number"},
      {"IdNumberOfAnotherBirthDate", "Candidate",
       "id_number: '11010519491231002X' birth_date: '1950-01-01'", c + "id_number"},
      {"IdNumberOfTheOtherSex", "Candidate",
       "id_number: '11010519491231002X' birth_date: '1949-12-31' sex: SEX_MALE", c + "id_number"},
      {"IdNumberAsExternalId", "Candidate", "external_id { source: 's' id: '11010519491231002X' }",
       c + "external_id.id"},
      {"SkillWhereAPaperIs", "Candidate", "certificates { skill: 'skills/welding-arc' }",
       c + "certificates[1].skill"},
      {"PaperWhereASkillIs", "Candidate", "skills { skill: 'skills/cert-work-at-height' }",
       c + "skills[0].skill"},
      {"LevelOutOfRange", "Candidate", "skills { skill: 'skills/welding-arc' level: 8 }",
       c + "skills[0].level"},
      {"HouseholdMissing", "Candidate", "household: 'regions/13/households/none'", c + "household"},
      {"DisabilityGrade", "Candidate", "disability { kind: DISABILITY_KIND_VISUAL grade: 5 }",
       c + "disability.grade"},
      {"ChannelWithoutWork", "Candidate", "employment { channel: CHANNEL_ENTERPRISE }",
       c + "employment.channel"},
      {"RetirementOfAWomanForAMan", "Candidate",
       "sex: SEX_MALE retirement_category: RETIREMENT_CATEGORY_WOMEN_50",
       c + "retirement_category"},
      {"ConsentReversed", "Candidate",
       "consent { given_date: '2024-02-01' expire_date: '2024-01-01' }", c + "consent.expire_date"},
      {"Phone", "Candidate", "phone: 'x'", c + "phone"},
      {"AreaMissing", "Household", "settlement_area: 'regions/13/settlementAreas/none'",
       "household.settlement_area"},
      {"RiskWithoutMonitoring", "Household", "risk_removed: true", "household.risk_removed"},
      {"CreditCode", "Employer", "credit_code: '91350100M000100Y44'", "employer.credit_code"},
      {"PointNeverFilledIn", "SettlementArea", "location { latitude: 0 longitude: 0 }",
       "settlement_area.location"},
  };
}

class BadInput : public ::testing::TestWithParam<BadCase> {};

TEST_P(BadInput, IsRefusedNamingTheFieldAndChangesNothing) {
  const BadCase& bad = GetParam();
  const ResourceCase& c = CaseOf(bad.type);
  App app;
  app.AddBasics();
  const std::string rpc = "Create" + bad.type;
  const std::unique_ptr<google::protobuf::Message> request = app.NewRequest(rpc);
  std::string body = c.body;
  if (bad.what == "NoChannel") body.replace(body.find("enterprise {}"), 13, "");
  // Text format refuses a field twice; the message takes the later one.
  const std::unique_ptr<google::protobuf::Message> over = app.NewRequest(rpc);
  ParseInto(absl::StrCat("parent: 'regions/13' ", c.field, "_id: 'bad' ", c.field, " {", body, "}"),
            *request);
  ParseInto(absl::StrCat(c.field, " {", bad.text, "}"), *over);
  request->MergeFrom(*over);
  if (bad.what == "NoOpenings") {
    static_cast<v1::CreatePostingRequest&>(*request).mutable_posting()->set_openings(0);
  }
  if (bad.what == "PointNeverFilledIn") {
    static_cast<v1::CreateSettlementAreaRequest&>(*request)
        .mutable_settlement_area()
        ->mutable_location()
        ->Clear();
  }
  const Answer answer = app.Call(rpc, *request);
  EXPECT_EQ(answer.Fault(), "INVALID_FIELDS: " + bad.fields);
  EXPECT_NE(GetErrorDetails(answer.status).message_zh, "");
  EXPECT_THAT(app.Call("Get" + bad.type, absl::StrCat("name: '", c.Name("bad"), "'")).status,
              StatusIs(absl::StatusCode::kNotFound));
}

std::string NameOfCase(const ::testing::TestParamInfo<BadCase>& test) {
  return test.param.type + test.param.what;
}
INSTANTIATE_TEST_SUITE_P(Postings, BadInput, ::testing::ValuesIn(PostingCases()), NameOfCase);
INSTANTIATE_TEST_SUITE_P(Others, BadInput, ::testing::ValuesIn(OtherCases()), NameOfCase);

TEST(BadInput, AllViolationsAreToldAtOnceWithoutTheValues) {
  App app;
  const Answer answer = app.Call("CreateCandidate", R"(
      parent: "regions/13" candidate_id: "Bad_" request_id: "\001"
      candidate { household: "regions/44/households/h" birth_date: "secret" phone: "secret"
                  id_number: "secret" sex: 7 })");
  EXPECT_EQ(answer.Fault(),
            "INVALID_FIELDS: candidate.birth_date, candidate.household, candidate.id_number, "
            "candidate.phone, candidate.sex, candidate_id, request_id");
  EXPECT_THAT(answer.status.ToString(), Not(HasSubstr("secret")));
}

TEST(BadInput, HundredsOfViolationsFitIntoAStatus) {
  App app;
  const Answer answer = app.Call("CreateCandidate",
                                 absl::StrCat("parent: 'regions/13' candidate { ",
                                              Repeated(64, "skills { skill: 'x' level: 9 }"), "}"));
  EXPECT_THAT(answer.status, StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_LT(answer.status.ToString().size(), 8'000u);
  EXPECT_THAT(GetErrorDetails(answer.status).violations.back().description, HasSubstr("more"));
}

TEST(GoodInput, ALocationIsNotNeededForWorkAtHome) {
  App app;
  app.AddBasics();
  EXPECT_TRUE(app.Call("CreatePosting", R"(
      parent: "regions/13" posting { employer: "regions/13/employers/e" title: "手工" openings: 1
        enterprise {} place { division_code: "130723" }
        schedule { form: WORK_FORM_HOME_BASED } })")
                  .ok());
}

TEST(GoodInput, WhatNoticesSayOfHeadcountAndLabourPayIsKept) {
  App app;
  app.AddBasics();
  const Answer made = app.Call("CreatePosting", R"(
      parent: "regions/13" posting { employer: "regions/13/employers/e" title: "小工" openings: 2
        max_openings: 3 openings_text: "2-3 名"
        openings_parts { count: 2 place: "五里村" }
        openings_parts { count: 1 group: GROUP_MONITORED }
        work_for_relief { project: "村道" central_funds_yuan: 1000000 labour_pay_yuan: 305000
                          labour_pay_percent: 30.5 }
        place { division_code: "130723" location { latitude: 41.85 longitude: 114.6 } } })");
  ASSERT_TRUE(made.ok()) << made.status;
  EXPECT_EQ(made.Text("posting.max_openings"), "3");
  EXPECT_EQ(made.Text("posting.work_for_relief.labour_pay_percent"), "30.5");
}

TEST(GoodInput, PointsOfOtherDatumsAreStoredInWgs84) {
  App app;
  const Answer made = app.Call("CreateSettlementArea", R"(
      parent: "regions/13" settlement_area { display_name: "x" division_code: "130723"
        location { latitude: 41.85 longitude: 114.6 datum: DATUM_GCJ02 } })");
  ASSERT_TRUE(made.ok()) << made.status;
  EXPECT_EQ(made.Text("settlement_area.location.datum"), "DATUM_WGS84");
  EXPECT_NE(made.Text("settlement_area.location.latitude"), "41.85");
  EXPECT_THAT(made.Text("settlement_area.location.latitude"), HasSubstr("41.84"));
}

TEST(GoodInput, FieldsThatThisServerDoesNotKnowAreNotKept) {
  App app;
  app.AddBasics();
  v1::CreateEmployerRequest request =
      Parse<v1::CreateEmployerRequest>(CaseOf("Employer").Create("x"));
  v1::Employer::GetReflection()
      ->MutableUnknownFields(request.mutable_employer())
      ->AddLengthDelimited(900, "a name that a later version marks as personal");
  const Answer made = app.Call("CreateEmployer", request);
  ASSERT_TRUE(made.ok());
  EXPECT_EQ(made.response->SerializeAsString().find("personal"), std::string::npos);
}

}  // namespace
}  // namespace leye::app
