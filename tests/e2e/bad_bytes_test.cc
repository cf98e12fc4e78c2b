// Bytes that no generated client would send: text that is not UTF-8, what is no message, too much.

#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "leye/v1/skill.pb.h"
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

constexpr char kNotUtf8[] = "\xc3\x28";

std::string Varint(uint64_t value) {
  std::string bytes;
  for (; value >= 0x80; value >>= 7) bytes.push_back(static_cast<char>((value & 0x7f) | 0x80));
  bytes.push_back(static_cast<char>(value));
  return bytes;
}

// A length-delimited field on the wire.
std::string WireField(const FieldDescriptor& field, const std::string& value) {
  constexpr uint64_t kLengthDelimited = 2;
  return absl::StrCat(Varint(static_cast<uint64_t>(field.number()) << 3 | kLengthDelimited),
                      Varint(value.size()), value);
}

// `value` in the field at the end of the path, within messages that hold nothing else.
std::string Wrap(const FieldPath& field, std::string value) {
  for (auto step = field.steps.rbegin(); step != field.steps.rend(); ++step) {
    value = WireField(**step, value);
  }
  return value;
}

class BadBytes : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_THAT(MakeSmallWorld(client_), IsOk());
    ASSERT_THAT(MakePlans(client_), IsOk());
    LEYE_ASSERT_OK_AND_ASSIGN(revision_, MakeReferral(client_));
  }
  void TearDown() override {
    LEYE_ASSERT_OK_AND_ASSIGN(const std::string now, RevisionNow(client_));
    EXPECT_EQ(now, revision_);
  }

  ServerInProcess server_;
  Client client_{server_.channel()};
  std::string revision_;
};

TEST_F(BadBytes, TextThatIsNotUtf8IsRefusedWhereverItStands) {
  for (const SampleRequest& sample : SampleRequests()) {
    for (const FieldPath& field : FieldsOf(*sample.message)) {
      if (field.leaf()->cpp_type() != FieldDescriptor::CPPTYPE_STRING) continue;
      const std::string bytes =
          absl::StrCat(sample.message->SerializeAsString(), Wrap(field, kNotUtf8));
      const Answer answer =
          client_.CallRaw(sample.rpc->full_name(), {bytes}, OneAnswerOf(*sample.rpc));
      EXPECT_EQ(answer.status.code(), absl::StatusCode::kInvalidArgument)
          << sample.rpc->name() << " " << field.Text() << ": " << answer.status;
      EXPECT_EQ(WhatIsMissing(answer.status), "") << sample.rpc->name() << " " << field.Text();
    }
  }
}

TEST_F(BadBytes, WhatIsNoMessageIsRefused) {
  for (const SampleRequest& sample : SampleRequests()) {
    const Answer answer = client_.CallRaw(sample.rpc->full_name(), {std::string(100, '\xff')},
                                          OneAnswerOf(*sample.rpc));
    EXPECT_EQ(answer.status.code(), absl::StatusCode::kInvalidArgument)
        << sample.rpc->name() << ": " << answer.status;
    EXPECT_EQ(WhatIsMissing(answer.status), "") << sample.rpc->name();
  }
}

TEST_F(BadBytes, AMessageThatIsTooLargeIsRefused) {
  constexpr size_t kMoreThanTheLimit = 5 << 20;
  for (const SampleRequest& sample : SampleRequests()) {
    const Answer answer = client_.CallRaw(
        sample.rpc->full_name(), {std::string(kMoreThanTheLimit, 'x')}, OneAnswerOf(*sample.rpc));
    EXPECT_EQ(answer.status.code(), absl::StatusCode::kResourceExhausted)
        << sample.rpc->name() << ": " << answer.status;
  }
}

TEST_F(BadBytes, FieldsThatLeyeDoesNotKnowAreIgnored) {
  constexpr char kUnknownField[] = "\xfa\x3e\x03new";  // Number 1,007.
  for (const SampleRequest& sample : SampleRequests()) {
    if (Mutates(*sample.rpc) || NeverEnds(*sample.rpc)) continue;
    const std::string bytes = absl::StrCat(sample.message->SerializeAsString(), kUnknownField);
    EXPECT_THAT(client_.CallRaw(sample.rpc->full_name(), {bytes}).status, IsOk())
        << sample.rpc->name();
  }
}

TEST_F(BadBytes, TheServerOutlivesAStormOfThem) {
  for (int round = 0; round < 200; ++round) {
    const std::string bytes(static_cast<size_t>(round % 50), static_cast<char>(round));
    client_.CallRaw("leye.v1.PostingService.CreatePosting", {bytes});
    client_.CallRaw("leye.v1.CandidateService.ImportCandidates", {bytes, bytes});
  }
  EXPECT_THAT(client_.Call<v1::GetSkillResponse>(
                  Parse<v1::GetSkillRequest>(R"pb(name: "skills/welding-arc")pb")),
              IsOk());
}

}  // namespace
}  // namespace leye::e2e
