#include "services/base/listen_socket.h"

#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/testing/status_matchers.h"

namespace leye {
namespace {

using absl::StatusCode;
using testing::FailsWith;

TEST(ListenSocket, BindsEveryAddressOfAHostToOnePort) {
  LEYE_ASSERT_OK_AND_ASSIGN(const std::vector<ListenSocket> all,
                            ListenSocket::BindAll("localhost:0"));
  ASSERT_FALSE(all.empty());
  for (const ListenSocket& socket : all) EXPECT_EQ(socket.address(), all.front().address());
  EXPECT_FALSE(absl::EndsWith(all.front().address(), ":0"));
}

TEST(ListenSocket, DoesNotShareAPort) {
  LEYE_ASSERT_OK_AND_ASSIGN(const ListenSocket first, ListenSocket::Bind("127.0.0.1:0"));
  EXPECT_THAT(ListenSocket::Bind(first.address()).status(),
              FailsWith(StatusCode::kUnavailable, "LISTEN_FAILED"));
  EXPECT_THAT(ListenSocket::BindAll(first.address()).status(),
              FailsWith(StatusCode::kUnavailable, "LISTEN_FAILED"));
}

}  // namespace
}  // namespace leye
