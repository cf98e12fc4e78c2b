#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "leye/v1/candidate.pb.h"
#include "leye/v1/posting.pb.h"
#include "services/leyectl/record_reader.h"
#include "services/leyectl/sample/identity.h"
#include "services/leyectl/sample/people_skills.h"
#include "services/leyectl/sample/posting_kinds.h"
#include "services/leyectl/sample/world.h"

namespace leye::ctl::sample {
namespace {

// Keeps everything, as JSON lines by collection and as messages.
class MemorySink final : public Sink {
 public:
  absl::Status Take(absl::string_view collection,
                    const google::protobuf::Message& resource) override {
    AppendRecord(resource, RecordFormat::kJsonLines, &text[std::string(collection)]);
    ++counts[std::string(collection)];
    if (collection == "candidates") {
      people.push_back(static_cast<const v1::Candidate&>(resource));
    }
    if (collection == "postings") postings.push_back(static_cast<const v1::Posting&>(resource));
    return absl::OkStatus();
  }

  std::map<std::string, std::string> text;
  std::map<std::string, int> counts;
  std::vector<v1::Candidate> people;
  std::vector<v1::Posting> postings;
};

MemorySink Generate(const WorldOptions& options) {
  MemorySink sink;
  const auto places = BuiltInPlaces();
  EXPECT_TRUE(places.ok()) << places.status();
  const absl::Status status = GenerateWorld(options, *places, sink);
  EXPECT_TRUE(status.ok()) << status;
  return sink;
}

std::string ReadSource(const std::string& file) {
  const char* root = std::getenv("LEYE_SOURCE_DIR");
  std::ifstream stream(absl::StrCat(root == nullptr ? "." : root, "/", file), std::ios::binary);
  EXPECT_TRUE(stream) << file;
  return std::string(std::istreambuf_iterator<char>(stream), {});
}

// The column of a table, by number.
std::set<std::string> Column(const std::string& file, size_t column) {
  std::set<std::string> values;
  for (const absl::string_view line : absl::StrSplit(ReadSource(file), '\n')) {
    const std::vector<std::string> cells = absl::StrSplit(line, '\t');
    if (cells.size() > column) values.insert(cells[column]);
  }
  return values;
}

TEST(Sample, IsTheSameForTheSameSeed) {
  const WorldOptions options{.candidates = 300, .postings = 60, .seed = 7};
  EXPECT_EQ(Generate(options).text, Generate(options).text);
}

TEST(Sample, DiffersForAnotherSeed) {
  EXPECT_NE(Generate({.candidates = 30, .postings = 6, .seed = 1}).text.at("candidates"),
            Generate({.candidates = 30, .postings = 6, .seed = 2}).text.at("candidates"));
}

// When this fails after a change that is meant: leyectl sample --out deploy/sample/hebei-small
TEST(Sample, IsTheOneThatIsShipped) {
  const MemorySink sink = Generate({});
  for (const char* collection : {"areas", "employers", "households", "candidates", "postings"}) {
    EXPECT_TRUE(sink.text.at(collection) ==
                ReadSource(absl::StrCat("deploy/sample/hebei-small/", collection, ".jsonl")))
        << collection << " differs";
  }
}

TEST(Sample, HasTheNumbersAskedFor) {
  const MemorySink sink = Generate({.areas = 7, .candidates = 1000, .postings = 31});
  EXPECT_EQ(sink.counts.at("areas"), 7);
  EXPECT_EQ(sink.counts.at("candidates"), 1000);
  EXPECT_EQ(sink.counts.at("postings"), 31);
  EXPECT_NEAR(1000.0 / sink.counts.at("households"), 2.31, 0.15);
}

TEST(Sample, MayHaveHouseholdsWithoutWorkers) {
  EXPECT_EQ(Generate({.candidates = 10, .households = 50, .postings = 0}).counts.at("households"),
            50);
}

TEST(Sample, InventsAreasBeyondThoseKnown) {
  const MemorySink sink = Generate({.areas = 400, .candidates = 0, .postings = 0});
  EXPECT_EQ(sink.counts.at("areas"), 400);
}

TEST(Sample, PeopleAreInThePublishedProportions) {
  const MemorySink sink = Generate({.candidates = 6000, .postings = 0});
  double seeking = 0, women = 0, disabled = 0, consenting = 0;
  for (const v1::Candidate& person : sink.people) {
    seeking += person.preferences().willing();
    women += person.sex() == v1::SEX_FEMALE;
    disabled += person.has_disability();
    consenting += person.has_consent();
  }
  EXPECT_NEAR(seeking / 6000, 0.30, 0.03);
  EXPECT_NEAR(women / 6000, 0.48, 0.05);
  EXPECT_NEAR(disabled / 6000, 0.05, 0.02);
  EXPECT_NEAR(consenting / 6000, 0.98, 0.01);
}

TEST(Sample, IdNumbersAreRightAndNobodys) {
  for (const v1::Candidate& person : Generate({.candidates = 500, .postings = 0}).people) {
    const std::string& number = person.id_number();
    ASSERT_EQ(number.size(), 18u);
    EXPECT_TRUE(absl::StartsWith(number, "1399"));  // No division has this code.
    EXPECT_EQ(number[17], IdCheckCharacter(number.substr(0, 17)));
    EXPECT_EQ((number[16] - '0') % 2 == 1, person.sex() == v1::SEX_MALE);
    EXPECT_EQ(
        absl::StrCat(number.substr(6, 4), "-", number.substr(10, 2), "-", number.substr(12, 2)),
        person.birth_date());
    EXPECT_EQ(person.phone().substr(0, 1), "0");
    EXPECT_EQ(person.phone().substr(4, 2), "-0");  // No subscriber's number begins with 0.
  }
}

TEST(IdCheckCharacter, AgreesWithTheStandardsExample) {
  EXPECT_EQ(IdCheckCharacter("11010519491231002"), 'X');  // GB 11643-1999, 4.2
  EXPECT_EQ(IdCheckCharacter("44052418800101001"), '4');
}

TEST(Sample, PostingsAreAThirdOfEachChannel) {
  std::map<int, int> channels;
  for (const v1::Posting& posting : Generate({.candidates = 0, .postings = 300}).postings) {
    ++channels[posting.channel_case()];
    EXPECT_FALSE(posting.original_text().empty());
    EXPECT_TRUE(absl::StrContains(posting.original_text(), posting.title())) << posting.name();
  }
  EXPECT_EQ(channels, (std::map<int, int>{{v1::Posting::kEnterprise, 100},
                                          {v1::Posting::kPublicWelfare, 100},
                                          {v1::Posting::kWorkForRelief, 100}}));
}

TEST(Sample, PostingsHaveConditionsAsOftenAsRealOnes) {
  std::map<int, int> ages, groups;
  for (const v1::Posting& posting : Generate({.candidates = 0, .postings = 1500}).postings) {
    ages[posting.channel_case()] += posting.conditions().ages_size() > 0;
    groups[posting.channel_case()] += posting.conditions().eligible_groups_size() > 0;
  }
  EXPECT_NEAR(ages[v1::Posting::kEnterprise] / 5.0, 66, 7);
  EXPECT_NEAR(ages[v1::Posting::kPublicWelfare] / 5.0, 82, 7);
  EXPECT_EQ(groups[v1::Posting::kEnterprise], 0);
  EXPECT_NEAR(groups[v1::Posting::kPublicWelfare] / 5.0, 77, 7);
  EXPECT_NEAR(groups[v1::Posting::kWorkForRelief] / 5.0, 88, 7);
}

TEST(Sample, LabourPayIsThreeTenthsOfCentralFundsOrMore) {
  for (const v1::Posting& posting : Generate({.candidates = 0, .postings = 300}).postings) {
    const v1::WorkForReliefProject& project = posting.work_for_relief();
    EXPECT_GE(project.labour_pay_yuan() * 10, project.central_funds_yuan() * 3);
  }
}

TEST(Sample, PostingsSayWhatRealOnesSayOfHeadcountAndLabourPay) {
  int broken_down = 0, ranges = 0, shares = 0;
  for (const v1::Posting& posting : Generate({.candidates = 0, .postings = 1500}).postings) {
    ranges += posting.has_max_openings();
    shares += posting.work_for_relief().has_labour_pay_percent();
    if (posting.openings_parts().empty()) continue;
    ++broken_down;
    int sum = 0;
    for (const v1::OpeningsPart& part : posting.openings_parts()) sum += part.count();
    EXPECT_EQ(sum, posting.openings()) << posting.name();
  }
  EXPECT_NEAR(broken_down / 15.0, 13, 3);
  EXPECT_GT(ranges, 0);
  EXPECT_NEAR(shares / 5.0, 50, 7);
}

TEST(Sample, NamesOnlySkillsAndTradesOfTheCatalogue) {
  const std::set<std::string> skills = Column("deploy/catalogue/skills.tsv", 0);
  std::set<std::string> trades = Column("deploy/catalogue/trades.tsv", 1);
  trades.insert("");
  for (const CommonSkill& skill : CommonSkills()) {
    EXPECT_TRUE(skills.contains(skill.id)) << skill.id;
    EXPECT_TRUE(*skill.certificate == '\0' || skills.contains(skill.certificate)) << skill.id;
    EXPECT_TRUE(trades.contains(skill.trade)) << skill.trade;
  }
  for (const v1::Posting& posting : Generate({.candidates = 0, .postings = 900}).postings) {
    EXPECT_TRUE(trades.contains(posting.trade_code())) << posting.trade_code();
    for (const v1::AskedSkill& skill : posting.preferred_skills()) {
      EXPECT_TRUE(skills.contains(skill.skill().substr(7))) << skill.skill();
    }
    for (const v1::SkillGroup& group : posting.required_skills()) {
      EXPECT_TRUE(skills.contains(group.skills(0).skill().substr(7)));
    }
    for (const std::string& paper : posting.required_certificates()) {
      EXPECT_TRUE(skills.contains(paper.substr(7))) << paper;
    }
  }
}

TEST(GenerateWorld, NamesEveryNumberOutOfRange) {
  MemorySink sink;
  const auto places = BuiltInPlaces();
  const absl::Status status = GenerateWorld({.areas = 0, .postings = -1}, *places, sink);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(sink.counts.empty());
}

TEST(ParsePlaces, NamesTheLineThatIsWrong) {
  const auto places = ParsePlaces("id\tdivision_code\tlat\nx\t1307\t41.8\n", "id\n");
  EXPECT_EQ(places.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(places.status().message()), testing::HasSubstr("areas.tsv:2"));
}

}  // namespace
}  // namespace leye::ctl::sample
