// The rules that every mutation keeps, for each resource over the wire: request_id, validate_only,
// etag, update_mask.

#include <memory>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include <google/protobuf/util/message_differencer.h>

#include "tests/e2e/client.h"
#include "tests/e2e/fields.h"
#include "tests/e2e/refusal.h"
#include "tests/e2e/requests.h"
#include "tests/e2e/server_in_process.h"
#include "tests/e2e/small_world.h"
#include "tests/testing/status_matchers.h"

namespace leye::e2e {
namespace {

using ::leye::testing::IsOk;

const FieldDescriptor* FieldNamed(const Message& message, const std::string& name) {
  return message.GetDescriptor()->FindFieldByName(name);
}

std::unique_ptr<Message> Copy(const Message& message) {
  std::unique_ptr<Message> copy(message.New());
  copy->CopyFrom(message);
  return copy;
}

std::unique_ptr<Message> WithText(const Message& message, const std::string& field,
                                  const std::string& text) {
  std::unique_ptr<Message> copy = Copy(message);
  copy->GetReflection()->SetString(copy.get(), FieldNamed(message, field), text);
  return copy;
}

std::unique_ptr<Message> ValidateOnly(const Message& message) {
  std::unique_ptr<Message> copy = Copy(message);
  copy->GetReflection()->SetBool(copy.get(), FieldNamed(message, "validate_only"), true);
  return copy;
}

std::string TextOf(const Message& message, const std::string& field) {
  return message.GetReflection()->GetString(message, FieldNamed(message, field));
}

bool IsUpdate(const Rpc& rpc) { return absl::StartsWith(rpc.name(), "Update"); }

// Sample mutations that are one message each way.
bool IsUnaryMutation(const Rpc& rpc) { return Mutates(rpc) && !rpc.client_streaming(); }

class WriteRules : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_THAT(MakeSmallWorld(client_), IsOk());
    ASSERT_THAT(MakePlans(client_), IsOk());
  }

  std::string Revision() const { return RevisionNow(client_).value_or("none"); }

  // The resource of an update sample as it is now.
  std::unique_ptr<Message> Get(const SampleRequest& update) const {
    const FieldDescriptor& field = *update.rpc->input_type()->field(0);
    const Message& resource = update.message->GetReflection()->GetMessage(*update.message, &field);
    const std::string getter =
        absl::StrCat(update.rpc->service()->full_name(), ".Get", field.message_type()->name());
    const Rpc* get = google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(getter);
    const auto request = NewMessage(*get->input_type());
    request->GetReflection()->SetString(request.get(), FieldNamed(*request, "name"),
                                        TextOf(resource, "name"));
    return ResourceIn(*get->output_type(), client_.CallMethodOf(*request));
  }

  // The first field of a response.
  static std::unique_ptr<Message> ResourceIn(const google::protobuf::Descriptor& type,
                                             const Answer& answer) {
    const auto response = NewMessage(type);
    Require(answer.messages.size() == 1 && response->ParseFromString(answer.messages[0]),
            answer.status.ToString());
    return Copy(response->GetReflection()->GetMessage(*response, type.field(0)));
  }

  // `update` with its resource replaced, and this mask.
  static std::unique_ptr<Message> Update(const SampleRequest& update, const Message& resource,
                                         const std::string& mask) {
    std::unique_ptr<Message> request = NewMessage(*update.rpc->input_type());
    const auto* reflection = request->GetReflection();
    reflection->MutableMessage(request.get(), update.rpc->input_type()->field(0))
        ->CopyFrom(resource);
    Message* paths = reflection->MutableMessage(request.get(), FieldNamed(*request, "update_mask"));
    if (!mask.empty()) {
      paths->GetReflection()->AddString(paths, FieldNamed(*paths, "paths"), mask);
    }
    return request;
  }

  ServerInProcess server_;
  Client client_{server_.channel()};
};

// The path of the sample's mask: its only one.
std::string MaskOf(const SampleRequest& update) {
  const Message& mask = update.message->GetReflection()->GetMessage(
      *update.message, FieldNamed(*update.message, "update_mask"));
  return mask.GetReflection()->GetRepeatedString(mask, FieldNamed(mask, "paths"), 0);
}

// What two states of a resource differ in beside `etag` and `update_time`; "" when in nothing.
std::string Difference(const Message& a, const Message& b) {
  google::protobuf::util::MessageDifferencer differencer;
  std::string report;
  differencer.ReportDifferencesToString(&report);
  differencer.set_report_ignores(false);
  for (const char* ignored : {"etag", "update_time"}) {
    differencer.IgnoreField(FieldNamed(a, ignored));
  }
  if (const FieldDescriptor* figures = FieldNamed(a, "figures")) differencer.IgnoreField(figures);
  differencer.Compare(a, b);
  return report;
}

TEST_F(WriteRules, ARepeatedRequestIdGetsTheFirstAnswerAndHasNoSecondEffect) {
  for (const SampleRequest& sample : SampleRequests()) {
    if (!IsUnaryMutation(*sample.rpc)) continue;
    const auto request = WithText(*sample.message, "request_id", sample.rpc->name());
    const Answer first = client_.CallMethodOf(*request);
    ASSERT_THAT(first.status, IsOk()) << sample.rpc->name();
    const std::string revision = Revision();
    const Answer second = client_.CallMethodOf(*request);
    EXPECT_THAT(second.status, IsOk()) << sample.rpc->name();
    EXPECT_EQ(second.messages, first.messages) << sample.rpc->name();
    EXPECT_EQ(Revision(), revision) << sample.rpc->name();
  }
}

TEST_F(WriteRules, ARequestIdIsRememberedThroughARestart) {
  const SampleRequest create = [] {
    for (SampleRequest& sample : SampleRequests()) {
      if (sample.rpc->name() == "CreateHousehold") return std::move(sample);
    }
    return SampleRequest{};
  }();
  const auto request = WithText(*create.message, "request_id", "once");
  const Answer first = client_.CallMethodOf(*request);
  ASSERT_THAT(first.status, IsOk());
  server_.Restart();
  client_ = Client(server_.channel());
  const Answer second = client_.CallMethodOf(*request);
  EXPECT_THAT(second.status, IsOk());
  EXPECT_EQ(second.messages, first.messages);
}

TEST_F(WriteRules, ARequestIdOfAnotherRequestIsRefused) {
  for (const SampleRequest& sample : SampleRequests()) {
    if (!IsUnaryMutation(*sample.rpc)) continue;
    const auto request = WithText(*sample.message, "request_id", "the-same-for-all");
    const Answer answer = client_.CallMethodOf(*request);
    if (sample.rpc->name() == "CreateSettlementArea") {
      ASSERT_THAT(answer.status, IsOk());  // The first of them.
      continue;
    }
    EXPECT_THAT(answer, Refuses(absl::StatusCode::kInvalidArgument, "REQUEST_ID_REUSED"))
        << sample.rpc->name();
  }
}

TEST_F(WriteRules, ValidateOnlyAnswersAsIfDoneAndChangesNothing) {
  for (const SampleRequest& sample : SampleRequests()) {
    if (!IsUnaryMutation(*sample.rpc)) continue;
    const std::string revision = Revision();
    EXPECT_THAT(client_.CallMethodOf(*ValidateOnly(*sample.message)).status, IsOk())
        << sample.rpc->name();
    EXPECT_EQ(Revision(), revision) << sample.rpc->name();
    ASSERT_THAT(client_.CallMethodOf(*sample.message).status, IsOk()) << sample.rpc->name();
    EXPECT_NE(Revision(), revision) << sample.rpc->name();
  }
}

TEST_F(WriteRules, ValidateOnlyOfAnImportChangesNothing) {
  const std::string revision = Revision();
  for (const SampleRequest& sample : SampleRequests()) {
    if (!sample.rpc->client_streaming()) continue;
    EXPECT_THAT(client_.CallMethodOf(*ValidateOnly(*sample.message)).status, IsOk())
        << sample.rpc->name();
  }
  EXPECT_EQ(Revision(), revision);
}

TEST_F(WriteRules, TheCurrentEtagIsTakenAndAnOldOneAborted) {
  for (const SampleRequest& sample : SampleRequests()) {
    if (!IsUpdate(*sample.rpc)) continue;
    const std::unique_ptr<Message> before = Get(sample);
    ASSERT_FALSE(TextOf(*before, "etag").empty());
    const auto request = Update(sample, *before, MaskOf(sample));
    const Answer first = client_.CallMethodOf(*request);
    ASSERT_THAT(first.status, IsOk()) << sample.rpc->name();
    const auto after = ResourceIn(*sample.rpc->output_type(), first);
    EXPECT_EQ(TextOf(*after, "etag"), TextOf(*Get(sample), "etag"));
    EXPECT_NE(TextOf(*after, "etag"), TextOf(*before, "etag")) << sample.rpc->name();
    EXPECT_THAT(client_.CallMethodOf(*request),
                Refuses(absl::StatusCode::kAborted, "ETAG_MISMATCH"))
        << sample.rpc->name();
  }
}

TEST_F(WriteRules, EveryVerbChecksTheEtag) {
  for (const SampleRequest& sample : SampleRequests()) {
    if (!IsUnaryMutation(*sample.rpc)) continue;
    if (FieldNamed(*sample.message, "etag") != nullptr) {
      EXPECT_THAT(client_.CallMethodOf(*WithText(*sample.message, "etag", "stale")),
                  Refuses(absl::StatusCode::kAborted, "ETAG_MISMATCH"))
          << sample.rpc->name();
    }
    ASSERT_THAT(client_.CallMethodOf(*sample.message).status, IsOk()) << sample.rpc->name();
  }
}

TEST_F(WriteRules, AMaskChangesWhatItNamesAndNothingElse) {
  for (const SampleRequest& sample : SampleRequests()) {
    if (!IsUpdate(*sample.rpc)) continue;
    const std::unique_ptr<Message> before = Get(sample);
    const std::string mask = MaskOf(sample);
    // Everything of the sample's resource is set, and all else is absent.
    const Message& given = sample.message->GetReflection()->GetMessage(
        *sample.message, sample.rpc->input_type()->field(0));
    ASSERT_THAT(client_.CallMethodOf(*Update(sample, given, mask)).status, IsOk())
        << sample.rpc->name();
    const std::unique_ptr<Message> after = Get(sample);
    const FieldDescriptor* changed = FieldNamed(*after, mask);
    before->GetReflection()->ClearField(before.get(), changed);
    after->GetReflection()->ClearField(after.get(), changed);
    EXPECT_EQ(Difference(*before, *after), "") << sample.rpc->name();
  }
}

TEST_F(WriteRules, AStarPutsTheWholeRecordBack) {
  for (const SampleRequest& sample : SampleRequests()) {
    if (!IsUpdate(*sample.rpc)) continue;
    const std::unique_ptr<Message> before = Get(sample);
    ASSERT_THAT(client_.CallMethodOf(*sample.message).status, IsOk()) << sample.rpc->name();
    const auto without_etag = WithText(*before, "etag", "");
    ASSERT_THAT(client_.CallMethodOf(*Update(sample, *without_etag, "*")).status, IsOk())
        << sample.rpc->name();
    EXPECT_EQ(Difference(*before, *Get(sample)), "") << sample.rpc->name();
  }
}

TEST_F(WriteRules, AnEmptyMaskChangesTheFieldsThatAreSet) {
  v1::Posting posting;
  posting.set_name(NameOf("postings", "sewing"));
  posting.set_openings(9);
  v1::UpdatePostingRequest request;
  *request.mutable_posting() = posting;
  LEYE_ASSERT_OK_AND_ASSIGN(const auto updated, client_.Call<v1::UpdatePostingResponse>(request));
  EXPECT_EQ(updated.posting().openings(), 9);
  EXPECT_EQ(updated.posting().title(), "急招缝纫工");
  EXPECT_EQ(updated.posting().required_skills_size(), 1);
}

TEST_F(WriteRules, ANameThatIsTakenAlreadyExists) {
  for (const SampleRequest& sample : SampleRequests()) {
    const bool names_it = sample.rpc->name() == "CreatePosting" ||
                          sample.rpc->name() == "CreateCandidate" ||
                          sample.rpc->name() == "CreateSettlementArea";
    if (!names_it) continue;
    ASSERT_THAT(client_.CallMethodOf(*sample.message).status, IsOk());
    EXPECT_THAT(client_.CallMethodOf(*sample.message),
                Refuses(absl::StatusCode::kAlreadyExists, "ALREADY_EXISTS"))
        << sample.rpc->name();
  }
}

TEST_F(WriteRules, AVerbFromTheWrongStateIsAFailedPrecondition) {
  EXPECT_THAT(client_.CallMethodOf(
                  Parse<v1::ReopenPostingRequest>(R"pb(name: "regions/13/postings/sewing")pb")),
              Refuses(absl::StatusCode::kFailedPrecondition, "WRONG_STATE"));
}

TEST_F(WriteRules, PersonalDataComesBackToTheOperatorAndIsGoneOnceErased) {
  v1::CreateCandidateRequest request;
  request.set_parent("regions/13");
  request.set_candidate_id("named");
  *request.mutable_candidate() = SomeCandidate();
  request.mutable_candidate()->set_full_name("垄秀英");
  request.mutable_candidate()->set_phone("0313-0123456");
  LEYE_ASSERT_OK_AND_ASSIGN(const auto made, client_.Call<v1::CreateCandidateResponse>(request));
  EXPECT_EQ(made.candidate().full_name(), "垄秀英");
  v1::DeleteCandidateRequest erase;
  erase.set_name(made.candidate().name());
  ASSERT_THAT(client_.Call<v1::DeleteCandidateResponse>(erase), IsOk());
  v1::GetCandidateRequest get;
  get.set_name(made.candidate().name());
  EXPECT_THAT(client_.CallMethodOf(get), Refuses(absl::StatusCode::kNotFound, "NOT_FOUND"));
}

}  // namespace
}  // namespace leye::e2e
