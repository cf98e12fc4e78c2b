// Every RPC of the API works, by a table that must name each of them. And what a server's threads
// do wrong is seen.

#include <atomic>
#include <cstdint>
#include <limits>
#include <memory>

#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include <google/protobuf/descriptor.pb.h>

#include "leye/v1/posting.pb.h"
#include "services/base/clock.h"
#include "tests/e2e/client.h"
#include "tests/e2e/requests.h"
#include "tests/e2e/server_in_process.h"
#include "tests/e2e/small_world.h"
#include "tests/testing/sanitizers.h"
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

// Makes a mistake when it is asked, once it is armed.
class FaultyClock final : public Clock {
 public:
  enum class Fault { kReadsBeyondTheEnd, kOverflows };

  explicit FaultyClock(Fault fault) : fault_(fault) {}

  absl::Time Now() const override {
    if (!armed) return absl::Now();
    if (fault_ == Fault::kReadsBeyondTheEnd) return absl::Now() + absl::Seconds(few_[few_size_]);
    return absl::Now() + absl::Seconds(many_ + static_cast<int64_t>(few_size_));
  }

  std::atomic<bool> armed = false;

 private:
  const Fault fault_;
  // Not known to the compiler.
  volatile size_t few_size_ = 4;
  volatile int64_t many_ = std::numeric_limits<int64_t>::max();
  const std::unique_ptr<int[]> few_ = std::make_unique<int[]>(few_size_);
};

void ServeWith(FaultyClock::Fault fault) {
  FaultyClock clock(fault);
  ServerInProcess server(clock);
  const Client client(server.channel());
  clock.armed = true;
  static_cast<void>(client.CallMethodOf(v1::GetPostingRequest()));
}

TEST(PlantedFault, OfAServersThreadIsCaught) {
  if (!leye::testing::kHasAddressSanitizer) GTEST_SKIP() << "for preset asan";
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(ServeWith(FaultyClock::Fault::kReadsBeyondTheEnd), "heap-buffer-overflow");
  EXPECT_DEATH(ServeWith(FaultyClock::Fault::kOverflows), "signed integer overflow");
}

}  // namespace
}  // namespace leye::e2e
