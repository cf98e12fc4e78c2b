// The gateway's JSON against protobuf's own, on random messages of every type of the API, and what
// it refuses that protobuf lets pass.

#include <cstdint>
#include <limits>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "google/rpc/error_details.pb.h"
#include "gtest/gtest.h"
#include <google/protobuf/descriptor.h>
#include <google/protobuf/duration.pb.h>
#include <google/protobuf/field_mask.pb.h>
#include <google/protobuf/timestamp.pb.h>
#include <google/protobuf/util/json_util.h>
#include <google/protobuf/util/message_differencer.h>

#include "leye/storage/v1/region_file.pb.h"
#include "leye/v1/candidate.pb.h"
#include "leye/v1/match.pb.h"
#include "leye/v1/posting.pb.h"
#include "leye/v1/referral.pb.h"
#include "leye/v1/skill.pb.h"
#include "services/base/status.h"
#include "services/gateway/json_reader.h"
#include "services/gateway/json_writer.h"
#include "tests/testing/status_matchers.h"

namespace leye::gateway {
namespace {

using ::google::protobuf::Descriptor;
using ::google::protobuf::FieldDescriptor;
using ::google::protobuf::Message;
using ::google::protobuf::Reflection;
using ::google::protobuf::util::MessageDifferencer;
using ::leye::testing::FailsWith;
using ::leye::testing::IsOk;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

std::unique_ptr<Message> New(const Descriptor& type) {
  return std::unique_ptr<Message>(
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(&type)->New());
}

class RandomMessages {
 public:
  explicit RandomMessages(uint64_t seed) : random_(seed) {}

  // Each field is set with a chance of two in three.
  void Fill(Message& message, int depth = 0) {
    if (message.GetDescriptor()->full_name() == "google.protobuf.Timestamp") {
      auto& time = dynamic_cast<google::protobuf::Timestamp&>(message);
      time.set_seconds(Between(-2'000'000'000, 4'000'000'000));
      time.set_nanos(static_cast<int32_t>(Between(0, 999) * (Chance(2) ? 1'000'000 : 1)));
      return;
    }
    if (message.GetDescriptor()->full_name() == "google.protobuf.Duration") {
      auto& duration = dynamic_cast<google::protobuf::Duration&>(message);
      duration.set_seconds(Between(-1'000'000, 1'000'000));
      duration.set_nanos(duration.seconds() < 0 ? -5'000'000 : 7'000);
      return;
    }
    if (message.GetDescriptor()->full_name() == "google.protobuf.FieldMask") {
      dynamic_cast<google::protobuf::FieldMask&>(message).add_paths("conditions.min_age");
      dynamic_cast<google::protobuf::FieldMask&>(message).add_paths("title");
      return;
    }
    for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
      const FieldDescriptor& field = *message.GetDescriptor()->field(i);
      if (Chance(3) || depth > 6) continue;
      const int64_t count = field.is_repeated() ? Between(0, 3) : 1;
      for (int64_t n = 0; n < count; ++n) Put(message, field, depth);
    }
  }

 private:
  int64_t Between(int64_t least, int64_t most) {
    return std::uniform_int_distribution<int64_t>(least, most)(random_);
  }
  bool Chance(int of) { return Between(1, of) == 1; }

  template <typename T>
  T Number() {
    if (Chance(3)) return std::numeric_limits<T>::max();
    if (Chance(3)) return std::numeric_limits<T>::lowest();
    return static_cast<T>(Between(-1000, 1000));
  }

  double Fraction() { return std::uniform_real_distribution<double>(-1e6, 1e6)(random_); }

  std::string Text() {
    static constexpr const char* kPieces[] = {"电焊工", "a", "\"", "\\", "\n", "\x01", "\x7f", "</",
                                              "é",      "𝄞", "\t", " ",  "'",  "{",    "0"};
    std::string text;
    for (int64_t n = Between(0, 5); n > 0; --n) text += kPieces[Between(0, 14)];
    return text;
  }

  void Put(Message& message, const FieldDescriptor& field, int depth) {
    const Reflection& reflection = *message.GetReflection();
    const auto put = [&](auto set, auto add, auto value) {
      (reflection.*(field.is_repeated() ? add : set))(&message, &field, value);
    };
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_INT32:
        return put(&Reflection::SetInt32, &Reflection::AddInt32, Number<int32_t>());
      case FieldDescriptor::CPPTYPE_INT64:
        return put(&Reflection::SetInt64, &Reflection::AddInt64, Number<int64_t>());
      case FieldDescriptor::CPPTYPE_UINT32:
        return put(&Reflection::SetUInt32, &Reflection::AddUInt32, Number<uint32_t>());
      case FieldDescriptor::CPPTYPE_UINT64:
        return put(&Reflection::SetUInt64, &Reflection::AddUInt64, Number<uint64_t>());
      case FieldDescriptor::CPPTYPE_DOUBLE:
        return put(&Reflection::SetDouble, &Reflection::AddDouble, Fraction());
      case FieldDescriptor::CPPTYPE_FLOAT:
        return put(&Reflection::SetFloat, &Reflection::AddFloat, static_cast<float>(Fraction()));
      case FieldDescriptor::CPPTYPE_BOOL:
        return put(&Reflection::SetBool, &Reflection::AddBool, Chance(2));
      case FieldDescriptor::CPPTYPE_ENUM: {
        const auto& type = *field.enum_type();
        return put(&Reflection::SetEnumValue, &Reflection::AddEnumValue,
                   type.value(static_cast<int>(Between(0, type.value_count() - 1)))->number());
      }
      case FieldDescriptor::CPPTYPE_STRING:
        return put(&Reflection::SetString, &Reflection::AddString, Text());
      case FieldDescriptor::CPPTYPE_MESSAGE:
        Fill(field.is_repeated() ? *reflection.AddMessage(&message, &field)
                                 : *reflection.MutableMessage(&message, &field),
             depth + 1);
    }
  }

  std::mt19937_64 random_;
};

// All messages of the protos of the greatest services, and of those that have the remaining types
// of fields: bytes, unsigned numbers, a duration.
std::vector<const Descriptor*> Types() {
  std::vector<const Descriptor*> types = {google::rpc::RetryInfo::descriptor(),
                                          google::rpc::BadRequest::descriptor()};
  for (const Descriptor* of : {v1::Candidate::descriptor(), v1::RankCandidatesRequest::descriptor(),
                               v1::Posting::descriptor(), v1::Referral::descriptor(),
                               v1::Skill::descriptor(), storage::v1::RegionFrame::descriptor()}) {
    for (int i = 0; i < of->file()->message_type_count(); ++i) {
      types.push_back(of->file()->message_type(i));
    }
  }
  return types;
}

TEST(Json, IsReadByProtobufAsTheSameMessage) {
  const uint64_t seed = std::random_device()();
  SCOPED_TRACE(seed);
  RandomMessages random(seed);
  for (const Descriptor* type : Types()) {
    for (int round = 0; round < 20; ++round) {
      const std::unique_ptr<Message> message = New(*type);
      random.Fill(*message);
      const std::string json = ToJson(*message);
      const std::unique_ptr<Message> back = New(*type);
      ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(json, back.get()).ok()) << json;
      ASSERT_TRUE(MessageDifferencer::Equals(*message, *back)) << json;
    }
  }
}

TEST(Json, OfProtobufIsReadAsTheSameMessage) {
  const uint64_t seed = std::random_device()();
  SCOPED_TRACE(seed);
  RandomMessages random(seed);
  for (const Descriptor* type : Types()) {
    for (int round = 0; round < 20; ++round) {
      const std::unique_ptr<Message> message = New(*type);
      random.Fill(*message);
      google::protobuf::util::JsonPrintOptions options;
      options.always_print_primitive_fields = round % 2 == 0;
      options.preserve_proto_field_names = round % 3 == 0;
      std::string json;
      ASSERT_TRUE(google::protobuf::util::MessageToJsonString(*message, &json, options).ok());
      const std::unique_ptr<Message> back = New(*type);
      ASSERT_THAT(FromJson(json, *back), IsOk()) << json;
      ASSERT_TRUE(MessageDifferencer::Equals(*message, *back)) << json;
    }
  }
}

// The violations of `json` as a RankCandidatesRequest, as "field: what".
std::vector<std::string> Violations(const std::string& json) {
  v1::RankCandidatesRequest request;
  std::vector<std::string> violations;
  const absl::Status status = FromJson(json, request);
  EXPECT_THAT(status, FailsWith(absl::StatusCode::kInvalidArgument, "INVALID_FIELDS")) << json;
  for (const FieldViolation& violation : GetErrorDetails(status).violations) {
    violations.push_back(violation.field + ": " + violation.description);
  }
  return violations;
}

TEST(FromJson, NamesEveryUnknownFieldAtOnce) {
  EXPECT_THAT(Violations(R"({"nope": {"deep": [1, {"x": 2}]}, "options": {"veiw": 1, "side": 1}})"),
              ElementsAre("nope: no such field in leye.v1.RankCandidatesRequest",
                          "options.veiw: no such field in leye.v1.MatchOptions"));
}

TEST(FromJson, NamesFieldsThatAreGivenTwice) {
  EXPECT_THAT(Violations(R"({"posting": "a", "posting": "a"})"),
              ElementsAre("posting: is given twice"));
  EXPECT_THAT(Violations(R"({"pageSize": 1, "page_size": 2})"),
              ElementsAre("page_size: is given twice"));
  EXPECT_THAT(Violations(R"({"posting": null, "posting": "a"})"),
              ElementsAre("posting: is given twice"));
}

TEST(FromJson, SameKeysInDifferentObjectsAreNotTwice) {
  v1::RankCandidatesRequest request;
  EXPECT_THAT(FromJson(R"({"options": {"forwardWeights": [
                {"criterion": "CRITERION_KIND_SKILLS", "weightMicros": 500000},
                {"criterion": "CRITERION_KIND_WAGE", "weightMicros": "500000"}]}})",
                       request),
              IsOk());
  EXPECT_THAT(request.options().forward_weights(), SizeIs(2));
}

TEST(FromJson, NamesWhatAValueMustBe) {
  EXPECT_THAT(
      Violations(R"({"posting": 5, "pageSize": 2.5, "options": {"view": "LOOK", "minRevisions": "x",
                     "forwardWeights": [{"weightMicros": 1}, 7, {"weightMicros": [1]}, null]}})"),
      ElementsAre("posting: must be text",
                  "page_size: must be a whole number from -2147483648 to 2147483647",
                  "options.view: must be a name or number of leye.v1.MatchView",
                  "options.min_revisions: must be a list",
                  "options.forward_weights[1]: must be an object, leye.v1.CriterionWeight",
                  "options.forward_weights[2].weight_micros: must be a whole number from "
                  "-2147483648 to 2147483647",
                  "options.forward_weights[3]: must be an object, leye.v1.CriterionWeight"));
  EXPECT_THAT(
      Violations(R"({"options": [{}], "posting": {"a": 1}})"),
      ElementsAre("options: must be an object, leye.v1.MatchOptions", "posting: must be text"));
  EXPECT_THAT(Violations(R"({"options": {"minRevisions": [["a"], {"b": 1}, "c", 4]}})"),
              ElementsAre("options.min_revisions[0]: must be text",
                          "options.min_revisions[1]: must be text",
                          "options.min_revisions[3]: must be text"));
}

TEST(FromJson, TakesNoNumberThatDoesNotFit) {
  for (const char* number : {"5e12", "-2147483649", "\"2147483648\"", "\"\"", "\" x\"", "true",
                             "1e-1", "99999999999999999999999"}) {
    EXPECT_THAT(Violations(std::string(R"({"pageSize": )") + number + "}"), SizeIs(1)) << number;
  }
  v1::RankCandidatesRequest request;
  EXPECT_THAT(FromJson(R"({"pageSize": 1e2})", request), IsOk());
  EXPECT_EQ(request.page_size(), 100);
}

TEST(FromJson, TakesOneMemberOfAOneof) {
  v1::CreatePostingRequest request;
  const absl::Status status =
      FromJson(R"({"posting": {"enterprise": {}, "publicWelfare": {}}})", request);
  EXPECT_THAT(status, FailsWith(absl::StatusCode::kInvalidArgument, "INVALID_FIELDS"));
  EXPECT_THAT(status.message(), HasSubstr("posting.publicWelfare"));
  EXPECT_THAT(status.message(), HasSubstr("only one member of channel may be given"));
}

TEST(FromJson, RefusesWhatIsNoJson) {
  for (const char* text :
       {"", "{", "{}x", "{'posting':'a'}", "{posting:\"a\"}", "{\"posting\":\"\xff\"}",
        "{\"posting\":\"\\ud800\"}", "{\"posting\":\"a\",}", "nul", "{\"pageSize\":01}",
        "{\"pageSize\":NaN}", "// {}\n{}"}) {
    v1::RankCandidatesRequest request;
    EXPECT_THAT(FromJson(text, request),
                FailsWith(absl::StatusCode::kInvalidArgument, "MALFORMED_JSON"))
        << text;
  }
  for (const char* text : {"[]", "5", "null", "\"a\"", "[{}]"}) {
    EXPECT_THAT(Violations(text), ElementsAre(": the request must be an object")) << text;
  }
}

TEST(FromJson, QuotesNoValue) {
  v1::RankCandidatesRequest request;
  EXPECT_THAT(FromJson(R"({"pageSize": "13800138000"})", request).message(),
              Not(HasSubstr("13800138000")));
  EXPECT_THAT(FromJson(R"({"posting": "13800138000" 5)", request).message(),
              Not(HasSubstr("13800138000")));
}

TEST(FromJson, BoundsWhatItTells) {
  std::string json = "{";
  for (int i = 0; i < 1000; ++i) json += "\"" + std::string(500, 'x') + std::to_string(i) + "\":1,";
  v1::RankCandidatesRequest request;
  const absl::Status status = FromJson(json + "\"y\":1}", request);
  EXPECT_THAT(GetErrorDetails(status).violations, SizeIs(kMostJsonViolations));
  EXPECT_LT(status.message().size(), 10'000U);
}

TEST(FromJson, SurvivesAnyDepth) {
  std::string json = "{\"nope\":";
  for (int i = 0; i < 500'000; ++i) json += i % 2 == 0 ? "[" : "{\"a\":";
  v1::RankCandidatesRequest request;
  EXPECT_THAT(FromJson(json, request), Not(IsOk()));
}

TEST(ToJson, LeavesOutWhatIsAbsentAndKeepsWhatIsZeroButSaid) {
  v1::Travel travel;
  EXPECT_EQ(ToJson(travel), "{}");
  travel.set_travel_minutes(0);
  EXPECT_EQ(ToJson(travel), R"({"travelMinutes":0})");
}

TEST(ToJson, GivesUnknownEnumsAsNumbers) {
  v1::Criterion criterion;
  criterion.set_criterion(static_cast<v1::CriterionKind>(77));
  EXPECT_EQ(ToJson(criterion), R"({"criterion":77})");
}

}  // namespace
}  // namespace leye::gateway
