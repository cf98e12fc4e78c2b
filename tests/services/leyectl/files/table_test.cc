// Headers, records as rows, ids.
#include "services/leyectl/files/table.h"

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include "leye/v1/candidate.pb.h"
#include "leye/v1/posting.pb.h"
#include "services/leyectl/files/books.h"
#include "services/leyectl/files/enum_words.h"
#include "services/leyectl/files/flat_record.h"
#include "services/leyectl/files/identifiers.h"
#include "services/leyectl/json.h"

namespace leye::ctl::files {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<std::string> FieldsOf(absl::string_view collection, const std::string& content,
                                  int64_t* first_line = nullptr) {
  const auto path = std::filesystem::path(::testing::TempDir()) / "table.csv";
  std::ofstream(path, std::ios::binary) << content;
  const Headers headers = *Headers::BuiltIn();
  const auto table = Table::Open(path.string(), collection, headers, {});
  if (!table.ok()) return {std::string(table.status().message())};
  std::vector<std::string> fields;
  for (const TableColumn& column : (*table)->columns()) fields.push_back(column.field);
  Row row;
  if (first_line != nullptr && (*table)->Next(row)) *first_line = row.line;
  return fields;
}

TEST(Headers, AreKnownHoweverTheyAreWritten) {
  const Headers headers = *Headers::BuiltIn();
  for (const char* header :
       {"身份证号", "身 份 证 号", "身份证\n号码", "身份证号（必填）", "*身份证号",
        "身份证号码（18位）", "id_number", "证件号（id_number）"}) {
    EXPECT_EQ(headers.FieldOf("candidates", header), "id_number") << header;
  }
  EXPECT_EQ(headers.FieldOf("postings", "月薪（元）"), "@pay");
  EXPECT_EQ(headers.FieldOf("candidates", "技能/特长"), "@skills");
  EXPECT_EQ(headers.FieldOf("candidates", "preferences.willing"), "preferences.willing");
  EXPECT_EQ(headers.FieldOf("candidates", "天气"), "");
  EXPECT_EQ(headers.FieldOf("candidates", "etag"), "");
}

TEST(Headers, ReadFurtherTables) {
  Headers headers = *Headers::BuiltIn();
  ASSERT_TRUE(
      headers.Add("candidates\tphone\t本人号码\ncandidates\tgroups\t=搬迁人口\n", "m").ok());
  EXPECT_EQ(headers.FieldOf("candidates", "本人号码"), "phone");
  ASSERT_EQ(headers.ConstantsOf("candidates").size(), 1u);
  EXPECT_EQ(headers.ConstantsOf("candidates")[0].value, "搬迁人口");
  EXPECT_THAT(std::string(headers.Add("\ncandidates\tcolour\t色\n", "m").message()),
              HasSubstr("m:2"));
  EXPECT_FALSE(headers.Add("planets\tname\tx\n", "m").ok());
}

TEST(Tables, HeaderIsFoundBelowTitles) {
  int64_t line = 0;
  EXPECT_THAT(FieldsOf("candidates", "2026年台账,,\n\n姓名,性别,其他\n垄,男,x\n", &line),
              ElementsAre("full_name", "sex", ""));
  EXPECT_EQ(line, 4);
}

TEST(Tables, TwoRowsOfHeaderAreJoined) {
  int64_t line = 0;
  EXPECT_THAT(FieldsOf("candidates",
                       "姓名,家庭情况,,联系方式\n,户号,户主,\n垄,H1,垄,0313-0924711\n", &line),
              ElementsAre("full_name", "@household_number", "@head_name", "phone"));
  EXPECT_EQ(line, 3);
}

TEST(Tables, RowsThatAreNoDataArePassedOver) {
  int64_t line = 0;
  FieldsOf("candidates", "姓名,性别,学历\n姓名,性别,学历\n,,\n合计,5,\n备注：无,,\n垄,男,\n",
           &line);
  EXPECT_EQ(line, 6);
}

TEST(Tables, OneFieldHasOneColumn) {
  EXPECT_THAT(FieldsOf("candidates", "姓名,电话,手机\n"), ElementsAre("full_name", "phone", ""));
}

TEST(Tables, WithoutAKnownHeaderAreRefused) {
  EXPECT_THAT(FieldsOf("candidates", "a,b\nc,d\n"), ElementsAre(HasSubstr("no header is known")));
}

TEST(Words, OfEnumsAreThoseOfTheTableAndOfLists) {
  const auto& education = *v1::Education_descriptor();
  EXPECT_EQ(ReadEnum(education, "初中及以上"), v1::EDUCATION_JUNIOR_SECONDARY);
  EXPECT_EQ(ReadEnum(education, "高中/中专"), v1::EDUCATION_SENIOR_SECONDARY);
  EXPECT_EQ(ReadEnum(education, "education_college"), v1::EDUCATION_COLLEGE);
  EXPECT_EQ(ReadEnum(education, "本科及以上"), v1::EDUCATION_BACHELOR);
  EXPECT_EQ(ReadEnum(education, "博学"), std::nullopt);
}

// Every word of words.tsv names a value that there is; ReadEnum would crash on another.
TEST(Words, AllNameValues) {
  EXPECT_EQ(ReadEnum(*v1::LabourClass_descriptor(), "半劳力"), v1::LABOUR_CLASS_WEAK);
  EXPECT_EQ(ReadEnum(*v1::Group_descriptor(), "零就业家庭"), v1::GROUP_ZERO_EMPLOYMENT_HOUSEHOLD);
}

template <typename Record>
void ExpectComesBack(const Record& record, Language language) {
  Record rebuilt;
  for (const FlatField& field : FlatFields(Record::descriptor())) {
    const std::string cell = TextOf(record, field, language);
    if (cell.empty()) continue;
    EXPECT_FALSE(SetFromText(field, cell, &rebuilt).has_value()) << field.path;
  }
  const std::string rest = RestOf(rebuilt, record);
  if (!rest.empty()) {
    EXPECT_FALSE(ApplyRest(rest, &rebuilt).has_value()) << rest;
  }
  EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(rebuilt, record))
      << rebuilt.DebugString();
}

TEST(FlatRecords, ComeBackAsTheyWere) {
  v1::Candidate person;
  ASSERT_TRUE(FromJson(
                  R"({"name":"regions/13/candidates/a","household":"regions/13/households/h",
                  "fullName":"垄建国","birthDate":"1985-03-02","sex":"SEX_MALE","groups":
                  ["GROUP_RELOCATED","GROUP_VETERAN"],"skills":[{"skill":"skills/welding-arc",
                  "level":0,"verified":true}],"certificates":[{"skill":"skills/c1"}],
                  "experienceMonths":0,"healthNote":" a; =b\n","employment":{},
                  "preferences":{"willing":true,"trades":["6-18-02-04"],"maxDistanceKm":0,
                  "divisionCodes":["130723"]},"consent":{"givenDate":"2026-01-05"}})",
                  &person)
                  .ok());
  v1::Posting posting;
  ASSERT_TRUE(FromJson(
                  R"({"title":"急招（包住）","originalText":"一\n二；\n","enterprise":{},"place":
                  {"divisionCode":"130723","location":{"latitude":41.8453,"longitude":0.1}},
                  "openings":5,"papers":["a; b","c"],"pay":{"minYuan":0.1,"unit":"PAY_UNIT_DAY"},
                  "requiredSkills":[{"skills":[{"skill":"skills/a"}]}]})",
                  &posting)
                  .ok());
  for (const Language language : {Language::kEnglish, Language::kChinese}) {
    ExpectComesBack(person, language);
    ExpectComesBack(posting, language);
  }
}

TEST(Ids, ArePersonalOnlyUnderTheKey) {
  const Identifiers ids("0123456789abcdef");
  const std::string id = ids.Personal("p", {"ledger", "139900198503020015"});
  EXPECT_EQ(id, ids.Personal("p", {"ledger", "139900198503020015"}));
  EXPECT_EQ(id.size(), 34u);
  EXPECT_EQ(id.find_first_of("0123456789"), std::string::npos);
  EXPECT_NE(id, Identifiers("fedcba9876543210").Personal("p", {"ledger", "139900198503020015"}));
  EXPECT_NE(ids.Personal("p", {"a", "bc"}), ids.Personal("p", {"ab", "c"}));
  EXPECT_NE(ids.Personal("p", {"a"}).substr(2), ids.Personal("h", {"a"}).substr(2));
}

TEST(Areas, AreFoundByWhatPeopleCallThem) {
  AreaBook areas;
  areas.Add("regions/13/settlementAreas/yian", "怡安社区");
  areas.Add("regions/13/settlementAreas/bei", "北安社区");
  areas.Add("regions/13/settlementAreas/bei-2", "北安社区二期");
  EXPECT_EQ(*areas.Find("怡安社区"), "regions/13/settlementAreas/yian");
  EXPECT_EQ(*areas.Find("康保县 怡安社区"), "regions/13/settlementAreas/yian");
  EXPECT_EQ(*areas.Find("怡安"), "regions/13/settlementAreas/yian");
  EXPECT_EQ(*areas.Find("北安社区"), "regions/13/settlementAreas/bei");
  EXPECT_EQ(*areas.Find("yian"), "regions/13/settlementAreas/yian");
  EXPECT_EQ(areas.Find("康保县北安社区二期").fault().reason, "AMBIGUOUS_AREA");
  EXPECT_EQ(areas.Find("和平里").fault().reason, "UNKNOWN_AREA");
}

TEST(Workplaces, AreTheLongestNameInAnAddress) {
  WorkplaceBook places;
  ASSERT_TRUE(places.AddBuiltIn().ok());
  EXPECT_EQ(places.Find("河北省张家口市康保县某街")->division_code, "130723");
  ASSERT_TRUE(
      places
          .AddTable("name\tdivision_code\tlatitude\tlongitude\n东产业园\t130723\t41.9\t114.7\n",
                    "p")
          .ok());
  EXPECT_EQ(places.Find("康保县东产业园 3 号")->latitude, 41.9);
  EXPECT_FALSE(places.Find("火星").has_value());
  EXPECT_THAT(std::string(places.AddTable("x\n", "p").message()), HasSubstr("p:1"));
}

}  // namespace
}  // namespace leye::ctl::files
