// Every RPC of the API works, by a table that must name each of them.

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include <google/protobuf/descriptor.pb.h>

#include "tests/e2e/client.h"
#include "tests/e2e/requests.h"
#include "tests/e2e/server_in_process.h"
#include "tests/e2e/small_world.h"
#include "tests/testing/status_matchers.h"

namespace leye::e2e {
namespace {

using ::leye::testing::IsOk;
using ::testing::IsEmpty;

TEST(EveryRpc, IsInTheTable) { EXPECT_THAT(RpcsWithoutSample(), IsEmpty()); }

TEST(EveryRpc, AnswersItsSampleRequest) {
  ServerInProcess server;
  const Client client(server.channel());
  LEYE_ASSERT_OK_AND_ASSIGN(const std::string world, MakeSmallWorld(client));
  LEYE_ASSERT_OK_AND_ASSIGN(const std::string revision, MakePlans(client));
  for (const SampleRequest& sample : SampleRequests()) {
    if (NeverEnds(*sample.rpc)) continue;  // watch_test.cc
    const Answer answer = client.CallMethodOf(*sample.message);
    EXPECT_THAT(answer.status, IsOk()) << sample.rpc->full_name();
    EXPECT_EQ(answer.messages.size(), 1U) << sample.rpc->full_name();
    const auto response = NewMessage(*sample.rpc->output_type());
    EXPECT_TRUE(!answer.messages.empty() && response->ParseFromString(answer.messages[0]))
        << sample.rpc->full_name();
  }
}

TEST(EveryRpc, ThatReadsChangesNothing) {
  ServerInProcess server;
  const Client client(server.channel());
  ASSERT_THAT(MakeSmallWorld(client), IsOk());
  ASSERT_THAT(MakePlans(client), IsOk());
  LEYE_ASSERT_OK_AND_ASSIGN(const std::string revision, MakeReferral(client));
  for (const SampleRequest& sample : SampleRequests()) {
    if (Mutates(*sample.rpc) || NeverEnds(*sample.rpc)) continue;
    EXPECT_THAT(client.CallMethodOf(*sample.message).status, IsOk()) << sample.rpc->full_name();
  }
  EXPECT_EQ(RevisionNow(client).value(), revision);
}

// So that the gateway answers a GET of those that do, and of no others.
TEST(EveryRpc, IsDeclaredToHaveNoSideEffectsWhenItOnlyReads) {
  for (const Rpc* rpc : AllRpcs()) {
    EXPECT_EQ(
        rpc->options().idempotency_level() == google::protobuf::MethodOptions::NO_SIDE_EFFECTS,
        !Mutates(*rpc))
        << rpc->full_name();
  }
}

TEST(EveryRpc, OfAnUnknownNameIsUnimplemented) {
  ServerInProcess server;
  const Client client(server.channel());
  EXPECT_EQ(client.CallRaw("leye.v1.PostingService.BuyPosting", {""}).status.code(),
            absl::StatusCode::kUnimplemented);
  EXPECT_EQ(client.CallRaw("leye.v2.PostingService.GetPosting", {""}).status.code(),
            absl::StatusCode::kUnimplemented);
}

}  // namespace
}  // namespace leye::e2e
