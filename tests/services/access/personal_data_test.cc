#include "services/access/personal_data.h"

#include <google/protobuf/text_format.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include "leye/v1/candidate.pb.h"
#include "leye/v1/settlement_area.pb.h"

namespace leye::access {
namespace {

using google::protobuf::TextFormat;
using google::protobuf::util::MessageDifferencer;

v1::Candidate Person(const std::string& text) {
  v1::Candidate person;
  EXPECT_TRUE(TextFormat::ParseFromString(text, &person));
  return person;
}

const char kFull[] = R"(
  full_name: "李梅" id_number: "x" phone: "1" health_note: "h" birth_date: "1990-01-02"
  certificates { skill: "skills/a" }
  certificates { skill: "skills/b" number: "No 2" }
  certificates { skill: "skills/c" })";

TEST(PersonalData, TakesEveryPersonalFieldAndNothingElse) {
  const PersonalData plan(*v1::Candidate::descriptor());
  v1::Candidate open = Person(kFull);
  v1::Candidate personal;
  EXPECT_TRUE(plan.Take(open, personal));
  EXPECT_TRUE(MessageDifferencer::Equals(open, Person(R"(
      birth_date: "1990-01-02" certificates { skill: "skills/a" }
      certificates { skill: "skills/b" } certificates { skill: "skills/c" })")));
  EXPECT_TRUE(MessageDifferencer::Equals(personal, Person(R"(
      full_name: "李梅" id_number: "x" phone: "1" health_note: "h"
      certificates {} certificates { number: "No 2" })")));
}

TEST(PersonalData, PutRestoresWhatTakeTook) {
  const PersonalData plan(*v1::Candidate::descriptor());
  v1::Candidate open = Person(kFull);
  v1::Candidate personal;
  plan.Take(open, personal);
  plan.Put(personal, open);
  EXPECT_TRUE(MessageDifferencer::Equals(open, Person(kFull)));
}

TEST(PersonalData, PutDropsWhatBelongsToElementsThatAreGone) {
  const PersonalData plan(*v1::Candidate::descriptor());
  v1::Candidate personal = Person(R"(certificates {} certificates { number: "No 2" })");
  v1::Candidate open = Person(R"(certificates { skill: "skills/a" })");
  plan.Put(personal, open);
  EXPECT_TRUE(MessageDifferencer::Equals(open, Person(R"(certificates { skill: "skills/a" })")));
}

TEST(PersonalData, TakesNothingWhereNothingIsSet) {
  const PersonalData plan(*v1::Candidate::descriptor());
  v1::Candidate open = Person(R"(birth_date: "1990-01-02" certificates { skill: "skills/a" })");
  v1::Candidate personal;
  EXPECT_FALSE(plan.Take(open, personal));
  EXPECT_EQ(personal.ByteSizeLong(), 0u);
}

TEST(PersonalData, RedactClearsAtAnyDepth) {
  const PersonalData requests(*v1::CreateCandidateRequest::descriptor());
  v1::CreateCandidateRequest request;
  *request.mutable_candidate() = Person(kFull);
  requests.Redact(request);
  EXPECT_EQ(request.ShortDebugString().find("No 2"), std::string::npos);
  EXPECT_EQ(request.candidate().full_name(), "");
  EXPECT_EQ(request.candidate().birth_date(), "1990-01-02");
}

TEST(PersonalData, KnowsTypesWithoutAny) {
  EXPECT_TRUE(PersonalData(*v1::Candidate::descriptor()).any());
  EXPECT_FALSE(PersonalData(*v1::SettlementArea::descriptor()).any());
}

}  // namespace
}  // namespace leye::access
