#include "services/access/mask.h"

#include <memory>
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <google/protobuf/dynamic_message.h>
#include <gtest/gtest.h>

#include "leye/v1/candidate.pb.h"
#include "leye/v1/match.pb.h"
#include "leye/v1/options.pb.h"
#include "leye/v1/skill.pb.h"
#include "tests/e2e/rpcs.h"

namespace leye::access {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using ::testing::IsSubsetOf;
using ::testing::UnorderedElementsAreArray;

constexpr Role kRoles[] = {Role::kNobody,     Role::kOperator, Role::kBureau,
                           Role::kEnterprise, Role::kApp,      Role::kAuditor};

// The answers of every RPC.
std::vector<const Descriptor*> Answers() {
  std::vector<const Descriptor*> answers;
  for (const e2e::Rpc* rpc : e2e::AllRpcs()) answers.push_back(rpc->output_type());
  return answers;
}

void SetScalar(const FieldDescriptor& field, Message& message) {
  const Reflection& reflection = *message.GetReflection();
  const bool many = field.is_repeated();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return many ? reflection.AddString(&message, &field, "x")
                  : reflection.SetString(&message, &field, "x");
    case FieldDescriptor::CPPTYPE_BOOL:
      return many ? reflection.AddBool(&message, &field, true)
                  : reflection.SetBool(&message, &field, true);
    case FieldDescriptor::CPPTYPE_ENUM:
      return many ? reflection.AddEnumValue(&message, &field, 1)
                  : reflection.SetEnumValue(&message, &field, 1);
    case FieldDescriptor::CPPTYPE_INT32:
      return many ? reflection.AddInt32(&message, &field, 1)
                  : reflection.SetInt32(&message, &field, 1);
    case FieldDescriptor::CPPTYPE_INT64:
      return reflection.SetInt64(&message, &field, 1);
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return reflection.SetDouble(&message, &field, 1);
    default:
      FAIL() << field.full_name() << " is of a type that this test cannot set";
  }
}

// Sets every field at every depth; no type of the API contains itself.
void FillAll(Message& message) {
  const Reflection& reflection = *message.GetReflection();
  for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor* field = message.GetDescriptor()->field(i);
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) {
      SetScalar(*field, message);
    } else if (field->is_repeated()) {
      FillAll(*reflection.AddMessage(&message, field));
      FillAll(*reflection.AddMessage(&message, field));
    } else {
      FillAll(*reflection.MutableMessage(&message, field));
    }
  }
}

// The fields that are set at any depth of `message`: "Candidate.full_name".
void Collect(const Message& message, std::set<std::string>& seen) {
  std::vector<const FieldDescriptor*> fields;
  const Reflection& reflection = *message.GetReflection();
  reflection.ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    seen.insert(field->containing_type()->name() + "." + field->name());
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
    if (!field->is_repeated()) {
      Collect(reflection.GetMessage(message, field), seen);
      continue;
    }
    for (int i = 0; i < reflection.FieldSize(message, field); ++i) {
      Collect(reflection.GetRepeatedMessage(message, field, i), seen);
    }
  }
}

// What a role sees of all answers when everything is filled in.
std::set<std::string> SeenBy(Role role) {
  std::set<std::string> seen;
  for (const Descriptor* type : Answers()) {
    const std::unique_ptr<Message> answer(
        google::protobuf::MessageFactory::generated_factory()->GetPrototype(type)->New());
    FillAll(*answer);
    Masks(*type).For(role).Clear(*answer);
    Collect(*answer, seen);
  }
  return seen;
}

std::set<std::string> OfTypes(const std::set<std::string>& fields,
                              const std::set<std::string>& types) {
  std::set<std::string> found;
  for (const std::string& field : fields) {
    if (types.contains(field.substr(0, field.find('.')))) found.insert(field);
  }
  return found;
}

// Every message type in any answer.
std::set<const Descriptor*> TypesInAnswers() {
  std::set<const Descriptor*> types;
  std::vector<const Descriptor*> left = Answers();
  while (!left.empty()) {
    const Descriptor* type = left.back();
    left.pop_back();
    if (!types.insert(type).second) continue;
    for (int i = 0; i < type->field_count(); ++i) {
      if (type->field(i)->message_type() != nullptr) left.push_back(type->field(i)->message_type());
    }
  }
  return types;
}

// Messages about persons, and of them what an employer sees: written down here once more, so that
// whoever shows an employer more must say so twice.
const std::set<std::string> kAboutPersons = {"Candidate",
                                             "HeldCertificate",
                                             "HeldSkill",
                                             "Household",
                                             "HouseholdFigures",
                                             "Disability",
                                             "Employment",
                                             "Preferences",
                                             "Consent",
                                             "FactSource",
                                             "PublicWelfareHistory",
                                             "CandidateSummary",
                                             "CandidateMatch",
                                             "Criterion",
                                             "RuleFailure",
                                             "PairMatch",
                                             "PostingMatch",
                                             "Referral",
                                             "ReferralStep",
                                             "ReferralTask",
                                             "ExportPersonResponse",
                                             "HeldOpening",
                                             "PersonAccess",
                                             "ExpiredRecord"};
const std::vector<std::string> kSeenByEmployers = {"Candidate.name",
                                                   "Candidate.etag",
                                                   "Candidate.full_name",
                                                   "Candidate.phone",
                                                   "Candidate.education",
                                                   "Candidate.skills",
                                                   "Candidate.certificates",
                                                   "Candidate.experience_months",
                                                   "HeldSkill.skill",
                                                   "HeldSkill.level",
                                                   "HeldSkill.verified",
                                                   "HeldCertificate.skill",
                                                   "HeldCertificate.expire_date",
                                                   "HeldCertificate.verified",
                                                   "CandidateSummary.name",
                                                   "CandidateSummary.age",
                                                   "CandidateSummary.education",
                                                   "CandidateSummary.settlement_area",
                                                   "CandidateSummary.settlement_area_display_name",
                                                   "CandidateMatch.candidate",
                                                   "CandidateMatch.scores",
                                                   "CandidateMatch.travel",
                                                   "PairMatch.pair",
                                                   "PairMatch.eligible",
                                                   "PairMatch.scores",
                                                   "PairMatch.travel",
                                                   "Referral.name",
                                                   "Referral.etag",
                                                   "Referral.create_time",
                                                   "Referral.update_time",
                                                   "Referral.candidate",
                                                   "Referral.posting",
                                                   "Referral.state",
                                                   "Referral.channel",
                                                   "Referral.public_welfare_kind",
                                                   "Referral.employer",
                                                   "Referral.due_time",
                                                   "Referral.publicity_end_time",
                                                   "Referral.onboard_time",
                                                   "Referral.end_time",
                                                   "Referral.steps",
                                                   "ReferralStep.event",
                                                   "ReferralStep.from_state",
                                                   "ReferralStep.to_state",
                                                   "ReferralStep.actor",
                                                   "ReferralStep.time",
                                                   "ReferralTask.kind",
                                                   "ReferralTask.referral",
                                                   "ReferralTask.due_time",
                                                   "ReferralTask.overdue",
                                                   "ReferralTask.state",
                                                   "ReferralTask.candidate",
                                                   "ReferralTask.posting"};

TEST(Mask, AnEmployerSeesOfPersonsThisAndNoMore) {
  EXPECT_THAT(OfTypes(SeenBy(Role::kEnterprise), kAboutPersons),
              UnorderedElementsAreArray(kSeenByEmployers));
}

TEST(Mask, AnAppSeesThePersonAndNobodyElsesNumber) {
  const std::set<std::string> seen = SeenBy(Role::kApp);
  EXPECT_TRUE(seen.contains("Candidate.id_number"));
  EXPECT_TRUE(seen.contains("Candidate.health_note"));
  EXPECT_TRUE(seen.contains("Posting.title"));
  EXPECT_FALSE(seen.contains("Contact.phone"));
  EXPECT_FALSE(seen.contains("Contact.full_name"));
}

TEST(Mask, OperatorsAndBureausSeeEverything) {
  std::set<std::string> all;
  for (const Descriptor* type : Answers()) {
    const std::unique_ptr<Message> answer(
        google::protobuf::MessageFactory::generated_factory()->GetPrototype(type)->New());
    FillAll(*answer);
    Collect(*answer, all);
  }
  EXPECT_EQ(SeenBy(Role::kOperator), all);
  EXPECT_EQ(SeenBy(Role::kBureau), all);
  for (const Role role : kRoles) {
    const std::set<std::string> seen = SeenBy(role);
    EXPECT_THAT(std::vector<std::string>(seen.begin(), seen.end()), IsSubsetOf(all));
  }
}

TEST(Mask, NobodyAndAuditorsSeeNoPersonAndNoNumber) {
  for (const Role role : {Role::kNobody, Role::kAuditor}) {
    for (const std::string& field : SeenBy(role)) {
      EXPECT_EQ(field.find("Candidate."), std::string::npos) << field;
      EXPECT_EQ(field.find("Contact."), std::string::npos) << field;
      EXPECT_EQ(field.find("Household."), std::string::npos) << field;
    }
  }
}

// What is about a person is kept back by default only where the message says that it is.
TEST(Mask, EveryMessageThatNamesAPersonSaysSo) {
  const std::set<std::string> not_about_a_person = {"Contact",  // Of an employer.
                                                    "Pair"};    // As the caller has sent it.
  for (const Descriptor* type : TypesInAnswers()) {
    if (type->options().GetExtension(v1::about_person)) continue;
    if (not_about_a_person.contains(type->name())) continue;
    for (int i = 0; i < type->field_count(); ++i) {
      const FieldDescriptor& field = *type->field(i);
      const bool names_a_person = field.cpp_type() == FieldDescriptor::CPPTYPE_STRING &&
                                  (field.options().GetExtension(v1::personal) ||
                                   field.name() == "candidate" || field.name() == "household");
      EXPECT_FALSE(names_a_person) << field.full_name();
    }
  }
}

TEST(Mask, ClearsWhatIsDeepInLists) {
  v1::RankCandidatesResponse answer;
  answer.add_matches()->mutable_candidate()->set_name("a");
  answer.add_matches()->add_notes("of a household in which nobody works");
  answer.mutable_matches(1)->add_criteria()->set_evidence("monitored");
  Masks(*v1::RankCandidatesResponse::descriptor()).For(Role::kEnterprise).Clear(answer);
  EXPECT_EQ(answer.matches_size(), 2);
  EXPECT_EQ(answer.matches(0).candidate().name(), "a");
  EXPECT_EQ(answer.matches(1).notes_size(), 0);
  EXPECT_EQ(answer.matches(1).criteria_size(), 0);
}

TEST(Mask, HasNothingToDoForWhoSeesEverything) {
  EXPECT_FALSE(Masks(*v1::Candidate::descriptor()).For(Role::kOperator).any());
  EXPECT_TRUE(Masks(*v1::Candidate::descriptor()).For(Role::kEnterprise).any());
  EXPECT_FALSE(Masks(*v1::Skill::descriptor()).For(Role::kEnterprise).any());
}

}  // namespace
}  // namespace leye::access
